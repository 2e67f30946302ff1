/** Time as the client uses it, handed in so that tests can turn it by hand. */
export interface Clock {
  /** Milliseconds since some fixed point; never jumps. */
  monotonic(): number;
  /** Calls `action` once after `ms` milliseconds. */
  after(ms: number, action: () => void): Timer;
}

export interface Timer {
  cancel(): void;
}

/** The machine's own clock. Its timers keep the process alive, since a client that waits is at work. */
export const systemClock: Clock = {
  monotonic: () => performance.now(),
  after(ms, action) {
    const timer = setTimeout(action, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};

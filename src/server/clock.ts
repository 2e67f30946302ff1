import type { Instant } from "../chat/event.ts";

/** Time as the server uses it, handed in so that tests can turn it by hand. */
export interface Clock {
  /** The time of day. May jump. */
  now(): Instant;
  /** Milliseconds since some fixed point; never jumps. */
  monotonic(): number;
  /** Calls `action` once after `ms` milliseconds. */
  after(ms: number, action: () => void): Timer;
}

/** What was put off. */
export interface Timer {
  cancel(): void;
}

/** The machine's own clock. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, action) {
    const timer = setTimeout(action, ms);
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

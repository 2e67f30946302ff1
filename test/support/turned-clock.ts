import { type Clock, systemClock } from "../../src/server/clock.ts";

/** The machine's clock, but that what is to come due after just so many milliseconds waits until the test says so. */
export class TurnedClock implements Clock {
  readonly #ms: number;
  #passed = 0;
  #due: (() => void)[] = [];

  constructor(ms: number) {
    this.#ms = ms;
  }

  now(): number {
    return systemClock.now();
  }

  monotonic(): number {
    return systemClock.monotonic() + this.#passed;
  }

  after(ms: number, action: () => void): ReturnType<Clock["after"]> {
    if (ms !== this.#ms) return systemClock.after(ms, action);
    this.#due.push(action);
    return { cancel: () => void (this.#due = this.#due.filter((other) => other !== action)) };
  }

  /** So many milliseconds go by. */
  turn(): void {
    this.#passed += this.#ms;
    for (const action of this.#due.splice(0)) action();
  }
}

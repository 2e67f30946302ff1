import { type Clock, systemClock } from "../../src/server/clock.ts";

/** The machine's clock, but that what is to come due after just so many milliseconds waits until the test says so. */
export class TurnedClock implements Clock {
  readonly #ms: number;
  #passed = 0;
  #due: (() => void)[] = [];
  #awaited: (() => void)[] = [];

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
    for (const resolve of this.#awaited.splice(0)) resolve();
    return { cancel: () => void (this.#due = this.#due.filter((other) => other !== action)) };
  }

  /** Resolves when something is to come due. */
  async awaited(): Promise<void> {
    if (this.#due.length === 0) await new Promise<void>((resolve) => this.#awaited.push(resolve));
  }

  /** So many milliseconds go by. */
  turn(): void {
    this.#passed += this.#ms;
    for (const action of this.#due.splice(0)) action();
  }
}

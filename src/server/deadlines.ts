import type { Clock } from "./clock.ts";

interface Entry<T> {
  readonly due: number;
  readonly subject: T;
}

/**
 * A deadline of one length for many subjects: they come due in the order in which they were added, so one
 * timer serves all and adding costs one small object. Who has met the deadline is not taken out; `due` is
 * called all the same and has to look.
 */
export class Deadlines<T> {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #due: (subject: T) => void;
  #entries: Entry<T>[] = [];
  #first = 0;
  #armed = false;

  constructor(clock: Clock, ms: number, due: (subject: T) => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#due = due;
  }

  add(subject: T): void {
    this.#entries.push({ due: this.#clock.monotonic() + this.#ms, subject });
    if (!this.#armed) this.#arm(this.#ms);
  }

  #arm(ms: number): void {
    this.#armed = true;
    this.#clock.after(ms, () => this.#expire());
  }

  #expire(): void {
    const now = this.#clock.monotonic();
    let entry = this.#entries[this.#first];
    while (entry !== undefined && entry.due <= now) {
      this.#first += 1;
      this.#due(entry.subject);
      entry = this.#entries[this.#first];
    }
    this.#armed = false;
    if (entry === undefined) {
      this.#entries = [];
      this.#first = 0;
      return;
    }
    if (this.#first > 1024) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
    // A few subjects that come due together share one timer.
    this.#arm(Math.max(entry.due - now, 20));
  }
}

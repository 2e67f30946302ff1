import type { Clock } from "./clock.ts";

/**
 * A deadline of one length for many subjects, which are named by numbers so that none is held on to: they come
 * due in the order in which they were added, so one timer serves all. Who has met the deadline, or is gone, is
 * not taken out; `due` is called all the same and has to look.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #due: (subject: number) => void;
  /** When each of `#subjects` is due. */
  #times: number[] = [];
  #subjects: number[] = [];
  #first = 0;
  #armed = false;

  constructor(clock: Clock, ms: number, due: (subject: number) => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#due = due;
  }

  add(subject: number): void {
    this.#times.push(this.#clock.monotonic() + this.#ms);
    this.#subjects.push(subject);
    if (!this.#armed) this.#arm(this.#ms);
  }

  #arm(ms: number): void {
    this.#armed = true;
    this.#clock.after(ms, () => this.#expire());
  }

  #expire(): void {
    const now = this.#clock.monotonic();
    let time = this.#times[this.#first];
    while (time !== undefined && time <= now) {
      const subject = this.#subjects[this.#first]!;
      this.#first += 1;
      this.#due(subject);
      time = this.#times[this.#first];
    }
    this.#armed = false;
    if (time === undefined || this.#first > 1024) {
      this.#times = this.#times.slice(this.#first);
      this.#subjects = this.#subjects.slice(this.#first);
      this.#first = 0;
    }
    // A few subjects that come due together share one timer.
    if (time !== undefined) this.#arm(Math.max(time - now, 20));
  }
}

/** Work of which so much goes on at once, while so much may wait for its turn; turns come in order. */
export class BoundedWork {
  readonly #atOnce: number;
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limits: { readonly atOnce: number; readonly waiting: number }) {
    this.#atOnce = limits.atOnce;
    this.#maxWaiting = limits.waiting;
  }

  /** What `work` comes to once it had its turn; `undefined` at once where no more may wait, and it never begins. */
  run<T>(work: () => Promise<T>): Promise<T> | undefined {
    if (this.#running < this.#atOnce) {
      this.#running += 1;
      return this.#go(work);
    }
    if (this.#waiting.length >= this.#maxWaiting) return undefined;
    const turn = Promise.withResolvers<void>();
    this.#waiting.push(turn.resolve);
    return turn.promise.then(() => this.#go(work));
  }

  async #go<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      // The place is handed on, so that nothing new takes it from who waited.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}

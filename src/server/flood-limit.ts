/** A token bucket: so many at once, then so many a second. */
export class FloodLimit {
  readonly #burst: number;
  readonly #perMs: number;
  #tokens: number;
  #at: number;

  constructor(limit: { readonly burst: number; readonly perSecond: number }, nowMs: number) {
    this.#burst = limit.burst;
    this.#perMs = limit.perSecond / 1000;
    this.#tokens = limit.burst;
    this.#at = nowMs;
  }

  /** A full bucket of the same kind, whatever the settings have become meanwhile. */
  another(nowMs: number): FloodLimit {
    return new FloodLimit({ burst: this.#burst, perSecond: this.#perMs * 1000 }, nowMs);
  }

  /**
   * 0 where one more may pass (and passes), otherwise in how many milliseconds to try again. What costs more than
   * may pass at once costs all of that.
   */
  take(nowMs: number, cost = 1): number {
    this.#refill(nowMs);
    const taken = Math.min(cost, this.#burst);
    if (this.#tokens >= taken) {
      this.#tokens -= taken;
      return 0;
    }
    return Math.ceil((taken - this.#tokens) / this.#perMs);
  }

  /** Takes a cost that has arisen already. In how many milliseconds nothing is owed any more; 0 where nothing is. */
  owe(cost: number, nowMs: number): number {
    this.#refill(nowMs);
    this.#tokens -= cost;
    return this.#tokens >= 0 ? 0 : Math.ceil(-this.#tokens / this.#perMs);
  }

  #refill(nowMs: number): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + (nowMs - this.#at) * this.#perMs);
    this.#at = nowMs;
  }
}

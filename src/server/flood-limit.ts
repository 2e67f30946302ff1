/** A token bucket: so many at once, then so many a second. */
export class FloodLimit {
  readonly #burst: number;
  readonly #perMs: number;
  #tokens: number;
  #at: number;
  /** What refusals cost; made with the first of them. */
  #refusals: FloodLimit | undefined;

  constructor(limit: { readonly burst: number; readonly perSecond: number }, nowMs: number) {
    this.#burst = limit.burst;
    this.#perMs = limit.perSecond / 1000;
    this.#tokens = limit.burst;
    this.#at = nowMs;
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

  /**
   * Refusing is work too: it costs of a bucket of its own, of the same kind as this one whatever the settings have
   * become meanwhile. In how many milliseconds nothing is owed any more; 0 where nothing is.
   */
  refuse(cost: number, nowMs: number): number {
    const limit = { burst: this.#burst, perSecond: this.#perMs * 1000 };
    const refusals = this.#refusals ?? new FloodLimit(limit, nowMs);
    this.#refusals = refusals;
    return refusals.#owe(cost, nowMs);
  }

  #owe(cost: number, nowMs: number): number {
    this.#refill(nowMs);
    this.#tokens -= cost;
    return this.#tokens >= 0 ? 0 : Math.ceil(-this.#tokens / this.#perMs);
  }

  #refill(nowMs: number): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + (nowMs - this.#at) * this.#perMs);
    this.#at = nowMs;
  }
}

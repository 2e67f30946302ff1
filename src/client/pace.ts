/** As the server's welcome says it; `null`: unlimited. */
export type FloodLimit = { readonly burst: number; readonly perSecond: number } | null;

/**
 * A token bucket that keeps within a server's flood limit. It is kept over reconnects and starts full.
 * All times are of one monotonic clock, in milliseconds.
 */
export class Pace {
  #limit: FloodLimit = null;
  #tokens = 0;
  #at = 0;
  #heldUntil = 0;

  /** The limit that holds from now on. Tokens that were spent stay spent. */
  adopt(limit: FloodLimit, now: number): void {
    const spent = this.#limit === null ? 0 : this.#limit.burst - this.#refilled(now);
    this.#limit = limit;
    this.#tokens = limit === null ? 0 : Math.max(0, limit.burst - spent);
    this.#at = now;
  }

  /** Milliseconds until something that costs so much may be sent; 0: now. */
  waitMs(now: number, cost = 1): number {
    const held = Math.max(0, this.#heldUntil - now);
    if (this.#limit === null) return held;
    const tokens = this.#refilled(now);
    // What costs more than may be sent at once costs all of that.
    const wanted = Math.min(cost, this.#limit.burst);
    if (tokens >= wanted) return held;
    const refillMs =
      this.#limit.perSecond > 0 ? Math.ceil(((wanted - tokens) / this.#limit.perSecond) * 1000) : 1000;
    return Math.max(held, refillMs);
  }

  spend(now: number, cost = 1): void {
    if (this.#limit === null) return;
    this.#tokens = this.#refilled(now) - Math.min(cost, this.#limit.burst);
    this.#at = now;
  }

  /** The server said that it was too fast: nothing for so long. */
  hold(ms: number, now: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, now + ms);
  }

  #refilled(now: number): number {
    if (this.#limit === null) return 0;
    const refilled = this.#tokens + ((now - this.#at) / 1000) * this.#limit.perSecond;
    // The rounding keeps the sum of many small refills from staying a hair below a whole token.
    return Math.min(this.#limit.burst, Math.round(refilled * 1e6) / 1e6);
  }
}

/** Milliseconds. */
export interface BackoffOptions {
  readonly minMs: number;
  readonly maxMs: number;
}

export const defaultBackoff: BackoffOptions = { minMs: 500, maxMs: 30_000 };

/**
 * How long to wait before each further attempt: anything between the minimum and a ceiling that doubles from
 * twice the minimum to the maximum. The full jitter keeps the clients of a server that restarts from coming
 * back all at once (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
export class Backoff {
  readonly #options: BackoffOptions;
  readonly #random: () => number;
  #failures = 0;

  /** `random` as `Math.random`. */
  constructor(options: BackoffOptions, random: () => number) {
    this.#options = options;
    this.#random = random;
  }

  /** Milliseconds until the next attempt. */
  next(): number {
    const { minMs, maxMs } = this.#options;
    // Beyond 2^30 the ceiling has long been reached, and the power would leave the integers.
    this.#failures = Math.min(this.#failures + 1, 30);
    const ceilingMs = Math.min(maxMs, minMs * 2 ** this.#failures);
    return Math.round(minMs + this.#random() * Math.max(0, ceilingMs - minMs));
  }

  /** What follows is a new trouble, not the old one. */
  reset(): void {
    this.#failures = 0;
  }
}

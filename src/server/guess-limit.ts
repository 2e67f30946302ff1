/** So many wrong ones at once; then one after a second, and each one more after twice as long, up to so long. */
export interface GuessAllowance {
  readonly free: number;
  readonly longestWaitMs: number;
}

/** Who guesses at what. */
export interface Guess {
  /** The fold of the name, whether or not it has an account. A name has been parsed, so it is short. */
  readonly account: string;
  /** As `addressKey` makes it. */
  readonly address: string;
}

const firstWaitMs = 1000;
const defaultKept = 16_384;

/**
 * Slows wrong passwords down: for each account from each address, so that nobody is locked out by what others
 * guess, and for each address over all accounts. It is handed a time that never jumps.
 */
export class GuessLimit {
  readonly #pairs: Waits | undefined;
  readonly #addresses: Waits | undefined;

  /** `undefined`: no limit. `kept`: how many pairs, and how many addresses, are remembered at most. */
  constructor(limits: {
    readonly pair: GuessAllowance | undefined;
    readonly address: GuessAllowance | undefined;
    readonly kept?: number;
  }) {
    const { pair, address, kept = defaultKept } = limits;
    this.#pairs = pair && new Waits(pair, kept);
    this.#addresses = address && new Waits(address, kept);
  }

  /**
   * 0 where a password may be looked at, otherwise in how many milliseconds to try again. It counts as wrong at
   * once, so that many at the same time are no way around, until it is given back.
   */
  take(guess: Guess, nowMs: number): number {
    const { address } = guess;
    const pairMs = this.#pairs?.waitMs(pairKey(guess), nowMs) ?? 0;
    const waitMs = Math.max(pairMs, this.#addresses?.waitMs(address, nowMs) ?? 0);
    if (waitMs > 0) return waitMs;
    this.#pairs?.add(pairKey(guess), nowMs);
    this.#addresses?.add(address, nowMs);
    return 0;
  }

  /** The password was right, or nobody has looked at it: it does not count. Wrong ones before it still do. */
  giveBack(guess: Guess, nowMs: number): void {
    this.#pairs?.remove(pairKey(guess), nowMs);
    this.#addresses?.remove(guess.address, nowMs);
  }
}

interface Count {
  readonly wrong: number;
  /** From when on one is forgiven for each longest wait. */
  readonly sinceMs: number;
  readonly notBeforeMs: number;
}

/**
 * How many wrong ones each subject has, and until when it waits. One is forgiven in the time of the longest
 * wait: in the long run that is all anybody has, so no count grows beyond where the waits are longest, and after
 * some silence nothing is held against anybody.
 */
class Waits {
  readonly #allowance: GuessAllowance;
  readonly #kept: number;
  /** Who was counted last is last. */
  readonly #counts = new Map<string, Count>();

  constructor(allowance: GuessAllowance, kept: number) {
    this.#allowance = allowance;
    this.#kept = kept;
  }

  waitMs(subject: string, nowMs: number): number {
    return Math.max(0, (this.#counts.get(subject)?.notBeforeMs ?? nowMs) - nowMs);
  }

  add(subject: string, nowMs: number): void {
    const { wrong, sinceMs } = this.#forgiven(subject, nowMs);
    if (!this.#counts.delete(subject) && this.#counts.size >= this.#kept) this.#makeRoom(nowMs);
    const notBeforeMs = nowMs + this.#waitMsAfter(wrong + 1);
    this.#counts.set(subject, { wrong: wrong + 1, sinceMs, notBeforeMs });
  }

  remove(subject: string, nowMs: number): void {
    const { wrong, sinceMs } = this.#forgiven(subject, nowMs);
    // Whatever it waited for before is over, or it would not have been counted.
    if (wrong > 1) this.#counts.set(subject, { wrong: wrong - 1, sinceMs, notBeforeMs: nowMs });
    else this.#counts.delete(subject);
  }

  #forgiven(subject: string, nowMs: number): Pick<Count, "wrong" | "sinceMs"> {
    const count = this.#counts.get(subject);
    const wrong = count === undefined ? 0 : this.#wrongNow(count, nowMs);
    if (count === undefined || wrong === 0) return { wrong, sinceMs: nowMs };
    return { wrong, sinceMs: count.sinceMs + (count.wrong - wrong) * this.#allowance.longestWaitMs };
  }

  #wrongNow({ wrong, sinceMs }: Count, nowMs: number): number {
    return Math.max(0, wrong - Math.floor((nowMs - sinceMs) / this.#allowance.longestWaitMs));
  }

  #waitMsAfter(wrong: number): number {
    const over = wrong - this.#allowance.free;
    return over < 0 ? 0 : Math.min(this.#allowance.longestWaitMs, firstWaitMs * 2 ** over);
  }

  /**
   * Who has the fewest wrong ones is forgotten, the longest ago first; a quarter at once, so that it costs each
   * little. Who waits long is thus pushed out only by as many others who wait as long: that takes more guesses
   * than it gives.
   */
  #makeRoom(nowMs: number): void {
    const weighed = Array.from(this.#counts, ([subject, count]) => ({
      subject,
      wrong: this.#wrongNow(count, nowMs),
    })).sort((a, b) => a.wrong - b.wrong);
    for (const { subject } of weighed.slice(0, Math.ceil(this.#kept / 4))) this.#counts.delete(subject);
  }
}

/** An address has no space in it, so no account can be named to make another pair's key. */
function pairKey({ account, address }: Guess): string {
  return `${address} ${account}`;
}

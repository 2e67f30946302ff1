import type { Troubles } from "./troubles.ts";

const mark = /mk[0-9a-f]{12}/g;

/** An event of an export, as far as it is looked at here. */
interface Kept {
  readonly id: string;
  readonly kind: string;
  readonly text: string;
}

/**
 * What became of texts that hold a mark: what was acknowledged must be stored exactly once, and what was refused
 * nobody may ever see.
 */
export class Ledger {
  readonly #troubles: Troubles;
  /** By its mark the id that a message was acknowledged under, where its sender was told. */
  readonly #acknowledged = new Map<string, string | undefined>();
  readonly #refused = new Map<string, string>();
  readonly #seen = new Map<string, string>();
  readonly #stored = new Map<string, Kept[]>();
  readonly #ids = new Map<string, Kept>();

  constructor(troubles: Troubles) {
    this.#troubles = troubles;
  }

  get acknowledged(): number {
    return this.#acknowledged.size;
  }

  get refused(): number {
    return this.#refused.size;
  }

  acknowledge(marked: string, id: string | undefined): void {
    this.#acknowledged.set(marked, id);
  }

  refuse(marked: string, why: string): void {
    this.#refused.set(marked, why);
  }

  /** Somebody who did not send it was shown this. */
  see(witness: string, text: string): void {
    for (const [marked] of text.matchAll(mark)) this.#seen.set(marked, witness);
  }

  store(event: Kept): void {
    this.#ids.set(event.id, event);
    for (const marked of new Set(Array.from(event.text.matchAll(mark), ([found]) => found))) {
      const events = this.#stored.get(marked);
      if (events === undefined) this.#stored.set(marked, [event]);
      else events.push(event);
    }
  }

  /** Once everything that is stored was told. */
  judgeEnd(): void {
    for (const [marked, why] of this.#refused) {
      const witness = this.#seen.get(marked) ?? (this.#stored.has(marked) ? "the store" : undefined);
      if (witness !== undefined)
        this.#troubles.wrong(`${marked} was refused (${why}), and seen by ${witness}`);
    }
    for (const [marked, id] of this.#acknowledged) {
      const stored = this.#stored.get(marked) ?? [];
      const isGone = id !== undefined && this.#ids.get(id)?.kind === "removed";
      if (stored.length === 1 || (isGone && stored.length === 0)) continue;
      this.#troubles.wrong(
        `${marked} was acknowledged as ${id ?? "no id"}, and is stored ${stored.length} times`,
      );
    }
  }
}

/** Whether something is such a mark. */
export function isMark(text: string): boolean {
  return /^mk[0-9a-f]{12}$/.test(text);
}

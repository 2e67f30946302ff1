import type { RecordChange } from "../storage/store.ts";

interface Unsettled {
  /** What the store holds, as far as is known; what it is not to hold, as it was before. */
  stored: string | undefined;
  /** Changes whose outcome is not known yet. */
  readonly pending: Set<RecordChange>;
}

/** What holds the records while the server runs. */
interface RecordHolder {
  /** What there is to keep under a key; `undefined`: nothing. */
  readonly of: (key: string) => string | undefined;
  /** Has it be as a record says; `undefined`: as if there were none. */
  readonly take: (key: string, value: string | undefined) => void;
  /** Whether what is under a key is not for the store; where this is missing, all is. */
  readonly isPassing?: (key: string) => boolean;
}

/** What was changed, to be settled when its outcome is known. */
export interface Changed {
  readonly changes: readonly RecordChange[];
  /** Those of them that are for the store. */
  readonly toStore: readonly RecordChange[];
}

/**
 * Keeps what the server knows beside the streams and what the store holds of it alike. The holder is ahead: what was
 * decided counts at once, and where it could not be stored, the holder goes back to what the store has. What it did
 * to that which is not stored (the membership of guests) goes back with it.
 */
export class RecordKeeper {
  readonly #holder: RecordHolder;
  readonly #unsettled = new Map<string, Unsettled>();

  constructor(holder: RecordHolder) {
    this.#holder = holder;
  }

  /** Applies something that changes the records under these keys, those of rooms before those of their members. */
  change(keys: readonly string[], apply: () => void): Changed {
    for (const key of keys) {
      if (this.#unsettled.has(key)) continue;
      this.#unsettled.set(key, { stored: this.#holder.of(key), pending: new Set() });
    }
    apply();
    const changes = keys.map((key) => {
      const change = { key, value: this.#holder.of(key) };
      this.#unsettled.get(key)?.pending.add(change);
      return change;
    });
    return { changes, toStore: changes.filter(({ key }) => !this.#isPassing(key)) };
  }

  /** Whether the store may yet turn out not to have what the holder has under a key. */
  isUnsettled(key: string): boolean {
    return this.#unsettled.has(key);
  }

  /** What `change` gave has been stored, or could not be; at first perhaps not, and then it turns out that it was. */
  settled({ changes }: Changed, areStored: boolean): void {
    for (const change of changes) this.#settled(change, areStored);
  }

  #settled(change: RecordChange, isStored: boolean): void {
    const { key, value } = change;
    const known = this.#unsettled.get(key);
    if (known === undefined) {
      // What passes may have passed since it was given up.
      const isOver = value !== undefined && this.#isPassing(key) && this.#holder.of(key) === undefined;
      if (isStored && !isOver) this.#holder.take(key, value);
      return;
    }
    if (isStored) known.stored = value;
    known.pending.delete(change);
    if (known.pending.size > 0) return;
    this.#unsettled.delete(key);
    // A later change holds what an earlier one meant to, so only the last one's failure takes anything back.
    if (!isStored) this.#holder.take(key, known.stored);
  }

  #isPassing(key: string): boolean {
    return this.#holder.isPassing?.(key) ?? false;
  }
}

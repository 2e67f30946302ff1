import type { NewEvent, StoredEvent } from "../chat/event.ts";
import { type AppendResult, type Store, StoreFault } from "./store.ts";

/** Why an event that was accepted could not be stored. `unknown`: it may turn out to have been, later. */
export type NotStored = "full" | "busy" | "failing" | "unknown" | "mismatch";

/** What the journal says of one thing that was handed to it. */
export type Outcome =
  /** The event is durable. `repeated`: it has been for a while, and was seen then. */
  | { readonly kind: "stored" | "repeated"; readonly event: StoredEvent }
  | { readonly kind: "not-stored"; readonly why: NotStored };

/**
 * An event with what is to be done when its outcome is known, or a barrier: only its place in the order.
 * After `not-stored` because of `unknown` it is called once more, when the outcome is known at last.
 */
interface Entry {
  readonly event: NewEvent | undefined;
  readonly release: (outcome: Outcome | undefined) => void;
}

export interface JournalOptions {
  /** Called after each run of releases, in the same turn. */
  readonly released: () => void;
  /** Waits so many milliseconds; between attempts to find out what became of a batch. */
  readonly wait: (ms: number) => Promise<void>;
  /** How long senders are kept waiting when a commit's outcome is unknown, before they are told so. */
  readonly settleMs: number;
  /** At most so many events in one transaction. */
  readonly maxBatchEvents: number;
}

const settleRetryMs = 100;

/**
 * The one order of things. Events and barriers are released in the order in which they were added; an event
 * only once it is durable. One batch at a time is with the store; what arrives meanwhile is the next batch.
 *
 * When the store fails, the events of the batch are released as not stored and the next batch is tried like any
 * other, so it recovers by itself. When the outcome of a commit is unknown, nothing is appended until the store
 * could say what became of it; events added meanwhile are released as `failing`.
 */
export class Journal {
  readonly #store: Pick<Store, "append" | "settle">;
  readonly #options: JournalOptions;
  #waiting: Entry[] = [];
  #waitingEvents = 0;
  #inFlight = 0;
  #busy = false;
  /** The events of a batch that is being looked up after its senders were told that its outcome is unknown. */
  #unsettled = false;

  constructor(store: Pick<Store, "append" | "settle">, options: JournalOptions) {
    this.#store = store;
    this.#options = options;
  }

  /** Events that are not released yet. */
  get pendingEvents(): number {
    return this.#waitingEvents + this.#inFlight;
  }

  /** Events and barriers that wait for the batch that is with the store. */
  get waiting(): number {
    return this.#waiting.length;
  }

  append(event: NewEvent, release: (outcome: Outcome) => void): void {
    this.#waiting.push({ event, release: release as Entry["release"] });
    this.#waitingEvents += 1;
  }

  /** `release` is called when everything that was added before has been released. */
  barrier(release: () => void): void {
    this.#waiting.push({ event: undefined, release });
  }

  /** Starts what was added, unless a batch is under way. Called once for everything that one turn brought. */
  flush(): void {
    if (!this.#busy) void this.#run();
  }

  /** Resolves when everything that was added before has been released. */
  async drained(): Promise<void> {
    // Not until there is nothing to do: under load that may never be.
    await new Promise<void>((resolve) => {
      this.barrier(resolve);
      this.flush();
    });
  }

  async #run(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      const entries = this.#takeBatch();
      const writes = entries.filter((entry) => entry.event !== undefined);
      if (writes.length === 0) {
        this.#release(entries, []);
      } else if (this.#unsettled) {
        this.#release(entries, notStored(writes.length, "failing"));
      } else {
        this.#inFlight = writes.length;
        const outcomes = await this.#commit(writes);
        this.#inFlight = 0;
        this.#release(entries, outcomes);
      }
    }
    this.#busy = false;
  }

  /** Whatever has piled up, as far as one transaction may go. */
  #takeBatch(): readonly Entry[] {
    if (this.#waitingEvents <= this.#options.maxBatchEvents) {
      const all = this.#waiting;
      this.#waiting = [];
      this.#waitingEvents = 0;
      return all;
    }
    let events = 0;
    let end = 0;
    for (; events < this.#options.maxBatchEvents; end += 1) {
      if (this.#waiting[end]?.event !== undefined) events += 1;
    }
    this.#waitingEvents -= events;
    return this.#waiting.splice(0, end);
  }

  async #commit(writes: readonly Entry[]): Promise<readonly Outcome[]> {
    const events = writes.flatMap((entry) => entry.event ?? []);
    try {
      const results = await this.#store.append(events);
      return events.map((event, index) => outcomeOf(event, results[index]));
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      if (error.outcome === "nothing-stored") return notStored(events.length, error.reason);
      return this.#settle(writes, events);
    }
  }

  /** Waits for the store to say what became of a batch, but does not keep its senders waiting for ever. */
  async #settle(writes: readonly Entry[], events: readonly NewEvent[]): Promise<readonly Outcome[]> {
    const settled = this.#settled(events);
    const inTime = await Promise.race([settled, this.#options.wait(this.#options.settleMs)]);
    if (inTime !== undefined) return inTime;
    this.#unsettled = true;
    void settled.then((outcomes) => {
      this.#unsettled = false;
      this.#release(writes, outcomes);
    });
    return notStored(events.length, "unknown");
  }

  async #settled(events: readonly NewEvent[]): Promise<readonly Outcome[]> {
    for (;;) {
      try {
        const results = await this.#store.settle(events);
        return events.map((event, index) => outcomeOf(event, results[index]));
      } catch (error) {
        if (!(error instanceof StoreFault)) throw error;
        await this.#options.wait(settleRetryMs);
      }
    }
  }

  #release(entries: readonly Entry[], outcomes: readonly Outcome[]): void {
    let next = 0;
    for (const entry of entries) {
      entry.release(entry.event === undefined ? undefined : outcomes[next++]);
    }
    this.#options.released();
  }
}

function outcomeOf(event: NewEvent, result: AppendResult | undefined): Outcome {
  if (result === undefined) return { kind: "not-stored", why: "failing" };
  if (result.kind === "mismatch") return { kind: "not-stored", why: "mismatch" };
  const { stream, kind, from, to, text, replyTo, threadRoot } = event;
  const { number, id, at } = result;
  return { kind: result.kind, event: { stream, number, id, at, kind, from, to, text, replyTo, threadRoot } };
}

function notStored(count: number, why: NotStored): readonly Outcome[] {
  return Array.from({ length: count }, () => ({ kind: "not-stored", why }));
}

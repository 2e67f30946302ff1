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

/** What was taken from the queue together, with the outcomes of its events. */
interface Batch {
  readonly entries: readonly Entry[];
  readonly outcomes: readonly Outcome[];
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
  /** Resolves when what is at the door has come in. */
  readonly input: () => Promise<void>;
  /** Milliseconds since some fixed point. */
  readonly monotonic: () => number;
  /** Called with what came of each transaction, and how long it took. */
  readonly committed: (outcomes: readonly Outcome[], ms: number) => void;
}

const settleRetryMs = 100;
/** While more comes in, a transaction waits for it, but no longer than so many times. */
const maxGatherings = 8;

/**
 * The one order of things. Events and barriers are released in the order in which they were added; an event
 * only once it is durable. One batch at a time is with the store; what arrives meanwhile is the next batch. A
 * release costs a write to everybody however much it brings, so batches are gathered (docs/decisions/0011).
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
  /** What a transaction and a release took of late. */
  readonly #commitMs = new Smoothed();
  readonly #releaseMs = new Smoothed();
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
    if (this.#busy || this.#waiting.length === 0) return;
    this.#busy = true;
    void this.#run();
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
    while (this.#waiting.length > 0) {
      if (this.#waitingEvents === 0) {
        // At once, within the call that added them.
        this.#release([{ entries: this.#takeBatch(), outcomes: [] }]);
        continue;
      }
      await this.#gather();
      const batch = await this.#next();
      this.#release(this.#isNextWorthAwaiting(batch) ? [batch, await this.#next()] : [batch]);
    }
    this.#busy = false;
  }

  /** A transaction that began with the first of several would leave the others to wait for its end. */
  async #gather(): Promise<void> {
    let before = 0;
    for (let i = 0; i < maxGatherings && this.#waitingEvents > before; i += 1) {
      before = this.#waitingEvents;
      await this.#options.input();
    }
  }

  /**
   * Whether all together are released sooner by one release after two transactions: what was stored waits for
   * a transaction more, but what waits to be stored does not wait for a release first.
   */
  #isNextWorthAwaiting({ outcomes }: Batch): boolean {
    return this.#releaseMs.value * this.#waitingEvents > this.#commitMs.value * outcomes.length;
  }

  /** Takes the next batch, which has events in it, and sees what becomes of it. */
  async #next(): Promise<Batch> {
    const entries = this.#takeBatch();
    const writes = entries.filter((entry) => entry.event !== undefined);
    if (this.#unsettled) return { entries, outcomes: notStored(writes.length, "failing") };
    this.#inFlight += writes.length;
    const start = this.#options.monotonic();
    const outcomes = await this.#commit(writes);
    const ms = this.#options.monotonic() - start;
    this.#commitMs.add(ms);
    this.#options.committed(outcomes, ms);
    return { entries, outcomes };
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
      this.#call({ entries: writes, outcomes });
      this.#options.released();
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

  #release(batches: readonly Batch[]): void {
    const start = this.#options.monotonic();
    this.#inFlight = 0;
    for (const batch of batches) this.#call(batch);
    this.#options.released();
    const isVisible = batches.some(({ outcomes }) => outcomes.length > 0);
    if (isVisible) this.#releaseMs.add(this.#options.monotonic() - start);
  }

  #call({ entries, outcomes }: Batch): void {
    let next = 0;
    for (const entry of entries) {
      entry.release(entry.event === undefined ? undefined : outcomes[next++]);
    }
  }
}

/** The mean of the last values, of which older ones count less. */
class Smoothed {
  value = 0;

  add(value: number): void {
    this.value += (value - this.value) / 8;
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

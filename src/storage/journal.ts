import type { NewEvent, StoredEvent } from "../chat/event.ts";
import { type AppendResult, type RecordChange, type Store, StoreFault } from "./store.ts";

/** Why an event that was accepted could not be stored. `unknown`: it may turn out to have been, later. */
export type NotStored = "full" | "busy" | "failing" | "unknown" | "mismatch";

/** What the journal says of one thing that was handed to it. */
export type Outcome =
  /** The event is durable. `repeated`: it has been for a while, and was seen then. */
  | { readonly kind: "stored" | "repeated"; readonly event: StoredEvent }
  | { readonly kind: "not-stored"; readonly why: NotStored };

/** What the journal says of records that were handed to it without an event. */
export type RecordOutcome =
  | { readonly kind: "stored" }
  | { readonly kind: "not-stored"; readonly why: NotStored };

/**
 * What is to be written, with what is to be done when its outcome is known. After `not-stored` because of
 * `unknown` it is called once more, when the outcome is known at last.
 */
type Write =
  | {
      readonly kind: "event";
      readonly event: NewEvent;
      readonly records: readonly RecordChange[];
      readonly release: (outcome: Outcome) => void;
    }
  | {
      readonly kind: "records";
      readonly records: readonly RecordChange[];
      readonly release: (outcome: RecordOutcome) => void;
    };

/** A barrier is only its place in the order. */
type Entry = Write | { readonly kind: "barrier"; readonly release: () => void };

/** What was taken from the queue together, with what became of it. */
interface Batch {
  readonly entries: readonly Entry[];
  /** How many of them were to be written. */
  readonly writes: number;
  readonly result: Result;
}

/** What became of the events of a batch, and of its records, which are one transaction. */
export interface Result {
  readonly outcomes: readonly Outcome[];
  readonly records: RecordOutcome;
}

const recordsStored: RecordOutcome = { kind: "stored" };
const noRecords: readonly RecordChange[] = [];
const nothingWritten: Result = { outcomes: [], records: recordsStored };

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
  readonly committed: (result: Result, ms: number) => void;
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
  readonly #store: Pick<Store, "append" | "settle" | "haveChanged">;
  readonly #options: JournalOptions;
  #waiting: Entry[] = [];
  #waitingWrites = 0;
  #inFlight = 0;
  /** What a transaction and a release took of late. */
  readonly #commitMs = new Smoothed();
  readonly #releaseMs = new Smoothed();
  #busy = false;
  /** The events of a batch that is being looked up after its senders were told that its outcome is unknown. */
  #unsettled = false;

  constructor(store: Pick<Store, "append" | "settle" | "haveChanged">, options: JournalOptions) {
    this.#store = store;
    this.#options = options;
  }

  /** Events, and records without one, that are not released yet. */
  get pendingEvents(): number {
    return this.#waitingWrites + this.#inFlight;
  }

  /** Events, records and barriers that wait for the batch that is with the store. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** `records` are changed in the same transaction: all of it is stored or nothing. */
  append(
    event: NewEvent,
    release: (outcome: Outcome) => void,
    records: readonly RecordChange[] = noRecords,
  ): void {
    this.#waiting.push({ kind: "event", event, records, release });
    this.#waitingWrites += 1;
  }

  record(records: readonly RecordChange[], release: (outcome: RecordOutcome) => void): void {
    this.#waiting.push({ kind: "records", records, release });
    this.#waitingWrites += 1;
  }

  /** `release` is called when everything that was added before has been released. */
  barrier(release: () => void): void {
    this.#waiting.push({ kind: "barrier", release });
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
      if (this.#waitingWrites === 0) {
        // At once, within the call that added them.
        this.#release([{ entries: this.#takeBatch(), writes: 0, result: nothingWritten }]);
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
    for (let i = 0; i < maxGatherings && this.#waitingWrites > before; i += 1) {
      before = this.#waitingWrites;
      await this.#options.input();
    }
  }

  /**
   * Whether all together are released sooner by one release after two transactions: what was stored waits for
   * a transaction more, but what waits to be stored does not wait for a release first.
   */
  #isNextWorthAwaiting({ writes }: Batch): boolean {
    return this.#releaseMs.value * this.#waitingWrites > this.#commitMs.value * writes;
  }

  /** Takes the next batch, which has something to write in it, and sees what becomes of it. */
  async #next(): Promise<Batch> {
    const entries = this.#takeBatch();
    const writes = entries.filter((entry) => entry.kind !== "barrier");
    const count = writes.length;
    if (this.#unsettled) return { entries, writes: count, result: notStored(count, "failing") };
    this.#inFlight += count;
    const start = this.#options.monotonic();
    const result = await this.#commit(writes);
    const ms = this.#options.monotonic() - start;
    this.#commitMs.add(ms);
    this.#options.committed(result, ms);
    return { entries, writes: count, result };
  }

  /** Whatever has piled up, as far as one transaction may go. */
  #takeBatch(): readonly Entry[] {
    if (this.#waitingWrites <= this.#options.maxBatchEvents) {
      const all = this.#waiting;
      this.#waiting = [];
      this.#waitingWrites = 0;
      return all;
    }
    let writes = 0;
    let end = 0;
    for (; writes < this.#options.maxBatchEvents; end += 1) {
      if (this.#waiting[end]?.kind !== "barrier") writes += 1;
    }
    this.#waitingWrites -= writes;
    return this.#waiting.splice(0, end);
  }

  async #commit(writes: readonly Write[]): Promise<Result> {
    const events: NewEvent[] = [];
    const records: RecordChange[] = [];
    for (const write of writes) {
      if (write.kind === "event") events.push(write.event);
      records.push(...write.records);
    }
    try {
      const results = await this.#store.append(events, records);
      return {
        outcomes: events.map((event, index) => outcomeOf(event, results[index])),
        records: recordsStored,
      };
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      if (error.outcome === "nothing-stored") return notStored(events.length, error.reason);
      return this.#settle(writes, { events, records });
    }
  }

  /** Waits for the store to say what became of a batch, but does not keep its senders waiting for ever. */
  async #settle(writes: readonly Write[], batch: Writing): Promise<Result> {
    const settled = this.#settled(batch);
    const inTime = await Promise.race([settled, this.#options.wait(this.#options.settleMs)]);
    if (inTime !== undefined) return inTime;
    this.#unsettled = true;
    void settled.then((result) => {
      this.#unsettled = false;
      this.#call({ entries: writes, result });
      this.#options.released();
    });
    return notStored(batch.events.length, "unknown");
  }

  async #settled({ events, records }: Writing): Promise<Result> {
    for (;;) {
      try {
        const results = await this.#store.settle(events);
        const haveChanged = records.length === 0 || (await this.#store.haveChanged(records));
        return {
          outcomes: events.map((event, index) => outcomeOf(event, results[index])),
          records: haveChanged ? recordsStored : { kind: "not-stored", why: "failing" },
        };
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
    const isVisible = batches.some(({ result }) => result.outcomes.length > 0);
    if (isVisible) this.#releaseMs.add(this.#options.monotonic() - start);
  }

  #call({ entries, result }: Omit<Batch, "writes">): void {
    let next = 0;
    for (const entry of entries) {
      if (entry.kind === "event") entry.release(result.outcomes[next++]!);
      else if (entry.kind === "records") entry.release(result.records);
      else entry.release();
    }
  }
}

/** What is written in one transaction. */
interface Writing {
  readonly events: readonly NewEvent[];
  readonly records: readonly RecordChange[];
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
  const { stream, kind, from, to, text, replyTo, threadRoot, clientTags } = event;
  const { number, id, at } = result;
  return {
    kind: result.kind,
    event: { stream, number, id, at, kind, from, to, text, replyTo, threadRoot, clientTags },
  };
}

function notStored(count: number, why: NotStored): Result {
  const outcome = { kind: "not-stored", why } as const;
  return { outcomes: Array.from({ length: count }, () => outcome), records: outcome };
}

import type { Instant, NewEvent } from "../chat/event.ts";
import type { Refusal } from "../chat/refusal.ts";
import type { SessionId } from "../chat/roster.ts";
import { Journal, type NotStored, type Outcome, type RecordOutcome } from "../storage/journal.ts";
import { type RecordChange, type Store, StoreFault } from "../storage/store.ts";
import type { Clock } from "./clock.ts";
import type { HubMetrics } from "./hub-metrics.ts";
import type { Tag, Tell } from "./link.ts";

/** Senders of a commit whose outcome is unknown wait so long before they are told so. */
const settleMs = 5000;
const maxBatchEvents = 4096;

const refusals: Readonly<Record<NotStored, Refusal>> = {
  full: { reason: "storage-full" },
  busy: { reason: "storage-busy" },
  failing: { reason: "storage-failing" },
  unknown: { reason: "storage-unknown" },
  mismatch: { reason: "retry-mismatch" },
};

/** What somebody is told whose message was not stored. */
export function refusalOf(why: NotStored): Refusal {
  return refusals[why];
}

/** What somebody is told when the store did not answer. Throws what is no fault of the store. */
export function refusalOfFault(error: unknown): Refusal {
  if (!(error instanceof StoreFault)) throw error;
  return refusals[error.reason];
}

/**
 * The way out of the hub. Whatever will be seen goes through the journal's one order: events until they are
 * durable, everything else as a barrier between them. What one run of releases tells goes out as one batch.
 */
export class Outlet {
  readonly #clock: Clock;
  readonly #deliver: (tells: readonly Tell[]) => void;
  readonly #journal: Journal;
  readonly #metrics: HubMetrics;
  #tells: Tell[] = [];
  #lastInstant: Instant = 0;

  constructor(
    store: Store,
    out: {
      readonly clock: Clock;
      readonly deliver: (tells: readonly Tell[]) => void;
      /** Called after each run of releases. */
      readonly released: () => void;
      readonly metrics: HubMetrics;
    },
  ) {
    this.#metrics = out.metrics;
    this.#clock = out.clock;
    this.#deliver = out.deliver;
    this.#journal = new Journal(store, {
      released: () => {
        this.#handOn();
        out.released();
      },
      wait: (ms) => new Promise((resolve) => this.#clock.after(ms, resolve)),
      settleMs,
      maxBatchEvents,
      input: () => polled(2),
      monotonic: () => this.#clock.monotonic(),
      committed: (result, ms) => this.#metrics.committed(result, ms),
    });
  }

  /** Events that are accepted and not stored yet. */
  get pendingEvents(): number {
    return this.#journal.pendingEvents;
  }

  /** Everything that waits for what is being stored: events, and whatever has its place behind them. */
  get waiting(): number {
    return this.#journal.waiting;
  }

  /** The time of day, never running backwards. */
  now(): Instant {
    this.#lastInstant = Math.max(this.#lastInstant, this.#clock.now());
    return this.#lastInstant;
  }

  /** `release` is called in the event's place in the order, when its outcome is known. */
  append(event: NewEvent, release: (outcome: Outcome) => void, records?: readonly RecordChange[]): void {
    this.#journal.append(event, release, records);
  }

  /** As `append`, for what changes without being said. */
  record(records: readonly RecordChange[], release: (outcome: RecordOutcome) => void): void {
    this.#journal.record(records, release);
  }

  /** `action` is called when everything that was accepted before has been released. */
  barrier(action: () => void): void {
    this.#journal.barrier(action);
  }

  /** As `barrier`, for what comes from elsewhere than a batch of asks: it starts by itself. */
  inOrder(action: () => void): void {
    this.#journal.barrier(action);
    this.#journal.flush();
  }

  /** Tells something; only while something is being released. */
  tell(tell: Tell): void {
    this.#metrics.told(tell);
    this.#tells.push(tell);
  }

  /** Tells something in its place: after everything that was accepted before. */
  afterwards(tell: Tell): void {
    this.#journal.barrier(() => this.tell(tell));
  }

  refuse(session: SessionId, refusal: Refusal, tag?: Tag): void {
    this.afterwards({ kind: "refused", session, at: this.now(), refusal, tag });
  }

  /** Starts what was added. Called once for everything that one turn brought. */
  flush(): void {
    this.#journal.flush();
  }

  /** Resolves when everything that was added has been released. */
  async drained(): Promise<void> {
    await this.#journal.drained();
  }

  #handOn(): void {
    if (this.#tells.length === 0) return;
    const tells = this.#tells;
    this.#tells = [];
    this.#deliver(tells);
  }
}

/** Resolves when the event loop has looked for input so many times. What the first look brings is asked in the second. */
async function polled(times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

import type {
  EventKind,
  Instant,
  MessageId,
  NewEvent,
  PersonId,
  RetryKey,
  StoredEvent,
  StreamId,
} from "../chat/event.ts";
import type { Unheard } from "../chat/ignore-lists.ts";
import type { SearchQuery } from "../chat/search.ts";

/**
 * What became of one event of a batch.
 * - `stored`: durable, with its number and its time (which may be later than asked, never earlier).
 * - `repeated`: its retry key was stored before with the same stream, kind and text; this is that event.
 * - `mismatch`: its retry key was stored before with another stream, kind or text, or may have been erased since;
 *   nothing was written for it.
 */
export type AppendResult =
  | {
      readonly kind: "stored" | "repeated";
      readonly number: number;
      readonly at: Instant;
      readonly id: MessageId;
    }
  | { readonly kind: "mismatch" };

/** Where a stream stands: numbers up to `floor` are gone, `head` is the highest given (0: none yet). */
export interface StreamHead {
  readonly stream: StreamId;
  readonly floor: number;
  readonly head: number;
}

/** A part of a stream in number order, and where the stream stood when it was read. */
export interface Page {
  readonly events: readonly StoredEvent[];
  readonly floor: number;
  readonly head: number;
}

/** What of a stream a page is made of. */
export interface PageBounds {
  /** What comes after the page begins there: with `after` the numbers below it, with `before` those above it. */
  readonly end?: number | undefined;
  /** Only events of these kinds, which alone count. */
  readonly kinds?: readonly EventKind[] | undefined;
}

/** A page holds no more than so many bytes of text (UTF-8), unless a single event does. */
export const maxPageBytes: number = 256 * 1024;

/**
 * Something durable beside the streams (a room, a membership, an account) under its key, which says what it is:
 * `room:…`. What it holds is JSON, and its writer's matter.
 */
export interface StoreRecord {
  readonly key: string;
  readonly value: string;
}

/** A record put in the place of what was there under its key, or (`undefined`) erased. */
export interface RecordChange {
  readonly key: string;
  readonly value: string | undefined;
}

/** Under which key the store has how names are told apart. */
export const casemappingRecord = "fixed/casemapping";

/** Of several changes of one record the last: what is left of them. */
export function lastOfEach(records: readonly RecordChange[]): readonly RecordChange[] {
  return [...new Map(records.map((record) => [record.key, record])).values()];
}

/** How far a search goes. */
export interface SearchLimits {
  /** At most so many messages are shown. */
  readonly hits: number;
  /** At most so many messages are looked at that may be what is looked for, the newest of each stream. */
  readonly rows: number;
  /** Milliseconds of work. */
  readonly ms: number;
  /** Nothing that these say is found, or stands before or after what is; `undefined`: everybody's is. */
  readonly unheard?: Unheard | undefined;
}

/** A message that was found, and those that stand before and after it in its stream, where there are any. */
export interface SearchHit {
  readonly event: StoredEvent;
  readonly before: StoredEvent | undefined;
  readonly after: StoredEvent | undefined;
}

export interface SearchResult {
  /** The best first, of equally good ones the newer; with their neighbours no more than `maxPageBytes` of text, but always one. */
  readonly hits: readonly SearchHit[];
  /** How many messages fit, of those that were looked at. */
  readonly found: number;
  /** `false`: a limit was reached, and older messages were not looked at. */
  readonly isComplete: boolean;
}

/** An address (or an IPv6 /64) that may not come in. `until: undefined` is for good. */
export interface Ban {
  readonly address: string;
  readonly until: Instant | undefined;
  readonly reason: string;
}

/** What a data folder is: fixed when it is made. */
export interface StoreIdentity {
  /** Changes when history is not the one that numbers were given in (a new folder, a restored backup). */
  readonly epoch: string;
  /** Signs resume tokens. 32 random bytes as lower-case hex. */
  readonly tokenSecret: string;
}

/**
 * - `full`: no space left. `busy`: another program holds the lock. `failing`: the device or the file fails.
 */
export type StoreFaultReason = "full" | "busy" | "failing";

/**
 * A store did not do what it was asked. After `outcome: "nothing-stored"` the batch may be given up or tried
 * again; after `"unknown"` it must be looked up with `settle` before anything else is appended.
 */
export class StoreFault extends Error {
  readonly reason: StoreFaultReason;
  readonly outcome: "nothing-stored" | "unknown";

  constructor(
    reason: StoreFaultReason,
    outcome: "nothing-stored" | "unknown",
    options: { message: string; cause?: unknown },
  ) {
    super(options.message, { cause: options.cause });
    this.name = "StoreFault";
    this.reason = reason;
    this.outcome = outcome;
  }
}

/**
 * Where messages become true.
 *
 * Writing (`append`, `settle`) is called by one journal at a time per process; several processes may write to
 * the same store. Reading may run beside it, never sees half a batch, and never holds a commit up.
 * Every method rejects with `StoreFault`; reading goes on when writing fails, and no fault needs a restart.
 */
export interface Store {
  readonly identity: StoreIdentity;

  /**
   * Writes the events and the records in one transaction, in order, and gives each event its number: per stream
   * 1, 2, 3 …, without holes, also among concurrent writers. When it resolves they are durable (a power cut keeps
   * them). Within a stream `at` never runs backwards. A `removal` erases in the same transaction what the event of
   * its stream that `replyTo` names held, and leaves that `removed`.
   */
  append(events: readonly NewEvent[], records?: readonly RecordChange[]): Promise<readonly AppendResult[]>;

  /**
   * After an `append` with an unknown outcome: the events of that batch that are durable, found by their ids;
   * `undefined` for those that are not. When it resolves, what it says holds after a power cut too.
   */
  settle(events: readonly NewEvent[]): Promise<readonly (AppendResult | undefined)[]>;

  /**
   * Whether the records are as these changes leave them: after an `append` with an unknown outcome, whether they
   * were made. To be asked once `settle` has resolved.
   */
  haveChanged(records: readonly RecordChange[]): Promise<boolean>;

  /** The records whose keys begin so, by key. */
  records(beginning: string): Promise<readonly StoreRecord[]>;

  /** The event stored under a retry key. */
  findRetry(key: RetryKey): Promise<StoredEvent | undefined>;

  /** The highest counter that a device has stored; 0 where none. */
  lastCounter(device: string): Promise<number>;

  /**
   * The first `limit` events with a number above `number`; fewer, but at least one, where their texts exceed
   * `maxPageBytes`.
   */
  after(stream: StreamId, number: number, limit: number, bounds?: PageBounds): Promise<Page>;

  /** The last `limit` events with a number below `number`, in number order; fewer as with `after`. */
  before(stream: StreamId, number: number, limit: number, bounds?: PageBounds): Promise<Page>;

  /**
   * The event of a stream that has this id. An id says when (`instantOf`); where the clock was set back by more than
   * 10,000 events of the stream, it may not be found.
   */
  find(stream: StreamId, id: MessageId): Promise<StoredEvent | undefined>;

  /** The number of the last event of a stream before an instant; the floor where there is none. */
  numberBefore(stream: StreamId, at: Instant): Promise<number>;

  /** All streams, rooms first, then by id. */
  streams(): Promise<readonly StreamHead[]>;

  /** The private conversations that a person is part of. */
  conversations(person: PersonId): Promise<readonly StreamHead[]>;

  /** The last event of each of these conversations, as far as it is kept, the newest first; at most `limit`, as `after`. */
  lastOfConversations(person: PersonId, limit: number): Promise<readonly StoredEvent[]>;

  /**
   * Looks for messages in these streams and in no others: who may read what is the caller's to know. What was stored
   * before the call is found, whether it is in an index yet or not. One search runs at a time, and the next ones
   * wait, so the caller bounds how many there are; other reads go on between.
   */
  search(query: SearchQuery, streams: readonly StreamId[], limits: SearchLimits): Promise<SearchResult>;

  /** Erases the events with numbers up to `floor`, and all that was indexed of them; the floor never falls, the head stays. */
  raiseFloor(stream: StreamId, floor: number): Promise<void>;

  /** Resolves where something can be written now; leaves nothing of it. */
  tryWriting(): Promise<void>;

  bans(): Promise<readonly Ban[]>;
  /** Sets the one ban of an address. */
  ban(ban: Ban): Promise<void>;
  /** Whether there was one. */
  unban(address: string): Promise<boolean>;

  close(): Promise<void>;
}

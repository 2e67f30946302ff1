import {
  type Instant,
  type MessageId,
  type NewEvent,
  type PersonId,
  partiesOf,
  type RetryKey,
  type StoredEvent,
  type StreamId,
  withoutContent,
} from "../chat/event.ts";
import type { SearchQuery } from "../chat/search.ts";
import { newIdentity } from "./migrations.ts";
import { SearchRanking } from "./search-ranking.ts";
import {
  type AppendResult,
  type Ban,
  lastOfEach,
  maxPageBytes,
  type Page,
  type PageBounds,
  type RecordChange,
  type SearchHit,
  type SearchLimits,
  type SearchResult,
  type Store,
  type StoreRecord,
  type StreamHead,
} from "./store.ts";

interface MemoryStream {
  floor: number;
  head: number;
  lastAt: number;
  /** Those above the floor, in number order. */
  events: StoredEvent[];
}

/** What several memory stores share; it lasts as long as the object. */
export class MemoryDatabase {
  readonly identity: Store["identity"] = newIdentity();
  readonly streams: Map<StreamId, MemoryStream> = new Map();
  /** By device, then by counter. */
  readonly retries: Map<string, Map<number, StoredEvent>> = new Map();
  readonly lastCounters: Map<string, number> = new Map();
  /** The highest counters among erased events. */
  readonly erasedCounters: Map<string, number> = new Map();
  readonly bans: Map<string, Ban> = new Map();
  readonly records: Map<string, string> = new Map();
}

/** A store that forgets everything with its database; it never fails. */
export function openMemoryStore(database: MemoryDatabase = new MemoryDatabase()): Store {
  return new MemoryStore(database);
}

class MemoryStore implements Store {
  readonly identity: Store["identity"];
  readonly #database: MemoryDatabase;

  constructor(database: MemoryDatabase) {
    this.#database = database;
    this.identity = database.identity;
  }

  async append(
    events: readonly NewEvent[],
    records: readonly RecordChange[] = [],
  ): Promise<readonly AppendResult[]> {
    for (const { key, value } of records) {
      if (value === undefined) this.#database.records.delete(key);
      else this.#database.records.set(key, value);
    }
    return events.map((event) => this.#repeated(event) ?? this.#store(event));
  }

  async settle(events: readonly NewEvent[]): Promise<readonly (AppendResult | undefined)[]> {
    return events.map((event) => {
      const stored = this.#database.streams.get(event.stream)?.events.findLast(({ id }) => id === event.id);
      return stored === undefined ? this.#repeated(event) : resultOf("stored", stored);
    });
  }

  async haveChanged(records: readonly RecordChange[]): Promise<boolean> {
    return lastOfEach(records).every(({ key, value }) => this.#database.records.get(key) === value);
  }

  async records(beginning: string): Promise<readonly StoreRecord[]> {
    return [...this.#database.records]
      .filter(([key]) => key.startsWith(beginning))
      .map(([key, value]) => ({ key, value }))
      .sort((one, other) => compareBytes(one.key, other.key));
  }

  async findRetry(key: RetryKey): Promise<StoredEvent | undefined> {
    return this.#database.retries.get(key.device)?.get(key.counter);
  }

  async lastCounter(device: string): Promise<number> {
    return this.#database.lastCounters.get(device) ?? 0;
  }

  async after(stream: StreamId, number: number, limit: number, bounds: PageBounds = {}): Promise<Page> {
    const { events, floor, head } = this.#database.streams.get(stream) ?? emptyStream();
    const end = bounds.end ?? Number.POSITIVE_INFINITY;
    const found = events.filter(
      (event) => event.number > number && event.number < end && isOf(event, bounds),
    );
    return { events: fitting(found.slice(0, Math.max(0, limit))), floor, head };
  }

  async before(stream: StreamId, number: number, limit: number, bounds: PageBounds = {}): Promise<Page> {
    const { events, floor, head } = this.#database.streams.get(stream) ?? emptyStream();
    const end = bounds.end ?? 0;
    const found = events.filter(
      (event) => event.number < number && event.number > end && isOf(event, bounds),
    );
    const newestFirst = found.reverse().slice(0, Math.max(0, limit));
    return { events: fitting(newestFirst).reverse(), floor, head };
  }

  async find(stream: StreamId, id: MessageId): Promise<StoredEvent | undefined> {
    return this.#database.streams.get(stream)?.events.find((event) => event.id === id);
  }

  async numberBefore(stream: StreamId, at: Instant): Promise<number> {
    const { events, floor } = this.#database.streams.get(stream) ?? emptyStream();
    return events.findLast((event) => event.at < at)?.number ?? floor;
  }

  async streams(): Promise<readonly StreamHead[]> {
    return this.#heads().sort(
      (one, other) => Number(isRoom(other)) - Number(isRoom(one)) || byId(one, other),
    );
  }

  async conversations(person: PersonId): Promise<readonly StreamHead[]> {
    return this.#heads()
      .filter(({ stream }) => partiesOf(stream)?.includes(person))
      .sort(byId);
  }

  async lastOfConversations(person: PersonId, limit: number): Promise<readonly StoredEvent[]> {
    const own = [...this.#database.streams].filter(([stream]) => partiesOf(stream)?.includes(person));
    own.sort(([, one], [, other]) => other.lastAt - one.lastAt);
    return own.flatMap(([, { events }]) => events.slice(-1)).slice(0, limit);
  }

  async search(
    query: SearchQuery,
    streams: readonly StreamId[],
    limits: SearchLimits,
  ): Promise<SearchResult> {
    const ranking = new SearchRanking(query, limits);
    const newestFirst = streams
      .map((stream) => this.#database.streams.get(stream)?.events ?? [])
      .sort((one, other) => one.length - other.length)
      .flatMap((events) => events.toReversed());
    for (const event of newestFirst.slice(0, limits.rows)) ranking.consider(event);
    return {
      hits: ranking.hits((event) => this.#withNeighbours(event)),
      found: ranking.found,
      isComplete: newestFirst.length <= limits.rows,
    };
  }

  async raiseFloor(stream: StreamId, floor: number): Promise<void> {
    const found = this.#database.streams.get(stream);
    if (found === undefined) return;
    const erased = found.events.splice(0, Math.max(0, Math.min(floor, found.head) - found.floor));
    found.floor += erased.length;
    const gone = new Set(erased);
    for (const [device, counters] of this.#database.retries) {
      for (const [counter, event] of counters) {
        if (!gone.has(event)) continue;
        counters.delete(counter);
        const highest = this.#database.erasedCounters.get(device) ?? 0;
        this.#database.erasedCounters.set(device, Math.max(highest, counter));
      }
      if (counters.size === 0) this.#database.retries.delete(device);
    }
  }

  async tryWriting(): Promise<void> {}

  async bans(): Promise<readonly Ban[]> {
    return [...this.#database.bans.values()].sort((one, other) => compareBytes(one.address, other.address));
  }

  async ban(ban: Ban): Promise<void> {
    this.#database.bans.set(ban.address, { ...ban });
  }

  async unban(address: string): Promise<boolean> {
    return this.#database.bans.delete(address);
  }

  async close(): Promise<void> {}

  #withNeighbours(event: StoredEvent): SearchHit {
    const { events, floor } = this.#database.streams.get(event.stream) ?? emptyStream();
    const at = event.number - floor - 1;
    return { event, before: events[at - 1], after: events[at + 1] };
  }

  #store(event: NewEvent): AppendResult {
    const stream = this.#database.streams.get(event.stream) ?? emptyStream();
    this.#database.streams.set(event.stream, stream);
    stream.head += 1;
    stream.lastAt = Math.max(stream.lastAt, event.at);
    const { retry, ...said } = event;
    const stored = { ...said, number: stream.head, at: stream.lastAt };
    if (event.kind === "removal") {
      const index = stream.events.findIndex(({ id }) => id === event.replyTo);
      const target = stream.events[index];
      if (target !== undefined) this.#replace(stream, index, withoutContent(target));
    }
    stream.events.push(stored);
    if (retry !== undefined) this.#remember(retry, stored);
    return resultOf("stored", stored);
  }

  #replace(stream: MemoryStream, index: number, event: StoredEvent): void {
    for (const counters of this.#database.retries.values()) {
      for (const [counter, old] of counters) if (old === stream.events[index]) counters.set(counter, event);
    }
    stream.events[index] = event;
  }

  #remember({ device, counter }: RetryKey, stored: StoredEvent): void {
    const counters = this.#database.retries.get(device) ?? new Map<number, StoredEvent>();
    this.#database.retries.set(device, counters.set(counter, stored));
    const last = this.#database.lastCounters.get(device) ?? 0;
    this.#database.lastCounters.set(device, Math.max(last, counter));
  }

  #repeated({ retry, stream, kind, text }: NewEvent): AppendResult | undefined {
    if (retry === undefined) return undefined;
    const stored = this.#database.retries.get(retry.device)?.get(retry.counter);
    const erased = this.#database.erasedCounters.get(retry.device) ?? 0;
    if (stored === undefined) return retry.counter <= erased ? { kind: "mismatch" } : undefined;
    const isSame = stored.stream === stream && stored.kind === kind && stored.text === text;
    return isSame ? resultOf("repeated", stored) : { kind: "mismatch" };
  }

  #heads(): StreamHead[] {
    return [...this.#database.streams].map(([stream, { floor, head }]) => ({ stream, floor, head }));
  }
}

function emptyStream(): MemoryStream {
  return { floor: 0, head: 0, lastAt: 0, events: [] };
}

function resultOf(kind: "stored" | "repeated", { number, at, id }: StoredEvent): AppendResult {
  return { kind, number, at, id };
}

/** As many events from the beginning as a page may hold. */
function fitting(events: StoredEvent[]): StoredEvent[] {
  let bytes = 0;
  const end = events.findIndex((event, index) => {
    bytes += Buffer.byteLength(event.text);
    return bytes > maxPageBytes && index > 0;
  });
  return end === -1 ? events : events.slice(0, end);
}

function isOf({ kind }: StoredEvent, { kinds }: PageBounds): boolean {
  return kinds === undefined || kinds.includes(kind);
}

function isRoom({ stream }: StreamHead): boolean {
  return partiesOf(stream) === undefined;
}

function byId(one: StreamHead, other: StreamHead): number {
  return compareBytes(one.stream, other.stream);
}

/** As databases sort: by the bytes of UTF-8, not by UTF-16 code units. */
function compareBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

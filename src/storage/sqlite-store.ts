import type {
  Instant,
  MessageId,
  NewEvent,
  PersonId,
  RetryKey,
  StoredEvent,
  StreamId,
} from "../chat/event.ts";
import type { SearchQuery } from "../chat/search.ts";
import { type Calls, callHere } from "./calls.ts";
import { cell, type PageColumns, packEvents, unpackEvents } from "./event-columns.ts";
import { type ResultColumns, resultCodes } from "./sqlite-append.ts";
import { defaultBusyTimeoutMs } from "./sqlite-connection.ts";
import { SqliteReader } from "./sqlite-reader.ts";
import { SqliteWriter, type SqliteWriterOptions } from "./sqlite-writer.ts";
import {
  type AppendResult,
  type Ban,
  type Page,
  type PageBounds,
  type RecordChange,
  type SearchLimits,
  type SearchResult,
  type Store,
  StoreFault,
  type StoreRecord,
  type StreamHead,
} from "./store.ts";

/** A step of erasing takes a few milliseconds, most of them in the search index; commits go between two. */
const eraseStepEvents = 50;

/** Opens or makes the database at `path`; all work is done on the calling thread, which waits for the disk. */
export function openSqliteStoreHere(path: string, options: SqliteWriterOptions = {}): Promise<Store> {
  const { busyTimeoutMs = defaultBusyTimeoutMs } = options;
  const writer = callHere(new SqliteWriter(path, options));
  return openOver(writer, callHere(new SqliteReader(path, { busyTimeoutMs })), Number.POSITIVE_INFINITY);
}

/** The store whose two sides are called by `writer` and `reader`, which are not open yet. */
export async function openOver(
  writer: Calls<SqliteWriter>,
  reader: Calls<SqliteReader>,
  maxWaitingReads: number,
): Promise<Store> {
  try {
    const identity = await writer.call("open");
    // Only now: the reader cannot make the database.
    await reader.call("open");
    return new SqliteStore({ identity, writer, reader, maxWaitingReads });
  } catch (error) {
    await Promise.all([writer.end(), reader.end()]);
    throw error;
  }
}

interface Parts {
  readonly identity: Store["identity"];
  readonly writer: Calls<SqliteWriter>;
  readonly reader: Calls<SqliteReader>;
  readonly maxWaitingReads: number;
}

class SqliteStore implements Store {
  readonly identity: Store["identity"];
  readonly #parts: Parts;
  readonly #erasing = new Set<Promise<void>>();
  /** Settles when the last search that was asked for has ended. */
  #searching: Promise<unknown> = Promise.resolve();

  constructor(parts: Parts) {
    this.identity = parts.identity;
    this.#parts = parts;
  }

  async append(
    events: readonly NewEvent[],
    records: readonly RecordChange[] = [],
  ): Promise<readonly AppendResult[]> {
    const columns = await this.#parts.writer.call("append", packEvents(events), records);
    return events.map((event, index) => present(resultOf(columns, event, index)));
  }

  async settle(events: readonly NewEvent[]): Promise<readonly (AppendResult | undefined)[]> {
    const columns = await this.#parts.writer.call("settle", packEvents(events));
    return events.map((event, index) => resultOf(columns, event, index));
  }

  async haveChanged(records: readonly RecordChange[]): Promise<boolean> {
    return this.#parts.writer.call("haveChanged", records);
  }

  async records(beginning: string): Promise<readonly StoreRecord[]> {
    return this.#bounded(this.#parts.reader).call("records", beginning);
  }

  async findRetry(key: RetryKey): Promise<StoredEvent | undefined> {
    const { events, number } = await this.#bounded(this.#parts.writer).call("findRetry", key);
    return unpackEvents(events, number)[0];
  }

  async lastCounter(device: string): Promise<number> {
    return this.#bounded(this.#parts.writer).call("lastCounter", device);
  }

  async after(stream: StreamId, number: number, limit: number, bounds: PageBounds = {}): Promise<Page> {
    return pageOf(await this.#bounded(this.#parts.reader).call("after", stream, number, limit, bounds));
  }

  async before(stream: StreamId, number: number, limit: number, bounds: PageBounds = {}): Promise<Page> {
    return pageOf(await this.#bounded(this.#parts.reader).call("before", stream, number, limit, bounds));
  }

  async find(stream: StreamId, id: MessageId): Promise<StoredEvent | undefined> {
    const { events, number } = await this.#bounded(this.#parts.reader).call("find", stream, id);
    return unpackEvents(events, number)[0];
  }

  async numberBefore(stream: StreamId, at: Instant): Promise<number> {
    return this.#bounded(this.#parts.reader).call("numberBefore", stream, at);
  }

  async streams(): Promise<readonly StreamHead[]> {
    return this.#bounded(this.#parts.reader).call("streams");
  }

  async conversations(person: PersonId): Promise<readonly StreamHead[]> {
    return this.#bounded(this.#parts.reader).call("conversations", person);
  }

  async lastOfConversations(person: PersonId, limit: number): Promise<readonly StoredEvent[]> {
    const reader = this.#bounded(this.#parts.reader);
    const { events, number } = await reader.call("lastOfConversations", person, limit);
    return unpackEvents(events, number);
  }

  search(query: SearchQuery, streams: readonly StreamId[], limits: SearchLimits): Promise<SearchResult> {
    const result = this.#searching.then(async () => {
      const { reader } = this.#parts;
      let found = await this.#bounded(reader).call("search", { query, streams, limits });
      // Not bounded: a search that is not brought to its end would keep its transaction open.
      while (found === undefined) found = await reader.call("searchOn");
      return found;
    });
    this.#searching = result.catch(() => undefined);
    return result;
  }

  async raiseFloor(stream: StreamId, floor: number): Promise<void> {
    const erasing = this.#erase(stream, floor);
    this.#erasing.add(erasing);
    await erasing.finally(() => this.#erasing.delete(erasing));
  }

  tryWriting(): Promise<void> {
    return this.#parts.writer.call("tryWriting");
  }

  async bans(): Promise<readonly Ban[]> {
    return this.#bounded(this.#parts.reader).call("bans");
  }

  ban(ban: Ban): Promise<void> {
    return this.#parts.writer.call("ban", ban);
  }

  unban(address: string): Promise<boolean> {
    return this.#parts.writer.call("unban", address);
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#erasing);
    // The writer last: what closes last empties the log, and the reader may not write.
    await this.#parts.reader.end();
    await this.#parts.writer.end();
  }

  async #erase(stream: StreamId, floor: number): Promise<void> {
    let isDone = false;
    while (!isDone) isDone = await this.#parts.writer.call("eraseUpTo", stream, floor, eraseStepEvents);
  }

  /** `calls`, unless too many wait there already. Writing is not bounded here: the journal has one batch out. */
  #bounded<T>(calls: Calls<T>): Calls<T> {
    const limit = this.#parts.maxWaitingReads;
    if (calls.waiting < limit) return calls;
    const message = `Cannot read from the store: ${limit} reads are waiting already`;
    throw new StoreFault("busy", "nothing-stored", { message });
  }
}

function resultOf(columns: ResultColumns, event: NewEvent, index: number): AppendResult | undefined {
  const code = cell(columns.kind, index);
  if (code === resultCodes.absent) return undefined;
  if (code === resultCodes.mismatch) return { kind: "mismatch" };
  const number = cell(columns.number, index);
  const time = cell(columns.at, index);
  if (code === resultCodes.stored) return { kind: "stored", number, at: time, id: event.id };
  return { kind: "repeated", number, at: time, id: columns.repeated.get(index) ?? event.id };
}

function present<T>(result: T | undefined): T {
  if (result === undefined) throw new TypeError("Cannot read a result: an event of the batch has none");
  return result;
}

function pageOf({ events, number, floor, head }: PageColumns): Page {
  return { events: unpackEvents(events, number), floor, head };
}

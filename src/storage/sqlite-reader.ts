import type { Instant, MessageId, PersonId, StreamId } from "../chat/event.ts";
import { codeOf, type PageColumns } from "./event-columns.ts";
import { defaultBusyTimeoutMs, SqliteConnection } from "./sqlite-connection.ts";
import { faultOf } from "./sqlite-fault.ts";
import { numberBefore, numberOf, standOf } from "./sqlite-places.ts";
import { type EventsWithNumbers, eventColumns, packRows } from "./sqlite-rows.ts";
import { type SearchRequest, SqliteSearch } from "./sqlite-search.ts";
import type { Ban, PageBounds, SearchResult, StoreRecord, StreamHead } from "./store.ts";

export interface SqliteReaderOptions {
  /** How long to wait for another program's lock; 2000 where not given. */
  readonly busyTimeoutMs?: number;
}

/** A search is done in pieces of about so long, between which other reads have their turn. */
const searchPieceMs = 10;

/**
 * The reading side of an SQLite store, on the calling thread, with a connection that cannot write: it neither
 * makes the database nor changes its schema. Every method throws `StoreFault`.
 */
export class SqliteReader {
  readonly #connection: SqliteConnection;
  /** Has a transaction open for as long as a search runs. */
  readonly #searchConnection: SqliteConnection;
  #search: SqliteSearch | undefined;

  constructor(path: string, options: SqliteReaderOptions = {}) {
    const { busyTimeoutMs = defaultBusyTimeoutMs } = options;
    this.#connection = new SqliteConnection(path, { busyTimeoutMs, readOnly: true });
    this.#searchConnection = new SqliteConnection(path, { busyTimeoutMs, readOnly: true });
  }

  /** Opens at once what the first read would open. */
  open(): void {
    this.#read("open the store", () => undefined);
  }

  /** The first `limit` events above `number`; fewer, but at least one, where they exceed `maxPageBytes`. */
  after(stream: StreamId, number: number, limit: number, { end, kinds }: PageBounds = {}): PageColumns {
    return this.#page(stream, { limit, kinds }, (floor, head) => {
      return [Math.max(number, floor), Math.min(head, (end ?? Number.POSITIVE_INFINITY) - 1), "ASC"];
    });
  }

  /** The last `limit` events below `number`; fewer, but at least one, where they exceed `maxPageBytes`. */
  before(stream: StreamId, number: number, limit: number, { end, kinds }: PageBounds = {}): PageColumns {
    return this.#page(stream, { limit, kinds }, (floor, head) => {
      return [Math.max(floor, end ?? 0), Math.min(number - 1, head), "DESC"];
    });
  }

  /** None or one. */
  find(stream: StreamId, id: MessageId): EventsWithNumbers {
    return this.#read("find a message", () => {
      const stand = standOf(this.#connection, stream);
      const number = numberOf(this.#connection, stand, id) ?? 0;
      const sql = `SELECT ${eventColumns} FROM events JOIN streams ON streams.id = events.stream
                   WHERE events.stream = ? AND number = ?`;
      return packRows(this.#connection.prepare(sql).iterate(stand.id, number));
    });
  }

  numberBefore(stream: StreamId, at: Instant): number {
    return this.#read("find a place in a stream", () => {
      return numberBefore(this.#connection, standOf(this.#connection, stream), at);
    });
  }

  streams(): StreamHead[] {
    return this.#heads("SELECT key, floor, head FROM streams ORDER BY substr(key, 1, 3) = 'dm:', key");
  }

  conversations(person: PersonId): StreamHead[] {
    return this.#heads(
      `SELECT key, floor, head FROM parties JOIN streams ON streams.id = parties.stream
       WHERE parties.person = ? ORDER BY key`,
      person,
    );
  }

  lastOfConversations(person: PersonId, limit: number): EventsWithNumbers {
    return this.#read("read the conversations", () => {
      const sql = `SELECT ${eventColumns} FROM parties JOIN streams ON streams.id = parties.stream
                   JOIN events ON events.stream = streams.id AND events.number = streams.head
                   WHERE parties.person = ? AND streams.head > streams.floor
                   ORDER BY streams.last_at DESC, streams.id LIMIT ?`;
      return packRows(this.#connection.prepare(sql).iterate(person, limit));
    });
  }

  records(beginning: string): StoreRecord[] {
    return this.#read("read the records", () => {
      // Keys are compared as bytes of UTF-8, in which none is above U+10FFFF.
      const rows = this.#connection
        .prepare("SELECT key, value FROM records WHERE key >= ? AND key < ? ORDER BY key")
        .all(beginning, `${beginning}\u{10FFFF}`);
      return (rows as unknown as [string, string][]).map(([key, value]) => ({ key, value }));
    });
  }

  /** Begins a search, in place of one that is under way. The result, or `undefined` where `searchOn` is to be called. */
  search(request: SearchRequest): SearchResult | undefined {
    // A search that was given up has left its transaction open.
    if (this.#search !== undefined) this.#searchConnection.drop();
    this.#search = new SqliteSearch(this.#searchConnection, request);
    return this.searchOn();
  }

  /** Does the next piece of the search. As `search`. */
  searchOn(): SearchResult | undefined {
    try {
      const result = this.#search?.goOn(searchPieceMs);
      if (result !== undefined) this.#search = undefined;
      return result;
    } catch (error) {
      const { path } = this.#searchConnection;
      this.#search = undefined;
      this.#searchConnection.drop();
      throw faultOf(error, { action: "search", path, outcome: "nothing-stored" });
    }
  }

  bans(): Ban[] {
    return this.#read("read the bans", () => {
      const rows = this.#connection.prepare("SELECT address, until, reason FROM bans ORDER BY address").all();
      return (rows as unknown as [string, number | null, string][]).map(([address, until, reason]) => ({
        address,
        until: until ?? undefined,
        reason,
      }));
    });
  }

  close(): void {
    this.#searchConnection.drop();
    this.#connection.drop();
  }

  #heads(sql: string, ...values: string[]): StreamHead[] {
    return this.#read("read the streams", () => {
      const rows = this.#connection.prepare(sql).all(...values) as unknown as [StreamId, number, number][];
      return rows.map(([stream, floor, head]) => ({ stream, floor, head }));
    });
  }

  #page(
    stream: StreamId,
    { limit, kinds }: { readonly limit: number; readonly kinds: PageBounds["kinds"] },
    range: (floor: number, head: number) => [above: number, upTo: number, order: "ASC" | "DESC"],
  ): PageColumns {
    return this.#read("read history", () => {
      const { id, floor, head } = standOf(this.#connection, stream);
      const [above, upTo, order] = range(floor, head);
      const ofKinds = kinds === undefined ? "" : `AND kind IN (${kinds.map(codeOf).join(", ")})`;
      const rows = this.#connection
        .prepare(
          `SELECT ${eventColumns} FROM events JOIN streams ON streams.id = events.stream
           WHERE events.stream = ? AND number > ? AND number <= ? ${ofKinds} ORDER BY number ${order} LIMIT ?`,
        )
        .iterate(id, above, upTo, Math.max(0, limit));
      return { ...packRows(rows, { newestFirst: order === "DESC" }), floor, head };
    });
  }

  /** Everything that `work` reads is of one moment. */
  #read<T>(action: string, work: () => T): T {
    try {
      const { database } = this.#connection;
      database.exec("BEGIN");
      const result = work();
      database.exec("COMMIT");
      return result;
    } catch (error) {
      const { path } = this.#connection;
      this.#connection.drop();
      throw faultOf(error, { action, path, outcome: "nothing-stored" });
    }
  }
}

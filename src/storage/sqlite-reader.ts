import type { PersonId, StreamId } from "../chat/event.ts";
import type { PageColumns } from "./event-columns.ts";
import { defaultBusyTimeoutMs, SqliteConnection } from "./sqlite-connection.ts";
import { faultOf } from "./sqlite-fault.ts";
import { eventColumns, packRows } from "./sqlite-rows.ts";
import { type SearchRequest, SqliteSearch } from "./sqlite-search.ts";
import type { Ban, SearchResult, StreamHead } from "./store.ts";

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
  after(stream: StreamId, number: number, limit: number): PageColumns {
    return this.#page(stream, limit, (floor, head) => [Math.max(number, floor), head, "ASC"]);
  }

  /** The last `limit` events below `number`; fewer, but at least one, where they exceed `maxPageBytes`. */
  before(stream: StreamId, number: number, limit: number): PageColumns {
    return this.#page(stream, limit, (floor, head) => [floor, Math.min(number - 1, head), "DESC"]);
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
    limit: number,
    range: (floor: number, head: number) => [above: number, upTo: number, order: "ASC" | "DESC"],
  ): PageColumns {
    return this.#read("read history", () => {
      const sql = "SELECT id, floor, head FROM streams WHERE key = ?";
      const found = this.#connection.row(sql, stream);
      const [id, floor, head] = (found ?? [0, 0, 0]) as [number, number, number];
      const [above, upTo, order] = range(floor, head);
      const rows = this.#connection
        .prepare(
          `SELECT ${eventColumns} FROM events JOIN streams ON streams.id = events.stream
           WHERE events.stream = ? AND number > ? AND number <= ? ORDER BY number ${order} LIMIT ?`,
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

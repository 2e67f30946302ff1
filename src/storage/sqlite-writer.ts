import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import type { RetryKey, StreamId } from "../chat/event.ts";
import { syncToDisk } from "./disk-sync.ts";
import type { EventColumns } from "./event-columns.ts";
import { readIdentity } from "./migrations.ts";
import { BatchWriter, findBatch, type ResultColumns } from "./sqlite-append.ts";
import { defaultBusyTimeoutMs, SqliteConnection } from "./sqlite-connection.ts";
import { faultOf, leavesNoTrace } from "./sqlite-fault.ts";
import { type EventsWithNumbers, eventColumns, packRows } from "./sqlite-rows.ts";
import { SearchIndex } from "./sqlite-search-index.ts";
import { type Ban, lastOfEach, type RecordChange, StoreFault, type StoreIdentity } from "./store.ts";

export interface SqliteWriterOptions {
  /** How long to wait for another program's lock; 2000 where not given. */
  readonly busyTimeoutMs?: number;
  /** Ends a transaction; tests put a failing device here. */
  readonly commit?: (database: DatabaseSync) => void;
}

const checkpointPages = 1000;
/** What a commit is reckoned to add to the log: its streams' row and leaves, and its events, 16 short ones to a page. */
const pagesPerCommit = 4;
const pageBytes = 4096;
const shortEventBytes = pageBytes / 16;
/** A text that is longer has pages of its own. */
const longTextBytes = 1000;

/** So many messages are indexed in one transaction, which takes a few milliseconds. */
const indexStepEvents = 500;
/** When so many wait to be indexed and it is never quiet, some are indexed all the same, between answers. */
const maxUnindexedEvents = 2000;
/** Then after a step there is none for so many times as long as it took. */
const workPerStep = 3;
/** What indexing a step is reckoned to add to the log, with the merging that comes of it. */
const pagesPerIndexStep = 64;

/**
 * The writing side of an SQLite store, on the calling thread. Every method throws `StoreFault`; after one the
 * next call works again as soon as the cause is gone.
 */
export class SqliteWriter {
  readonly #connection: SqliteConnection;
  readonly #commit: (database: DatabaseSync) => void;
  readonly #busyTimeoutMs: number;
  readonly #index: SearchIndex;
  /** Whether a commit failed in a way that may have left its events in the log. */
  #isUnsettled = false;
  #pagesInLog = 0;
  #nextStepAt = 0;

  constructor(path: string, options: SqliteWriterOptions = {}) {
    const { busyTimeoutMs = defaultBusyTimeoutMs, commit = (database) => database.exec("COMMIT") } = options;
    this.#connection = new SqliteConnection(path, { busyTimeoutMs, readOnly: false });
    this.#commit = commit;
    this.#busyTimeoutMs = busyTimeoutMs;
    this.#index = new SearchIndex(this.#connection);
  }

  /** Opens or makes the database and brings its schema up to date. */
  open(): StoreIdentity {
    return this.#attempt("open the store", () => {
      const identity = readIdentity(this.#connection.database);
      // What a killed process wrote may be readable and yet not on the disk.
      this.#checkpoint();
      return identity;
    });
  }

  append(batch: EventColumns, records: readonly RecordChange[] = []): ResultColumns {
    const count = batch.id.length;
    if (count + records.length === 0) return new BatchWriter(this.#connection, batch).write();
    const result = this.#write(`store ${count} events and ${records.length} records`, () => {
      for (const record of records) this.#change(record);
      return new BatchWriter(this.#connection, batch, this.#index).write();
    });
    this.#pagesInLog += pagesPerCommit + pagesOf(batch.text) + records.length;
    this.#index.stored(batch.streams, count);
    return result;
  }

  haveChanged(records: readonly RecordChange[]): boolean {
    return this.#attempt("find out which records changed", () =>
      lastOfEach(records).every(({ key, value }) => {
        const found = this.#connection.row("SELECT value FROM records WHERE key = ?", key);
        return found?.[0] === value;
      }),
    );
  }

  settle(batch: EventColumns): ResultColumns {
    return this.#attempt(
      "find out what was stored",
      () => {
        this.#forceToDisk();
        return findBatch(this.#connection, batch);
      },
      "unknown",
    );
  }

  /** The event stored under a retry key; none or one. */
  findRetry({ device, counter }: RetryKey): EventsWithNumbers {
    return this.#attempt("look up a retry key", () => {
      const sql = `SELECT ${eventColumns} FROM events JOIN streams ON streams.id = events.stream
                   WHERE device = ? AND counter = ?`;
      return packRows(this.#connection.prepare(sql).iterate(device, counter));
    });
  }

  lastCounter(device: string): number {
    return this.#attempt("look up a device", () => {
      const sql = `SELECT max(coalesce((SELECT max(counter) FROM events WHERE device = ?1), 0),
                              coalesce((SELECT counter FROM erased_counters WHERE device = ?1), 0))`;
      return Number(this.#connection.row(sql, device)?.[0]);
    });
  }

  /**
   * Raises the floor and erases at most `limit` events below it, so that no commit waits long.
   * Whether none is left to erase.
   */
  eraseUpTo(stream: StreamId, floor: number, limit: number): boolean {
    return this.#write("erase events", () => this.#erase(stream, floor, limit));
  }

  /** Writes a row and takes it back: the page that held it goes to the disk all the same. */
  tryWriting(): void {
    this.#write("try to write", () => {
      this.#connection.database.exec(
        "INSERT OR REPLACE INTO bans (address, until, reason) VALUES ('', 0, '')",
      );
      this.#connection.database.exec("DELETE FROM bans WHERE address = ''");
    });
    this.#pagesInLog += 1;
  }

  ban({ address, until, reason }: Ban): void {
    this.#write("store a ban", () =>
      this.#connection
        .prepare("INSERT OR REPLACE INTO bans (address, until, reason) VALUES (?, ?, ?)")
        .run(address, until ?? null, reason),
    );
  }

  unban(address: string): boolean {
    return this.#write("lift a ban", () => {
      const { changes } = this.#connection.prepare("DELETE FROM bans WHERE address = ?").run(address);
      return changes > 0;
    });
  }

  /** Called when nobody waits: moves the log into the database where it has grown. */
  idle(): void {
    const now = performance.now();
    if (this.#index.waiting > maxUnindexedEvents && now >= this.#nextStepAt) {
      this.rest();
      const after = performance.now();
      this.#nextStepAt = after + workPerStep * (after - now);
    }
    if (this.#pagesInLog >= checkpointPages) this.#checkpoint();
  }

  /**
   * Indexes some of what is not indexed yet, for search. Whether there may be more. What goes wrong with it is tried
   * again when it is called again: whatever is not indexed is found as well.
   */
  rest(): boolean {
    if (this.#isUnsettled || this.#index.isUpToDate) return false;
    const isMore = this.#indexStep();
    if (this.#pagesInLog >= checkpointPages) this.#checkpoint();
    return isMore;
  }

  close(): void {
    try {
      this.#connection.database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    } catch {
      // What is committed is in the log, and the next start finds it there.
    }
    this.#connection.drop();
  }

  #change({ key, value }: RecordChange): void {
    if (value === undefined) {
      this.#connection.prepare("DELETE FROM records WHERE key = ?").run(key);
    } else {
      this.#connection
        .prepare("INSERT INTO records VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
        .run(key, value);
    }
  }

  #indexStep(): boolean {
    try {
      const { database } = this.#connection;
      // An index that a power cut takes back is made again, so it is not worth an fsync; nor is it worth waiting.
      database.exec("PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 0; BEGIN IMMEDIATE");
      const isMore = this.#index.step(indexStepEvents);
      database.exec("COMMIT");
      this.#pagesInLog += pagesPerIndexStep;
      return isMore;
    } catch {
      this.#index.undone();
      this.#connection.rollback();
      return false;
    } finally {
      this.#commitAsBefore();
    }
  }

  #commitAsBefore(): void {
    try {
      const timeout = `PRAGMA busy_timeout = ${this.#busyTimeoutMs}`;
      this.#connection.database.exec(`PRAGMA synchronous = FULL; ${timeout}`);
    } catch {
      // The next use opens it as it should be.
      this.#connection.drop();
    }
  }

  #erase(stream: StreamId, floor: number, limit: number): boolean {
    const row = this.#connection.row("SELECT id, floor, head FROM streams WHERE key = ?", stream);
    if (row === undefined) return true;
    const [id, oldFloor, head] = row as [number, number, number];
    const newFloor = Math.max(oldFloor, Math.min(floor, head));
    this.#connection.prepare("UPDATE streams SET floor = ? WHERE id = ?").run(newFloor, id);
    const oldest = this.#connection.row("SELECT min(number) FROM events WHERE stream = ?", id)?.[0];
    if (typeof oldest !== "number") return true;
    const end = Math.min(newFloor, oldest + limit - 1);
    this.#connection
      .prepare(
        `INSERT INTO erased_counters (device, counter)
         SELECT device, max(counter) FROM events
         WHERE stream = ? AND number <= ? AND device IS NOT NULL GROUP BY device
         ON CONFLICT (device) DO UPDATE SET counter = max(counter, excluded.counter)`,
      )
      .run(id, end);
    this.#index.erase(id, end);
    this.#connection.prepare("DELETE FROM events WHERE stream = ? AND number <= ?").run(id, end);
    this.#pagesInLog += pagesPerCommit + Math.ceil((limit * shortEventBytes) / pageBytes);
    return end >= newFloor;
  }

  #write<T>(action: string, work: () => T): T {
    const result = this.#attempt(action, () => {
      if (this.#isUnsettled) this.#forceToDisk();
      this.#connection.database.exec("BEGIN IMMEDIATE");
      return work();
    });
    this.#end(action);
    return result;
  }

  #end(action: string): void {
    try {
      this.#commit(this.#connection.database);
    } catch (error) {
      this.#connection.rollback();
      // SQLite reports these before the commit's last frame is in the log. After any other error (a failed fsync
      // above all) the frame may be there, unseen until a restart or a power cut brings the events back.
      this.#isUnsettled = !leavesNoTrace(error);
      const outcome = this.#isUnsettled ? "unknown" : "nothing-stored";
      throw faultOf(error, { action, path: this.#connection.path, outcome });
    }
  }

  #attempt<T>(action: string, work: () => T, outcome: StoreFault["outcome"] = "nothing-stored"): T {
    try {
      return work();
    } catch (error) {
      this.#connection.rollback();
      const fault = faultOf(error, { action, path: this.#connection.path, outcome });
      if (fault.reason === "failing") this.#connection.drop();
      throw fault;
    }
  }

  /**
   * Makes what can be read now what a power cut leaves. After a failed fsync the kernel may have dropped what was
   * to be written while still showing it, so it is written anew: from the log into the database. Cutting the log
   * to nothing, for good, also removes the frames of a commit that failed.
   */
  #forceToDisk(): void {
    this.#connection.drop();
    const [isBusy] = this.#connection.row("PRAGMA wal_checkpoint(TRUNCATE)") as [number];
    const { path } = this.#connection;
    if (isBusy !== 0) {
      const message = `Cannot empty the log of ${JSON.stringify(path)}: another program is reading it`;
      throw new StoreFault("busy", "unknown", { message });
    }
    syncToDisk(`${path}-wal`);
    syncToDisk(dirname(path));
    this.#isUnsettled = false;
    this.#pagesInLog = 0;
  }

  #checkpoint(): void {
    // Even a checkpoint that fails is none of the events' business: they are durable in the log.
    this.#pagesInLog = 0;
    try {
      this.#connection.database.exec("PRAGMA wal_checkpoint(PASSIVE)");
    } catch {
      // The next one is due when the log has grown as much again.
    }
  }
}

/** About how many pages of the database events with these texts fill. */
function pagesOf(texts: readonly string[]): number {
  let ofTheirOwn = 0;
  for (const { length } of texts) if (length > longTextBytes) ofTheirOwn += Math.ceil(length / pageBytes);
  return ofTheirOwn + Math.ceil((texts.length * shortEventBytes) / pageBytes);
}

import { closeSync, fchmodSync, openSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { migrate, requireNewestSchema } from "./migrations.ts";

/** How a database file is opened. */
export interface ConnectionOptions {
  /** How long to wait for another program's lock. */
  readonly busyTimeoutMs: number;
  readonly readOnly: boolean;
}

/** How long a program that holds the lock is waited for, unless told otherwise. */
export const defaultBusyTimeoutMs = 2000;

const journalSizeLimitBytes = 16 * 1024 * 1024;

/** One connection to a database file and its prepared statements. It can be dropped and opened again. */
export class SqliteConnection {
  readonly path: string;
  readonly #options: ConnectionOptions;
  readonly #statements = new Map<string, StatementSync>();
  #database: DatabaseSync | undefined;

  constructor(path: string, options: ConnectionOptions) {
    this.path = path;
    this.#options = options;
  }

  /** The open database; opens it where it is not. */
  get database(): DatabaseSync {
    return (this.#database ??= this.#open());
  }

  /** The prepared statement of `sql`, whose rows are arrays. */
  prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      statement.setReturnArrays(true);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** The first row as an array, or `undefined`. */
  row(sql: string, ...values: (string | number | null)[]): unknown[] | undefined {
    return this.prepare(sql).get(...values) as unknown[] | undefined;
  }

  /** Ends an open transaction without its changes; a connection that cannot is closed. */
  rollback(): void {
    try {
      if (this.#database?.isTransaction) this.#database.exec("ROLLBACK");
    } catch {
      this.drop();
    }
  }

  /** Closes; whatever the state, the next use opens anew. */
  drop(): void {
    const database = this.#database;
    this.#database = undefined;
    this.#statements.clear();
    try {
      database?.close();
    } catch {
      // A file that cannot be closed cleanly is given up; what is committed is in its log.
    }
  }

  #open(): DatabaseSync {
    const { readOnly, busyTimeoutMs } = this.#options;
    if (!readOnly) createPrivately(this.path);
    const database = new DatabaseSync(this.path, { readOnly, timeout: busyTimeoutMs });
    try {
      if (readOnly) requireNewestSchema(database);
      else prepareForWriting(database);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  }
}

function prepareForWriting(database: DatabaseSync): void {
  // First, because it refuses a file that is not ours before anything in it changes.
  migrate(database);
  const mode = database.prepare("PRAGMA journal_mode = WAL").get()?.["journal_mode"];
  if (mode !== "wal") throw new Error("its file system does not support write-ahead logging");
  // Checkpoints run between batches (`SqliteWriter.checkpoint`), where they delay no answer.
  database.exec(`
    PRAGMA synchronous = FULL;
    PRAGMA wal_autocheckpoint = 0;
    PRAGMA journal_size_limit = ${journalSizeLimitBytes};
    PRAGMA temp_store = MEMORY;
    PRAGMA secure_delete = ON;
  `);
}

/**
 * Makes the file with mode 0600 whatever the umask; SQLite gives its companion files the mode of the database.
 * A file that exists is not opened here: closing it would drop the locks that this process holds on it.
 */
export function createPrivately(path: string): void {
  let file: number;
  try {
    file = openSync(path, "wx", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return;
    throw error;
  }
  try {
    fchmodSync(file, 0o600);
  } finally {
    closeSync(file);
  }
}

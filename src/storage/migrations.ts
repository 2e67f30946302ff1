import { randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import type { StoreIdentity } from "./store.ts";

/** One step of the schema; it runs in a transaction of its own. */
export type Migration = (database: DatabaseSync) => void;

/** "Room" in ASCII: says in the file's header whose it is. */
const applicationId = 0x526f6f6d;

// Never edit a step that was released: add one.
const migrations: readonly Migration[] = [createTables, createSearchIndex, addRecords, addClientTags];

/**
 * Brings the database to the newest schema, one transaction per step.
 *
 * @throws Error where the file is another program's, or of a newer schema than `steps` knows.
 */
export function migrate(database: DatabaseSync, steps: readonly Migration[] = migrations): void {
  while (schemaVersion(database, steps) < steps.length) {
    database.exec("BEGIN IMMEDIATE");
    try {
      // Read again inside: another process may have taken the step meanwhile.
      const version = schemaVersion(database, steps);
      steps[version]?.(database);
      database.exec(`PRAGMA user_version = ${Math.min(version + 1, steps.length)}`);
      database.exec("COMMIT");
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
  }
}

/**
 * Refuses what a reader cannot read: a reader never changes the schema.
 *
 * @throws Error where the schema is not the newest that `steps` knows.
 */
export function requireNewestSchema(database: DatabaseSync, steps: readonly Migration[] = migrations): void {
  const version = schemaVersion(database, steps);
  if (version === steps.length) return;
  throw new Error(`its schema is ${version} and ${steps.length} is needed: start the server on it once`);
}

/**
 * Which schema a database has, and which it needs.
 *
 * @throws Error as `migrate` does.
 */
export function schemaOf(database: DatabaseSync): { readonly version: number; readonly newest: number } {
  return { version: schemaVersion(database, migrations), newest: migrations.length };
}

/**
 * Refuses what no step of the schema leads on from: another program's file, or one of a newer Roomful.
 *
 * @throws Error
 */
export function requireKnownSchema(database: DatabaseSync): void {
  if (schemaVersion(database, migrations) === 0) throw new Error("it is empty");
}

/** What was fixed when the database was made. */
export function readIdentity(database: DatabaseSync): StoreIdentity {
  const row = database.prepare("SELECT epoch, token_secret FROM identity").get();
  if (row === undefined) throw new Error("it has no identity");
  return { epoch: row["epoch"] as string, tokenSecret: row["token_secret"] as string };
}

/** Says that history is not the one that numbers were given in: who resumes is told. */
export function changeEpoch(database: DatabaseSync): void {
  database.prepare("UPDATE identity SET epoch = ?").run(newIdentity().epoch);
}

function schemaVersion(database: DatabaseSync, steps: readonly Migration[]): number {
  const version = pragma(database, "user_version");
  const owner = pragma(database, "application_id");
  const tables = database.prepare("SELECT count(*) AS count FROM sqlite_schema").get()?.["count"];
  const isNew = version === 0 && owner === 0 && tables === 0;
  if (!isNew && owner !== applicationId) throw new Error("it is not a database of Roomful");
  if (version <= steps.length) return version;
  throw new Error(
    `it was written by a newer Roomful (schema ${version}; this one knows schemas up to ${steps.length})`,
  );
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function createTables(database: DatabaseSync): void {
  database.exec(`
    PRAGMA application_id = ${applicationId};

    CREATE TABLE identity (
      only INTEGER PRIMARY KEY CHECK (only = 1),
      epoch TEXT NOT NULL,
      token_secret TEXT NOT NULL
    ) STRICT;

    CREATE TABLE streams (
      id INTEGER PRIMARY KEY,
      key TEXT NOT NULL UNIQUE,
      floor INTEGER NOT NULL,
      head INTEGER NOT NULL,
      last_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE events (
      stream INTEGER NOT NULL,
      number INTEGER NOT NULL,
      id TEXT NOT NULL,
      at INTEGER NOT NULL,
      kind INTEGER NOT NULL,
      person TEXT NOT NULL,
      name TEXT NOT NULL,
      to_person TEXT,
      to_name TEXT,
      text TEXT NOT NULL,
      reply_to TEXT,
      thread_root TEXT,
      device TEXT,
      counter INTEGER,
      PRIMARY KEY (stream, number)
    ) STRICT, WITHOUT ROWID;

    CREATE UNIQUE INDEX events_by_retry ON events (device, counter) WHERE device IS NOT NULL;

    -- The highest counters among erased events.
    CREATE TABLE erased_counters (device TEXT PRIMARY KEY, counter INTEGER NOT NULL) STRICT, WITHOUT ROWID;

    CREATE TABLE parties (
      person TEXT NOT NULL,
      stream INTEGER NOT NULL,
      PRIMARY KEY (person, stream)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE bans (address TEXT PRIMARY KEY, until INTEGER, reason TEXT NOT NULL) STRICT, WITHOUT ROWID;
  `);
  const { epoch, tokenSecret } = newIdentity();
  database.prepare("INSERT INTO identity VALUES (1, ?, ?)").run(epoch, tokenSecret);
}

function addRecords(database: DatabaseSync): void {
  database.exec("CREATE TABLE records (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID");
}

function addClientTags(database: DatabaseSync): void {
  database.exec("ALTER TABLE events ADD COLUMN client_tags TEXT");
}

/**
 * The terms of each message up to its stream's `indexed`, by its number (see `sqlite-search-index.ts`). They are made
 * by `termsOf`: whoever changes that adds a step that empties both.
 */
function createSearchIndex(database: DatabaseSync): void {
  database.exec(`
    CREATE VIRTUAL TABLE search USING fts5(
      terms, content = '', detail = 'none', columnsize = 0, tokenize = 'ascii'
    );
    -- What is erased is gone from the index at once, and not only marked.
    INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
    INSERT INTO search (search, rank) VALUES ('usermerge', 2);
    CREATE VIRTUAL TABLE search_terms USING fts5vocab(search, row);
    ALTER TABLE streams ADD COLUMN indexed INTEGER NOT NULL DEFAULT 0;
  `);
}

/** The identity of a store that is just made. */
export function newIdentity(): StoreIdentity {
  return { epoch: randomBytes(8).toString("hex"), tokenSecret: randomBytes(32).toString("hex") };
}

import {
  copyFileSync,
  createReadStream,
  createWriteStream,
  existsSync,
  linkSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  BackupError,
  type CopyOptions,
  type CopySummary,
  detailOf,
  quote,
  removeDatabase,
  requireGoingOn,
  requireSpace,
} from "./backup.ts";
import { databaseName, openDataFolder } from "./data-folder.ts";
import { type Contents, checkContents, messagesOf, readContents } from "./database-check.ts";
import { syncToDisk } from "./disk-sync.ts";
import { changeEpoch, migrate, requireKnownSchema } from "./migrations.ts";
import { createPrivately } from "./sqlite-connection.ts";
import { sqliteCode } from "./sqlite-fault.ts";

export interface RestoreOptions extends CopyOptions {
  /** Says when, in the name of the file that is kept aside. */
  readonly now: Date;
}

export interface RestoreSummary extends CopySummary {
  /** Where the database is that was replaced. */
  readonly keptAside: string | undefined;
}

const sqliteBusy = 5;

/**
 * Makes a backup the database of a data folder that no server uses. The backup is copied, checked and brought up
 * to date before anything in the folder changes, and is given a new epoch: what was said after it is lost, and
 * those who resume are to be told. What is there already is kept aside under a dated name.
 *
 * @throws BackupError, DataFolderError
 */
export async function restoreBackup(
  file: string,
  folder: string,
  options: RestoreOptions,
): Promise<RestoreSummary> {
  requireBackup(file);
  const { path, release } = openDataFolder(folder);
  const database = join(path, databaseName);
  const partial = join(path, `${databaseName}.partial`);
  try {
    if (existsSync(database) && !options.overwrite) {
      throw new BackupError(
        `Cannot restore to ${quote(path)}: it holds messages already; --overwrite keeps them aside`,
      );
    }
    removeDatabase(partial);
    const bytes = await copyFile(file, partial, options);
    options.progress({ kind: "checking" });
    const contents = adopt(partial, file);
    syncToDisk(partial);
    await requireGoingOn(options.signal);
    const keptAside = existsSync(database) ? keepAside(database, options.now) : undefined;
    renameSync(partial, database);
    syncToDisk(path);
    return { messages: messagesOf(contents), streams: contents.streams.length, bytes, keptAside };
  } finally {
    removeDatabase(partial);
    release();
  }
}

function requireBackup(file: string): void {
  if (!existsSync(file)) throw new BackupError(`Cannot restore ${quote(file)}: it does not exist`);
  if (!statSync(file).isFile()) throw new BackupError(`Cannot restore ${quote(file)}: it is no file`);
  const log = `${file}-wal`;
  if (existsSync(log) && statSync(log).size > 0) {
    throw new BackupError(
      `Cannot restore ${quote(file)}: a part of it is still in ${quote(log)}, so it is no backup; roomful backup makes one`,
    );
  }
}

/** Read as bytes: opening it as a database would put SQLite's files beside it. */
async function copyFile(file: string, partial: string, options: RestoreOptions): Promise<number> {
  const totalBytes = statSync(file).size;
  requireSpace(dirname(partial), totalBytes);
  createPrivately(partial);
  let doneBytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      doneBytes += chunk.length;
      options.progress({ kind: "copying", doneBytes, totalBytes });
      done(null, chunk);
    },
  });
  const chunks = { highWaterMark: 1024 * 1024 };
  try {
    await pipeline(createReadStream(file, chunks), counted, createWriteStream(partial, { flags: "r+" }), {
      signal: options.signal,
    });
  } catch (error) {
    options.signal.throwIfAborted();
    throw new BackupError(`Cannot restore ${quote(file)}: ${detailOf(error)}`, { cause: error });
  }
  return doneBytes;
}

/** Checks the copy, brings its schema up to date and gives it its new epoch. */
function adopt(partial: string, file: string): Contents {
  try {
    const database = new DatabaseSync(partial);
    try {
      // First, so that all that follows is in the one file.
      database.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL");
      requireKnownSchema(database);
      checkContents(database);
      migrate(database);
      changeEpoch(database);
      return checkContents(database);
    } finally {
      database.close();
    }
  } catch (error) {
    throw new BackupError(`Cannot restore ${quote(file)}: ${detailOf(error)}`, { cause: error });
  }
}

/**
 * Gives the database that is to be replaced a second name, so that there is one at its place at every moment.
 * Its log must not stay: SQLite would take it for that of the next.
 */
function keepAside(database: string, now: Date): string {
  const kept = `${database}.replaced-${now.toISOString().replaceAll(/[-:]|\.\d+/g, "")}`;
  if (existsSync(kept))
    throw new BackupError(`Cannot keep the old messages: ${quote(kept)} is there already`);
  const log = { at: `${database}-wal`, kept: `${kept}-wal` };
  // Before the database is opened: SQLite removes the log of one that it finds empty.
  if (existsSync(log.at)) nameTwice(log.at, log.kept);
  let isLogNeeded = false;
  try {
    isLogNeeded = !foldLog(database);
  } finally {
    if (!isLogNeeded) rmSync(log.kept, { force: true });
  }
  nameTwice(database, kept);
  for (const suffix of ["-wal", "-shm"]) rmSync(`${database}${suffix}`, { force: true });
  syncToDisk(dirname(database));
  return kept;
}

function nameTwice(path: string, second: string): void {
  try {
    linkSync(path, second);
  } catch {
    // Not every file system has hard links.
    copyFileSync(path, second);
    syncToDisk(second);
  }
}

/** Brings into the database what is in its log only; `false` where it is too damaged for that. */
function foldLog(path: string): boolean {
  let mode: unknown;
  try {
    const database = new DatabaseSync(path);
    try {
      mode = database.prepare("PRAGMA journal_mode = DELETE").get()?.["journal_mode"];
      readContents(database);
    } finally {
      database.close();
    }
  } catch (error) {
    if (sqliteCode(error) !== sqliteBusy) return false;
    mode = "wal";
  }
  if (mode === "delete") return true;
  throw new BackupError(
    `Cannot replace ${quote(path)}: another program is reading it (an export or a backup); try again when it has ended`,
  );
}

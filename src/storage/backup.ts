import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  fdatasyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { backup, DatabaseSync } from "node:sqlite";
import { setImmediate } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { databaseName } from "./data-folder.ts";
import { type Contents, checkContents, messagesOf, readContents } from "./database-check.ts";
import { syncToDisk } from "./disk-sync.ts";
import { requireKnownSchema } from "./migrations.ts";
import { createPrivately, defaultBusyTimeoutMs } from "./sqlite-connection.ts";

/** A backup could not be made or brought back; the message is a sentence for the operator. */
export class BackupError extends Error {
  override readonly name = "BackupError";
}

/** What a copy is told and tells while it runs. */
export interface CopyOptions {
  /** Whether what stands at the place of the copy may be replaced. */
  readonly overwrite: boolean;
  /** Ends it with nothing left behind. */
  readonly signal: AbortSignal;
  readonly progress: (step: CopyStep) => void;
}

/** How far a copy has come. Checking has no measure of its own. */
export type CopyStep =
  | { readonly kind: "copying"; readonly doneBytes: number; readonly totalBytes: number }
  | { readonly kind: "checking" };

export interface CopySummary {
  readonly messages: number;
  readonly streams: number;
  readonly bytes: number;
}

/** 4 MiB: few enough turns of the loop, and Ctrl-C is heard at once. */
const pagesPerStep = 1024;
/** What waits to be written is written now and then: all at once it would hold up the server's own commits. */
const syncEveryBytes = 16 * 1024 * 1024;

/**
 * Copies the database at `source` as it is at one moment to `file`, beside a server that goes on writing
 * (docs/decisions/0015). `file` appears only when it has been read back whole and is durable.
 *
 * @throws BackupError
 */
export async function writeBackup(source: string, file: string, options: CopyOptions): Promise<CopySummary> {
  const target = resolve(file);
  requirePlace(target, source, options);
  const partial = join(dirname(target), `.${basename(target)}.${randomBytes(4).toString("hex")}.partial`);
  try {
    const snapshot = await copySnapshot(source, partial, options);
    options.progress({ kind: "checking" });
    const copied = finishCopy(partial);
    if (!isDeepStrictEqual(copied, snapshot)) throw new Error("the copy differs from what was copied");
    syncToDisk(partial);
    await requireGoingOn(options.signal);
    requirePlace(target, source, options);
    renameSync(partial, target);
    syncToDisk(dirname(target));
    return {
      messages: messagesOf(copied),
      streams: copied.streams.length,
      bytes: statSync(target).size,
    };
  } catch (error) {
    if (options.signal.aborted || error instanceof BackupError) throw error;
    throw new BackupError(`Cannot back up ${quote(source)} to ${quote(file)}: ${detailOf(error)}`, {
      cause: error,
    });
  } finally {
    removeDatabase(partial);
  }
}

/** Reading back holds up the event loop, and with it the news of a Ctrl-C. */
export async function requireGoingOn(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}

/** A database and what SQLite may have put beside it. */
export function removeDatabase(path: string): void {
  for (const suffix of ["", "-journal", "-wal", "-shm"]) rmSync(`${path}${suffix}`, { force: true });
}

export function detailOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function quote(path: string): string {
  return JSON.stringify(path);
}

function requirePlace(target: string, source: string, { overwrite }: CopyOptions): void {
  const folder = dirname(target);
  if (!existsSync(folder)) {
    throw new BackupError(`Cannot write the backup: the folder ${quote(folder)} does not exist`);
  }
  const isBesideSource = realpathSync(folder) === realpathSync(dirname(source));
  if (isBesideSource && (basename(target).startsWith(databaseName) || basename(target) === "lock")) {
    throw new BackupError(`Cannot write the backup: ${quote(target)} is the server's own file`);
  }
  if (!existsSync(target)) return;
  if (!statSync(target).isFile()) {
    throw new BackupError(`Cannot write the backup: ${quote(target)} is no file`);
  }
  if (!overwrite) {
    throw new BackupError(
      `Cannot write the backup: ${quote(target)} is there already; --overwrite replaces it`,
    );
  }
}

/**
 * A read transaction keeps the moment for every step: without it SQLite begins anew whenever somebody writes
 * between two, and under load never ends. Nothing in the log is overwritten until it is over, so it ends first.
 */
async function copySnapshot(source: string, partial: string, options: CopyOptions): Promise<Contents> {
  const database = new DatabaseSync(source, { readOnly: true, timeout: defaultBusyTimeoutMs });
  try {
    database.exec("BEGIN");
    requireKnownSchema(database);
    const snapshot = readContents(database);
    const pageBytes = pragma(database, "page_size");
    requireSpace(dirname(partial), pragma(database, "page_count") * pageBytes);
    createPrivately(partial);
    const written = openSync(partial, "r+");
    let syncedBytes = 0;
    try {
      await backup(database, partial, {
        rate: pagesPerStep,
        progress: ({ totalPages, remainingPages }) => {
          options.signal.throwIfAborted();
          const doneBytes = (totalPages - remainingPages) * pageBytes;
          options.progress({ kind: "copying", doneBytes, totalBytes: totalPages * pageBytes });
          if (doneBytes - syncedBytes < syncEveryBytes) return;
          syncedBytes = doneBytes;
          fdatasyncSync(written);
        },
      });
    } finally {
      closeSync(written);
    }
    options.signal.throwIfAborted();
    return snapshot;
  } finally {
    database.close();
  }
}

/** Makes the copy one file that needs no log beside it, and reads all of it. */
function finishCopy(partial: string): Contents {
  const database = new DatabaseSync(partial);
  try {
    database.exec("PRAGMA journal_mode = DELETE");
    return checkContents(database);
  } finally {
    database.close();
  }
}

/** @throws BackupError where a folder's disk has not so many bytes for this user. */
export function requireSpace(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize > bytes) return;
  throw new BackupError(
    `Cannot copy to ${quote(folder)}: ${bytes} bytes are needed and ${bavail * bsize} are free`,
  );
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}

import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { syncToDisk } from "./disk-sync.ts";
import { createPrivately } from "./sqlite-connection.ts";
import { sqliteCode } from "./sqlite-fault.ts";

/** Why a folder cannot be the data folder, in words for the operator. */
export class DataFolderError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "DataFolderError";
  }
}

/** A data folder that this process has for itself, until `release` or its end, however it ends. */
export interface DataFolder {
  /** Absolute. */
  readonly path: string;
  release(): void;
}

/** The file of messages in a data folder. */
export const databaseName = "roomful.db";
/** The server's own certificate and its key. */
export const certificateName = "tls-cert.pem";
export const keyName = "tls-key.pem";
/** The folder in it with what a certificate authority gave. */
export const acmeFolderName = "acme";

const lockName = "lock";
const sqliteBusy = 5;

// A lock whose holder forgets it must not go away when its garbage is collected.
const held = new Set<DatabaseSync>();

/**
 * Makes the folder where it is missing (mode 0700, its parents too) and takes it for this process alone.
 *
 * @throws DataFolderError where it is in use, is no folder, or cannot be written.
 */
export function openDataFolder(folder: string): DataFolder {
  const path = resolve(folder);
  makeFolder(path);
  const lock = takeLock(path);
  held.add(lock);
  const release = (): void => {
    if (held.delete(lock)) lock.close();
  };
  return { path, release };
}

/**
 * Whether a server has the folder for itself. This reads the lock for a moment, in which a server that starts would
 * be refused; a server that runs is not disturbed. Not for a process that holds the lock itself.
 */
export function isInUse(folder: string): boolean {
  const file = join(folder, lockName);
  if (!existsSync(file)) return false;
  const lock = new DatabaseSync(file, { readOnly: true });
  try {
    lock.prepare("SELECT count(*) FROM sqlite_schema").get();
    return false;
  } catch (error) {
    if (sqliteCode(error) === sqliteBusy) return true;
    throw error;
  } finally {
    lock.close();
  }
}

function makeFolder(path: string): void {
  try {
    makeWithParents(path);
  } catch (error) {
    if (!isFolder(path)) throw refusal(path, "is not a folder and cannot be made one", error);
    makePrivate(path);
  }
}

/** One by one: where a file system takes no folders, Node's own `recursive` never comes to an end. */
function makeWithParents(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(path) === path) throw error;
    if (!isFolder(dirname(path))) makeWithParents(dirname(path));
    mkdirSync(path, { mode: 0o700 });
  }
  // A power cut must not lose the folder in which a message was said to be durable.
  syncToDisk(dirname(path));
}

/**
 * What was there before may be open to others. A folder with anything else in it (`/tmp`, say) is not ours to
 * close; the files in it are. What this user may not change, its owner answers for.
 */
function makePrivate(path: string): void {
  try {
    const names = readdirSync(path);
    for (const name of names.filter(isOurs))
      chmodSync(join(path, name), name === acmeFolderName ? 0o700 : 0o600);
    if (names.every(isOurs)) chmodSync(path, 0o700);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") throw refusal(path, "cannot be written", error);
  }
}

/** Whether a file (or the one folder) of this name in a data folder is Roomful's. */
export function isOurs(name: string): boolean {
  if (name === lockName || name === acmeFolderName) return true;
  return [databaseName, certificateName, keyName].some((own) => name.startsWith(own));
}

function takeLock(path: string): DatabaseSync {
  const file = join(path, lockName);
  let lock: DatabaseSync | undefined;
  try {
    createPrivately(file);
    lock = new DatabaseSync(file);
    // A lock of the operating system on the file: it goes with the process, even on `kill -9`.
    lock.exec("BEGIN EXCLUSIVE");
    return lock;
  } catch (error) {
    lock?.close();
    if (sqliteCode(error) === sqliteBusy) throw refusal(path, "is in use by another server", error);
    throw refusal(path, "cannot be written", error);
  }
}

function refusal(path: string, why: string, cause: unknown): DataFolderError {
  const detail = cause instanceof Error && why === "cannot be written" ? ` (${cause.message})` : "";
  return new DataFolderError(`Cannot use --data: ${JSON.stringify(path)} ${why}${detail}`, { cause });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

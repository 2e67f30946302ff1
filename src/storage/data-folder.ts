import { closeSync, fsyncSync, mkdirSync, openSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
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

function makeFolder(path: string): void {
  try {
    const first = mkdirSync(path, { recursive: true, mode: 0o700 });
    if (first === undefined) return;
    // A power cut must not lose the folder in which a message was said to be durable.
    for (let made = path; made !== dirname(first); made = dirname(made)) syncFolder(dirname(made));
  } catch (error) {
    if (!isFolder(path)) throw refusal(path, "is not a folder and cannot be made one", error);
  }
}

function takeLock(path: string): DatabaseSync {
  const file = join(path, "lock");
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

function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { StoreFault, type StoreFaultReason } from "./store.ts";

// https://www.sqlite.org/rescode.html
const sqliteBusy = 5;
const sqliteLocked = 6;
const sqliteIoError = 10;
const sqliteFull = 13;

/** Below this the next page of the wal-index (32 KiB) may not fit. */
const noSpaceBytes = 64 * 1024;

/** SQLite's primary result code, or `undefined` where `error` is not from SQLite. */
export function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  const { errcode } = error as { errcode?: unknown };
  return typeof errcode === "number" ? errcode & 0xff : undefined;
}

/** Whether `error` is one with which SQLite says that nothing of the transaction can be in the log. */
export function leavesNoTrace(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === sqliteFull || code === sqliteBusy || code === sqliteLocked;
}

/** `error` as a fault of the database at `path`; a `StoreFault` keeps its reason and its words. */
export function faultOf(
  error: unknown,
  { action, path, outcome }: { action: string; path: string; outcome: StoreFault["outcome"] },
): StoreFault {
  if (error instanceof StoreFault) return new StoreFault(error.reason, outcome, error);
  const reason = reasonOf(error, path);
  const detail = error instanceof Error ? error.message : String(error);
  const message = `Cannot ${action} in ${JSON.stringify(path)}: ${detail}`;
  return new StoreFault(reason, outcome, { message, cause: error });
}

function reasonOf(error: unknown, path: string): StoreFaultReason {
  const code = sqliteCode(error);
  if (code === sqliteFull) return "full";
  if (code === sqliteBusy || code === sqliteLocked) return "busy";
  // Growing the wal-index on a full disk is an I/O error to SQLite (SQLITE_IOERR_SHMSIZE), not SQLITE_FULL.
  if (code === sqliteIoError && hasNoSpace(path)) return "full";
  if (error instanceof Error && "code" in error && error.code === "ENOSPC") return "full";
  return "failing";
}

function hasNoSpace(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize < noSpaceBytes;
  } catch {
    return false;
  }
}

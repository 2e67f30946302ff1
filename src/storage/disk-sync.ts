import { closeSync, fsyncSync, openSync } from "node:fs";

/**
 * Has what was written to a file, or named in a folder, survive a power cut. Closing a file drops this process's
 * locks on it, so never call this with a database that SQLite has open here.
 */
export function syncToDisk(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

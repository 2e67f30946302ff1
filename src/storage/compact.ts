import { statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { BackupError, detailOf, quote, requireSpace } from "./backup.ts";
import { databaseName, openDataFolder } from "./data-folder.ts";
import { requireKnownSchema } from "./migrations.ts";

/** How large the database was and is. */
export interface CompactSummary {
  readonly beforeBytes: number;
  readonly afterBytes: number;
}

/**
 * Gives back to the disk what erased messages took. It is done by SQLite in one transaction: whatever ends it, the
 * database is the old or the new one. The server must not be running: it would be kept waiting for as long.
 *
 * @throws BackupError, DataFolderError
 */
export function compactFolder(folder: string): CompactSummary {
  const { path, release } = openDataFolder(folder);
  const database = join(path, databaseName);
  try {
    const beforeBytes = statSync(database).size;
    requireSpace(path, 2 * beforeBytes);
    vacuum(database);
    return { beforeBytes, afterBytes: statSync(database).size };
  } catch (error) {
    if (error instanceof BackupError) throw error;
    throw new BackupError(`Cannot compact ${quote(database)}: ${detailOf(error)}`, { cause: error });
  } finally {
    release();
  }
}

function vacuum(path: string): void {
  const database = new DatabaseSync(path);
  try {
    // Without a log the new one is written once, not twice. The next server has one again.
    const mode = database.prepare("PRAGMA journal_mode = DELETE").get()?.["journal_mode"];
    if (mode !== "delete") throw new Error("another program is reading it (an export or a backup)");
    requireKnownSchema(database);
    database.exec("PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; VACUUM");
  } finally {
    database.close();
  }
}

import { closeSync, mkdirSync, openSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { lobby } from "../../src/chat/event.ts";
import { databaseName } from "../../src/storage/data-folder.ts";
import { openSqliteStoreHere } from "../../src/storage/sqlite-store.ts";

/** Makes a data folder whose room holds so many messages, of some 300 bytes each, said at `at`. */
export async function fillFolder(folder: string, messages: number, at: number = Date.now()): Promise<void> {
  mkdirSync(folder, { mode: 0o700 });
  const path = join(folder, databaseName);
  await (await openSqliteStoreHere(path)).close();
  const database = new DatabaseSync(path);
  database.exec(`
    BEGIN;
    INSERT INTO streams (id, key, floor, head, last_at) VALUES (1, '${lobby}', 0, ${messages}, ${at});
    INSERT INTO events (stream, number, id, at, kind, person, name, text)
    SELECT 1, value, 'm' || value, ${at}, 1, 'p-filler', 'Filler', 'filled ' || value || ' ' || hex(zeroblob(120))
    FROM (WITH RECURSIVE numbers (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM numbers WHERE value < ${messages})
          SELECT value FROM numbers);
    COMMIT;
  `);
  database.close();
}

/** Changes a database that nobody uses. */
export function changeDatabase(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

/** Overwrites a piece in the middle of a file, as a failing disk may. */
export function damageFile(path: string): void {
  const { size } = statSync(path);
  const file = openSync(path, "r+");
  writeSync(file, Buffer.alloc(16_384, 0xa5), 0, 16_384, Math.floor(size / 2));
  closeSync(file);
}

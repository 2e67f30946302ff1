import type { DatabaseSync } from "node:sqlite";
import type { StreamId } from "../chat/event.ts";
import { readIdentity } from "./migrations.ts";
import type { StoreIdentity, StreamHead } from "./store.ts";

/** What a database holds, by its own account. */
export interface Contents {
  readonly identity: StoreIdentity;
  readonly streams: readonly StreamHead[];
}

export function readContents(database: DatabaseSync): Contents {
  const rows = database.prepare("SELECT key, floor, head FROM streams ORDER BY id").all();
  const streams = rows.map((row) => ({
    stream: row["key"] as StreamId,
    floor: row["floor"] as number,
    head: row["head"] as number,
  }));
  return { identity: readIdentity(database), streams };
}

/** How many messages that is: numbers have no holes. */
export function messagesOf({ streams }: Pick<Contents, "streams">): number {
  return streams.reduce((sum, { floor, head }) => sum + head - floor, 0);
}

/**
 * Reads the whole database, and what it holds.
 *
 * @throws Error where the file is damaged, or a stream has not the messages that its numbers say.
 */
export function checkContents(database: DatabaseSync): Contents {
  const [problem] = Object.values(database.prepare("PRAGMA quick_check(1)").get() ?? {});
  if (problem !== "ok") throw new Error(`it is damaged (${String(problem).split("\n").at(-1)})`);
  const stored = database.prepare(
    `SELECT key, head - floor AS wanted, count(number) AS found, coalesce(max(number), head) AS last, head
     FROM streams LEFT JOIN events ON events.stream = streams.id AND number > floor GROUP BY streams.id`,
  );
  for (const row of stored.iterate()) {
    const { key, wanted, found, last, head } = row;
    if (found === wanted && last === head) continue;
    throw new Error(`it is damaged (${String(key)} has ${String(found)} of ${String(wanted)} messages)`);
  }
  return readContents(database);
}

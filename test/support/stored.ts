import { join } from "node:path";
import type { StoredEvent, StreamId } from "../../src/chat/event.ts";
import { databaseName } from "../../src/storage/data-folder.ts";
import { unpackEvents } from "../../src/storage/event-columns.ts";
import { SqliteReader } from "../../src/storage/sqlite-reader.ts";
import type { StreamHead } from "../../src/storage/store.ts";

/** Everything that is stored in a data folder, stream by stream in number order; beside a running server too. */
export function readStored(dataFolder: string): ReadonlyMap<StreamId, readonly StoredEvent[]> {
  const reader = new SqliteReader(join(dataFolder, databaseName));
  try {
    return new Map(reader.streams().map((stream) => [stream.stream, eventsOf(reader, stream)]));
  } finally {
    reader.close();
  }
}

/** The head of each stream. */
export function readHeads(dataFolder: string): ReadonlyMap<StreamId, number> {
  const reader = new SqliteReader(join(dataFolder, databaseName));
  try {
    return new Map(reader.streams().map(({ stream, head }) => [stream, head]));
  } finally {
    reader.close();
  }
}

function eventsOf(reader: SqliteReader, { stream, floor, head }: StreamHead): readonly StoredEvent[] {
  const events: StoredEvent[] = [];
  while (floor + events.length < head) {
    const page = reader.after(stream, floor + events.length, 1000);
    const read = unpackEvents(page.events, page.number);
    if (read.length === 0) break;
    events.push(...read);
  }
  return events;
}

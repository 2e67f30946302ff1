import { type Instant, instantOf, type MessageId } from "../chat/event.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";

/** Where a stream stands, with its id in the database; all 0 for one that is not there. */
export interface StreamStand {
  readonly id: number;
  readonly floor: number;
  readonly head: number;
}

/** Where the clock was set back, so many events may lie between where an event should be and where it is. */
const maxMovedEvents = 10_000;

export function standOf(connection: SqliteConnection, key: string): StreamStand {
  const found = connection.row("SELECT id, floor, head FROM streams WHERE key = ?", key) ?? [0, 0, 0];
  const [id, floor, head] = found as [number, number, number];
  return { id, floor, head };
}

/**
 * The number of the last event before an instant; the floor where there is none. Time never runs backwards in a
 * stream and its numbers have no holes, so that it takes a few looks and no index.
 */
export function numberBefore(
  connection: SqliteConnection,
  { id, floor, head }: StreamStand,
  at: Instant,
): number {
  let [before, after] = [floor, head + 1];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    const row = connection.row("SELECT at FROM events WHERE stream = ? AND number = ?", id, middle);
    if (Number(row?.[0]) < at) before = middle;
    else after = middle;
  }
  return before;
}

/**
 * The number of the event with this id, which says when it was accepted. An index on ids would make appending a
 * fifth dearer.
 */
export function numberOf(
  connection: SqliteConnection,
  stand: StreamStand,
  id: MessageId,
): number | undefined {
  const before = numberBefore(connection, stand, instantOf(id));
  const row = connection.row(
    "SELECT number FROM events WHERE stream = ? AND number > ? AND number <= ? AND id = ? LIMIT 1",
    stand.id,
    before,
    before + maxMovedEvents,
    id,
  );
  return row?.[0] as number | undefined;
}

import type { CleanText, MessageId, StoredEvent, StreamId } from "../chat/event.ts";
import { AuthorPool, type EventColumns, kindOf, packEvents } from "./event-columns.ts";
import { maxPageBytes } from "./store.ts";

/** What `packRows` reads, in its order. */
export const eventColumns =
  "streams.key, number, events.id, at, kind, events.person, name, to_person, to_name, text, reply_to, thread_root, client_tags";

/** Events and their numbers as columns. */
export interface EventsWithNumbers {
  readonly events: EventColumns;
  readonly number: Float64Array;
}

/** A row of `eventColumns`. */
export type EventRow = readonly [
  StreamId,
  number,
  MessageId,
  number,
  number,
  string,
  string,
  string | null,
  string | null,
  CleanText,
  MessageId | null,
  MessageId | null,
  string | null,
];

/**
 * Packs rows of `eventColumns` until their texts exceed `maxPageBytes`, always at least one.
 * With `newestFirst` they come in falling order and are packed in rising order.
 */
export function packRows(rows: Iterable<unknown>, { newestFirst = false } = {}): EventsWithNumbers {
  const authors = new AuthorPool();
  const events: StoredEvent[] = [];
  let bytes = 0;
  for (const row of rows) {
    const event = eventOf(row as EventRow, authors);
    bytes += Buffer.byteLength(event.text);
    if (bytes > maxPageBytes && events.length > 0) break;
    events.push(event);
  }
  if (newestFirst) events.reverse();
  return { events: packEvents(events), number: Float64Array.from(events, (event) => event.number) };
}

export function eventOf(row: EventRow, authors: AuthorPool): StoredEvent {
  const [stream, number, id, at, kind, person, name, toPerson, toName, text, replyTo, threadRoot, tags] = row;
  return {
    stream,
    number,
    id,
    at,
    kind: kindOf(kind),
    from: authors.get(person, name),
    to: toPerson === null ? undefined : authors.get(toPerson, toName ?? ""),
    text,
    replyTo: replyTo ?? undefined,
    threadRoot: threadRoot ?? undefined,
    clientTags: tags ?? undefined,
  };
}

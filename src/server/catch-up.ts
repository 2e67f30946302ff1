import type { StoredEvent, StreamId } from "../chat/event.ts";
import type { Page } from "../storage/store.ts";
import type { Gone } from "./link.ts";

/** What a reader missed of several streams, as far as the pages at hand reach. */
export interface Missed {
  readonly events: readonly StoredEvent[];
  readonly gone: readonly Gone[];
  /** Per stream the number that the reader has seen once it was handed these events. */
  readonly seen: ReadonlyMap<StreamId, number>;
}

/**
 * One run of events from a page of each stream, in order of time. Where a page was cut off, only what is not
 * later than its end is taken of the others, so that the next run goes on in order.
 */
export function mergePages(seen: ReadonlyMap<StreamId, number>, pages: ReadonlyMap<StreamId, Page>): Missed {
  const gone: Gone[] = [];
  const now = new Map(seen);
  let horizon = Number.POSITIVE_INFINITY;
  for (const [stream, page] of pages) {
    const from = seen.get(stream) ?? 0;
    if (page.floor > from) {
      gone.push({ stream, from: from + 1, to: page.floor });
      now.set(stream, page.floor);
    }
    const last = page.events.at(-1);
    if (last !== undefined && last.number < page.head) horizon = Math.min(horizon, last.at);
  }
  const events = [...pages.values()].flatMap((page) => page.events).filter((event) => event.at <= horizon);
  // Sorting is stable, so equal times keep the number order within a stream.
  events.sort((one, other) => one.at - other.at);
  for (const event of events) now.set(event.stream, event.number);
  return { events, gone, seen: now };
}

import type { PersonId, StoredEvent, StreamId } from "../chat/event.ts";
import { type IgnoreLists, isHidden } from "../chat/ignore-lists.ts";
import type { Page, PageBounds, Store } from "../storage/store.ts";

/** For the sake of one page it is read so often at most, and then so much at once. */
const maxReads = 20;
const minEventsAtOnce = 256;

export interface WantedPage extends PageBounds {
  /** The number that the page comes after, or before. */
  readonly from: number;
  readonly limit: number;
  /** What alone counts and is in the page; `undefined`: all. */
  readonly isWanted: ((event: StoredEvent) => boolean) | undefined;
}

/** Whether an event is shown to somebody, as his list is now; `undefined`: all are. */
export function isShownTo(
  ignoring: IgnoreLists,
  reader: PersonId,
): ((event: StoredEvent) => boolean) | undefined {
  const unheard = ignoring.unheardBy(reader);
  return unheard && ((event) => !isHidden(unheard, event));
}

/** As `Store.after`, reading on past what is not wanted. */
export async function wantedAfter(
  store: Pick<Store, "after">,
  stream: StreamId,
  { from, limit, isWanted, ...bounds }: WantedPage,
): Promise<Page> {
  let page = await store.after(stream, from, limit, bounds);
  if (isWanted === undefined) return page;
  const events = page.events.filter(isWanted);
  for (let reads = 1; events.length < limit && reads < maxReads; reads += 1) {
    const last = page.events.at(-1);
    if (last === undefined) break;
    page = await store.after(stream, last.number, Math.max(limit, minEventsAtOnce), bounds);
    events.push(...page.events.filter(isWanted).slice(0, limit - events.length));
  }
  return { ...page, events };
}

/** As `Store.before`, reading on past what is not wanted. */
export async function wantedBefore(
  store: Pick<Store, "before">,
  stream: StreamId,
  { from, limit, isWanted, ...bounds }: WantedPage,
): Promise<Page> {
  let page = await store.before(stream, from, limit, bounds);
  if (isWanted === undefined) return page;
  const { head } = page;
  let events: readonly StoredEvent[] = page.events.filter(isWanted);
  for (let reads = 1; events.length < limit && reads < maxReads; reads += 1) {
    const [first] = page.events;
    if (first === undefined) break;
    page = await store.before(stream, first.number, Math.max(limit, minEventsAtOnce), bounds);
    const older = page.events.filter(isWanted);
    events = [...older.slice(Math.max(0, older.length - (limit - events.length))), ...events];
  }
  return { ...page, head, events };
}

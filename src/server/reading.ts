import { isRoom, type PersonId, type ReaderEvent, type StoredEvent, type StreamId } from "../chat/event.ts";
import type { IgnoreLists } from "../chat/ignore-lists.ts";
import type { SessionId } from "../chat/roster.ts";
import { type Page, type Store, StoreFault } from "../storage/store.ts";
import { mergePages } from "./catch-up.ts";
import type { Clock } from "./clock.ts";
import type { Feeds } from "./feeds.ts";
import type { Ask, PersonalTell, Seen } from "./link.ts";
import { type Outlet, refusalOfFault } from "./outlet.ts";
import type { Settings } from "./settings.ts";
import { isShownTo, wantedAfter, wantedBefore } from "./wanted-pages.ts";

/** A reader that catches up is handed at most so many events of a stream at a time. */
const missedEventsAtATime = 256;
const readRetryMs = 500;

/** Looks back: pages of history, and what a session missed; from memory where that reaches, else from the store. */
export class Reading {
  readonly #store: Store;
  readonly #feeds: Feeds;
  readonly #outlet: Outlet;
  readonly #clock: Clock;
  readonly #settings: Settings;

  constructor(means: {
    readonly store: Store;
    readonly feeds: Feeds;
    readonly outlet: Outlet;
    readonly clock: Clock;
    readonly settings: Settings;
  }) {
    this.#store = means.store;
    this.#feeds = means.feeds;
    this.#outlet = means.outlet;
    this.#clock = means.clock;
    this.#settings = means.settings;
  }

  /** Answers with a page of a stream that the session may read. `answered` is called after the answer. */
  history(
    ask: Extract<Ask, { kind: "history" }>,
    how: {
      readonly mayRead: () => boolean;
      readonly ignoring: IgnoreLists;
      readonly reader: PersonId;
      readonly answered: () => void;
    },
  ): void {
    const { session, tag, after, before } = ask;
    const { mayRead, ignoring, reader, answered } = how;
    const stream = ask.stream as StreamId;
    const limit = Math.min(ask.limit ?? this.#settings.joinHistory, this.#settings.maxPageEvents);
    // Read when everything before has been released, so that the page holds what its reader was shown.
    this.#outlet.barrier(() => {
      const bounds = { limit, isWanted: ask.onlyShown ? isShownTo(ignoring, reader) : undefined };
      const reading =
        after === undefined
          ? wantedBefore(this.#store, stream, { from: before ?? Number.MAX_SAFE_INTEGER, ...bounds })
          : wantedAfter(this.#store, stream, { from: after, ...bounds });
      reading.then(
        (page) => {
          this.#outlet.inOrder(() => {
            // A right that was lost meanwhile is lost.
            if (mayRead()) {
              const shown = { ...page, events: ignoring.shown(reader, page.events) };
              this.#outlet.tell({
                kind: "page",
                session,
                at: this.#outlet.now(),
                tag,
                stream,
                page: shown,
              });
            } else this.#outlet.refuse(session, { reason: "no-such-stream", stream }, tag);
            answered();
          });
        },
        (error: unknown) => {
          this.#outlet.refuse(session, refusalOfFault(error), tag);
          this.#outlet.inOrder(answered);
        },
      );
    });
  }

  /**
   * Tells a session the next part of what it missed; called in its place in the order. With the part that
   * reaches the heads comes the list of who is online, and the session is live after it.
   */
  missed(session: SessionId, where: Missing): void {
    const { seen, heads } = where;
    const behind = [...heads].filter(([stream, head]) => (seen.get(stream) ?? 0) < head);
    const remembered = this.#remembered(seen, heads);
    if (behind.every(([stream]) => remembered.has(stream))) {
      this.#tellPart(session, where, remembered);
      return;
    }
    const reads = behind
      .filter(([stream]) => !remembered.has(stream))
      .map(async ([stream]): Promise<[StreamId, Page]> => {
        return [stream, await this.#store.after(stream, seen.get(stream) ?? 0, missedEventsAtATime)];
      });
    // Somebody who is written to all the time would otherwise never be through with reading.
    const arrived: StoredEvent[] = [];
    const unwatch = where.watch(arrived);
    Promise.all(reads).then(
      (pages) => {
        this.#outlet.inOrder(() => {
          unwatch();
          const now = new Map(pages);
          for (const event of arrived) continuePage(now, event);
          for (const [stream, page] of now)
            if (isRoom(stream)) now.set(stream, this.#continued(stream, page));
          for (const stream of heads.keys()) {
            if (isRoom(stream) && !now.has(stream)) now.set(stream, this.#pageOf(stream, seen));
          }
          // A right that was lost meanwhile is lost.
          for (const stream of now.keys()) if (!where.mayRead(stream)) now.delete(stream);
          this.#tellPart(session, where, now);
        });
      },
      (error: unknown) => {
        unwatch();
        if (!(error instanceof StoreFault)) throw error;
        // Reading may fail for a while; the reader loses nothing but time.
        this.#clock.after(readRetryMs, where.again);
      },
    );
  }

  #tellPart(session: SessionId, where: Missing, pages: ReadonlyMap<StreamId, Page>): void {
    const missed = mergePages(where.seen, pages);
    const isAll = [...pages].every(([stream, { head }]) => (missed.seen.get(stream) ?? 0) >= head);
    const online = isAll ? where.online() : undefined;
    const events = where.shown(missed.events);
    this.#outlet.tell({ kind: "missed", session, ...missed, events, online });
  }

  /** A page of a room with what was said since it was read, unless it was cut before that. */
  #continued(stream: StreamId, page: Page): Page {
    const { head } = this.#feeds.get(stream);
    if (head <= page.head) return page;
    const isWhole = (page.events.at(-1)?.number ?? page.head) === page.head;
    const since = isWhole ? (this.#feeds.get(stream).after(page.head, missedEventsAtATime) ?? []) : [];
    return { ...page, events: [...page.events, ...since], head };
  }

  /** What of the rooms is in memory, of those whose memory reaches back so far. */
  #remembered(seen: Seen, heads: Seen): Map<StreamId, Page> {
    const pages = new Map<StreamId, Page>();
    for (const stream of heads.keys()) {
      if (isRoom(stream) && this.#feeds.get(stream).after(seen.get(stream) ?? 0, 1) !== undefined) {
        pages.set(stream, this.#pageOf(stream, seen));
      }
    }
    return pages;
  }

  /** What of a room is in memory; nothing, up to where it stands, where that does not reach back so far. */
  #pageOf(stream: StreamId, seen: Seen): Page {
    const feed = this.#feeds.get(stream);
    const events = feed.after(seen.get(stream) ?? 0, missedEventsAtATime) ?? [];
    return { events, floor: feed.floor, head: feed.head };
  }
}

/** What a session misses, and what to do about it. */
interface Missing {
  readonly seen: Seen;
  readonly heads: Seen;
  readonly mayRead: (stream: StreamId) => boolean;
  /** Events as its person is shown them. */
  readonly shown: (events: readonly StoredEvent[]) => readonly ReaderEvent[];
  /** Who is in its person's rooms now. */
  readonly online: () => Extract<PersonalTell, { kind: "missed" }>["online"];
  /** Has the session ask anew, where the store could not be read. */
  readonly again: () => void;
  /** From now on adds each private event of this person to a list, until what it returns is called. */
  readonly watch: (list: StoredEvent[]) => () => void;
}

/** Adds an event that became durable while its stream was being read, unless the page was cut before it. */
function continuePage(pages: Map<StreamId, Page>, event: StoredEvent): void {
  const { stream, number } = event;
  const page = pages.get(stream);
  if (page === undefined) {
    pages.set(stream, { events: [event], floor: 0, head: number });
  } else if (number > page.head) {
    const isWhole = (page.events.at(-1)?.number ?? page.head) === page.head;
    pages.set(stream, { ...page, events: isWhole ? [...page.events, event] : page.events, head: number });
  }
}

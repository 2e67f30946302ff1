import { lobby, type StoredEvent, type StreamId } from "../chat/event.ts";
import type { OnlineList, SessionId } from "../chat/roster.ts";
import { type Page, type Store, StoreFault } from "../storage/store.ts";
import { mergePages } from "./catch-up.ts";
import type { Clock } from "./clock.ts";
import type { Feed } from "./feed.ts";
import type { Ask, Seen } from "./link.ts";
import { type Outlet, refusalOfFault } from "./outlet.ts";
import type { Settings } from "./settings.ts";

/** A reader that catches up is handed at most so many events of a stream at a time. */
const missedEventsAtATime = 256;
const readRetryMs = 500;

/** Looks back: pages of history, and what a session missed; from memory where that reaches, else from the store. */
export class Reading {
  readonly #store: Store;
  readonly #feed: Feed;
  readonly #outlet: Outlet;
  readonly #clock: Clock;
  readonly #settings: Settings;

  constructor(means: {
    readonly store: Store;
    readonly feed: Feed;
    readonly outlet: Outlet;
    readonly clock: Clock;
    readonly settings: Settings;
  }) {
    this.#store = means.store;
    this.#feed = means.feed;
    this.#outlet = means.outlet;
    this.#clock = means.clock;
    this.#settings = means.settings;
  }

  /** Answers with a page of a stream that the session may read. `answered` is called after the answer. */
  history(ask: Extract<Ask, { kind: "history" }>, answered: () => void): void {
    const { session, tag, after, before } = ask;
    const stream = ask.stream as StreamId;
    const limit = Math.min(ask.limit ?? this.#settings.joinHistory, this.#settings.maxPageEvents);
    // Read when everything before has been released, so that the page holds what its reader was shown.
    this.#outlet.barrier(() => {
      const reading =
        after === undefined
          ? this.#store.before(stream, before ?? Number.MAX_SAFE_INTEGER, limit)
          : this.#store.after(stream, after, limit);
      reading.then(
        (page) => {
          this.#outlet.inOrder(() => {
            this.#outlet.tell({ kind: "page", session, at: this.#outlet.now(), tag, stream, page });
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
  missed(
    session: SessionId,
    where: {
      readonly seen: Seen;
      readonly heads: Seen;
      readonly online: () => OnlineList;
      /** Has the session ask anew, where the store could not be read. */
      readonly again: () => void;
      /** From now on adds each private event of this person to a list, until what it returns is called. */
      readonly watch: (list: StoredEvent[]) => () => void;
    },
  ): void {
    const { seen, heads } = where;
    const behind = [...heads].filter(([stream, head]) => (seen.get(stream) ?? 0) < head);
    if (behind.every(([stream]) => stream === lobby)) {
      const events = this.#feed.after(seen.get(lobby) ?? 0, missedEventsAtATime);
      if (events !== undefined) {
        const number = events.at(-1)?.number ?? this.#feed.head;
        const online = number === this.#feed.head ? where.online() : undefined;
        const now = new Map([...seen, [lobby, number] as const]);
        this.#outlet.tell({ kind: "missed", session, events, gone: [], seen: now, online });
        return;
      }
    }
    const reads = behind
      .filter(([stream]) => stream !== lobby || !this.#remembers(seen))
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
          if (!now.has(lobby)) {
            const events = this.#feed.after(seen.get(lobby) ?? 0, missedEventsAtATime) ?? [];
            now.set(lobby, { events, floor: this.#feed.floor, head: this.#feed.head });
          }
          const missed = mergePages(seen, now);
          const isAll = [...now].every(([stream, { head }]) => (missed.seen.get(stream) ?? 0) >= head);
          const online = isAll ? where.online() : undefined;
          this.#outlet.tell({ kind: "missed", session, ...missed, online });
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

  #remembers(seen: Seen): boolean {
    return this.#feed.after(seen.get(lobby) ?? 0, 1) !== undefined;
  }
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

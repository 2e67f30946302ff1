import type { Chat } from "../chat/chat.ts";
import { type EventKind, isSpeech, type StoredEvent, type StreamId } from "../chat/event.ts";
import type { Refusal } from "../chat/refusal.ts";
import type { Person } from "../chat/roster.ts";
import type { Page, Store } from "../storage/store.ts";
import type { Feeds } from "./feeds.ts";
import type { Answer, Ask, Place, Span } from "./link.ts";
import { type Outlet, refusalOfFault } from "./outlet.ts";
import type { Session } from "./session.ts";
import type { Settings } from "./settings.ts";
import type { StreamFinder } from "./stream-finder.ts";
import { isShownTo, type WantedPage, wantedAfter, wantedBefore } from "./wanted-pages.ts";

type Of<Kind extends Ask["kind"]> = Extract<Ask, { kind: Kind }>;

export interface LookingBackMeans {
  readonly chat: Chat;
  readonly store: Store;
  readonly feeds: Feeds;
  readonly outlet: Outlet;
  readonly settings: Settings;
  readonly finder: StreamFinder;
  /** Called after each answer. */
  readonly answered: (session: Session) => void;
}

/** Parts of history by what was said or when, as IRC clients ask for them. */
export class LookingBack {
  readonly #means: LookingBackMeans;

  constructor(means: LookingBackMeans) {
    this.#means = means;
  }

  /** Answers with a page. */
  lookBack(session: Session, ask: Of<"look-back">): void {
    this.#answer(session, ask.tag, async (asker) => {
      const { chat, outlet, finder, settings } = this.#means;
      const stream = await finder.find(asker, ask.where);
      if (typeof stream !== "string") return stream;
      const limit = Math.min(ask.limit, settings.maxPageEvents);
      const isWanted = isShownTo(chat.ignoring, asker.id);
      const page = await this.#read(stream, ask.span, { limit, kinds: ask.kinds, isWanted });
      if ("reason" in page) return page;
      return () => {
        // A right that was lost meanwhile is lost.
        if (!chat.mayRead(session.id, stream)) return { reason: "no-such-stream", stream };
        const present = page.events.map((event) => this.#withPresent(event));
        const events = chat.ignoring.shown(asker.id, present);
        const found = { ...page, events };
        outlet.tell({
          kind: "page",
          session: session.id,
          at: outlet.now(),
          tag: ask.tag,
          stream,
          page: found,
        });
        return undefined;
      };
    });
  }

  /** Answers with rooms and conversations. */
  lookForTalk(session: Session, ask: Of<"look-for-talk">): void {
    this.#answer(session, ask.tag, async (asker) => {
      const { chat, outlet, finder } = this.#means;
      const conversations = (await finder.lastEvents(asker.id))
        .filter((event) => !chat.ignoring.hides(asker.id, event))
        .map((event) => ({ name: finder.nameOfOther(event, asker.id), at: event.at }));
      const earlier = Math.min(ask.from, ask.to);
      const later = Math.max(ask.from, ask.to);
      const talk = [...this.#rooms(asker), ...conversations].filter(({ at }) => at > earlier && at < later);
      const direction = ask.from <= ask.to ? 1 : -1;
      talk.sort((one, other) => direction * (one.at - other.at));
      const answer: Answer = { kind: "talk", talk: talk.slice(0, ask.limit).sort((a, b) => a.at - b.at) };
      return () => {
        outlet.tell({ kind: "answer", session: session.id, at: outlet.now(), tag: ask.tag, answer });
        return undefined;
      };
    });
  }

  /** Of who is here more is known than the store keeps; the name is that of then. */
  #withPresent(event: StoredEvent): StoredEvent {
    const present = this.#means.chat.roster.byId(event.from.id);
    return present === undefined ? event : { ...event, from: { ...present.author, name: event.from.name } };
  }

  /** The rooms that somebody is in, whose last messages are in memory because of that. */
  #rooms(asker: Person): { readonly name: string; readonly at: number }[] {
    const { chat, feeds } = this.#means;
    return [...chat.rooms.of(asker.id)].flatMap((room) => {
      const last = feeds
        .get(room.stream)
        .lastOf((event) => isSpeech(event.kind) && !chat.ignoring.hides(asker.id, event));
      return last === undefined ? [] : [{ name: room.name.shown, at: last.at }];
    });
  }

  async #read(
    stream: StreamId,
    span: Span,
    what: {
      readonly limit: number;
      readonly kinds: readonly EventKind[];
      readonly isWanted: WantedPage["isWanted"];
    },
  ): Promise<Page | Refusal> {
    const { limit } = what;
    const before = (from: number, more: Partial<WantedPage> = {}): Promise<Page> =>
      wantedBefore(this.#means.store, stream, { ...what, from, ...more });
    const after = (from: number, more: Partial<WantedPage> = {}): Promise<Page> =>
      wantedAfter(this.#means.store, stream, { ...what, from, ...more });
    switch (span.kind) {
      case "before": {
        const place = await this.#placeIn(stream, span.place);
        return "reason" in place ? place : before(place.first);
      }
      case "after": {
        const place = await this.#placeIn(stream, span.place);
        return "reason" in place ? place : after(place.last);
      }
      case "last": {
        const place = span.after && (await this.#placeIn(stream, span.after));
        if (place !== undefined && "reason" in place) return place;
        return before(Number.MAX_SAFE_INTEGER, { end: place?.last });
      }
      case "between": {
        const from = await this.#placeIn(stream, span.from);
        if ("reason" in from) return from;
        const to = await this.#placeIn(stream, span.to);
        if ("reason" in to) return to;
        return from.first <= to.first
          ? after(from.last, { end: to.first })
          : before(from.first, { end: to.last });
      }
      case "around": {
        const place = await this.#placeIn(stream, span.place);
        if ("reason" in place) return place;
        const older = await before(place.first);
        const newer = await after(place.first - 1);
        // Where there is little on one side, there is room for more on the other.
        const wanted = Math.max(Math.floor(limit / 2), limit - newer.events.length);
        const earlier = older.events.slice(Math.max(0, older.events.length - wanted));
        const later = newer.events.slice(0, limit - earlier.length);
        return { ...newer, events: [...earlier, ...later] };
      }
    }
  }

  /** The numbers between which a place lies: the event itself, or the last before and the first after an instant. */
  async #placeIn(
    stream: StreamId,
    place: Place,
  ): Promise<{ readonly first: number; readonly last: number } | Refusal> {
    const { store } = this.#means;
    if (place.kind === "event") {
      const event = await store.find(stream, place.id);
      if (event === undefined) return { reason: "no-such-message", id: place.id };
      return { first: event.number, last: event.number };
    }
    const first = (await store.numberBefore(stream, place.at)) + 1;
    return { first, last: await store.numberBefore(stream, place.at + 1) };
  }

  /**
   * Has `read` done when everything before has been released, so that what is found is what its reader was shown, and
   * what it resolves to called in its place in the order; both may refuse.
   */
  #answer(
    session: Session,
    tag: Of<"look-back">["tag"],
    read: (asker: Person) => Promise<Refusal | (() => Refusal | undefined)>,
  ): void {
    const { chat, outlet, answered } = this.#means;
    session.unanswered += 1;
    const refuse = (refusal: Refusal): void =>
      outlet.tell({ kind: "refused", session: session.id, at: outlet.now(), refusal, tag });
    outlet.barrier(() => {
      const asker = chat.personOf(session.id);
      const found = asker === undefined ? Promise.resolve({ reason: "in-no-room" } as const) : read(asker);
      void found
        .catch((error: unknown) => refusalOfFault(error))
        .then((result) =>
          outlet.inOrder(() => {
            const refusal = typeof result === "function" ? result() : result;
            if (refusal !== undefined) refuse(refusal);
            answered(session);
          }),
        );
    });
  }
}

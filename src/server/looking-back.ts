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
      const page = await this.#read(stream, ask.span, { limit, kinds: ask.kinds });
      if ("reason" in page) return page;
      return () => {
        // A right that was lost meanwhile is lost.
        if (!chat.mayRead(session.id, stream)) return { reason: "no-such-stream", stream };
        const events = page.events.map((event) => this.#withPresent(event));
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
      const { outlet, finder } = this.#means;
      const conversations = (await finder.lastEvents(asker.id)).map((event) => {
        return { name: finder.nameOfOther(event, asker.id), at: event.at };
      });
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
    return [...this.#means.chat.rooms.of(asker.id)].flatMap((room) => {
      const last = this.#means.feeds.get(room.stream).lastOf(({ kind }) => isSpeech(kind));
      return last === undefined ? [] : [{ name: room.name.shown, at: last.at }];
    });
  }

  async #read(
    stream: StreamId,
    span: Span,
    what: { readonly limit: number; readonly kinds: readonly EventKind[] },
  ): Promise<Page | Refusal> {
    const { store } = this.#means;
    const { limit, kinds } = what;
    switch (span.kind) {
      case "before": {
        const place = await this.#placeIn(stream, span.place);
        return "reason" in place ? place : store.before(stream, place.first, limit, { kinds });
      }
      case "after": {
        const place = await this.#placeIn(stream, span.place);
        return "reason" in place ? place : store.after(stream, place.last, limit, { kinds });
      }
      case "last": {
        const place = span.after && (await this.#placeIn(stream, span.after));
        if (place !== undefined && "reason" in place) return place;
        return store.before(stream, Number.MAX_SAFE_INTEGER, limit, { kinds, end: place?.last });
      }
      case "between": {
        const from = await this.#placeIn(stream, span.from);
        if ("reason" in from) return from;
        const to = await this.#placeIn(stream, span.to);
        if ("reason" in to) return to;
        return from.first <= to.first
          ? store.after(stream, from.last, limit, { kinds, end: to.first })
          : store.before(stream, from.first, limit, { kinds, end: to.last });
      }
      case "around": {
        const place = await this.#placeIn(stream, span.place);
        if ("reason" in place) return place;
        const before = await store.before(stream, place.first, limit, { kinds });
        const after = await store.after(stream, place.first - 1, limit, { kinds });
        // Where there is little on one side, there is room for more on the other.
        const wanted = Math.max(Math.floor(limit / 2), limit - after.events.length);
        const earlier = before.events.slice(Math.max(0, before.events.length - wanted));
        const later = after.events.slice(0, limit - earlier.length);
        return { ...after, events: [...earlier, ...later] };
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

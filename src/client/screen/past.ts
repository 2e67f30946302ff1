import { isRoom, lobby } from "../../chat/event.ts";
import type { WireEvent } from "../../protocols/websocket/messages.ts";
import type { Engine } from "../engine.ts";
import type { EngineEvent } from "../engine-event.ts";
import { atOf } from "../state/conversation.ts";
import { note } from "../state/incoming.ts";
import type { Display } from "./display.ts";
import type { ScreenPlace } from "./screen-place.ts";
import type { ScreenState } from "./state.ts";

const pageLimit = 200;
/** Searching reads as much at once as a server gives. */
const searchLimit = 500;
/** With so few items above the view, older ones are fetched. */
const fewAbove = 50;

/** Nobody waits until more pages than these have been read, to go to a message. */
const maxPages = 40;

/**
 * Looks back: older messages are read from the server as far as they are wanted. Of the room and each private
 * conversation a page is asked for where none is at hand, one after the other, so that what is said meanwhile waits
 * for one answer at most.
 */
export class Past {
  readonly #state: ScreenState;
  readonly #display: Display;
  readonly #engine: () => Engine | undefined;
  /** What is gone on with when older messages have come. */
  #then: { readonly place: ScreenPlace; readonly go: () => void } | undefined;
  #limit = pageLimit;

  constructor(state: ScreenState, display: Display, engine: () => Engine | undefined) {
    this.#state = state;
    this.#display = display;
    this.#engine = engine;
  }

  prefetch(): void {
    if (this.#display.above < fewAbove) this.older();
  }

  /** Private messages stand among those of the room with which the screen begins. */
  begin(): void {
    const { home } = this.#state;
    if (home.conversation.backlog.hasPrivate && !home.loading) this.#ask(home, pageLimit);
  }

  /** Asks for older messages of the room that is looked at, and goes on with `then`. Returns whether any are on their way. */
  older(limit = pageLimit, then?: () => void): boolean {
    const { current } = this.#state;
    const { conversation, loading } = current;
    if (!loading && (conversation.backlog.complete || this.#engine()?.live !== true)) return false;
    this.#then = then === undefined ? this.#then : { place: current, go: then };
    if (!loading) this.#ask(current, limit);
    return current.loading;
  }

  #ask(place: ScreenPlace, limit: number): void {
    this.#limit = limit;
    const wanted = place.conversation.backlog.wanted();
    place.loading = wanted !== undefined && this.#engine()?.history({ ...wanted, limit }) === true;
  }

  /** A page has come. */
  page({ ask, page }: Extract<EngineEvent, { kind: "page" }>): void {
    const place = this.#placeOf(ask.stream);
    if (place === undefined) return;
    const { conversation } = place;
    const { backlog } = conversation;
    place.loading = false;
    backlog.page(ask, page);
    const events = backlog.take().filter(({ kind }) => kind !== "ignored");
    if (events.length === 0 && !backlog.complete) {
      this.#ask(place, this.#limit);
      return;
    }
    conversation.older(events, this.#state.me.id);
    const then = this.#then;
    this.#then = undefined;
    if (then?.place === this.#state.current) then.go();
  }

  /** It will not come. */
  giveUp(stream: string): void {
    const place = this.#placeOf(stream);
    if (place !== undefined) place.loading = false;
    this.#then = undefined;
  }

  /** Private conversations are read back in the lobby. */
  #placeOf(stream: string): ScreenPlace | undefined {
    return isRoom(stream) ? this.#state.placeAt(stream) : this.#state.home;
  }

  /** To the next message that holds what is searched for. */
  search(direction: "older" | "newer", from = this.#display.foundFrom(direction)): void {
    const { mode, conversation } = this.#state;
    if (mode.kind !== "searching") return;
    const found = this.#display.find(direction, from);
    if (found !== undefined) {
      this.#display.reveal(found);
      this.#display.found = found;
      return;
    }
    const first = conversation.items[0]?.serial;
    if (direction === "older" && first !== undefined) {
      if (this.older(searchLimit, () => this.search("older", first))) return;
    }
    this.#state.mode = { ...mode, problem: `Nothing ${direction} holds it` };
  }

  /** To a message that was found, be it by reading back to it. */
  show(event: WireEvent, pagesLeft: number = maxPages): void {
    const { conversation, mode } = this.#state;
    const item = conversation.items.find((each) => each.kind === "message" && each.event.id === event.id);
    if (item !== undefined) {
      this.#display.reveal(item.serial);
      if (mode.kind === "typing") this.#state.mode = { kind: "choosing", serial: item.serial };
      return;
    }
    const [first] = conversation.items;
    const isEarlier = first === undefined || atOf(first) >= event.at;
    const back = event.stream === lobby ? (conversation.oldest ?? event.number) - event.number : 0;
    const isNear = isEarlier && pagesLeft > 0 && back <= maxPages * searchLimit;
    if (isNear && this.older(searchLimit, () => this.show(event, pagesLeft - 1))) return;
    const why = isEarlier
      ? "That message is too far back to scroll there"
      : "That message is no longer there";
    note(this.#state, Date.now(), `${why}; /search shows what stands around it`);
  }

  /** To the message of the room that comes after a number, be it by reading back to it. */
  goTo(number: number): void {
    const { conversation } = this.#state;
    if ((conversation.oldest ?? 0) > number + 1 && this.older(searchLimit, () => this.goTo(number))) return;
    const item = conversation.items.find((each) => each.kind === "message" && each.event.number > number);
    if (item !== undefined) this.#display.reveal(item.serial);
  }
}

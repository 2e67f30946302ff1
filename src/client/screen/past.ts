import { lobby } from "../../chat/event.ts";
import type { WireEvent } from "../../protocols/websocket/messages.ts";
import type { Engine } from "../engine.ts";
import type { EngineEvent } from "../engine-event.ts";
import { atOf } from "./conversation.ts";
import type { Display } from "./display.ts";
import { note } from "./incoming.ts";
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
  #then: (() => void) | undefined;
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
    if (this.#state.conversation.backlog.hasPrivate) this.older();
  }

  /** Asks for older messages, and goes on with `then`. Returns whether any are on their way. */
  older(limit = pageLimit, then?: () => void): boolean {
    const { conversation, loading } = this.#state;
    if (!loading && (conversation.backlog.complete || this.#engine()?.live !== true)) return false;
    if (then !== undefined) this.#then = then;
    if (!loading) this.#ask(limit);
    return this.#state.loading;
  }

  #ask(limit: number): void {
    this.#limit = limit;
    const wanted = this.#state.conversation.backlog.wanted();
    this.#state.loading = wanted !== undefined && this.#engine()?.history({ ...wanted, limit }) === true;
  }

  /** A page has come. */
  page({ ask, page }: Extract<EngineEvent, { kind: "page" }>): void {
    const { conversation, me } = this.#state;
    const { backlog } = conversation;
    this.#state.loading = false;
    backlog.page(ask, page);
    const events = backlog.take();
    if (events.length === 0 && !backlog.complete) {
      this.#ask(this.#limit);
      return;
    }
    conversation.older(events, me.id);
    const then = this.#then;
    this.#then = undefined;
    then?.();
  }

  /** They will not come. */
  giveUp(): void {
    this.#state.loading = false;
    this.#then = undefined;
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

import { lobby } from "../../chat/event.ts";
import type { WireEvent } from "../../protocols/websocket/messages.ts";
import type { Engine } from "../engine.ts";
import type { EngineEvent } from "../engine-event.ts";
import { BackReader } from "../state/back-reader.ts";
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

/** Looks back: older messages are read from the server as far as they are wanted. */
export class Past {
  readonly #state: ScreenState;
  readonly #display: Display;
  readonly #reader: BackReader<ScreenPlace>;
  /** What is gone on with when older messages have come. */
  #then: { readonly place: ScreenPlace; readonly go: () => void } | undefined;

  constructor(state: ScreenState, display: Display, engine: () => Engine | undefined) {
    this.#state = state;
    this.#display = display;
    this.#reader = new BackReader(state, engine);
  }

  prefetch(): void {
    if (this.#display.above < fewAbove) this.older();
  }

  /** Private messages stand among those of the room with which the screen begins. */
  begin(): void {
    const { home } = this.#state;
    if (home.conversation.backlog.hasPrivate) this.#reader.older(home, pageLimit);
  }

  /** Asks for older messages of the room that is looked at, and goes on with `then`. Returns whether any are on their way. */
  older(limit = pageLimit, then?: () => void): boolean {
    const { current } = this.#state;
    const isComing = this.#reader.older(current, limit);
    if (isComing && then !== undefined) this.#then = { place: current, go: then };
    return isComing;
  }

  /** A page has come. */
  page(event: Extract<EngineEvent, { kind: "page" }>): void {
    const place = this.#reader.page(event);
    if (place === undefined) return;
    const then = this.#then;
    this.#then = undefined;
    if (then?.place === this.#state.current) then.go();
  }

  /** It will not come. */
  giveUp(stream: string): void {
    this.#reader.giveUp(stream);
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

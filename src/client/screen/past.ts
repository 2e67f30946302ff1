import { lobby } from "../../chat/event.ts";
import type { WireEvent } from "../../protocols/websocket/messages.ts";
import type { Engine } from "../engine.ts";
import type { Display } from "./display.ts";
import { note } from "./incoming.ts";
import type { ScreenState } from "./state.ts";

const pageLimit = 200;
/** Searching reads as much at once as a server gives. */
const searchLimit = 500;
/** With so few items above the view, older ones are fetched. */
const fewAbove = 50;

/** Nobody waits until more than so many messages have been read. */
const maxBack = 20_000;

/** Looks back: older messages are read from the server as far as they are wanted. */
export class Past {
  readonly #state: ScreenState;
  readonly #display: Display;
  readonly #engine: () => Engine | undefined;
  /** What is gone on with when older messages have come. */
  #then: (() => void) | undefined;

  constructor(state: ScreenState, display: Display, engine: () => Engine | undefined) {
    this.#state = state;
    this.#display = display;
    this.#engine = engine;
  }

  prefetch(): void {
    if (this.#display.above < fewAbove) this.older();
  }

  /** Asks for older messages, and goes on with `then`. Returns whether any are on their way. */
  older(limit = pageLimit, then?: () => void): boolean {
    const { conversation, loading } = this.#state;
    const before = conversation.oldest;
    const engine = this.#engine();
    if (!loading && (conversation.complete || before === undefined || engine?.live !== true)) return false;
    if (then !== undefined) this.#then = then;
    if (!loading && before !== undefined) this.#state.loading = engine?.history({ before, limit }) === true;
    return this.#state.loading;
  }

  /** They have come. */
  goOn(): void {
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
  show(event: WireEvent): void {
    const { conversation, mode } = this.#state;
    const item = conversation.items.find((each) => each.kind === "message" && each.event.id === event.id);
    if (item !== undefined) {
      this.#display.reveal(item.serial);
      if (mode.kind === "typing") this.#state.mode = { kind: "choosing", serial: item.serial };
      return;
    }
    const back = (conversation.oldest ?? 0) - event.number;
    const isNear = event.stream === lobby && back > 0 && back <= maxBack;
    if (isNear && this.older(searchLimit, () => this.show(event))) return;
    note(this.#state, Date.now(), `${whyNotShown(event, back)}. /search shows what stands around it`);
  }

  /** To the message of the room that comes after a number, be it by reading back to it. */
  goTo(number: number): void {
    const { conversation } = this.#state;
    if ((conversation.oldest ?? 0) > number + 1 && this.older(searchLimit, () => this.goTo(number))) return;
    const item = conversation.items.find((each) => each.kind === "message" && each.event.number > number);
    if (item !== undefined) this.#display.reveal(item.serial);
  }
}

function whyNotShown({ stream, number }: WireEvent, back: number): string {
  if (stream !== lobby) return "That message is not in the conversation here";
  return back > maxBack ? `#${number} is too far back to scroll there` : `#${number} cannot be read now`;
}

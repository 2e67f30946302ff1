import type { Engine } from "../engine.ts";
import type { EngineEvent } from "../engine-event.ts";
import type { ClientState } from "./client-state.ts";
import type { Place } from "./place.ts";

type Page = Extract<EngineEvent, { kind: "page" }>;

/**
 * Reads older messages from the server, for a room of each of whose streams a page is asked for where none is at hand,
 * one after the other, so that what is said meanwhile waits for one answer at most.
 */
export class BackReader<P extends Place> {
  readonly #state: ClientState<P>;
  readonly #engine: () => Engine | undefined;
  /** How many messages a page is to have. */
  #limit = 0;

  constructor(state: ClientState<P>, engine: () => Engine | undefined) {
    this.#state = state;
    this.#engine = engine;
  }

  /** Asks for older messages of a room. Returns whether any are on their way. */
  older(place: P, limit: number): boolean {
    if (place.loading) return true;
    if (place.conversation.backlog.complete || this.#engine()?.live !== true) return false;
    this.#ask(place, limit);
    return place.loading;
  }

  /** A page has come. Returns the room that has more messages now, or all that there are; `undefined`: not yet. */
  page({ ask, page }: Page): P | undefined {
    const place = this.#state.placeReading(ask.stream);
    if (place === undefined) return undefined;
    const { conversation } = place;
    const { backlog } = conversation;
    place.loading = false;
    backlog.page(ask, page);
    const events = backlog.take().filter(({ kind }) => kind !== "ignored");
    if (events.length === 0 && !backlog.complete) {
      this.#ask(place, this.#limit);
      return undefined;
    }
    conversation.older(events, this.#state.me.id);
    return place;
  }

  /** A page will not come. */
  giveUp(stream: string): void {
    const place = this.#state.placeReading(stream);
    if (place !== undefined) place.loading = false;
  }

  #ask(place: P, limit: number): void {
    this.#limit = limit;
    const wanted = place.conversation.backlog.wanted();
    place.loading = wanted !== undefined && this.#engine()?.history({ ...wanted, limit }) === true;
  }
}

import { isRoom, lobby } from "../../chat/event.ts";
import type { CommandName } from "../../protocols/line/commands.ts";
import type { WireEvent, WireHit, WirePerson } from "../../protocols/websocket/messages.ts";
import type { Conversation } from "./conversation.ts";
import type { Place } from "./place.ts";

export type Connection =
  | { readonly kind: "connecting" | "connected" | "leaving" }
  | { readonly kind: "lost"; readonly text: string };

/** What a search found, and what was asked for. */
export interface Found {
  readonly query: string;
  readonly hits: readonly WireHit[];
  readonly found: number;
  readonly isComplete: boolean;
}

/** What there is to be shown, whatever shows it: oneself, one's rooms, and what became of the connection. */
export abstract class ClientState<P extends Place = Place> {
  /** The lobby, which is there also where one is not in it. */
  readonly home: P;
  /** The lobby first; never empty. */
  places: readonly P[];
  #current: P;
  me: WirePerson = { id: "", name: "" };
  connection: Connection = { kind: "connecting" };
  isAway = false;
  operatorSees = true;
  /** The room that somebody asked one into last. */
  invitation: string | undefined;
  /** Names of rooms that were listed. */
  knownRooms: readonly string[] = [];

  constructor() {
    this.home = this.newPlace("#lobby", lobby);
    this.places = [this.home];
    this.#current = this.home;
  }

  abstract newPlace(name: string, stream?: string): P;

  /** Whether what is said there is seen as it comes; `undefined`: that cannot be told. */
  abstract sees(place: P): boolean | undefined;

  /** Where private messages with somebody are shown. */
  abstract placeWith(name: string): P;

  /** Where a private message is shown. */
  abstract placeOfPrivate(event: WireEvent): P;

  /** Where the older messages of a stream are shown. */
  abstract placeReading(stream: string): P | undefined;

  /** The streams that are read back in the lobby, of those that one may read. */
  abstract headsAtHome(heads: Readonly<Record<string, number>>): Readonly<Record<string, number>>;

  /** What to do where one is invited, after a full stop. */
  abstract readonly invitationHint: string;

  /** The name was accepted. */
  abstract cameIn(): void;

  /** Shows the commands, or how one of them is used. */
  abstract showHelp(topic: CommandName | undefined): void;

  /** Shows what a search found, unless something else has to be answered first. */
  abstract showFound(found: Found): void;

  /** The room that is looked at. */
  get current(): P {
    return this.#current;
  }

  /** Looks at a room. What was not seen there is marked, and in the one before all is seen that is shown. */
  lookAt(place: P): void {
    const before = this.#current;
    if (before !== place && this.sees(before) !== false) before.conversation.markAbove = undefined;
    this.#current = place;
  }

  /** The room with this stream, where it is one of those that are shown. */
  placeAt(stream: string): P | undefined {
    return this.places.find((place) => place.stream === stream);
  }

  /** The room with this stream or name, as somebody typed it. */
  placeOf(room: string): P | undefined {
    return this.placeAt(room) ?? this.places.find((place) => place.isCalled(room));
  }

  /** Where an event is shown, if anywhere. */
  placeFor(event: WireEvent): P | undefined {
    return isRoom(event.stream) ? this.placeAt(event.stream) : this.placeOfPrivate(event);
  }

  add(place: P): void {
    this.places = [...this.places, place];
  }

  remove(place: P): void {
    const at = this.places.indexOf(place);
    this.places = this.places.filter((other) => other !== place);
    if (this.#current === place) this.lookAt(this.places[Math.max(0, at - 1)] ?? this.home);
  }

  get conversation(): Conversation {
    return this.#current.conversation;
  }

  get reply(): WireEvent | undefined {
    return this.#current.reply;
  }

  set reply(reply: WireEvent | undefined) {
    this.#current.reply = reply;
  }

  get unread(): number {
    return this.#current.unread;
  }

  set unread(unread: number) {
    this.#current.unread = unread;
  }

  /** How often one was mentioned, in all rooms. */
  get mentions(): number {
    return this.places.reduce((sum, place) => sum + place.mentions, 0);
  }
}

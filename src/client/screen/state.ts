import { lobby } from "../../chat/event.ts";
import type { WireEvent, WirePerson } from "../../protocols/websocket/messages.ts";
import type { Completion } from "./completion.ts";
import type { Conversation } from "./conversation.ts";
import type { Editor } from "./editor.ts";
import type { Found } from "./found.ts";
import { Place } from "./place.ts";
import type { Roster } from "./roster.ts";
import type { Anchor } from "./viewport.ts";

/** What the keys are for. */
export type Mode =
  | { readonly kind: "typing" }
  /** The name is wanted, or the password of `account`; `problem`: why the last one was none. */
  | { readonly kind: "naming"; readonly problem: string; readonly account?: string }
  | { readonly kind: "help"; readonly from: number }
  /** Several lines were pasted, and it is asked what with them. */
  | { readonly kind: "pasting"; readonly text: string }
  | { readonly kind: "searching"; readonly editor: Editor; readonly problem: string }
  /** What a search of all history found; `chosen`: which hit. */
  | { readonly kind: "found"; readonly found: Found; readonly chosen: number }
  /** A message is being chosen. */
  | { readonly kind: "choosing"; readonly serial: number };

export type Connection =
  | { readonly kind: "connecting" | "connected" | "leaving" }
  | { readonly kind: "lost"; readonly text: string };

/** All that the screen shows. */
export class ScreenState {
  /** The lobby, which is there also where one is not in it. */
  readonly home = new Place("#lobby", lobby);
  /** The rooms, the lobby first; never empty. */
  places: readonly Place[] = [this.home];
  #current = this.home;
  me: WirePerson = { id: "", name: "" };
  mode: Mode = { kind: "typing" };
  connection: Connection = { kind: "connecting" };
  latencyMs: number | undefined;
  /** Of the connection, where there is one. */
  isTls = false;
  /** What is searched for. */
  needle = "";
  /** `undefined`: the terminal does not tell. */
  here: boolean | undefined;
  showsPeople = true;
  isAway = false;
  operatorSees = true;
  /** The room that somebody asked one into last. */
  invitation: string | undefined;
  /** Names of rooms that were listed. */
  knownRooms: readonly string[] = [];

  /** The room that is looked at. */
  get current(): Place {
    return this.#current;
  }

  /** Looks at a room. What was not seen there is marked, and in the one before all is seen that is shown. */
  lookAt(place: Place): void {
    const before = this.#current;
    if (before !== place && before.anchor === undefined && this.here !== false) {
      before.conversation.markAbove = undefined;
    }
    this.#current = place;
    if (this.mode.kind !== "naming") this.mode = { kind: "typing" };
    this.needle = "";
    if (this.here === false) return;
    place.mentions = 0;
    if (place.anchor === undefined) place.unread = 0;
  }

  /** The room with this stream, where it is one of those that are shown. */
  placeAt(stream: string): Place | undefined {
    return this.places.find((place) => place.stream === stream);
  }

  /** The room with this stream or name, as somebody typed it. */
  placeOf(room: string): Place | undefined {
    return this.placeAt(room) ?? this.places.find((place) => place.isCalled(room));
  }

  add(place: Place): void {
    this.places = [...this.places, place];
  }

  remove(place: Place): void {
    const at = this.places.indexOf(place);
    this.places = this.places.filter((other) => other !== place);
    if (this.#current === place) this.lookAt(this.places[Math.max(0, at - 1)] ?? this.home);
  }

  get conversation(): Conversation {
    return this.#current.conversation;
  }

  get roster(): Roster {
    return this.#current.roster;
  }

  get editor(): Editor {
    return this.#current.editor;
  }

  set editor(editor: Editor) {
    this.#current.editor = editor;
  }

  get completion(): Completion | undefined {
    return this.#current.completion;
  }

  set completion(completion: Completion | undefined) {
    this.#current.completion = completion;
  }

  get reply(): WireEvent | undefined {
    return this.#current.reply;
  }

  set reply(reply: WireEvent | undefined) {
    this.#current.reply = reply;
  }

  get anchor(): Anchor {
    return this.#current.anchor;
  }

  set anchor(anchor: Anchor) {
    this.#current.anchor = anchor;
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

import { isRoom, lobby } from "../../chat/event.ts";
import type { CommandName } from "../../protocols/line/commands.ts";
import { helpText } from "../../protocols/line/help.ts";
import { ClientState, type Found } from "../state/client-state.ts";
import type { Completion } from "../state/completion.ts";
import type { Roster } from "../state/roster.ts";
import type { Editor } from "./editor.ts";
import { ScreenPlace } from "./screen-place.ts";
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

/** All that the screen shows. Private messages stand where one looks, and are read back in the lobby. */
export class ScreenState extends ClientState<ScreenPlace> {
  readonly invitationHint = "Alt-I comes in";
  mode: Mode = { kind: "typing" };
  latencyMs: number | undefined;
  /** Of the connection, where there is one. */
  isTls = false;
  /** What is searched for. */
  needle = "";
  /** `undefined`: the terminal does not tell. */
  here: boolean | undefined;
  showsPeople = true;

  override newPlace(name: string, stream?: string): ScreenPlace {
    return new ScreenPlace(name, stream);
  }

  override sees(place: ScreenPlace): boolean | undefined {
    if (place !== this.current || place.anchor !== undefined) return false;
    return this.here;
  }

  override placeWith(): ScreenPlace {
    return this.current;
  }

  override placeOfPrivate(): ScreenPlace {
    return this.current;
  }

  override placeReading(stream: string): ScreenPlace | undefined {
    return isRoom(stream) ? this.placeAt(stream) : this.home;
  }

  override headsAtHome(heads: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
    return Object.fromEntries(
      Object.entries(heads).filter(([stream]) => stream === lobby || !isRoom(stream)),
    );
  }

  override cameIn(): void {
    if (this.mode.kind === "naming") this.mode = { kind: "typing" };
  }

  override showHelp(topic: CommandName | undefined): void {
    this.conversation.note(Date.now(), helpText(topic, { consoleShowsPrivate: this.operatorSees }));
  }

  override showFound(found: Found): void {
    if (this.mode.kind !== "naming" && this.mode.kind !== "pasting")
      this.mode = { kind: "found", found, chosen: 0 };
  }

  override lookAt(place: ScreenPlace): void {
    super.lookAt(place);
    if (this.mode.kind !== "naming") this.mode = { kind: "typing" };
    this.needle = "";
    if (this.here === false) return;
    place.mentions = 0;
    if (place.anchor === undefined) place.unread = 0;
  }

  get roster(): Roster {
    return this.current.roster;
  }

  get editor(): Editor {
    return this.current.editor;
  }

  set editor(editor: Editor) {
    this.current.editor = editor;
  }

  get completion(): Completion | undefined {
    return this.current.completion;
  }

  set completion(completion: Completion | undefined) {
    this.current.completion = completion;
  }

  get anchor(): Anchor {
    return this.current.anchor;
  }

  set anchor(anchor: Anchor) {
    this.current.anchor = anchor;
  }
}

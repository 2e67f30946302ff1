import type { WireEvent, WirePerson } from "../../protocols/websocket/messages.ts";
import type { Completion } from "./completion.ts";
import { Conversation } from "./conversation.ts";
import { type Editor, emptyEditor } from "./editor.ts";
import type { Found } from "./found.ts";
import { Roster } from "./roster.ts";
import type { Anchor } from "./viewport.ts";

/** What the keys are for. */
export type Mode =
  | { readonly kind: "typing" }
  /** The name is wanted; `problem`: why the last one was none. */
  | { readonly kind: "naming"; readonly problem: string }
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
  readonly conversation = new Conversation();
  readonly roster = new Roster();
  me: WirePerson = { id: "", name: "" };
  editor: Editor = emptyEditor;
  mode: Mode = { kind: "typing" };
  connection: Connection = { kind: "connecting" };
  latencyMs: number | undefined;
  anchor: Anchor;
  completion: Completion | undefined;
  /** What the next message answers. */
  reply: WireEvent | undefined;
  /** What is searched for. */
  needle = "";
  /** Messages that came while one was elsewhere on the screen or in the world. */
  unread = 0;
  mentions = 0;
  /** `undefined`: the terminal does not tell. */
  here: boolean | undefined;
  showsPeople = true;
  loading = false;
  operatorSees = true;
}

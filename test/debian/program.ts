import type { Screen } from "./tmux.ts";

export const room = "#garden";

/** What the table is about: who does it is `A`, and to whom, `B`. */
export interface Event {
  readonly kind:
    | "message"
    | "action"
    | "topic"
    | "operator"
    | "kick"
    | "join"
    | "private message"
    | "rename"
    | "leave"
    | "quit";
  readonly who: string;
  /** The other, or the new name. */
  readonly other: string;
  readonly text: string;
}

/** A program, as somebody uses it. */
export interface Program {
  readonly nick: string;
  readonly title: string;
  /** It has no way to do these. */
  readonly lacks?: readonly Event["kind"][];
  /** The command line, with files of its own in a folder. */
  command(how: { readonly port: number; readonly folder: string }): readonly string[];
  /** From the start into the lobby. */
  comeIn(screen: Screen, how: { readonly port: number }): Promise<void>;
  /** What is typed for it; nothing where others do it to him. */
  typed(event: Event): readonly string[];
  /** How it is shown; `undefined`: not at all. */
  shown(event: Event): RegExp | undefined;
  /** To see what somebody says in private, and back to the room. */
  look?(screen: Screen, at: string): void;
}

/** What people type for it in most programs. */
export function slashTyped({ kind, other, text }: Event): readonly string[] {
  switch (kind) {
    case "message":
      return [text];
    case "action":
      return [`/me ${text}`];
    case "topic":
      return [`/topic ${text}`];
    case "operator":
      return [`/op ${other}`];
    case "kick":
      return [`/kick ${other} ${text}`];
    case "join":
      return [`/join ${room}`];
    case "private message":
      return [`/msg ${other} ${text}`];
    case "rename":
      return [`/nick ${other}`];
    case "leave":
      return [`/part ${room} ${text}`];
    case "quit":
      return [`/quit ${text}`];
  }
}

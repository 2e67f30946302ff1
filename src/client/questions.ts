import { modeRequest } from "../chat/mode.ts";
import type { LineCommand, RoomDeed } from "../protocols/line/commands.ts";
import type { Ask, Send } from "./outbox.ts";

type Numberless<One> = One extends unknown ? Omit<One, "request"> : never;

/** What may be asked beside a send; the engine numbers it. */
export type Question = Numberless<Exclude<Ask, Send>>;

/** How what is done in a room is asked for; `room`: its name or stream. */
export function questionOf(deed: RoomDeed, room: string): Question {
  switch (deed.kind) {
    case "part":
      return { type: "part", room, ...wordsOf(deed) };
    case "kick":
      return { type: "kick", room, name: deed.name, ...wordsOf(deed) };
    case "topic":
      return { type: "topic", room, text: deed.text };
    case "invite":
    case "rename-room":
      return { type: deed.kind, room, name: deed.name };
    case "modes":
      return { type: "modes", room, modes: modeRequest(deed.changes) };
  }
}

/** What asks for the same wherever it is typed. */
type Asking = Extract<
  LineCommand,
  {
    readonly kind:
      | "rooms"
      | "rename"
      | "away"
      | "whois"
      | "register"
      | "ignore"
      | "unignore"
      | "ignored"
      | "password"
      | "devices"
      | "forget";
  }
>;

/** How it is asked for. */
export function questionFor(command: Asking): Question {
  switch (command.kind) {
    case "rooms":
      return { type: "rooms" };
    case "rename":
      return { type: "rename", name: command.name };
    case "away":
      return { type: "away", ...(command.text === undefined ? {} : { text: command.text }) };
    case "whois":
      return { type: "person", name: command.name };
    case "register": {
      const { password, email } = command;
      return { type: "register", password, ...(email === undefined ? {} : { email }) };
    }
    case "ignore":
    case "unignore":
      return { type: command.kind, name: command.name };
    case "ignored":
      return { type: "ignored" };
    case "password":
      return { type: "password", old: command.before, new: command.after };
    case "devices":
      return { type: "devices" };
    case "forget":
      return { type: "devices", revoke: command.device };
  }
}

function wordsOf({ text }: { readonly text: string }): { readonly text?: string } {
  return text === "" ? {} : { text };
}

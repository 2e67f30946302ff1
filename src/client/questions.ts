import { modeRequest } from "../chat/mode.ts";
import type { RoomDeed } from "../protocols/line/commands.ts";
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

export function registration(command: {
  readonly password: string;
  readonly email: string | undefined;
}): Question {
  const { password, email } = command;
  return { type: "register", password, ...(email === undefined ? {} : { email }) };
}

function wordsOf({ text }: { readonly text: string }): { readonly text?: string } {
  return text === "" ? {} : { text };
}

import { maxNameCharacters } from "../chat/name.ts";
import { maxPasswordBytes } from "../chat/password.ts";
import type { Refusal } from "../chat/refusal.ts";
import { maxRoomNameCharacters } from "../chat/room-name.ts";
import { utf8Length } from "../chat/text.ts";
import type { Ask } from "./outbox.ts";

/** Longer names of rooms and people than any server takes; a frame with one would end the connection. */
const maxWordUnits = 128;

const passwordFields: ReadonlySet<string> = new Set(["password", "old", "new"]);

/** Why something cannot be asked at all: what is too long for a frame is refused before it is one. */
export function unsendable(ask: Ask, maxTextBytes: number): Refusal | undefined {
  for (const [field, value] of Object.entries(ask)) {
    if (typeof value !== "string") continue;
    if (passwordFields.has(field)) {
      if (utf8Length(value) > maxPasswordBytes)
        return { reason: "password-too-long", maxBytes: maxPasswordBytes };
      continue;
    }
    if (utf8Length(value) > maxTextBytes) return { reason: "text-too-long", maxBytes: maxTextBytes };
    if (field === "text" || field === "modes" || value.length <= maxWordUnits) continue;
    if (field === "room") {
      return { reason: "room-name-too-long", room: value, maxCharacters: maxRoomNameCharacters };
    }
    if (field === "key" && ask.type === "join") return { reason: "wrong-room-key", room: ask.room };
    return { reason: "name-too-long", name: value.replace(/^@/, ""), maxCharacters: maxNameCharacters };
  }
  return undefined;
}

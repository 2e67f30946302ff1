import { maxNameCharacters } from "../chat/name.ts";
import { maxPasswordBytes } from "../chat/password.ts";
import { maxRoomNameCharacters } from "../chat/room-name.ts";
import { lineCount, utf8Length } from "../chat/text.ts";
import type { OwnRefusal } from "../protocols/own-refusal-text.ts";
import type { Welcome } from "./order.ts";
import type { Ask } from "./outbox.ts";

/** Longer names of rooms and people than any server takes; a frame with one would end the connection. */
const maxWordUnits = 128;

const passwordFields: ReadonlySet<string> = new Set(["password", "old", "new"]);

/** Why something cannot be asked at all: what is too long for a frame is refused before it is one. */
export function unsendable(ask: Ask, limits: Welcome["limits"]): OwnRefusal | undefined {
  const { maxTextBytes, maxMultilineBytes = maxTextBytes, maxLines = 1 } = limits;
  for (const [field, value] of Object.entries(ask)) {
    if (typeof value !== "string") continue;
    if (passwordFields.has(field)) {
      if (utf8Length(value) > maxPasswordBytes)
        return { reason: "password-too-long", maxBytes: maxPasswordBytes };
      continue;
    }
    const hasLines = ask.type === "send" && field === "text" && value.includes("\n");
    if (hasLines && lineCount(value) > maxLines) return { reason: "text-too-many-lines", maxLines };
    const maxBytes = hasLines ? maxMultilineBytes : maxTextBytes;
    if (utf8Length(value) > maxBytes) return { reason: "text-too-long", maxBytes };
    if (field === "text" || field === "modes" || value.length <= maxWordUnits) continue;
    if (field === "room") {
      return { reason: "room-name-too-long", room: value, maxCharacters: maxRoomNameCharacters };
    }
    if (field === "key" && ask.type === "join") return { reason: "wrong-room-key", room: ask.room };
    return { reason: "name-too-long", name: value.replace(/^@/, ""), maxCharacters: maxNameCharacters };
  }
  return undefined;
}

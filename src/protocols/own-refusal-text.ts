import type { Refusal } from "../chat/refusal.ts";
import { quoted } from "../chat/text.ts";

/** What a client itself refuses, before it asks the server. */
export type OwnRefusal = Extract<
  Refusal,
  {
    readonly reason:
      | "name-too-long"
      | "password-too-long"
      | "room-name-too-long"
      | "not-in-room"
      | "wrong-room-key"
      | "text-too-long"
      | "text-too-many-lines";
  }
>;

/** As `refusalText`, which is many times as long. */
export function ownRefusalText(refusal: OwnRefusal): string {
  switch (refusal.reason) {
    case "name-too-long":
      return `Username '${quoted(refusal.name)}' is too long: at most ${refusal.maxCharacters} characters`;
    case "password-too-long":
      return `That password is too long: at most ${refusal.maxBytes} bytes`;
    case "room-name-too-long":
      return `'${quoted(refusal.room)}' is too long for a room: at most ${refusal.maxCharacters} characters`;
    case "not-in-room":
      return `You are not in '${quoted(refusal.room)}'`;
    case "wrong-room-key":
      return `'${quoted(refusal.room)}' needs its password: /join ${quoted(refusal.room)} <password>`;
    case "text-too-long":
      return `That message is too long: at most ${refusal.maxBytes} bytes. Nothing of it was delivered`;
    case "text-too-many-lines":
      return `That message has too many lines: at most ${refusal.maxLines}. Nothing of it was delivered`;
  }
}

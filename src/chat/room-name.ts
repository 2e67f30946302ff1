import { type Fold, foldName } from "./name.ts";
import type { Refusal } from "./refusal.ts";

/** A room's name is at most this long, in code points of its NFC, its `#` included. */
export const maxRoomNameCharacters = 64;

/** A name of a room that every door can carry. Made by `parseRoomName` only. */
export interface RoomName {
  /** As it was given, in NFC: what everybody is shown. Begins with `#`. */
  readonly shown: string;
  /** Two names with one fold are the same name. */
  readonly fold: string;
}

// White space and commas separate, controls and what cannot be seen deceive; the rest IRC's channels may have
// (https://modern.ircdocs.horse/#channels).
const unusable = /[\p{White_Space},\p{C}\p{Default_Ignorable_Code_Point}\u2800\uFFFC\uFFFD]/u;

/** What is stored of a room's being called otherwise: its new name, and why, where that is said. */
export function newNameText({ shown }: RoomName, why: string): string {
  return why === "" ? shown : `${shown} ${why}`;
}

/** What `newNameText` made a text of. */
export function parseNewNameText(text: string): { readonly name: string; readonly why: string } {
  const space = text.indexOf(" ");
  return space === -1 ? { name: text, why: "" } : { name: text.slice(0, space), why: text.slice(space + 1) };
}

/**
 * The name that `text` is, or why it is none. A `#` is put in front where it is missing.
 *
 * @param fold how names are told apart here
 */
export function parseRoomName(text: string, fold: Fold = foldName): RoomName | Refusal {
  const shown = (text.startsWith("#") ? text : `#${text}`).normalize("NFC");
  const length = shown.length > 4 * maxRoomNameCharacters ? shown.length : Array.from(shown).length;
  if (length > maxRoomNameCharacters) {
    return { reason: "room-name-too-long", room: text, maxCharacters: maxRoomNameCharacters };
  }
  if (shown === "#" || unusable.test(shown)) return { reason: "room-name-unusable", room: text };
  return { shown, fold: fold(shown) };
}

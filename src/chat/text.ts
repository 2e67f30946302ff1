import type { CleanText } from "./event.ts";
import type { Refusal } from "./refusal.ts";

/** A text that may be said, or why it may not. */
export type CleanTextResult =
  | { readonly ok: true; readonly text: CleanText }
  | { readonly ok: false; readonly refusal: Refusal };

// C0 but TAB, DEL, C1, the line and paragraph separators, bidi embeddings, overrides and isolates, and the
// byte order mark. Zero-width space and joiners and tag characters are missing on purpose: Khmer, emoji and
// flags are written with them.
const hostile = /[\0-\x08\x0A-\x1F\x7F-\x9F\u2028-\u202E\u2066-\u2069\uFEFF]/;
const everyHostile = new RegExp(hostile, "g");

// Bold, hex colour, reset, monospace, reverse, italics, strikethrough, underline and CTCP's delimiter; a
// colour takes its digits along. https://modern.ircdocs.horse/formatting
const ircFormatting =
  /\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[\dA-Fa-f]{6}(?:,[\dA-Fa-f]{6})?)?|[\x01\x02\x0F\x11\x16\x1D-\x1F]/g;

/**
 * The entrance of a text: what could end its line, move a cursor or turn the direction of writing becomes
 * U+FFFD in its place, one for one, and so do lone surrogates; TAB stays. A text that needs none of it is
 * handed back as it came. A text of nothing but white space is refused as empty.
 *
 * @param maxBytes how long the text as it came may be in UTF-8
 */
export function cleanText(text: string, maxBytes: number): CleanTextResult {
  if (!/\S/.test(text)) return { ok: false, refusal: { reason: "text-empty" } };
  if (isLonger(text, maxBytes)) return { ok: false, refusal: { reason: "text-too-long", maxBytes } };
  return { ok: true, text: withoutHostile(text) as CleanText };
}

/**
 * What a terminal may be given of a text, whatever a store or a peer holds: IRC formatting goes, everything
 * else that could move a cursor, break the line or turn the direction of writing becomes U+FFFD. TAB stays.
 */
export function printable(text: string): string {
  if (!hostile.test(text)) return text.toWellFormed();
  return withoutHostile(text.replace(ircFormatting, ""));
}

/**
 * The beginning of somebody's input for quoting it in an answer: printable, and where it is longer than
 * `maxCharacters` code points, cut there and marked with `…`.
 */
export function quoted(text: string, maxCharacters = 64): string {
  const shown = printable(text);
  let end = 0;
  for (let count = 0; count < maxCharacters && end < shown.length; count += 1) {
    end += shown.codePointAt(end)! > 0xffff ? 2 : 1;
  }
  return end === shown.length ? shown : `${shown.slice(0, end)}…`;
}

/** The length of a text in UTF-8, in bytes. A lone surrogate counts as the U+FFFD that it is sent as. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    bytes += unit < 0x800 ? 1 : 2;
    // A pair is four bytes: the two more that were just counted, and its two units.
    if (text.codePointAt(at)! > 0xffff) at += 1;
  }
  return bytes;
}

/** Counts only where the number of UTF-16 units, of 1 to 3 bytes each, leaves it open. */
function isLonger(text: string, maxBytes: number): boolean {
  if (text.length * 3 <= maxBytes) return false;
  return text.length > maxBytes || utf8Length(text) > maxBytes;
}

function withoutHostile(text: string): string {
  const wellFormed = text.toWellFormed();
  return hostile.test(wellFormed) ? wellFormed.replace(everyHostile, "\uFFFD") : wellFormed;
}

export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    if (text.charCodeAt(at) > 0x7f) return false;
  }
  return true;
}

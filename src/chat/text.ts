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

/**
 * Every code of IRC's formatting: bold, hex colour, reset, monospace, reverse, italics, strikethrough, underline, and
 * CTCP's delimiter; a colour takes its digits along. https://modern.ircdocs.horse/formatting
 */
export const ircFormatting: RegExp =
  /\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[\dA-Fa-f]{6}(?:,[\dA-Fa-f]{6})?)?|[\x01\x02\x0F\x11\x16\x1D-\x1F]/g;

/** What a text may be that comes in by some door. */
export interface TextForm {
  /** How long it may be in UTF-8, as it came. */
  readonly maxBytes: number;
  /** How many lines it may have, with LF between them; 1 where not given. */
  readonly maxLines?: number;
  /** Whether it may hold the codes of `ircFormatting`. */
  readonly formatting?: boolean;
}

/**
 * The entrance of a text: what could end its line, move a cursor or turn the direction of writing becomes
 * U+FFFD in its place, one for one, and so do lone surrogates; TAB stays. A text that needs none of it is
 * handed back as it came. A text of nothing but white space is refused as empty, but with formatting, as IRC has it.
 */
export function cleanText(
  text: string,
  { maxBytes, maxLines = 1, formatting = false }: TextForm,
): CleanTextResult {
  if (formatting ? text === "" : !/\S/.test(text)) return { ok: false, refusal: { reason: "text-empty" } };
  if (isLonger(text, maxBytes)) return { ok: false, refusal: { reason: "text-too-long", maxBytes } };
  const clean = formatting ? formattedWithoutHostile : withoutHostile;
  if (maxLines === 1) return { ok: true, text: clean(text) as CleanText };
  const lines = text.split("\n");
  if (lines.length > maxLines) return { ok: false, refusal: { reason: "text-too-many-lines", maxLines } };
  return { ok: true, text: lines.map(clean).join("\n") as CleanText };
}

/**
 * What a terminal may be given of a text, whatever a store or a peer holds: IRC formatting goes, everything
 * else that could move a cursor, break the line or turn the direction of writing becomes U+FFFD. TAB stays.
 */
export function printable(text: string): string {
  if (!hostile.test(text)) return text.toWellFormed();
  return withoutHostile(text.replace(ircFormatting, ""));
}

/** How many lines a text has. */
export function lineCount(text: string): number {
  let lines = 1;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lines += 1;
  return lines;
}

/** The lines of a text of several, each `printable`; empty ones are left out. */
export function printableLines(text: string): readonly string[] {
  if (!text.includes("\n")) return [printable(text)];
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.length === 0 ? [""] : lines.map(printable);
}

/** A text of several lines where there is room for one. */
export function onOneLine(text: string): string {
  if (!text.includes("\n")) return text;
  return text
    .split("\n")
    .filter((line) => /\S/.test(line))
    .join(" / ");
}

/**
 * The beginning of somebody's input for quoting it in an answer: printable, and where it is longer than
 * `maxCharacters` code points, cut there and marked with `…`.
 */
export function quoted(text: string, maxCharacters = 64): string {
  const shown = printable(text);
  let end = 0;
  for (let count = 0; count < maxCharacters && end < shown.length; count += 1) {
    end = codePointEnd(shown, end);
  }
  return end === shown.length ? shown : `${shown.slice(0, end)}…`;
}

/** What somebody says of himself, or why he is away, is cut off there. */
export const maxWordsBytes = 390;

/**
 * Words that are shown beside somebody: with nothing hostile in them but the codes of formatting, and only as much as
 * there is room for.
 */
export function wordsOf(text: string): string {
  return cutText(formattedWithoutHostile(text), maxWordsBytes);
}

/** The beginning of a text, as many bytes of UTF-8 as it may be. */
export function cutText(text: string, maxBytes: number): string {
  return text.slice(0, furthestEnd(text, 0, maxBytes));
}

/** The last end of a code point with at most so many bytes of UTF-8 between `start` and it. */
export function furthestEnd(text: string, start: number, maxBytes: number): number {
  // Nothing is longer in UTF-8 than three times what it is in UTF-16.
  if ((text.length - start) * 3 <= maxBytes) return text.length;
  let bytes = 0;
  for (let at = start; at < text.length; ) {
    const end = codePointEnd(text, at);
    const unit = text.charCodeAt(at);
    if (end - at === 2) bytes += 4;
    else bytes += unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
    if (bytes > maxBytes) return at;
    at = end;
  }
  return text.length;
}

/**
 * Where the code point that begins at `at` ends. Never past the end: of a slice that ends between two surrogates V8
 * gives the whole code point at times.
 */
export function codePointEnd(text: string, at: number): number {
  return Math.min(at + (text.codePointAt(at)! > 0xffff ? 2 : 1), text.length);
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

/** As `withoutHostile`, but for IRC's formatting, which stays. */
function formattedWithoutHostile(text: string): string {
  const wellFormed = text.toWellFormed();
  if (!hostile.test(wellFormed)) return wellFormed;
  let clean = "";
  let start = 0;
  for (const { 0: code, index } of wellFormed.matchAll(ircFormatting)) {
    clean += wellFormed.slice(start, index).replace(everyHostile, "\uFFFD") + code;
    start = index + code.length;
  }
  return clean + wellFormed.slice(start).replace(everyHostile, "\uFFFD");
}

/** What `cleanText` makes of a text without formatting, whatever its length; the lines of it stay. */
export function cleanedText(text: string): string {
  return text.split("\n").map(withoutHostile).join("\n");
}

/** The text with U+FFFD in the place of what `cleanText` replaces. */
export function withoutHostile(text: string): string {
  const wellFormed = text.toWellFormed();
  return hostile.test(wellFormed) ? wellFormed.replace(everyHostile, "\uFFFD") : wellFormed;
}

export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    if (text.charCodeAt(at) > 0x7f) return false;
  }
  return true;
}

import { furthestEnd } from "../../chat/text.ts";

let segmenter: Intl.Segmenter | undefined;

/**
 * The text in pieces of at most so many bytes of UTF-8; put together they are the text. Where it can be, a piece ends
 * after a space, which stays on it, as IRCv3 multiline, "Splitting long lines", has it; else between two characters
 * as people see them; and within one only where it is longer than a piece.
 *
 * @param maxBytes at least 4, which a code point may need; see `roomFor`
 */
export function splitText(text: string, maxBytes: number): readonly string[] {
  if (maxBytes < 4)
    throw new Error(`Cannot split a text: pieces of ${maxBytes} bytes cannot hold every character`);
  const pieces: string[] = [];
  let start = 0;
  for (;;) {
    const limit = furthestEnd(text, start, maxBytes);
    if (limit === text.length) return [...pieces, text.slice(start)];
    const end = placeToCut(text, start, limit);
    pieces.push(text.slice(start, end));
    start = end;
  }
}

function placeToCut(text: string, start: number, limit: number): number {
  const space = text.lastIndexOf(" ", limit - 1);
  if (space >= start) return space + 1;
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  // Enough after the limit to see whether a character goes on there, and not all that there is.
  const window = text.slice(start, limit + 32);
  const character = segmenter.segment(window).containing(limit - start);
  const end = character === undefined ? limit : start + character.index;
  return end > start ? end : limit;
}

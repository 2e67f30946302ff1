import { utf8Length } from "../../chat/text.ts";

/** How many words go on one line. */
export interface PackLimits {
  /** What stands between two words. */
  readonly separator: " " | ",";
  /** What a line of them may have, in UTF-8; see `roomFor`. */
  readonly maxBytes: number;
  readonly maxWords?: number | undefined;
}

/** A message is at most this long with its CR LF, and without its tags: RFC 1459, section 2.3. */
export const maxMessageBytes = 512;

/**
 * The words in their order on as few lines as that allows; no line where there are no words. A word that is longer
 * than a line gets one of its own all the same: whoever lets words be that long has to see to it.
 */
export function packWords(words: readonly string[], limits: PackLimits): readonly (readonly string[])[] {
  const { separator, maxBytes, maxWords = Number.POSITIVE_INFINITY } = limits;
  const lines: string[][] = [];
  let line: string[] = [];
  let bytes = 0;
  for (const word of words) {
    const more = separator.length + utf8Length(word);
    if (lines.length === 0 || bytes + more > maxBytes || line.length === maxWords) {
      line = [];
      lines.push(line);
      bytes = more - separator.length;
    } else bytes += more;
    line.push(word);
  }
  return lines;
}

/** The bytes that are left on a line of 512 by `written`: all that there is besides, its CR LF included. */
export function roomFor(written: string): number {
  return maxMessageBytes - utf8Length(written);
}

import { type Glyph, glyphs } from "./cells.ts";

/**
 * A text in lines of at most so many columns, 2 or more: broken at blanks, and inside of a word only where it is
 * longer than a line. The blank at which a line is broken is not shown. There is always a first line.
 */
export function wrap(text: string, columns: number): readonly string[] {
  if (text.length <= columns && /^[ -~]*$/.test(text)) return [text];
  const lines: string[] = [];
  let line: Glyph[] = [];
  let taken = 0;
  let blank = -1;
  for (const next of glyphs(text)) {
    while (taken + next.columns > columns && line.length > 0) {
      if (next.text === " ") break;
      const end = blank > 0 ? blank : line.length;
      lines.push(textOf(line.slice(0, end)));
      line = line.slice(blank > 0 ? end + 1 : end);
      taken = line.reduce((sum, glyph) => sum + glyph.columns, 0);
      blank = line.findLastIndex((glyph) => glyph.text === " ");
    }
    if (taken + next.columns > columns && next.text === " ") {
      lines.push(textOf(line));
      line = [];
      taken = 0;
      blank = -1;
      continue;
    }
    if (next.text === " ") blank = line.length;
    line.push(next);
    taken += next.columns;
  }
  if (line.length > 0 || lines.length === 0) lines.push(textOf(line));
  return lines;
}

function textOf(line: readonly Glyph[]): string {
  return line.map((glyph) => glyph.text).join("");
}

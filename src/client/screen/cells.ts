import { createRequire } from "node:module";
import type stringWidth from "string-width";

/** What stands together on a screen: a character with its marks, or a whole emoji sequence. */
export interface Glyph {
  readonly text: string;
  /** 0, 1 or 2. */
  readonly columns: number;
}

/** The longest emoji sequences have ten code points; a longer pile of marks would cover other lines. */
const maxGlyphUnits = 32;
const maxKnown = 4096;
/** Characters of one column that join with nothing among them: ASCII, other Latin letters, and signs of our own. */
const plain = /^[ -~\u00A1-\u00AC\u00AE-\u024F–…○●]*$/;

/** Narrower texts are cut at their ends. */
const leastBothEnds = 10;
/** So much of the end is shown. */
const endColumns = 4;

let segmenter: Intl.Segmenter | undefined;
let measure: typeof stringWidth | undefined;
const known = new Map<string, number>();

/** The glyphs of a text that holds nothing but what is printable. A TAB is a blank. */
export function glyphs(text: string): readonly Glyph[] {
  if (plain.test(text)) return Array.from(text, (character) => ({ text: character, columns: 1 }));
  return segments(text).map(glyph);
}

/** What stands together, as it was written; joined, the text again. */
export function segments(text: string): readonly string[] {
  if (plain.test(text)) return text.split("");
  segmenter ??= new Intl.Segmenter();
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** How many columns a text takes. */
export function columnsOf(text: string): number {
  if (plain.test(text)) return text.length;
  return glyphs(text).reduce((sum, { columns }) => sum + columns, 0);
}

/** The beginning of a text that fits into so many columns; what does not fit is marked with `…`. */
export function cut(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text.replaceAll("\t", " ");
  if (columns <= 0) return "";
  let room = columns - 1;
  let shown = "";
  for (const next of glyphs(text)) {
    room -= next.columns;
    if (room < 0) break;
    shown += next.text;
  }
  return `${shown}…`;
}

/** As `cut`, with the end of the text and not only its beginning, where there is room for both. */
export function cutInside(text: string, columns: number): string {
  if (columns < leastBothEnds || columnsOf(text) <= columns) return cut(text, columns);
  const all = glyphs(text);
  let taken = 0;
  let from = all.length;
  for (
    let next = all[from - 1];
    next !== undefined && taken + next.columns <= endColumns;
    next = all[from - 1]
  ) {
    taken += next.columns;
    from -= 1;
  }
  const textOf = (some: readonly Glyph[]): string => some.map((each) => each.text).join("");
  return cut(textOf(all.slice(0, from)), columns - taken) + textOf(all.slice(from));
}

/** A text in exactly so many columns. */
export function fit(text: string, columns: number, side: "left" | "right" = "left"): string {
  const shown = cut(text, columns);
  const blanks = " ".repeat(Math.max(0, columns - columnsOf(shown)));
  return side === "left" ? shown + blanks : blanks + shown;
}

/** Hebrew, Arabic and their kin: what a terminal may write from right to left. */
export function isRightToLeft(text: string): boolean {
  return /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u.test(text);
}

/** What is written from right to left must not carry along what follows it on the screen. */
export function closed(text: string): string {
  return isRightToLeft(text) ? `${text}\u200E` : text;
}

/** How a segment is shown. */
export function glyph(segment: string): Glyph {
  if (segment === "\t") return { text: " ", columns: 1 };
  if (segment.length > maxGlyphUnits) return { text: "\uFFFD", columns: 1 };
  return { text: segment, columns: columnsOfGlyph(segment) };
}

function columnsOfGlyph(segment: string): number {
  const before = known.get(segment);
  if (before !== undefined) return before;
  measure ??= loadStringWidth();
  const columns = Math.min(2, measure(segment));
  if (known.size >= maxKnown) known.clear();
  known.set(segment, columns);
  return columns;
}

/** Its tables take longer to load than all that the first screen needs otherwise, so they wait until they are wanted. */
function loadStringWidth(): typeof stringWidth {
  return (createRequire(import.meta.url)("string-width") as { readonly default: typeof stringWidth }).default;
}

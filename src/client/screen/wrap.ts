import type { Span, Style } from "../../protocols/irc/formatting.ts";
import { columnsOf, type Glyph, glyph, glyphs, segments } from "./cells.ts";

/**
 * A text in lines of at most so many columns, 2 or more: broken at blanks, and inside of a word only where it is
 * longer than a line. The blank at which a line is broken is not shown. There is always a first line.
 */
export function wrap(text: string, columns: number): readonly string[] {
  if (text.length <= columns && /^[ -~]*$/.test(text)) return [text];
  return wrapGlyphs(glyphs(text), columns).map(textOf);
}

/** As `wrap`, of a text in pieces of one style each: what stands together on the screen is in one of them. */
export function wrapSpans(spans: readonly Span[], columns: number): readonly (readonly Span[])[] {
  return wrapGlyphs(styledGlyphs(spans), columns).map(spansOfGlyphs);
}

/** As `cut` of `cells.ts`, of a text in pieces. */
export function cutSpans(spans: readonly Span[], columns: number): readonly Span[] {
  const styled = styledGlyphs(spans);
  if (columnsOf(spans.map(({ text }) => text).join("")) <= columns) return spansOfGlyphs(styled);
  let taken = 1;
  const end = styled.findIndex((each) => {
    taken += each.columns;
    return taken > columns;
  });
  const shown = styled.slice(0, end);
  const style = styled[Math.max(0, end - 1)]?.style;
  return style === undefined || columns <= 0
    ? []
    : spansOfGlyphs([...shown, { text: "…", columns: 1, style }]);
}

interface StyledGlyph extends Glyph {
  readonly style: Style;
}

function wrapGlyphs<Each extends Glyph>(all: readonly Each[], columns: number): readonly (readonly Each[])[] {
  const lines: (readonly Each[])[] = [];
  let line: Each[] = [];
  let taken = 0;
  let blank = -1;
  for (const next of all) {
    while (taken + next.columns > columns && line.length > 0) {
      if (next.text === " ") break;
      const end = blank > 0 ? blank : line.length;
      lines.push(line.slice(0, end));
      line = line.slice(blank > 0 ? end + 1 : end);
      taken = line.reduce((sum, each) => sum + each.columns, 0);
      blank = line.findLastIndex((each) => each.text === " ");
    }
    if (taken + next.columns > columns && next.text === " ") {
      lines.push(line);
      line = [];
      taken = 0;
      blank = -1;
      continue;
    }
    if (next.text === " ") blank = line.length;
    line.push(next);
    taken += next.columns;
  }
  if (line.length > 0 || lines.length === 0) lines.push(line);
  return lines;
}

/** A mark that is put on a letter of another style is shown in that of the letter. */
function styledGlyphs(spans: readonly Span[]): readonly StyledGlyph[] {
  const styled: StyledGlyph[] = [];
  let index = 0;
  let end = spans[0]?.text.length ?? 0;
  let at = 0;
  for (const segment of segments(spans.map(({ text }) => text).join(""))) {
    while (at >= end && index + 1 < spans.length) {
      index += 1;
      end += spans[index]?.text.length ?? 0;
    }
    const span = spans[index];
    if (span !== undefined) styled.push({ ...glyph(segment), style: span.style });
    at += segment.length;
  }
  return styled;
}

function spansOfGlyphs(line: readonly StyledGlyph[]): readonly Span[] {
  const spans: { text: string; readonly style: Style }[] = [];
  for (const { text, style } of line) {
    const last = spans.at(-1);
    if (last?.style === style) last.text += text;
    else spans.push({ text, style });
  }
  return spans;
}

function textOf(line: readonly Glyph[]): string {
  return line.map(({ text }) => text).join("");
}

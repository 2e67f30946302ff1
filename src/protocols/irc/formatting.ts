import { ircFormatting, withoutHostile } from "../../chat/text.ts";

/** One of the 99 colours of IRC's palette (0 to 98), or red, green and blue in six hexadecimal digits. */
export type Colour =
  | { readonly kind: "palette"; readonly index: number }
  | { readonly kind: "rgb"; readonly hex: string };

/** How a piece of text is to look; colours are the reader's own where they are `undefined`. */
export interface Style {
  readonly bold: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly strikethrough: boolean;
  readonly monospace: boolean;
  /** Foreground and background change places. */
  readonly reverse: boolean;
  readonly foreground: Colour | undefined;
  readonly background: Colour | undefined;
}

export interface Span {
  readonly text: string;
  readonly style: Style;
}

export const plain: Style = {
  bold: false,
  italic: false,
  underline: false,
  strikethrough: false,
  monospace: false,
  reverse: false,
  foreground: undefined,
  background: undefined,
};

/** With which every code begins. */
const anyCode = /[\x01-\x04\x0F\x11\x16\x1D-\x1F]/;

/** The reader's own colour: https://modern.ircdocs.horse/formatting#colors */
const defaultColour = 99;

/**
 * The text in pieces of one style each, without the codes: https://modern.ircdocs.horse/formatting#characters.
 * Each code that toggles does so, a colour stays until the next, and nothing outlives the text.
 */
export function spansOf(text: string): readonly Span[] {
  const spans: Span[] = [];
  let style = plain;
  let start = 0;
  for (const match of text.matchAll(ircFormatting)) {
    if (match.index > start) spans.push({ text: text.slice(start, match.index), style });
    style = styleAfter(style, match[0]);
    start = match.index + match[0].length;
  }
  if (start < text.length) spans.push({ text: text.slice(start), style });
  return spans;
}

/** The lines of a text as `spansOf` has them, with nothing hostile in them. A style goes on in the next line. */
export function linesOf(text: string): readonly (readonly Span[])[] {
  const lines: Span[][] = [[]];
  for (const { text: piece, style } of spansOf(text)) {
    for (const [index, part] of piece.split("\n").entries()) {
      if (index > 0) lines.push([]);
      if (part !== "") lines.at(-1)?.push({ text: withoutHostile(part), style });
    }
  }
  return lines;
}

/** Whether a text holds any codes. */
export function isFormatted(text: string): boolean {
  return anyCode.test(text);
}

/** The text without the codes, for whoever cannot show them. */
export function withoutFormatting(text: string): string {
  return text.replace(ircFormatting, "");
}

function styleAfter(style: Style, code: string): Style {
  const digits = code.slice(1);
  switch (code[0]) {
    case "\x02":
      return { ...style, bold: !style.bold };
    case "\x03":
      return coloured(style, digits, paletteColour);
    case "\x04":
      return coloured(style, digits, (hex) => ({ kind: "rgb", hex: hex.toUpperCase() }));
    case "\x0f":
      return plain;
    case "\x11":
      return { ...style, monospace: !style.monospace };
    case "\x16":
      return { ...style, reverse: !style.reverse };
    case "\x1d":
      return { ...style, italic: !style.italic };
    case "\x1e":
      return { ...style, strikethrough: !style.strikethrough };
    case "\x1f":
      return { ...style, underline: !style.underline };
    default:
      return style;
  }
}

/** A code without a colour takes both away; one colour alone leaves the background. */
function coloured(style: Style, digits: string, parse: (digits: string) => Colour | undefined): Style {
  if (digits === "") return { ...style, foreground: undefined, background: undefined };
  const [foreground = "", background] = digits.split(",");
  return {
    ...style,
    foreground: parse(foreground),
    background: background === undefined ? style.background : parse(background),
  };
}

function paletteColour(digits: string): Colour | undefined {
  const index = Number(digits);
  return index === defaultColour ? undefined : { kind: "palette", index };
}

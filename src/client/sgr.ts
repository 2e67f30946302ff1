import { printable } from "../chat/text.ts";
import { black, contrast, legible, type Rgb, rgbOf, white } from "../protocols/irc/colours.ts";
import { isFormatted, linesOf, type Style } from "../protocols/irc/formatting.ts";

/** How many colours a terminal has; `16m`: all that there are. */
export type Colours = "none" | "16" | "256" | "16m";
export type Background = "dark" | "light";

/** What a terminal can show. */
export interface Looks {
  readonly colours: Colours;
  readonly background: Background;
}

/** What text is written on, and in, where nothing else is said. */
const grounds: Readonly<Record<Background, Rgb>> = { dark: black, light: white };
const inks: Readonly<Record<Background, Rgb>> = { dark: [229, 229, 229], light: black };

/** The first sixteen colours as xterm has them; each terminal has its own, but much like these. */
const sixteen: readonly Rgb[] = [
  [0, 0, 0],
  [205, 0, 0],
  [0, 205, 0],
  [205, 205, 0],
  [0, 0, 238],
  [205, 0, 205],
  [0, 205, 205],
  [229, 229, 229],
  [127, 127, 127],
  [255, 0, 0],
  [0, 255, 0],
  [255, 255, 0],
  [92, 92, 255],
  [255, 0, 255],
  [0, 255, 255],
  [255, 255, 255],
];
/** What stands at 16 to 231: six steps of each of the three. */
const cube = [0, 95, 135, 175, 215, 255];

/** How many colours a terminal has, after `NO_COLOR` (https://no-color.org), `COLORTERM` and `TERM`. */
export function coloursOf(environment: Readonly<Record<string, string | undefined>>): Colours {
  if ((environment["NO_COLOR"] ?? "") !== "") return "none";
  const { TERM: term = "", COLORTERM: many = "" } = environment;
  if (many === "truecolor" || many === "24bit" || term.endsWith("-direct")) return "16m";
  return many !== "" || /256|xterm|tmux|screen|kitty|alacritty|foot|ghostty/.test(term) ? "256" : "16";
}

/**
 * A style as parameters of SGR (ECMA-48, 8.3.117); `""`: it is as all text is. Every terminal writes in one width
 * anyway. What could not be read on its background is made lighter or darker until it can.
 */
export function sgrOf(style: Style, { colours, background }: Looks): string {
  const codes = [
    ...(style.bold ? ["1"] : []),
    ...(style.italic ? ["3"] : []),
    ...(style.underline ? ["4"] : []),
    ...(style.reverse ? ["7"] : []),
    ...(style.strikethrough ? ["9"] : []),
  ];
  if (colours === "none" || (style.foreground === undefined && style.background === undefined))
    return codes.join(";");
  const behind = style.background && rgbOf(style.background);
  const wanted = style.foreground === undefined ? inks[background] : rgbOf(style.foreground);
  const text = legible(wanted, behind ?? grounds[background]);
  if (behind === undefined) return [...codes, colourCode(text, 38, colours)].join(";");
  const back = colourCode(behind, 48, colours);
  const front = colourCode(text, 38, colours);
  const isSame = colours === "16" && nearest(text, sixteen) === nearest(behind, sixteen);
  const apart = contrast(white, behind) > contrast(black, behind) ? white : black;
  return [...codes, isSame ? colourCode(apart, 38, colours) : front, back].join(";");
}

/** A piece of text painted so; what follows is not. */
export function painted(code: string, text: string): string {
  return code === "" || text === "" ? text : `\x1B[${code}m${text}\x1B[0m`;
}

/** A line of text with the looks that its formatting codes ask for, and nothing else that is not printable. */
export function formattedLine(text: string, looks: Looks): string {
  if (!isFormatted(text)) return printable(text);
  const [spans = []] = linesOf(text);
  return spans.map((span) => painted(sgrOf(span.style, looks), span.text)).join("");
}

/** `ground`: 38 for text, 48 for what is behind it. */
function colourCode(rgb: Rgb, ground: 38 | 48, colours: Exclude<Colours, "none">): string {
  switch (colours) {
    case "16": {
      const index = nearest(rgb, sixteen);
      return String(ground - 8 + (index < 8 ? index : 52 + index));
    }
    case "256":
      return `${ground};5;${indexOf(rgb)}`;
    case "16m":
      return `${ground};2;${rgb.join(";")}`;
  }
}

/** The nearest of the 240 that are the same everywhere. */
function indexOf(rgb: Rgb): number {
  const [red, green, blue] = rgb.map((value) => nearestOf(value, cube)) as [number, number, number];
  const inCube: Rgb = [cube[red] ?? 0, cube[green] ?? 0, cube[blue] ?? 0];
  const grey = nearestOf((rgb[0] + rgb[1] + rgb[2]) / 3, greys);
  const level = greys[grey] ?? 0;
  const isGrey = distance(rgb, [level, level, level]) < distance(rgb, inCube);
  return isGrey ? 232 + grey : 16 + 36 * red + 6 * green + blue;
}

/** What stands at 232 to 255. */
const greys = Array.from({ length: 24 }, (_, index) => 8 + 10 * index);

function nearestOf(value: number, values: readonly number[]): number {
  return smallest(values.map((each) => Math.abs(each - value)));
}

function nearest(rgb: Rgb, all: readonly Rgb[]): number {
  return smallest(all.map((each) => distance(rgb, each)));
}

function smallest(values: readonly number[]): number {
  return values.indexOf(Math.min(...values));
}

function distance(one: Rgb, other: Rgb): number {
  return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2;
}

import { foldName } from "../../chat/name.ts";
import type { Style } from "../../protocols/irc/formatting.ts";
import { type Background, type Looks, painted, sgrOf } from "../sgr.ts";

/** What a piece of the screen is, as far as its looks go. */
export const roles = [
  "dim",
  "bar",
  "self",
  "mention",
  "private",
  "notice",
  "error",
  "mark",
  "found",
  "chosen",
  "status",
  "good",
  "bad",
  "title",
] as const;
export type Role = (typeof roles)[number];

/** How the pieces of a screen are painted. A value; a change of background makes a new one. */
export interface Theme {
  paint(role: Role, text: string): string;
  /** In the colour that this person always has. */
  person(name: string, text: string): string;
  /** As its writer formatted it, within a piece that is painted in a role. */
  formatted(style: Style, text: string, role?: Role): string;
}

/** Parameters of SGR (ECMA-48, 8.3.117). */
const attributes: Readonly<Record<Role, string>> = {
  dim: "2",
  bar: "2",
  self: "1",
  mention: "1",
  private: "3",
  notice: "2",
  error: "1",
  mark: "1",
  found: "7",
  chosen: "7",
  status: "7",
  good: "7",
  bad: "7;1",
  title: "1",
};

const colours: Readonly<Record<Background, Readonly<Record<Role, string>>>> = {
  dark: {
    ...attributes,
    dim: "38;5;245",
    bar: "38;5;240",
    notice: "38;5;245",
    self: "1",
    mention: "1;38;5;221",
    private: "38;5;183",
    error: "38;5;203",
    mark: "38;5;203",
    found: "30;48;5;221",
    status: "38;5;252;48;5;236",
    good: "38;5;114;48;5;236",
    bad: "1;38;5;210;48;5;236",
  },
  light: {
    ...attributes,
    dim: "38;5;242",
    bar: "38;5;250",
    notice: "38;5;242",
    self: "1",
    mention: "1;38;5;130",
    private: "38;5;91",
    error: "38;5;160",
    mark: "38;5;160",
    found: "30;48;5;221",
    status: "38;5;236;48;5;253",
    good: "38;5;22;48;5;253",
    bad: "1;38;5;124;48;5;253",
  },
};

const few: Readonly<Record<Role, string>> = {
  ...attributes,
  mention: "1;33",
  private: "35",
  error: "31",
  mark: "31",
};

const people: Readonly<Record<Background, readonly number[]>> = {
  dark: [39, 208, 77, 213, 220, 117, 203, 149, 141, 80, 215, 177, 108, 174, 75, 186],
  light: [25, 130, 28, 127, 94, 31, 124, 64, 55, 30, 166, 90, 22, 132, 61, 100],
};

export interface ThemeOptions extends Looks {
  /** Parameters of SGR that stand in place of the theme's own. */
  readonly own: Readonly<Partial<Record<Role, string>>>;
}

export function makeTheme(options: ThemeOptions): Theme {
  const { own, background } = options;
  const byCount = { none: attributes, "16": few, "256": colours[background], "16m": colours[background] };
  const codes = options.colours === "none" ? attributes : { ...byCount[options.colours], ...own };
  return {
    paint: (role, text) => painted(codes[role], text),
    formatted: (style, text, role) => {
      const parts = [role === undefined ? "" : codes[role], sgrOf(style, options)];
      return painted(parts.filter((part) => part !== "").join(";"), text);
    },
    person: (name, text) => {
      const hash = hashOf(foldName(name));
      if (options.colours === "none") return painted("1", text);
      if (options.colours === "16") return painted(`1;${31 + (hash % 6)}`, text);
      const palette = people[background];
      return painted(`1;38;5;${palette[hash % palette.length]}`, text);
    },
  };
}

const colourNames = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
const attributeNames: Readonly<Record<string, string>> = {
  bold: "1",
  dim: "2",
  italic: "3",
  underline: "4",
  reverse: "7",
};

/**
 * A style as a theme file has it, as parameters of SGR: attributes, a colour and, behind `on`, a background, as in
 * `bold yellow on 236`. A colour is a name (also `bright-…`), a number up to 255 or `#rrggbb`. `undefined`: it is none.
 */
export function parseStyle(style: string): string | undefined {
  const codes: string[] = [];
  let ground = 38;
  for (const word of style.toLowerCase().split(/\s+/).filter(Boolean)) {
    if (word === "on") {
      ground = 48;
      continue;
    }
    const code = attributeNames[word] ?? colourCode(word, ground);
    if (code === undefined) return undefined;
    codes.push(code);
  }
  return codes.join(";");
}

function colourCode(word: string, ground: number): string | undefined {
  const bright = word.startsWith("bright-");
  const index = colourNames.indexOf(bright ? word.slice(7) : word);
  if (index !== -1) return `${ground - 8 + (bright ? 60 : 0) + index}`;
  if (/^\d{1,3}$/.test(word) && Number(word) < 256) return `${ground};5;${Number(word)}`;
  const [, red, green, blue] = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/.exec(word) ?? [];
  if (red === undefined || green === undefined || blue === undefined) return undefined;
  const parts = [red, green, blue].map((hex) => Number.parseInt(hex, 16));
  return `${ground};2;${parts.join(";")}`;
}

/** FNV-1a, and the end of MurmurHash3, which lets the low bits depend on all. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

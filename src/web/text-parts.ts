import { linesOf, type Style } from "../protocols/irc/formatting.ts";

/** A piece of a line that looks the same all through, and leads to one place. */
export interface TextPart {
  readonly text: string;
  readonly style: Style;
  /** An address on the web, where it is one. */
  readonly href: string | undefined;
}

const address = /https?:\/\/[^\s<>"'\u0060\\^{|}]+/gi;
/** What may end a sentence in which an address stands. */
const after = /[.,;:!?…]+$/;

/** The lines of what somebody said, each in its parts. Nothing of it is anything but text. */
export function textParts(text: string): readonly (readonly TextPart[])[] {
  return linesOf(text).map((spans) => spans.flatMap(({ text: piece, style }) => withAddresses(piece, style)));
}

function withAddresses(text: string, style: Style): readonly TextPart[] {
  const parts: TextPart[] = [];
  let start = 0;
  const add = (end: number, href: string | undefined): void => {
    if (end > start) parts.push({ text: text.slice(start, end), style, href });
    start = end;
  };
  for (const match of text.matchAll(address)) {
    const found = balanced(match[0].replace(after, ""));
    if (!URL.canParse(found)) continue;
    add(match.index, undefined);
    add(match.index + found.length, found);
  }
  add(text.length, undefined);
  return parts;
}

/** Without brackets at the end that were opened before the address. */
function balanced(found: string): string {
  for (const pair of ["()", "[]"]) {
    const [opened = 0, closed = 0] = Array.from(pair, (bracket) => found.split(bracket).length - 1);
    if (found.endsWith(pair.slice(1)) && closed > opened)
      return balanced(found.slice(0, -1).replace(after, ""));
  }
  return found;
}

import { packWords } from "./pack.ts";

/** By name; `undefined` where there is no value. */
export type IsupportTokens = ReadonlyMap<string, string | undefined>;

/** With the client's nick and the text these are the 15 parameters that a message may have. */
const maxTokens = 13;

const escapes: Readonly<Record<string, string>> = { " ": "\\x20", "\\": "\\x5C", "=": "\\x3D" };

/**
 * The tokens for so many `RPL_ISUPPORT`: https://modern.ircdocs.horse/#rplisupport-005
 *
 * @param maxBytes what the tokens of a line and the spaces between them may have; see `roomFor`
 */
export function isupportLines(tokens: IsupportTokens, maxBytes: number): readonly (readonly string[])[] {
  const words = Array.from(tokens, ([name, value]) => tokenOf(name, value));
  return packWords(words, { separator: " ", maxBytes, maxWords: maxTokens });
}

function tokenOf(name: string, value: string | undefined): string {
  if (value === undefined) return name;
  return `${name}=${value.replace(/[ \\=]/g, (character) => escapes[character]!)}`;
}

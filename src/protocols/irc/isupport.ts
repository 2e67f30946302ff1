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
  return packTokens(
    [...tokens].map(([name, value]) => tokenOf(name, value)),
    maxBytes,
  );
}

/** As `isupportLines`, what has to be told for a client that knew `before`; `-TOKEN` is no more. */
export function isupportChanges(
  before: IsupportTokens,
  after: IsupportTokens,
  maxBytes: number,
): readonly (readonly string[])[] {
  const gone = [...before.keys()].filter((name) => !after.has(name)).map((name) => `-${name}`);
  const changed = [...after]
    .filter(([name, value]) => !before.has(name) || before.get(name) !== value)
    .map(([name, value]) => tokenOf(name, value));
  return packTokens([...changed, ...gone], maxBytes);
}

function packTokens(words: readonly string[], maxBytes: number): readonly (readonly string[])[] {
  return packWords(words, { separator: " ", maxBytes, maxWords: maxTokens });
}

function tokenOf(name: string, value: string | undefined): string {
  if (value === undefined) return name;
  return `${name}=${value.replace(/[ \\=]/g, (character) => escapes[character]!)}`;
}

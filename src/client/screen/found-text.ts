import { findsBeginnings, type SearchQuery } from "../../chat/search.ts";
import { foldText, isUnspaced, runsOf, searchable } from "../../chat/searchable.ts";

/** A part of a text: from, and up to but not including. */
export type Part = readonly [from: number, to: number];

/** The parts of a text for which a search found it, in order and apart from each other. */
export function foundParts(
  text: string,
  { words, phrases }: Pick<SearchQuery, "words" | "phrases">,
): readonly Part[] {
  const wanted = [...words, ...phrases.flatMap((phrase) => phrase.split(" "))];
  return runsOf(text).flatMap(({ text: run, at }): readonly Part[] => {
    if (isUnspaced(run)) return partsOfRun(run, wanted).map(([from, to]): Part => [at + from, at + to]);
    const folded = searchable(run).trim();
    const isFound = wanted.some(
      (word) => folded === word || (findsBeginnings(word) && folded.startsWith(word)),
    );
    return isFound ? [[at, at + run.length]] : [];
  });
}

/** In a run without blanks any part can be meant. */
function partsOfRun(run: string, wanted: readonly string[]): readonly Part[] {
  const characters = Array.from(run);
  const folded = characters.map(foldText);
  const isFound = characters.map(() => false);
  for (const word of wanted) {
    const looked = Array.from(word);
    for (let at = 0; at + looked.length <= folded.length; at += 1) {
      if (looked.every((character, index) => folded[at + index] === character))
        isFound.fill(true, at, at + looked.length);
    }
  }
  const parts: Part[] = [];
  let at = 0;
  for (const [index, character] of characters.entries()) {
    const end = at + character.length;
    const last = parts.at(-1);
    if (isFound[index] === true && last?.[1] === at) parts[parts.length - 1] = [last[0], end];
    else if (isFound[index] === true) parts.push([at, end]);
    at = end;
  }
  return parts;
}

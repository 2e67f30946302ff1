/** The one of `words` that `typed` was most likely meant to be; `undefined` where none is near. */
export function nearestWord(typed: string, words: readonly string[]): string | undefined {
  const ranked = words
    .map((word) => ({ word, steps: editDistance(typed, word) }))
    .toSorted((one, other) => one.steps - other.steps);
  const [first] = ranked;
  // A third of the letters may be wrong: beyond that it is another word.
  return first !== undefined && first.steps <= Math.max(1, Math.floor(first.word.length / 3))
    ? first.word
    : undefined;
}

/** How many letters have to be put in, taken out or replaced (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 0; i < from.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j += 1) {
      const replaced = row[j]! + (from[i] === to[j] ? 0 : 1);
      next.push(Math.min(replaced, row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}

import { encodedConfusables } from "./confusables.ts";

let prototypes: ReadonlyMap<string, string> | undefined;

/**
 * What a text looks like: two texts with one skeleton can be taken for each other. `skeleton` of UTS 39,
 * section 4, but for its removal of ignorable characters, which no name holds. Case is kept: `I` looks
 * like `l`, and `i` does not.
 */
export function skeleton(text: string): string {
  prototypes ??= decode(encodedConfusables);
  let looks = "";
  for (const character of text.normalize("NFD")) looks += prototypes.get(character) ?? character;
  return looks.normalize("NFD");
}

/** The encoding is described in `confusables.ts`. */
function decode(encoded: string): ReadonlyMap<string, string> {
  const decoded = new Map<string, string>();
  let source = 0;
  for (const line of encoded.trim().split("\n")) {
    for (const entry of line.split(" ")) {
      const [distance, ...prototype] = entry.split(/[:,]/).map((number) => Number.parseInt(number, 36));
      source += distance!;
      decoded.set(String.fromCodePoint(source), String.fromCodePoint(...prototype));
    }
  }
  return decoded;
}

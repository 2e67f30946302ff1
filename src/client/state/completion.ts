import { foldName } from "../../chat/name.ts";
import { commandTable } from "../../protocols/line/commands.ts";

/** What can stand in place of the word before the cursor. */
export interface Completion {
  readonly from: number;
  readonly to: number;
  /** The texts to choose from, each with the blank or colon that follows it. */
  readonly choices: readonly string[];
  /** Which one stands there. */
  readonly chosen: number;
}

export interface Vocabulary {
  /** Who may be meant, the likeliest first. */
  readonly names: readonly string[];
  /** What rooms are called. */
  readonly rooms: readonly string[];
  /** Emoji by name. */
  readonly emoji: Readonly<Record<string, string>>;
}

const maxChoices = 50;

/** The completions of the word before the cursor: a command, a room, an emoji by `:name`, or somebody's name. */
export function complete(
  { text, cursor }: { readonly text: string; readonly cursor: number },
  vocabulary: Vocabulary,
): Completion | undefined {
  const from = text.slice(0, cursor).search(/\S*$/);
  const word = text.slice(from, cursor);
  const choices = choicesOf(word, from === 0, vocabulary);
  if (choices.length === 0) return undefined;
  return { from, to: cursor, choices: choices.slice(0, maxChoices), chosen: -1 };
}

function choicesOf(word: string, atStart: boolean, { names, rooms, emoji }: Vocabulary): readonly string[] {
  if (word.startsWith("/") && atStart) {
    const commands = [
      ...commandTable.map(({ name }) => name),
      ...commandTable.flatMap(({ aliases }) => aliases),
    ];
    return commands
      .filter((command) => `/${command}`.startsWith(word.toLowerCase()))
      .map((name) => `/${name} `);
  }
  if (word.startsWith("#")) {
    const begins = foldName(word);
    return [...new Set(rooms)].filter((name) => foldName(name).startsWith(begins)).map((name) => `${name} `);
  }
  if (/^:[\w+-]{1,}:?$/.test(word)) return emojiNamed(word.replaceAll(":", "").toLowerCase(), emoji);
  const beginning = foldName(word.replace(/^@/, ""));
  if (beginning === "") return [];
  const at = word.startsWith("@") ? "@" : "";
  const after = atStart ? ": " : " ";
  return names.filter((name) => foldName(name).startsWith(beginning)).map((name) => at + name + after);
}

/** Those whose names begin so before those that hold it elsewhere, short names first. */
function emojiNamed(part: string, emoji: Readonly<Record<string, string>>): readonly string[] {
  const found = Object.keys(emoji).filter((name) => name.includes(part));
  const rank = (name: string): number => (name.startsWith(part) ? 0 : 1000) + name.length;
  const sorted = found.sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1));
  return [...new Set(sorted.map((name) => emoji[name] ?? ""))];
}

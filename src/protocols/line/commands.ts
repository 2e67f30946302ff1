/** What a line asks for. */
export type LineCommand =
  | { readonly kind: "nothing" }
  | { readonly kind: "say"; readonly text: string }
  | { readonly kind: "action"; readonly text: string }
  | { readonly kind: "tell"; readonly to: string; readonly text: string }
  /** Who is online; of those whose names begin so, where `beginning` is not empty. */
  | { readonly kind: "list"; readonly beginning: string }
  | { readonly kind: "help"; readonly topic: CommandName | undefined }
  /** The last messages; `count`, 1 or more, is what was asked for, not what the server may give. */
  | { readonly kind: "history"; readonly count: number | undefined }
  /** The messages with a number above this one, which is 0 or more. */
  | { readonly kind: "since"; readonly number: number }
  /** As `parseSearch` reads it; never blank. */
  | { readonly kind: "search"; readonly text: string }
  | { readonly kind: "quit" }
  /** A command that exists, in a wrong form. */
  | { readonly kind: "usage"; readonly command: CommandName }
  /** As it was typed, without its slash. */
  | { readonly kind: "unknown"; readonly command: string };

export type CommandName = "pm" | "me" | "list" | "history" | "since" | "search" | "help" | "quit";

/** All that there is to know about a command: the parser, the usage errors and `/help` are made of it. */
export interface CommandEntry {
  readonly name: CommandName;
  readonly aliases: readonly string[];
  /** Without `Usage: `. */
  readonly usage: string;
  readonly summary: string;
  /** Lines that say the rest. */
  readonly details: readonly string[];
  /** Reads what stands after the command and its white space; `undefined`: a wrong form. */
  readonly parse: (rest: string) => LineCommand | undefined;
}

/** In the order in which `/help` shows them. */
export const commandTable: readonly CommandEntry[] = [
  {
    name: "pm",
    aliases: ["msg", "w", "whisper", "tell"],
    usage: "/pm <username> <message>",
    summary: "Send a private message",
    details: ["Nobody else in the chat is shown it. The username may be written in any case."],
    parse: (rest) => {
      const [to, text] = splitWord(rest);
      return text === "" ? undefined : { kind: "tell", to, text };
    },
  },
  {
    name: "me",
    aliases: [],
    usage: "/me <action>",
    summary: "Say what you do: '/me waves'",
    details: ["The others are shown it as '* Alice waves'."],
    parse: (rest) => (isBlank(rest) ? undefined : { kind: "action", text: rest }),
  },
  {
    name: "list",
    aliases: ["who", "users", "names"],
    usage: "/list [beginning]",
    summary: "Show who is online",
    details: [
      "With a beginning, only those whose names begin with it.",
      "A long list shows its first names; a beginning finds the rest.",
    ],
    parse: (rest) => atMostOneWord(rest, (word) => ({ kind: "list", beginning: word ?? "" })),
  },
  {
    name: "history",
    aliases: [],
    usage: "/history [count]",
    summary: "Show the last messages",
    details: ["With a count, that many, as far as the server gives them."],
    parse: (rest) =>
      atMostOneWord(rest, (word) => {
        if (word === undefined) return { kind: "history", count: undefined };
        const count = wholeNumber(word);
        return count === undefined || count === 0 ? undefined : { kind: "history", count };
      }),
  },
  {
    name: "since",
    aliases: [],
    usage: "/since <number>",
    summary: "Show the messages after the one with this number",
    details: ["Each comes with its number; to go on from the last: '/since 123'."],
    parse: (rest) =>
      atMostOneWord(rest, (word) => {
        const number = wholeNumber(word?.replace(/^#/, "") ?? "");
        return number === undefined ? undefined : { kind: "since", number };
      }),
  },
  {
    name: "search",
    aliases: ["find"],
    usage: "/search <words>",
    summary: "Find messages that hold all these words",
    details: [
      'Also: "words side by side", from:NAME,',
      "after:2026-11-24, before:2026-11-24T14:30 (the server's local time).",
      "Your own private messages are found as well, and nobody else's.",
    ],
    parse: (rest) => (isBlank(rest) ? undefined : { kind: "search", text: rest }),
  },
  {
    name: "help",
    aliases: ["h", "?"],
    usage: "/help [command]",
    summary: "Show this help, or more about a command",
    details: ["For example '/help pm'."],
    parse: (rest) =>
      atMostOneWord(rest, (word) => {
        if (word === undefined) return { kind: "help", topic: undefined };
        const asked = word.replace(/^\//, "");
        const topic = findCommand(asked)?.name;
        return topic === undefined ? { kind: "unknown", command: asked } : { kind: "help", topic };
      }),
  },
  {
    name: "quit",
    aliases: ["exit", "q", "bye"],
    usage: "/quit",
    summary: "Leave the chat",
    details: ["What you sent before it is still delivered."],
    parse: (rest) => (rest === "" ? { kind: "quit" } : undefined),
  },
];

const byWord: ReadonlyMap<string, CommandEntry> = new Map(
  commandTable.flatMap((entry) => [entry.name, ...entry.aliases].map((word) => [word, entry] as const)),
);

/** The command with this name or alias, in any case, without its slash. */
export function findCommand(word: string): CommandEntry | undefined {
  return byWord.get(word.toLowerCase());
}

/**
 * What somebody asks for with a line. A text stands as it was typed, its white space at both ends included; that
 * between a command and what it takes is not part of either.
 */
export function parseLine(line: string): LineCommand {
  if (isBlank(line)) return { kind: "nothing" };
  if (!line.startsWith("/")) return { kind: "say", text: line };
  if (line.startsWith("//")) return { kind: "say", text: line.slice(1) };
  const [word, rest] = splitWord(line.slice(1));
  const entry = findCommand(word);
  if (entry === undefined) return { kind: "unknown", command: word };
  return entry.parse(rest) ?? { kind: "usage", command: entry.name };
}

function isBlank(text: string): boolean {
  return !/\S/.test(text);
}

/** The first word, and what stands after it and its white space. */
function splitWord(text: string): readonly [string, string] {
  const end = text.search(/\s/);
  return end === -1 ? [text, ""] : [text.slice(0, end), text.slice(end).trimStart()];
}

function atMostOneWord(
  rest: string,
  parse: (word: string | undefined) => LineCommand | undefined,
): LineCommand | undefined {
  const [word, more] = splitWord(rest);
  return more === "" ? parse(word === "" ? undefined : word) : undefined;
}

function wholeNumber(text: string): number | undefined {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(number) ? number : undefined;
}

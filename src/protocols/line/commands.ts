import type { Deed } from "../../chat/command.ts";
import type { ModeChange } from "../../chat/mode.ts";
import type { RoleName } from "../../chat/room.ts";
import { flagsByWord } from "./modes.ts";

type Without<T, Key extends keyof never> = T extends unknown ? Omit<T, Key> : never;

/** What is done in a room that is named beside it, or not at all. */
export type RoomDeed = Without<
  Extract<Deed, { kind: "part" | "topic" | "invite" | "kick" | "modes" | "rename-room" }>,
  "room"
>;

/** What a line asks for. A room without a name is the one that one looks at. */
export type LineCommand =
  | { readonly kind: "nothing" }
  | { readonly kind: "say"; readonly text: string }
  /** `#room text`: to that room, where one is in it. `line`: all of it. */
  | { readonly kind: "say-in"; readonly room: string; readonly text: string; readonly line: string }
  | { readonly kind: "join"; readonly room: string; readonly key: string | undefined }
  | { readonly kind: "look-at"; readonly room: string }
  | { readonly kind: "in-room"; readonly room: string | undefined; readonly deed: RoomDeed }
  /** How a room is run. */
  | { readonly kind: "room"; readonly room: string | undefined }
  | { readonly kind: "rooms" }
  | { readonly kind: "rename"; readonly name: string }
  | { readonly kind: "away"; readonly text: string | undefined }
  | { readonly kind: "whois"; readonly name: string }
  /** To have the name for good. */
  | { readonly kind: "register"; readonly password: string; readonly email: string | undefined }
  | { readonly kind: "login"; readonly name: string; readonly password: string }
  /** To be shown nothing that somebody says, or to be shown it again. */
  | { readonly kind: "ignore" | "unignore"; readonly name: string }
  /** Whom one ignores. */
  | { readonly kind: "ignored" }
  | { readonly kind: "password"; readonly before: string; readonly after: string }
  /** Where one stays signed in. */
  | { readonly kind: "devices" }
  /** To be signed out there. */
  | { readonly kind: "forget"; readonly device: string }
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

export type CommandName =
  | "pm"
  | "me"
  | "list"
  | "history"
  | "since"
  | "search"
  | "join"
  | "leave"
  | "room"
  | "rooms"
  | "topic"
  | "invite"
  | "kick"
  | "ban"
  | "unban"
  | "op"
  | "deop"
  | "voice"
  | "devoice"
  | "set"
  | "rename"
  | "nick"
  | "away"
  | "whois"
  | "ignore"
  | "unignore"
  | "register"
  | "login"
  | "password"
  | "devices"
  | "forget"
  | "help"
  | "quit";

/** All that there is to know about a command: the parser, the usage errors and `/help` are made of it, which has more words on each (`command-details.ts`). */
export interface CommandEntry {
  readonly name: CommandName;
  readonly aliases: readonly string[];
  /** Without `Usage: `. */
  readonly usage: string;
  readonly summary: string;
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
    parse: (rest) => (isBlank(rest) ? undefined : { kind: "action", text: rest }),
  },
  {
    name: "list",
    aliases: ["who", "users", "names"],
    usage: "/list [beginning]",
    summary: "Show who is online",
    parse: (rest) => atMostOneWord(rest, (word) => ({ kind: "list", beginning: word ?? "" })),
  },
  {
    name: "history",
    aliases: [],
    usage: "/history [count]",
    summary: "Show the last messages",
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
    parse: (rest) => (isBlank(rest) ? undefined : { kind: "search", text: rest }),
  },
  {
    name: "join",
    aliases: ["j"],
    usage: "/join #room [password]",
    summary: "Come into a room, or make it",
    parse: (rest) => {
      const [room, more] = splitWord(rest);
      const [key, none] = splitWord(more);
      if (room === "" || none !== "") return undefined;
      return { kind: "join", room, key: key === "" ? undefined : key };
    },
  },
  {
    name: "leave",
    aliases: ["part"],
    usage: "/leave [#room] [words]",
    summary: "Leave a room",
    parse: (rest) => inRoom(rest, (text) => ({ kind: "part", text })),
  },
  {
    name: "room",
    aliases: [],
    usage: "/room [#room]",
    summary: "Look at another of your rooms",
    parse: (rest) =>
      atMostOneWord(rest, (room) =>
        room === undefined ? { kind: "room", room: undefined } : { kind: "look-at", room },
      ),
  },
  {
    name: "rooms",
    aliases: ["channels"],
    usage: "/rooms",
    summary: "Show what rooms there are",
    parse: (rest) => (rest === "" ? { kind: "rooms" } : undefined),
  },
  {
    name: "topic",
    aliases: [],
    usage: "/topic [#room] [text]",
    summary: "Show or set what a room is about",
    parse: (rest) => {
      const [room, text] = splitRoom(rest);
      if (text === "") return { kind: "room", room };
      return { kind: "in-room", room, deed: { kind: "topic", text: text === "-" ? "" : text } };
    },
  },
  {
    name: "invite",
    aliases: [],
    usage: "/invite [#room] <username>",
    summary: "Ask somebody into a room",
    parse: (rest) => withName(rest, (name) => ({ kind: "invite", name })),
  },
  {
    name: "kick",
    aliases: [],
    usage: "/kick [#room] <username> [reason]",
    summary: "Remove somebody from a room",
    parse: (rest) =>
      inRoom(rest, (words) => {
        const [name, text] = splitWord(words);
        return name === "" ? undefined : { kind: "kick", name, text };
      }),
  },
  maskCommand("ban", { on: true, summary: "Keep somebody out of a room" }),
  maskCommand("unban", { on: false, summary: "Let somebody in again" }),
  roleCommand("op", { role: "operator", on: true, summary: "Make somebody an operator of a room" }),
  roleCommand("deop", { role: "operator", on: false, summary: "Make somebody no operator any more" }),
  roleCommand("voice", { role: "voice", on: true, summary: "Let somebody speak in a moderated room" }),
  roleCommand("devoice", { role: "voice", on: false, summary: "Take a voice back" }),
  {
    name: "set",
    aliases: [],
    usage: "/set [#room] <setting> <value>",
    summary: "Change how a room is run",
    parse: (rest) =>
      inRoom(rest, (words) => {
        const change = settingOf(words.trim().split(/\s+/));
        return change && { kind: "modes", changes: [change] };
      }),
  },
  {
    name: "rename",
    aliases: [],
    usage: "/rename [#room] <#new-name>",
    summary: "Call a room otherwise",
    parse: (rest) => {
      const words = rest.split(/\s+/);
      const [first = "", second] = words;
      if (first === "" || words.length > 2) return undefined;
      if (second === undefined) {
        return { kind: "in-room", room: undefined, deed: { kind: "rename-room", name: first } };
      }
      return { kind: "in-room", room: first, deed: { kind: "rename-room", name: second } };
    },
  },
  {
    name: "nick",
    aliases: ["name"],
    usage: "/nick <username>",
    summary: "Be called otherwise",
    parse: (rest) =>
      atMostOneWord(rest, (name) => (name === undefined ? undefined : { kind: "rename", name })),
  },
  {
    name: "away",
    aliases: [],
    usage: "/away [words]",
    summary: "Be away; without words, be back again",
    parse: (rest) => ({ kind: "away", text: rest === "" ? undefined : rest }),
  },
  {
    name: "whois",
    aliases: [],
    usage: "/whois <username>",
    summary: "Show who somebody is",
    parse: (rest) =>
      atMostOneWord(rest, (name) => (name === undefined ? undefined : { kind: "whois", name })),
  },
  {
    name: "ignore",
    aliases: ["block"],
    usage: "/ignore [username]",
    summary: "Be shown nothing that somebody says",
    parse: (rest) =>
      atMostOneWord(rest, (name) => (name === undefined ? { kind: "ignored" } : { kind: "ignore", name })),
  },
  {
    name: "unignore",
    aliases: ["unblock"],
    usage: "/unignore <username>",
    summary: "Be shown again what somebody says",
    parse: (rest) =>
      atMostOneWord(rest, (name) => (name === undefined ? undefined : { kind: "unignore", name })),
  },
  {
    name: "register",
    aliases: [],
    usage: "/register <password> [<email>]",
    summary: "Keep your name for good",
    parse: (rest) => {
      const [password, more] = splitWord(rest);
      const [email, none] = splitWord(more);
      if (password === "" || none !== "") return undefined;
      return { kind: "register", password, email: email === "" ? undefined : email };
    },
  },
  {
    name: "login",
    aliases: ["identify"],
    usage: "/login <username> <password>",
    summary: "Be who you are registered as",
    parse: (rest) => {
      const [name, more] = splitWord(rest);
      const [password, none] = splitWord(more);
      return password === "" || none !== "" ? undefined : { kind: "login", name, password };
    },
  },
  {
    name: "password",
    aliases: ["passwd"],
    usage: "/password <old> <new>",
    summary: "Have another password",
    parse: (rest) => {
      const [before, more] = splitWord(rest);
      const [after, none] = splitWord(more);
      return after === "" || none !== "" ? undefined : { kind: "password", before, after };
    },
  },
  {
    name: "devices",
    aliases: [],
    usage: "/devices",
    summary: "Show where you stay signed in",
    parse: (rest) => (rest === "" ? { kind: "devices" } : undefined),
  },
  {
    name: "forget",
    aliases: [],
    usage: "/forget <device>",
    summary: "Sign a device out",
    parse: (rest) =>
      atMostOneWord(rest, (device) => (device === undefined ? undefined : { kind: "forget", device })),
  },
  {
    name: "help",
    aliases: ["h", "?"],
    usage: "/help [command]",
    summary: "Show this help, or more about a command",
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
  if (line.startsWith("#")) {
    const [room, text] = splitWord(line);
    return text === "" ? { kind: "say", text: line } : { kind: "say-in", room, text, line };
  }
  if (!line.startsWith("/")) return { kind: "say", text: line };
  if (line.startsWith("//")) return { kind: "say", text: line.slice(1) };
  const [word, rest] = splitWord(line.slice(1));
  const entry = findCommand(word);
  if (entry === undefined) return { kind: "unknown", command: word };
  return entry.parse(rest) ?? { kind: "usage", command: entry.name };
}

/** Whether a line holds a password, and is to be shown to nobody and remembered nowhere. */
export function holdsPassword(line: string): boolean {
  const [word, rest] = splitWord(line);
  if (!word.startsWith("/") || rest === "") return false;
  const name = findCommand(word.slice(1))?.name;
  return name === "register" || name === "login" || name === "password";
}

function isBlank(text: string): boolean {
  return !/\S/.test(text);
}

/** The first word, and what stands after it and its white space. */
function splitWord(text: string): readonly [string, string] {
  const end = text.search(/\s/);
  return end === -1 ? [text, ""] : [text.slice(0, end), text.slice(end).trimStart()];
}

/** A room, where the first word is one, and the rest. */
function splitRoom(text: string): readonly [string | undefined, string] {
  const [word, rest] = splitWord(text);
  return word.startsWith("#") ? [word, rest] : [undefined, text];
}

function inRoom(rest: string, parse: (words: string) => RoomDeed | undefined): LineCommand | undefined {
  const [room, words] = splitRoom(rest);
  const deed = parse(words);
  return deed && { kind: "in-room", room, deed };
}

function withName(rest: string, parse: (name: string) => RoomDeed): LineCommand | undefined {
  return inRoom(rest, (words) => {
    const [name, none] = splitWord(words);
    return name === "" || none !== "" ? undefined : parse(name);
  });
}

function maskCommand(
  name: "ban" | "unban",
  how: { readonly on: boolean; readonly summary: string },
): CommandEntry {
  return {
    name,
    aliases: [],
    usage: `/${name} [#room] <pattern>`,
    summary: how.summary,
    parse: (rest) =>
      withName(rest, (mask) => ({
        kind: "modes",
        changes: [{ kind: "mask", list: "bans", mask, on: how.on }],
      })),
  };
}

function roleCommand(
  name: "op" | "deop" | "voice" | "devoice",
  how: { readonly role: RoleName; readonly on: boolean; readonly summary: string },
): CommandEntry {
  return {
    name,
    aliases: [],
    usage: `/${name} [#room] <username>`,
    summary: how.summary,
    parse: (rest) =>
      withName(rest, (who) => ({
        kind: "modes",
        changes: [{ kind: "role", role: how.role, name: who, on: how.on }],
      })),
  };
}

function settingOf([name = "", value = "", ...more]: readonly string[]): ModeChange | undefined {
  if (more.length > 0 || value === "") return undefined;
  const isOff = value.toLowerCase() === "off";
  switch (name.toLowerCase()) {
    case "password":
      return { kind: "key", key: isOff ? undefined : value };
    case "limit": {
      const limit = isOff ? undefined : wholeNumber(value);
      return !isOff && !limit ? undefined : { kind: "limit", limit };
    }
    default: {
      const flag = flagsByWord.get(name.toLowerCase());
      if (flag === undefined || !(isOff || value.toLowerCase() === "on")) return undefined;
      return { kind: "flag", flag, on: !isOff };
    }
  }
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

import { type Instant, isShown, type ReaderEvent } from "../../chat/event.ts";
import type { Refusal } from "../../chat/refusal.ts";
import { parseNewNameText } from "../../chat/room-name.ts";
import type { OnlineList } from "../../chat/roster.ts";
import { onOneLine, printable, quoted } from "../../chat/text.ts";
import { closingText, refusalText } from "../refusal-text.ts";
import type { ClosingReason } from "../websocket/messages.ts";
import { type CommandName, findCommand } from "./commands.ts";
import { describeModes } from "./modes.ts";

/** What of a durable event is shown; a `StoredEvent` and a `WireEvent` are both. */
export interface ShownEvent {
  readonly number: number;
  readonly at: Instant;
  readonly kind: ReaderEvent["kind"];
  readonly from: { readonly id: string; readonly name: string };
  readonly to?: { readonly id: string; readonly name: string } | undefined;
  readonly text: string;
}

/** Asks for a name; the answer is typed after it on the same line. */
export const namePrompt = "Enter your username: ";

/** Asks for the password of an account. */
export const passwordPrompt = "Its password (an empty line for another username): ";

/** Stands above and below what is set apart. */
export const rule: string = "=".repeat(50);
const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

let cachedSecond = Number.NaN;
let cachedTime = "";

/** `[14:30:15]` in the local time of this process. */
export function clockTime(at: Instant): string {
  const second = Math.floor(at / 1000);
  if (second !== cachedSecond) {
    const date = new Date(at);
    cachedSecond = second;
    cachedTime = `[${[date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(":")}]`;
  }
  return cachedTime;
}

/** `Monday 23 November 2026` in the local time of this process. */
export function dayOf(at: Instant): string {
  const date = new Date(at);
  return `${weekdays[date.getDay()]} ${date.getDate()} ${months[date.getMonth()]} ${date.getFullYear()}`;
}

/** How a line is shown: `printable`, or on a terminal with the looks that its formatting asks for. */
export type Show = (line: string) => string;

/** Exactly one line with its LF, and nothing in it that moves a cursor. Throws where that could not be had. */
export function oneLine(text: string, show: Show = printable): string {
  const shown = show(text);
  if (/[\n\r]/.test(shown)) throw new Error(`Cannot show ${JSON.stringify(text)}: it is not one line`);
  return `${shown}\n`;
}

/** A line between messages that is none of them. */
export function mark(text: string): string {
  return oneLine(`--- ${text} ---`);
}

export function welcome(name: string): string {
  return `${rule}\n${oneLine(`Welcome to the chat server, ${name}!`)}Type '/help' for commands\n${rule}\n\n`;
}

/** Where the list holds fewer names than there are people, it says how many more there are. */
export function onlineList(list: OnlineList): string {
  return onlineListPieces(list).join("");
}

/** As `onlineList`, with the names apart: all who come in are shown the same, which need not be copied for each. */
export function onlineListPieces(list: OnlineList): readonly string[] {
  const more = list.count - list.names.length;
  const rest = more > 0 ? ` … and ${more} more` : "";
  return [`${rule}\nOnline Users (${list.count}): `, shownNames(list.names), `${rest}\n${rule}\n`];
}

let lastNames: readonly string[] = [];
let lastShown = "";

function shownNames(names: readonly string[]): string {
  if (names !== lastNames) {
    lastNames = names;
    lastShown = oneLine(names.join(", ")).slice(0, -1);
  }
  return lastShown;
}

/** One who joined, or many within a moment: the first two by name. `where`: the chat, or a room. */
export function joined(at: Instant, people: OnlineList, where = "the chat"): string {
  return systemLine(at, `${whoOf(people)} joined ${where}`);
}

/** As `joined`; `words`: what one of them said to part. */
export function left(at: Instant, people: OnlineList, where = "the chat", words?: string): string {
  return systemLine(at, `${whoOf(people)} left ${where}${words === undefined ? "" : `: ${words}`}`);
}

/** Somebody is called otherwise. */
export function renamedLine(at: Instant, from: string, to: string): string {
  return systemLine(at, `${from} is now called ${to}`);
}

/** For whom an event is worded, and how. */
export interface EventWording {
  /** A person's id. */
  readonly reader?: string | undefined;
  readonly show?: Show | undefined;
  /** What stands before each line. */
  readonly front?: string;
}

/**
 * A room's event, or a private message as `reader` is shown it: who it is from, or whom it went to.
 * Where the text has several lines, each is shown as if it had been said by itself. Empty where there is nothing to
 * show, as of what is ignored.
 */
export function eventLine(event: ShownEvent, how: EventWording = {}): string {
  const { reader, show, front = "" } = how;
  if (event.text.includes("\n")) {
    const lines = event.text.split("\n").filter((line) => line !== "");
    return (lines.length === 0 ? [""] : lines).map((text) => eventLine({ ...event, text }, how)).join("");
  }
  return isShown(event) ? oneLine(`${front}${clockTime(event.at)} ${spoken(event, reader)}`, show) : "";
}

/** An event as `eventLine` shows it, with what stands before it and with its day. */
export function datedLine(prefix: string, event: ShownEvent, reader: string): string {
  const time = clockTime(event.at).slice(1);
  const said = spoken({ ...event, text: onOneLine(event.text) }, reader);
  return oneLine(`${prefix} [${dayOf(event.at)} ${time} ${said}`);
}

function spoken(event: ShownEvent, reader: string | undefined): string {
  const { from, to, kind, text } = event;
  const action = kind === "action" ? `* ${from.name} ${text}` : text;
  switch (kind) {
    case "text":
    case "action":
    case "notice":
      if (to !== undefined) {
        return reader === from.id ? `[PM to ${to.name}] ${action}` : `[PM from ${from.name}] ${action}`;
      }
      return kind === "action" ? action : `${from.name}: ${text}`;
    case "announcement":
      return `[SYSTEM] ${text}`;
    case "topic":
    case "kick":
    case "mode":
    case "room-name":
    case "removal":
    case "removed":
    case "signal":
    case "ignored":
      return `[SYSTEM] ${roomNews(event)}`;
  }
}

/** What happened to a room or a message, as a sentence. */
export function roomNews({ kind, from, to, text }: ShownEvent): string {
  switch (kind) {
    case "topic":
      return text === "" ? `${from.name} took the topic away` : `${from.name} set the topic: ${text}`;
    case "kick":
      return `${from.name} removed ${to?.name ?? "somebody"}${text === "" ? "" : `: ${text}`}`;
    case "mode":
      return `${from.name} ${describeModes(text)}`;
    case "room-name":
      return renamedTo(from.name, parseNewNameText(text));
    case "removal":
      return `${from.name} removed a message${text === "" ? "" : `: ${text}`}`;
    case "removed":
      return `a message of ${from.name} was removed`;
    case "signal":
      return text === "" ? `${from.name} sent what IRC clients alone show` : `${from.name} reacted: ${text}`;
    case "text":
    case "action":
    case "notice":
    case "announcement":
    case "ignored":
      return text;
  }
}

/** What is said to who runs a room, and to nobody else in it. */
export function asideLine(at: Instant, said: string): string {
  return oneLine(`${clockTime(at)} [to operators] ${said}`);
}

function renamedTo(by: string, { name, why }: ReturnType<typeof parseNewNameText>): string {
  return `${by} renamed the room to ${name}${why === "" ? "" : `: ${why}`}`;
}

/** Why somebody who was written to may not answer soon, or `undefined`. `isKept`: he is not here. */
export function absenceText(
  name: string,
  { away, isKept }: { readonly away?: string | undefined; readonly isKept?: boolean | undefined },
): string | undefined {
  if (isKept === true) return `${name} is not here, and is given it on coming in`;
  return away === undefined ? undefined : `${name} is away: ${away}`;
}

export function systemLine(at: Instant, text: string, show?: Show): string {
  return oneLine(`${clockTime(at)} [SYSTEM] ${text}`, show);
}

export function errorLine(at: Instant, text: string): string {
  return oneLine(`${clockTime(at)} [ERROR] ${text}`);
}

export function refusalLine(at: Instant, refusal: Refusal): string {
  return errorLine(at, refusalText(refusal));
}

/** A command in a wrong form. */
export function usageLine(at: Instant, command: CommandName): string {
  return errorLine(at, `Usage: ${findCommand(command)?.usage ?? `/${command}`}`);
}

/** `command` as it was typed, without its slash. */
export function unknownCommandLine(at: Instant, command: string): string {
  return errorLine(at, `Unknown command: /${quoted(command)}. Type '/help' for commands`);
}

/** What was left over when the stream ended. */
export function unfinishedLine(at: Instant): string {
  return errorLine(at, "Your last line had no end, so it was not delivered");
}

const orderly: ReadonlySet<ClosingReason> = new Set<ClosingReason>([
  "quit",
  "shutdown",
  "kicked",
  "banned",
  "taken-over",
  "signed-out",
]);

/** Why the server ends the connection; `words` are the operator's. */
export function closingLine(at: Instant, reason: ClosingReason, words?: string): string {
  const text = closingText(reason, words);
  return orderly.has(reason) ? systemLine(at, text) : errorLine(at, text);
}

/** `Bob has`, `Bob and Carl have`, `Bob, Carl and 37 others have`. */
function whoOf({ names, count }: OnlineList): string {
  const [first, second] = names;
  if (first === undefined) return `${count} ${count === 1 ? "person has" : "people have"}`;
  if (count === 1) return `${first} has`;
  if (second === undefined) return `${first} and ${others(count - 1)} have`;
  return count === 2 ? `${first} and ${second} have` : `${first}, ${second} and ${others(count - 2)} have`;
}

function others(count: number): string {
  return count === 1 ? "1 other" : `${count} others`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, "0");
}

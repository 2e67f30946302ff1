import { upperAscii } from "../upper-ascii.ts";
import { formatTags, noTags, parseTags, type Tags } from "./tags.ts";

/** A line that was taken apart: https://modern.ircdocs.horse/#message-format */
export interface IrcMessage {
  readonly tags: Tags;
  /** Who it says to be from. A client has nothing to say there, and no server believes it. */
  readonly source: string | undefined;
  /** In upper case. */
  readonly command: string;
  /** As many as there were; the last is like the others, whether a `:` stood before it or not. */
  readonly params: readonly string[];
}

/** Why a line is no message. An `empty` one is passed over in silence. */
export type MessageFault = "empty" | "no-command" | "forbidden-character";

/** What is to be written as a line. */
export interface OutgoingMessage {
  readonly tags?: Tags | undefined;
  readonly source?: string | undefined;
  readonly command: string;
  /** Not empty, without spaces, without a `:` first: only the last may be otherwise, where there is no `text`. */
  readonly params?: readonly string[] | undefined;
  /** What people read, after the other parameters. It has its `:` always: there are clients that count on it. */
  readonly text?: string | undefined;
}

const forbidden = /[\0\r\n]/;

/** Takes one line, without its end, apart; or says why it is no message. */
export function parseMessage(line: string): IrcMessage | MessageFault {
  if (forbidden.test(line)) return "forbidden-character";
  let at = wordStart(line, 0);
  if (at === line.length) return "empty";
  let tags = noTags;
  if (line[at] === "@") {
    const end = wordEnd(line, at);
    tags = parseTags(line.slice(at + 1, end));
    at = wordStart(line, end);
  }
  let source: string | undefined;
  if (line[at] === ":") {
    const end = wordEnd(line, at);
    source = line.slice(at + 1, end);
    at = wordStart(line, end);
  }
  const end = wordEnd(line, at);
  if (end === at || line[at] === ":") return "no-command";
  return { tags, source, command: upperAscii(line.slice(at, end)), params: parseParams(line, end) };
}

/**
 * The message as a line with its CR LF. It does not look at the length, which is its maker's concern. Throws where
 * what would be written is not one line, or not this message.
 */
export function formatMessage({
  tags = noTags,
  source,
  command,
  params = [],
  text,
}: OutgoingMessage): string {
  let line = formatTags(tags);
  if (source !== undefined) line += `:${source} `;
  line += command;
  const last = params.length - 1;
  for (let index = 0; index <= last; index += 1) {
    const param = params[index]!;
    if (isMiddle(param)) line += ` ${param}`;
    else if (index === last && text === undefined) line += ` :${param}`;
    else throw unwritable(command, `parameter ${index + 1}, ${JSON.stringify(param)}, can only be the last`);
  }
  if (text !== undefined) line += ` :${text}`;
  if (forbidden.test(line)) throw unwritable(command, `${JSON.stringify(line)} is not one line`);
  return `${line}\r\n`;
}

/** What somebody sent as it can be said back to them among other parameters: `*` where it could not be one. */
export function echoed(param: string): string {
  return isMiddle(param) && !forbidden.test(param) ? param : "*";
}

function parseParams(line: string, from: number): readonly string[] {
  const params: string[] = [];
  let at = wordStart(line, from);
  while (at < line.length) {
    if (line[at] === ":") return [...params, line.slice(at + 1)];
    const end = wordEnd(line, at);
    params.push(line.slice(at, end));
    at = wordStart(line, end);
  }
  return params;
}

function isMiddle(param: string): boolean {
  return param !== "" && param[0] !== ":" && !param.includes(" ");
}

function wordStart(line: string, from: number): number {
  let at = from;
  while (line[at] === " ") at += 1;
  return at;
}

function wordEnd(line: string, from: number): number {
  const space = line.indexOf(" ", from);
  return space === -1 ? line.length : space;
}

function unwritable(command: string, problem: string): Error {
  return new Error(`Cannot write the IRC message ${command}: ${problem}`);
}

import { upperAscii } from "./upper-ascii.ts";

/** How somebody comes in. `tls` is no door itself: what is inside it is detected again. */
export type Door = "tls" | "http" | "irc" | "line";

/** The IRCv3 limit of the tags of a message, its `@` and the space after it included. */
const maxTagBytes = 8191;
/** What RFC 1459 leaves for the rest of a message, its end included. */
const maxMessageBytes = 512;

const httpMethods = [
  "GET ",
  "HEAD ",
  "POST ",
  "PUT ",
  "DELETE ",
  "OPTIONS ",
  "PATCH ",
  "CONNECT ",
  "TRACE ",
  "PRI ",
] as const;

const ircCommands = [
  "CAP ",
  "NICK ",
  "USER ",
  "PASS ",
  "AUTHENTICATE ",
  "WEBIRC ",
  "STARTTLS ",
  "QUIT ",
  "PING ",
  "JOIN ",
] as const;

const ircTags = /^@[^ \0\r\n]+ /;
const ircTagsBegun = /^@[^ \0\r\n]*$/;
const ircSource = /^:[^ \0\r\n]+ +/;
const ircSourceBegun = /^:(?:[^ \0\r\n]+ *)?$/;
const loneQuit = /^QUIT(?:\n|\r\n|\r\0)/i;
const loneQuitBegun = /^QUIT\r?$/i;

/**
 * The door that the bytes received so far ask for, or `undefined` while they leave it open.
 * What a beginning decides, no continuation changes, so it does not matter how the bytes were cut.
 * `final`: nothing more will come; what is still open then is `line`.
 * Needs at most the first 8703 bytes: IRC's tags (IRCv3 message-tags) and a message (RFC 1459).
 */
export function detectDoor(
  received: Uint8Array,
  options: { readonly final?: boolean } = {},
): Door | undefined {
  return opening(received) ?? (options.final === true ? "line" : undefined);
}

function opening(received: Uint8Array): Door | undefined {
  if (received.length === 0) return undefined;
  if (received[0] === 0x16) return tls(received[1]);
  const bytes = Buffer.from(received.buffer, received.byteOffset, received.byteLength);
  const text = bytes.toString("latin1", 0, maxTagBytes + maxMessageBytes);
  const http = progress(text, httpMethods);
  if (http === "reached") return "http";
  const irc = ircProgress(text);
  if (irc === "reached") return "irc";
  return http === "possible" || irc === "possible" ? undefined : "line";
}

function tls(version: number | undefined): Door | undefined {
  if (version === undefined) return undefined;
  return version === 0x03 ? "tls" : "line";
}

type Progress = "reached" | "possible" | "impossible";

function progress(text: string, words: readonly string[]): Progress {
  if (words.some((word) => text.startsWith(word))) return "reached";
  return words.some((word) => word.startsWith(text)) ? "possible" : "impossible";
}

function ircProgress(text: string): Progress {
  if (loneQuit.test(text)) return "reached";
  if (loneQuitBegun.test(text)) return "possible";
  if (!text.startsWith("@")) {
    const message = text.slice(0, maxMessageBytes);
    return messageProgress(message, message);
  }
  const section = text.slice(0, maxTagBytes);
  const tags = ircTags.exec(section);
  if (tags === null)
    return section.length < maxTagBytes && ircTagsBegun.test(section) ? "possible" : "impossible";
  const message = text.slice(tags[0].length, tags[0].length + maxMessageBytes);
  return messageProgress(message, message.replace(/^ +/, ""));
}

/** `message` is cut at its limit, so that a full one decides; `trimmed` is without the spaces that tags may have after them. */
function messageProgress(message: string, trimmed: string): Progress {
  const begun = trimmed === "" || ircSourceBegun.test(trimmed);
  const reached = begun ? "possible" : progress(upperAscii(trimmed.replace(ircSource, "")), ircCommands);
  return reached === "possible" && message.length === maxMessageBytes ? "impossible" : reached;
}

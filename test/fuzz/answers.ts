import type { ServerMessage } from "../../src/protocols/websocket/messages.ts";
import { parseServerMessage } from "../../src/protocols/websocket/parse.ts";
import { opcodes, serverFrames } from "../support/websocket-frames.ts";
import { judgeFrame, judgeLine, judgeText } from "./grammar.ts";
import { readServerLine, type ServerLine } from "./irc-grammar.ts";
import { isMark, type Ledger } from "./ledger.ts";
import { Lines } from "./lines.ts";

/** What somebody is told who came in at the websocket door. */
export type Welcome = Extract<ServerMessage, { type: "welcome" }>;

const prompt = "Enter your username: ";
const httpBeginning = "HTTP/1.1 ";
const upgraded = "HTTP/1.1 101 ";
const ircUpgrade = /^sec-websocket-protocol: (?:text|binary)\.ircv3\.net\r?$/im;
/** An alert, or the server's part of a handshake. */
const tlsRecords: ReadonlySet<number> = new Set([0x15, 0x16]);
/** What tells that something was not done, which nobody else may ever see. */
const refusing = /^(?:[45]\d\d|FAIL)$/;
/** The time of day that stands before everything that is told in a chat. */
const chatTime = /\[\d\d:\d\d:\d\d\]/;

/**
 * Judges what one connection is answered, whichever door it turned out to have come to: no byte of it may be
 * one that moves a cursor, and each line or frame has to be one that its door has. Throws where it is not.
 */
export class Answers {
  /** Whether it was let in. */
  entered = false;
  /** It was sent a websocket's closing frame: nothing more is read of it. */
  finished = false;
  /** Names that were refused, and other errors. */
  refusals = 0;
  welcome: Welcome | undefined;
  /** The request of the last list of who is online, or answer to one that failed. */
  answeredRequest: number | undefined;
  /** The parameter of the last PONG. */
  pong: string | undefined;
  /** The id of a message of his own that came back to him. */
  messageId: string | undefined;
  readonly #ledger: Ledger;
  readonly #lines = new Lines();
  #door: "unknown" | "line" | "irc" | "http" | "websocket" | "irc-websocket" | "tls" = "unknown";
  #begun: Buffer = Buffer.alloc(0);

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  take(chunk: Buffer): void {
    if (this.#door === "unknown") this.#open(chunk);
    else if (this.#door === "websocket" || this.#door === "irc-websocket") this.#frames(chunk);
    else if (this.#door !== "tls") this.#text(chunk);
  }

  /** The connection was ended in good order by the server. */
  end(): void {
    const { rest } = this.#lines;
    if (this.#door === "irc" && rest !== "") throw new Error(`an end within a line: ${JSON.stringify(rest)}`);
    if (this.#door === "line" && rest.replaceAll(prompt, "") !== "") {
      throw new Error(`an end within a line: ${JSON.stringify(rest)}`);
    }
  }

  /** The first bytes of the answer tell the door, but for the prompt, which may come before any. */
  #open(chunk: Buffer): void {
    this.#begun = Buffer.concat([this.#begun, chunk]);
    if (tlsRecords.has(this.#begun[0] ?? 0)) {
      this.#door = "tls";
      return;
    }
    let start = 0;
    while (this.#begun.toString("latin1", start).startsWith(prompt)) start += prompt.length;
    const text = this.#begun.toString("latin1", start);
    if (text.length < upgraded.length && [prompt, upgraded].some((begin) => begin.startsWith(text))) return;
    const end = text.indexOf("\r\n\r\n");
    if (text.startsWith(upgraded) && end === -1) return;
    const rest = this.#begun.subarray(start);
    this.#begun = Buffer.alloc(0);
    if (!text.startsWith(upgraded)) {
      // A line of the line door never begins so.
      const others = /^[:@]/.test(text) ? "irc" : "line";
      this.#door = text.startsWith(httpBeginning) ? "http" : others;
      this.#text(rest);
      return;
    }
    this.#door = ircUpgrade.test(text.slice(0, end)) ? "irc-websocket" : "websocket";
    this.#frames(rest.subarray(end + 4));
  }

  #text(chunk: Buffer): void {
    for (const line of this.#lines.push(chunk)) {
      if (this.#door === "http") this.#httpLine(line);
      else if (this.#door === "irc") this.#ircLine(withoutCr(line));
      else this.#line(line);
    }
  }

  #httpLine(line: string): void {
    refuse(judgeText(line.replace(/\r$/, "")));
    if (chatTime.test(line)) throw new Error(`chat in an answer to a request: ${JSON.stringify(line)}`);
  }

  #line(line: string): void {
    const shown = line.replace(/^(?:Enter your username: )+/, "");
    refuse(judgeLine(shown));
    if (shown.startsWith("Online Users (")) this.entered = true;
    else if (shown.slice(11).startsWith("[ERROR] ")) this.refusals += 1;
  }

  #ircLine(text: string): void {
    const line = readServerLine(text);
    const { command, params, tags } = line;
    if (command === "001") this.entered = true;
    else if (command === "432" || command === "433") this.refusals += 1;
    else if (command === "PONG") this.pong = params.at(-1);
    const label = tags.get("label");
    if (label !== undefined && isMark(label)) this.#answered(label, line);
  }

  /** The answer to what was marked: it comes back as everybody was told it, or was refused. */
  #answered(marked: string, line: ServerLine): void {
    const { command, params, tags } = line;
    if (refusing.test(command)) {
      this.#ledger.refuse(marked, [command, ...params].join(" "));
    } else if (line.source.includes("!") && params.at(-1)?.includes(marked) === true) {
      const id = tags.get("msgid");
      this.#ledger.acknowledge(marked, id);
      if (command === "PRIVMSG" && id !== undefined) this.messageId = id;
    }
  }

  #frames(chunk: Buffer): void {
    const kind = this.#door === "irc-websocket" ? "lines" : "messages";
    const { frames, rest } = serverFrames(Buffer.concat([this.#begun, chunk]), kind);
    this.#begun = rest;
    for (const { opcode, payload } of frames) {
      if (opcode === opcodes.text && kind === "messages") this.#message(payload.toString());
      else if (opcode === opcodes.text || opcode === opcodes.binary) this.#ircLine(utf8(payload));
      else if (opcode === opcodes.close) this.finished = true;
    }
  }

  #message(frame: string): void {
    refuse(judgeFrame(frame));
    if (!/^\{"type":"(?:welcome|refused|online)"/.test(frame)) return;
    const message = parseServerMessage(frame);
    if (message.type === "welcome") {
      this.entered = true;
      this.welcome = message;
    } else if (message.type === "refused") this.refusals += 1;
    else if (message.type === "online") this.answeredRequest = message.request;
  }
}

function withoutCr(line: string): string {
  if (!line.endsWith("\r")) throw new Error(`a line that does not end with CR LF: ${JSON.stringify(line)}`);
  return line.slice(0, -1);
}

function utf8(bytes: Buffer): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

function refuse(wrong: string | undefined): void {
  if (wrong !== undefined) throw new Error(wrong);
}

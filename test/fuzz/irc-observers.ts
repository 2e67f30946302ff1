import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { WebSocket } from "ws";
import { parseCtcp } from "../../src/protocols/irc/ctcp.ts";
import { saidLines } from "./grammar.ts";
import { watchers } from "./hostile.ts";
import { nickOf, readPlainLine, readServerLine, type ServerLine } from "./irc-grammar.ts";
import { Lines } from "./lines.ts";
import type { Report } from "./observers.ts";

const host = "127.0.0.1";
const patienceMs = 30_000;

/** What an IRC client asks for that wants to know everything; of an answer in words no witness here depends. */
const everything =
  "message-tags server-time batch draft/chathistory draft/event-playback echo-message labeled-response multi-prefix " +
  "userhost-in-names away-notify account-notify account-tag extended-join chghost setname invite-notify " +
  "extended-monitor draft/read-marker standard-replies draft/multiline draft/message-redaction draft/metadata-2 " +
  "draft/channel-rename draft/extended-isupport";
const several = "server-time account-tag extended-join away-notify multi-prefix draft/no-implicit-names";

interface Kind {
  readonly name: string;
  readonly witness: string;
  readonly capabilities: string;
  readonly overWebSocket: boolean;
}

/** The IRC clients that never say a word: what they understand, and how they come in. */
export const ircWatchers = {
  plain: {
    name: watchers.plainIrc,
    witness: "the plain IRC observer",
    capabilities: "",
    overWebSocket: false,
  },
  whole: {
    name: watchers.wholeIrc,
    witness: "the IRC observer",
    capabilities: everything,
    overWebSocket: false,
  },
  page: {
    name: watchers.pageIrc,
    witness: "the IRC observer in a page",
    capabilities: several,
    overWebSocket: true,
  },
} as const satisfies Readonly<Record<string, Kind>>;

/** Words that belong together, up to the end of their batch. */
interface OpenBatch {
  readonly isSaid: boolean;
  readonly from: string;
  action: boolean;
  text: string | undefined;
}

/** An IRC client in the lobby that never says a word. */
export class IrcObserver {
  readonly #kind: Kind;
  readonly #report: Report;
  readonly #socket: Socket | WebSocket;
  readonly #lines = new Lines();
  readonly #batches = new Map<string, OpenBatch>();
  #entered = false;
  #leaving = false;

  private constructor(port: number, kind: Kind, report: Report) {
    this.#kind = kind;
    this.#report = report;
    if (kind.overWebSocket) {
      const socket = new WebSocket(`ws://${host}:${port}/irc`, ["text.ircv3.net"]);
      socket.on("open", () => {
        for (const line of this.#opening) socket.send(line);
      });
      socket.on("message", (data: Buffer, isBinary) => {
        const frame = data.toString();
        if (isBinary || /[\r\n]/.test(frame)) this.#wrong(`no line as a text: ${JSON.stringify(frame)}`);
        this.#line(frame);
      });
      socket.on("error", (error) => this.#wrong(error.message));
      this.#socket = socket;
    } else {
      const socket = connect({ port, host, noDelay: true });
      socket.write(this.#opening.map((line) => `${line}\r\n`).join(""));
      socket.on("data", (chunk) => this.#take(chunk));
      socket.on("error", () => undefined);
      this.#socket = socket;
    }
    this.#socket.on("close", () => {
      if (!this.#leaving) report.troubles.wrong(`${this.#name} was closed`);
    });
  }

  static async enter(port: number, kind: Kind, report: Report): Promise<IrcObserver> {
    const observer = new IrcObserver(port, kind, report);
    const { troubles } = report;
    await troubles.until(
      () => observer.#entered,
      patienceMs,
      () => `${observer.#name} to be in the lobby`,
    );
    return observer;
  }

  /** As `LineObserver.leave`. */
  async leave(): Promise<void> {
    this.#leaving = true;
    const isClosed =
      this.#socket instanceof WebSocket
        ? this.#socket.readyState === WebSocket.CLOSED
        : this.#socket.destroyed;
    if (!isClosed) await once(this.#socket, "close");
    if (this.#lines.rest !== "") this.#wrong(`an end within a line: ${JSON.stringify(this.#lines.rest)}`);
    if (this.#batches.size > 0) this.#wrong("a batch without an end");
  }

  get #name(): string {
    const { witness } = this.#kind;
    return `${witness[0]?.toUpperCase()}${witness.slice(1)}`;
  }

  get #opening(): readonly string[] {
    const { name, capabilities } = this.#kind;
    const asked = capabilities === "" ? [] : ["CAP LS 302", `CAP REQ :${capabilities}`, "CAP END"];
    const told = capabilities.includes("metadata")
      ? ["METADATA * SUB avatar url display-name bot", "MONITOR + f0,f1,f2,f3,f4,f5"]
      : [];
    return [`NICK ${name}`, `USER ${name} 0 * :${name}`, ...asked, ...told, "JOIN #lobby"];
  }

  #take(chunk: Buffer): void {
    let lines: readonly string[];
    try {
      lines = this.#lines.push(chunk);
    } catch {
      this.#wrong(`bytes that are no UTF-8: ${chunk.toString("hex").slice(0, 200)}`);
      return;
    }
    for (const line of lines) {
      if (!line.endsWith("\r")) this.#wrong(`a line that does not end with CR LF: ${JSON.stringify(line)}`);
      this.#line(line.slice(0, -1));
    }
  }

  #line(text: string): void {
    const { capabilities, name, witness } = this.#kind;
    let line: ServerLine;
    try {
      line = (capabilities === "" ? readPlainLine : readServerLine)(text);
    } catch (error) {
      this.#wrong(error instanceof Error ? error.message : String(error));
      return;
    }
    this.#report.ledger.see(witness, text);
    const { command, params } = line;
    if (command === "JOIN" && nickOf(line) === name) this.#entered = true;
    if (command === "BATCH") this.#batch(line);
    else if ((command === "PRIVMSG" || command === "NOTICE") && params[0] === "#lobby") this.#said(line);
    else if (line.tags.has("batch") && !this.#batches.has(line.tags.get("batch") ?? "")) {
      this.#wrong(`a line of a batch that is not open: ${text}`);
    }
  }

  #batch(line: ServerLine): void {
    const { params } = line;
    const [sign = "", type = "", target = ""] = params;
    const reference = sign.slice(1);
    if (sign.startsWith("+")) {
      if (this.#batches.has(reference)) this.#wrong(`the batch ${reference} twice`);
      const isSaid = type === "draft/multiline" && target === "#lobby";
      this.#batches.set(reference, { isSaid, from: nickOf(line), action: false, text: undefined });
      return;
    }
    const batch = this.#batches.get(reference);
    if (!this.#batches.delete(reference)) this.#wrong(`the end of ${reference}, which was not begun`);
    if (batch?.isSaid !== true) return;
    this.#tell(batch.action ? "action" : "text", batch.from, batch.text ?? "");
  }

  #said(line: ServerLine): void {
    const { command, params, tags } = line;
    const [, text = ""] = params;
    const ctcp = parseCtcp(text);
    const action =
      command === "PRIVMSG" && ctcp?.command === "ACTION" && ctcp.params !== "" ? ctcp : undefined;
    const words = action?.params ?? text;
    const reference = tags.get("batch");
    // What clients ask of each other is passed on, and is no message.
    if (ctcp !== undefined && action === undefined && reference === undefined) return;
    if (reference === undefined) {
      this.#tell(action === undefined ? "text" : "action", nickOf(line), words);
      return;
    }
    const batch = this.#batches.get(reference);
    if (batch === undefined) {
      this.#wrong(`a line of a batch that is not open: ${JSON.stringify(line)}`);
      return;
    }
    batch.action ||= action !== undefined;
    const isFirst = batch.text === undefined;
    const between = isFirst || tags.has("draft/multiline-concat") ? "" : "\n";
    batch.text = (batch.text ?? "") + between + words;
  }

  #tell(kind: string, nick: string, text: string): void {
    const { order } = this.#report;
    const { witness, capabilities } = this.#kind;
    for (const said of saidLines(kind, nick, text)) {
      // Who does not understand batches is told long texts in pieces.
      if (capabilities.includes("multiline")) order.tell(witness, said);
      else order.hear(witness, said);
    }
  }

  #wrong(what: string): void {
    this.#report.troubles.wrong(`${this.#name} was shown ${what}`);
  }
}

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { WebSocket } from "ws";
import { lobby } from "../../src/chat/event.ts";
import type { ServerMessage } from "../../src/protocols/websocket/messages.ts";
import { parseServerMessage } from "../../src/protocols/websocket/parse.ts";
import { judgeFrame, judgeLine, saidIn, saidLines } from "./grammar.ts";
import { watchers } from "./hostile.ts";
import type { Ledger } from "./ledger.ts";
import { Lines } from "./lines.ts";
import type { Order } from "./order.ts";
import type { Troubles } from "./troubles.ts";

const host = "127.0.0.1";
const patienceMs = 30_000;

/** What an observer tells what it was shown, and what was wrong with it. */
export interface Report {
  readonly troubles: Troubles;
  readonly order: Order;
  readonly ledger: Ledger;
}

/** What everybody is told whose text was taken back before he was told it. */
const removed = /^\[\d\d:\d\d:\d\d\] \[SYSTEM\] a message of \S+ was removed$/;

/** Somebody at netcat who never says a word. */
export class LineObserver {
  readonly #socket: Socket;
  readonly #report: Report;
  readonly #lines = new Lines();
  #entered = false;
  #leaving = false;

  private constructor(port: number, report: Report) {
    this.#report = report;
    this.#socket = connect({ port, host, noDelay: true });
    this.#socket.write(`${watchers.line}\n`);
    this.#socket.on("data", (chunk) => this.#take(chunk));
    this.#socket.on("error", () => undefined);
    this.#socket.on("close", () => {
      if (!this.#leaving) report.troubles.wrong("The line observer was closed");
    });
  }

  static async enter(port: number, report: Report): Promise<LineObserver> {
    const observer = new LineObserver(port, report);
    await report.troubles.until(
      () => observer.#entered,
      patienceMs,
      () => "the line observer's greeting",
    );
    return observer;
  }

  /** Resolves when the server has closed, which is no surprise from here on. */
  async leave(): Promise<void> {
    this.#leaving = true;
    if (!this.#socket.destroyed) await once(this.#socket, "close");
    if (this.#lines.rest !== "") this.#wrong(`an end within a line: ${JSON.stringify(this.#lines.rest)}`);
  }

  #take(chunk: Buffer): void {
    try {
      for (const line of this.#lines.push(chunk)) this.#line(line);
    } catch {
      this.#wrong(`bytes that are no UTF-8: ${chunk.toString("hex").slice(0, 200)}`);
    }
  }

  #line(line: string): void {
    const wrong = judgeLine(line);
    if (wrong !== undefined) this.#wrong(wrong);
    if (line.startsWith("Online Users (")) this.#entered = true;
    const said = saidIn(line);
    if (said !== undefined) this.#report.order.tell("the line observer", said);
    else if (removed.test(line)) this.#report.order.skip("the line observer");
    this.#report.ledger.see("the line observer", line);
  }

  #wrong(what: string): void {
    this.#report.troubles.wrong(`The line observer was shown ${what}`);
  }
}

/** A program that never says a word. */
export class WebSocketObserver {
  readonly #socket: WebSocket;
  readonly #report: Report;
  readonly #heads = new Map<string, number>();
  #entered = false;
  #leaving = false;

  private constructor(port: number, report: Report) {
    this.#report = report;
    this.#socket = new WebSocket(`ws://${host}:${port}/chat`);
    this.#socket.on("open", () => {
      this.#socket.send(JSON.stringify({ type: "hello", version: 1, name: watchers.websocket }));
    });
    this.#socket.on("message", (data: Buffer) => this.#take(data.toString()));
    this.#socket.on("error", (error) => this.#wrong(error.message));
    this.#socket.on("close", () => {
      if (!this.#leaving) report.troubles.wrong("The websocket observer was closed");
    });
  }

  static async enter(port: number, report: Report): Promise<WebSocketObserver> {
    const observer = new WebSocketObserver(port, report);
    await report.troubles.until(
      () => observer.#entered,
      patienceMs,
      () => "the websocket observer's welcome",
    );
    return observer;
  }

  /** As `LineObserver.leave`. */
  async leave(): Promise<void> {
    this.#leaving = true;
    if (this.#socket.readyState !== WebSocket.CLOSED) await once(this.#socket, "close");
  }

  #take(frame: string): void {
    const wrong = judgeFrame(frame);
    if (wrong !== undefined) this.#wrong(wrong);
    this.#report.ledger.see("the websocket observer", frame);
    const message = parseServerMessage(frame);
    if (message.type === "malformed") this.#wrong(`${message.problem}: ${frame}`);
    else if (message.type === "welcome") this.#entered = true;
    else if (message.type === "event") this.#event(message.event);
  }

  #event({ stream, number, kind, from, text }: Extract<ServerMessage, { type: "event" }>["event"]): void {
    const expected = (this.#heads.get(stream) ?? 0) + 1;
    if (number !== expected) this.#wrong(`${stream} #${number} where #${expected} is next`);
    this.#heads.set(stream, number);
    if (stream !== lobby) return;
    const { order } = this.#report;
    if (kind === "removed") order.skip("the websocket observer");
    for (const said of saidLines(kind, from.name, text)) order.tell("the websocket observer", said);
  }

  #wrong(what: string): void {
    this.#report.troubles.wrong(`The websocket observer was shown ${what}`);
  }
}

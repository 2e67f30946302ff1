import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { WebSocket } from "ws";
import type { ServerMessage } from "../../src/protocols/websocket/messages.ts";

const host = "127.0.0.1";
const patienceMs = 60_000;
const marked = /#(\d{6}) /;

/** Over what one comes in. */
export type Transport = "clear" | "TLS";

export interface Crowd {
  readonly count: number;
  readonly by: Transport;
}

const anyCertificate = { rejectUnauthorized: false };

/** The text of message `number`, of so many bytes. */
export function numberedText(number: number, bytes: number): string {
  return `#${String(number).padStart(6, "0")} `.padEnd(bytes, "x");
}

/**
 * A connection that can be left unread. Of the numbered messages it notes the last one, and what was not the
 * next one; of lists of who is online, after which message they came; of who came and went, the names.
 */
export abstract class NumberedReader {
  readonly name: string;
  last = 0;
  wrong: string | undefined;
  /** After which message each list of who is online came. */
  readonly lists: number[] = [];
  readonly notices: string[] = [];
  closed = false;
  /** To what it asked. */
  protected answers = 0;
  #watchers: (() => void)[] = [];

  constructor(name: string) {
    this.name = name;
  }

  static async line(port: number, name: string, by: Transport = "clear"): Promise<NumberedReader> {
    const reader = new LineReader(port, name, by);
    await reader.until(() => reader.lists.length === 1, "the greeting");
    return reader;
  }

  static async websocket(port: number, name: string, by: Transport = "clear"): Promise<NumberedReader> {
    const reader = new WebSocketReader(port, name, by);
    await reader.until(() => reader.lists.length === 1, "the welcome");
    return reader;
  }

  /** `count` readers, half of them at each door. */
  static crowd(port: number, name: string, crowd: Crowd): Promise<readonly NumberedReader[]> {
    const { count, by } = crowd;
    return Promise.all(
      Array.from({ length: count }, (_, index) =>
        index % 2 === 0
          ? NumberedReader.line(port, `${name}${index}`, by)
          : NumberedReader.websocket(port, `${name}${index}`, by),
      ),
    );
  }

  /** Has something answered that is asked now; resolves with that. */
  async settled(): Promise<void> {
    const { answers } = this;
    this.ask();
    await this.until(() => this.answers > answers, "an answer");
  }

  protected abstract ask(): void;
  abstract pause(): void;
  abstract resume(): void;
  abstract close(): void;

  async until(condition: () => boolean, what: string): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`${this.name} waited in vain for ${what} after #${this.last}`)),
        patienceMs,
      );
      const watcher = (): void => {
        if (!condition()) return;
        clearTimeout(timer);
        this.#watchers = this.#watchers.filter((other) => other !== watcher);
        resolve();
      };
      this.#watchers.push(watcher);
    });
  }

  untilNumber(number: number): Promise<void> {
    return this.until(() => this.last >= number, `#${number}`);
  }

  untilClosed(): Promise<void> {
    return this.until(() => this.closed, "the end");
  }

  protected took(text: string): void {
    const number = Number(marked.exec(text)?.[1]);
    if (number !== this.last + 1) this.wrong ??= `#${number} came after #${this.last}`;
    this.last = number;
  }

  protected changed(): void {
    for (const watcher of this.#watchers.slice()) watcher();
  }
}

class LineReader extends NumberedReader {
  readonly #socket: Socket;

  constructor(port: number, name: string, by: Transport) {
    super(name);
    this.#socket = by === "clear" ? connect({ port, host }) : connectTls({ port, host, ...anyCertificate });
    let rest = "";
    this.#socket.setEncoding("latin1").on("data", (chunk: string) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#line(line);
      this.changed();
    });
    this.#socket.on("connect", () => this.#socket.write(`${name}\n`));
    this.#socket.on("error", () => undefined);
    this.#socket.on("close", () => {
      this.closed = true;
      this.changed();
    });
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.destroy();
  }

  protected ask(): void {
    this.#socket.write("/settled\n");
  }

  #line(line: string): void {
    if (line.includes("Unknown command: /settled")) this.answers += 1;
    else if (line.startsWith("Online Users (")) this.lists.push(this.last);
    else if (line.includes("[SYSTEM]")) this.notices.push(line);
    else if (line.includes(": #")) this.took(line);
  }
}

class WebSocketReader extends NumberedReader {
  readonly #socket: WebSocket;

  constructor(port: number, name: string, by: Transport) {
    super(name);
    this.#socket = new WebSocket(`${by === "clear" ? "ws" : "wss"}://${host}:${port}/chat`, anyCertificate);
    this.#socket.on("open", () => this.#socket.send(JSON.stringify({ type: "hello", version: 1, name })));
    this.#socket.on("message", (data: Buffer) => {
      this.#message(JSON.parse(data.toString()) as ServerMessage);
      this.changed();
    });
    this.#socket.on("error", () => undefined);
    this.#socket.on("close", () => {
      this.closed = true;
      this.changed();
    });
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.terminate();
  }

  protected ask(): void {
    this.#socket.send(JSON.stringify({ type: "list", request: 1 }));
  }

  #message(message: ServerMessage): void {
    if (message.type === "event") this.took(message.event.text);
    else if (message.type === "online") this.answers += 1;
    else if (message.type === "welcome" || message.type === "caught-up") this.lists.push(this.last);
    else if (message.type === "joined" || message.type === "left") {
      this.notices.push(`${message.people.map(({ name }) => name).join(", ")} ${message.type}`);
    }
  }
}

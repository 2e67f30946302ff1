import { connect, type Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { clientFrame } from "../support/websocket-frames.ts";
import { Answers, type Welcome } from "./answers.ts";
import type { Frame, Input, Piece } from "./input.ts";
import type { Ledger } from "./ledger.ts";
import type { Troubles } from "./troubles.ts";

const closingMs = 60_000;
const drainMs = 3000;
const momentMs = 20;

/** What the server gave out to those who came in, for inputs that make use of it. */
export class Known {
  #last: Welcome | undefined;
  /** Whoever came in before the last. */
  #other = "nobody";

  learn(welcome: Welcome): void {
    if (this.#last !== undefined) this.#other = this.#last.you.id;
    this.#last = welcome;
  }

  /** Puts in what the placeholders of a frame stand for; `own` is what its sender was given. */
  fill(
    { text }: Frame,
    own: { readonly welcome: Welcome | undefined; readonly counter: () => number },
  ): string {
    if (!text.includes("{{")) return text;
    const { token = "none", epoch = "none" } = this.#last ?? {};
    return text
      .replaceAll("{{token}}", token)
      .replaceAll("{{broken}}", `${token.slice(0, -1)}_`)
      .replaceAll("{{epoch}}", epoch)
      .replaceAll("{{me}}", own.welcome?.you.id ?? "nobody")
      .replaceAll("{{other}}", this.#other)
      .replaceAll('"{{counter}}"', () => String(own.counter()));
  }
}

/** One connection that is sent inputs, and whose answers are judged. */
export class Visitor {
  readonly answers: Answers;
  closed = false;
  readonly #socket: Socket;
  readonly #known: Known;
  readonly #troubles: Troubles;
  #ended = false;
  #counter = 0;
  #lastInput: (() => string) | undefined;
  #watcher: (() => void) | undefined;

  constructor(
    port: number,
    means: { readonly known: Known; readonly troubles: Troubles; readonly ledger: Ledger },
  ) {
    this.answers = new Answers(means.ledger);
    this.#known = means.known;
    this.#troubles = means.troubles;
    this.#socket = connect({ port, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
    this.#socket.on("data", (chunk) => this.#judge(() => this.answers.take(chunk)));
    this.#socket.on("end", () => {
      this.#judge(() => this.answers.end());
      this.#ended = true;
      this.#socket.end();
    });
    this.#socket.on("drain", () => this.#changed());
    this.#socket.on("error", () => undefined);
    this.#socket.on("close", () => {
      this.closed = true;
      this.#changed();
    });
  }

  /** Whether more can be sent to it that is read. */
  get isOpen(): boolean {
    return !this.#ended && !this.answers.finished && this.#socket.writable;
  }

  /** Sends an input, and does with the connection what it says. `describe` tells it if an answer is wrong. */
  async send(input: Input, describe: () => string): Promise<void> {
    this.#lastInput = describe;
    for (const [index, piece] of input.pieces.entries()) {
      if (index > 0) await turn();
      await this.write(piece);
    }
    switch (input.ending) {
      case "stay":
        return;
      case "end":
        this.#socket.end();
        await this.until(() => this.closed, closingMs);
        if (!this.closed) this.#wrong("it was not closed after it had ended its side");
        break;
      case "reset":
        break;
      case "drop":
        await this.until(() => this.#ended, momentMs);
    }
    await this.leave();
  }

  async write(piece: Piece): Promise<void> {
    const bytes = "text" in piece ? this.#frame(piece) : this.#filled(piece);
    if (!this.#socket.writable || this.#socket.write(bytes)) return;
    await this.until(() => !this.#socket.writableNeedDrain || !this.#socket.writable, drainMs);
  }

  /** Resolves when the condition holds, the connection is closed, the time is up, or something is wrong. */
  async until(condition: () => boolean, ms: number): Promise<void> {
    const deadline = performance.now() + ms;
    while (!condition() && !this.closed && this.#troubles.first === undefined) {
      const left = deadline - performance.now();
      if (left <= 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#watcher = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Breaks the connection off. */
  async leave(): Promise<void> {
    // A socket that has ended its side can't be reset any more: Node would never say that it is closed.
    if (this.#socket.writableEnded) this.#socket.destroy();
    else if (!this.closed) this.#socket.resetAndDestroy();
    await this.until(() => this.closed, closingMs);
  }

  /** A placeholder that was cut apart is sent as it is. */
  #filled(bytes: Buffer): Buffer {
    if (!bytes.includes("{{msgid}}")) return bytes;
    const id = this.answers.messageId ?? "none";
    return Buffer.from(bytes.toString("latin1").replaceAll("{{msgid}}", id), "latin1");
  }

  #frame(frame: Frame): Buffer {
    const { welcome } = this.answers;
    const counter = (): number => {
      this.#counter += 1;
      return this.#counter;
    };
    const text = this.#known.fill(frame, { welcome, counter });
    return clientFrame(text, frame.options);
  }

  #judge(take: () => void): void {
    try {
      take();
    } catch (error) {
      this.#wrong(`it was answered ${error instanceof Error ? error.message : String(error)}`);
    }
    this.#changed();
  }

  #wrong(what: string): void {
    this.#troubles.wrong(`After ${this.#lastInput?.() ?? "coming in"}, ${what}`);
  }

  #changed(): void {
    this.#watcher?.();
    this.#watcher = undefined;
  }
}

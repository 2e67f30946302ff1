import { once } from "node:events";
import { WebSocket } from "ws";
import type { ClientMessage, ServerMessage } from "../../src/protocols/websocket/messages.ts";
import { parseServerMessage } from "../../src/protocols/websocket/parse.ts";

const patienceMs = 30_000;

type Of<Type extends ServerMessage["type"]> = Extract<ServerMessage, { type: Type }>;

/** A program at the websocket door: what it was told, in order, each message checked as the protocol has it. */
export class WebSocketClient {
  readonly socket: WebSocket;
  readonly received: ServerMessage[] = [];
  readonly frames: string[] = [];
  closeCode: number | undefined;
  #taken = 0;
  #watchers: (() => void)[] = [];

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data: Buffer) => {
      const frame = data.toString();
      const message = parseServerMessage(frame);
      if (message.type === "malformed") throw new Error(`${message.problem}: ${frame}`);
      this.frames.push(frame);
      this.received.push(message);
      this.#notify();
    });
    socket.on("close", (code) => {
      this.closeCode = code;
      this.#notify();
    });
    socket.on("error", () => undefined);
  }

  static async connect(port: number, host = "127.0.0.1", scheme = "ws"): Promise<WebSocketClient> {
    const socket = new WebSocket(`${scheme}://${host}:${port}/chat`, { rejectUnauthorized: false });
    const client = new WebSocketClient(socket);
    await once(socket, "open");
    return client;
  }

  /** Comes in, and resolves to the welcome with it. */
  static async enter(
    port: number,
    hello: Omit<Extract<ClientMessage, { type: "hello" }>, "type" | "version">,
  ): Promise<{ readonly client: WebSocketClient; readonly welcome: Of<"welcome"> }> {
    return (await WebSocketClient.connect(port)).comeIn(hello);
  }

  /** As `enter`, on this connection. */
  async comeIn(
    hello: Omit<Extract<ClientMessage, { type: "hello" }>, "type" | "version">,
  ): Promise<{ readonly client: WebSocketClient; readonly welcome: Of<"welcome"> }> {
    this.send({ type: "hello", version: 1, ...hello });
    return { client: this, welcome: await this.next("welcome") };
  }

  send(message: ClientMessage): void {
    this.socket.send(JSON.stringify(message));
  }

  /** The next message of a type after those that were already waited for; others before it are passed over. */
  async next<Type extends ServerMessage["type"]>(type: Type): Promise<Of<Type>> {
    for (;;) {
      const index = this.received.findIndex((message, at) => at >= this.#taken && message.type === type);
      if (index !== -1) {
        this.#taken = index + 1;
        return this.received[index] as Of<Type>;
      }
      await this.#change(`a message "${type}" after ${JSON.stringify(this.received.slice(-5))}`);
    }
  }

  /** The first message that is so, whether it was waited for or not; what `next` gives stays the same. */
  async find(isWanted: (message: ServerMessage) => boolean): Promise<ServerMessage> {
    for (;;) {
      const found = this.received.find(isWanted);
      if (found !== undefined) return found;
      await this.#change(`something after ${JSON.stringify(this.received.slice(-5))}`);
    }
  }

  /** Resolves to the close code. */
  async closed(): Promise<number> {
    while (this.closeCode === undefined) await this.#change("the close");
    return this.closeCode;
  }

  #change(what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`Waited in vain for ${what}`)), patienceMs);
      this.#watchers.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #notify(): void {
    for (const watcher of this.#watchers.splice(0)) watcher();
  }
}

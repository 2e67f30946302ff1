import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { type WebSocket, WebSocketServer } from "ws";
import type { ClientMessage, ServerMessage } from "../../src/protocols/websocket/messages.ts";
import { said, welcome } from "./bench.ts";

/** A server whose every word is the test's, but for welcomes and acknowledgements, which it gives by itself. */
export class ScriptedServer {
  readonly port: number;
  readonly heard: ClientMessage[] = [];
  names: string[] = ["Alice"];
  /** Refuses these names as being in use. */
  readonly taken = new Set<string>();
  acknowledges = true;
  /** Whoever comes in is let wait where not, until `welcomeNow`. */
  welcomes = true;
  stored = 0;
  /** What was said before the next one comes in who was not there. */
  missed: string[] = [];
  #private = 0;
  readonly #server: WebSocketServer;
  #socket: WebSocket | undefined;
  /** Who waits on the connection of now. */
  #hello: Extract<ClientMessage, { type: "hello" }> | undefined;
  #waiting: { matches: (message: ClientMessage) => boolean; found: () => void }[] = [];

  private constructor(server: WebSocketServer) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on("connection", (socket) => this.#accept(socket));
  }

  static async start(context: TestContext, port = 0): Promise<ScriptedServer> {
    const server = new WebSocketServer({ host: "127.0.0.1", port, path: "/chat" });
    await once(server, "listening");
    const scripted = new ScriptedServer(server);
    context.after(() => scripted.stop());
    return scripted;
  }

  say(message: ServerMessage): void {
    this.#socket?.send(JSON.stringify(message));
  }

  /** Somebody says something in the lobby. */
  somebodySays(text: string, name = "Bob"): void {
    this.stored += 1;
    this.say({ type: "event", event: said(this.stored, text, { from: { id: `p-${name}`, name } }) });
  }

  /** The connection breaks, without a word. */
  cut(): void {
    this.#socket?.terminate();
  }

  /** Welcomes who waits, and whoever comes from now on. */
  welcomeNow(): void {
    this.welcomes = true;
    if (this.#hello !== undefined) this.#answer(this.#hello);
  }

  stop(): void {
    for (const socket of this.#server.clients) socket.terminate();
    this.#server.close();
  }

  /** Resolves when the client has said something that matches, be it before or after this call. */
  async hears(matches: (message: ClientMessage) => boolean): Promise<void> {
    if (this.heard.some(matches)) return;
    await new Promise<void>((found) => this.#waiting.push({ matches, found }));
  }

  /** The texts of the sends that came. */
  get texts(): string[] {
    return this.heard.flatMap((message) => (message.type === "send" ? [message.text] : []));
  }

  #accept(socket: WebSocket): void {
    this.#socket = socket;
    this.#hello = undefined;
    socket.on("message", (data: Buffer) => {
      const message = JSON.parse(data.toString()) as ClientMessage;
      this.heard.push(message);
      this.#answer(message);
      for (const waiter of this.#waiting) if (waiter.matches(message)) waiter.found();
      this.#waiting = this.#waiting.filter((waiter) => !waiter.matches(message));
    });
  }

  #answer(message: ClientMessage): void {
    switch (message.type) {
      case "hello": {
        this.#hello = this.welcomes ? undefined : message;
        if (!this.welcomes) return;
        const { name, position } = message;
        if (this.taken.has(name)) {
          const text = `Username '${name}' is already in use. Choose another one`;
          this.say({ type: "refused", reason: "name-in-use", text });
          return;
        }
        const online = { count: this.names.length, names: this.names };
        const resumed = position !== undefined;
        const recent = resumed ? [] : this.missed.map((text) => said((this.stored += 1), text));
        const heads = { "#lobby": this.stored };
        this.say(welcome({ you: { id: "p1", name }, resumed, heads, online, recent }));
        if (resumed) this.say({ type: "caught-up", online });
        return;
      }
      case "send": {
        if (!this.acknowledges) return;
        const { counter, to } = message;
        const at = 1000;
        if (to.startsWith("@")) {
          this.#private += 1;
          const number = this.#private;
          const other = { id: "p2", name: to.slice(1) };
          this.say({ type: "ack", counter, stream: "dm:p1:p2", number, id: `d${number}`, at, to: other });
          return;
        }
        this.stored += 1;
        this.say({ type: "ack", counter, stream: to, number: this.stored, id: `m${this.stored}`, at });
        return;
      }
      case "list":
        this.say({
          type: "online",
          request: message.request,
          stream: "#lobby",
          online: { count: this.names.length, names: this.names },
        });
        return;
      case "history": {
        const { request, stream } = message;
        this.say({ type: "page", request, stream, events: [], floor: 0, head: 0 });
        return;
      }
      case "search":
        this.say({ type: "found", request: message.request, hits: [], found: 0, complete: true });
        return;
      case "join":
      case "part":
      case "topic":
      case "kick":
      case "modes":
      case "rename-room":
      case "invite":
      case "rename":
      case "away":
      case "rooms":
      case "room":
      case "person":
      case "register":
      case "devices":
      case "ignore":
      case "unignore":
      case "ignored":
      case "password":
        return;
      case "quit":
        this.say({ type: "closing", reason: "quit", text: "Goodbye", at: 1000 });
        this.#socket?.close();
        return;
    }
  }
}

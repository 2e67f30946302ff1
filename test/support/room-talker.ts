import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { ClientMessage, ServerMessage } from "../../src/protocols/websocket/messages.ts";
import { WebSocketClient } from "./websocket-client.ts";

type Asking = Extract<ClientMessage, { readonly request: number }>;
type Unnumbered<T> = T extends unknown ? Omit<T, "request"> : never;
type Of<Type extends ServerMessage["type"]> = Extract<ServerMessage, { type: Type }>;

/** Somebody at the websocket door who asks one thing after the other, and notes what comes with it. */
export class RoomTalker {
  readonly client: WebSocketClient;
  readonly name: string;
  readonly welcome: Of<"welcome">;
  /** By which he comes back as the same person. */
  token: string;
  #request = 0;
  #counter = 0;

  private constructor(name: string, client: WebSocketClient, welcome: Of<"welcome">) {
    this.name = name;
    this.client = client;
    this.welcome = welcome;
    this.token = welcome.token;
  }

  static async enter(
    t: TestContext,
    port: number,
    hello: Parameters<typeof WebSocketClient.enter>[1],
  ): Promise<RoomTalker> {
    const { client, welcome } = await WebSocketClient.enter(port, hello);
    t.after(() => client.socket.terminate());
    return new RoomTalker(hello.name, client, welcome);
  }

  /** The same person comes in on the same device, and counts on. */
  async again(t: TestContext, port: number): Promise<RoomTalker> {
    const talker = await RoomTalker.enter(t, port, { name: this.name, token: this.token });
    talker.#counter = this.#counter;
    return talker;
  }

  /** Asks for something; resolves to its answer, whatever that is. */
  async ask(asked: Unnumbered<Asking>): Promise<ServerMessage> {
    this.#request += 1;
    const request = this.#request;
    this.client.send({ ...asked, request });
    return this.client.find((message) => "request" in message && message.request === request);
  }

  /** As `ask`, where the answer is to be of this type. */
  async gets<Type extends ServerMessage["type"]>(type: Type, asked: Unnumbered<Asking>): Promise<Of<Type>> {
    const answer = await this.ask(asked);
    assert.equal(answer.type, type, `${JSON.stringify(asked)}: ${JSON.stringify(answer)}`);
    return answer as Of<Type>;
  }

  /** Why something may not be. */
  async refused(asked: Unnumbered<Asking>): Promise<string> {
    return (await this.gets("refused", asked)).reason;
  }

  /** Says something in a room; resolves to `ack`, or to the reason why not. */
  async says(to: string, text: string): Promise<string> {
    this.#counter += 1;
    const counter = this.#counter;
    this.client.send({ type: "send", counter, to, kind: "text", text });
    const answer = await this.client.find((message) => "counter" in message && message.counter === counter);
    return answer.type === "refused" ? answer.reason : answer.type;
  }

  /** Has an account from now on, under his name. */
  async registers(): Promise<void> {
    const password = "a long password";
    const { token } = await this.gets("signed-in", { type: "register", password, device: "this one" });
    this.token = token ?? this.token;
  }

  /** The texts of all events that he has been sent by now. */
  async texts(): Promise<readonly string[]> {
    await this.gets("online", { type: "list" });
    return this.client.received.flatMap((message) => (message.type === "event" ? [message.event.text] : []));
  }
}

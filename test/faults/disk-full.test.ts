import assert from "node:assert/strict";
import { copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { lobby } from "../../src/chat/event.ts";
import { databaseName } from "../../src/storage/data-folder.ts";
import { LineClient, timeless } from "../support/line-client.ts";
import { lockDatabase } from "../support/locked-database.ts";
import { ServerProcess } from "../support/server-process.ts";
import { readStored } from "../support/stored.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { WebSocketClient } from "../support/websocket-client.ts";

const full = "The server has no space left. Nothing was stored; tell its operator, and try again later";
const long = "x".repeat(1500);
const busy = "The server's storage is in use by another program. Nothing was stored; try again in a moment";

test("on a full disk senders are told, everything else goes on, and so does sending when there is space again", async (t) => {
  // A file system of 4 MB that only the server sees, a quarter of it taken up by something else.
  const folder = temporaryFolder(t);
  const script = `mount -t tmpfs -o size=4m tmpfs "$0" && head -c 1048576 /dev/zero > "$0/ballast" && exec "$@"`;
  const dataFolder = join(folder, "data");
  const server = await ServerProcess.start(t, {
    dataFolder,
    // What is tested is a disk that is full all the same: other programs fill it in a moment.
    args: ["--disk-warn", "off", "--disk-stop", "off"],
    through: ["unshare", "-rm", "sh", "-c", script, folder],
  });
  const inside = join("/proc", String(server.pid), "root");
  const chat = await Chat.open(t, server.port);

  await chat.sayUntilRefused(long, { reason: "storage-full", sentence: full });
  await chat.goesOn();
  assert.deepEqual(await chat.say("websocket", long), { reason: "storage-full", text: full });
  assert.deepEqual(await chat.say("line", long), { reason: "error", text: full });

  await server.until(
    /\[WARNING\] Messages cannot be stored: no space is left on the disk of the data folder\n/,
  );

  rmSync(join(inside, folder, "ballast"));
  await chat.sayOnBothDoors("there is space again");
  await server.until(/\[WARNING\] Messages are stored again\n/);
  // SQLite finds its way by names, which lead elsewhere from here: it is given copies.
  const copies = temporaryFolder(t);
  for (const file of [databaseName, `${databaseName}-wal`]) {
    copyFileSync(join(inside, dataFolder, file), join(copies, file));
  }
  await chat.matches(copies);
});

test("while another program has the database locked senders are told, and are not any more when it is done", async (t) => {
  const dataFolder = join(temporaryFolder(t), "data");
  const server = await ServerProcess.start(t, { dataFolder, args: ["--store-busy-timeout", "0.3"] });
  const chat = await Chat.open(t, server.port);
  await chat.sayOnBothDoors("before");

  const unlock = await lockDatabase(t, join(dataFolder, databaseName));
  await chat.sayUntilRefused("locked", { reason: "storage-busy", sentence: busy });
  await chat.goesOn();
  assert.deepEqual(await chat.say("line", "locked"), { reason: "error", text: busy });

  await unlock();
  await chat.sayOnBothDoors("after");
  await chat.matches(dataFolder);
  // The console is a pipe, and may come after what people are told.
  await server.until(/\[WARNING\] Messages are stored again\n/);
  const warnings = server.console.match(/^\[WARNING\] .*$/gm);
  assert.deepEqual(warnings, [
    "[WARNING] Messages cannot be stored: another program holds the database",
    "[WARNING] Messages are stored again",
  ]);
});

test("a private message that is accepted before its addressee leaves is shown to him", async (t) => {
  const dataFolder = join(temporaryFolder(t), "data");
  const server = await ServerProcess.start(t, { dataFolder, args: ["--store-busy-timeout", "30"] });
  const { client: ann } = await WebSocketClient.enter(server.port, { name: "Ann" });
  const bob = await LineClient.enter(server.port, "Bob");
  const cat = await LineClient.enter(server.port, "Cat");
  t.after(() => [bob, cat].forEach((client) => client.close()));
  const unlock = await lockDatabase(t, join(dataFolder, databaseName));
  ann.send({ type: "send", counter: 1, to: lobby, kind: "text", text: "to all" });
  ann.send({ type: "send", counter: 2, to: "@Bob", kind: "text", text: "secret" });
  // Nobody is told anything while nothing can be stored, but the console: with this Ann's messages were accepted.
  ann.socket.send("no message");
  await server.until(/\[INFO\] Rejected .*: That message cannot be read/);
  bob.send("/quit");
  // Where one thread holds all connections, it has read that before it answers somebody who comes later.
  const later = await WebSocketClient.connect(server.port);
  await unlock();
  const received = timeless(await bob.untilEnd());
  assert.match(received, /T Ann: to all\nT \[PM from Ann\] secret\nT \[SYSTEM\] Ann has left the chat\n$/);
  await cat.until("Bob has left the chat");
  later.socket.terminate();
});

type Answer = "stored" | { readonly reason: string; readonly text: string };

/** A sender and an observer at each door, and what was stored by what the senders were told. */
class Chat {
  readonly #port: number;
  readonly #line: LineClient;
  readonly #websocket: WebSocketClient;
  readonly #observers: { readonly line: LineClient; readonly websocket: WebSocketClient };
  readonly #stored: string[] = [];
  #counter = 0;
  #visitors = 0;

  private constructor(options: {
    readonly port: number;
    readonly line: LineClient;
    readonly websocket: WebSocketClient;
    readonly observers: { readonly line: LineClient; readonly websocket: WebSocketClient };
  }) {
    this.#port = options.port;
    this.#line = options.line;
    this.#websocket = options.websocket;
    this.#observers = options.observers;
  }

  static async open(t: TestContext, port: number): Promise<Chat> {
    const observers = {
      line: await LineClient.enter(port, "LineObserver"),
      websocket: (await WebSocketClient.enter(port, { name: "Observer" })).client,
    };
    const line = await LineClient.enter(port, "LineSender");
    const { client: websocket } = await WebSocketClient.enter(port, { name: "Sender" });
    t.after(() => {
      for (const client of [line, observers.line]) client.close();
      for (const client of [websocket, observers.websocket]) client.socket.terminate();
    });
    return new Chat({ port, line, websocket, observers });
  }

  /** Says something and waits for its outcome. */
  async say(door: "line" | "websocket", words: string): Promise<Answer> {
    this.#counter += 1;
    const text = `${words} (${this.#counter})`;
    const answer = door === "line" ? await this.#sayLine(text) : await this.#sayMessage(text);
    if (answer === "stored") this.#stored.push(text);
    return answer;
  }

  /** Until both doors are refused, twice in a row each, all for this reason. */
  async sayUntilRefused(
    words: string,
    expected: { readonly reason: string; readonly sentence: string },
  ): Promise<void> {
    for (let refused = 0, tries = 0; refused < 4; tries += 1) {
      assert.ok(tries < 5000, "something is refused in the end");
      const door = tries % 2 === 0 ? "line" : "websocket";
      const answer = await this.say(door, words);
      refused = answer === "stored" ? 0 : refused + 1;
      const reason = door === "line" ? "error" : expected.reason;
      if (answer !== "stored") assert.deepEqual(answer, { reason, text: expected.sentence });
    }
  }

  async sayOnBothDoors(words: string): Promise<void> {
    assert.equal(await this.say("websocket", words), "stored");
    assert.equal(await this.say("line", words), "stored");
  }

  /** Newcomers come in at both doors, also one with a token, and everybody is answered. */
  async goesOn(): Promise<void> {
    this.#visitors += 1;
    const visitor = await LineClient.enter(this.#port, `Visitor${this.#visitors}`);
    await this.#observers.line.until(`Visitor${this.#visitors} has joined`);
    visitor.clear();
    visitor.send("/list");
    await visitor.until(/Online Users \(\d+\): LineObserver, Observer, LineSender, Sender, Visitor/);
    visitor.send("/history 2");
    const last = this.#stored.slice(-2);
    const shown = await visitor.until(/--- the last \d+ messages? ---[^]*--- end of history, up to #\d+ ---/);
    for (const text of last) assert.ok(shown.includes(text), "the history holds what is stored");
    visitor.close();
    const name = `Program${this.#visitors}`;
    const first = await WebSocketClient.enter(this.#port, { name });
    assert.equal(first.welcome.recent.at(-1)?.text, this.#stored.at(-1));
    const { token, epoch } = first.welcome;
    const position = { epoch, heads: { [lobby]: this.#stored.length - 1 } };
    const { client } = await WebSocketClient.enter(this.#port, { name, token, position });
    assert.equal((await client.next("event")).event.text, this.#stored.at(-1));
    await client.next("caught-up");
    client.send({ type: "history", request: 1, stream: lobby, limit: 1 });
    assert.equal((await client.next("page")).events[0]?.text, this.#stored.at(-1));
    client.send({ type: "quit" });
    await client.closed();
  }

  /** Store and observers have exactly what the senders were not refused. */
  async matches(dataFolder: string): Promise<void> {
    const stored = readStored(dataFolder).get(lobby) ?? [];
    assert.deepEqual(
      stored.map(({ number, text }) => ({ number, text })),
      this.#stored.map((text, index) => ({ number: index + 1, text })),
    );
    const lines = (await this.#observers.line.settled()).matchAll(/^\[[\d:]+\] \w*Sender: (.*)$/gm);
    assert.deepEqual(
      Array.from(lines, ([, text]) => text),
      this.#stored,
    );
    const { websocket } = this.#observers;
    websocket.send({ type: "list", request: 1 });
    await websocket.next("online");
    assert.deepEqual(
      websocket.received.flatMap((message) => (message.type === "event" ? [message.event.text] : [])),
      this.#stored,
    );
  }

  async #sayLine(text: string): Promise<Answer> {
    this.#line.clear();
    this.#line.send(text);
    const [, error] = /\[ERROR\] (.*)\n/.exec(await this.#line.settled()) ?? [];
    return error === undefined ? "stored" : { reason: "error", text: error };
  }

  async #sayMessage(text: string): Promise<Answer> {
    const counter = this.#counter;
    const from = this.#websocket.received.length;
    this.#websocket.send({ type: "send", counter, to: lobby, kind: "text", text });
    this.#websocket.send({ type: "list", request: counter });
    await this.#websocket.next("online");
    const answer = this.#websocket.received
      .slice(from)
      .find((message) => "counter" in message && message.counter === counter);
    assert.ok(answer !== undefined, "each send is answered, in its place");
    if (answer.type === "ack") return "stored";
    assert.equal(answer.type, "refused");
    return answer.type === "refused" ? { reason: answer.reason, text: answer.text } : "stored";
  }
}

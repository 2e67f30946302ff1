import assert from "node:assert/strict";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { lobby } from "../../src/chat/event.ts";
import { LineClient } from "../support/line-client.ts";
import { residentBytes, ServerProcess } from "../support/server-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { WebSocketClient } from "../support/websocket-client.ts";
import { NumberedReader, numberedText, type Transport } from "./numbered-reader.ts";

const megabyte = 1024 * 1024;
const maxBacklogBytes = 65_536;
const textBytes = 16_000;
const pushedMessages = 5000;
/** Each of these is more than the buffers of the system between two sockets and the bound of the server hold. */
const sendsAhead = 32;
const enoughToStandStill = 500;
const transports: readonly Transport[] = ["clear", "TLS"];

for (const by of transports) {
  test(`who does not read delays nobody, and gets all of it in order when he reads again: over ${by}`, async (t) => {
    const server = await start(t, []);
    const speaker = await Speaker.enter(t, server.port);
    const readers = await crowd(t, server.port, "reader", { count: 180, by });
    const others = await crowd(t, server.port, "sleeper", { count: 20, by });
    const asker = await LineClient.enter(server.port, "Asker");
    t.after(() => asker.close());
    for (const reader of others) reader.pause();
    asker.socket.pause();
    for (let index = 0; index < 1000; index += 1) asker.send("/list", "/help", "/history 5");

    await speaker.say(enoughToStandStill);
    await Promise.all(readers.map((reader) => reader.untilNumber(speaker.last)));
    for (const reader of others) assert.ok(reader.last < speaker.last);
    // Somebody who came and went in the meantime is no news to those who were away.
    const passers: LineClient[] = [];
    const [, watcher] = readers;
    assert.ok(watcher);
    const told = (what: RegExp) => (): boolean => watcher.notices.some((notice) => what.test(notice));
    // Of the many who come in one second not all are named, and who comes and goes in it never is.
    while (!told(/Passer.* joined/)()) {
      passers.push(await LineClient.enter(server.port, `Passer${passers.length}`));
      await sleep(200);
    }
    for (const passer of passers) passer.close();
    await watcher.until(told(/Passer.* left/), "their leaving");

    for (const reader of others) reader.resume();
    await Promise.all(others.map((reader) => reader.until(() => reader.lists.length > 1, "the list")));
    // Where the last part was more than the bound, the list comes once more; not only after what is said next.
    await Promise.all(others.map((reader) => reader.settled()));
    const caughtUpAt = speaker.last;
    await speaker.say(5);
    await Promise.all([...readers, ...others].map((reader) => reader.untilNumber(speaker.last)));
    for (const reader of [...readers, ...others]) assert.equal(reader.wrong, undefined, reader.name);
    for (const reader of others) {
      assert.deepEqual([...new Set(reader.lists)], [0, caughtUpAt], `${reader.name} was told who is online`);
      assert.ok(!reader.notices.some((notice) => notice.includes("Passer")), reader.name);
    }
  });
}

test("who falls behind after a restart is not given again what was said before", async (t) => {
  const dataFolder = join(temporaryFolder(t), "data");
  const args = ["--max-line", "16384", "--max-backlog", String(maxBacklogBytes)];
  const first = await ServerProcess.start(t, { dataFolder, args });
  const speaker = await Speaker.enter(t, first.port);
  await speaker.say(enoughToStandStill);
  await first.end("SIGTERM");
  const second = await ServerProcess.start(t, { dataFolder, args });
  const asker = await LineClient.enter(second.port, "Asker");
  t.after(() => asker.close());
  const witness = await LineClient.enter(second.port, "Witness");
  t.after(() => witness.close());
  await asker.until("Witness has joined");
  const list = "\nOnline Users (2): Asker, Witness\n";
  let received = "";
  // The list comes as the answer, and once more to who fell behind. How long it takes until what he was sent is more
  // than the bound, nobody can see from here: the witness looks as often, then twice as often and so on.
  for (let rounds = 20; received.split(list).length < 3; rounds *= 2) {
    assert.ok(rounds < 10_000, "who asks and does not read falls behind in the end");
    asker.clear();
    asker.socket.pause();
    asker.send(...Array.from({ length: 40 }, () => "/since 0"), "/list");
    for (let round = 0; round < rounds; round += 1) await witness.settled();
    asker.socket.resume();
    received = await asker.settled();
  }
  const afterLook = received.split(/^--- there are more: .*$/m).at(-1) ?? "";
  assert.doesNotMatch(afterLook, /Speaker: /);
});

for (const by of transports) {
  test(`those who do not read cost bounded memory: over ${by}`, async (t) => {
    const server = await start(t, []);
    const speaker = await Speaker.enter(t, server.port);
    const readers = await crowd(t, server.port, "reader", { count: 4, by });
    const others = await crowd(t, server.port, "sleeper", { count: 20, by });
    // As much as the same load costs while everybody reads is the garbage of any server under this load.
    const before = await peakWhile(server, async () => speaker.say(2500));
    for (const reader of others) reader.pause();
    const peak = await peakWhile(server, async () => speaker.say(pushedMessages));
    await Promise.all(readers.map((reader) => reader.untilNumber(speaker.last)));
    const pushed = pushedMessages * textBytes;
    const grown = peak - before;
    t.diagnostic(
      `${mega(pushed)} pushed at 20 who read nothing: ${mega(before)} resident before, ${mega(peak)} at most`,
    );
    // What the bound allows for is 20 times 64 KiB and one batch. Where the server kept what they do not read, it
    // would be all that was pushed, at least once per door; a third of that is far from both.
    assert.ok(grown < (2 * pushed) / 3, `grew by ${mega(grown)}`);
  });
}

test("who asks and does not read is not read from any more, and costs bounded memory", async (t) => {
  const server = await start(t, ["--flood-limit", "20/5"]);
  const speaker = await Speaker.enter(t, server.port);
  const asker = await LineClient.enter(server.port, "Asker");
  t.after(() => asker.close());
  await speaker.say(20);
  const before = residentBytes(server.pid);
  asker.socket.pause();
  const questions = "/list\n/help\n/history 20\n".repeat(1000);
  for (let written = 0; written < 16 * megabyte; written += questions.length) asker.socket.write(questions);
  const peak = await peakWhile(server, async () => {
    for (let round = 0; round < 20; round += 1) {
      const visitor = await LineClient.enter(server.port, `Visitor${round}`);
      visitor.close();
    }
  });
  const unsent = asker.socket.writableLength;
  t.diagnostic(`${mega(before)} resident before, ${mega(peak)} at most; ${mega(unsent)} left unsent`);
  assert.ok(unsent > megabyte, "most of what it asks waits on its own side");
  assert.ok(peak - before < 64 * megabyte, `grew by ${mega(peak - before)}`);
});

for (const by of transports) {
  test(`who takes nothing for too long is closed, which the console and the others are told: over ${by}`, async (t) => {
    // Longer than this machine may stand still between two sips.
    const server = await start(t, ["--stall-timeout", "6"]);
    const speaker = await Speaker.enter(t, server.port);
    const witness = await NumberedReader.line(server.port, "Witness");
    const [line, websocket] = [
      await NumberedReader.line(server.port, "LineSleeper", by),
      await NumberedReader.websocket(server.port, "Sleeper", by),
    ];
    const slow = await NumberedReader.line(server.port, "Slow", by);
    t.after(() => [witness, line, websocket, slow].forEach((reader) => reader.close()));
    for (const reader of [line, websocket, slow]) reader.pause();
    // Takes a little now and then, which is enough.
    const sips = setInterval(() => {
      slow.resume();
      setImmediate(() => slow.pause());
    }, 100);
    t.after(() => clearInterval(sips));
    await speaker.say(enoughToStandStill);
    const left = (name: string): boolean =>
      witness.notices.some((notice) => new RegExp(`\\b${name}\\b.* left the chat`).test(notice));
    await witness.until(() => left("LineSleeper") && left("Sleeper"), "their leaving");
    const rejected = /^\[INFO\].*read nothing for 6 s \(--stall-timeout\)$/gm;
    await server.until(rejected);
    assert.ok(!left("Slow"));
    for (const reader of [line, websocket]) reader.resume();
    await Promise.all([line.untilClosed(), websocket.untilClosed()]);
    clearInterval(sips);
    slow.resume();
    await slow.untilNumber(speaker.last);
    assert.equal(slow.wrong, undefined);
  });
}

async function start(t: TestContext, args: readonly string[]): Promise<ServerProcess> {
  const bounds = ["--max-line", "16384", "--max-backlog", String(maxBacklogBytes), "--memory-history", "100"];
  const dataFolder = join(temporaryFolder(t), "data");
  return ServerProcess.start(t, {
    dataFolder,
    args: [...bounds, "--join-history", "0", ...args],
    // Otherwise most of what is resident is garbage that nobody was in need to collect.
    nodeArgs: ["--max-old-space-size=128", "--max-semi-space-size=4"],
  });
}

async function crowd(
  t: TestContext,
  ...args: Parameters<typeof NumberedReader.crowd>
): Promise<readonly NumberedReader[]> {
  const readers = await NumberedReader.crowd(...args);
  t.after(() => readers.forEach((reader) => reader.close()));
  return readers;
}

const patienceMs = 60_000;

/** Says numbered messages, some at a time. */
class Speaker {
  readonly #client: WebSocketClient;
  last = 0;
  #acknowledged = 0;
  #closing = "";
  #wake: (() => void) | undefined;

  private constructor(client: WebSocketClient) {
    this.#client = client;
    client.socket.on("message", () => {
      for (const message of client.received.splice(0)) {
        if (message.type === "refused") throw new Error(message.text);
        if (message.type === "ack") this.#acknowledged += 1;
        if (message.type === "closing") this.#closing = message.text;
      }
      this.#wake?.();
    });
    client.socket.on("close", () => this.#wake?.());
  }

  static async enter(t: TestContext, port: number): Promise<Speaker> {
    const { client } = await WebSocketClient.enter(port, { name: "Speaker" });
    t.after(() => client.socket.terminate());
    return new Speaker(client);
  }

  /** Resolves when so many more are acknowledged. */
  async say(count: number): Promise<void> {
    const end = this.last + count;
    while (this.#acknowledged < end) {
      while (this.last < end && this.last - this.#acknowledged < sendsAhead) {
        this.last += 1;
        const text = numberedText(this.last, textBytes);
        this.#client.send({ type: "send", counter: this.last, to: lobby, kind: "text", text });
      }
      await this.#next();
    }
  }

  /** Resolves when something has come; a speaker who is closed, or is not answered, would wait for ever. */
  async #next(): Promise<void> {
    const where = `with ${this.#acknowledged} of ${this.last} acknowledged`;
    if (this.#client.closeCode !== undefined) {
      throw new Error(`The speaker was closed (${this.#client.closeCode} ${this.#closing}) ${where}`);
    }
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`The speaker waited in vain ${where}`)), patienceMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** The most memory that a server has resident while something happens. */
async function peakWhile(server: ServerProcess, work: () => Promise<void>): Promise<number> {
  let peak = residentBytes(server.pid);
  const timer = setInterval(() => {
    peak = Math.max(peak, residentBytes(server.pid));
  }, 100);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return Math.max(peak, residentBytes(server.pid));
}

function mega(bytes: number): string {
  return `${(bytes / megabyte).toFixed(0)} MiB`;
}

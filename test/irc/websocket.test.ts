import assert from "node:assert/strict";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import { WebSocket } from "ws";
import { LineClient } from "../support/line-client.ts";
import { RawClient } from "../support/raw-client.ts";
import { runServer } from "../support/running-server.ts";
import { IrcTalker, shown } from "./talker.ts";

interface Frame {
  readonly text: string;
  readonly isBinary: boolean;
}

/** An IRC client in a page. */
class PageClient {
  readonly socket: WebSocket;
  readonly frames: Frame[] = [];
  #watchers: (() => void)[] = [];

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data: Buffer, isBinary) => {
      this.frames.push({ text: data.toString(), isBinary });
      for (const watcher of this.#watchers.splice(0)) watcher();
    });
  }

  static async connect(
    context: TestContext,
    { port, path = "/", protocols }: { port: number; path?: string; protocols: string[] },
  ): Promise<PageClient> {
    const client = new PageClient(new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols));
    context.after(() => client.socket.terminate());
    await once(client.socket, "open");
    return client;
  }

  async until(expected: RegExp): Promise<string> {
    for (;;) {
      const found = this.frames.find(({ text }) => expected.test(text));
      if (found !== undefined) return found.text;
      await new Promise<void>((resolve) => this.#watchers.push(resolve));
    }
  }
}

for (const [protocol, isBinary] of [
  ["text.ircv3.net", false],
  ["binary.ircv3.net", true],
] as const) {
  test(`IRC over a websocket, a line a message: ${protocol}`, { timeout: 30_000 }, async (context) => {
    const { port, stop } = await runServer(context);
    const page = await PageClient.connect(context, { port, path: "/irc", protocols: ["other", protocol] });
    assert.equal(page.socket.protocol, protocol);
    const send = (line: string): void => page.socket.send(isBinary ? Buffer.from(line) : line);
    for (const line of ["NICK Ann", "USER ann 0 * :Ann", "JOIN #lobby"]) send(line);
    await page.until(/ 366 Ann #lobby /);
    const bob = await IrcTalker.register(port, "Bob");
    await bob.ask("JOIN #lobby");
    const dan = await LineClient.enter(port, "Dan");
    send("PRIVMSG #lobby :hé\u{1F600}");
    assert.equal(shown(await bob.until("PRIVMSG")), "PRIVMSG #lobby hé\u{1F600}");
    await dan.until("Ann: hé\u{1F600}");
    bob.send("PRIVMSG #lobby :one", "PRIVMSG #lobby :two", "PRIVMSG Ann :three");
    dan.send("x".repeat(1500));
    await page.until(/three/);
    await page.until(/x{300}/);
    const closed = once(page.socket, "close");
    await stop();
    assert.equal((await closed)[0], 1000);
    for (const frame of page.frames) {
      assert.equal(frame.isBinary, isBinary);
      assert.match(frame.text, /^:[^\r\n]+$|^@[^\r\n]+$/);
    }
    const said = page.frames
      .map(({ text }) => text)
      .filter((text) => / PRIVMSG \S+ :(one|two|three)$/.test(text));
    assert.deepEqual(
      said.map((text) => text.split(" :")[1]),
      ["one", "two", "three"],
    );
    assert.match(page.frames.at(-1)?.text ?? "", /ERROR :Closing link/);
  });
}

test("who closes the websocket has left", async (context) => {
  const { port } = await runServer(context);
  const page = await PageClient.connect(context, { port, protocols: ["binary.ircv3.net", "text.ircv3.net"] });
  assert.equal(page.socket.protocol, "binary.ircv3.net");
  const bob = await IrcTalker.register(port, "Bob");
  await bob.ask("JOIN #tea");
  for (const line of ["NICK Ann", "USER ann 0 * :Ann", "JOIN #tea"]) page.socket.send(line);
  await bob.until("JOIN");
  page.socket.close();
  assert.match((await bob.until("QUIT")).source ?? "", /^Ann!/);
});

test("a line that is longer than it may be is refused, and the next one is taken", {
  timeout: 30_000,
}, async (context) => {
  const { port } = await runServer(context);
  const page = await PageClient.connect(context, { port, protocols: ["text.ircv3.net"] });
  for (const line of [`NICK ${"x".repeat(600)}`, "NICK Ann", "USER ann 0 * :Ann"]) page.socket.send(line);
  await page.until(/ 417 /);
  await page.until(/ 001 Ann /);
});

test("a page of another site does not come in, and without a subprotocol there is nothing", async (context) => {
  const { port, console } = await runServer(context);
  const ask = (path: string, headers: readonly string[]): Promise<string> =>
    RawClient.exchange(
      port,
      [
        `GET ${path} HTTP/1.1`,
        `Host: 127.0.0.1:${port}`,
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        ...headers,
        "",
        "NICK Mallory",
        "",
      ].join("\r\n"),
    );
  const protocol = "Sec-WebSocket-Protocol: text.ircv3.net";
  assert.match(await ask("/irc", [protocol, "Origin: https://evil.example"]), /^HTTP\/1\.1 403 /);
  assert.match(await ask("/irc", []), /^HTTP\/1\.1 404 /);
  assert.match(await ask("/irc", ["Sec-WebSocket-Protocol: soap"]), /^HTTP\/1\.1 404 /);
  assert.doesNotMatch(console(), /Mallory/);
});

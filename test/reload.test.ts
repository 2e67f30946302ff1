import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { get, type IncomingMessage } from "node:http";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { LineClient, timeless } from "./support/line-client.ts";
import { Operator } from "./support/operator.ts";
import { ServerProcess, type ServerProcessOptions } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { WebSocketClient } from "./support/websocket-client.ts";

/** A server with a config file, with limits that only the file sets. */
async function withFile(context: TestContext, text: string, options: Partial<ServerProcessOptions> = {}) {
  const folder = temporaryFolder(context);
  const file = join(folder, "mine.toml");
  writeFileSync(file, text);
  const command = [process.execPath, "bin/roomful.js", "serve", "--config", file, ...(options.args ?? [])];
  const own = ["--port", "0", "--host", "127.0.0.1", "--data", join(folder, "data")];
  const server = await ServerProcess.start(context, {
    dataFolder: folder,
    ...options,
    command: [...(options.through ?? []), ...command, ...own],
  });
  /** Writes the file and has it read; resolves when the console shows each of these lines after that. */
  const reload = async (next: string, ...shown: readonly string[]): Promise<void> => {
    const before = server.console.length;
    writeFileSync(file, next);
    server.child.kill("SIGHUP");
    for (const line of shown) {
      await server.until(new RegExp(`^[^]{${before}}[^]*^${line.replaceAll(/[^\w\s]/g, "\\$&")}$`, "m"));
    }
  };
  return { server, reload, file };
}

/** How a server answers who asks for its page under a name. */
async function statusUnder(name: string, port: number): Promise<number | undefined> {
  const request = get({ hostname: "127.0.0.1", port, agent: false, headers: { Host: name } });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

for (const workers of ["1", "3"]) {
  test(`what a reread file changes holds for those who come in from then on, with ${workers} threads`, async (t) => {
    const { server, reload } = await withFile(t, "", { args: ["--workers", workers] });
    const alice = await LineClient.enter(server.port, "Alice");
    alice.send("one", "two", "three");
    await alice.settled();
    assert.equal(await statusUnder("chat.example", server.port), 421);
    await reload(
      'flood-limit = "2/1"\njoin-history = 1\nmax-page = 7\nconsole-private = "hide"\nallow-host = ["chat.example"]',
      '[INFO] flood-limit is changed from "20/5" to "2/1", for new connections',
      '[INFO] join-history is changed from "20" to "1"',
      '[INFO] max-page is changed from "500" to "7"',
      '[INFO] allow-host is changed from "" to "chat.example"',
      '[INFO] console-private is changed from "show" to "hide"',
    );
    // Every thread takes what it is told in order, so that with as many connections each has been asked.
    for (let index = 0; index < 6; index += 1) {
      const { client, welcome } = await WebSocketClient.enter(server.port, { name: `Bob${index}` });
      assert.equal(await statusUnder("chat.example", server.port), 200);
      assert.deepEqual(welcome.limits.flood, { burst: 2, perSecond: 1 });
      assert.equal(welcome.limits.maxPageEvents, 7);
      assert.equal(welcome.operatorSeesPrivate, false);
      assert.deepEqual(
        welcome.recent.map((event) => event.text),
        ["three"],
      );
      client.socket.close();
    }
    // She came in with 20 at once.
    await LineClient.enter(server.port, "Bob");
    alice.send("four", "five", "six", "/pm Bob secret");
    assert.doesNotMatch(await alice.settled(), /too fast|Slow down/i);
    await server.until(/\[PM\] Alice -> Bob: \(hidden\)/);
  });
}

test("a deadline that became shorter ends who comes in from then on; an address may hold as many as is new", async (t) => {
  const { server, reload } = await withFile(t, "");
  await reload(
    "login-timeout = 0.2",
    '[INFO] login-timeout is changed from "60" to "0.2", for new connections',
  );
  const silent = await LineClient.connect(server.port);
  await silent.untilEnd();
  await reload(
    "address-limit = 1",
    '[INFO] login-timeout is changed from "0.2" to "60", for new connections',
    '[INFO] address-limit is changed from "256" to "1", for new connections',
  );
  const alice = await LineClient.enter(server.port, "Alice");
  const second = await LineClient.connect(server.port);
  await second.untilEnd();
  await server.until(/more than 1 connections from 127\.0\.0\.1/);
  await alice.settled();
});

test("what needs a restart stays and is said each time; so is a file that cannot be read, and it changes nothing", async (t) => {
  const { server, reload, file } = await withFile(t, "max-line = 100\nmax-page = 9\n");
  const stays = '[WARNING] max-line stays "100": for "200" the server has to be started anew';
  await reload("max-line = 200\nmax-page = 9\n", stays);
  await reload("max-line = 200\nmax-page = 9\n", stays);
  await reload(
    "max-page = 8\nmax-lines = 1\n",
    `[WARNING] The configuration stays as it is: Cannot read ${JSON.stringify(file)}, line 2: "max-lines" is no option; did you mean max-line?`,
  );
  const { welcome } = await WebSocketClient.enter(server.port, { name: "Bob" });
  assert.deepEqual([welcome.limits.maxTextBytes, welcome.limits.maxPageEvents], [100, 9]);
  await reload(
    "max-line = 100\nmax-page = 9\n",
    "[INFO] The configuration was read again: nothing has changed",
  );
  assert.deepEqual(await server.end("SIGTERM"), { code: 0, signal: null });
});

test("who was told that nobody sees private messages can rely on it until a restart", async (t) => {
  const { server, reload } = await withFile(t, 'console-private = "hide"');
  const alice = await LineClient.enter(server.port, "Alice");
  await LineClient.enter(server.port, "Bob");
  await reload("", '[WARNING] console-private stays "hide": for "show" the server has to be started anew');
  alice.send("/pm Bob secret");
  await server.until(/\[PM\] Alice -> Bob: \(hidden\)/);
});

test("a server that nohup started reads its file again on SIGHUP and goes on", async (t) => {
  const { server, reload } = await withFile(t, "", { through: ["nohup"] });
  await reload("max-page = 3", '[INFO] max-page is changed from "500" to "3"');
  await LineClient.enter(server.port, "Alice");
});

test("a terminal that is closed ends its server with a good-bye", async (t) => {
  const operator = await Operator.start(t);
  const alice = await operator.admits("Alice");
  operator.terminal.hangUp();
  assert.match(timeless(await alice.untilEnd()), /T \[SYSTEM\] Server is shutting down\n$/);
  alice.close();
  assert.equal(await operator.terminal.exit, 0);
});

test("at a terminal that is still there SIGHUP and reload read the configuration again", async (t) => {
  const operator = await Operator.start(t);
  const alice = await operator.admits("Alice");
  const unchanged = "[INFO] The configuration was read again: nothing has changed";
  await operator.types("reload", unchanged);
  await operator.asks("list");
  process.kill(operator.terminal.pid, "SIGHUP");
  await operator.terminal.until(({ rows }) => rows.filter((row) => row === unchanged).length === 2);
  await operator.types("reload now", "Usage: reload");
  await alice.settled();
});

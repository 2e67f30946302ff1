import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { runPlainClient } from "../../src/client/plain.ts";
import { ScriptedServer } from "./scripted-server.ts";

const runner = join(import.meta.dirname, "join.ts");

/** Runs the client with this as its whole input. */
async function pipe(
  address: string,
  input: string,
): Promise<{ code: unknown; output: string; errors: string }> {
  const client = spawn(process.execPath, [runner, address]);
  client.stdin.end(input);
  const exit = once(client, "close");
  const [output, errors] = await Promise.all([text(client.stdout), text(client.stderr)]);
  const [code] = await exit;
  return { code, output, errors };
}

test("everything piped in is sent, in order, before the client leaves with 0", async (t) => {
  const server = await ScriptedServer.start(t);
  const lines = Array.from({ length: 50 }, (_, index) => `line ${index + 1}`);
  const { code, output, errors } = await pipe(`127.0.0.1:${server.port}`, `Ann\n${lines.join("\n")}`);
  assert.equal(code, 0);
  assert.equal(errors, "");
  assert.deepEqual(server.texts, lines);
  const rule = "=".repeat(50);
  assert.equal(
    output,
    [
      `Connecting to server at 127.0.0.1:${server.port}...`,
      "✓ Connected successfully!",
      "",
      rule,
      "Welcome to the chat server, Ann!",
      "Type '/help' for commands",
      rule,
      "",
      rule,
      "Online Users (1): Alice",
      rule,
      "",
    ].join("\n"),
  );
});

test("commands are answered before the end, and CRLF ends a line", async (t) => {
  const server = await ScriptedServer.start(t);
  const { code, output } = await pipe(
    `Ann@127.0.0.1:${server.port}`,
    "/pm Bob psst\r\n/list\r\n/history\r\n/pm\r\n",
  );
  assert.equal(code, 0);
  assert.match(output, /\[PM to Bob\] psst\n/);
  assert.match(output, /Online Users \(1\): Alice[^]*Online Users \(1\): Alice/);
  assert.match(output, /--- no messages to show ---\n$/m);
  assert.match(output, /\[ERROR\] Usage: \/pm <username> <message>\n/);
});

test("what follows /quit is not sent", async (t) => {
  const server = await ScriptedServer.start(t);
  const { code } = await pipe(`Ann@127.0.0.1:${server.port}`, "one\n/quit\ntwo\n");
  assert.equal(code, 0);
  assert.deepEqual(server.texts, ["one"]);
});

test("a refused name is one sentence and 1, and no message is taken for another name", async (t) => {
  const server = await ScriptedServer.start(t);
  server.taken.add("Ann");
  const { code, output, errors } = await pipe(`127.0.0.1:${server.port}`, "Ann\nhello\n");
  assert.equal(code, 1);
  assert.equal(errors, "");
  assert.match(output, /Username 'Ann' is already in use/);
  assert.equal(server.heard.length, 1);
});

test("no server there is one sentence and 1", async () => {
  const placeholder = createServer().listen(0, "127.0.0.1");
  await once(placeholder, "listening");
  const address = placeholder.address();
  assert.ok(typeof address === "object" && address !== null);
  placeholder.close();
  await once(placeholder, "close");
  const { code, output, errors } = await pipe(`Ann@127.0.0.1:${address.port}`, "hello\n");
  assert.equal(code, 1);
  assert.equal(errors, "");
  assert.equal(output.split("\n")[1], `Cannot join 127.0.0.1:${address.port}: nothing is listening there`);
});

test("a connection that breaks under the input delays it and loses nothing", async (t) => {
  const server = await ScriptedServer.start(t);
  const input = new PassThrough();
  const output = new PassThrough();
  const shown = text(output);
  const { port } = server;
  const exit = runPlainClient({
    host: "127.0.0.1",
    port,
    name: "Ann",
    input,
    output,
    engine: { random: () => 0 },
  });
  server.acknowledges = false;
  input.write("one\ntwo\n");
  await server.hears((message) => message.type === "send");
  server.cut();
  server.acknowledges = true;
  input.end("three\n");
  assert.equal(await exit, 0);
  assert.deepEqual(server.texts, ["one", "one", "two", "three"]);
  output.end();
  const said = await shown;
  assert.match(said, /^Connection lost \(.*\)\. Reconnecting in 1 s…$/m);
  assert.match(said, /^✓ Reconnected\. \d lines that waited are sent now\.$/m);
});

test("what could not be sent in time is named, and the exit code is 1", async (t) => {
  const server = await ScriptedServer.start(t);
  server.acknowledges = false;
  const input = new PassThrough();
  const output = new PassThrough();
  const shown = text(output);
  const { port } = server;
  const options = { host: "127.0.0.1", port, name: "Ann", input, output, endPatienceMs: 50 };
  input.end("one\ntwo\n");
  assert.equal(await runPlainClient(options), 1);
  output.end();
  assert.match(
    await shown,
    /^2 lines were not sent: "one", "two"\. The first may have arrived all the same$/m,
  );
});

test("a full outbox stops the reading, and nothing is dropped", async (t) => {
  const server = await ScriptedServer.start(t);
  const input = new PassThrough();
  const output = new PassThrough();
  output.resume();
  const lines = Array.from({ length: 200 }, (_, index) => `line ${index + 1}`);
  input.end(lines.join("\n"));
  const { port } = server;
  const engine = { outboxLimit: 3 };
  assert.equal(await runPlainClient({ host: "127.0.0.1", port, name: "Ann", input, output, engine }), 0);
  assert.deepEqual(server.texts, lines);
});

test("an aborted signal leaves as Ctrl-C does", async (t) => {
  const server = await ScriptedServer.start(t);
  const controller = new AbortController();
  const { port } = server;
  const output = new PassThrough();
  output.resume();
  const input = new PassThrough();
  const exit = runPlainClient({
    host: "127.0.0.1",
    port,
    name: "Ann",
    input,
    output,
    signal: controller.signal,
  });
  await server.hears((message) => message.type === "hello");
  controller.abort();
  assert.equal(await exit, 0);
});

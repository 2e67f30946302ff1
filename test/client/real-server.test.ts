import assert from "node:assert/strict";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { type PlainClientOptions, runPlainClient } from "../../src/client/plain.ts";
import { LineClient } from "../support/line-client.ts";
import { runServer } from "../support/running-server.ts";
import { Terminal } from "./terminal.ts";

const runner = join(import.meta.dirname, "join.ts");

function open(context: TestContext, address: string, columns = 80): Terminal {
  return new Terminal(context, [process.execPath, runner, address], { columns });
}

async function enter(context: TestContext, address: string): Promise<Terminal> {
  const terminal = open(context, address);
  await terminal.until(({ rows }) => rows.at(-1) === "You:");
  return terminal;
}

/** Runs the client on this input to its end. */
async function pipe(
  port: number,
  options: Partial<PlainClientOptions> & { readonly text: string },
): Promise<[number, string]> {
  const input = new PassThrough();
  const output = new PassThrough();
  const shown = text(output);
  input.end(options.text);
  const code = await runPlainClient({ host: "127.0.0.1", port, input, output, ...options });
  output.end();
  return [code, await shown];
}

function timeless(rows: readonly string[]): string[] {
  return rows.map((row) => row.replace(/^\[\d\d:\d\d:\d\d\]/, "T"));
}

test("two people at terminals and one at netcat talk, each sees it his own way", async (t) => {
  const { port } = await runServer(t);
  const alice = await enter(t, `Alice@127.0.0.1:${port}`);
  const bob = await enter(t, `Bob@127.0.0.1:${port}`);
  const carl = await LineClient.enter(port, "Carl");
  await alice.shows("Carl has joined the chat");
  alice.type("Hello Bob!\r");
  await bob.shows("Alice: Hello Bob!");
  bob.type("/pm alice psst\r");
  await alice.shows("[PM from Bob] psst");
  await bob.shows("[PM to Alice] psst");
  carl.send("/me waves");
  await alice.shows("* Carl waves");
  alice.type("/pm Zed hello\r");
  await alice.shows("[ERROR] User 'Zed' is not online");
  alice.type("/list\r");
  await alice.shows("Online Users (3): Alice, Bob, Carl");
  bob.type("/quit\r");
  assert.equal(await bob.exit, 0);
  await alice.shows("Bob has left the chat");
  await alice.until(({ rows }) => rows.at(-1) === "You:");
  const rule = "=".repeat(50);
  assert.deepEqual(timeless(alice.rows).slice(timeless(alice.rows).indexOf("Online Users (1): Alice")), [
    "Online Users (1): Alice",
    rule,
    "T [SYSTEM] Bob has joined the chat",
    "T [SYSTEM] Carl has joined the chat",
    "You: Hello Bob!",
    "T [PM from Bob] psst",
    "T * Carl waves",
    "You: /pm Zed hello",
    "T [ERROR] User 'Zed' is not online",
    "You: /list",
    rule,
    "Online Users (3): Alice, Bob, Carl",
    rule,
    "T [SYSTEM] Bob has left the chat",
    "You:",
  ]);
  assert.doesNotMatch(carl.received, /psst/);
  carl.socket.destroy();
});

test("a restart of the server costs nobody a message, and nothing is shown twice", async (t) => {
  const first = await runServer(t);
  const { port, dataFolder } = first;
  const alice = await enter(t, `Alice@127.0.0.1:${port}`);
  alice.type("before\r");
  const bob = await LineClient.enter(port, "Bob");
  // What is not stored by then waits like what is typed later.
  await bob.until("Alice: before");
  bob.send("from Bob");
  await alice.shows("Bob: from Bob");
  const stopping = first.stop();
  await alice.shows("Server is shutting down");
  await alice.shows("Connection lost");
  alice.type("meanwhile\r");
  await alice.shows("1 line waits");
  bob.socket.destroy();
  await stopping;
  const second = await runServer(t, { dataFolder, settings: { port } });
  const carl = await LineClient.enter(second.port, "Carl");
  carl.send("while Alice was away");
  await alice.shows("✓ Reconnected.");
  await carl.until("Alice: meanwhile");
  carl.send("/history");
  await carl.until(/(?:--- end of history[^]*){2}/);
  // Live or, where she was back before he came, in what he was shown then; and once in the history.
  assert.equal(carl.received.split("Alice: meanwhile").length, 3, "stored once");
  await alice.shows("Carl: while Alice was away");
  for (const line of ["Bob: from Bob", "Carl: while Alice was away"]) {
    assert.equal(alice.rows.filter((row) => row.endsWith(line)).length, 1, line);
  }
  assert.ok(
    !alice.rows.some((row) => /Alice: (?:before|meanwhile)/.test(row)),
    "own lines are not shown again",
  );
  alice.type("\u0003");
  assert.equal(await alice.exit, 0);
  carl.socket.destroy();
});

test("a file goes through the flood limit whole and in order", async (t) => {
  const { port } = await runServer(t, { settings: { flood: { burst: 5, perSecond: 50 } } });
  const bob = await LineClient.enter(port, "Bob");
  const lines = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`);
  const [code, output] = await pipe(port, { text: `Ann\n${lines.join("\n")}\n` });
  assert.equal(code, 0);
  assert.doesNotMatch(output, /ERROR|not sent/);
  await bob.until("Ann has left");
  const heard = [...bob.received.matchAll(/Ann: (.*)\n/g)].map((match) => match[1]);
  assert.deepEqual(heard, lines);
  bob.socket.destroy();
});

test("history, numbers and limits are the server's", async (t) => {
  const { port } = await runServer(t, { settings: { maxLineBytes: 100 } });
  const input = ["one", "two", "three", "x".repeat(101), "/history 2", "/since 1", "/list nobody"].join("\n");
  const [code, output] = await pipe(port, { text: input, name: "Ann" });
  assert.equal(code, 0);
  const shown = timeless(output.split("\n"));
  assert.deepEqual(
    shown.slice(shown.indexOf("Online Users (1): Ann") + 2),
    [
      "T [ERROR] That message is too long: at most 100 bytes. Nothing of it was delivered",
      "--- the last 2 messages ---",
      "T Ann: two",
      "T Ann: three",
      "--- end of history, up to #3 ---",
      "--- messages after #1 ---",
      "#2 [T] Ann: two",
      "#3 [T] Ann: three",
      "--- end of history ---",
      "=".repeat(50),
      "Online Users (0): ",
      "=".repeat(50),
      "",
    ].map((line) => line.replace("[T]", shown.find((row) => row.startsWith("#2"))?.slice(3, 13) ?? "")),
  );
});

test("a search is answered as at netcat", async (t) => {
  const { port } = await runServer(t);
  const input = ["one", "two lunches", "three", "/search lunch", "/search before:lunch"].join("\n");
  const [code, output] = await pipe(port, { text: input, name: "Ann" });
  assert.equal(code, 0);
  const rows = output.split("\n").slice(-7);
  assert.equal(rows[0], "--- 1 message for 'lunch' ---");
  assert.match(rows[1] ?? "", /^ {3}\[[\d:]+\] Ann: one$/);
  assert.match(rows[2] ?? "", /^#2 \[\w+day \d+ \w+ \d{4} [\d:]+\] Ann: two lunches$/);
  assert.match(rows[3] ?? "", /^ {3}\[[\d:]+\] Ann: three$/);
  assert.equal(rows[4], "--- end of the search; /since 1 goes to #2 ---");
  assert.match(rows[5] ?? "", /\[ERROR\] 'lunch' is no date for 'before:'/);
});

test("a name that is in use is refused at a terminal, and another one taken", async (t) => {
  const { port } = await runServer(t);
  const bob = await LineClient.enter(port, "Alice");
  const terminal = open(t, `127.0.0.1:${port}`);
  for (const [refused, name] of ["alice", "", "two words", "Alicé"].entries()) {
    await terminal.until(({ rows }) => {
      const asked = rows.filter((row) => row.startsWith("Enter your username:")).length;
      return asked === refused + 1 && rows.at(-1) === "Enter your username:";
    });
    terminal.type(`${name}\r`);
  }
  await terminal.until(({ rows }) => rows.at(-1) === "You:");
  await bob.until("Alicé has joined");
  bob.socket.destroy();
  assert.ok(terminal.rows.includes("A username cannot be empty"));
});

test("a kick is the end", async (t) => {
  const { port, server } = await runServer(t);
  const terminal = await enter(t, `Alice@127.0.0.1:${port}`);
  server.hub.kick("Alice", "spam");
  assert.equal(await terminal.exit, 1);
  assert.match(terminal.rows.at(-1) ?? "", /\[SYSTEM\] You were removed from the chat: spam$/);
});

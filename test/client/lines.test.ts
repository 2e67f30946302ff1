import assert from "node:assert/strict";
import { test } from "node:test";
import { LineClient } from "../support/line-client.ts";
import { Relay } from "../support/relay.ts";
import { runServer } from "../support/running-server.ts";
import { WebSocketClient } from "../support/websocket-client.ts";
import { welcome } from "./bench.ts";
import { enterScreen, inputOf, messageRows, openScreen } from "./screen-people.ts";

const newLine = "\x1B\r";

test("several lines that are typed are one message, for the room, as an action, and for one person", async (t) => {
  const { port } = await runServer(t);
  const ned = await LineClient.enter(port, "Ned");
  const { client: program } = await WebSocketClient.enter(port, { name: "Pia" });
  const alice = await openScreen(t, `Alice@127.0.0.1:${port}`, { columns: 100 });
  const bob = await openScreen(t, `Bob@127.0.0.1:${port}`, { columns: 100 });
  alice.type(["one", "", "  two", "", ""].join(newLine));
  alice.type("\r");
  assert.equal((await program.next("event")).event.text, "one\n\n  two");
  for (const screen of [alice, bob]) {
    await screen.shows("│   two");
    const rows = messageRows(screen).map((row) => row.replace(/^\d\d:\d\d|^ {5}/, ""));
    const at = rows.findIndex((row) => row.endsWith("│ one"));
    assert.deepEqual(rows.slice(at + 1, at + 3), ["               │", "               │   two"]);
  }
  await ned.until(/Alice: one\n.*Alice:   two\n/);
  alice.type(`/me looks${newLine}and waits\r`);
  const action = (await program.next("event")).event;
  assert.deepEqual([action.kind, action.text], ["action", "looks\nand waits"]);
  alice.type(`/pm ned for you${newLine}alone\r`);
  await ned.until(/\[PM from Alice\] for you\n.*\[PM from Alice\] alone\n/);
  alice.type(`// a comment${newLine}code()\r`);
  assert.equal((await program.next("event")).event.text, "// a comment\ncode()");
  ned.close();
});

test("a command of one line is not said where more lines follow, and nothing is lost", async (t) => {
  const [server, alice] = await enterScreen(t, { columns: 120 });
  for (const command of ["/topic roses", "/register secret", "/mgs Bob psst"]) {
    alice.type(`${command}${newLine}more\r`);
    const [word] = command.split(" ");
    await alice.shows(`${word} takes one line. To say it as it is`);
    await alice.until(() => inputOf(alice).includes("more"));
    alice.type("\x03");
    await alice.until(() => inputOf(alice) === "Alice>");
  }
  assert.deepEqual(server.texts, []);
});

test("lines beyond the limits are refused before they are sent, and can be edited", async (t) => {
  const { port } = await runServer(t, { settings: { maxLines: 2, maxMultilineBytes: 512 } });
  const alice = await openScreen(t, `Alice@127.0.0.1:${port}`, { columns: 100 });
  alice.type(`/pm Alice 1${newLine}2${newLine}3\r`);
  await alice.shows("not sent: That message has too many lines: at most 2.");
  alice.type("\x1Be");
  await alice.until(() => /\/pm Alice 1\n +2\n +3/.test(inputOf(alice)));
});

test("a server that knows no message of several lines is sent one for each", async (t) => {
  const [server, alice] = await enterScreen(t, { columns: 80 });
  alice.type(`one${newLine}${newLine}two\r`);
  await server.hears((message) => message.type === "send" && message.text === "two");
  assert.deepEqual(server.texts, ["one", "two"]);
  assert.equal(welcome().limits.maxLines, undefined);
});

test("several lines whose acknowledgement was lost are stored and shown once", async (t) => {
  const first = await runServer(t);
  const relay = await Relay.start(t, first.port);
  const alice = await openScreen(t, `Alice@127.0.0.1:${relay.port}`, { columns: 100 });
  const ned = await LineClient.enter(first.port, "Ned");
  relay.loseAnswers();
  alice.type(`first${newLine}half\r`);
  await ned.until("Alice: half\n");
  alice.type(`second${newLine}half\r`);
  await first.stop();
  const second = await runServer(t, { dataFolder: first.dataFolder });
  relay.redirect(second.port);
  await alice.until(() => messageRows(alice).some((row) => row.includes("✓│ second")));
  const rows = messageRows(alice).flatMap((row) => /│ (first|second|half)$/.exec(row)?.[1] ?? []);
  assert.deepEqual(rows, ["first", "half", "second", "half"]);
});

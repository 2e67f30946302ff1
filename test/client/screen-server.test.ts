import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { LineClient } from "../support/line-client.ts";
import { Relay } from "../support/relay.ts";
import { runServer } from "../support/running-server.ts";
import { inputOf, messageRows, openScreen, screenEnvironment } from "./screen-people.ts";

test("a server that is killed and comes back costs nothing, and nothing is shown twice", async (t) => {
  const first = await runServer(t);
  const { port, dataFolder } = first;
  const terminal = await openScreen(t, `Alice@127.0.0.1:${port}`, { columns: 100, rows: 40 });
  terminal.type("before\r");
  await terminal.shows("✓│ before");
  const stopping = first.stop();
  await terminal.shows("Connection lost");
  await stopping;
  terminal.type("meanwhile\r");
  await terminal.shows("1 waiting");
  const second = await runServer(t, { dataFolder, settings: { port } });
  const carl = await LineClient.enter(second.port, "Carl");
  carl.send("while you were away");
  await terminal.shows("✓│ meanwhile");
  await carl.until("Alice: meanwhile");
  await terminal.shows("│ while you were away");
  for (const text of ["│ before", "│ meanwhile", "│ while you were away"]) {
    assert.equal(messageRows(terminal).filter((row) => row.endsWith(text)).length, 1, text);
  }
  assert.equal(carl.received.split("Alice: meanwhile").length, 2, "stored once");
  carl.socket.destroy();
});

test("a connection that is half open is noticed, said, and replaced", async (t) => {
  const { port } = await runServer(t, { settings: { heartbeatMs: 1000 } });
  const relay = await Relay.start(t, port);
  const terminal = await openScreen(t, `Alice@127.0.0.1:${relay.port}`, { columns: 110 });
  relay.interrupt();
  terminal.type("into the void\r");
  await terminal.shows("the server has gone silent");
  await terminal.shows("waiting to be sent");
  relay.restore();
  await terminal.shows("✓│ into the void");
  await terminal.shows("● connected");
});

test("scrolling goes back through all of the server's history, and search finds what is far back", async (t) => {
  const { port } = await runServer(t);
  const bob = await LineClient.enter(port, "Bob");
  for (let number = 1; number <= 900; number += 1) bob.send(`line ${number} of many`);
  await bob.settled();
  const terminal = await openScreen(t, `Alice@127.0.0.1:${port}`, { columns: 80, rows: 24 });
  await terminal.shows("line 900 of many");
  assert.ok(messageRows(terminal).every((row) => !row.includes("line 800 ")));
  terminal.type("\u0012line 77 of\r");
  await terminal.shows("line 77 of many");
  await terminal.until(({ rows }) => rows.some((row) => /\d+ below, Escape/.test(row)));
  terminal.type("\u001b");
  await terminal.until(({ rows }) => !rows.some((row) => row.startsWith("Search:")));
  // The place is kept when something comes, and when the size changes.
  const place = messageRows(terminal).at(-1);
  bob.send("something new");
  await terminal.until(({ rows }) => rows.some((row) => row.includes("1 new")));
  assert.equal(messageRows(terminal).at(-1), place);
  const { length } = terminal.raw;
  terminal.resize(60, 18);
  // Not only cut off by the terminal, but drawn anew.
  await terminal.until(({ raw }) => raw.slice(length).includes("\u001b[2J"));
  const text = /line \d+ of many/.exec(place ?? "")?.[0] ?? "nothing";
  await terminal.until(() => messageRows(terminal).at(-1)?.includes(text) === true);
  terminal.type("\u001b[1;5H");
  await terminal.until(({ rows }) => !rows.some((row) => row.includes("loading")));
  terminal.type("\u001b[1;5H");
  await terminal.until(() => messageRows(terminal).some((row) => row.endsWith("line 1 of many")));
  terminal.type("\u001b[<65;10;10M\u001b[6~\u001b[1;5F");
  await terminal.until(() => messageRows(terminal).at(-1)?.endsWith("something new") === true);
  bob.socket.destroy();
});

test("a reply to a chosen message is shown as such to others who can see it", async (t) => {
  const { port } = await runServer(t);
  const alice = await openScreen(t, `Alice@127.0.0.1:${port}`);
  const bob = await openScreen(t, `Bob@127.0.0.1:${port}`);
  alice.type("Who has the key?\r");
  await bob.shows("Who has the key?");
  alice.type("And the door?\r");
  await bob.shows("And the door?");
  bob.type("\u001b\u001b[A");
  await bob.until(({ rows }) => rows.some((row) => /▶│ And the door/.test(row)));
  bob.type("\u001b\u001b[A");
  await bob.until(({ rows }) => rows.some((row) => /▶│ Who has/.test(row)));
  bob.type("\r");
  await bob.shows("↳ reply to Alice: Who has the key?");
  bob.type("I do\r");
  await alice.until(() => {
    const rows = messageRows(alice);
    const at = rows.findIndex((row) => row.includes("│ ↳ Alice: Who has the key?"));
    return at > 0 && rows[at + 1]?.endsWith("│ I do") === true;
  });
  await bob.shows("↳ Alice: Who has the key?");
});

test("what is refused has its reason, and a key to edit and send it again", async (t) => {
  const { port } = await runServer(t);
  const terminal = await openScreen(t, `Alice@127.0.0.1:${port}`, { columns: 110 });
  terminal.type("/pm Zed hello\r");
  await terminal.shows("✗│ (to Zed) hello");
  await terminal.shows("not sent: User 'Zed' is not online. Alt-E");
  const zed = await LineClient.enter(port, "Zed");
  await terminal.shows("Zed joined");
  terminal.type("\u001be");
  await terminal.until(() => inputOf(terminal) === "Alice> /pm Zed hello");
  terminal.type("\r");
  await terminal.shows("✓│ (to Zed) hello");
  await zed.until("[PM from Alice] hello");
  zed.socket.destroy();
});

/** The texts of messages that end in a number, from top to bottom. */
function numbered(rows: readonly string[]): readonly string[] {
  return rows.flatMap((row) => /│ (.* \d+)$/.exec(row)?.[1] ?? []);
}

test("after a restart the client is the same person, and private messages stand where they were said", async (t) => {
  const { port } = await runServer(t);
  const address = `Alice@127.0.0.1:${port}`;
  const env = screenEnvironment(t);
  const bob = await LineClient.enter(port, "Bob");
  const carl = await LineClient.enter(port, "Carl");
  const before = await openScreen(t, address, { env, rows: 30 });
  // Each is seen before the next is said, so that this is their order.
  for (let number = 1; number <= 9; number += 3) {
    carl.send(`to all ${number}`);
    await before.shows(`│ to all ${number}`);
    bob.send(`/pm Alice to you ${number + 1}`);
    await before.shows(`│ (to you) to you ${number + 1}`);
    before.type(`/pm Carl to Carl ${number + 2}\r`);
    await before.shows(`✓│ (to Carl) to Carl ${number + 2}`);
  }
  const said = numbered(messageRows(before));
  assert.equal(said.length, 9);
  before.type("\u0003");
  assert.equal(await before.exit, 0);
  await bob.until("Alice has left");

  const after = await openScreen(t, address, { env, rows: 30 });
  await after.until(() => numbered(messageRows(after)).length === 9);
  assert.deepEqual(numbered(messageRows(after)), said);
  after.type("once more 10\r");
  await after.shows("✓│ once more 10");
  bob.send("/pm Alice and again 11");
  await after.shows("and again 11");
  assert.deepEqual(numbered(messageRows(after)), [...said, "once more 10", "(to you) and again 11"]);
  after.type("\u0003");
  assert.equal(await after.exit, 0);

  const path = join(env["XDG_STATE_HOME"] ?? "", "roomful/servers.json");
  assert.equal(statSync(path).mode & 0o777, 0o600);
  // Without its token somebody else comes back, who may not see them.
  writeFileSync(path, readFileSync(path, "utf8").replace(/"token": "[^"]*"/, '"token": "of.somebody.else"'));
  const stranger = await openScreen(t, address, { env, rows: 30 });
  await stranger.shows("once more 10");
  assert.deepEqual(numbered(messageRows(stranger)), [
    ...said.filter((text) => text.startsWith("to all")),
    "once more 10",
  ]);
  for (const client of [bob, carl]) client.socket.destroy();
});

test("scrolling back goes through the room and private conversations as one", async (t) => {
  const { port } = await runServer(t);
  const address = `Alice@127.0.0.1:${port}`;
  const env = screenEnvironment(t);
  const bob = await LineClient.enter(port, "Bob");
  const before = await openScreen(t, address, { env });
  const said: string[] = [];
  for (let number = 1; number <= 600; number += 1) {
    const isPrivate = number % 50 === 0;
    bob.send(isPrivate ? `/pm Alice secret ${number}` : `line ${number}`);
    said.push(isPrivate ? `(to you) secret ${number}` : `line ${number}`);
    // What is said in the same millisecond in two places may stand in either order.
    if (isPrivate || number % 50 === 49) await before.shows(said.at(-1) ?? "");
  }
  before.type("\u0003");
  await before.exit;

  const after = await openScreen(t, address, { env, rows: 24 });
  await after.shows("secret 600");
  const seen = new Set<string>();
  for (;;) {
    const rows = messageRows(after);
    const shown = numbered(rows);
    const first = said.indexOf(shown[0] ?? "");
    assert.deepEqual(shown, said.slice(first, first + shown.length), "in order, and each once");
    for (const text of shown) seen.add(text);
    if (first === 0) break;
    after.type("\u001b[5~");
    await after.until(
      ({ rows: all }) =>
        numbered(messageRows(after))[0] !== shown[0] && !all.some((row) => row.includes("loading")),
    );
  }
  assert.equal(seen.size, 600);
  bob.socket.destroy();
});

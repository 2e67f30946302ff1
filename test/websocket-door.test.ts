import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test from "node:test";
import { databaseName } from "../src/storage/data-folder.ts";
import { IrcClient } from "./irc/client.ts";
import { LineClient } from "./support/line-client.ts";
import { runServer } from "./support/running-server.ts";
import { testedWorkers } from "./support/tested-workers.ts";
import { TurnedClock } from "./support/turned-clock.ts";
import { WebSocketClient } from "./support/websocket-client.ts";

const say = (counter: number, text: string) =>
  ({ type: "send", counter, to: "#lobby", kind: "text", text }) as const;

test("a send that is retried on a new connection after a restart is stored once", async (t) => {
  const first = await runServer(t);
  const { client, welcome } = await WebSocketClient.enter(first.port, { name: "Alice" });
  client.send(say(1, "hello"));
  const ack = await client.next("ack");
  await first.stop();
  const second = await runServer(t, { dataFolder: first.dataFolder });
  const again = await WebSocketClient.enter(second.port, { name: "Alice", token: welcome.token });
  assert.equal(again.welcome.you.id, welcome.you.id);
  again.client.send(say(1, "hello"));
  assert.deepEqual(await again.client.next("ack"), ack);
  again.client.send(say(1, "something else"));
  assert.equal((await again.client.next("refused")).reason, "retry-mismatch");
  again.client.send({ type: "history", request: 1, stream: "#lobby" });
  const page = await again.client.next("page");
  assert.deepEqual(
    page.events.map((event) => event.text),
    ["hello"],
  );
});

test("a retried private message is acknowledged though its addressee has left since", async (t) => {
  const { port } = await runServer(t);
  const bob = await LineClient.enter(port, "Bob");
  const { client, welcome } = await WebSocketClient.enter(port, { name: "Alice" });
  const private1 = { type: "send", counter: 1, to: "@bob", kind: "text", text: "psst" } as const;
  client.send(private1);
  const ack = await client.next("ack");
  assert.equal(ack.to?.name, "Bob");
  bob.close();
  await client.next("left");
  client.socket.terminate();
  const again = await WebSocketClient.enter(port, { name: "Alice", token: welcome.token });
  again.client.send(private1);
  assert.deepEqual(await again.client.next("ack"), ack);
  again.client.send({ ...private1, counter: 2 });
  assert.equal((await again.client.next("refused")).reason, "not-online");
});

test("the holder of a token takes over a connection left half-open, and nobody hears of it", async (t) => {
  const { port } = await runServer(t);
  const bob = await LineClient.enter(port, "Bob");
  const { client, welcome } = await WebSocketClient.enter(port, { name: "Alice" });
  await bob.until("Alice has joined");
  bob.clear();
  const stranger = await WebSocketClient.connect(port);
  stranger.send({ type: "hello", version: 1, name: "Alice" });
  assert.equal((await stranger.next("refused")).reason, "name-in-use");
  const again = await WebSocketClient.enter(port, { name: "Alice", token: welcome.token });
  assert.equal((await client.next("closing")).reason, "taken-over");
  assert.equal(await client.closed(), 1008);
  bob.send("still there?");
  assert.equal((await again.client.next("event")).event.text, "still there?");
  assert.equal(await bob.settled(), "");
});

test("who resumes gets exactly what came since, also from beyond memory, private messages too", async (t) => {
  const { port } = await runServer(t, { settings: { feedEvents: 100 } });
  const { client: alice, welcome } = await WebSocketClient.enter(port, { name: "Alice" });
  const { client: bob } = await WebSocketClient.enter(port, { name: "Bob" });
  bob.send(say(1, "seen"));
  const seen = (await alice.next("event")).event.number;
  await bob.next("ack");
  bob.send({ type: "send", counter: 2, to: "@Alice", kind: "text", text: "for you alone" });
  await bob.next("ack");
  alice.socket.terminate();
  await bob.next("left");
  for (let counter = 3; counter <= 702; counter += 1) bob.send(say(counter, `line ${counter}`));
  for (let counter = 3; counter <= 702; counter += 1) await bob.next("ack");
  const position = { epoch: welcome.epoch, heads: { "#lobby": seen } };
  const again = await WebSocketClient.enter(port, { name: "Alice", token: welcome.token, position });
  assert.equal(again.welcome.resumed, true);
  await again.client.next("caught-up");
  bob.send(say(703, "live"));
  while ((await again.client.next("event")).event.text !== "live");
  const events = again.client.received.flatMap((message) =>
    message.type === "event" ? [message.event] : [],
  );
  const room = events.filter((event) => event.stream === "#lobby").map((event) => event.number);
  assert.deepEqual(
    room,
    Array.from({ length: 701 }, (_, i) => seen + 1 + i),
  );
  assert.deepEqual(
    events.filter((event) => event.stream !== "#lobby").map((event) => event.text),
    ["for you alone"],
  );
});

test("a private conversation is read by its two people and nobody else", async (t) => {
  const { port } = await runServer(t);
  const { client: alice } = await WebSocketClient.enter(port, { name: "Alice" });
  const { client: bob } = await WebSocketClient.enter(port, { name: "Bob" });
  const { client: eve } = await WebSocketClient.enter(port, { name: "Eve" });
  alice.send({ type: "send", counter: 1, to: "@Bob", kind: "text", text: "secret" });
  const { stream } = await alice.next("ack");
  for (const party of [alice, bob]) {
    party.send({ type: "history", request: 1, stream });
    assert.deepEqual(
      (await party.next("page")).events.map((event) => event.text),
      ["secret"],
    );
  }
  eve.send({ type: "history", request: 1, stream });
  assert.equal((await eve.next("refused")).reason, "no-such-stream");
  assert.ok(eve.frames.every((frame) => !frame.includes("secret")));
});

test("what only begins like one's own private conversation is none, and is quoted without harm", async (t) => {
  const { port } = await runServer(t);
  const { client, welcome } = await WebSocketClient.enter(port, { name: "Alice" });
  const own = `dm:${welcome.you.id}`;
  for (const stream of [own, `${own}:`, `${own}:a:b`, `${own}:\u202e`, `${own}:\x9b31m`, `${own}:a\n`]) {
    client.send({ type: "history", request: 1, stream });
    assert.equal((await client.next("refused")).reason, "no-such-stream", stream);
  }
  for (const frame of client.frames) assert.doesNotMatch(frame, /[\x7f-\x9f\u202e]|\\n/);
});

test("what follows a search waits for what it found, also where something before it is refused", async (t) => {
  const { port } = await runServer(t);
  const { client } = await WebSocketClient.enter(port, { name: "Alice" });
  client.send({ type: "topic", request: 1, room: "#nowhere", text: "x" });
  client.send({ type: "search", request: 2, query: "word" });
  client.send({ type: "list", request: 3 });
  await client.next("online");
  const answers = client.received.filter((message) => "request" in message).map(({ type }) => type);
  assert.deepEqual(answers, ["refused", "found", "online"]);
});

test("a position of another epoch is not resumed, and is told so", async (t) => {
  const { port } = await runServer(t);
  const position = { epoch: "another", heads: { "#lobby": 7 } };
  const { welcome } = await WebSocketClient.enter(port, { name: "Alice", position });
  assert.equal(welcome.resumed, false);
});

test("what is not of the protocol ends the connection with a reason", async (t) => {
  const { port } = await runServer(t);
  for (const frame of ["{", '{"type":"dance"}', '{"type":"send"}', "[]"]) {
    const client = await WebSocketClient.connect(port);
    client.socket.send(frame);
    assert.equal((await client.next("closing")).reason, "malformed", frame);
    assert.equal(await client.closed(), 1003);
  }
  const old = await WebSocketClient.connect(port);
  old.socket.send('{"type":"hello","version":99,"name":"Alice"}');
  assert.equal((await old.next("closing")).reason, "wrong-version");
});

test("a connection that answers no ping is ended after two heartbeats", async (t) => {
  const { port } = await runServer(t, { settings: { heartbeatMs: 100 } });
  const bob = await LineClient.enter(port, "Bob");
  const { client } = await WebSocketClient.enter(port, { name: "Alice" });
  client.socket.pause();
  await bob.until("Alice has left the chat");
});

test("a connection that only reads stays, since it answers pings", async (t) => {
  const { port } = await runServer(t, { settings: { heartbeatMs: 500 } });
  const { client } = await WebSocketClient.enter(port, { name: "Alice" });
  for (let beats = 0; beats < 5; beats += 1) await client.next("heartbeat");
  assert.equal(client.closeCode, undefined);
});

test("pings that pile up behind a slow commit are one: there was no time to answer any", async (t) => {
  const heartbeatMs = 15_000;
  const clock = new TurnedClock(heartbeatMs);
  const settings = { heartbeatMs, storeBusyMs: 60_000, workers: testedWorkers };
  const { port, dataFolder, server } = await runServer(t, { clock, settings });
  const { client } = await WebSocketClient.enter(port, { name: "Alice" });
  const other = new DatabaseSync(join(dataFolder, databaseName));
  other.exec("BEGIN IMMEDIATE");
  const announced = server.hub.announce("at last");
  for (let beats = 0; beats < 5; beats += 1) clock.turn();
  other.exec("ROLLBACK");
  other.close();
  assert.equal(await announced, undefined);
  client.send({ type: "list", request: 1 });
  await client.next("online");
  assert.equal(client.received.filter(({ type }) => type === "heartbeat").length, 5);
});

test("a program says several lines as one message, which each door shows in its way", async (t) => {
  const { port } = await runServer(t);
  const ned = await LineClient.enter(port, "Ned");
  const many = await IrcClient.enter(port, "Ivy", "batch", "draft/multiline");
  const one = await IrcClient.enter(port, "Old");
  for (const irc of [many, one]) {
    irc.send("JOIN #lobby");
    await irc.until("366");
  }
  const { client, welcome } = await WebSocketClient.enter(port, { name: "Alice" });
  assert.deepEqual([welcome.limits.maxMultilineBytes, welcome.limits.maxLines], [4096, 100]);
  const reader = await WebSocketClient.enter(port, { name: "Bob" });
  client.send(say(1, "one\r\n\r\n  two\u001B"));
  await client.next("ack");
  assert.equal((await reader.client.next("event")).event.text, "one\n\n  two\uFFFD");
  await ned.until(/Alice: one\n.*Alice:   two\uFFFD\n/);
  assert.match(await one.until("PRIVMSG"), /PRIVMSG #lobby :?one$/);
  assert.match(await one.until("PRIVMSG"), /PRIVMSG #lobby : {2}two\uFFFD$/);
  await many.until(/BATCH \+\S+ draft\/multiline #lobby$/);
  assert.match(await many.until("PRIVMSG"), / PRIVMSG #lobby :?one$/);
  assert.match(await many.until("PRIVMSG"), / PRIVMSG #lobby :$/);

  // The same once more is the same, whatever ends its lines.
  client.send(say(1, "one\n\n  two\u001B"));
  assert.equal((await client.next("ack")).number, 1);
  client.send(say(1, "one\n  two\u001B"));
  assert.equal((await client.next("refused")).reason, "retry-mismatch");
});

test("a message of several lines has limits of its own, and counts as so many messages", async (t) => {
  const settings = { maxLines: 3, maxMultilineBytes: 600, flood: { burst: 6, perSecond: 1 } };
  const { port } = await runServer(t, { settings: { ...settings, maxLineBytes: 512 } });
  const { client } = await WebSocketClient.enter(port, { name: "Alice" });
  client.send(say(1, "1\n2\n3\n4"));
  const lines = await client.next("refused");
  assert.deepEqual([lines.reason, lines.counter], ["text-too-many-lines", 1]);
  client.send(say(2, `${"x".repeat(598)}\n1`));
  await client.next("ack");
  client.send(say(3, "1\n2"));
  assert.equal((await client.next("refused")).reason, "too-fast");
});

test("a message of several lines may be longer than a line, and not longer than it may be itself", async (t) => {
  const { port } = await runServer(t, { settings: { maxMultilineBytes: 600, maxLineBytes: 512 } });
  const { client } = await WebSocketClient.enter(port, { name: "Alice" });
  client.send(say(1, "x".repeat(513)));
  assert.match((await client.next("refused")).text, /at most 512 bytes/);
  client.send(say(2, `${"x".repeat(599)}\n1`));
  assert.match((await client.next("refused")).text, /at most 600 bytes/);
  client.send(say(3, "\n \n"));
  assert.equal((await client.next("refused")).reason, "text-empty");
});

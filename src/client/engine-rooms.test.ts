import assert from "node:assert/strict";
import { test } from "node:test";
import { ack, Bench, type FakeLine, said } from "../../test/client/bench.ts";
import type { ServerMessage, WireEntry } from "../protocols/websocket/messages.ts";

function entry(stream: string, name: string, changes: Partial<WireEntry> = {}): WireEntry {
  const room = { stream, name, created: 1, modes: "nt", staff: [], people: 1 };
  return {
    room,
    created: false,
    roles: 0,
    online: { count: 1, names: ["Alice"] },
    recent: [],
    head: 0,
    ...changes,
  };
}

function entered(request: number, what: WireEntry): ServerMessage {
  return { type: "room-entered", at: 1, request, entry: what };
}

/** The types of what came, with what it is about. */
function heard(line: FakeLine): string[] {
  return line.take().map((message) => {
    if (message.type === "send") return `send ${message.to} ${message.text}`;
    if (message.type === "history") return `history ${message.stream} ${message.after}`;
    if (message.type === "join") return `join ${message.room} ${message.key ?? ""}`.trim();
    return message.type;
  });
}

/** Alice in `#dev` (with a password), at number 7. */
function inDev(): Bench {
  const bench = new Bench();
  const line = bench.join();
  bench.engine.ask({ type: "join", room: "#dev", key: "sesame" });
  line.say(entered(1, entry("room:d", "#dev", { head: 7 })));
  line.take();
  bench.take();
  return bench;
}

test("what is asked of rooms has its place among the sends, and each answer is the next one's turn", () => {
  const bench = new Bench();
  const line = bench.join();
  line.take();
  const { engine } = bench;
  engine.ask({ type: "join", room: "#dev" });
  engine.send("hello", { room: "#dev" });
  engine.ask({ type: "topic", room: "room:d", text: "New" });
  engine.ask({ type: "invite", room: "room:d", name: "bob" });
  engine.ask({ type: "person", name: "Bob" });
  engine.ask({ type: "rename", name: "Alicia" });
  engine.ask({ type: "part", room: "room:d" });
  engine.send("end");
  const answers: ServerMessage[] = [
    entered(1, entry("room:d", "#dev")),
    ack(1, 1, "room:d"),
    { type: "happened", request: 2, event: said(2, "New", { stream: "room:d", kind: "topic" }) },
    { type: "done", request: 3, name: "Bob", away: "lunch" },
    { type: "refused", request: 4, reason: "not-online", text: "User 'Bob' is not online" },
    { type: "own-name", at: 1, request: 5, name: "Alicia" },
    { type: "room-left", at: 1, request: 6, stream: "room:d", name: "#dev", why: "parted", text: "" },
  ];
  const order = heard(line);
  for (const answer of answers) {
    line.say(answer);
    order.push(...heard(line));
  }
  assert.deepEqual(order, [
    "join #dev",
    "send #dev hello",
    "topic",
    "invite",
    "person",
    "rename",
    "part",
    "send #lobby end",
  ]);
  const kinds = bench.take().map((event) => event.kind);
  assert.deepEqual(kinds.slice(2), [
    "room-entered",
    "ack",
    "happened",
    "answer",
    "refused",
    "own-name",
    "room-left",
  ]);
});

test("a room begins where it is entered, has its holes filled, and is forgotten when it is left", () => {
  const bench = inDev();
  const { line } = bench;
  line.say({ type: "event", event: said(8, "eight", { stream: "room:d" }) });
  line.say({ type: "event", event: said(10, "ten", { stream: "room:d" }) });
  assert.deepEqual(bench.texts(), ["eight"]);
  assert.deepEqual(heard(line), ["history room:d 8"]);
  const events = [said(9, "nine", { stream: "room:d" })];
  line.say({ type: "page", request: 2, stream: "room:d", events, floor: 0, head: 10 });
  assert.deepEqual(bench.texts(), ["nine", "ten"]);
  line.say({ type: "room-left", at: 1, stream: "room:d", name: "#dev", why: "removed", text: "" });
  line.say({ type: "heartbeat", at: 1, heads: { "room:d": 20 } });
  line.say({ type: "heartbeat", at: 1, heads: { "room:other": 3 } });
  line.say({ type: "event", event: said(20, "no more", { stream: "room:d" }) });
  assert.deepEqual(heard(line), []);
  assert.deepEqual(bench.texts(), []);
});

test("a page that fills a hole may come when its room was left", () => {
  const bench = inDev();
  const { line } = bench;
  line.say({ type: "heartbeat", at: 1, heads: { "room:d": 8 } });
  assert.deepEqual(heard(line), ["history room:d 7"]);
  line.say({ type: "room-left", at: 1, stream: "room:d", name: "#dev", why: "removed", text: "" });
  bench.take();
  const events = [said(8, "eight", { stream: "room:d" })];
  line.say({ type: "page", request: 2, stream: "room:d", events, floor: 0, head: 8 });
  assert.deepEqual(bench.take(), []);
});

test("rooms that the server has forgotten are entered again before what waits is sent, and nothing is missed", () => {
  const bench = inDev();
  bench.line.say({
    type: "event",
    event: said(8, "#build", { stream: "room:d", kind: "room-name" }),
  });
  bench.line.drop();
  bench.engine.send("typed meanwhile", { room: "room:d" });
  bench.clock.turn(500);
  const again = bench.admit({ resumed: true });
  assert.deepEqual(heard(again), ["hello", "join #build sesame"]);
  again.say({ type: "caught-up", online: { count: 1, names: ["Alice"] } });
  again.say({ type: "heartbeat", at: 1, heads: { "room:d": 11 } });
  assert.deepEqual(heard(again), [], "its history is not to be read yet");
  bench.take();
  const recent = [said(11, "eleven", { stream: "room:d" })];
  again.say(entered(2, entry("room:d", "#build", { head: 11, recent })));
  assert.deepEqual(heard(again), ["history room:d 8", "send room:d typed meanwhile"]);
  const events = [9, 10].map((number) => said(number, `missed ${number}`, { stream: "room:d" }));
  again.say({ type: "page", request: 3, stream: "room:d", events, floor: 0, head: 11 });
  const told = bench.take();
  const [first] = told;
  assert.ok(first?.kind === "room-entered" && first.continued && first.before === "room:d");
  assert.equal(first.ask, undefined);
  const texts = told.flatMap((event) => (event.kind === "event" ? [event.event.text] : []));
  assert.deepEqual(texts, ["missed 9", "missed 10", "eleven"]);
});

test("a room that lets one in no more is lost, and what waits goes on", () => {
  const bench = inDev();
  bench.line.drop();
  bench.engine.send("to all");
  bench.clock.turn(500);
  const again = bench.admit({ resumed: true });
  bench.take();
  again.say({ type: "refused", request: 2, reason: "invitation-needed", text: "Not invited" });
  assert.deepEqual(bench.take(), [
    { kind: "room-lost", stream: "room:d", name: "#dev", text: "Not invited" },
  ]);
  assert.deepEqual(heard(again), ["hello", "join #dev sesame", "send #lobby to all"]);
  again.drop();
  bench.clock.turn(1000);
  assert.deepEqual(
    heard(bench.admit({ resumed: true })),
    ["hello", "send #lobby to all"],
    "it is not asked again",
  );
});

test("a room that was made anew takes the place of the one before", () => {
  const bench = inDev();
  bench.line.drop();
  bench.clock.turn(500);
  const again = bench.admit({ resumed: true });
  bench.take();
  again.say(entered(2, entry("room:e", "#dev", { created: true })));
  const [event] = bench.take();
  assert.ok(event?.kind === "room-entered" && event.before === "room:d" && !event.continued);
  again.say({ type: "event", event: said(1, "new", { stream: "room:e" }) });
  assert.deepEqual(bench.texts(), ["new"]);
});

test("rooms that the server still knows are gone on with, and those that it names no more were left elsewhere", () => {
  const bench = inDev();
  bench.engine.ask({ type: "join", room: "#tea" });
  bench.line.say(entered(2, entry("room:t", "#tea", { head: 1 })));
  bench.line.drop();
  bench.clock.turn(500);
  bench.take();
  const heads = { "#lobby": 0, "room:d": 9, "room:n": 5 };
  const rooms = [entry("room:d", "#dev", { head: 9 }), entry("room:n", "#new", { head: 5 })];
  const again = bench.admit({ resumed: true, heads, rooms });
  assert.deepEqual(bench.take("room-lost"), [
    { kind: "room-lost", stream: "room:t", name: "#tea", text: undefined },
  ]);
  for (const number of [8, 9])
    again.say({ type: "event", event: said(number, `${number}`, { stream: "room:d" }) });
  again.say({
    type: "caught-up",
    online: { count: 0, names: [] },
    rooms: [{ stream: "room:d", online: { count: 2, names: ["A", "B"] } }],
  });
  again.say({ type: "heartbeat", at: 1, heads: { "room:t": 3 } });
  assert.deepEqual(heard(again), ["hello"]);
  const told = bench.take("event", "caught-up");
  assert.deepEqual(
    told.map((event) =>
      event.kind === "event"
        ? event.event.text
        : event.kind === "caught-up" && event.rooms.get("room:d")?.count,
    ),
    ["8", "9", 2],
  );
});

test("where another device of the same person was sooner in coming back, nothing is said", () => {
  const bench = inDev();
  bench.line.drop();
  bench.clock.turn(500);
  const again = bench.admit({ resumed: true });
  bench.take();
  again.say({ type: "room-entered", at: 1, entry: entry("room:d", "#dev", { head: 7 }) });
  again.say({ type: "refused", request: 2, reason: "already-in-room", text: "You are in '#dev' already" });
  const told = bench.take();
  assert.deepEqual(
    told.map(({ kind }) => kind),
    ["room-entered"],
  );
  assert.ok(told[0]?.kind === "room-entered" && told[0].continued);
});

test("the own send to a room that is named, and comes back as an event, is not told as somebody's", () => {
  const bench = inDev();
  bench.engine.send("hi", { room: "#DEV" });
  bench.line.drop();
  bench.clock.turn(500);
  const again = bench.admit({
    resumed: true,
    heads: { "#lobby": 0, "room:d": 8 },
    rooms: [entry("room:d", "#dev", { head: 8 })],
  });
  const own = { stream: "room:d", from: { id: "p1", name: "Alice" } };
  again.say({ type: "event", event: said(8, "hi", own) });
  again.say({ type: "caught-up", online: { count: 0, names: [] } });
  again.say(ack(1, 8, "room:d"));
  assert.deepEqual(bench.texts(), []);
});

test("who is called otherwise comes back under that name", () => {
  const bench = new Bench();
  const line = bench.join();
  bench.engine.ask({ type: "rename", name: "Alicia" });
  line.say({ type: "own-name", at: 1, request: 1, name: "Alicia" });
  line.drop();
  bench.clock.turn(500);
  bench.line.open();
  const [hello] = bench.line.take();
  assert.ok(hello?.type === "hello" && hello.name === "Alicia");
});

test("what is too long for a frame is refused here, with the reason that the server would have", () => {
  const bench = new Bench();
  const line = bench.join();
  line.take();
  const { engine } = bench;
  engine.ask({ type: "join", room: `#${"x".repeat(200)}` });
  engine.ask({ type: "join", room: "#dev", key: "x".repeat(200) });
  engine.ask({ type: "person", name: "x".repeat(200) });
  engine.ask({ type: "topic", room: "#dev", text: "é".repeat(1025) });
  engine.send("psst", { to: "x".repeat(200) });
  engine.send("x".repeat(2048));
  const reasons = bench.take("refused").map((event) => (event.kind === "refused" ? event.reason : ""));
  assert.deepEqual(reasons, [
    "room-name-too-long",
    "wrong-room-key",
    "name-too-long",
    "text-too-long",
    "name-too-long",
  ]);
  assert.equal(line.take().length, 1);
});

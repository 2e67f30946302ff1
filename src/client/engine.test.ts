import assert from "node:assert/strict";
import { test } from "node:test";
import { ack, Bench, said, welcome } from "../../test/client/bench.ts";
import type { ClientMessage } from "../protocols/websocket/messages.ts";

function textsOf(messages: readonly ClientMessage[]): string[] {
  return messages.flatMap((message) =>
    message.type === "send" ? [`${message.counter} ${message.text}`] : [],
  );
}

test("a hello opens the conversation, and the welcome ends the waiting", () => {
  const bench = new Bench({ host: "::1", port: 99 });
  bench.engine.start();
  assert.equal(bench.line.url, "ws://[::1]:99/chat");
  bench.line.open();
  assert.deepEqual(bench.line.take(), [{ type: "hello", version: 1, name: "Alice" }]);
  bench.line.say(welcome({ heads: { "#lobby": 7 }, recent: [said(7)] }));
  assert.deepEqual(
    bench.take().map((event) => event.kind),
    ["connecting", "connected"],
  );
});

test("a token from before is given back under its name, and sends are counted on from there", () => {
  const bench = new Bench({
    tokenOf: (name) => (name === "Alice" ? "token-0" : undefined),
    firstCounter: 70,
  });
  bench.engine.start();
  bench.line.open();
  const hello = { type: "hello", version: 1, name: "Alice" };
  assert.deepEqual(bench.line.take(), [{ ...hello, token: "token-0" }]);
  bench.line.say({ type: "refused", reason: "name-in-use", text: "in use" });
  bench.engine.rename("Alicia");
  assert.deepEqual(bench.line.take(), [{ ...hello, name: "Alicia" }]);
  bench.line.say(welcome());
  bench.engine.send("hello");
  assert.deepEqual(textsOf(bench.line.take()), ["70 hello"]);
});

test("history is of the stream that is asked for, else of the room", () => {
  const bench = new Bench();
  const line = bench.join();
  line.take();
  bench.engine.history({ stream: "dm:p1:p2", before: 5, limit: 2 });
  const ask = { type: "history", request: 1, stream: "dm:p1:p2", before: 5, limit: 2 };
  assert.deepEqual(line.take(), [ask]);
  line.say({ type: "page", request: 1, stream: "dm:p1:p2", events: [], floor: 0, head: 4 });
  bench.engine.history({ after: 1 });
  assert.deepEqual(line.take(), [{ type: "history", request: 2, stream: "#lobby", after: 1 }]);
});

test("a server that cannot be reached at first is the end", () => {
  const bench = new Bench();
  bench.engine.start();
  bench.line.drop("nothing is listening there");
  const text = "Cannot join localhost:5173: nothing is listening there";
  assert.deepEqual(bench.take("closed"), [
    { kind: "closed", reason: "unreachable", text, unsent: [], uncertain: undefined },
  ]);
  assert.equal(bench.clock.pending, 0);
});

test("a server that takes the connection and says nothing is given up", () => {
  const bench = new Bench();
  bench.engine.start();
  bench.clock.turn(9000);
  bench.line.open();
  bench.clock.turn(9999);
  assert.deepEqual(bench.take("closed"), []);
  bench.clock.turn(1);
  assert.equal(bench.take("closed").length, 1);
  assert.ok(bench.line.gone);
});

test("sends go out one at a time, in order, each with the next counter", () => {
  const bench = new Bench();
  const line = bench.join();
  line.take();
  bench.engine.send("one");
  bench.engine.send("two", { to: "Bob" });
  bench.engine.send("three", { action: true });
  assert.deepEqual(line.take(), [{ type: "send", counter: 1, to: "#lobby", kind: "text", text: "one" }]);
  line.say(ack(1, 1));
  assert.deepEqual(line.take(), [{ type: "send", counter: 2, to: "@Bob", kind: "text", text: "two" }]);
  line.say(ack(2, 1, "dm:p1:p2"));
  line.say({ type: "refused", reason: "text-empty", text: "No", counter: 3 });
  assert.equal(bench.engine.waiting, 0);
  const answers = bench.take("ack", "refused").map((event) => {
    if (event.kind === "ack") return event.send.text;
    return event.kind === "refused" && event.ask?.type === "send" ? `refused ${event.ask.text}` : "?";
  });
  assert.deepEqual(answers, ["one", "two", "refused three"]);
});

test("what was not acknowledged is sent again with its counter, and the order stays", () => {
  const bench = new Bench();
  const line = bench.join();
  line.take();
  for (const text of ["one", "two", "three"]) bench.engine.send(text);
  line.say(ack(1, 1));
  assert.deepEqual(textsOf(line.take()), ["1 one", "2 two"]);
  // The server stored "two" as number 2, and the connection broke before it said so.
  line.drop();
  bench.engine.send("four");
  bench.clock.turn(500);
  const again = bench.line;
  again.open();
  assert.deepEqual(again.take(), [
    {
      type: "hello",
      version: 1,
      name: "Alice",
      token: "token-1",
      position: { epoch: "e1", heads: { "#lobby": 1 } },
    },
  ]);
  again.say(welcome({ resumed: true, heads: { "#lobby": 2 } }));
  assert.deepEqual(textsOf(again.take()), ["2 two"]);
  again.say({ type: "event", event: said(2, "two", { from: { id: "p1", name: "Alice" } }) });
  again.say({ type: "caught-up", online: { count: 1, names: ["Alice"] } });
  again.say(ack(2, 2));
  again.say(ack(3, 3));
  again.say(ack(4, 4));
  assert.deepEqual(textsOf(again.take()), ["3 three", "4 four"]);
  assert.equal(bench.engine.waiting, 0);
  assert.deepEqual(bench.texts(), [], "an own line is not told as somebody's event");
});

test("the same words from elsewhere are told, once the answer shows that they were not the own send", () => {
  const bench = new Bench();
  const line = bench.join();
  bench.engine.send("hi");
  line.drop();
  bench.clock.turn(500);
  const again = bench.admit({ resumed: true, heads: { "#lobby": 1 } });
  again.say({ type: "event", event: said(1, "hi", { from: { id: "p1", name: "Alice" } }) });
  again.say({ type: "caught-up", online: { count: 1, names: ["Alice"] } });
  assert.deepEqual(bench.texts(), []);
  again.say(ack(1, 2));
  assert.deepEqual(bench.texts(), ["hi"]);
});

test("an own send whose answer was lost is told in its place among what others said", () => {
  const bench = new Bench();
  const line = bench.join();
  bench.engine.send("mine");
  line.drop();
  bench.clock.turn(500);
  const again = bench.admit({ resumed: true, heads: { "#lobby": 3 } });
  bench.take();
  again.say({ type: "event", event: said(1) });
  again.say({ type: "event", event: said(2, "mine", { from: { id: "p1", name: "Alice" } }) });
  again.say({ type: "event", event: said(3) });
  again.say({ type: "caught-up", online: { count: 1, names: ["Alice"] } });
  again.say(ack(1, 2));
  assert.deepEqual(
    bench.take("event", "ack").map((event) => (event.kind === "event" ? event.event.text : event.kind)),
    ["text 1", "ack", "text 3"],
  );
});

test("what others say is not held back without end by what may be an own send", () => {
  const bench = new Bench();
  const line = bench.join();
  bench.engine.send("mine");
  line.drop();
  bench.clock.turn(500);
  const again = bench.admit({ resumed: true, heads: { "#lobby": 1001 } });
  again.say({ type: "event", event: said(1, "mine", { from: { id: "p1", name: "Alice" } }) });
  for (let number = 2; number <= 1000; number += 1) again.say({ type: "event", event: said(number) });
  assert.deepEqual(bench.texts(), []);
  again.say({ type: "event", event: said(1001) });
  assert.deepEqual(
    bench.texts(),
    Array.from({ length: 1000 }, (_, index) => `text ${index + 2}`),
  );
  again.say(ack(1, 1));
  assert.equal(bench.take("ack").length, 1);
});

test("what is typed while there is no connection waits and is sent once", () => {
  const bench = new Bench();
  const line = bench.join();
  line.drop();
  bench.engine.send("one");
  bench.engine.send("two");
  bench.engine.ask({ type: "list" });
  assert.equal(bench.engine.live, false);
  bench.clock.turn(500);
  const again = bench.admit({ resumed: true });
  assert.deepEqual(textsOf(again.take()), ["1 one"]);
  again.say(ack(1, 1));
  assert.deepEqual(textsOf(again.take()), ["2 two"]);
  again.say(ack(2, 2));
  assert.deepEqual(again.take(), [{ type: "list", request: 1 }]);
});

test("beyond the outbox's bound the user is told at once, and answers make room", async () => {
  const bench = new Bench({ outboxLimit: 2 });
  const line = bench.join();
  assert.ok(bench.engine.send("one"));
  assert.ok(bench.engine.send("two"));
  assert.equal(bench.engine.send("three"), false);
  const room = bench.engine.room();
  line.say(ack(1, 1));
  await room;
  assert.ok(bench.engine.send("four"));
  line.say(ack(2, 2));
  assert.deepEqual(textsOf(line.take()), ["1 one", "2 two", "3 four"]);
});

test("the pace keeps to the welcome's flood limit", () => {
  const bench = new Bench();
  const limits = { ...welcome().limits, flood: { burst: 2, perSecond: 4 } };
  const line = bench.join({ limits });
  line.onSent = (message) => {
    if (message.type === "send") queueMicrotask(() => line.say(ack(message.counter, message.counter)));
  };
  const sentAt: number[] = [];
  for (let count = 0; count < 4; count += 1) bench.engine.send("text");
  line.onSent = undefined;
  for (let counter = 1; counter <= 4; counter += 1) {
    for (let step = 0; step < 1000 && textsOf(line.take()).length === 0; step += 1) bench.clock.turn(1);
    sentAt.push(bench.clock.monotonic());
    line.say(ack(counter, counter));
  }
  assert.deepEqual(sentAt, [0, 0, 250, 500]);
});

test("a message that came too fast is sent again after the time given, and nothing overtakes it", () => {
  const bench = new Bench();
  const line = bench.join();
  line.take();
  bench.engine.send("one");
  bench.engine.send("two");
  line.say({ type: "refused", reason: "too-fast", text: "Slow", counter: 1, retryAfterMs: 700 });
  bench.engine.send("three");
  bench.clock.turn(699);
  assert.deepEqual(textsOf(line.take()), ["1 one"]);
  bench.clock.turn(1);
  assert.deepEqual(textsOf(line.take()), ["1 one"]);
  line.say(ack(1, 1));
  line.say(ack(2, 2));
  assert.deepEqual(textsOf(line.take()), ["2 two", "3 three"]);
  assert.deepEqual(bench.take("refused"), []);
});

test("a send whose storing the server could not tell is tried again with its counter", () => {
  const bench = new Bench();
  const line = bench.join();
  line.take();
  bench.engine.send("one");
  line.say({ type: "refused", reason: "storage-unknown", text: "?", counter: 1 });
  bench.clock.turn(1000);
  assert.deepEqual(textsOf(line.take()), ["1 one", "1 one"]);
});

test("a text beyond the server's limit is refused without a frame, and the next one goes", () => {
  const bench = new Bench();
  const line = bench.join();
  line.take();
  bench.engine.send("é".repeat(1025));
  bench.engine.send("short");
  assert.deepEqual(textsOf(line.take()), ["2 short"]);
  const [refused] = bench.take("refused");
  assert.ok(refused?.kind === "refused" && refused.reason === "text-too-long");
});

test("an event is told once, however often it comes", () => {
  const bench = new Bench();
  const line = bench.join();
  for (const number of [1, 2, 1, 2, 3]) line.say({ type: "event", event: said(number) });
  assert.deepEqual(bench.texts(), ["text 1", "text 2", "text 3"]);
});

test("a hole is filled from history before anything after it is told", () => {
  const bench = new Bench();
  const line = bench.join();
  line.take();
  line.say({ type: "event", event: said(1) });
  line.say({ type: "event", event: said(4) });
  line.say({ type: "event", event: said(5) });
  assert.deepEqual(bench.texts(), ["text 1"]);
  const [question, ...more] = line.take();
  assert.ok(question?.type === "history");
  assert.deepEqual([question.stream, question.after, more], ["#lobby", 1, []]);
  const page = { type: "page", request: question.request, stream: "#lobby", floor: 0, head: 5 } as const;
  line.say({ ...page, events: [said(2)] });
  assert.deepEqual(bench.texts(), ["text 2"]);
  const [second] = line.take();
  assert.ok(second?.type === "history" && second.after === 2);
  line.say({ ...page, request: second.request, events: [said(3), said(4), said(5)] });
  assert.deepEqual(bench.texts(), ["text 3", "text 4", "text 5"]);
  assert.deepEqual(line.take(), []);
});

test("a heartbeat that knows more than was seen starts the filling", () => {
  const bench = new Bench();
  const line = bench.join();
  line.take();
  line.say({ type: "heartbeat", at: 1, heads: { "#lobby": 2, "dm:p1:p2": 1 } });
  const asked = line
    .take()
    .map((message) => (message.type === "history" ? [message.stream, message.after] : message));
  assert.deepEqual(asked, [
    ["#lobby", 0],
    ["dm:p1:p2", 0],
  ]);
  line.say({ type: "heartbeat", at: 2, heads: { "#lobby": 2 } });
  assert.deepEqual(line.take(), [], "it asks once");
});

test("a heartbeat during the catching-up or an own send asks nothing", () => {
  const bench = new Bench();
  const line = bench.join();
  line.drop();
  bench.clock.turn(500);
  const again = bench.admit({ resumed: true, heads: { "#lobby": 3 } });
  assert.deepEqual(again.take().length, 1, "nothing but the hello");
  again.say({ type: "heartbeat", at: 1, heads: { "#lobby": 3 } });
  assert.deepEqual(again.take(), []);
  for (const number of [1, 2, 3]) again.say({ type: "event", event: said(number) });
  again.say({ type: "caught-up", online: { count: 1, names: ["Alice"] } });
  bench.engine.send("mine");
  again.take();
  again.say({ type: "heartbeat", at: 2, heads: { "#lobby": 4 } });
  assert.deepEqual(again.take(), []);
});

test("what the server no longer has is told as gone, in its place", () => {
  const bench = new Bench();
  const line = bench.join();
  line.say({ type: "event", event: said(1) });
  line.drop();
  bench.clock.turn(500);
  const gone = [{ stream: "#lobby", from: 2, to: 4 }];
  const again = bench.admit({ resumed: true, gone, heads: { "#lobby": 8 } });
  again.say({ type: "event", event: said(5) });
  again.say({ type: "gone", stream: "#lobby", from: 6, to: 7 });
  again.say({ type: "event", event: said(8) });
  const told = bench.take("event", "gap").map((event) => {
    if (event.kind === "gap") return `${event.from}-${event.to} gone`;
    return event.kind === "event" ? event.event.text : "";
  });
  assert.deepEqual(told, ["text 1", "2-4 gone", "text 5", "6-7 gone", "text 8"]);
});

test("a hole that cannot be filled is told, and what follows is not held back", () => {
  const bench = new Bench();
  const line = bench.join();
  line.take();
  line.say({ type: "event", event: said(3) });
  const [question] = line.take();
  assert.ok(question?.type === "history");
  line.say({ type: "refused", reason: "no-such-stream", text: "?", request: question.request });
  assert.deepEqual(bench.take("gap"), [{ kind: "gap", stream: "#lobby", from: 1, to: 2 }]);
});

test("silence for two and a half heartbeats ends a connection, any byte keeps it", () => {
  const bench = new Bench();
  const line = bench.join();
  bench.clock.turn(24_000);
  line.alive();
  bench.clock.turn(24_999);
  assert.deepEqual(bench.take("reconnecting"), []);
  bench.clock.turn(1);
  assert.ok(line.gone);
  const why = "the server has gone silent";
  assert.deepEqual(bench.take("reconnecting"), [{ kind: "reconnecting", inMs: 500, why, lost: true }]);
});

test("attempts to come back wait longer each time, until a connection has lasted", () => {
  const bench = new Bench({ random: () => 1 });
  const waits: number[] = [];
  bench.join().drop();
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const [event] = bench.take("reconnecting");
    assert.ok(event?.kind === "reconnecting");
    waits.push(event.inMs);
    bench.clock.turn(event.inMs);
    if (attempt < 2) bench.line.drop("nothing is listening there");
  }
  bench.admit({ resumed: true });
  bench.clock.turn(10_000);
  bench.line.drop();
  const [event] = bench.take("reconnecting");
  assert.ok(event?.kind === "reconnecting");
  assert.deepEqual([...waits, event.inMs], [1000, 2000, 4000, 1000]);
});

test("a refused name may be tried again, on the same connection or on a new one", () => {
  const bench = new Bench();
  bench.engine.start();
  bench.line.open();
  bench.line.say({ type: "refused", reason: "name-in-use", text: "Taken" });
  assert.deepEqual(bench.take("name-refused"), [
    { kind: "name-refused", name: "Alice", reason: "name-in-use", text: "Taken", wantsPassword: false },
  ]);
  bench.line.take();
  bench.engine.rename("Alice2");
  assert.deepEqual(bench.line.take(), [{ type: "hello", version: 1, name: "Alice2" }]);
  bench.line.say({ type: "refused", reason: "name-look-alike", text: "Too alike" });
  bench.clock.turn(60_000);
  bench.line.say({ type: "closing", reason: "login-timeout", text: "Too late", at: 1 });
  assert.deepEqual(bench.take("closed"), []);
  bench.engine.rename("Zed");
  assert.equal(bench.lines.length, 2);
  bench.admit();
  assert.equal(bench.take("connected").length, 1);
});

test("a name that goes to a connection which the server had given up goes to a new one", () => {
  const bench = new Bench();
  bench.engine.start();
  bench.line.open();
  bench.line.say({ type: "refused", reason: "name-in-use", text: "Taken" });
  bench.engine.rename("Alice2");
  bench.line.drop();
  bench.line.open();
  assert.deepEqual(bench.line.take(), [{ type: "hello", version: 1, name: "Alice2" }]);
  bench.line.drop();
  assert.equal(bench.take("closed").length, 1, "once");
});

test("a name that is in use at a reconnect is tried again, since the own old connection may hold it", () => {
  const bench = new Bench();
  bench.join().drop();
  bench.clock.turn(500);
  bench.line.open();
  bench.take();
  bench.line.say({ type: "refused", reason: "name-in-use", text: "Taken" });
  assert.deepEqual(bench.take(), [{ kind: "reconnecting", inMs: 500, why: "Taken", lost: false }]);
  bench.clock.turn(500);
  bench.admit({ resumed: true });
  assert.ok(bench.engine.live);
});

for (const reason of [
  "kicked",
  "banned",
  "taken-over",
  "wrong-version",
  "too-many-connections",
  "malformed",
] as const) {
  test(`${reason} is the end, and names what was not sent`, () => {
    const bench = new Bench();
    const line = bench.join();
    bench.engine.send("one");
    line.say({ type: "closing", reason, text: "Because", at: 1 });
    const [closed] = bench.take("closed");
    assert.ok(closed?.kind === "closed");
    assert.deepEqual([closed.reason, closed.text, textsOf(closed.unsent)], [reason, "Because", ["1 one"]]);
    assert.equal(bench.clock.pending, 0);
    assert.equal(bench.engine.send("two"), false);
  });
}

test("a search is asked in its turn, and told with what was asked for", () => {
  const bench = new Bench();
  const line = bench.join();
  bench.engine.send("one");
  bench.engine.search("lunch from:Bob");
  line.take();
  line.say(ack(1, 1));
  const [ask] = line.take();
  assert.deepEqual(ask, { type: "search", request: 1, query: "lunch from:Bob" });
  bench.take();
  const answer = { type: "found", request: 1, hits: [{ event: said(1) }], found: 1, complete: true } as const;
  line.say(answer);
  assert.deepEqual(bench.take(), [{ kind: "found", ask, found: answer }]);
  assert.equal(bench.engine.waiting, 0);
});

for (const reason of ["shutdown", "too-slow", "silent", "fault", "login-timeout"] as const) {
  test(`${reason} is followed by another attempt`, () => {
    const bench = new Bench();
    bench.join().say({ type: "closing", reason, text: "Because", at: 1 });
    bench.clock.turn(500);
    assert.equal(bench.lines.length, 2);
  });
}

test("another history is taken as it is, and a person the server does not know is said to be new", () => {
  const bench = new Bench();
  const line = bench.join();
  line.say({ type: "event", event: said(1) });
  bench.engine.send("one");
  line.drop();
  bench.clock.turn(500);
  bench.take();
  const you = { id: "p9", name: "Alice" };
  const again = bench.admit({
    you,
    token: "token-9",
    epoch: "e2",
    heads: { "#lobby": 4 },
    recent: [said(4)],
  });
  const [connected, ...others] = bench.take();
  assert.ok(connected?.kind === "connected");
  assert.deepEqual(others, []);
  const { again: isAgain, continued, samePerson, uncertain } = connected;
  assert.deepEqual([isAgain, continued, samePerson, uncertain?.text], [true, false, false, "one"]);
  assert.deepEqual(textsOf(again.take()), ["1 one"]);
  again.drop();
  bench.clock.turn(1000);
  bench.line.open();
  const [hello] = bench.line.take();
  assert.ok(hello?.type === "hello");
  assert.deepEqual([hello.token, hello.position], ["token-9", { epoch: "e2", heads: { "#lobby": 4 } }]);
});

test("where the server does not resume the same history, the hole before its last messages is filled", () => {
  const bench = new Bench();
  bench.join().say({ type: "event", event: said(1) });
  bench.line.drop();
  bench.clock.turn(500);
  bench.texts();
  const again = bench.admit({ heads: { "#lobby": 4 }, recent: [said(1), said(4)] });
  const question = again.take().at(-1);
  assert.ok(question?.type === "history" && question.after === 1);
  const page = { type: "page", request: question.request, stream: "#lobby", floor: 0, head: 4 } as const;
  again.say({ ...page, events: [said(2), said(3), said(4)] });
  assert.deepEqual(bench.texts(), ["text 2", "text 3", "text 4"]);
});

test("quitting waits for the last answer and then says goodbye", async () => {
  const bench = new Bench();
  const line = bench.join();
  line.take();
  bench.engine.send("one");
  const left = bench.engine.quit();
  assert.deepEqual(textsOf(line.take()), ["1 one"]);
  assert.equal(line.goodbye, false);
  line.say(ack(1, 1));
  assert.deepEqual(line.take(), [{ type: "quit" }]);
  assert.ok(line.goodbye);
  line.drop();
  await left;
  assert.deepEqual(bench.take("closed"), [
    { kind: "closed", reason: "left", text: "", unsent: [], uncertain: undefined },
  ]);
});

test("quitting does not wait for ever, and names what was not sent", async () => {
  const bench = new Bench();
  bench.join().drop();
  bench.engine.send("one");
  const left = bench.engine.quit({ patienceMs: 3000 });
  for (let attempt = 0; attempt < 6; attempt += 1) {
    bench.clock.turn(500);
    if (!bench.line.gone) bench.line.drop("nothing is listening there");
  }
  await left;
  const [closed] = bench.take("closed");
  assert.ok(closed?.kind === "closed");
  assert.deepEqual([closed.reason, textsOf(closed.unsent)], ["left", ["1 one"]]);
});

test("a patience for each answer lasts as long as answers come", () => {
  const bench = new Bench();
  const line = bench.join();
  for (let count = 0; count < 4; count += 1) bench.engine.send("text");
  void bench.engine.quit({ patienceMs: 1000, eachAnswer: true });
  for (let counter = 1; counter <= 4; counter += 1) {
    bench.clock.turn(900);
    line.say(ack(counter, counter));
  }
  assert.ok(line.goodbye);
  line.drop();
  const [closed] = bench.take("closed");
  assert.ok(closed?.kind === "closed" && closed.unsent.length === 0);
});

test("who is told of an end may end the engine from there", () => {
  const bench: Bench = new Bench({
    onEvent: (event) => {
      bench.events.push(event);
      bench.engine.stop();
    },
  });
  bench.engine.start();
  assert.deepEqual(
    bench.take().map((event) => event.kind),
    ["connecting", "closed"],
  );
  assert.equal(bench.clock.pending, 0);
});

test("the way there and back is measured with each welcome and heartbeat, where somebody asks", () => {
  const measured: number[] = [];
  const bench = new Bench({ onLatency: (ms) => void measured.push(ms) });
  const line = bench.join();
  bench.clock.turn(30);
  line.pings.shift()?.();
  line.say({ type: "heartbeat", at: 1000, heads: {} });
  bench.clock.turn(12);
  line.pings.shift()?.();
  assert.deepEqual(measured, [30, 12]);
  const other = new Bench();
  assert.equal(other.join().pings.length, 0);
});

test("a reply names what it answers", () => {
  const bench = new Bench();
  const line = bench.join();
  assert.equal(bench.engine.nextCounter, 1);
  bench.engine.send("yes", { replyTo: "m1" });
  assert.deepEqual(line.take().at(-1), {
    type: "send",
    counter: 1,
    to: "#lobby",
    kind: "text",
    text: "yes",
    replyTo: "m1",
  });
  assert.equal(bench.engine.nextCounter, 2);
});

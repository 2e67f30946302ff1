import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { lobby } from "../../src/chat/event.ts";
import { role } from "../../src/chat/room.ts";
import type { ClientMessage, ServerMessage } from "../../src/protocols/websocket/messages.ts";
import { LineClient, timeless } from "../support/line-client.ts";
import { runServer } from "../support/running-server.ts";
import { WebSocketClient } from "../support/websocket-client.ts";

async function enter(t: TestContext, port: number, name: string): Promise<WebSocketClient> {
  const { client } = await WebSocketClient.enter(port, { name });
  t.after(() => client.socket.terminate());
  return client;
}

/** The answer to something, of the type that is expected. */
async function answer<Type extends ServerMessage["type"]>(
  client: WebSocketClient,
  asked: ClientMessage,
  type: Type,
): Promise<Extract<ServerMessage, { type: Type }>> {
  client.send(asked);
  const message = await client.next(type);
  if ("request" in asked) assert.equal("request" in message && message.request, asked.request);
  return message;
}

/** Everything that a client was sent before now has arrived. */
async function settle(client: WebSocketClient): Promise<void> {
  await answer(client, { type: "list", request: 999 }, "online");
}

/** Somebody came or went. */
function presence(message: ServerMessage): Extract<ServerMessage, { type: "joined" | "left" }> {
  assert.ok(message.type === "joined" || message.type === "left");
  return message;
}

const says = (counter: number, to: string, text: string): ClientMessage => {
  return { type: "send", counter, to, kind: "text", text };
};

test("a life in rooms: made, joined, talked in, run, left", async (t) => {
  const { port } = await runServer(t);
  const ann = await enter(t, port, "Ann");
  const bob = await enter(t, port, "Bob");
  const { entry } = await answer(ann, { type: "join", request: 1, room: "#garden" }, "room-entered");
  const { stream } = entry.room;
  assert.match(stream, /^room:[0-9a-f]{24}$/);
  assert.deepEqual(
    { ...entry, room: { ...entry.room, stream: "S", created: 0 } },
    {
      room: {
        stream: "S",
        name: "#garden",
        created: 0,
        modes: "nt",
        staff: [{ name: "Ann", roles: role.operator }],
        people: 1,
      },
      created: true,
      roles: role.operator,
      online: { count: 1, names: ["Ann"] },
      recent: [],
      head: 0,
    },
  );
  const { event } = await answer(
    ann,
    { type: "topic", request: 2, room: "#garden", text: "Roses" },
    "happened",
  );
  assert.deepEqual([event.stream, event.number, event.kind, event.text], [stream, 1, "topic", "Roses"]);
  const { rooms } = await answer(bob, { type: "rooms", request: 1 }, "rooms");
  assert.deepEqual(rooms, [
    { stream: lobby, name: "#lobby", people: 2, topic: "" },
    { stream, name: "#garden", people: 1, topic: "Roses" },
  ]);
  const came = await answer(bob, { type: "join", request: 2, room: stream }, "room-entered");
  assert.deepEqual(
    [came.entry.room.topic?.text, came.entry.recent.map(({ kind }) => kind), came.entry.head],
    ["Roses", ["topic"], 1],
  );
  const joined = presence(await ann.next("joined"));
  assert.deepEqual([joined.stream, joined.people.map(({ name }) => name)], [stream, ["Bob"]]);

  // To a room by its name or its stream; who speaks is answered, the others are told.
  const ack = await answer(bob, says(1, "#garden", "Hello"), "ack");
  assert.deepEqual([ack.stream, ack.number], [stream, 2]);
  assert.equal((await answer(bob, says(2, stream, "again"), "ack")).number, 3);
  assert.equal((await ann.next("event")).event.text, "Hello");
  assert.equal((await ann.next("event")).event.text, "again");

  const modes = await answer(
    ann,
    { type: "modes", request: 3, room: "#garden", modes: "+mvo-t Bob Zed" },
    "happened",
  );
  assert.equal(modes.event.text, "+mv-t Bob");
  assert.deepEqual(modes.others, [{ reason: "not-online", text: "User 'Zed' is not online" }]);
  const shown = await answer(bob, { type: "room", request: 3, room: "#garden" }, "room");
  assert.equal(shown.room.modes, "mn");
  assert.deepEqual(shown.room.staff.at(-1), { name: "Bob", roles: role.voice });
  const refused = await answer(bob, { type: "modes", request: 4, room: "#garden", modes: "-m+i" }, "refused");
  assert.deepEqual(
    [refused.reason, refused.others?.map(({ reason }) => reason)],
    ["role-needed", ["role-needed"]],
  );
  await answer(ann, { type: "modes", request: 4, room: "#garden", modes: "+m" }, "done");

  await answer(ann, { type: "rename-room", request: 5, room: "#garden", name: "#shed" }, "happened");
  assert.equal((await answer(bob, says(3, "#garden", "lost"), "refused")).reason, "no-such-room");
  assert.equal((await answer(bob, says(4, "#shed", "found"), "ack")).stream, stream);

  const kick = await answer(
    ann,
    { type: "kick", request: 6, room: "#shed", name: "bob", text: "Enough" },
    "happened",
  );
  assert.equal(kick.event.to?.name, "Bob");
  const left = await bob.next("room-left");
  assert.deepEqual([left.stream, left.name, left.why, left.text], [stream, "#shed", "removed", "Enough"]);
  const kinds = bob.received.flatMap((message) => (message.type === "event" ? [message.event.kind] : []));
  assert.deepEqual(kinds, ["mode", "room-name", "kick"], "he is told of his removal as all are");
  assert.equal((await answer(bob, says(5, "#shed", "lost"), "refused")).reason, "not-in-room");

  await answer(ann, { type: "invite", request: 7, room: "#shed", name: "Bob" }, "done");
  const invited = await bob.next("invited");
  assert.deepEqual([invited.by.name, invited.room], ["Ann", "#shed"]);
  const parted = await answer(ann, { type: "part", request: 8, room: "#shed", text: "Bye" }, "room-left");
  assert.deepEqual([parted.why, parted.text], ["parted", "Bye"]);
});

test("one is called otherwise and away, and others are told in the rooms that they share", async (t) => {
  const { port } = await runServer(t);
  const ann = await enter(t, port, "Ann");
  const bob = await enter(t, port, "Bob");
  assert.equal((await answer(ann, { type: "rename", request: 1, name: "Anna" }, "own-name")).name, "Anna");
  const renamed = await bob.next("renamed");
  assert.deepEqual([renamed.from, renamed.person.name], ["Ann", "Anna"]);
  await answer(ann, { type: "away", request: 2, text: "Lunch" }, "done");
  const changed = await bob.next("person-changed");
  assert.deepEqual([changed.person.name, changed.away], ["Anna", "Lunch"]);
  const person = await answer(bob, { type: "person", request: 1, name: "anna" }, "person");
  assert.deepEqual(
    [person.person.name, person.away, person.user, person.rooms],
    ["Anna", "Lunch", "client", [{ name: "#lobby", roles: 0 }]],
  );
  await answer(ann, { type: "away", request: 3 }, "done");
  assert.equal((await bob.next("person-changed")).away, undefined);
});

test("people at both doors stand in one room, and see one order", async (t) => {
  const { port } = await runServer(t);
  const ann = await enter(t, port, "Ann");
  const bob = await LineClient.enter(port, "Bob");
  t.after(() => bob.close());
  const { entry } = await answer(ann, { type: "join", request: 1, room: "#garden" }, "room-entered");
  bob.send("/join #garden");
  await bob.until("You are in #garden");
  await ann.next("joined");
  await bob.settled();
  bob.clear();
  for (let index = 0; index < 20; index += 1) {
    ann.send(says(index + 1, "#garden", `ann ${index}`));
    bob.send(`bob ${index}`);
  }
  await bob.until("ann 19");
  await bob.settled();
  await settle(ann);
  const page = await answer(
    ann,
    { type: "history", request: 2, stream: entry.room.stream, after: 0, limit: 100 },
    "page",
  );
  const texts = page.events.map(({ from, text }) => `${from.name}: ${text}`);
  assert.equal(texts.length, 40);
  assert.deepEqual(
    page.events.map(({ number }) => number),
    texts.map((_, index) => index + 1),
  );
  const toBob = timeless(bob.received).trim().split("\n");
  assert.deepEqual(
    toBob,
    texts.filter((text) => text.startsWith("Ann")).map((text) => `T ${text}`),
  );
  const toAnn = ann.received.flatMap((message) => (message.type === "event" ? [message.event.text] : []));
  assert.deepEqual(
    toAnn,
    page.events.filter(({ from }) => from.name === "Bob").map(({ text }) => text),
  );
  ann.send({ type: "kick", request: 3, room: "#garden", name: "Bob", text: "" });
  await bob.until("You look at #lobby now");
  const lines = timeless(await bob.settled())
    .trim()
    .split("\n");
  assert.deepEqual(lines.slice(-3), [
    "T [SYSTEM] Ann removed Bob",
    "T [SYSTEM] You are not in #garden any more",
    "T [SYSTEM] You look at #lobby now",
  ]);
});

test("all sessions of somebody are in the rooms that one of them came into, and each is told what concerns it", async (t) => {
  const { port } = await runServer(t);
  const first = await WebSocketClient.enter(port, { name: "Ann" });
  t.after(() => first.client.socket.terminate());
  await answer(first.client, { type: "register", request: 1, password: "a long password" }, "signed-in");
  const second = await WebSocketClient.enter(port, { name: "Ann", password: "a long password" });
  t.after(() => second.client.socket.terminate());
  assert.equal(second.welcome.you.id, first.welcome.you.id);
  await answer(second.client, { type: "join", request: 2, room: "#garden" }, "room-entered");
  const told = await first.client.next("room-entered");
  assert.equal(told.request, undefined, "this session did not ask for it");
  await answer(first.client, says(1, "#garden", "from the first"), "ack");
  assert.equal((await second.client.next("event")).event.text, "from the first");
  await answer(second.client, { type: "part", request: 3, room: "#garden" }, "room-left");
  assert.equal((await first.client.next("room-left")).request, undefined);
});

test("who comes back is given what was said in each of his rooms, in one order, and who is there", async (t) => {
  const { port } = await runServer(t);
  const bob = await enter(t, port, "Bob");
  const { client: ann, welcome } = await WebSocketClient.enter(port, { name: "Ann" });
  const { token } = await answer(
    ann,
    { type: "register", request: 1, password: "a long password", device: "laptop" },
    "signed-in",
  );
  assert.ok(token !== undefined);
  const heads: Record<string, number> = { [lobby]: 0 };
  const streams: string[] = [];
  for (const [index, room] of ["#garden", "#shed"].entries()) {
    const { entry } = await answer(ann, { type: "join", request: index + 2, room }, "room-entered");
    heads[entry.room.stream] = entry.head;
    streams.push(entry.room.stream);
    await answer(bob, { type: "join", request: index, room }, "room-entered");
  }
  ann.socket.terminate();
  await bob.next("left");
  const rooms = [lobby, ...streams];
  for (let counter = 1; counter <= 9; counter += 1) {
    await answer(bob, says(counter, rooms[counter % 3]!, `${counter}`), "ack");
  }
  const position = { epoch: welcome.epoch, heads };
  const { client, welcome: back } = await WebSocketClient.enter(port, { name: "Ann", token, position });
  t.after(() => client.socket.terminate());
  assert.equal(back.resumed, true);
  assert.deepEqual(
    back.rooms?.map(({ room, recent, head }) => [room.name, recent.length, head]),
    [
      ["#garden", 0, 3],
      ["#shed", 0, 3],
    ],
  );
  const caughtUp = await client.next("caught-up");
  assert.deepEqual(
    caughtUp.rooms?.map(({ stream, online }) => [stream, online.names]),
    [
      [streams[0], ["Bob", "Ann"]],
      [streams[1], ["Bob", "Ann"]],
    ],
  );
  const missed = client.received.flatMap((message) => (message.type === "event" ? [message.event] : []));
  assert.deepEqual(
    missed.map(({ at }) => at),
    missed.map(({ at }) => at).toSorted((one, other) => one - other),
  );
  for (const [index, stream] of rooms.entries()) {
    assert.deepEqual(
      missed.filter((event) => event.stream === stream).map(({ text }) => text),
      [index || 3, 3 + (index || 3), 6 + (index || 3)].map(String),
    );
  }
  await answer(bob, says(10, "#shed", "live"), "ack");
  assert.equal((await client.next("event")).event.text, "live");
});

test("who says good-bye right after a deed that has to be waited for has all of it done", async (t) => {
  const { port } = await runServer(t);
  const bob = await enter(t, port, "Bob");
  // A room that everybody left is read again when somebody comes in.
  const { entry } = await answer(bob, { type: "join", request: 1, room: "#garden" }, "room-entered");
  await answer(bob, says(1, "#garden", "before"), "ack");
  await answer(bob, { type: "part", request: 2, room: "#garden" }, "room-left");
  const ann = await enter(t, port, "Ann");
  ann.send({ type: "join", request: 1, room: "#garden" });
  ann.send(says(1, "#garden", "and bye"));
  ann.send({ type: "quit" });
  assert.equal(await ann.closed(), 1000);
  assert.deepEqual(
    ann.received.slice(1).map(({ type }) => type),
    ["room-entered", "ack", "closing"],
  );
  const came = await answer(bob, { type: "join", request: 3, room: entry.room.stream }, "room-entered");
  assert.deepEqual(
    came.entry.recent.map(({ text }) => text),
    ["before", "and bye"],
  );
});

test("what no line of modes can be changes nothing", async (t) => {
  const { port } = await runServer(t);
  const ann = await enter(t, port, "Ann");
  const { entry } = await answer(ann, { type: "join", request: 1, room: "#garden" }, "room-entered");
  const ask = async (modes: string, type: "done" | "refused" | "happened") =>
    answer(ann, { type: "modes", request: 2, room: "#garden", modes }, type);
  for (const modes of ["", "+", "+l", "+l 0", "+l -1", "+l x", "+k", "+b", "+o", "+Z"])
    await ask(modes, "done");
  await ask(`+b ${"x".repeat(257)}`, "refused");
  await ask(`+k ${"x".repeat(257)}`, "refused");
  await ask(`+${"m-m+".repeat(1000)}`, "refused");
  const { event } = await answer(
    ann,
    { type: "modes", request: 2, room: "#garden", modes: "+b a\u001b[2J\u2028\nb" },
    "happened",
  );
  assert.equal(event.text, "+b a\ufffd[2j\ufffd\ufffdb!*@*");
  const { room } = await answer(ann, { type: "room", request: 3, room: entry.room.stream }, "room");
  assert.equal(room.modes, "nt");
});

test("words to a room are as long as a text may be, and no longer", async (t) => {
  const { port } = await runServer(t, { settings: { maxLineBytes: 100 } });
  const ann = await enter(t, port, "Ann");
  const bob = await enter(t, port, "Bob");
  await answer(ann, { type: "join", request: 1, room: "#garden" }, "room-entered");
  await answer(bob, { type: "join", request: 1, room: "#garden" }, "room-entered");
  const text = "x".repeat(101);
  const asked: readonly ClientMessage[] = [
    { type: "topic", request: 2, room: "#garden", text },
    { type: "kick", request: 3, room: "#garden", name: "Bob", text },
    { type: "part", request: 4, room: "#garden", text },
  ];
  for (const one of asked) {
    assert.equal((await answer(ann, one, "refused")).reason, "text-too-long", one.type);
  }
  await answer(
    ann,
    { type: "kick", request: 3, room: "#garden", name: "Bob", text: text.slice(1) },
    "happened",
  );
});

test("who writes to somebody who is away, or not here, is told so with the acknowledgement", async (t) => {
  const { port } = await runServer(t);
  const { client: ann } = await WebSocketClient.enter(port, { name: "Ann" });
  const bob = await LineClient.enter(port, "Bob");
  const write = (counter: number): void =>
    ann.send({ type: "send", counter, to: "@bob", kind: "text", text: "are you there?" });
  write(1);
  const first = await ann.next("ack");
  assert.deepEqual([first.away, first.kept], [undefined, undefined]);
  bob.send("/away for lunch");
  await bob.until("You are away");
  write(2);
  assert.equal((await ann.next("ack")).away, "for lunch");
  bob.send("/register sesame", "/quit");
  await bob.untilEnd();
  write(3);
  const last = await ann.next("ack");
  assert.deepEqual([last.away, last.kept], [undefined, true]);
});

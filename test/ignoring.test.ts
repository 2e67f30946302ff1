import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { IrcClient, plain } from "./irc/client.ts";
import { LineClient, timeless } from "./support/line-client.ts";
import { RoomTalker } from "./support/room-talker.ts";
import { runServer } from "./support/running-server.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { WebSocketClient } from "./support/websocket-client.ts";

const password = "sesame";

/** Everything that a netcat user has been sent since he was asked last. */
async function seen(client: LineClient): Promise<string> {
  const text = timeless(await client.settled());
  client.clear();
  return text;
}

async function ignore(client: LineClient, name: string): Promise<void> {
  client.send(`/ignore ${name}`);
  await client.until(`You ignore ${name} from now on`);
  client.clear();
}

/** Somebody at netcat who has an account. */
async function member(port: number, name: string): Promise<LineClient> {
  const client = await LineClient.enter(port, name);
  client.send(`/register ${password}`);
  await client.until("is yours from now on");
  return client;
}

test("at netcat one sees nothing that somebody says whom one ignores, and sees that he comes and goes", async (context) => {
  const { port } = await runServer(context);
  const ann = await LineClient.enter(port, "Ann");
  const bob = await LineClient.enter(port, "Bob");
  const carl = await LineClient.enter(port, "Carl");
  await ann.until("Carl has joined");
  await ignore(ann, "Bob");
  bob.send("/join #tea", "/join #lobby", "hidden words", "/me hides", "/pm Ann psst", "/invite #tea Ann");
  await bob.until(/\[PM to Ann\] psst.*You invited Ann to #tea/s);
  assert.match(await carl.until("hides"), /Bob: hidden words/);
  assert.equal(await seen(ann), "", "live");
  bob.send("/nick Rob", "more words");
  await carl.until("Rob: more words");
  assert.equal(await seen(ann), "T [SYSTEM] Bob is now called Rob\n", "after a rename");
  ann.send("/history", "/since 0", "/search words");
  const past = await seen(ann);
  assert.match(past, /no messages to show/);
  assert.match(past, /messages after #0 ---\n--- end of history/);
  assert.ok(!past.includes("words\n") && !past.includes("hides"), past);
  carl.send("a word of mine");
  await ann.until("Carl: a word of mine");
  carl.send("/join #tea");
  await carl.until("You are in #tea");
  ann.send("/join #tea");
  await ann.until("You are in #tea");
  bob.send("/topic #tea Hot", "/kick #tea Carl out of here");
  const told = await ann.until("removed Carl");
  assert.match(told, /Rob set the topic: Hot.*Rob removed Carl: out of here/s, "what happens is shown");
  ann.clear();
  ann.send("/ignore");
  await ann.until("You ignore Rob (a guest)");
  ann.clear();
  bob.send("/quit");
  await bob.untilEnd();
  await ann.until("Rob has left the chat");
  ann.send("/unignore rob");
  await ann.until("You do not ignore Rob any more");
  ann.clear();
  ann.send("/room #lobby", "/history 2");
  assert.match(await ann.until("end of history"), /Rob: more words\n.*Carl: a word of mine/);
});

test("of the last messages one is given as many as one is shown, however many others say", async (context) => {
  const { port } = await runServer(context, { settings: { joinHistory: 3 } });
  const ann = await member(port, "Ann");
  const bob = await LineClient.enter(port, "Bob");
  ann.send("one", "two", "three");
  await bob.until("Ann: three");
  await ignore(ann, "Bob");
  bob.send(...Array.from({ length: 30 }, (_, index) => `noise ${index}`));
  await bob.settled();
  ann.send("/history");
  assert.match(timeless(await ann.until("end of history")), /Ann: one\nT Ann: two\nT Ann: three\n/);
  const again = await LineClient.connect(port);
  again.send("Ann", password);
  const greeting = timeless(await again.until("end of history"));
  assert.match(
    greeting,
    /last 3 messages ---\nT Ann: one\nT Ann: two\nT Ann: three\n--- end of history, up to #33/,
  );
});

test("a program is given what it does not see as a number with nothing in it, live, in pages and when it resumes", async (context) => {
  const { port } = await runServer(context);
  const ann = await RoomTalker.enter(context, port, { name: "Ann" });
  const bob = await RoomTalker.enter(context, port, { name: "Bob" });
  const carl = await RoomTalker.enter(context, port, { name: "Carl" });
  assert.equal((await ann.gets("done", { type: "ignore", name: "BOB" })).name, "Bob");
  await bob.says("#lobby", "one");
  await carl.says("#lobby", "two");
  await bob.says("@Ann", "three");
  await carl.says("#lobby", "four");
  await ann.texts();
  const live = ann.client.received.flatMap((message) => (message.type === "event" ? [message.event] : []));
  const numbers = live.map(({ stream, number, kind, text }) =>
    stream === "#lobby" ? `${number} ${kind} ${text}` : `${kind} ${text}`,
  );
  assert.deepEqual(numbers, ["1 ignored ", "2 text two", "ignored ", "3 text four"]);
  const page = await ann.gets("page", { type: "history", stream: "#lobby", after: 0, limit: 2 });
  assert.deepEqual(
    page.events.map(({ number, kind, from }) => [number, kind, from.name]),
    [
      [1, "ignored", "Bob"],
      [2, "text", "Carl"],
    ],
  );
  const private_ = live.find(({ stream }) => stream !== "#lobby")?.stream ?? "";
  const told = await ann.gets("page", { type: "history", stream: private_ });
  assert.deepEqual(
    told.events.map(({ number, kind, text }) => [number, kind, text]),
    [[1, "ignored", ""]],
  );
  const found = await ann.gets("found", { type: "search", query: "one" });
  assert.deepEqual([found.hits, found.found], [[], 0]);
  const beside = await ann.gets("found", { type: "search", query: "two" });
  assert.equal(beside.hits[0]?.before, undefined, "nor beside what is found");
  assert.equal(beside.hits[0]?.after?.text, "four");
  ann.client.socket.terminate();
  await carl.client.next("left");
  const { client, welcome } = await WebSocketClient.enter(port, {
    name: "Ann",
    token: ann.token,
    position: { epoch: ann.welcome.epoch, heads: { "#lobby": 0 } },
  });
  assert.ok(welcome.resumed);
  await client.next("caught-up");
  const missed = client.received.flatMap((message) =>
    message.type === "event" ? [`${message.event.kind} ${message.event.text}`] : [],
  );
  assert.deepEqual(
    missed,
    ["ignored ", "text two", "ignored ", "text four"],
    "a guest's list is still there",
  );
});

test("all devices of a member ignore the same people, by every door, and after a restart", async (context) => {
  const dataFolder = join(temporaryFolder(context), "data");
  const first = await runServer(context, { dataFolder });
  const ann = await member(first.port, "Ann");
  const bob = await member(first.port, "Bob");
  const program = await RoomTalker.enter(context, first.port, { name: "Ann", password });
  const irc = await signedInByIrc(first.port, "Ann");
  irc.send("JOIN #lobby");
  await irc.until("366");
  await ignore(ann, "Bob");
  await ignore(ann, "Zed");
  const list = await program.gets("ignored", { type: "ignored" });
  assert.deepEqual(list.people, [
    { name: "Bob", isGuest: false },
    { name: "Zed", isGuest: true },
  ]);
  bob.send("secret", "/pm Ann psst", "/nick Rob", "secret again");
  await bob.settled();
  assert.equal(await seen(ann), "T [SYSTEM] Bob is now called Rob\n");
  const told = plain(await irc.ask());
  assert.deepEqual(told, [":Bob NICK Rob"]);
  assert.deepEqual(await program.texts(), ["", "", ""]);
  await first.stop();
  const { port } = await runServer(context, { dataFolder });
  const later = await LineClient.connect(port);
  later.send("Ann", password);
  const greeting = await later.until("Welcome to the chat server, Ann!");
  assert.ok(!greeting.includes("secret"), greeting);
  later.send("/ignore");
  await later.until("You ignore Bob, Zed (a guest)");
  const zed = await LineClient.enter(port, "zed");
  await later.until("zed has joined the chat");
  later.clear();
  zed.send("secret", "/register sesame", "secret still");
  await zed.until("is yours from now on");
  zed.send("/nick Zod", "once more");
  await zed.settled();
  assert.equal(await seen(later), "T [SYSTEM] zed is now called Zod\n", "what he becomes is ignored too");
});

test("what a member says to who ignores him looks sent, waits for him as elsewhere, and is not given", async (context) => {
  const { port } = await runServer(context);
  const ann = await member(port, "Ann");
  const bob = await LineClient.enter(port, "Bob");
  const carl = await LineClient.enter(port, "Carl");
  await ignore(ann, "Bob");
  ann.send("/quit");
  await ann.untilEnd();
  bob.send("/pm Ann psst");
  await bob.until("Ann is not here, and is given it on coming in");
  carl.send("/pm Ann hello");
  await carl.until("Ann is not here, and is given it on coming in");
  const again = await LineClient.connect(port);
  again.send("Ann", password);
  const waited = timeless(await again.until("end of what was kept"));
  assert.match(waited, /a message was kept for you ---\nT \[PM from Carl\] hello\n/);
});

test("a guest who signs in keeps whom he ignores, and who is ignored as a guest is ignored as who he is", async (context) => {
  const { port } = await runServer(context);
  await (await member(port, "Ann")).settled();
  await (await member(port, "Bob")).settled();
  const guest = await LineClient.enter(port, "Someone");
  await ignore(guest, "Zed");
  const other = await LineClient.enter(port, "Other");
  await ignore(guest, "Other");
  guest.send(`/login Ann ${password}`);
  await guest.until("You are signed in as Ann");
  other.send(`/login Bob ${password}`);
  await other.until("You are signed in as Bob");
  guest.clear();
  guest.send("/ignore");
  await guest.until("You ignore Zed (a guest), Bob");
  guest.clear();
  other.send("hidden words");
  await other.settled();
  assert.ok(!(await seen(guest)).includes("hidden"));
});

test("what cannot be ignored", async (context) => {
  const { port } = await runServer(context, { settings: { maxIgnored: 1 } });
  const ann = await LineClient.enter(port, "Ann");
  ann.send("/ignore ann", "/ignore SYSTEM", "/unignore Bob", "/ignore a b", "/ignore Bob", "/ignore Zed");
  await ann.until(/You cannot ignore yourself.*'SYSTEM' is reserved.*You do not ignore 'Bob'/s);
  await ann.until(/Usage: \/ignore \[username\].*Nobody of that name is here.*You ignore 1 people already/s);
});

test("of what several say at once each reader is shown what is for him", async (context) => {
  const { port } = await runServer(context);
  const bob = await LineClient.enter(port, "Bob");
  const readers = await Promise.all(["R1", "R2", "R3", "R4"].map((name) => LineClient.enter(port, name)));
  await ignore(readers[1]!, "Bob");
  await ignore(readers[2]!, "R1");
  for (const reader of readers) reader.clear();
  bob.send("one");
  readers[0]!.send("two");
  await readers[3]!.until(/Bob: one/);
  await readers[3]!.until(/R1: two/);
  const shown = await Promise.all(readers.map(seen));
  const lines = shown.map((text) =>
    text
      .split("\n")
      .filter((line) => line !== "")
      .sort(),
  );
  assert.deepEqual(lines[0], ["T Bob: one"]);
  assert.deepEqual(lines[1], ["T R1: two"]);
  assert.deepEqual(lines[2], ["T Bob: one"]);
  assert.deepEqual(lines[3], ["T Bob: one", "T R1: two"]);
});

async function signedInByIrc(port: number, nick: string): Promise<IrcClient> {
  const client = await IrcClient.connect(port);
  const sasl = Buffer.from(`\0${nick}\0${password}`).toString("base64");
  client.send(
    "CAP LS 302",
    `NICK ${nick}`,
    `USER ${nick} 0 * :${nick}`,
    "CAP REQ :sasl",
    "AUTHENTICATE PLAIN",
  );
  await client.until(/AUTHENTICATE \+/);
  client.send(`AUTHENTICATE ${sasl}`, "CAP END");
  await client.until("422");
  return client;
}

import assert from "node:assert/strict";
import test from "node:test";
import { arrival } from "./support/arrival.ts";
import { LineClient, timeless } from "./support/line-client.ts";
import { runServer } from "./support/running-server.ts";
import { testedWorkers } from "./support/tested-workers.ts";
import { TurnedClock } from "./support/turned-clock.ts";

const rule = "=".repeat(50);

test("of twenty racing joins under one name exactly one wins, and the others may try again", async (t) => {
  const { port } = await runServer(t);
  const racers = await Promise.all(Array.from({ length: 20 }, () => LineClient.connect(port)));
  for (const racer of racers) racer.send("Alice");
  await Promise.all(racers.map((racer) => racer.until(/Online Users|Enter your username: /)));
  const winners = racers.filter((racer) => racer.received.includes("Welcome to the chat server, Alice!"));
  assert.equal(winners.length, 1);
  const [loser] = racers.filter((racer) => !winners.includes(racer));
  assert.equal(
    timeless(loser?.received ?? ""),
    "T [ERROR] Username 'Alice' is already in use. Choose another one\nEnter your username: ",
  );
  loser?.send("Bob");
  await loser?.until("Welcome to the chat server, Bob!");
});

test("a name is free again at once when its connection is closed", async (t) => {
  const { port } = await runServer(t);
  const watcher = await LineClient.enter(port, "Watcher");
  const first = await LineClient.enter(port, "Alice");
  first.close();
  await watcher.until("Alice has left the chat");
  await LineClient.enter(port, "alice");
});

test("three refused names close the connection, each with its reason", async (t) => {
  const { port, consoleShows } = await runServer(t);
  const client = await LineClient.connect(port);
  client.send("no spaces", "/slash", "");
  const received = timeless(await client.untilEnd());
  assert.equal(
    received,
    [
      "T [ERROR] Username 'no spaces' cannot be used: white space is not allowed in it",
      "Enter your username: T [ERROR] Username '/slash' cannot be used: it begins with '/'",
      "Enter your username: T [ERROR] A username cannot be empty",
      "T [ERROR] No more usernames are taken on this connection. Connect again to try once more",
      "",
    ].join("\n"),
  );
  await consoleShows(/\[INFO\] Rejected 127\.0\.0\.1:\d+: three names were refused/);
});

test("every wrong form and every unknown command is answered, and only to who asked", async (t) => {
  const { port } = await runServer(t);
  const alice = await LineClient.enter(port, "Alice");
  const bob = await LineClient.enter(port, "Bob");
  await alice.until("Bob has joined");
  alice.clear();
  bob.clear();
  alice.send(
    "/pm",
    "/pm Zed hi",
    "/PM bob hi",
    "/pm Alice hi",
    "/foo bar",
    "/quit now",
    "  ",
    "",
    "//pm is a command",
  );
  await bob.until("/pm is a command");
  assert.equal(
    timeless(await alice.settled()),
    [
      "T [ERROR] Usage: /pm <username> <message>",
      "T [ERROR] User 'Zed' is not online",
      "T [PM to Bob] hi",
      "T [ERROR] You cannot send a private message to yourself",
      "T [ERROR] Unknown command: /foo. Type '/help' for commands",
      "T [ERROR] Usage: /quit",
      "",
    ].join("\n"),
  );
  assert.equal(timeless(await bob.settled()), "T [PM from Alice] hi\nT Alice: /pm is a command\n");
});

test("a line that is too long is refused whole, and the next line is delivered", async (t) => {
  const { port } = await runServer(t);
  const alice = await LineClient.enter(port, "Alice");
  const bob = await LineClient.enter(port, "Bob");
  bob.clear();
  alice.send("x".repeat(2049), "y".repeat(2048), "fine");
  await alice.until("That message is too long: at most 2048 bytes. Nothing of it was delivered");
  await bob.until("Alice: fine");
  assert.equal(timeless(await bob.settled()), `T Alice: ${"y".repeat(2048)}\nT Alice: fine\n`);
});

test("on a half-close everything is processed and answered, and then the person leaves", async (t) => {
  const { port } = await runServer(t);
  const bob = await LineClient.enter(port, "Bob");
  const ann = await LineClient.connect(port);
  ann.socket.end("Ann\nhi\n/history\n/list\nrest");
  const received = timeless(await ann.untilEnd());
  assert.match(received, /--- the last message ---\nT Ann: hi\n--- end of history, up to #1 ---\n/);
  assert.match(received, /Online Users \(2\): Bob, Ann/);
  assert.match(received, /T \[ERROR\] Your last line had no end, so it was not delivered/);
  await bob.until("Ann has left the chat");
  assert.match(timeless(bob.received), /T Ann: hi\nT \[SYSTEM\] Ann has left the chat\n$/);
});

test("a joiner is shown the last messages, and /since gives those after a number", async (t) => {
  const { port } = await runServer(t, { settings: { joinHistory: 2 } });
  const alice = await LineClient.enter(port, "Alice");
  alice.send("one", "two", "/me counts");
  await alice.settled();
  const bob = await LineClient.connect(port);
  bob.send("Bob", "/since 1", "/since 3");
  await bob.until("no messages after #3; the last is #3");
  const after = timeless(bob.received).split(`${rule}\n`).at(-1);
  assert.equal(
    after,
    [
      "--- the last 2 messages ---",
      "T Alice: two",
      "T * Alice counts",
      "--- end of history, up to #3 ---",
      "--- messages after #1 ---",
      "#2 T Alice: two",
      "#3 T * Alice counts",
      "--- end of history ---",
      "--- no messages after #3; the last is #3 ---",
      "",
    ].join("\n"),
  );
});

test("who sends too fast is told when to try again, and what was let through is delivered", async (t) => {
  const { port } = await runServer(t, { settings: { flood: { burst: 3, perSecond: 1 } } });
  const bob = await LineClient.enter(port, "Bob");
  const alice = await LineClient.enter(port, "Alice");
  alice.send("1", "2", "3", "4");
  await alice.until("You are sending too fast. Try again in 1 s");
  await bob.until("Alice: 3");
  assert.doesNotMatch(bob.received, /Alice: 4/);
});

test("who sends far too fast is read from at a pace, and can leave at once all the same", async (t) => {
  const { port } = await runServer(t, { settings: { flood: { burst: 3, perSecond: 1 } } });
  const bob = await LineClient.enter(port, "Bob");
  for (const line of ["x\n", "\n"]) {
    const start = performance.now();
    const flooder = await LineClient.enter(port, `Flooder${line.length}`);
    flooder.socket.write(line.repeat(1_000_000));
    // Once around by somebody else, behind what was read of the flood.
    for (let round = 0; round < 5; round += 1) await LineClient.enter(port, `Visitor${line.length}${round}`);
    const refusals = flooder.received.split("too fast").length - 1;
    // At once, and then one a second.
    const most = 10 + (performance.now() - start) / 1000;
    assert.ok(refusals < most, `${refusals} refusals`);
    flooder.close();
  }
  const leaver = await LineClient.enter(port, "Leaver");
  leaver.send("1", "2", "3", "4", "/quit");
  await leaver.untilEnd();
  await bob.until("Leaver has left the chat");
});

test("one look back is answered after the other, before what was asked after it", async (t) => {
  const { port } = await runServer(t);
  const alice = await LineClient.enter(port, "Alice");
  alice.send("one", "two");
  await alice.settled();
  alice.clear();
  alice.socket.end("/history 1\n/since 1\n/history 2\n/foo\n");
  assert.equal(
    timeless(await alice.untilEnd()),
    [
      "--- the last message ---",
      "T Alice: two",
      "--- end of history, up to #2 ---",
      "--- messages after #1 ---",
      "#2 T Alice: two",
      "--- end of history ---",
      "--- the last 2 messages ---",
      "T Alice: one",
      "T Alice: two",
      "--- end of history, up to #2 ---",
      "T [ERROR] Unknown command: /foo. Type '/help' for commands",
      "",
    ].join("\n"),
  );
});

test("who comes back under his name within a gathered second has left before", async (t) => {
  const second = new TurnedClock(1000);
  const { port } = await runServer(t, { clock: second, settings: { workers: testedWorkers } });
  const watcher = await LineClient.enter(port, "Watcher");
  const bob = await LineClient.enter(port, "Bob");
  for (let index = 0; index < 25; index += 1) await LineClient.enter(port, `u${index}`);
  bob.send("/quit");
  await bob.untilEnd();
  await LineClient.enter(port, "Bob");
  assert.doesNotMatch(await watcher.settled(), /has left|others have/);
  second.turn();
  await watcher.until(/Bob has left the chat\n[^]*(Bob|others) ha(s|ve) joined the chat\n/);
});

test("more connections from one address than the limit are refused with a reason", async (t) => {
  const { port, consoleShows } = await runServer(t, { settings: { addressLimit: 2 } });
  await LineClient.enter(port, "Alice");
  const bob = await LineClient.enter(port, "Bob");
  const third = await LineClient.connect(port);
  assert.match(await third.untilEnd(), /There are too many connections\. Try again later/);
  await consoleShows(/Rejected .*more than 2 connections from 127\.0\.0\.1 \(--address-limit\)/);
  bob.close();
  third.close();
  const alice = await LineClient.connect(port);
  alice.send("Carl");
  await alice.until(/Welcome to the chat server, Carl!|too many connections/);
});

test("a silent newcomer is asked for a name, and one who gives none is closed with a reason", async (t) => {
  const { port, console } = await runServer(t, { settings: { promptMs: 50, loginMs: 300 } });
  const client = await LineClient.connect(port);
  await client.until("Enter your username: ");
  const received = await client.untilEnd();
  assert.match(timeless(received), /^Enter your username: T \[ERROR\] No username came in time/);
  // As browsers do with connections that they open ahead.
  assert.doesNotMatch(console(), /Rejected/);
});

test("who has begun a name and does not end it is closed with a reason, which the console is told", async (t) => {
  const clock = new TurnedClock(300);
  const { port, consoleShows } = await runServer(t, { clock, settings: { loginMs: 300 } });
  const slow = await LineClient.connect(port);
  slow.socket.write("Al");
  await arrival(slow);
  clock.turn();
  assert.match(await slow.untilEnd(), /No username came in time/);
  await consoleShows(/Rejected .*no name was given in time/);
});

test("many who come at once are told of in few lines, and the list shows the first hundred", async (t) => {
  const second = new TurnedClock(1000);
  const { port } = await runServer(t, { clock: second, settings: { workers: testedWorkers } });
  const watcher = await LineClient.enter(port, "Watcher");
  const people = await Promise.all(Array.from({ length: 150 }, (_, i) => LineClient.enter(port, `u${i}`)));
  const linesOf = (received: string) =>
    received.split("\n").filter((line) => line.includes("joined the chat"));
  // Twenty in the second, of whom the watcher himself was the first.
  assert.equal(linesOf(await watcher.settled()).length, 19);
  second.turn();
  await watcher.until(/\[SYSTEM\] u\d+, u\d+ and 129 others have joined the chat/);
  assert.equal(linesOf(await watcher.settled()).length, 20);
  watcher.clear();
  watcher.send("/list", "/list u14");
  await watcher.until(/Online Users \(11\): [^\n]*u149[^\n]*\n/);
  assert.match(watcher.received, /Online Users \(151\): Watcher, [^\n]* … and 51 more\n/);
  for (const person of people) person.close();
});

test("the operator's words reach everybody, and who is kicked or banned is told why", async (t) => {
  const { port, server } = await runServer(t);
  const alice = await LineClient.enter(port, "Alice");
  const bob = await LineClient.enter(port, "Bob");
  assert.equal(await server.hub.announce("Lunch at noon"), undefined);
  await alice.until("[SYSTEM] Lunch at noon");
  assert.equal(server.hub.kick("bob", "no shouting"), "Bob");
  assert.match(await bob.untilEnd(), /\[SYSTEM\] You were removed from the chat: no shouting\n$/);
  await alice.until("Bob has left the chat");
  await server.gatekeeper.ban({ address: "127.0.0.1", until: undefined, reason: "enough" });
  const back = await LineClient.connect(port);
  assert.match(await back.untilEnd(), /You are banned from this server: enough/);
});

test("everybody is told when the server shuts down", async (t) => {
  const { port, stop } = await runServer(t);
  const alice = await LineClient.enter(port, "Alice");
  const stopped = stop();
  assert.match(timeless(await alice.untilEnd()), /T \[SYSTEM\] Server is shutting down\n$/);
  alice.close();
  await stopped;
});

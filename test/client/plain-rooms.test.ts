import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { LineClient, timeless } from "../support/line-client.ts";
import { runServer } from "../support/running-server.ts";
import { ManualClock } from "./bench.ts";
import { PlainPerson } from "./plain-person.ts";

/** Ann, at netcat or at our client. */
type Ann = Pick<LineClient, "send" | "until" | "received">;

/** Who writes what, and what Ann is shown then. */
const scenes: readonly (readonly ["Ann" | "Bob" | "Carl", string, string | RegExp | undefined])[] = [
  ["Ann", "/join dev", /You made #dev, and run it[^]*Online Users \(1\): Ann\n={50}\n/],
  ["Ann", "/topic What we build", "Ann set the topic: What we build"],
  ["Bob", "/join #dev", "Bob has joined #dev"],
  ["Bob", "Hello dev", " Bob: Hello dev"],
  ["Bob", "#lobby Hello lobby", "#lobby T Bob: Hello lobby"],
  ["Carl", "/me waves", "#lobby T * Carl waves"],
  ["Ann", "/room #LOBBY", "You look at #lobby now"],
  ["Bob", "And again", "#dev T Bob: And again"],
  ["Ann", "#dev I hear you\n/history", "--- end of history, up to #2 ---"],
  ["Ann", "#nowhere is no room of mine", "You are not in '#nowhere'"],
  ["Ann", "/room", /Room #lobby \(3\)\nNo topic\n[^]*={50}\n/],
  [
    "Ann",
    "/topic #dev",
    /Room #dev \(2\)\nTopic, by Ann: What we build\n[^]*Run by: Ann \(operator\)\n={50}\n/,
  ],
  ["Ann", "/rooms", /Rooms \(2\):\n#lobby \(3\)\n#dev \(2\): What we build\n={50}\n/],
  ["Ann", "/join #dev", "You look at #dev now"],
  ["Ann", "/since 1", "#3 T Bob: And again"],
  ["Ann", "/op bob", "Ann made Bob an operator"],
  ["Ann", "/op bob", "It is so already"],
  ["Ann", "/set password sesame", "Ann set a password"],
  ["Ann", "/set #dev moderated on", "Ann made the room moderated"],
  ["Bob", "/invite Ann", undefined],
  ["Ann", "/invite carl", "You invited Carl to #dev"],
  ["Carl", "/away lunch", undefined],
  ["Ann", "/invite #dev carl", "You invited Carl to #dev, who is away: lunch"],
  ["Carl", "/join #dev wrong", "Carl has joined #dev"],
  ["Ann", "/kick Carl too loud", "Ann removed Carl: too loud"],
  ["Ann", "/kick Carl", "'Carl' is not in '#dev'"],
  ["Ann", "/rename #work", "Ann renamed the room to #work"],
  ["Ann", "/room #lobby", "You look at #lobby now"],
  ["Bob", "#work Under its new name", "#work T Bob: Under its new name"],
  ["Bob", "/nick Robert", "Bob is now called Robert"],
  ["Ann", "/nick Annie", "You are now called Annie"],
  ["Ann", "/away", "You are back"],
  ["Ann", "/away for tea", "You are away: for tea"],
  ["Carl", "/join #tea", undefined],
  ["Carl", "/invite Annie", "Carl invites you to #tea. To come in: /join #tea"],
  ["Ann", "/join #tea", /You are in #tea\n[^]*Online Users \(2\): Carl, Annie\n={50}\n/],
  ["Ann", "/list", /Online Users \(2\): Carl, Annie\n={50}\n/],
  [
    "Bob",
    "/kick Annie you are away",
    /#work .* Robert removed Annie: you are away\n[^]*not in #work any more/,
  ],
  ["Ann", "/leave cold", /You left #tea\n.*You look at #lobby now/],
  ["Carl", "Here I am", undefined],
  ["Ann", "/leave", "You left #lobby"],
  ["Ann", "anybody?", "You are in no room. To come into one: /join #room"],
  ["Ann", "/whois nobody", "User 'nobody' is not online"],
];

/** What Ann is shown from her welcome on, while all that is played. */
async function play(port: number, ann: Ann): Promise<string> {
  const others = { Bob: await LineClient.enter(port, "Bob"), Carl: await LineClient.enter(port, "Carl") };
  await ann.until("Carl has joined the chat");
  let seen = 0;
  for (const [who, line, expected] of scenes) {
    seen = ann.received.length;
    const actor = who === "Ann" ? ann : others[who];
    actor.send(line);
    if (actor instanceof LineClient && actor !== ann) await actor.settled();
    if (expected !== undefined) await ann.until(sinceThen(seen, expected));
  }
  for (const other of Object.values(others)) other.close();
  return ann.received.slice(ann.received.indexOf("=".repeat(50)));
}

/** What matches beyond so many characters; `T` is a time of day. */
function sinceThen(seen: number, expected: string | RegExp): RegExp {
  const source =
    typeof expected === "string"
      ? expected.replaceAll(/[.*+?()[\]]/g, "\\$&").replaceAll(" T ", " \\[..:..:..\\] ")
      : expected.source;
  return new RegExp(`^[^]{${seen}}[^]*?(?:${source})`);
}

test("whoever uses our client line by line is shown of rooms what netcat shows", async (t) => {
  const first = await runServer(t);
  const atNetcat = timeless(await play(first.port, await LineClient.enter(first.port, "Ann")));
  const second = await runServer(t);
  const atClient = timeless(
    await play(second.port, await PlainPerson.enter(t, { port: second.port, name: "Ann" })),
  );
  assert.deepEqual(atClient.split("\n"), atNetcat.split("\n"));
});

/** A server that is stopped, and another one on its port and its data. */
async function restart(context: TestContext, first: Awaited<ReturnType<typeof runServer>>): Promise<void> {
  const { port, dataFolder } = first;
  await first.stop();
  await runServer(context, { dataFolder, settings: { port } });
}

test("a guest whose server was restarted is in his rooms again, and is only told of what went wrong", async (t) => {
  const first = await runServer(t);
  const { port } = first;
  const ann = await PlainPerson.enter(t, { port, name: "Ann" });
  const bob = await PlainPerson.enter(t, { port, name: "Bob" });
  ann.send("/join #dev", "/set limit 5", "/join #secret");
  await ann.until("You made #secret, and run it");
  bob.send("/join #dev");
  await ann.until("#dev [");
  ann.send("#dev before");
  await bob.until("Ann: before");
  ann.send("/set password sesame");
  await ann.until("Ann set a password");
  const known = ann.received.length;
  const restarted = restart(t, first);
  await ann.until("Connection lost");
  ann.send("typed meanwhile", "#dev and here");
  await restarted;
  await bob.until("Ann: and here");
  bob.send("back again");
  await ann.until(/#dev \[..:..:..\] Bob: back again/);
  const told = timeless(ann.received.slice(known));
  assert.doesNotMatch(told, /You are in #dev|You made #dev|Bob: before|Ann: and here/);
  // Nobody was in it any more, and it had been closed to others: it is another one, and that is said.
  assert.match(told, /T \[SYSTEM\] You made #secret, and run it/);
  assert.equal(bob.received.split("Ann: and here").length, 2, "stored once");
  ann.send("/room");
  await ann.until("Room #secret (1)");
});

test("a room that lets nobody in any more is said to be lost, and what is written goes to the lobby", async (t) => {
  const { port } = await runServer(t);
  const bob = await LineClient.enter(port, "Bob");
  const clock = new ManualClock();
  const ann = await PlainPerson.enter(t, { port, name: "Ann", clock });
  bob.send("/join #dev");
  await bob.until("You made #dev");
  ann.send("/join #dev");
  await bob.until("Ann has joined #dev");
  bob.send("/set invite-only on");
  await ann.until("Bob closed the room to who is not invited");
  ann.cut();
  await bob.until("Ann has left the chat");
  clock.turn(1000);
  await ann.until("You are not in #dev any more");
  await ann.until("[ERROR] '#dev' is open only to people who are invited");
  ann.send("Hello all");
  await bob.until(/#lobby \[..:..:..\] Ann: Hello all/);
  bob.close();
});

test("what is piped in behind /join goes to that room, and to no other where it cannot be entered", async (t) => {
  const { port } = await runServer(t);
  const bob = await LineClient.enter(port, "Bob");
  bob.send("/join #dev", "/set password sesame", "/join #open");
  await bob.until("You made #open");
  const ann = new PlainPerson(t, { port, name: "Ann" });
  ann.send(
    "/join #open",
    "in the open",
    "/join #dev wrong",
    "a secret",
    "/join #dev sesame",
    "the secret",
    "/leave",
    "bye",
  );
  await bob.until(/#lobby \[..:..:..\] Ann: bye/);
  await ann.until("You left #dev");
  assert.match(bob.received, /\n\[..:..:..\] Ann: in the open\n/);
  assert.match(bob.received, /\n#dev \[..:..:..\] Ann: the secret\n/);
  assert.doesNotMatch(bob.received, /a secret/);
  assert.match(ann.received, /'#dev' needs its password[^]*You are not in '#dev'/);
  bob.close();
});

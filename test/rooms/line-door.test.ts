import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { LineClient, timeless } from "../support/line-client.ts";
import { runServer } from "../support/running-server.ts";

const rule = "=".repeat(50);

/** What somebody is shown after he has sent this, and everything before it has arrived. */
async function shown(client: LineClient, ...lines: readonly string[]): Promise<readonly string[]> {
  client.clear();
  client.send(...lines);
  return rest(client);
}

/** What somebody has been shown since he was last asked. */
async function rest(client: LineClient): Promise<readonly string[]> {
  const lines = timeless(await client.settled())
    .split("\n")
    .slice(0, -1);
  client.clear();
  return lines;
}

function online(...names: readonly string[]): readonly string[] {
  return [rule, `Online Users (${names.length}): ${names.join(", ")}`, rule];
}

/** People in the lobby, each of whom has seen the others come. */
async function enter(t: TestContext, port: number, names: readonly string[]): Promise<readonly LineClient[]> {
  const people: LineClient[] = [];
  for (const name of names) {
    const person = await LineClient.enter(port, name);
    t.after(() => person.close());
    for (const other of people) await other.until(`${name} has joined the chat`);
    people.push(person);
  }
  for (const person of people) await rest(person);
  return people;
}

test("a room is made, found, joined, talked in, left and found no more where it is looked for", async (t) => {
  const { port } = await runServer(t);
  const [ann, bob, eve] = (await enter(t, port, ["Ann", "Bob", "Eve"])) as [
    LineClient,
    LineClient,
    LineClient,
  ];

  assert.deepEqual(await shown(ann, "/join #garden"), [
    "T [SYSTEM] You made #garden, and run it",
    ...online("Ann"),
  ]);
  assert.deepEqual(await shown(ann, "/topic Roses", "First words"), ["T [SYSTEM] Ann set the topic: Roses"]);
  assert.deepEqual(await shown(bob, "/rooms"), [
    rule,
    "Rooms (2):",
    "#lobby (3)",
    "#garden (1): Roses",
    rule,
  ]);
  assert.deepEqual(await shown(bob, "/join garden"), [
    "T [SYSTEM] You are in #garden",
    "T [SYSTEM] It is about: Roses",
    ...online("Ann", "Bob"),
    "--- the last 2 messages ---",
    "T [SYSTEM] Ann set the topic: Roses",
    "T Ann: First words",
    "--- end of history, up to #2 ---",
  ]);
  assert.deepEqual(await rest(ann), ["T [SYSTEM] Bob has joined #garden"]);

  await shown(bob, "Hello garden", "/me sits down");
  assert.deepEqual(await rest(ann), ["T Bob: Hello garden", "T * Bob sits down"]);
  assert.deepEqual(await rest(eve), [], "who is not in it is told nothing");

  // Words from the room that one does not look at have its name in front; one can answer there without turning.
  await shown(eve, "Hello lobby");
  assert.deepEqual(await rest(ann), ["#lobby T Eve: Hello lobby"]);
  await shown(ann, "#lobby Hello Eve", "Hello again, garden");
  assert.deepEqual(await rest(eve), ["T Ann: Hello Eve"]);
  assert.deepEqual(await rest(bob), [
    "#lobby T Eve: Hello lobby",
    "#lobby T Ann: Hello Eve",
    "T Ann: Hello again, garden",
  ]);
  assert.deepEqual(await shown(ann, "/room #lobby"), ["T [SYSTEM] You look at #lobby now"]);
  await shown(bob, "Still here");
  assert.deepEqual(await rest(ann), ["#garden T Bob: Still here"]);
  assert.deepEqual(await shown(ann, "/join #GARDEN"), ["T [SYSTEM] You look at #garden now"]);

  assert.deepEqual(await shown(bob, "/leave Bye"), [
    "T [SYSTEM] You left #garden",
    "T [SYSTEM] You look at #lobby now",
  ]);
  assert.deepEqual(await rest(ann), ["T [SYSTEM] Bob has left #garden: Bye"]);
  assert.deepEqual(await shown(bob, "Hello again, lobby"), [], "what he writes goes to the lobby again");
  assert.deepEqual(await rest(eve), ["T Bob: Hello again, lobby"]);
  await rest(ann);
  await shown(ann, "Anybody?");
  assert.deepEqual(await rest(bob), []);
  ann.send("/quit");
  assert.equal(timeless(await ann.untilEnd()), "");
  assert.deepEqual(await rest(bob), ["T [SYSTEM] Ann has left the chat"]);
});

test("history, since and who is there are those of the room that one looks at", async (t) => {
  const { port } = await runServer(t);
  const [ann] = (await enter(t, port, ["Ann", "Bob"])) as [LineClient];
  await shown(ann, "In the lobby", "/join #garden", "In the garden", "And once more");
  assert.deepEqual(await shown(ann, "/history 1"), [
    "--- the last message ---",
    "T Ann: And once more",
    "--- end of history, up to #2 ---",
  ]);
  assert.deepEqual(await shown(ann, "/since 1"), [
    "--- messages after #1 ---",
    "#2 T Ann: And once more",
    "--- end of history ---",
  ]);
  assert.deepEqual(await shown(ann, "/list"), online("Ann"));
  await shown(ann, "/room #lobby");
  assert.deepEqual(await shown(ann, "/history"), [
    "--- the last message ---",
    "T Ann: In the lobby",
    "--- end of history, up to #1 ---",
  ]);
  assert.deepEqual(await shown(ann, "/list"), online("Ann", "Bob"));
});

test("lines that begin with a room's name are for it, and are words to who knows of no rooms", async (t) => {
  const { port } = await runServer(t);
  const [ann, bob] = (await enter(t, port, ["Ann", "Bob"])) as [LineClient, LineClient];
  await shown(ann, "#1 is what I would take", "#garden");
  assert.deepEqual(await rest(bob), ["T Ann: #1 is what I would take", "T Ann: #garden"]);
  await shown(ann, "/join #garden");
  assert.deepEqual(await shown(ann, "#1 is what I would take"), ["T [ERROR] You are not in '#1'"]);
  assert.deepEqual(await shown(ann, "/room #1"), ["T [ERROR] You are not in '#1'"]);
  assert.deepEqual(await rest(bob), []);
});

test("one can be in a room and not in the lobby, or in none at all", async (t) => {
  const { port } = await runServer(t);
  const [ann, bob] = (await enter(t, port, ["Ann", "Bob"])) as [LineClient, LineClient];
  await shown(ann, "/join #garden");
  assert.deepEqual(await shown(ann, "/leave #lobby"), ["T [SYSTEM] You left #lobby"]);
  assert.deepEqual(await rest(bob), ["T [SYSTEM] Ann has left the chat"]);
  await shown(bob, "Is nobody here?");
  assert.deepEqual(await rest(ann), []);
  assert.deepEqual(await shown(ann, "/leave"), ["T [SYSTEM] You left #garden"]);
  const nowhere = ["T [ERROR] You are in no room. To come into one: /join #room"];
  for (const line of ["hello", "/me waves", "/topic x", "/kick Bob"]) {
    assert.deepEqual(await shown(ann, line), nowhere, line);
  }
  // Who is in no room can still be told something, and tell.
  await shown(ann, "/pm Bob psst");
  assert.deepEqual(await rest(bob), ["T [PM from Ann] psst"]);
  assert.deepEqual(await shown(ann, "/join #lobby"), [
    "T [SYSTEM] You are in #lobby",
    ...online("Bob", "Ann"),
    "--- the last message ---",
    "T Bob: Is nobody here?",
    "--- end of history, up to #1 ---",
  ]);
  assert.deepEqual(await rest(bob), ["T [SYSTEM] Ann has joined the chat"]);
});

test("who runs a room removes, bans, gives voices and sets how it is run", async (t) => {
  const { port } = await runServer(t);
  const [ann, bob, eve] = (await enter(t, port, ["Ann", "Bob", "Eve"])) as [
    LineClient,
    LineClient,
    LineClient,
  ];
  await shown(ann, "/join #garden");
  await shown(bob, "/join #garden");
  await shown(eve, "/join #garden");
  await rest(ann);
  await rest(bob);
  const told = async (line: string, sentence: string): Promise<void> => {
    assert.deepEqual(await shown(ann, line), [`T [SYSTEM] Ann ${sentence}`]);
    assert.deepEqual(await rest(bob), [`T [SYSTEM] Ann ${sentence}`]);
  };
  assert.deepEqual(await shown(bob, "/kick Eve"), [
    "T [ERROR] You must be an operator of '#garden' for that",
  ]);
  await told("/set moderated on", "made the room moderated");
  assert.deepEqual(await shown(bob, "May I?"), [
    "T [ERROR] '#garden' is moderated: only people with a voice speak there",
  ]);
  await told("/voice Bob", "made Bob a speaker");
  assert.deepEqual(await shown(bob, "I may"), []);
  assert.deepEqual(await rest(ann), ["T Bob: I may"]);
  await told("/devoice Bob", "made Bob no longer a speaker");
  await told("/set moderated off", "made the room unmoderated");
  await rest(eve);
  await told("/kick Eve Enough", "removed Eve: Enough");
  assert.deepEqual(await rest(eve), [
    "T [SYSTEM] Ann removed Eve: Enough",
    "T [SYSTEM] You are not in #garden any more",
    "T [SYSTEM] You look at #lobby now",
  ]);
  await told("/ban Eve", "banned eve!*@*");
  assert.deepEqual(await shown(eve, "/join #garden"), ["T [ERROR] You are banned from '#garden'"]);
  await told("/unban Eve", "unbanned eve!*@*");
  await told("/set password sesame", "set a password");
  assert.deepEqual(await shown(eve, "/join #garden"), [
    "T [ERROR] '#garden' needs its password: /join #garden <password>",
  ]);
  assert.equal((await shown(eve, "/join #garden sesame"))[0], "T [SYSTEM] You are in #garden");
  await shown(eve, "/leave");
  await rest(bob);
  await told("/set password off", "took the password away");
  await told("/set limit 2", "set a limit of 2 people");
  assert.deepEqual(await shown(eve, "/join #garden"), ["T [ERROR] '#garden' is full: at most 2 people"]);
  await told("/set limit off", "took the limit away");
  await told("/set accounts-only on", "closed the room to guests");
  assert.deepEqual(await shown(eve, "/join #garden"), [
    "T [ERROR] '#garden' is open only to people with an account",
  ]);
  await told("/set accounts-only off", "opened the room to guests");
  await told("/set invite-only on", "closed the room to who is not invited");
  assert.deepEqual(await shown(eve, "/join #garden"), [
    "T [ERROR] '#garden' is open only to people who are invited",
  ]);
  assert.deepEqual(await shown(ann, "/invite Eve"), ["T [SYSTEM] You invited Eve to #garden"]);
  assert.deepEqual(await rest(eve), ["T [SYSTEM] Ann invites you to #garden. To come in: /join #garden"]);
  assert.equal((await shown(eve, "/join #garden"))[0], "T [SYSTEM] You are in #garden");
  await shown(eve, "/leave");
  assert.deepEqual(await shown(eve, "/join #garden"), [
    "T [ERROR] '#garden' is open only to people who are invited",
  ]);
  await rest(bob);
  await told("/op Bob", "made Bob an operator");
  await shown(bob, "/set hidden on");
  assert.deepEqual(await shown(eve, "/rooms"), [rule, "Rooms (1):", "#lobby (3)", rule]);
  assert.deepEqual(await shown(bob, "/room"), [
    rule,
    "Room #garden (2)",
    "No topic",
    "Settings: invite-only, members-only, hidden, topic-locked",
    "Run by: Ann (operator), Bob (operator)",
    rule,
  ]);
  await rest(ann);
  await told("/deop Bob", "made Bob no longer an operator");
  await told("/rename #orchard", "renamed the room to #orchard");
  await shown(bob, "/room #lobby");
  await shown(ann, "Nicer");
  assert.deepEqual(await rest(bob), ["#orchard T Ann: Nicer"]);
  assert.deepEqual(
    await shown(bob, "/join #garden"),
    ["T [SYSTEM] You made #garden, and run it", ...online("Bob")],
    "the old name is free",
  );
});

test("one is called otherwise, away, and told who somebody is", async (t) => {
  const { port } = await runServer(t);
  const [ann, bob] = (await enter(t, port, ["Ann", "Bob"])) as [LineClient, LineClient];
  assert.deepEqual(await shown(ann, "/nick bob"), [
    "T [ERROR] Username 'bob' is already in use. Choose another one",
  ]);
  assert.deepEqual(await shown(ann, "/nick Anna"), ["T [SYSTEM] You are now called Anna"]);
  assert.deepEqual(await rest(bob), ["T [SYSTEM] Ann is now called Anna"]);
  assert.deepEqual(await shown(ann, "/away Lunch"), ["T [SYSTEM] You are away: Lunch"]);
  assert.deepEqual(await shown(ann, "/join #garden"), [
    "T [SYSTEM] You made #garden, and run it",
    ...online("Anna"),
  ]);
  assert.deepEqual(
    (await shown(bob, "/whois anna")).map((line) => line.replace(/@\S+\)/, "@HOST)")),
    [
      rule,
      "Anna (Anna!line@HOST)",
      "A guest",
      "Here since T",
      "Away: Lunch",
      "In #lobby, #garden (operator)",
      rule,
    ],
  );
  await shown(ann, "/set hidden on");
  assert.ok((await shown(bob, "/whois anna")).includes("In #lobby"), "a hidden room is not told of");
  assert.deepEqual(await shown(ann, "/away"), ["T [SYSTEM] You are back"]);
  assert.deepEqual(await shown(ann, "/away"), ["T [SYSTEM] You are back"]);
});

test("everything that comes with one write is done in order: what follows a deed is meant for where it led", async (t) => {
  const { port } = await runServer(t);
  const [bob] = (await enter(t, port, ["Bob"])) as [LineClient];
  await shown(bob, "/join #garden");
  const ann = await LineClient.connect(port);
  t.after(() => ann.close());
  ann.send("Ann", "one", "/join #garden", "two", "/leave", "three", "/quit");
  await ann.untilEnd();
  await bob.until("Ann has left the chat");
  assert.deepEqual(await rest(bob), [
    "#lobby T [SYSTEM] Ann has joined the chat",
    "#lobby T Ann: one",
    "T [SYSTEM] Ann has joined #garden",
    "T Ann: two",
    "T [SYSTEM] Ann has left #garden",
    "#lobby T Ann: three",
    "T [SYSTEM] Ann has left the chat",
  ]);
});

test("who is gone has left the chat, and not one of his rooms, whose name is nobody's to know", async (t) => {
  const { port } = await runServer(t);
  const [ann, bob] = (await enter(t, port, ["Ann", "Bob"])) as [LineClient, LineClient];
  await shown(ann, "/join #secret", "/set hidden on", "/join #garden", "/leave #lobby");
  await shown(bob, "/join #garden");
  await rest(bob);
  ann.send("/quit");
  await bob.until("left the chat");
  assert.deepEqual(await rest(bob), ["T [SYSTEM] Ann has left the chat"]);
});

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { WireEntry } from "../../src/protocols/websocket/messages.ts";
import { IrcClient } from "../irc/client.ts";
import { LineClient } from "../support/line-client.ts";
import { runServer } from "../support/running-server.ts";
import { said } from "./bench.ts";
import { enterScreen, inputOf, openScreen, statusRow } from "./screen-people.ts";
import type { ScriptedServer } from "./scripted-server.ts";
import type { Terminal } from "./terminal.ts";

/** What stands between the bars, without the rooms and the people at the sides. */
function between(terminal: Terminal): string[] {
  const rows = terminal.rows.slice(1, statusRow(terminal));
  return rows.map((row) =>
    row
      .slice(18)
      .replace(/│[^│]*$/, "")
      .trimEnd(),
  );
}

/** The rooms at the left side. */
function rooms(terminal: Terminal): string[] {
  const rows = terminal.rows.slice(1, statusRow(terminal));
  return rows.flatMap((row) => row.slice(0, 15).trim().replace(/ +/g, " ") || []);
}

async function enterDev(context: TestContext, address: string): Promise<Terminal> {
  const terminal = await openScreen(context, address, { columns: 110, rows: 24 });
  terminal.type("/join #dev\r");
  await terminal.until(({ rows: [title = ""] }) => title.startsWith("#dev"));
  return terminal;
}

test("two people on full screens and one at netcat talk in two rooms, and each room is kept apart", async (t) => {
  const { port } = await runServer(t);
  const carl = await LineClient.enter(port, "Carl");
  const alice = await enterDev(t, `Alice@127.0.0.1:${port}`);
  await alice.shows("You made #dev, and run it");
  assert.deepEqual(rooms(alice), ["1 #lobby", "2 #dev"]);
  const bob = await enterDev(t, `Bob@127.0.0.1:${port}`);
  carl.send("/join #dev");
  await carl.until("You are in #dev");
  alice.type("/topic What we build\r");
  await bob.until(({ rows: [title = ""] }) => title === "#dev · What we build");
  await bob.shows("│ Alice set the topic: What we build");
  await bob.until(({ rows: all }) => all.some((row) => row.endsWith("│ @Alice")));
  alice.type("/op bob\r");
  await alice.shows("│ Alice made Bob an operator");
  await alice.until(({ rows: all }) => all.some((row) => row.endsWith("│ @Bob")));

  // What is said elsewhere is counted, and marked where one is meant.
  alice.type("a thought that is not");
  carl.send("#lobby nothing much", "#lobby alice, are you there?", "to all in dev");
  await alice.shows("│ to all in dev");
  await alice.until(() => rooms(alice).includes("1 #lobby 2!"));
  assert.ok(!between(alice).some((row) => row.includes("nothing much")));
  alice.type("\u001b1");
  await alice.until(({ rows: [title = ""] }) => title === "#lobby");
  await alice.shows("┃ alice, are you there?");
  const shown = between(alice);
  const mark = shown.findIndex((row) => row.includes("─ new ─"));
  assert.ok(shown[mark + 1]?.endsWith("│ nothing much"), shown.join("\n"));
  assert.equal(inputOf(alice), "Alice>");
  alice.type("I am\r");
  await carl.until(/#lobby \[..:..:..\] Alice: I am/);
  carl.send("#dev once more");
  await alice.until(() => rooms(alice).includes("2 #dev 1"));
  alice.type("\u001ba");
  await alice.until(() => inputOf(alice) === "Alice> a thought that is not");
  assert.deepEqual(rooms(alice), ["1 #lobby", "2 #dev"]);
  alice.type(" lost\r#lobby said from dev\r");
  await bob.shows("│ a thought that is not lost");
  await carl.until(/#lobby \[..:..:..\] Alice: said from dev/);

  bob.type("/kick Carl that is enough\r");
  await alice.shows("│ Bob removed Carl: that is enough");
  await alice.until(({ rows: all }) => !all.some((row) => row.endsWith("│ Carl")));
  await carl.until("You are not in #dev any more");
  bob.type("/rename #work\r");
  await alice.until(({ rows: [title = ""] }) => title.startsWith("#work"));
  carl.send("/nick Charles");
  alice.type("/nick Alicia\r");
  await alice.until(() => inputOf(alice) === "Alicia>");
  await bob.shows("│ Alice is now called Alicia");
  bob.type("/kick Alicia\r");
  await alice.until(() => rooms(alice).some((row) => row.startsWith("2 #work (out")));
  await alice.shows("│ You are not in #work any more");
  alice.type("can you hear me?\r");
  await alice.shows("not sent: You are not in '#work'. Alt-E edits it");
  alice.type("/leave\r");
  await alice.until(({ rows: all }) => !all.some((row) => row.includes("#work")));
  carl.close();
});

test("a place that was scrolled to is kept while one looks at another room", async (t) => {
  const { port } = await runServer(t);
  const alice = await enterDev(t, `Alice@127.0.0.1:${port}`);
  const bob = await LineClient.enter(port, "Bob");
  bob.send("/join #dev", ...Array.from({ length: 60 }, (_, index) => `line ${index + 1}`));
  await alice.shows("│ line 60");
  alice.type("\u001b[5~");
  await alice.until(() => !between(alice).some((row) => row.endsWith("line 60")));
  const place = between(alice);
  alice.type("\u001bk");
  await alice.until(({ rows: [title = ""] }) => title === "#lobby");
  bob.send("line 61");
  await alice.until(() => rooms(alice).includes("2 #dev 1"));
  alice.type("\u001bj");
  await alice.until(({ rows: [title = ""] }) => title === "#dev");
  assert.deepEqual(between(alice), place);
  await alice.until(({ rows: all }) => all.some((row) => /1 new, \d+ below, Escape/.test(row)));
  bob.close();
});

test("after a restart of the server its rooms are entered again, and nothing is missed or said twice", async (t) => {
  const first = await runServer(t);
  const { port, dataFolder } = first;
  const alice = await enterDev(t, `Alice@127.0.0.1:${port}`);
  const bob = await enterDev(t, `Bob@127.0.0.1:${port}`);
  alice.type("/set limit 7\rbefore\r");
  await bob.shows("│ before");
  const stopping = first.stop();
  await alice.shows("Connection lost");
  alice.type("typed meanwhile\r");
  await alice.shows("waiting to be sent");
  await stopping;
  await runServer(t, { dataFolder, settings: { port } });
  await alice.shows("✓│ typed meanwhile");
  await bob.shows("│ typed meanwhile");
  bob.type("we are back\r");
  await alice.shows("│ we are back");
  assert.deepEqual(rooms(alice), ["1 #lobby", "2 #dev"]);
  for (const terminal of [alice, bob]) {
    const shown = between(terminal);
    for (const text of ["before", "typed meanwhile", "we are back"]) {
      assert.equal(shown.filter((row) => row.endsWith(`│ ${text}`)).length, 1, shown.join("\n"));
    }
  }
});

test("an invitation is shown, and a key comes in", async (t) => {
  const { port } = await runServer(t);
  const bob = await LineClient.enter(port, "Bob");
  const alice = await openScreen(t, `Alice@127.0.0.1:${port}`, { columns: 110 });
  bob.send("/join #tea", "/set invite-only on", "/invite alice");
  await alice.shows("Bob invites you to #tea. Alt-I comes in");
  alice.type("\u001bi");
  await alice.until(({ rows: [title = ""] }) => title === "#tea");
  await bob.until("Alice has joined #tea");
  alice.type("thank you\r");
  await bob.until("Alice: thank you");
  bob.close();
});

test("a room that cannot be entered says why where one was, and a file of lines behind it goes nowhere else", async (t) => {
  const { port } = await runServer(t);
  const bob = await LineClient.enter(port, "Bob");
  bob.send("/join #dev", "/set password sesame");
  await bob.until("Bob set a password");
  const alice = await openScreen(t, `Alice@127.0.0.1:${port}`, { columns: 110 });
  alice.type("/join #dev\r");
  await alice.shows("│ '#dev' needs its password");
  assert.ok(!alice.rows.some((row) => row.includes("2 #dev")));
  alice.type("/join #dev wrong\ra secret\r");
  await alice.shows("not sent: You are not in '#dev'. Alt-E edits it");
  assert.deepEqual(rooms(alice), ["1 #lobby", "2 #dev (out)"]);
  alice.type("/join #dev sesame\rhello\r");
  await bob.until("Alice: hello");
  await bob.settled();
  assert.doesNotMatch(bob.received, /a secret/);
  bob.close();
});

test("rooms and their people are completed", async (t) => {
  const { port } = await runServer(t);
  const bob = await LineClient.enter(port, "Bob");
  bob.send("/join #design");
  await bob.until("You made #design");
  const alice = await enterDev(t, `Alice@127.0.0.1:${port}`);
  alice.type("/rooms\r");
  await alice.shows("│ #design (1)");
  alice.type("/join #des\t");
  await alice.until(() => inputOf(alice).trimEnd() === "Alice> /join #design");
  alice.type("\r");
  await alice.until(({ rows: [title = ""] }) => title === "#design");
  alice.type("bo\t");
  await alice.until(() => inputOf(alice).trimEnd() === "Alice> Bob:");
  bob.close();
});

/** A room that Alice is in, with as many hostile characters as its name and topic can hold. */
function enter(
  server: ScriptedServer,
  { name, topic }: { readonly name: string; readonly topic: string },
): void {
  const stream = "room:x";
  const entry: WireEntry = {
    room: {
      stream,
      name,
      topic: { text: topic, by: name, at: 1000 },
      created: 1000,
      modes: "nt",
      staff: [{ name, roles: 4 }],
      people: 1,
    },
    created: true,
    roles: 4,
    online: { count: 1, names: [name] },
    recent: [],
    head: 0,
  };
  server.say({ type: "room-entered", at: 1000, entry });
  const from = { id: "p9", name };
  for (const [index, kind] of (["topic", "kick", "mode", "room-name", "text"] as const).entries()) {
    const text = kind === "room-name" ? `#${topic}` : topic;
    server.say({
      type: "event",
      event: said(index + 1, text, { stream, kind, from, to: from, id: `x${index}` }),
    });
  }
  server.say({ type: "invited", at: 1000, by: from, room: name });
  server.say({ type: "left", at: 1000, stream, people: [from], count: 1, text: topic });
}

for (const columns of [110, 60, 20]) {
  test(`hostile names and topics of rooms move no cursor on ${columns} columns`, async (t) => {
    const [server, terminal] = await enterScreen(t, { columns, rows: 24 });
    const { length } = terminal.raw;
    const hostile =
      "\u001b[2J\u001b[1;1Hforged\u001b]0;t\u0007\u009b31m\u202E\u2066\u2028\r\n\b\u0000אב漢😀a\u0301";
    enter(server, { name: `#${hostile}`, topic: hostile });
    server.somebodySays("after it");
    await terminal.shows("after it");
    terminal.type("\u001b2");
    await terminal.until(({ rows: all }) => all.slice(1).some((row) => row.includes("forged")));
    await terminal.until(({ rows: all }) => all.at(-1) === "Alice>");
    const own = /\u001b\[[?\d;]*[A-Za-z]|\u001b\](?:2|9);[^\u0007\u001b]*\u0007|\r\n/g;
    const raw = terminal.raw.slice(length);
    assert.doesNotMatch(raw.replaceAll(own, ""), /[\0-\x1F\x7F-\x9F\u2028-\u202E\u2066-\u2069]/);
    for (const forged of ["\u001b[1;1Hforged", "\u001b]0;"]) assert.ok(!raw.includes(forged));
    assert.equal(terminal.rows.length, 24);
    assert.match(terminal.rows[22] ?? "", /^ ● connected/);
  });
}

test("who is away is said to be so where one writes to him, and at his own screen", async (t) => {
  const { port } = await runServer(t);
  const alice = await openScreen(t, `Alice@127.0.0.1:${port}`, { columns: 110 });
  const bob = await openScreen(t, `Bob@127.0.0.1:${port}`, { columns: 110 });
  bob.type("/away for lunch\r");
  await bob.until(() => bob.rows[statusRow(bob)]?.includes(" away · ") === true);
  alice.type("/pm bob are you there?\r");
  await alice.shows("│ (to Bob) are you there?");
  await alice.shows("│ Bob is away: for lunch");
  bob.type("/away\r");
  await bob.until(() => bob.rows[statusRow(bob)]?.includes(" away · ") === false);
});

test("a message that is taken back goes from the screen, and neither counts as new nor can be answered", async (t) => {
  const { port } = await runServer(t);
  const ivy = await IrcClient.enter(port, "Ivy", "echo-message", "message-tags", "draft/message-redaction");
  const alice = await enterDev(t, `Alice@127.0.0.1:${port}`);
  ivy.send("JOIN #dev");
  await ivy.until("366");
  ivy.send("PRIVMSG #dev :a secret");
  const [, id = ""] = /msgid=([^; ]+)/.exec(await ivy.until("PRIVMSG")) ?? [];
  await alice.shows("│ a secret");
  alice.type("\u001b1");
  await alice.until(({ rows: [title = ""] }) => title === "#lobby");
  ivy.send(`REDACT #dev ${id} :oops`, "PRIVMSG #dev :something else");
  await alice.until(() => rooms(alice).includes("2 #dev 1"));
  alice.type("\u001b2");
  await alice.shows("│ message removed");
  assert.ok(between(alice).some((row) => row.endsWith(" *  │ Ivy removed a message: oops")));
  assert.ok(!between(alice).some((row) => row.includes("a secret")));
  alice.type("\u001b[1;3A\u001b[1;3A");
  await alice.shows("▶│ something else");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { LineClient } from "../support/line-client.ts";
import { runServer } from "../support/running-server.ts";
import { inputOf, messageRows, openScreen, screenEnvironment } from "./screen-people.ts";

/** A message that is found, as a dark terminal of 256 colours shows it. */
const highlighted = "\u001b[30;48;5;221mtreasure\u001b[0m";

test("a search shows what it found with what stands around it, and Enter goes there", async (t) => {
  // Nothing is said of a certificate below the last message.
  const { port } = await runServer(t, { settings: { tls: "off" } });
  const bob = await LineClient.enter(port, "Bob");
  for (let number = 1; number <= 900; number += 1) {
    bob.send(number === 77 ? "the hidden treasure" : `line ${number} of many`);
  }
  await bob.settled();
  const alice = await openScreen(t, `Alice@127.0.0.1:${port}`, { columns: 90, rows: 24 });
  await alice.shows("line 900 of many");
  alice.type("/search treasure\r");
  await alice.shows("1 message for 'treasure'");
  const rows = messageRows(alice);
  const at = rows.findIndex((row) => row.startsWith("▶ #77 · "));
  assert.ok(at > 0, rows.join("\n"));
  assert.deepEqual(
    rows.slice(at + 1, at + 4).map((row) => row.trim()),
    ["Bob: line 76 of many", "Bob: the hidden treasure", "Bob: line 78 of many"],
  );
  assert.ok(alice.raw.includes(`Bob: the hidden ${highlighted}`));
  await alice.shows("Enter: go to it");
  alice.type("\r");
  await alice.until(() => messageRows(alice).some((row) => row.endsWith("▶│ the hidden treasure")));
  assert.ok(messageRows(alice).some((row) => row.endsWith("│ line 78 of many")));
  alice.type("\r");
  await alice.shows("↳ reply to Bob: the hidden treasure");
  assert.ok(messageRows(alice).at(-1)?.endsWith("line 900 of many"));
  bob.socket.destroy();
});

test("Up and Down go through what was found, private messages too, and Escape or a word is back", async (t) => {
  const { port } = await runServer(t);
  const bob = await LineClient.enter(port, "Bob");
  const alice = await openScreen(t, `Alice@127.0.0.1:${port}`, { columns: 90, rows: 30 });
  bob.send(
    "treasure",
    "the treasure of the island in the sea",
    "/pm Alice my own treasure is elsewhere by now",
  );
  await alice.shows("my own treasure");
  alice.type("/find treasure\r");
  await alice.shows("3 messages for 'treasure', the best first");
  await alice.shows("▶ #1 · ");
  alice.type("\u001b[A\u001b[B");
  await alice.until(({ rows }) => !rows.some((row) => row.startsWith("▶ #1 ")));
  alice.type("\u001b[6~");
  const isPlace = (row: string): boolean => /^[▶ ] (?:#\d|@Bob) /.test(row);
  await alice.until(() => messageRows(alice).findLast(isPlace)?.startsWith("▶") === true);
  const places = messageRows(alice).filter(isPlace);
  for (const place of ["#1 ", "#2 ", "@Bob "])
    assert.ok(places.some((row) => row.slice(2).startsWith(place)));
  alice.type("\u001b");
  await alice.until(
    () => messageRows(alice).at(-1)?.endsWith("│ (to you) my own treasure is elsewhere by now") === true,
  );
  alice.type("/search from:bob own\r");
  await alice.shows("1 message for 'from:bob own'");
  alice.type("\r");
  await alice.until(() => messageRows(alice).some((row) => row.includes("▶│ (to you) my own treasure")));
  alice.type("\u001b");
  await alice.until(({ rows }) => !rows.some((row) => row.includes("▶")));
  alice.type("/search treasure\r");
  await alice.shows("3 messages for");
  alice.type("hello");
  await alice.until(() => inputOf(alice) === "Alice> hello");
  assert.ok(!alice.rows.some((row) => row.includes("3 messages for")));
  bob.socket.destroy();
});

test("a search that finds nothing, or is none, is answered in the conversation", async (t) => {
  const { port } = await runServer(t);
  const alice = await openScreen(t, `Alice@127.0.0.1:${port}`, { columns: 100 });
  alice.type("/search nothing\r");
  await alice.shows("*  │ no message for 'nothing'");
  alice.type("/search after:now\r");
  await alice.shows("'now' is no date for 'after:'; write it like");
  alice.type("?");
  await alice.shows("/search words");
});

test("a private message of an earlier visit is found, and read back to", async (t) => {
  const { port } = await runServer(t);
  const env = screenEnvironment(t);
  const bob = await LineClient.enter(port, "Bob");
  const before = await openScreen(t, `Alice@127.0.0.1:${port}`, { columns: 90, env });
  bob.send("/pm Alice the secret treasure");
  await before.shows("(to you) the secret treasure");
  before.type("/quit\r");
  await before.exit;
  for (let number = 1; number <= 700; number += 1) bob.send(`line ${number} of many`);
  await bob.settled();
  const alice = await openScreen(t, `Alice@127.0.0.1:${port}`, { columns: 90, env });
  await alice.shows("line 700 of many");
  alice.type("/search treasure\r");
  await alice.shows("▶ @Bob · ");
  alice.type("\r");
  await alice.until(() => messageRows(alice).some((row) => row.endsWith("▶│ (to you) the secret treasure")));
  bob.socket.destroy();
});

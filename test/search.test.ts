import assert from "node:assert/strict";
import test from "node:test";
import { LineClient, timeless } from "./support/line-client.ts";
import { runServer } from "./support/running-server.ts";
import { WebSocketClient } from "./support/websocket-client.ts";

/** What somebody is answered, times as `T` and days as `DAY`. */
async function found(client: LineClient, query: string): Promise<string> {
  await client.settled();
  client.clear();
  client.send(`/search ${query}`);
  return timeless(await client.settled()).replaceAll(/\w+day \d+ \w+ \d{4} \d\d:\d\d:\d\d/g, "DAY");
}

test("a search shows what was found with its number, its neighbours and how to go there", async (t) => {
  const { port } = await runServer(t);
  const alice = await LineClient.enter(port, "Alice");
  const bob = await LineClient.enter(port, "Bob");
  alice.send("I am hungry", "Lunch at one?");
  await bob.until("Lunch at one?");
  bob.send("Yes", "/me goes to lunch", "我们中午吃饭");
  await alice.until("吃饭");
  assert.equal(
    await found(alice, "lunch"),
    [
      "--- 2 messages for 'lunch', the best first ---",
      "   T Bob: Yes",
      "#4 [DAY] * Bob goes to lunch",
      "   T Bob: 我们中午吃饭",
      "   …",
      "   T Alice: I am hungry",
      "#2 [DAY] Alice: Lunch at one?",
      "   T Bob: Yes",
      "--- end of the search; /since 3 goes to #4 ---",
      "",
    ].join("\n"),
  );
  assert.match(await found(alice, "吃饭"), /^--- 1 message for '吃饭' ---\n.*\n#5 /);
  assert.match(await found(alice, "lunch from:BOB"), /^--- 1 message .*\n.*\n#4 /);
  assert.equal(await found(alice, "dinner"), "--- no message for 'dinner' ---\n");
});

test("what cannot be searched for is said, with what is wanted", async (t) => {
  const { port } = await runServer(t);
  const alice = await LineClient.enter(port, "Alice");
  const cases: readonly (readonly [string, RegExp])[] = [
    ["before:tomorrow", /'tomorrow' is no date for 'before:'; write it like before:2026-11-24 or/],
    ["???", /nothing to search for/],
    ['"at one', /quotation mark is missing/],
    ["", /Usage: \/search <words>/],
  ];
  for (const [query, expected] of cases) assert.match(await found(alice, query), expected);
  alice.send("still here");
  assert.match(await found(alice, "still"), /#1 /);
});

test("private messages are found by the two they are of, marked as such, and by nobody else", async (t) => {
  const { port } = await runServer(t);
  const alice = await LineClient.enter(port, "Alice");
  const bob = await LineClient.enter(port, "Bob");
  const carl = await LineClient.enter(port, "Carl");
  alice.send("/pm Bob the secret garden", "the garden gate");
  await carl.until("the garden gate");
  const both = await found(alice, "garden");
  assert.match(both, /^--- 2 messages/);
  assert.match(both, /^@Bob \[DAY\] \[PM to Bob\] the secret garden$/m);
  assert.match(await found(bob, "garden"), /^@Alice \[DAY\] \[PM from Alice\] the secret garden$/m);
  const others = await found(carl, "garden");
  assert.match(others, /^--- 1 message/);
  assert.doesNotMatch(others, /secret/);
  assert.equal(await found(carl, "secret from:alice"), "--- no message for 'secret from:alice' ---\n");
  // Who comes later under the same name is somebody else.
  bob.send("/quit");
  await carl.until("Bob has left");
  const other = await LineClient.enter(port, "Bob");
  assert.equal(await found(other, "secret"), "--- no message for 'secret' ---\n");
});

test("private messages are found again by who comes back with the token", async (t) => {
  const { port } = await runServer(t);
  const { client, welcome } = await WebSocketClient.enter(port, { name: "Alice" });
  const bob = await LineClient.enter(port, "Bob");
  bob.send("/pm Alice the secret garden");
  await client.next("event");
  client.socket.terminate();
  await bob.until("Alice has left");
  const again = await WebSocketClient.enter(port, { name: "Alice", token: welcome.token });
  again.client.send({ type: "search", request: 1, query: "secret" });
  const answer = await again.client.next("found");
  assert.deepEqual([answer.found, answer.complete], [1, true]);
  assert.equal(answer.hits[0]?.event.text, "the secret garden");
  again.client.send({ type: "search", request: 2, query: "after:now" });
  const refused = await again.client.next("refused");
  assert.deepEqual([refused.reason, refused.request], ["search-date", 2]);
});

test("what was said just before is found, and what is asked after it is answered after it", async (t) => {
  const { port } = await runServer(t);
  const alice = await LineClient.enter(port, "Alice");
  alice.send("a needle", "/search needle", "/history 1");
  const answered = await alice.until("end of history, up to #1");
  assert.match(answered, /#1 \[[^\n]*\] Alice: a needle\n--- end of the search/);
  assert.ok(answered.indexOf("end of the search") < answered.indexOf("end of history"));
});

test("a search costs more of the flood limit than a line", async (t) => {
  const { port } = await runServer(t, { settings: { flood: { burst: 10, perSecond: 0.001 } } });
  const alice = await LineClient.enter(port, "Alice");
  alice.send("/search one", "/search two", "/search three", "a", "b", "c");
  await alice.until(/too fast[^]*too fast/);
  assert.match(alice.received, /no message for 'two'/);
  assert.doesNotMatch(alice.received, /'three'/);
  const bob = await LineClient.enter(port, "Bob");
  assert.match(timeless(await bob.settled()), /T Alice: a\nT Alice: b\n--- end of history, up to #2/);
});

test("limits that are reached are said", async (t) => {
  const { port } = await runServer(t, { settings: { searchHits: 2, searchRows: 100 } });
  const alice = await LineClient.enter(port, "Alice");
  alice.send(...Array.from({ length: 150 }, (_, index) => `word ${index}`));
  assert.match(
    await found(alice, "word"),
    /^--- the best 2 of 100 messages for 'word'; older ones were not looked at ---\n/,
  );
});

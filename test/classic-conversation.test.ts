import assert from "node:assert/strict";
import test from "node:test";
import { LineClient, timeless } from "./support/line-client.ts";
import { runServer } from "./support/running-server.ts";

const rule = "=".repeat(50);

function greeting(name: string, online: string): string {
  return [
    rule,
    `Welcome to the chat server, ${name}!`,
    "Type '/help' for commands",
    rule,
    "",
    rule,
    online,
    rule,
    "",
  ].join("\n");
}

test("three people at netcat hold the classic conversation, each sees exactly his own view of it", async (t) => {
  const { port, console } = await runServer(t, { settings: { joinHistory: 0 } });
  const alice = await LineClient.enter(port, "Alice");
  const bob = await LineClient.enter(port, "Bob");
  await alice.until("Bob has joined");
  alice.send("Hello Bob!");
  await bob.until("Hello Bob!");
  bob.send("Hi Alice! How are you?");
  await alice.until("How are you?");
  const charlie = await LineClient.enter(port, "Charlie");
  await alice.until("Charlie has joined");
  await bob.until("Charlie has joined");
  alice.send("/pm Bob This is a private message");
  await bob.until("This is a private message");
  await alice.until("[PM to Bob]");
  bob.send("/pm Alice Got your message, thanks!");
  await alice.until("thanks!");
  await bob.until("[PM to Alice]");
  charlie.send("Hi everyone!");
  await alice.until("Hi everyone!");
  await bob.until("Hi everyone!");
  alice.send("Welcome Charlie!");
  await bob.until("Welcome Charlie!");
  await charlie.until("Welcome Charlie!");
  bob.send("Hey Charlie!");
  await charlie.until("Hey Charlie!");
  charlie.send("/list");
  await charlie.until(/Hey Charlie!\n={50}\nOnline Users \(3\)[^\n]*\n={50}\n/);
  alice.send("/list");
  await alice.until(/Hey Charlie!\n={50}\nOnline Users \(3\)[^\n]*\n={50}\n/);
  bob.send("/quit");
  await bob.untilEnd();
  await alice.until("Bob has left the chat");
  await charlie.until("Bob has left the chat");

  assert.equal(
    timeless(await alice.settled()),
    `${greeting("Alice", "Online Users (1): Alice")}${[
      "T [SYSTEM] Bob has joined the chat",
      "T Bob: Hi Alice! How are you?",
      "T [SYSTEM] Charlie has joined the chat",
      "T [PM to Bob] This is a private message",
      "T [PM from Bob] Got your message, thanks!",
      "T Charlie: Hi everyone!",
      "T Bob: Hey Charlie!",
      rule,
      "Online Users (3): Alice, Bob, Charlie",
      rule,
      "T [SYSTEM] Bob has left the chat",
      "",
    ].join("\n")}`,
  );
  assert.equal(
    timeless(bob.received),
    `${greeting("Bob", "Online Users (2): Alice, Bob")}${[
      "T Alice: Hello Bob!",
      "T [SYSTEM] Charlie has joined the chat",
      "T [PM from Alice] This is a private message",
      "T [PM to Alice] Got your message, thanks!",
      "T Charlie: Hi everyone!",
      "T Alice: Welcome Charlie!",
      "",
    ].join("\n")}`,
  );
  assert.equal(
    timeless(await charlie.settled()),
    `${greeting("Charlie", "Online Users (3): Alice, Bob, Charlie")}${[
      "T Alice: Welcome Charlie!",
      "T Bob: Hey Charlie!",
      rule,
      "Online Users (3): Alice, Bob, Charlie",
      rule,
      "T [SYSTEM] Bob has left the chat",
      "",
    ].join("\n")}`,
  );
  const events = timeless(console()).replaceAll(/127\.0\.0\.1:\d+/g, "ADDRESS");
  assert.equal(
    events,
    [
      "[INFO] New connection attempt from ADDRESS",
      "T [JOIN] Alice joined from ADDRESS",
      "[INFO] Active clients: 1",
      "[INFO] New connection attempt from ADDRESS",
      "T [JOIN] Bob joined from ADDRESS",
      "[INFO] Active clients: 2",
      "T [BROADCAST] Alice: Hello Bob!",
      "T [BROADCAST] Bob: Hi Alice! How are you?",
      "[INFO] New connection attempt from ADDRESS",
      "T [JOIN] Charlie joined from ADDRESS",
      "[INFO] Active clients: 3",
      "T [PM] Alice -> Bob: This is a private message",
      "T [PM] Bob -> Alice: Got your message, thanks!",
      "T [BROADCAST] Charlie: Hi everyone!",
      "T [BROADCAST] Alice: Welcome Charlie!",
      "T [BROADCAST] Bob: Hey Charlie!",
      "T [LEAVE] Bob left the chat",
      "[INFO] Active clients: 2",
      "",
    ].join("\n"),
  );
});

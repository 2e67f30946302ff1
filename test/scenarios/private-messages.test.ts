import assert from "node:assert/strict";
import test from "node:test";
import { LineClient, timeless } from "../support/line-client.ts";
import { runServer } from "../support/running-server.ts";
import { WebSocketClient } from "../support/websocket-client.ts";

test("Private Messages: only who it is for is told, and the sender has it confirmed, by every pair of doors", async (t) => {
  const { port } = await runServer(t);
  const ann = await LineClient.enter(port, "Ann");
  const bob = await LineClient.enter(port, "Bob");
  const { client: carl } = await WebSocketClient.enter(port, { name: "Carl" });
  const { client: dora } = await WebSocketClient.enter(port, { name: "Dora" });
  await ann.until("Dora has joined");
  await bob.until("Dora has joined");
  ann.clear();
  bob.clear();

  ann.send("/pm Bob line to line", "/pm carl line to program");
  assert.equal((await carl.next("event")).event.text, "line to program");
  carl.send({ type: "send", counter: 1, to: "@ANN", kind: "text", text: "program to line" });
  assert.equal((await carl.next("ack")).to?.name, "Ann");
  carl.send({ type: "send", counter: 2, to: "@Dora", kind: "text", text: "program to program" });
  assert.equal((await carl.next("ack")).to?.name, "Dora");
  await dora.next("event");
  bob.send("for all");
  await dora.next("event");
  await carl.next("event");

  assert.equal(
    timeless(await ann.settled()),
    [
      "T [PM to Bob] line to line",
      "T [PM to Carl] line to program",
      "T [PM from Carl] program to line",
      "T Bob: for all",
      "",
    ].join("\n"),
  );
  assert.equal(timeless(await bob.settled()), "T [PM from Ann] line to line\n");
  const textsOf = (client: WebSocketClient) =>
    client.received.flatMap((message) => (message.type === "event" ? [message.event.text] : []));
  assert.deepEqual(textsOf(carl), ["line to program", "for all"]);
  assert.deepEqual(textsOf(dora), ["program to program", "for all"]);
});

test("Private Messages: a name that nobody has is refused to the sender, and nobody else hears of it", async (t) => {
  const { port, console } = await runServer(t);
  const ann = await LineClient.enter(port, "Ann");
  const { client: carl } = await WebSocketClient.enter(port, { name: "Carl" });
  await ann.until("Carl has joined");
  ann.clear();
  ann.send("/pm Carla hi", "/pm Car hi", "/pm /list hi", "/pm #lobby hi", `/pm ${"x".repeat(33)} hi`, "done");
  await carl.next("event");
  carl.send({ type: "send", counter: 1, to: "@Anna", kind: "text", text: "hi" });
  const refused = await carl.next("refused");
  assert.equal(refused.reason, "not-online");
  assert.equal(refused.text, "User 'Anna' is not online");
  carl.send({ type: "send", counter: 2, to: "@carl", kind: "text", text: "hi" });
  assert.equal((await carl.next("refused")).reason, "to-oneself");
  assert.equal(
    timeless(await ann.settled()),
    ["Carla", "Car", "/list", "#lobby", "x".repeat(33)]
      .map((name) => `T [ERROR] User '${name}' is not online\n`)
      .join(""),
  );
  assert.doesNotMatch(console(), /\[PM\]/);
});

test("Private Messages: who has left is offline, and who comes back under the name is told again", async (t) => {
  const { port } = await runServer(t);
  const ann = await LineClient.enter(port, "Ann");
  const first = await LineClient.enter(port, "Bob");
  ann.send("/pm Bob one");
  await first.until("[PM from Ann] one");
  first.send("/quit");
  await ann.until("Bob has left the chat");
  ann.clear();
  ann.send("/pm Bob two");
  await ann.until("[ERROR]");
  const second = await LineClient.enter(port, "Bob");
  ann.send("/pm Bob three");
  await second.until("[PM from Ann] three");
  assert.equal(
    timeless(await ann.settled()),
    "T [ERROR] User 'Bob' is not online\nT [SYSTEM] Bob has joined the chat\nT [PM to Bob] three\n",
  );
  assert.doesNotMatch(await second.settled(), /one|two/);
});

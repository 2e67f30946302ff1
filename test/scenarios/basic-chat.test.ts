import assert from "node:assert/strict";
import test from "node:test";
import { LineClient, timeless } from "../support/line-client.ts";
import { runServer } from "../support/running-server.ts";
import { WebSocketClient } from "../support/websocket-client.ts";

test("Basic Chat: what is said by whichever door, everybody else is told once, and all in one order", async (t) => {
  const { port } = await runServer(t);
  const witness = await LineClient.enter(port, "Witness");
  const ann = await LineClient.enter(port, "Ann");
  const bob = await LineClient.enter(port, "Bob");
  const { client: carl } = await WebSocketClient.enter(port, { name: "Carl" });
  await witness.until("Carl has joined");
  const words = Array.from({ length: 10 }, (_, index) => `word ${index + 1}`);
  for (const [index, text] of words.entries()) {
    ann.send(text);
    bob.send(text);
    carl.send({ type: "send", counter: index + 1, to: "#lobby", kind: "text", text });
  }
  for (const name of ["Ann", "Bob", "Carl"]) await witness.until(`${name}: word 10\n`);

  const order = said(await witness.settled());
  for (const name of ["Ann", "Bob", "Carl"]) {
    const ownWords = order.filter((line) => line.startsWith(`${name}: `));
    assert.deepEqual(
      ownWords,
      words.map((text) => `${name}: ${text}`),
    );
  }
  const toldTo = (name: string) => order.filter((line) => !line.startsWith(`${name}: `));
  assert.deepEqual(said(await ann.settled()), toldTo("Ann"));
  assert.deepEqual(said(await bob.settled()), toldTo("Bob"));
  carl.send({ type: "list", request: 1 });
  await carl.next("online");
  const events = carl.received.flatMap((message) => (message.type === "event" ? [message.event] : []));
  assert.deepEqual(
    events.map(({ from, text }) => `${from.name}: ${text}`),
    toldTo("Carl"),
  );
});

/** The lines that were said, without their times. */
function said(received: string): readonly string[] {
  return [...timeless(received).matchAll(/^T (\w+: .*)$/gm)].map((match) => match[1] ?? "");
}

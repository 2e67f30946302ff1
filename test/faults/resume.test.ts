import assert from "node:assert/strict";
import test from "node:test";
import type { ServerMessage } from "../../src/protocols/websocket/messages.ts";
import { runServer } from "../support/running-server.ts";
import { WebSocketClient } from "../support/websocket-client.ts";

const visits = 150;

test("who comes back in the middle of a conversation gets each message once and in order, private ones too", async (t) => {
  const { port } = await runServer(t);
  const bob = await WebSocketClient.enter(port, { name: "Bob" });
  const first = await WebSocketClient.enter(port, { name: "Alice" });
  let alice = first.client;
  const { epoch, token } = first.welcome;

  let counter = 0;
  const say = (to: string): void => {
    counter += 1;
    bob.client.send({ type: "send", counter, to, kind: "text", text: `message ${counter}` });
  };
  // Bob goes on as fast as he is answered, so that something is always between two steps of Alice's coming back.
  let talking = true;
  bob.client.socket.on("message", (data: Buffer) => {
    const { type } = JSON.parse(data.toString()) as ServerMessage;
    // Between two connections of hers Alice is not there to be written to.
    if ((type === "ack" || type === "refused") && talking) say(counter % 2 === 0 ? "#lobby" : "@Alice");
  });
  for (let index = 0; index < 4; index += 1) say("@Alice");

  const heads = new Map<string, number>(Object.entries(first.welcome.heads));
  const follow = (client: WebSocketClient): void => {
    for (const message of client.received.splice(0)) {
      if (message.type !== "event") continue;
      const { stream, number } = message.event;
      assert.equal(number, (heads.get(stream) ?? 0) + 1, `${stream} goes on with its next number`);
      heads.set(stream, number);
    }
  };
  for (let visit = 0; visit < visits; visit += 1) {
    const again = await WebSocketClient.connect(port);
    // The old connection is read to its end before the position is taken.
    alice.socket.terminate();
    await alice.closed();
    follow(alice);
    alice = again;
    const position = { epoch, heads: Object.fromEntries(heads) };
    again.send({ type: "hello", version: 1, name: "Alice", token, position });
    await new Promise<void>((resolve) => {
      let after = 0;
      again.socket.on("message", (data: Buffer) => {
        const { type } = JSON.parse(data.toString()) as ServerMessage;
        if (type === "caught-up" || after > 0) after += 1;
        if (after === 4) resolve();
      });
    });
  }
  talking = false;
  follow(alice);
  assert.equal(heads.size, 2);
});

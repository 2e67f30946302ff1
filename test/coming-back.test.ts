import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { LineClient } from "./support/line-client.ts";
import { runServer } from "./support/running-server.ts";
import { testedWorkers } from "./support/tested-workers.ts";
import { TurnedClock } from "./support/turned-clock.ts";
import { WebSocketClient } from "./support/websocket-client.ts";

const say = (counter: number, text: string) =>
  ({ type: "send", counter, to: "#lobby", kind: "text", text }) as const;

test("several tabs share a token: each has its connection and its counters, and all are one person", async (t) => {
  const { port } = await runServer(t);
  const bob = await LineClient.enter(port, "Bob");
  const first = await WebSocketClient.enter(port, { name: "Ann", tab: "one" });
  const { token } = first.welcome;
  const second = await WebSocketClient.enter(port, { name: "Ann", tab: "two", token });
  assert.equal(second.welcome.you.id, first.welcome.you.id);
  assert.equal(second.welcome.token, token);
  first.client.send(say(1, "from the first"));
  second.client.send(say(1, "from the second"));
  assert.equal((await first.client.next("event")).event.text, "from the second");
  assert.equal((await second.client.next("event")).event.text, "from the first");
  await bob.until(/from the first\n|from the second\n/);
  const again = await WebSocketClient.enter(port, { name: "Ann", tab: "one", token });
  assert.equal((await first.client.next("closing")).reason, "taken-over");
  again.client.send(say(1, "from the first"));
  const { number } = await again.client.next("ack");
  again.client.send(say(2, "the next"));
  assert.equal((await again.client.next("ack")).number, Math.max(number, 2) + 1);
  assert.equal((await second.client.next("event")).event.text, "the next");
});

const lingerMs = 20_000;

/** Ann, whose client asks for it, lost her connection a moment ago; Bob is at netcat. */
async function lost(t: TestContext) {
  const clock = new TurnedClock(lingerMs);
  const server = await runServer(t, { clock, settings: { lingerMs, workers: testedWorkers } });
  const bob = await LineClient.enter(server.port, "Bob");
  const ann = await WebSocketClient.enter(server.port, { name: "Ann", tab: "one", lingers: true });
  await bob.until("Ann has joined");
  bob.clear();
  ann.client.socket.terminate();
  await clock.awaited();
  return { server, clock, bob, welcome: ann.welcome };
}

test("who comes back in time has not left, and is given what came meanwhile", async (t) => {
  const { server, clock, bob, welcome } = await lost(t);
  bob.send("still there?", "/pm Ann psst");
  await bob.until("[PM to Ann]");
  const { token, epoch, heads } = welcome;
  const back = await WebSocketClient.enter(server.port, {
    name: "Ann",
    tab: "one",
    lingers: true,
    token,
    position: { epoch, heads },
  });
  const texts = [await back.client.next("event"), await back.client.next("event")].map(
    ({ event }) => event.text,
  );
  assert.deepEqual(texts.sort(), ["psst", "still there?"]);
  await back.client.next("caught-up");
  clock.turn();
  assert.doesNotMatch(await bob.settled(), /Ann has/);
  bob.send("/list");
  await bob.until("Online Users (2): Bob, Ann");
  back.client.send({ type: "quit" });
  await bob.until("Ann has left");
});

test("who does not come back has left when his time is up, and his name is free", async (t) => {
  const { server, clock, bob } = await lost(t);
  const stranger = await WebSocketClient.connect(server.port);
  stranger.send({ type: "hello", version: 1, name: "Ann" });
  assert.equal((await stranger.next("refused")).reason, "name-in-use");
  assert.equal(await bob.settled(), "");
  clock.turn();
  await bob.until("Ann has left");
  stranger.send({ type: "hello", version: 1, name: "Ann" });
  await stranger.next("welcome");
});

test("who is away for a moment can be removed, and is gone for good then", async (t) => {
  const { server, clock, bob } = await lost(t);
  assert.equal(server.server.hub.kick("Ann", undefined), "Ann");
  await bob.until("Ann has left");
  bob.clear();
  clock.turn();
  assert.equal(await bob.settled(), "");
});

test("who says that he leaves is gone at once, and so is who does not ask to stay", async (t) => {
  const { port } = await runServer(t, { settings: { lingerMs: 3_600_000 } });
  const bob = await LineClient.enter(port, "Bob");
  const ann = await WebSocketClient.enter(port, { name: "Ann", lingers: true });
  ann.client.send({ type: "quit" });
  await bob.until("Ann has left");
  const carl = await WebSocketClient.enter(port, { name: "Carl" });
  carl.client.socket.terminate();
  await bob.until("Carl has left");
});

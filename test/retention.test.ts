import assert from "node:assert/strict";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { lobby } from "../src/chat/event.ts";
import { fillFolder } from "./support/filled-folder.ts";
import { LineClient } from "./support/line-client.ts";
import { roomful } from "./support/roomful-command.ts";
import { runServer } from "./support/running-server.ts";
import { ServerProcess } from "./support/server-process.ts";
import { readStored } from "./support/stored.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { TurnedClock } from "./support/turned-clock.ts";
import { WebSocketClient } from "./support/websocket-client.ts";

const lookEveryMs = 10_000;
const dayMs = 86_400_000;

/** Says things one after the other, and waits until all are stored. Resolves to the stream they are in. */
async function say(
  client: WebSocketClient,
  { to, from, count }: { readonly to: string; readonly from: number; readonly count: number },
): Promise<string> {
  let stream = "";
  for (let counter = from; counter < from + count; counter += 1) {
    client.send({ type: "send", counter, to, kind: "text", text: `message ${counter}` });
  }
  for (let index = 0; index < count; index += 1) ({ stream } = await client.next("ack"));
  return stream;
}

function numbersOf(dataFolder: string, stream: string): readonly number[] {
  return (readStored(dataFolder).get(stream as typeof lobby) ?? []).map(({ number }) => number);
}

function upFrom(first: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}

async function enter(t: TestContext, port: number, hello: Parameters<typeof WebSocketClient.enter>[1]) {
  const entered = await WebSocketClient.enter(port, hello);
  t.after(() => entered.client.socket.terminate());
  return entered;
}

test("a room with a tenth too much loses what is beyond, also from memory, and who comes back is told", async (t) => {
  const clock = new TurnedClock(lookEveryMs);
  const { port, dataFolder, console, consoleShows } = await runServer(t, {
    clock,
    settings: { keepMessages: 10 },
  });
  const { client: ann } = await enter(t, port, { name: "Ann" });
  const bob = await enter(t, port, { name: "Bob" });
  bob.client.socket.terminate();
  await say(ann, { to: lobby, from: 1, count: 11 });
  clock.turn();
  await say(ann, { to: lobby, from: 12, count: 1 });
  assert.doesNotMatch(console(), /Erased/);
  assert.deepEqual(numbersOf(dataFolder, lobby), upFrom(1, 12));

  clock.turn();
  await consoleShows(/^\[INFO\] Erased 2 old messages of 1 streams \(--keep-messages\)\n/m);
  assert.deepEqual(numbersOf(dataFolder, lobby), upFrom(3, 10));
  const { epoch, token } = bob.welcome;
  const back = await enter(t, port, { name: "Bob", token, position: { epoch, heads: { [lobby]: 0 } } });
  assert.equal(back.welcome.resumed, true);
  assert.deepEqual(back.welcome.gone, [{ stream: lobby, from: 1, to: 2 }]);
  await back.client.next("caught-up");
  const told = back.client.received.flatMap((message) =>
    message.type === "event" ? [message.event.number] : [],
  );
  assert.deepEqual(told, upFrom(3, 10));
  const newcomer = await enter(t, port, { name: "Cat" });
  assert.deepEqual(
    newcomer.welcome.recent.map(({ number }) => number),
    upFrom(3, 10),
  );
  const line = await LineClient.enter(port, "Dan");
  t.after(() => line.close());
  line.send("/since 0");
  await line.until("--- #1 to #2 are no longer kept ---");
});

test("each private conversation keeps so many too; what is beyond goes when the server starts, and every hour", async (t) => {
  const dataFolder = join(temporaryFolder(t), "data");
  const first = await runServer(t, { dataFolder });
  const { client: ann } = await enter(t, first.port, { name: "Ann" });
  const bob = await enter(t, first.port, { name: "Bob" });
  const stream = await say(ann, { to: "@Bob", from: 1, count: 30 });
  await first.stop();

  const clock = new TurnedClock(lookEveryMs);
  const { port, consoleShows } = await runServer(t, { dataFolder, clock, settings: { keepMessages: 10 } });
  await consoleShows(/^\[INFO\] Erased 20 old messages of 1 streams \(--keep-messages\)\n/m);
  assert.deepEqual(numbersOf(dataFolder, stream), upFrom(21, 10));
  const { epoch, token } = bob.welcome;
  const back = await enter(t, port, { name: "Bob", token, position: { epoch, heads: { [stream]: 5 } } });
  assert.deepEqual(back.welcome.gone, [{ stream, from: 6, to: 20 }]);
  await say(back.client, { to: lobby, from: 1, count: 1 });
  const cat = await enter(t, port, { name: "Cat" });
  await say(cat.client, { to: "@Bob", from: 1, count: 15 });
  for (let passed = 0; passed < 3_600_000; passed += lookEveryMs) clock.turn();
  await consoleShows(/^\[INFO\] Erased 5 old messages of 1 streams \(--keep-messages\)\n/m);
});

test("a dry run says what would go and changes nothing; a server with the same options erases just that", async (t) => {
  const dataFolder = join(temporaryFolder(t), "data");
  const old = 30_000;
  await fillFolder(dataFolder, old, Date.now() - 2 * dayMs);
  const first = await ServerProcess.start(t, { dataFolder });
  const { client: ann } = await enter(t, first.port, { name: "Ann" });
  await say(ann, { to: lobby, from: 1, count: 2 });
  const dryRun = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await roomful(["retention", "--data", dataFolder, ...args]);
    assert.deepEqual([code, stderr], [0, ""]);
    return stdout;
  };
  assert.match(
    await dryRun("--keep-for", "1"),
    /^#lobby: 30000 of 30002 messages, up to #30000 of \d{4}-\S+Z\n30000 of 30002 messages of 1 streams would be erased; nothing was changed\n$/,
  );
  assert.match(await dryRun("--keep-for", "1", "--keep-messages", "1"), /^#lobby: 30001 of 30002 messages, /);
  assert.equal(
    await dryRun("--keep-for", "3"),
    "0 of 30002 messages of 1 streams would be erased; nothing was changed\n",
  );
  assert.equal(numbersOf(dataFolder, lobby).length, old + 2);
  const { code, stderr } = await roomful(["retention", "--data", dataFolder]);
  const wanted = "roomful: Cannot say what would be erased: --keep-messages or --keep-for is wanted\n";
  assert.deepEqual([code, stderr], [2, wanted]);
  await first.end("SIGTERM");

  const second = await ServerProcess.start(t, { dataFolder, args: ["--keep-for", "1"] });
  // While it erases, messages are stored.
  const { client: bob } = await enter(t, second.port, { name: "Bob" });
  await say(bob, { to: lobby, from: 1, count: 50 });
  await second.until(/^\[INFO\] Erased 30000 old messages of 1 streams \(--keep-for\)\n/m);
  assert.deepEqual(numbersOf(dataFolder, lobby), upFrom(old + 1, 52));
  assert.deepEqual(await second.end("SIGTERM"), { code: 0, signal: null });
});

import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { LineClient } from "../support/line-client.ts";
import { RoomTalker } from "../support/room-talker.ts";
import { runServer } from "../support/running-server.ts";

const room = "#garden";

/** Ann runs a room in which there is a lot to read; Bob is in it by two sessions, at the line door too, as an account. */
async function scene(t: TestContext) {
  const { port } = await runServer(t, { settings: { heartbeatMs: 500 } });
  const ann = await RoomTalker.enter(t, port, { name: "Ann" });
  const bob = await RoomTalker.enter(t, port, { name: "Bob" });
  await bob.registers();
  const second = await RoomTalker.enter(t, port, { name: "Bob", password: "a long password" });
  const line = await LineClient.connect(port);
  t.after(() => line.close());
  line.send("Bob", "a long password");
  await line.until("Welcome to the chat server, Bob!");
  const { entry } = await ann.gets("room-entered", { type: "join", room });
  await bob.gets("room-entered", { type: "join", room });
  await second.client.next("room-entered");
  await line.until("You are in #garden");
  for (let index = 0; index < 50; index += 1) await ann.says(room, `words ${index}`);
  await line.until("words 49");
  return { port, ann, bob, second, line, stream: entry.room.stream };
}

const ways: Readonly<Record<string, (ann: RoomTalker, bob: RoomTalker) => Promise<unknown>>> = {
  "he is removed": (ann) => ann.gets("happened", { type: "kick", room, name: "Bob" }),
  "he leaves": (_ann, bob) => bob.gets("room-left", { type: "part", room }),
  "he is removed and banned": async (ann) => {
    await ann.gets("happened", { type: "modes", room, modes: "+b Bob" });
    await ann.gets("happened", { type: "kick", room, name: "Bob" });
  },
};

for (const [way, lose] of Object.entries(ways)) {
  test(`what is lost when ${way} is lost at once, on every path and for every session`, async (t) => {
    const { ann, bob, second, line, stream } = await scene(t);
    await lose(ann, bob);
    await second.client.next("room-left");
    await line.until("#garden\n");
    // Answered before what comes later: nothing that is said from now on.
    assert.equal(await ann.says(room, "secret"), "ack");
    for (const one of [bob, second]) {
      assert.equal(await one.says(room, "x"), "not-in-room");
      assert.equal(await one.refused({ type: "history", stream, after: 0 }), "no-such-stream");
      assert.equal(await one.refused({ type: "history", stream }), "no-such-stream");
      assert.equal(await one.refused({ type: "topic", room, text: "x" }), "not-in-room");
      const found = JSON.stringify(await one.ask({ type: "search", query: "words" }));
      assert.ok(!found.includes("words 1"), found);
      assert.ok(!(await one.texts()).includes("secret"));
      // Which names no heads of it any more.
      const from = one.client.received.length;
      await one.client.find((message) => {
        return message.type === "heartbeat" && one.client.received.indexOf(message) > from;
      });
      const after = JSON.stringify(one.client.received.slice(from));
      assert.ok(!after.includes(stream), after);
    }
    await line.settled();
    line.clear();
    line.send("/room #garden", "#garden hello", "/history 500");
    const shown = await line.settled();
    assert.doesNotMatch(shown, /secret|words/);
    assert.match(shown, /You are not in '#garden'/);
    await ann.gets("online", { type: "list", room }).then(({ online }) => {
      assert.deepEqual(online, { count: 1, names: ["Ann"] });
    });
  });

  test(`what was asked for before ${way} is not given after`, async (t) => {
    const { ann, bob, second, stream } = await scene(t);
    // Pages upon pages, and somewhere among them it happens.
    const pages = Array.from({ length: 40 }, () =>
      second.ask({ type: "history", stream, after: 0, limit: 50 }),
    );
    await lose(ann, bob);
    await Promise.all(pages);
    const { received } = second.client;
    const out = received.findIndex((message) => message.type === "room-left");
    const given = received.findLastIndex((message) => message.type === "page");
    assert.notEqual(out, -1);
    assert.ok(given < out, `a page at ${given}, out at ${out}`);
    assert.equal(received.filter(({ type }) => type === "page" || type === "refused").length, 40);
  });
}

test("who comes back while he is being removed is given nothing that was said after that", async (t) => {
  const { port, ann, bob, stream, second, line } = await scene(t);
  for (const one of [bob, second]) one.client.socket.terminate();
  line.close();
  const position = { epoch: bob.welcome.epoch, heads: { "#lobby": 0, [stream]: 0 } };
  for (let round = 0; round < 10; round += 1) {
    const [back] = await Promise.all([
      RoomTalker.enter(t, port, { name: "Bob", token: bob.token, position }),
      ann.ask({ type: "kick", room, name: "Bob" }),
    ]);
    await ann.says(room, `secret ${round}`);
    await back.client.find((message) => message.type === "caught-up");
    const texts = await back.texts();
    assert.ok(!texts.some((text) => text.startsWith(`secret ${round}`)), `round ${round}`);
    const { rooms } = await back.gets("person", { type: "person", name: "Bob" });
    assert.deepEqual(
      rooms.map(({ name }) => name),
      ["#lobby"],
    );
    await back.gets("room-entered", { type: "join", room });
    back.client.socket.terminate();
  }
});

import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { LineClient } from "../support/line-client.ts";
import { RoomTalker } from "../support/room-talker.ts";
import { runServer } from "../support/running-server.ts";

/** In everything that is said, done or called so in the room. */
const marker = "xyzzy";
const room = `#${marker}`;

/** Everything that can happen to a room and in it, by who runs it, with Max, who is in it, and Nora, who is not. */
const happenings: Readonly<Record<string, (ann: RoomTalker, max: RoomTalker) => Promise<unknown>>> = {
  text: (ann) => ann.says(room, `${marker} text`),
  action: (ann) => said(ann, "action"),
  notice: (ann) => said(ann, "notice"),
  topic: (ann) => ann.gets("happened", { type: "topic", room, text: `${marker} topic` }),
  mode: (ann) => ann.gets("happened", { type: "modes", room, modes: `+b ${marker}` }),
  role: (ann) => ann.gets("happened", { type: "modes", room, modes: "+v Max" }),
  "words of another": (_ann, max) => max.says(room, `${marker} words`),
  renaming: async (ann) => {
    await ann.gets("happened", { type: "rename-room", room, name: `${room}-2` });
    await ann.gets("happened", { type: "rename-room", room: `${room}-2`, name: room });
  },
  kick: (ann) => ann.gets("happened", { type: "kick", room, name: "Max", text: `${marker} kick` }),
  coming: (_ann, max) => max.gets("room-entered", { type: "join", room }),
  leaving: (_ann, max) => max.gets("room-left", { type: "part", room, text: `${marker} bye` }),
  invitation: (ann) => ann.gets("done", { type: "invite", room, name: "Max" }),
};

async function said(talker: RoomTalker, kind: "action" | "notice"): Promise<void> {
  const counter = 1000 + talker.client.received.length;
  talker.client.send({ type: "send", counter, to: room, kind, text: `${marker} ${kind}` });
  await talker.client.find((message) => message.type === "ack" && message.counter === counter);
}

/** Ann runs a room that is hidden or not, Max is in it; everybody else is in the lobby with them. */
async function scene(t: TestContext, how: { readonly hidden: boolean }) {
  const { port } = await runServer(t, { settings: { heartbeatMs: 50 } });
  const ann = await RoomTalker.enter(t, port, { name: "Ann" });
  const max = await RoomTalker.enter(t, port, { name: "Max" });
  const { entry } = await ann.gets("room-entered", { type: "join", room });
  if (how.hidden) await ann.gets("happened", { type: "modes", room, modes: "+s" });
  await max.gets("room-entered", { type: "join", room });
  return { port, ann, max, stream: entry.room.stream };
}

for (const hidden of [true, false]) {
  test(`nothing that happens in a ${hidden ? "hidden" : "visible"} room reaches who is not in it`, async (t) => {
    const { port, ann, max, stream } = await scene(t, { hidden });
    const { welcome, client } = await RoomTalker.enter(t, port, { name: "Nora" });
    const nora = await LineClient.enter(port, "LineNora");
    t.after(() => nora.close());
    await ann.gets("happened", { type: "topic", room, text: `${marker} before` });
    for (const [what, happen] of Object.entries(happenings)) {
      await happen(ann, max);
      // A message in the lobby comes after all that went before.
      assert.equal(await ann.says("#lobby", `after ${what}`), "ack");
      await client.find((message) => message.type === "event" && message.event.text === `after ${what}`);
      await nora.until(`Ann: after ${what}`);
      const frames = client.frames.join("\n");
      for (const secret of [marker, stream]) {
        assert.ok(!frames.includes(secret), `${what} in ${frames}`);
        assert.ok(!nora.received.includes(secret), `${what} in ${nora.received}`);
      }
    }
    assert.deepEqual(Object.keys(welcome.heads), ["#lobby"]);
    // Three heartbeats after the last of it, with nothing of it.
    for (let beats = 0; beats < 3; beats += 1) await client.next("heartbeat");
    assert.ok(!client.frames.join("\n").includes(stream));
    await max.gets("room-entered", { type: "join", room });
    await ann.says(room, `${marker} last`);
    for (;;) {
      const { heads } = await max.client.next("heartbeat");
      if (heads[stream] !== undefined) break;
    }
    assert.ok(!client.frames.join("\n").includes(stream), "to who is in it, they do come");
  });

  test(`who was in a ${hidden ? "hidden" : "visible"} room and is not any more gets nothing of it by coming back`, async (t) => {
    const { ann, max, port, stream } = await scene(t, { hidden });
    await ann.says(room, `${marker} heard`);
    const heads = { "#lobby": 0, [stream]: 0 };
    const position = { epoch: max.welcome.epoch, heads };
    // A connection that was lost while he was in it: as a guest he is not in it any more.
    max.client.socket.terminate();
    await ann.client.find((message) => message.type === "left");
    await ann.says(room, `${marker} missed`);
    const back = await RoomTalker.enter(t, port, { name: "Max", token: max.token, position });
    assert.equal(back.welcome.resumed, true);
    await back.client.find((message) => message.type === "caught-up");
    await ann.says(room, `${marker} later`);
    await ann.says("#lobby", "after");
    await back.client.find((message) => message.type === "event" && message.event.text === "after");
    assert.equal(back.client.frames.join("\n").includes(marker), false);
    assert.equal(back.client.frames.join("\n").includes(stream), false);
    assert.equal(await back.refused({ type: "history", stream, after: 0 }), "no-such-stream");
  });
}

test("whatever is asked of a hidden room by who is not in it, it is answered as if there were none", async (t) => {
  const { port, ann, stream } = await scene(t, { hidden: true });
  await ann.says(room, `${marker} text`);
  const nora = await RoomTalker.enter(t, port, { name: "Nora" });
  const same = async (
    asked: (name: string, id: string) => Parameters<RoomTalker["ask"]>[0],
  ): Promise<void> => {
    const there = JSON.stringify(await nora.ask(asked(room, stream)));
    const nowhere = JSON.stringify(await nora.ask(asked("#plugh", "room:0123456789abcdef01234567")));
    const plain = (text: string) =>
      text
        .replaceAll("#plugh", room)
        .replaceAll("room:0123456789abcdef01234567", stream)
        .replaceAll(/"request":\d+/g, "");
    assert.equal(plain(there), plain(nowhere));
    assert.match(there, /^\{"type":"refused"/);
  };
  for (const by of ["name", "stream"] as const) {
    const named = (name: string, id: string): string => (by === "name" ? name : id);
    await same((name, id) => ({ type: "list", room: named(name, id) }));
    await same((name, id) => ({ type: "room", room: named(name, id) }));
    await same((name, id) => ({ type: "history", stream: named(name, id) }));
    await same((name, id) => ({ type: "history", stream: named(name, id), after: 0, limit: 5 }));
    await same((name, id) => ({ type: "history", stream: named(name, id), before: 99 }));
    await same((name, id) => ({ type: "part", room: named(name, id) }));
    await same((name, id) => ({ type: "topic", room: named(name, id), text: "x" }));
    await same((name, id) => ({ type: "kick", room: named(name, id), name: "Ann" }));
    await same((name, id) => ({ type: "modes", room: named(name, id), modes: "+m" }));
    await same((name, id) => ({ type: "rename-room", room: named(name, id), name: "#other" }));
    await same((name, id) => ({ type: "invite", room: named(name, id), name: "Ann" }));
  }
  assert.equal(await nora.says(room, "x"), "no-such-room");
  assert.equal(await nora.says(stream, "x"), "no-such-room");
  const { rooms, count } = await nora.gets("rooms", { type: "rooms" });
  assert.deepEqual([rooms.map(({ name }) => name), count], [["#lobby"], 1]);
  assert.deepEqual((await nora.gets("person", { type: "person", name: "Ann" })).rooms, [
    { name: "#lobby", roles: 0 },
  ]);
  const found = await nora.ask({ type: "search", query: marker });
  assert.ok(!JSON.stringify(found).includes("text"), JSON.stringify(found));

  const line = await LineClient.enter(port, "LineNora");
  t.after(() => line.close());
  await line.settled();
  line.clear();
  line.send(`/topic ${room} x`, `/leave ${room}`, `/kick ${room} Ann`, `/set ${room} moderated on`, "/rooms");
  line.send(`/search ${marker}`, `/room ${room}`);
  const shown = await line.settled();
  assert.equal(shown.match(/There is no room '#xyzzy'/g)?.length, 4, shown);
  assert.match(shown, /You are not in '#xyzzy'/);
  assert.doesNotMatch(shown, /xyzzy text|#xyzzy \(/);
});

test("of a visible room who is not in it may know who is there and what it is about, and read nothing", async (t) => {
  const { port, ann, stream } = await scene(t, { hidden: false });
  await ann.gets("happened", { type: "topic", room, text: "Caves" });
  const nora = await RoomTalker.enter(t, port, { name: "Nora" });
  assert.deepEqual((await nora.gets("online", { type: "list", room })).online.names, ["Ann", "Max"]);
  assert.equal((await nora.gets("room", { type: "room", room })).room.topic?.text, "Caves");
  for (const name of [room, stream]) {
    assert.equal(await nora.refused({ type: "history", stream: name }), "no-such-stream");
    assert.equal(await nora.refused({ type: "history", stream: name, after: 0 }), "no-such-stream");
    assert.equal(await nora.says(name, "x"), "not-in-room");
  }
});

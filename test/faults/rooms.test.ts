import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { databaseName } from "../../src/storage/data-folder.ts";
import { lockDatabase } from "../support/locked-database.ts";
import { RoomTalker } from "../support/room-talker.ts";
import { ServerProcess } from "../support/server-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const garden = { room: "#garden" } as const;

/** Everybody who is in a room as the server says, and who is sent what is said there, are the same. */
async function agree(room: string, speaker: RoomTalker, all: readonly RoomTalker[]): Promise<void> {
  const { online } = await speaker.gets("online", { type: "list", room });
  const text = `${room} ${Math.random()}`;
  assert.equal(await speaker.says(room, text), "ack");
  for (const one of all) {
    if (one === speaker) continue;
    const isTold = (await one.texts()).includes(text);
    assert.equal(isTold, online.names.includes(one.name), `${one.name} in ${room}`);
  }
}

test("what cannot be stored of a room is refused, and nobody is in or out of it for that, nor is it run otherwise", async (t) => {
  const dataFolder = join(temporaryFolder(t), "data");
  const args = ["--store-busy-timeout", "0.2"];
  const server = await ServerProcess.start(t, { dataFolder, args });
  const enter = (name: string) => RoomTalker.enter(t, server.port, { name });
  // Ann, Bob and Dora have accounts; Carl and Eve are guests.
  const [ann, bob, carl] = [await enter("Ann"), await enter("Bob"), await enter("Carl")];
  const [dora, eve] = [await enter("Dora"), await enter("Eve")];
  const all = [ann, bob, carl, dora, eve];
  for (const one of [ann, bob, dora]) await one.registers();
  for (const one of [ann, bob, carl]) await one.gets("room-entered", { type: "join", ...garden });
  await ann.gets("happened", { type: "topic", ...garden, text: "Roses" });
  await ann.gets("happened", { type: "modes", ...garden, modes: "+i" });
  await ann.gets("done", { type: "invite", ...garden, name: "Dora" });
  await eve.gets("room-entered", { type: "join", room: "#shed" });
  await eve.gets("happened", { type: "modes", room: "#shed", modes: "+s" });
  const before = (await ann.gets("room", { type: "room", ...garden })).room;

  const unlock = await lockDatabase(t, join(dataFolder, databaseName));
  const busy = "storage-busy";
  assert.equal(await ann.refused({ type: "topic", ...garden, text: "Weeds" }), busy);
  assert.equal(await ann.refused({ type: "modes", ...garden, modes: "+mk sesame" }), busy);
  for (const name of ["Bob", "Carl"]) {
    assert.equal(await ann.refused({ type: "modes", ...garden, modes: `+o ${name}` }), busy);
    assert.equal(await ann.refused({ type: "kick", ...garden, name }), busy);
  }
  assert.equal(await ann.refused({ type: "rename-room", ...garden, name: "#orchard" }), busy);
  assert.equal(await bob.refused({ type: "part", ...garden }), busy);
  assert.equal(await dora.refused({ type: "join", ...garden }), busy);
  assert.equal(await eve.refused({ type: "join", room: "#new" }), busy);
  // The last of a room that is not open to all would close it.
  assert.equal(await eve.refused({ type: "part", room: "#shed" }), busy);
  // Guests come and go without anything being stored.
  await carl.gets("room-left", { type: "part", ...garden });
  assert.equal(await carl.refused({ type: "join", ...garden }), "invitation-needed");
  await unlock();

  assert.deepEqual((await ann.gets("room", { type: "room", ...garden })).room, { ...before, people: 2 });
  const { rooms } = await dora.gets("rooms", { type: "rooms" });
  assert.deepEqual(
    rooms.map(({ name, people }) => [name, people]),
    [
      ["#lobby", 5],
      ["#garden", 2],
    ],
  );
  await agree("#garden", ann, all);
  await agree("#garden", bob, all);
  await agree("#shed", eve, all);
  assert.equal(await dora.says("#garden", "Am I in?"), "not-in-room");
  await dora.gets("room-entered", { type: "join", ...garden });
  await agree("#garden", dora, all);

  // The store has the same.
  assert.deepEqual(await server.end("SIGTERM"), { code: 0, signal: null });
  const again = await ServerProcess.start(t, { dataFolder, args });
  const back = await ann.again(t, again.port);
  const { room, online } = back.welcome.rooms?.[0] ?? assert.fail("Ann is in #garden");
  assert.deepEqual([room.name, room.topic, room.modes], ["#garden", before.topic, before.modes]);
  assert.deepEqual(online.names, ["Ann"]);
  const other = await bob.again(t, again.port);
  assert.deepEqual(
    other.welcome.rooms?.map((entry) => [entry.room.name, entry.roles]),
    [["#garden", 0]],
  );
});

test("a deed that waits for the store leaves nobody in a room that could not be made", async (t) => {
  const dataFolder = join(temporaryFolder(t), "data");
  const server = await ServerProcess.start(t, { dataFolder, args: ["--store-busy-timeout", "1"] });
  const [ann, bob] = [
    await RoomTalker.enter(t, server.port, { name: "Ann" }),
    await RoomTalker.enter(t, server.port, { name: "Bob" }),
  ];
  const unlock = await lockDatabase(t, join(dataFolder, databaseName));
  const asked = [
    ann.ask({ type: "join", room: "#new" }),
    ann.ask({ type: "topic", room: "#new", text: "News" }),
    bob.ask({ type: "join", room: "#new" }),
    bob.ask({ type: "part", room: "#new" }),
    bob.ask({ type: "join", room: "#new" }),
  ];
  const answers = await Promise.all(asked);
  await unlock();
  // What became of each depends on which of them went to the store together; whoever was told that he is in, is in.
  for (const [one, answer] of [
    [ann, answers[0]],
    [bob, answers[4]],
  ] as const) {
    const isIn = answer?.type === "room-entered";
    const { rooms } = await one.gets("rooms", { type: "rooms" });
    assert.ok(!isIn || rooms.some(({ name }) => name === "#new"));
    assert.equal((await one.says("#new", "hello")) === "ack", isIn, `${one.name}: ${JSON.stringify(answer)}`);
  }
  await ann.ask({ type: "join", room: "#new" });
  await bob.ask({ type: "join", room: "#new" });
  await agree("#new", ann, [ann, bob]);
});

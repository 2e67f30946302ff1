import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { role } from "../../src/chat/room.ts";
import { LineClient, timeless } from "../support/line-client.ts";
import { RoomTalker } from "../support/room-talker.ts";
import { runServer } from "../support/running-server.ts";
import { ServerProcess } from "../support/server-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { TurnedClock } from "../support/turned-clock.ts";

const hourMs = 3_600_000;

for (const signal of ["SIGTERM", "SIGKILL"] as const) {
  test(`after ${signal} rooms, how they are run, who is in them and what was said are what they were`, async (t) => {
    const dataFolder = join(temporaryFolder(t), "data");
    const first = await ServerProcess.start(t, { dataFolder });
    const ann = await RoomTalker.enter(t, first.port, { name: "Ann" });
    const bob = await RoomTalker.enter(t, first.port, { name: "Bob" });
    const eve = await RoomTalker.enter(t, first.port, { name: "Eve" });
    await ann.registers();
    await bob.registers();
    const room = "#garden";
    const { entry } = await ann.gets("room-entered", { type: "join", room });
    for (const one of [bob, eve]) await one.gets("room-entered", { type: "join", room });
    await ann.gets("happened", { type: "topic", room, text: "Roses" });
    await ann.gets("happened", { type: "modes", room, modes: "+vkbm-t Bob sesame mallory" });
    await bob.says(room, "hello");
    await ann.gets("happened", { type: "rename-room", room, name: "#orchard" });
    // In which only guests are: one that is open, and one that is not.
    await eve.gets("room-entered", { type: "join", room: "#open" });
    await eve.gets("happened", { type: "topic", room: "#open", text: "Stays" });
    await eve.gets("room-entered", { type: "join", room: "#shut" });
    await eve.gets("happened", { type: "modes", room: "#shut", modes: "+s" });
    const shown = async (one: RoomTalker) => {
      const { room: view } = await one.gets("room", { type: "room", room: "#orchard" });
      return { ...view, staff: view.staff.toSorted((a, b) => b.roles - a.roles) };
    };
    const before = await shown(ann);
    await first.end(signal);

    const second = await ServerProcess.start(t, { dataFolder });
    const again = await ann.again(t, second.port);
    const back = await bob.again(t, second.port);
    const guest = await eve.again(t, second.port);
    assert.deepEqual(
      again.welcome.rooms?.map(({ room: view, roles, recent }) => [
        view.name,
        view.stream,
        roles,
        recent.map(({ kind, text }) => [kind, text]),
      ]),
      [
        [
          "#orchard",
          entry.room.stream,
          role.operator,
          [
            ["topic", "Roses"],
            ["mode", "+vkbm-t Bob * mallory!*@*"],
            ["text", "hello"],
            ["room-name", "#orchard"],
          ],
        ],
      ],
    );
    assert.deepEqual(
      back.welcome.rooms?.map(({ roles }) => roles),
      [role.voice],
    );
    assert.equal(guest.welcome.rooms, undefined, "a guest is in no room but the lobby");
    assert.deepEqual(await shown(again), { ...before, people: 2 });
    assert.equal(await back.says("#orchard", "still here"), "ack");
    assert.equal(await guest.says("#orchard", "me too"), "not-in-room");
    assert.equal(await guest.refused({ type: "join", room: "#orchard" }), "wrong-room-key");
    await guest.gets("room-entered", { type: "join", room: "#orchard", key: "sesame" });
    const mallory = await RoomTalker.enter(t, second.port, { name: "Mallory" });
    assert.equal(
      await mallory.refused({ type: "join", room: "#orchard", key: "sesame" }),
      "banned-from-room",
    );
    const { rooms } = await again.gets("rooms", { type: "rooms" });
    assert.deepEqual(
      rooms.map(({ name, people }) => [name, people]),
      [
        ["#lobby", 4],
        ["#orchard", 3],
        ["#open", 0],
      ],
    );
    const open = await mallory.gets("room-entered", { type: "join", room: "#open" });
    assert.deepEqual(
      [open.entry.room.topic?.text, open.entry.roles, open.entry.created],
      ["Stays", role.operator, false],
    );
    const shut = await mallory.gets("room-entered", { type: "join", room: "#shut" });
    assert.equal(shut.entry.created, true, "who comes later finds nothing of a room that was closed");
    assert.deepEqual(shut.entry.recent, []);
  });
}

test("an open room that everybody left is kept with what was said in it, one that is not open is closed", async (t) => {
  const { port } = await runServer(t);
  const ann = await LineClient.enter(port, "Ann");
  t.after(() => ann.close());
  ann.send(
    "/join #open",
    "kept",
    "/leave",
    "/join #shut",
    "gone",
    "/set password sesame",
    "/leave",
    "/rooms",
  );
  await ann.until("#open (0)");
  assert.doesNotMatch(await ann.settled(), /#shut \(/);
  ann.clear();
  ann.send("/join #open");
  await ann.until("end of history");
  assert.match(timeless(ann.received), /You are in #open\n[^]*T Ann: kept\n/);
  ann.clear();
  ann.send("/leave", "/join #shut");
  await ann.until("You made #shut");
  assert.doesNotMatch(await ann.settled(), /gone/);
});

test("an open room that nobody has been in for too long is closed, and others are not", async (t) => {
  const clock = new TurnedClock(hourMs);
  const { port } = await runServer(t, { clock, settings: { keepEmptyRoomsMs: 0 } });
  const ann = await RoomTalker.enter(t, port, { name: "Ann" });
  for (const room of ["#empty", "#used"]) await ann.gets("room-entered", { type: "join", room });
  await ann.gets("room-left", { type: "part", room: "#empty" });
  const names = async () => (await ann.gets("rooms", { type: "rooms" })).rooms.map(({ name }) => name).sort();
  assert.deepEqual(await names(), ["#empty", "#lobby", "#used"]);
  clock.turn();
  assert.deepEqual(await names(), ["#lobby", "#used"]);
  assert.equal((await ann.gets("room-entered", { type: "join", room: "#empty" })).entry.created, true);
});

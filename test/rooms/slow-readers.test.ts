import assert from "node:assert/strict";
import test from "node:test";
import { LineClient, timeless } from "../support/line-client.ts";
import { RoomTalker } from "../support/room-talker.ts";
import { runServer } from "../support/running-server.ts";

const textBytes = 8000;
/** What the system's buffers between two sockets hold is less than that. */
const enoughToStandStill = 1500;

test("who does not read is given what he missed in all of his rooms, in order, and is live in all of them again", async (t) => {
  const { port } = await runServer(t, {
    settings: { maxBacklogBytes: 65_536, maxLineBytes: 16_384, feedEvents: 100, joinHistory: 0 },
  });
  const ann = await RoomTalker.enter(t, port, { name: "Ann" });
  const slow = await RoomTalker.enter(t, port, { name: "Slow" });
  const line = await LineClient.enter(port, "LineSlow");
  t.after(() => line.close());
  const rooms = ["#lobby", "#garden", "#shed"];
  for (const room of rooms.slice(1)) {
    await ann.gets("room-entered", { type: "join", room });
    await slow.gets("room-entered", { type: "join", room });
    line.send(`/join ${room}`);
    await line.until(`You are in ${room}`);
  }
  await line.settled();
  line.clear();
  slow.client.socket.pause();
  line.socket.pause();
  const said = Array.from({ length: enoughToStandStill }, (_, index) => {
    return { room: rooms[index % rooms.length]!, text: `${index} `.padEnd(textBytes, "x") };
  });
  for (let index = 0; index < said.length; index += 50) {
    const some = said.slice(index, index + 50);
    const answers = await Promise.all(some.map(({ room, text }) => ann.says(room, text)));
    assert.ok(answers.every((answer) => answer === "ack"));
  }
  slow.client.socket.resume();
  line.socket.resume();

  const caughtUp = await slow.client.next("caught-up");
  assert.deepEqual(
    caughtUp.rooms?.map(({ online }) => online.count),
    [3, 3],
  );
  const heard = slow.client.received.flatMap((message) => (message.type === "event" ? [message.event] : []));
  for (const room of rooms) {
    const wanted = said.filter((one) => one.room === room).map(({ text }) => text);
    const stream = room === "#lobby" ? room : (await ann.gets("room", { type: "room", room })).room.stream;
    const there = heard.filter((event) => event.stream === stream);
    assert.deepEqual(
      there.map(({ text }) => text.split(" ")[0]),
      wanted.map((text) => text.split(" ")[0]),
      room,
    );
    assert.deepEqual(
      there.map(({ number }) => number),
      wanted.map((_, index) => index + 1),
      room,
    );
  }

  const lastText = said.at(-1)!.text.split(" ")[0]!;
  await line.until(`Ann: ${lastText} x`);
  const shown = timeless(await line.settled()).split("\n");
  for (const room of rooms) {
    // He looks at the room that he came into last.
    const front = room === "#shed" ? "T Ann: " : `${room} T Ann: `;
    assert.deepEqual(
      shown.filter((one) => one.startsWith(front)).map((one) => one.slice(front.length).split(" ")[0]),
      said.filter((one) => one.room === room).map(({ text }) => text.split(" ")[0]),
      room,
    );
    const list = room === "#shed" ? "Online Users (3): Ann, Slow, LineSlow" : "Online Users (3): ";
    assert.ok(
      shown.some((one) => one.startsWith(list)),
      room,
    );
  }

  for (const room of rooms) {
    await ann.says(room, `live in ${room}`);
    await slow.client.find((message) => message.type === "event" && message.event.text === `live in ${room}`);
    await line.until(`Ann: live in ${room}`);
  }
});

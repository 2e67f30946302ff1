import assert from "node:assert/strict";
import { test } from "node:test";
import { conversationOf, lobby, type PersonId, type StreamId } from "../chat/event.ts";
import { maxPositionHeads } from "../protocols/websocket/parse.ts";
import { goneOf, newestOf, seenOf, withoutGone } from "./positions.ts";

const garden = "room:garden" as StreamId;

function conversation(index: number): StreamId {
  return conversationOf("ann" as PersonId, `p${index}` as PersonId);
}

test("what a client claims to have seen is no more than there is; of a room that it never heard of it has seen all", () => {
  const heads = new Map([
    [lobby, 10],
    [garden, 5],
    [conversation(1), 3],
    [conversation(2), 3],
  ]);
  const claimed = new Map([
    [lobby, 99],
    [conversation(1), 2],
    ["room:other" as StreamId, 4],
  ]);
  assert.deepEqual(
    [...seenOf(claimed, heads)],
    [
      [lobby, 10],
      [garden, 5],
      [conversation(1), 2],
      [conversation(2), 0],
    ],
  );
});

test("a welcome names all rooms, and of more conversations than a position may name the newest", () => {
  const few = new Map([
    [lobby, 1],
    [garden, 1],
  ]);
  assert.equal(newestOf(few), few);
  const conversations = Array.from({ length: maxPositionHeads }, (_, index) => conversation(index));
  const newest = newestOf(
    new Map([...few, ...conversations.map((stream): [StreamId, number] => [stream, 1])]),
  );
  assert.deepEqual([...newest.keys()], [lobby, garden, ...conversations.slice(2)]);
});

test("what was not seen and no longer exists is gone, and counts as seen", () => {
  const seen = new Map([
    [lobby, 3],
    [garden, 9],
  ]);
  const gone = goneOf(seen, [
    { stream: lobby, floor: 5 },
    { stream: garden, floor: 5 },
  ]);
  assert.deepEqual(gone, [{ stream: lobby, from: 4, to: 5 }]);
  assert.deepEqual(
    [...withoutGone(seen, gone)],
    [
      [lobby, 5],
      [garden, 9],
    ],
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { PersonId } from "../chat/event.ts";
import { openMemoryStore } from "../storage/memory.ts";
import { ReadMarkers } from "./read-markers.ts";

const ann = "p-ann" as PersonId;
const bob = "p-bob" as PersonId;

test("a marker moves forward only, and each person has his own", async () => {
  const markers = await ReadMarkers.open(openMemoryStore());
  assert.equal(markers.get(ann, "#tea"), undefined);
  assert.deepEqual(markers.move(ann, "#tea", 20), [{ key: "read/p-ann/%23tea", value: "20" }]);
  assert.deepEqual(markers.move(ann, "#tea", 10), []);
  assert.deepEqual(markers.move(ann, "#tea", 20), []);
  assert.equal(markers.get(ann, "#tea"), 20);
  assert.equal(markers.get(bob, "#tea"), undefined);
  markers.forget(ann);
  assert.equal(markers.get(ann, "#tea"), undefined);
});

test("markers that were stored are there again", async () => {
  const store = openMemoryStore();
  const before = await ReadMarkers.open(store);
  const places = ["#lobby", "dm:p-ann:p-bob", "@zoë/", "room:0a1b"];
  for (const [index, place] of places.entries()) await store.append([], before.move(ann, place, index + 1));
  const after = await ReadMarkers.open(store);
  assert.deepEqual(
    places.map((place) => after.get(ann, place)),
    [1, 2, 3, 4],
  );
});

test("of too many markers the one goes that was moved longest ago, from the store as well", async () => {
  const store = openMemoryStore();
  const markers = await ReadMarkers.open(store);
  for (let n = 0; n < 1000; n += 1) await store.append([], markers.move(ann, `#${n}`, 1));
  await store.append([], markers.move(ann, "#0", 2));
  await store.append([], markers.move(ann, "#new", 1));
  assert.deepEqual(
    ["#0", "#1", "#2", "#new"].map((place) => markers.get(ann, place)),
    [2, undefined, 1, 1],
  );
  assert.equal((await store.records("read/")).length, 1000);
});

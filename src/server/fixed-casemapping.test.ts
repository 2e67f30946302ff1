import assert from "node:assert/strict";
import { test } from "node:test";
import { openMemoryStore } from "../storage/memory.ts";
import { fixCasemapping } from "./fixed-casemapping.ts";

test("a new store takes the casemapping that is wanted, and keeps it", async () => {
  const store = openMemoryStore();
  assert.equal(await fixCasemapping(store, "rfc1459"), "rfc1459");
  assert.equal(await fixCasemapping(store, "ascii"), "rfc1459");
  assert.equal(await fixCasemapping(store, "rfc1459-strict"), "rfc1459");
});

test("the default is kept as well", async () => {
  const store = openMemoryStore();
  assert.equal(await fixCasemapping(store, "ascii"), "ascii");
  assert.equal(await fixCasemapping(store, "rfc1459"), "ascii");
});

test("a store from before there was a choice has what there was", async () => {
  const store = openMemoryStore();
  await store.append([], [{ key: "rooms/x", value: "{}" }]);
  assert.equal(await fixCasemapping(store, "rfc1459"), "ascii");
});

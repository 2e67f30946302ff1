import assert from "node:assert/strict";
import test from "node:test";
import { Roster } from "./roster.ts";

test("people come and go, each is here once, and a long list is known by its number", () => {
  const roster = new Roster();
  roster.set({ count: 3, names: ["carl", "Alice", "Bob"] });
  roster.joined(["Dan"], 1);
  roster.left(["bob"], 1);
  assert.deepEqual(roster.names, ["Alice", "carl", "Dan"]);
  assert.equal(roster.count, 3);
  roster.set({ count: 250, names: ["Alice"] });
  roster.left(["Zed"], 200);
  assert.deepEqual([roster.count, roster.names], [50, ["Alice"]]);
});

test("who runs a room stands before the others, and keeps that under another name", () => {
  const roster = new Roster();
  roster.set({ count: 3, names: ["Ann", "Bob", "Carl"] });
  roster.setStaff([{ name: "Carl", roles: 4 }]);
  roster.change("bob", 1, true);
  assert.deepEqual(roster.names, ["Carl", "Bob", "Ann"]);
  roster.renamed("Carl", "Charles");
  assert.deepEqual([roster.names[0], roster.rolesOf("Charles"), roster.rolesOf("Carl")], ["Charles", 4, 0]);
  assert.equal(roster.count, 3);
  roster.change("Charles", 4, false);
  roster.left(["Bob"], 1);
  assert.deepEqual(roster.names, ["Ann", "Charles"]);
  assert.deepEqual([roster.has("bob"), roster.rolesOf("Bob")], [false, 0]);
});

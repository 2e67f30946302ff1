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

import assert from "node:assert/strict";
import test from "node:test";
import { mentions } from "./mention.ts";

test("a name is found as a word, in any case, and not inside of another", () => {
  for (const text of ["Alice", "hey alice!", "@ALICE: look", "no malice, alice"])
    assert.ok(mentions(text, "Alice"), text);
  for (const text of ["malice", "alices", "alice2", "", "bob"]) assert.ok(!mentions(text, "Alice"), text);
  assert.ok(mentions("hey 漢字 → Zoë.", "zoë"));
  assert.ok(mentions("über Ann", "Ann"));
  assert.ok(!mentions("Änn", "nn"));
});

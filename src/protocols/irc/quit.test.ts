import assert from "node:assert/strict";
import { test } from "node:test";
import { quitReason, quitText } from "./quit.ts";

test("the reason of who asked to go comes back", () => {
  assert.equal(quitText("gone fishing"), "Quit: gone fishing");
  assert.equal(quitReason(quitText("gone fishing")), "gone fishing");
  assert.equal(quitReason(quitText("")), undefined);
});

test("other words stay as they are", () => {
  assert.equal(quitReason("Killed (boss)"), "Killed (boss)");
  assert.equal(quitReason(undefined), undefined);
});

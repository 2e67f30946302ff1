import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSilence } from "./silence.ts";

test("SILENCE asks for a list, or for changes of it", () => {
  assert.deepEqual(parseSilence(undefined), { kind: "list", nick: undefined });
  assert.deepEqual(parseSilence("bob"), { kind: "list", nick: "bob" });
  assert.deepEqual(parseSilence("+bob!*@*,-eve,carl"), {
    kind: "change",
    changes: [
      { on: true, mask: "bob!*@*", nick: "bob" },
      { on: false, mask: "eve", nick: "eve" },
      { on: true, mask: "carl", nick: "carl" },
    ],
  });
  assert.deepEqual(parseSilence("+,-,"), { kind: "change", changes: [] });
});

test("a mask means somebody only by his nick alone", () => {
  for (const [mask, nick] of [
    ["bob", "bob"],
    ["bob!*", "bob"],
    ["bob!*@*", "bob"],
    ["bob@*", undefined],
    ["*!*@evil", undefined],
    ["b*", undefined],
    ["b?b", undefined],
    ["bob!~u@*", undefined],
    ["bob!*@host", undefined],
    ["!*@*", undefined],
  ] as const) {
    assert.deepEqual(parseSilence(`+${mask}`), { kind: "change", changes: [{ on: true, mask, nick }] });
  }
});

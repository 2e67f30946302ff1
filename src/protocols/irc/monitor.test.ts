import assert from "node:assert/strict";
import { test } from "node:test";
import { type MonitorRequest, parseMonitor } from "./monitor.ts";

const requests: readonly (readonly [string, MonitorRequest | undefined])[] = [
  ["+ bob,carl", { kind: "add", targets: ["bob", "carl"] }],
  ["+ ,bob,,carl,", { kind: "add", targets: ["bob", "carl"] }],
  ["- bob", { kind: "remove", targets: ["bob"] }],
  ["C", { kind: "clear" }],
  ["c", { kind: "clear" }],
  ["L", { kind: "list" }],
  ["S", { kind: "status" }],
  ["+", undefined],
  ["+ ,", undefined],
  ["-", undefined],
  ["+- bob", undefined],
  ["X", undefined],
  ["", undefined],
];

for (const [words, expected] of requests) {
  test(`MONITOR ${words}`, () => {
    assert.deepEqual(parseMonitor(words.split(" ")), expected);
  });
}

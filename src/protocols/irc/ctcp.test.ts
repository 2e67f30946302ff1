import assert from "node:assert/strict";
import { test } from "node:test";
import { type Ctcp, formatCtcp, parseCtcp } from "./ctcp.ts";

const texts: readonly (readonly [string, Ctcp | undefined])[] = [
  ["\x01ACTION waves\x01", { command: "ACTION", params: "waves" }],
  ["\x01action waves", { command: "ACTION", params: "waves" }],
  ["\x01ACTION  two  spaces \x01", { command: "ACTION", params: " two  spaces " }],
  ["\x01VERSION\x01", { command: "VERSION", params: "" }],
  ["\x01version", { command: "VERSION", params: "" }],
  ["\x01PING 1473523796 918320\x01", { command: "PING", params: "1473523796 918320" }],
  ["\x01ACTION \x01", { command: "ACTION", params: "" }],
  ["hello", undefined],
  ["hello \x01VERSION\x01", undefined],
  ["\x01", undefined],
  ["\x01\x01", undefined],
  ["\x01 ACTION\x01", undefined],
  ["\x01ACTION a\x01b", undefined],
  ["\x01A\x01B\x01", undefined],
  ["", undefined],
];

for (const [text, expected] of texts) {
  test(`${JSON.stringify(text)} is ${expected?.command ?? "a text like others"}`, () => {
    assert.deepEqual(parseCtcp(text), expected);
  });
}

test("what is written is read as it was meant", () => {
  for (const ctcp of [
    { command: "ACTION", params: "waves" },
    { command: "VERSION", params: "" },
  ]) {
    assert.deepEqual(parseCtcp(formatCtcp(ctcp)), ctcp);
  }
  assert.equal(formatCtcp({ command: "ACTION", params: "waves" }), "\x01ACTION waves\x01");
});

test("what would be read otherwise is not written", () => {
  for (const [command, params] of [
    ["A B", ""],
    ["", "a"],
    ["A", "b\x01"],
    ["A\x01", "b"],
  ] as const) {
    assert.throws(() => formatCtcp({ command, params }), /^Error: Cannot write the CTCP message/);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { type IsupportTokens, isupportLines } from "./isupport.ts";

const tokens = (entries: Readonly<Record<string, string | undefined>>): IsupportTokens =>
  new Map(Object.entries(entries));

test("tokens with a value, with an empty one and without", () => {
  assert.deepEqual(isupportLines(tokens({ CHANTYPES: "#", EXCEPTS: "", WHOX: undefined }), 400), [
    ["CHANTYPES=#", "EXCEPTS=", "WHOX"],
  ]);
});

test("what would end a token is escaped", () => {
  assert.deepEqual(isupportLines(tokens({ NETWORK: "My = \\ Network" }), 400), [
    ["NETWORK=My\\x20\\x3D\\x20\\x5C\\x20Network"],
  ]);
});

test("no line has more than thirteen, nor more bytes than it may have", () => {
  const many = tokens(Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`T${index}`, undefined])));
  assert.deepEqual(
    isupportLines(many, 400).map((line) => line.length),
    [13, 13, 4],
  );
  assert.deepEqual(isupportLines(tokens({ A: "12345", B: "1", C: "1" }), 11), [["A=12345", "B=1"], ["C=1"]]);
});

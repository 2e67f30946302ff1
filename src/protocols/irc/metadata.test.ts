import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMetadata, parseMetadataKey } from "./metadata.ts";

test("what each subcommand asks for", () => {
  assert.deepEqual(parseMetadata(["GET", "a", "b"]), { kind: "get", keys: ["a", "b"] });
  assert.deepEqual(parseMetadata(["sub", "a b", "c"]), { kind: "subscribe", keys: ["a", "b", "c"] });
  assert.deepEqual(parseMetadata(["UNSUB", "a"]), { kind: "unsubscribe", keys: ["a"] });
  assert.deepEqual(parseMetadata(["LIST", "whatever"]), { kind: "list" });
  assert.deepEqual(parseMetadata(["CLEAR"]), { kind: "clear" });
  assert.deepEqual(parseMetadata(["SUBS"]), { kind: "subscriptions" });
  assert.deepEqual(parseMetadata(["SYNC"]), { kind: "sync" });
  assert.deepEqual(parseMetadata(["SET", "a", "b c"]), { kind: "set", key: "a", value: "b c" });
});

test("without a value it is removed, and an empty one is a value", () => {
  assert.deepEqual(parseMetadata(["SET", "a"]), { kind: "set", key: "a", value: undefined });
  assert.deepEqual(parseMetadata(["SET", "a", ""]), { kind: "set", key: "a", value: "" });
});

test("what lacks something, and what is no subcommand", () => {
  for (const params of [[], ["GET"], ["SUB", " "], ["UNSUB"], ["SET"]]) {
    assert.deepEqual(parseMetadata(params), { kind: "incomplete" });
  }
  assert.deepEqual(parseMetadata(["destr0y"]), { kind: "unknown", subcommand: "destr0y" });
});

test("keys are letters, digits and a few signs, whatever the case", () => {
  assert.equal(parseMetadataKey("example.com/Display-Name_2"), "example.com/display-name_2");
  for (const text of ["", ":a", "a:b", "$url$", "a b", "ä", "\u212A", "a%", "x".repeat(65)]) {
    assert.equal(parseMetadataKey(text), undefined, text);
  }
});

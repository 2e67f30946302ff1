import assert from "node:assert/strict";
import { test } from "node:test";
import {
  channelModesValue,
  channelModeType,
  isChannelMode,
  isUserMode,
  prefixesOf,
  prefixValue,
  type Rank,
  splitStatusTarget,
  statusMessageValue,
  userModeLetters,
} from "./modes.ts";

test("what a client is told of the modes", () => {
  assert.equal(channelModesValue, "beI,k,l,CimnRst");
  assert.equal(prefixValue, "(qaohv)~&@%+");
  assert.equal(statusMessageValue, "~&@%+");
  assert.equal(userModeLetters, "BioRrw");
});

test("what a mode takes", () => {
  assert.equal(channelModeType("b"), "list");
  assert.equal(channelModeType("k"), "setting");
  assert.equal(channelModeType("l"), "setting-when-set");
  assert.equal(channelModeType("t"), "flag");
  assert.equal(channelModeType("v"), "rank");
});

test("case matters, and what objects have is no mode", () => {
  for (const letter of ["T", "z", "", "bb", "constructor", "__proto__"]) {
    assert.equal(channelModeType(letter), undefined);
    assert.ok(!isChannelMode(letter));
    assert.ok(!isUserMode(letter));
  }
  assert.ok(isChannelMode("I"));
  assert.ok(isUserMode("R") && isUserMode("r"));
});

test("the prefixes of a member", () => {
  const held = new Set<Rank>(["v", "o"]);
  assert.equal(prefixesOf(held, { all: true }), "@+");
  assert.equal(prefixesOf(held, { all: false }), "@");
  assert.equal(prefixesOf(new Set(), { all: true }), "");
  assert.equal(prefixesOf(new Set(), { all: false }), "");
  assert.equal(prefixesOf(new Set(["v", "h", "o", "a", "q"]), { all: true }), "~&@%+");
});

test("a message to those of a rank", () => {
  assert.deepEqual(splitStatusTarget("@#a"), ["o", "#a"]);
  assert.deepEqual(splitStatusTarget("+#a"), ["v", "#a"]);
  assert.deepEqual(splitStatusTarget("@+#a"), ["v", "#a"]);
  assert.deepEqual(splitStatusTarget("@%#a"), ["h", "#a"]);
  assert.deepEqual(splitStatusTarget("#a"), [undefined, "#a"]);
  assert.deepEqual(splitStatusTarget("bob"), [undefined, "bob"]);
});

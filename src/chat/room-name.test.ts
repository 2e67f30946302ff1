import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  maxRoomNameCharacters,
  newNameText,
  parseNewNameText,
  parseRoomName,
  type RoomName,
} from "./room-name.ts";

function named(text: string): RoomName {
  const name = parseRoomName(text);
  assert.ok(!("reason" in name), `${JSON.stringify(text)}: ${JSON.stringify(name)}`);
  return name;
}

test("a room's name begins with #, whether it was typed or not", () => {
  assert.deepEqual(named("garden"), { shown: "#garden", fold: "#garden" });
  assert.deepEqual(named("#garden"), named("garden"));
  assert.equal(named("##garden").shown, "##garden");
});

test("a name is shown as it was given, and the same in any case and form", () => {
  assert.deepEqual(named("#Gärten"), { shown: "#Gärten", fold: "#gärten" });
  assert.equal(named("#GÄRTEN").fold, named("#ga\u0308rten").fold);
  assert.equal(named("#ga\u0308rten").shown, "#gärten");
  assert.equal(named("#ΣΑΣ").fold, named("#σας").fold);
});

for (const name of [
  "#",
  "",
  "#a b",
  "#a,b",
  "#a\u00a0b",
  "#a\tb",
  "#a\u0007",
  "#a\u200bb",
  "#\u2800",
  "#a\ufffdb",
  "#a\ud800",
]) {
  test(`${JSON.stringify(name)} is no room's name`, () => {
    assert.deepEqual(parseRoomName(name), { reason: "room-name-unusable", room: name });
  });
}

test("a name is as long as it may be, and no longer", () => {
  const longest = "🦊".repeat(maxRoomNameCharacters - 1);
  assert.equal(named(longest).shown, `#${longest}`);
  for (const text of [`${longest}x`, "x".repeat(10_000)]) {
    const refusal = parseRoomName(text);
    assert.equal("reason" in refusal && refusal.reason, "room-name-too-long");
  }
});

test("a name that was accepted is accepted again, and means the same room", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 20 }), (text) => {
      const name = parseRoomName(text);
      if (!("reason" in name)) assert.deepEqual(named(name.shown), name);
    }),
  );
});

test("a new name and why it is are read as they were written", () => {
  assert.deepEqual(parseNewNameText(newNameText(named("#b"), "")), { name: "#b", why: "" });
  assert.deepEqual(parseNewNameText(newNameText(named("#b"), "it  is nicer")), {
    name: "#b",
    why: "it  is nicer",
  });
});

import assert from "node:assert/strict";
import test from "node:test";
import { complete } from "../state/completion.ts";
import { choose } from "./completion.ts";
import { emptyEditor, insert } from "./editor.ts";

const vocabulary = {
  rooms: ["#lobby", "#dev", "#Design"],
  names: ["Bob", "Alice", "Alicia"],
  emoji: { smile: "😄", smiley: "😃", sweat_smile: "😅", "+1": "👍" },
};

function completed(text: string, ...steps: readonly (1 | -1)[]): string {
  let editor = insert(emptyEditor, text);
  let completion = complete(editor, vocabulary);
  if (completion === undefined) return "nothing";
  for (const step of steps) [editor, completion] = choose(editor, completion, step);
  return editor.text;
}

test("names, with a colon at the beginning and a blank elsewhere", () => {
  assert.equal(completed("bo", 1), "Bob: ");
  assert.equal(completed("hey bo", 1), "hey Bob ");
  assert.equal(completed("/pm bo", 1), "/pm Bob ");
  assert.equal(completed("@al", 1), "@Alice: ");
});

test("the next choice, the one before, and around", () => {
  assert.equal(completed("al", 1, 1), "Alicia: ");
  assert.equal(completed("al", 1, 1, 1), "Alice: ");
  assert.equal(completed("al", -1), "Alicia: ");
});

test("commands and emoji", () => {
  assert.equal(completed("/hi", 1), "/history ");
  assert.equal(completed("so :smi", 1), "so 😄");
  assert.equal(completed(":smi", 1, 1, 1), "😅");
  assert.equal(completed(":+1", 1), "👍");
});

test("what nothing completes", () => {
  assert.equal(completed("zed"), "nothing");
  assert.equal(completed("hey "), "nothing");
  assert.equal(completed(":zzzz"), "nothing");
});

test("rooms, wherever they stand", () => {
  assert.equal(completed("#de", 1), "#dev ");
  assert.equal(completed("/join #DES", 1), "/join #Design ");
  assert.equal(completed("#none", 1), "nothing");
});

import assert from "node:assert/strict";
import test from "node:test";
import { emptyEditor } from "./editor.ts";
import { inputRows } from "./input-rows.ts";

function shown(marked: string, columns: number, maxRows = 6): readonly string[] {
  const cursor = marked.indexOf("|");
  const text = marked.replace("|", "");
  const { rows, cursor: place } = inputRows({ ...emptyEditor, text, cursor }, columns, maxRows);
  return [...rows, `${place.row}:${place.column}`];
}

test("a long line goes on in the next row, and the cursor has room behind it", () => {
  assert.deepEqual(shown("abcdefgh|", 5), ["abcd", "efgh", "1:4"]);
  assert.deepEqual(shown("abc|d", 5), ["abcd", "0:3"]);
  assert.deepEqual(shown("漢字|漢", 5), ["漢字", "漢", "1:0"]);
  assert.deepEqual(shown("|", 5), ["", "0:0"]);
});

test("lines have rows of their own, and as many are shown as there is room for", () => {
  assert.deepEqual(shown("a\nb|\nc", 10), ["a", "b", "c", "1:1"]);
  assert.deepEqual(shown("a\nb\nc\nd|", 10, 2), ["c", "d", "1:1"]);
  assert.deepEqual(shown("a|\nb\nc\nd", 10, 2), ["a", "b", "0:1"]);
  assert.deepEqual(shown("a\n|", 10), ["a", "", "1:0"]);
});

test("what was pasted moves no cursor", () => {
  assert.deepEqual(shown("a\u001b[2Jb\tc|", 20), ["a\uFFFD[2Jb c", "0:8"]);
});

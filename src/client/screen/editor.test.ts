import assert from "node:assert/strict";
import test from "node:test";
import { type Editor, edit, emptyEditor, entered } from "./editor.ts";
import { KeyParser } from "./keys.ts";

/** What the bytes of a terminal make of an editor. */
function typed(bytes: string, from: Editor = emptyEditor): Editor {
  const parser = new KeyParser();
  const keys = [...parser.push(bytes), ...parser.flush()];
  return keys.reduce((editor, key) => edit(editor, key) ?? editor, from);
}

/** The text, with `|` where the cursor is. */
function shown({ text, cursor }: Editor): string {
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

for (const [what, bytes, expected] of [
  ["moves by characters", "abc\x1B[D\x1B[DX", "aX|bc"],
  ["moves by whole glyphs", "a👩‍👩‍👧‍👦e\u0301\x1B[D\x1B[D", "a|👩‍👩‍👧‍👦e\u0301"],
  ["erases whole glyphs", "a👍🏽\x7F", "a|"],
  ["moves by words", "one two, three\x1Bb\x1Bb", "one |two, three"],
  ["moves by words with Ctrl", "one two\x1B[1;5D\x1B[1;5D\x1B[1;5C", "one| two"],
  ["goes to both ends", "abc\x01X\x05Y", "XabcY|"],
  ["kills a word and yanks it", "one two\x17\x01\x19", "two|one "],
  ["kills that follow each other are one", "one two three\x17\x17\x01\x19", "two three|one "],
  ["yanks what was killed earlier", "one\x15two\x15\x19\x1By", "one|"],
  ["kills to the end", "one two\x01\x1Bf\x0B", "one|"],
  ["kills to the beginning", "one two\x1Bb\x15", "|two"],
  ["kills the next word", "one two\x01\x1Bd", "| two"],
  ["exchanges two", "ab\x14", "ba|"],
  ["takes back", "one\x17two\x1F\x1F", "one|"],
  ["has several lines", "one\x1B\rtwo", "one\ntwo|"],
  ["moves between lines", "one\x1B\rtwo\x1B[A", "one|\ntwo"],
  ["moves to a shorter line", "o\x1B\rtwo\x1B[A", "o|\ntwo"],
  ["joins lines", "one\x1B\rtwo\x01\x7F", "one|two"],
  ["kills the end of a line", "one\x1B\rtwo\x1B[A\x05\x0B", "one|two"],
  ["takes a paste as it is", "\x1B[200~a\nb\x1B[201~", "a\nb|"],
] as const) {
  test(`editing ${what}`, () => assert.equal(shown(typed(bytes)), expected));
}

test("what was entered is recalled, and what was being typed comes back", () => {
  const second = entered(typed("two", entered(typed("one"))));
  const up = typed("half\x1B[A", second);
  assert.equal(shown(up), "two|");
  assert.equal(shown(typed("\x1B[A\x1B[A", up)), "one|");
  assert.equal(shown(typed("\x1B[A\x1B[B\x1B[B", up)), "half|");
});

test("what means nothing to the editor is left to others", () => {
  assert.equal(edit(emptyEditor, { kind: "key", name: "page-up" }), undefined);
  assert.equal(edit(emptyEditor, { kind: "wheel", direction: "up" }), undefined);
});

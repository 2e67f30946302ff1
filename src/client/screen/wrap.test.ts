import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { columnsOf } from "./cells.ts";
import { wrap } from "./wrap.ts";

test("lines are broken at blanks, and long words where the line ends", () => {
  assert.deepEqual(wrap("the quick brown fox", 10), ["the quick", "brown fox"]);
  assert.deepEqual(wrap("abcdefghijkl", 5), ["abcde", "fghij", "kl"]);
  assert.deepEqual(wrap("a abcdefghijkl", 5), ["a", "abcde", "fghij", "kl"]);
  assert.deepEqual(wrap("12345 67890", 5), ["12345", "67890"]);
  assert.deepEqual(wrap("", 5), [""]);
});

test("a wide character that does not fit begins the next line", () => {
  assert.deepEqual(wrap("漢字漢字", 5), ["漢字", "漢字"]);
  assert.deepEqual(wrap("a👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 4), ["a👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"]);
});

test("no line is too wide, and no word is lost, whatever the text", () => {
  const texts = fc.string({
    unit: fc.constantFrom("a", "bc", " ", "漢", "😀", "e\u0301", "ש"),
    maxLength: 60,
  });
  fc.assert(
    fc.property(texts, fc.integer({ min: 2, max: 12 }), (text, columns) => {
      const lines = wrap(text, columns);
      for (const line of lines) assert.ok(columnsOf(line) <= columns, `"${line}" is too wide`);
      assert.equal(lines.join("").replaceAll(" ", ""), text.replaceAll(" ", ""));
    }),
  );
});

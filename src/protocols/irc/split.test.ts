import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { splitText } from "./split.ts";

const family = "👩‍👩‍👧";

const texts: readonly (readonly [string, string, readonly string[]])[] = [
  ["a short text is one piece", "hello", ["hello"]],
  ["the longest piece", "0123456789", ["0123456789"]],
  ["nothing is one piece", "", [""]],
  ["a cut is made after a space", "hello there you", ["hello ", "there you"]],
  ["a space that is just left over", "0123456789 b", ["0123456789", " b"]],
  ["a space at the end of a piece", "012345678 b", ["012345678 ", "b"]],
  ["a word longer than a piece", "0123456789abc", ["0123456789", "abc"]],
  ["only spaces", " ".repeat(12), [" ".repeat(10), "  "]],
  ["bytes are counted", "ääääää", ["äääää", "ä"]],
  ["no code point is cut", "a€€€€", ["a€€€", "€"]],
  [
    "the last of two bytes and the first of three",
    "\u007f\u0080\u07ff\u0800\uffff",
    ["\u007f\u0080\u07ff\u0800", "\uffff"],
  ],
  ["the first of four bytes", "a\u{10000}bcdefg", ["a\u{10000}bcdef", "g"]],
  ["a space at the beginning", " 0123456789", [" ", "0123456789"]],
  ["no pair is cut", "a🙂🙂🙂", ["a🙂🙂", "🙂"]],
  ["a mark stays with its letter", "12345678e\u0301\u0301", ["12345678", "e\u0301\u0301"]],
  ["a flag stays whole", "abc🇩🇪", ["abc", "🇩🇪"]],
  ["what is longer than a piece is cut all the same", family, ["👩‍", "👩‍", "👧"]],
];

for (const [behaviour, text, expected] of texts) {
  test(`${behaviour}, with pieces of 10 bytes`, () => {
    assert.deepEqual(splitText(text, 10), expected);
  });
}

test("a character that fits on a line is never cut", () => {
  assert.deepEqual(splitText(`abc${family}def`, 20), [`abc`, `${family}de`, "f"]);
});

test("pieces too small for a character are refused", () => {
  assert.throws(() => splitText("a", 3), {
    message: "Cannot split a text: pieces of 3 bytes cannot hold every character",
  });
});

test("pieces are the text when put together, and none is longer than it may be", () => {
  const unit = fc.constantFrom("a", " ", "ä", "€", "🙂", "\u0301", "\u200d", "🇩", "\ud800", "क्षि");
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 60 }), fc.integer({ min: 4, max: 30 }), (text, maxBytes) => {
      const pieces = splitText(text, maxBytes);
      assert.equal(pieces.join(""), text);
      for (const piece of pieces) {
        assert.ok(Buffer.byteLength(piece) <= maxBytes, JSON.stringify(piece));
        assert.ok(piece !== "" || text === "");
      }
    }),
    { numRuns: 3000 },
  );
});

test("a slice that ends between two surrogates is split as well, however often that is done", () => {
  const whole = `${"x".repeat(40)}\u{42ABB}${"y".repeat(40)}`;
  for (let round = 0; round < 20_000; round += 1) {
    const slice = whole.slice(1, 41);
    assert.equal(splitText(slice, 467).join(""), slice);
  }
});

import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { plain } from "../../protocols/irc/formatting.ts";
import { columnsOf, cut } from "./cells.ts";
import { cutSpans, wrap, wrapSpans } from "./wrap.ts";

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

const bold = { ...plain, bold: true };

test("a style goes on in the next line, and has no width", () => {
  const spans = [
    { text: "the quick ", style: plain },
    { text: "brown fox jumps", style: bold },
    { text: " over", style: plain },
  ];
  assert.deepEqual(wrapSpans(spans, 12), [
    [{ text: "the quick", style: plain }],
    [{ text: "brown fox", style: bold }],
    [
      { text: "jumps", style: bold },
      { text: " over", style: plain },
    ],
  ]);
});

test("what stands together on the screen has one style, and is not torn apart", () => {
  const spans = [
    { text: "e", style: plain },
    { text: "\u0301漢", style: bold },
    { text: "👩\u200D", style: plain },
    { text: "👩", style: bold },
  ];
  assert.deepEqual(wrapSpans(spans, 3), [
    [
      { text: "e\u0301", style: plain },
      { text: "漢", style: bold },
    ],
    [{ text: "👩\u200D👩", style: plain }],
  ]);
});

test("styles are broken where the text alone would be", () => {
  const pieces = fc.array(
    fc.record({
      text: fc.string({ unit: fc.constantFrom("a", "bc", " ", "漢", "😀", "e\u0301", "ש"), maxLength: 12 }),
      style: fc.constantFrom(plain, bold),
    }),
  );
  fc.assert(
    fc.property(pieces, fc.integer({ min: 2, max: 12 }), (spans, columns) => {
      const text = textOf(spans);
      const lines = wrapSpans(spans, columns).map(textOf);
      assert.deepEqual(lines, wrap(text, columns));
      assert.equal(textOf(cutSpans(spans, columns)), cut(text, columns));
    }),
  );
});

function textOf(spans: readonly { readonly text: string }[]): string {
  return spans.map((span) => span.text).join("");
}

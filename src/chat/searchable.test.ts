import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { foldText, runsOf, searchable, termsOf } from "./searchable.ts";

const texts: readonly (readonly [string, string])[] = [
  ["", ""],
  ["?! -- …", ""],
  ["Hello, World_2!", " hello world 2 "],
  ["Ünïcödé", " unicode "],
  ["e\u0301t\u00e9", " ete "],
  ["Ελλάς", " ελλασ "],
  ["ＡＢＣ", " abc "],
  ["我们lunch吧", " 我们 lunch 吧 "],
  ["がギ", " がギ "],
  ["한국어 회의", " 한국어 회의 "],
  ["हिन्दी भाषा", " हिन्दी भाषा "],
  ["❤️🎉", " ❤ 🎉 "],
  ["「東京」、大阪。", " 東京 大阪 "],
];

for (const [text, expected] of texts) {
  test(`of ${JSON.stringify(text)} can be found ${JSON.stringify(expected)}`, () => {
    assert.equal(searchable(text), expected);
  });
}

test("the terms are words, and of runs without blanks each character and each pair", () => {
  assert.deepEqual([...termsOf(searchable("To be or not to be"))], ["to", "be", "or", "not"]);
  assert.deepEqual([...termsOf(searchable("東京都 a"))], ["東", "東京", "京", "京都", "都", "a"]);
  assert.deepEqual([...termsOf(searchable("x".repeat(100)))], ["x".repeat(64)]);
  assert.deepEqual([...termsOf("")], []);
});

test("terms hold nothing that an index would part them at", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      for (const term of termsOf(searchable(text))) {
        assert.match(term, /^(?:[a-z0-9]|[^\0-\x7f])+$/u);
        assert.ok(term.isWellFormed());
      }
    }),
  );
});

test("what is searchable of a searchable text is the same again", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      assert.equal(searchable(searchable(text)), searchable(text));
    }),
  );
});

test("runs stand where they are written", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      for (const run of runsOf(text)) {
        assert.equal(text.slice(run.at, run.at + run.text.length), run.text);
        assert.notEqual(foldText(run.text), "");
      }
    }),
  );
});

import assert from "node:assert/strict";
import test from "node:test";
import stringWidth from "string-width";
import { columnsOf, cut, cutInside, fit, glyphs, isRightToLeft } from "./cells.ts";

test("wide characters, emoji sequences and marks take the columns that terminals give them", () => {
  for (const [text, columns] of [
    ["abc", 3],
    ["漢字", 4],
    ["👩‍👩‍👧‍👦", 2],
    ["🇩🇪", 2],
    ["👍🏽", 2],
    ["é", 1],
    ["e\u0301", 1],
    ["שלום", 4],
    ["ＡＢ", 4],
    ["a\u200Bb", 2],
    ["1\uFE0F\u20E3", 2],
  ] as const) {
    assert.equal(columnsOf(text), columns, text);
  }
});

test("the short way for simple characters counts as the long one does", () => {
  const codes = [...Array(0x250).keys(), ...Array.from("–…○●", (sign) => sign.codePointAt(0) ?? 0)];
  const characters = codes
    .map((code) => String.fromCodePoint(code))
    .filter((each) => /[^\p{Cc}]/u.test(each));
  for (const character of characters) {
    assert.equal(columnsOf(character), stringWidth(character), character);
    assert.equal(columnsOf(`e${character}`), stringWidth(`e${character}`), character);
  }
  assert.equal(columnsOf("©\uFE0F"), 2, "what follows may make it wide");
});

test("a pile of marks that would cover other lines is one replacement character", () => {
  assert.deepEqual(glyphs(`a${"\u0301".repeat(100)}`), [{ text: "\uFFFD", columns: 1 }]);
});

test("a text is cut between its glyphs and never wider than asked", () => {
  assert.equal(cut("abcdef", 4), "abc…");
  assert.equal(cut("漢字漢字", 4), "漢…");
  assert.equal(cut("漢字", 4), "漢字");
  assert.equal(cut("abc", 0), "");
  assert.equal(fit("漢字漢", 4), "漢… ");
  assert.equal(fit("ab", 4, "right"), "  ab");
});

test("what is written from right to left is known", () => {
  assert.ok(isRightToLeft("hey שלום"));
  assert.ok(isRightToLeft("مرحبا"));
  assert.ok(!isRightToLeft("hello 漢字 😀"));
});

test("a text that is cut inside shows both of its ends, in no more columns than it may", () => {
  assert.equal(cutInside("#room-number-28", 12), "#room-n…r-28");
  assert.equal(cutInside("#room-28", 12), "#room-28");
  assert.equal(cutInside("#room-number-28", 9), "#room-nu…");
  assert.equal(cutInside("#漢字の部屋はとても長い", 12), "#漢字の…長い");
  for (const columns of [0, 1, 9, 10, 11, 13]) {
    assert.ok(columnsOf(cutInside("#漢字の部屋はとても長い名前です", columns)) <= columns);
  }
});

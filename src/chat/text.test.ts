import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { cleanText, printable, printableLines, quoted, utf8Length } from "./text.ts";

const maxBytes = 2048;

/** Any UTF-16, lone surrogates among it, with what this file is about made frequent. */
const anyText = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) },
      { weight: 2, arbitrary: fc.integer({ min: 0, max: 0xa0 }).map((unit) => String.fromCharCode(unit)) },
      fc.constantFrom("\u2028", "\u202e", "\u2066", "\ufeff", "\x0312,4", "\x04ff0000", "👩‍👩‍👧", "7"),
    ),
  )
  .map((parts) => parts.join(""));

function cleaned(text: string): string {
  const result = cleanText(text, { maxBytes: Number.MAX_SAFE_INTEGER });
  assert.ok(result.ok, `refused: ${JSON.stringify(text)}`);
  return result.text;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

const replaced = [
  ...range(0, 0x1f).filter((code) => code !== 0x09),
  ...range(0x7f, 0x9f),
  ...range(0x2028, 0x202e),
  ...range(0x2066, 0x2069),
  0xfeff,
  0xd800,
  0xdbff,
  0xdc00,
  0xdfff,
];

test("a clean text arrives as it was sent", () => {
  for (const text of ["Hello Bob!", "a\tb", "  indented ", "naïve — 你好", "שלום עולם", "مرحبا", "क्षि"]) {
    assert.equal(cleaned(text), text);
  }
});

test("zero-width characters and tags stay in a text, since Khmer, Persian, emoji and flags need them", () => {
  for (const text of [
    "សួស្តី\u200bពិភពលោក",
    "می\u200cخواهم",
    "👩‍👩‍👧‍👦",
    "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
  ]) {
    assert.equal(cleaned(text), text);
    assert.equal(printable(text), text);
  }
});

test("what ends a line, moves a cursor or turns the writing is replaced in its place", () => {
  for (const code of replaced) {
    assert.equal(cleaned(`a${String.fromCharCode(code)}b`), "a\uFFFDb", `U+${code.toString(16)}`);
  }
  assert.equal(cleaned("one\r\ntwo"), "one\uFFFD\uFFFDtwo");
  assert.equal(cleaned("\x1b[2J"), "\uFFFD[2J");
  assert.equal(cleaned("\x02bold\x02"), "\uFFFDbold\uFFFD");
});

test("the codes of IRC's formatting stay where the door lets them, and nothing else does", () => {
  const of = (text: string): string => {
    const result = cleanText(text, { maxBytes: 1000, formatting: true });
    assert.equal(result.ok, true);
    return result.ok ? result.text : "";
  };
  const codes = "\x01\x02\x0304,05\x04ff0000\x0f\x11\x16\x1d\x1e\x1f";
  assert.equal(of(`${codes}a`), `${codes}a`);
  assert.equal(of("\x02a\x07\x1b\x02\ud800b\u202e"), "\x02a\ufffd\ufffd\x02\ufffdb\ufffd");
  assert.equal(of("a\nb"), "a\ufffdb");
});

test("a text has several lines only where the door lets it, and not more than it may", () => {
  const form = { maxBytes: 1000, maxLines: 3 };
  assert.deepEqual(cleanText("a\n\nb\x07", form), { ok: true, text: "a\n\nb\ufffd" });
  const refusal = { reason: "text-too-many-lines", maxLines: 3 };
  assert.deepEqual(cleanText("a\nb\nc\nd", form), { ok: false, refusal });
  assert.deepEqual(cleanText("\n \n", form), { ok: false, refusal: { reason: "text-empty" } });
});

test("what is printed of a text of several lines has no empty ones and no codes", () => {
  assert.deepEqual(printableLines("\x02a\x02\n\nb\x1bc"), ["a", "b\ufffdc"]);
  assert.deepEqual(printableLines("\n"), [""]);
});

test("nothing else is replaced", () => {
  const kept = range(0x20, 0xffff).filter(
    (code) => !replaced.includes(code) && (code < 0xd800 || code > 0xdfff),
  );
  const text = String.fromCharCode(...kept);
  assert.equal(cleaned(text), text);
});

test("a text of nothing but white space is refused as empty, however long", () => {
  for (const text of ["", " ", "\t", " \t\u00a0\u3000", "\r\n", " ".repeat(5000)]) {
    assert.deepEqual(cleanText(text, { maxBytes }), { ok: false, refusal: { reason: "text-empty" } });
  }
});

test("the limit of a text counts the bytes that came, not those of what replaces them", () => {
  const tooLong = { ok: false, refusal: { reason: "text-too-long", maxBytes: 8 } };
  for (const text of ["12345678", "éééé", "你好12", "👍👍", "\x00".repeat(7) + "a"]) {
    assert.equal(cleanText(text, { maxBytes: 8 }).ok, true, JSON.stringify(text));
    assert.deepEqual(cleanText(`${text}!`, { maxBytes: 8 }), tooLong, JSON.stringify(text));
  }
});

test("a text is clean after one cleaning", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      fc.pre(/\S/.test(text));
      const once = cleaned(text);
      assert.equal(cleaned(once), once);
      assert.doesNotMatch(once, /[^\P{Cc}\t]|[\u2028-\u202e\u2066-\u2069\ufeff]|\p{Cs}/u);
      assert.equal(once.length, text.length);
    }),
  );
});

test("IRC formatting is not shown, and a colour takes its digits along", () => {
  assert.equal(printable("\x02b\x02 \x1di\x1d \x1fu\x1f \x1es\x1e \x11m\x11 \x16r\x16\x0f"), "b i u s m r");
  assert.equal(printable("\x0304red\x03 \x033,12green on blue\x03"), "red green on blue");
  assert.equal(printable("\x03123"), "3");
  assert.equal(printable("\x034,x"), ",x");
  assert.equal(printable("\x04ff0000red\x04 \x0400ff00,0000FFgreen"), "red green");
  assert.equal(printable("\x01ACTION waves\x01"), "ACTION waves");
});

test("whatever else could move a cursor is shown as a replacement character", () => {
  assert.equal(
    printable("a\x1b[31mred\r\n\x07\x9b2J\x7f\u2028\u202e\ufeff"),
    "a\uFFFD[31mred\uFFFD\uFFFD\uFFFD\uFFFD2J\uFFFD\uFFFD\uFFFD\uFFFD",
  );
  assert.equal(printable("\ud83d and \udc4d"), "\uFFFD and \uFFFD");
  assert.equal(printable("a\tb"), "a\tb");
});

test("removing formatting brings nothing together that it kept apart", () => {
  assert.equal(printable("\x03\x0212"), "12");
  assert.equal(printable("\x1b\x02[2J"), "\uFFFD[2J");
  assert.equal(printable("\ud83d\x02\udc4d"), "👍");
});

test("what is printable has no control but TAB, and printing it again changes nothing", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const once = printable(text);
      assert.equal(printable(once), once);
      assert.doesNotMatch(once, /[^\P{Cc}\t]|[\u2028-\u202e\u2066-\u2069\ufeff]|\p{Cs}/u);
    }),
  );
});

test("a cleaned text is shown as it is", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      fc.pre(/\S/.test(text));
      assert.equal(printable(cleaned(text)), cleaned(text));
    }),
  );
});

test("a quotation is cut with a mark, between characters", () => {
  assert.equal(quoted("Zed"), "Zed");
  assert.equal(quoted("x".repeat(64)), "x".repeat(64));
  assert.equal(quoted("x".repeat(65)), `${"x".repeat(64)}…`);
  assert.equal(quoted("a👍👍👍", 3), "a👍👍…");
  assert.equal(quoted("a👍👍", 3), "a👍👍");
  assert.equal(quoted("a\nb\x02c", 10), "a\uFFFDbc");
  assert.equal(quoted("", 3), "");
});

test("a quotation is the beginning of what is printable", () => {
  fc.assert(
    fc.property(anyText, fc.nat(20), (text, maxCharacters) => {
      const all = Array.from(printable(text));
      const mark = all.length > maxCharacters ? "…" : "";
      assert.equal(quoted(text, maxCharacters), all.slice(0, maxCharacters).join("") + mark);
    }),
  );
});

test("the UTF-8 length is that of the encoded text", () => {
  const edges = [
    "",
    "\u007f",
    "\u0080",
    "\u07ff",
    "\u0800",
    "\ud7ff",
    "\ue000",
    "\uffff",
    "\u{10000}",
    "\u{10FFFF}",
  ];
  for (const text of [...edges, edges.join("")]) assert.equal(utf8Length(text), Buffer.byteLength(text));
  fc.assert(
    fc.property(anyText, (text) => {
      assert.equal(utf8Length(text), Buffer.byteLength(text));
    }),
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { printable } from "../../chat/text.ts";
import {
  type Colour,
  isFormatted,
  linesOf,
  plain,
  type Span,
  type Style,
  spansOf,
  withoutFormatting,
} from "./formatting.ts";

const palette = (index: number): Colour => ({ kind: "palette", index });
const rgb = (hex: string): Colour => ({ kind: "rgb", hex });
const span = (text: string, style: Partial<Style> = {}): Span => ({ text, style: { ...plain, ...style } });

const texts: readonly (readonly [string, string, readonly Span[]])[] = [
  ["nothing", "", []],
  ["no codes", "hello", [span("hello")]],
  ["only codes", "\x02\x0304\x0f", []],
  ["bold", "a\x02b\x02c", [span("a"), span("b", { bold: true }), span("c")]],
  ["italics", "\x1da", [span("a", { italic: true })]],
  ["underline", "\x1fa", [span("a", { underline: true })]],
  ["strikethrough", "\x1ea", [span("a", { strikethrough: true })]],
  ["monospace", "\x11a\x11b", [span("a", { monospace: true }), span("b")]],
  ["reverse", "\x16a\x16b", [span("a", { reverse: true }), span("b")]],
  [
    "several at once",
    "\x02\x1da\x02b",
    [span("a", { bold: true, italic: true }), span("b", { italic: true })],
  ],
  [
    "a reset",
    "\x02\x0304,12a\x0fb",
    [span("a", { bold: true, foreground: palette(4), background: palette(12) }), span("b")],
  ],
  [
    "a colour",
    "I love \x033IRC! \x03It",
    [span("I love "), span("IRC! ", { foreground: palette(3) }), span("It")],
  ],
  ["two digits are taken", "\x03133", [span("3", { foreground: palette(13) })]],
  [
    "a colour and its background",
    "\x0313,9cool",
    [span("cool", { foreground: palette(13), background: palette(9) })],
  ],
  ["a comma that is text", "\x0313,text", [span(",text", { foreground: palette(13) })]],
  ["a comma after a reset of colours", "\x0304a\x03,7", [span("a", { foreground: palette(4) }), span(",7")]],
  [
    "a foreground leaves the background",
    "\x034,5a\x036b",
    [
      span("a", { foreground: palette(4), background: palette(5) }),
      span("b", { foreground: palette(6), background: palette(5) }),
    ],
  ],
  [
    "the reader's own colours",
    "\x034,5a\x0399,99b",
    [span("a", { foreground: palette(4), background: palette(5) }), span("b")],
  ],
  ["the larger palette", "\x0398a", [span("a", { foreground: palette(98) })]],
  [
    "a hex colour",
    "\x04ff0000,00Ff00a\x04b",
    [span("a", { foreground: rgb("FF0000"), background: rgb("00FF00") }), span("b")],
  ],
  ["too few hex digits are text", "\x04ff00a", [span("ff00a")]],
  ["CTCP's delimiter is nothing", "\x01a\x01b", [span("a"), span("b")]],
];

for (const [behaviour, text, expected] of texts) {
  test(`formatting: ${behaviour}`, () => {
    assert.deepEqual(spansOf(text), expected);
    assert.equal(withoutFormatting(text), expected.map((each) => each.text).join(""));
    assert.equal(printable(text), withoutFormatting(text));
  });
}

test("reading one text leaves nothing for the next", () => {
  spansOf("\x02a");
  withoutFormatting("aaaaaaaa\x02");
  assert.deepEqual(spansOf("\x02b"), [span("b", { bold: true })]);
});

test("in lines a style goes on, and what is hostile is replaced", () => {
  const bold = { bold: true };
  assert.deepEqual(linesOf("a\x02b\n\nc\x1B\x02d"), [
    [span("a"), span("b", bold)],
    [],
    [span("c\uFFFD", bold), span("d")],
  ]);
  assert.deepEqual(linesOf(""), [[]]);
});

test("whether there are codes is known without reading them", () => {
  for (const [, text, spans] of texts) {
    const isPlain = spans.length <= 1 && (spans[0]?.text ?? "") === text;
    assert.equal(isFormatted(text), !isPlain, JSON.stringify(text));
  }
  assert.equal(isFormatted("tab\tand line\n"), false);
});

import assert from "node:assert/strict";
import test from "node:test";
import { textParts } from "./text-parts.ts";

/** The lines, with what leads somewhere in angle brackets. */
function shown(text: string): readonly string[] {
  return textParts(text).map((parts) =>
    parts.map(({ text: piece, href }) => (href === undefined ? piece : `<${href}>`)).join(""),
  );
}

const cases: readonly (readonly [text: string, ...lines: readonly string[]])[] = [
  ["hello", "hello"],
  ["one\ntwo", "one", "two"],
  ["see https://example.org/a?b=c#d now", "see <https://example.org/a?b=c#d> now"],
  ["(https://example.org/a)", "(<https://example.org/a>)"],
  ["(https://example.org/a_(b)?c=d&e#f).", "(<https://example.org/a_(b)?c=d&e#f>)."],
  ["https://example.org/a_(b)", "<https://example.org/a_(b)>"],
  ["https://example.org. Then", "<https://example.org>. Then"],
  ["is it https://example.org/?", "is it <https://example.org/>?"],
  ["HTTP://EXAMPLE.ORG/", "<HTTP://EXAMPLE.ORG/>"],
  [
    "javascript:alert(1) data:text/html,x ftp://example.org",
    "javascript:alert(1) data:text/html,x ftp://example.org",
  ],
  ["http://", "http://"],
  ['https://example.org/"onmouseover="x', '<https://example.org/>"onmouseover="x'],
  ["https://a.org https://b.org", "<https://a.org> <https://b.org>"],
];

for (const [text, ...lines] of cases) {
  test(`addresses in ${JSON.stringify(text)}`, () => assert.deepEqual(shown(text), lines));
}

test("formatting is kept beside addresses, and its codes are shown nowhere", () => {
  const [parts = []] = textParts("a \x02bold https://example.org\x02 b");
  assert.deepEqual(
    parts.map(({ text, style, href }) => [text, style.bold, href !== undefined]),
    [
      ["a ", false, false],
      ["bold ", true, false],
      ["https://example.org", true, true],
      [" b", false, false],
    ],
  );
});

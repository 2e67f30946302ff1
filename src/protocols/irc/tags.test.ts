import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { clientTags, formatTags, parseTags } from "./tags.ts";

const parsed: readonly (readonly [string, string, readonly (readonly [string, string])[]])[] = [
  ["nothing", "", []],
  ["a key and its value", "id=123AB", [["id", "123AB"]]],
  ["a key without a value", "rose", [["rose", ""]]],
  [
    "an empty value is none",
    "url=;rose",
    [
      ["url", ""],
      ["rose", ""],
    ],
  ],
  [
    "vendors and client tags",
    "+example.com/foo=bar;+typing=done",
    [
      ["+example.com/foo", "bar"],
      ["+typing", "done"],
    ],
  ],
  ["the value begins after the first =", "a=b=c", [["a", "b=c"]]],
  ["every escape", "a=\\:\\s\\\\\\r\\n", [["a", "; \\\r\n"]]],
  ["an escape of nothing", "a=test\\", [["a", "test"]]],
  ["an escape of what needs none", "a=\\b\\=\\🙂", [["a", "b=🙂"]]],
  ["an escaped backslash escapes nothing", "a=\\\\s", [["a", "\\s"]]],
  [
    "the example of the specification",
    "+example=raw+:=,escaped\\:\\s\\\\",
    [["+example", "raw+:=,escaped; \\"]],
  ],
  [
    "the last of a key counts",
    "a=1;b=2;a=3",
    [
      ["a", "3"],
      ["b", "2"],
    ],
  ],
  [
    "keys are told apart by case",
    "a=1;A=2",
    [
      ["a", "1"],
      ["A", "2"],
    ],
  ],
  ["keys are not looked at", "ä/ö,ü=1", [["ä/ö,ü", "1"]]],
  [
    "keys of objects",
    "__proto__=1;constructor",
    [
      ["__proto__", "1"],
      ["constructor", ""],
    ],
  ],
  ["no key", ";;=x;a;", [["a", ""]]],
];

for (const [behaviour, data, expected] of parsed) {
  test(`tags are read: ${behaviour}`, () => {
    assert.deepEqual([...parseTags(data)], expected);
  });
}

test("tags are written with the server's first", () => {
  const tags = new Map([
    ["+typing", "active"],
    ["time", "2011-10-19T16:40:51.620Z"],
    ["+draft/react", "a; b\\"],
    ["bot", ""],
  ]);
  assert.equal(
    formatTags(tags),
    "@time=2011-10-19T16:40:51.620Z;bot;+typing=active;+draft/react=a\\:\\sb\\\\ ",
  );
  assert.equal(formatTags(new Map()), "");
});

test("only clients' tags are passed on", () => {
  const tags = parseTags("label=1;+reply=abc;account=root;+typing=active;msgid=forged");
  assert.deepEqual([...clientTags(tags).keys()], ["+reply", "+typing"]);
  assert.equal(clientTags(parseTags("label=1")).size, 0);
});

test("whatever the values, tags are read as they were written", () => {
  const key = fc.stringMatching(/^\+?[a-z/.-]{1,8}$/);
  const value = fc.string({ unit: fc.constantFrom(";", " ", "\r", "\n", "\\", "=", ":", "s", "ä", "🙂") });
  fc.assert(
    fc.property(fc.array(fc.tuple(key, value)), (entries) => {
      const tags = new Map(entries);
      const written = formatTags(tags);
      assert.doesNotMatch(written.slice(0, -1), /[ \r\n]/);
      const read = parseTags(written.slice(1, -1));
      assert.deepEqual(new Map(read), tags);
    }),
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { matchesMask, normalMask, parseMask } from "./mask.ts";

const normal: readonly (readonly [string, string])[] = [
  ["bob", "bob!*@*"],
  ["bob!", "bob!*@*"],
  ["bob!~b", "bob!~b@*"],
  ["bob@host", "*!bob@host"],
  ["@host", "*!*@host"],
  ["bob!~b@host", "bob!~b@host"],
  ["!@", "*!*@*"],
  ["", "*!*@*"],
  ["*", "*!*@*"],
  ["b**b***!**@**.example", "b*b*!*@*.example"],
  ["bob!~b@a@b", "bob!~b@a@b"],
  ["Böb", "Böb!*@*"],
];

for (const [text, expected] of normal) {
  test(`the mask ${JSON.stringify(text)} is ${expected}`, () => {
    assert.equal(normalMask(text), expected);
    assert.equal(normalMask(expected), expected);
  });
}

const matches: readonly (readonly [string, string, boolean])[] = [
  ["a?c", "abc", true],
  ["a?c", "ac", false],
  ["a*c", "ac", true],
  ["a*c", "abbbc", true],
  ["a*c", "abcd", false],
  ["*", "", true],
  ["?", "", false],
  ["", "", true],
  ["", "a", false],
  ["*b*", "abc", true],
  ["*b", "abcb", true],
  ["*ab*ab", "abab", true],
  ["*ab*ab", "aab", false],
  ["*?*?*", "a", false],
  ["*?*?*", "ab", true],
  ["bob!*@*", "BOB!~b@host", true],
  ["BOB!*@*", "bob!~b@host", true],
  ["*!*@*.example.com", "bob!~b@a.example.com", true],
  ["*!*@*.example.com", "bob!~b@example.com", false],
  ["\\*", "*", true],
  ["\\*", "a", false],
  ["\\?x", "?x", true],
  ["a\\b", "a\\b", true],
  ["a\\\\*", "a\\*", true],
  ["\\", "\\", true],
  ["?", "🙂", true],
  ["??", "🙂", false],
  ["*🙂?", "a🙂🙂", true],
  ["e\u0301*", "Été", true],
  ["[a]*", "[A]b", true],
  ["[a]*", "{a}b", false],
  [".*", "ab", false],
];

for (const [mask, subject, expected] of matches) {
  test(`${mask} ${expected ? "matches" : "does not match"} ${subject || "nothing"}`, () => {
    assert.equal(matchesMask(parseMask(mask), subject), expected);
  });
}

test("a mask matches as its regular expression does", () => {
  const mask = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 8 });
  const subject = fc.string({ unit: fc.constantFrom("a", "b", "🙂"), maxLength: 8 });
  fc.assert(
    fc.property(mask, subject, (pattern, text) => {
      const expression = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`, "su");
      assert.equal(matchesMask(parseMask(pattern), text), expression.test(text));
    }),
    { numRuns: 5000 },
  );
});

test("the worst mask takes no more steps than both lengths make", () => {
  let steps = 0;
  const mask = new Proxy(parseMask(`${"*a".repeat(100)}b`), {
    get: (parts, key) => {
      steps += 1;
      return Reflect.get(parts, key) as unknown;
    },
  });
  assert.equal(matchesMask(mask, "a".repeat(200)), false);
  assert.ok(steps < 3 * 200 * 200, `${steps} steps`);
});

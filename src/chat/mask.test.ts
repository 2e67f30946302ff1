import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { foldOf } from "./casemapping.ts";
import { matchesMask, matchesPerson, mutedBy, normalMask } from "./mask.ts";
import { foldName } from "./name.ts";

const whole: readonly (readonly [typed: string, mask: string])[] = [
  ["ann", "ann!*@*"],
  ["Ann", "ann!*@*"],
  ["ÄNN", "änn!*@*"],
  ["*@host", "*!*@host"],
  ["user@host", "*!user@host"],
  ["ann!user", "ann!user@*"],
  ["ann!user@host", "ann!user@host"],
  ["ann!@", "ann!*@*"],
  ["!@", "*!*@*"],
  ["a@b@c", "*!a@b@c"],
  ["ann!", "ann!*@*"],
  ["ann of york", "ann?of?york!*@*"],
  ["a\u001b[2J", "a\ufffd[2j!*@*"],
  ["a\nb", "a\ufffdb!*@*"],
  ["a\u2028b", "a\ufffdb!*@*"],
  ["~a:Ann", "~a:ann"],
  ["~account:A*", "~a:a*"],
  ["~A:ann", "~a:ann"],
  ["~m:Ann", "~m:ann!*@*"],
  ["~mute:*@host", "~m:*!*@host"],
  ["~m:~account:ann", "~m:~a:ann"],
  ["~m:~m:ann", "~m:ann!*@*"],
  ["~a:", "~a:!*@*"],
  ["~x:ann", "~x:ann!*@*"],
];

for (const [typed, mask] of whole) {
  test(`${JSON.stringify(typed)} means ${JSON.stringify(mask)}`, () => {
    assert.equal(normalMask(typed), mask);
    assert.equal(normalMask(mask), mask, "a whole mask means itself");
  });
}

const matches: readonly (readonly [mask: string, text: string, does: boolean])[] = [
  ["", "", true],
  ["", "a", false],
  ["*", "", true],
  ["*", "anything", true],
  ["?", "", false],
  ["?", "a", true],
  ["?", "🦊", true],
  ["??", "🦊", false],
  ["a*", "ann", true],
  ["*n", "ann", true],
  ["a*n*", "ann", true],
  ["a?n", "ann", true],
  ["a?n", "an", false],
  ["*a*b", "xaybzb", true],
  ["*a*b", "xaybzbx", false],
  ["**", "", true],
  ["a**b", "ab", true],
  ["[a]", "[a]", true],
  ["a.n", "ann", false],
  ["\\*", "\\x", true],
  ["ann!*@*", "ann!line@host", true],
  ["ann!*@*", "joann!line@host", false],
];

for (const [mask, text, does] of matches) {
  test(`${JSON.stringify(mask)} ${does ? "means" : "does not mean"} ${JSON.stringify(text)}`, () => {
    assert.equal(matchesMask(mask, text), does);
  });
}

/** As slow as it is plain. */
function matchesPlainly(mask: readonly string[], text: readonly string[]): boolean {
  const [first, ...rest] = mask;
  if (first === undefined) return text.length === 0;
  if (first === "*") {
    return matchesPlainly(rest, text) || (text.length > 0 && matchesPlainly(mask, text.slice(1)));
  }
  return text.length > 0 && (first === "?" || first === text[0]) && matchesPlainly(rest, text.slice(1));
}

test("masks mean what trying everything says", () => {
  const letters = fc.constantFrom("a", "b", "*", "?");
  const texts = fc.constantFrom("a", "b", "🦊");
  fc.assert(
    fc.property(fc.array(letters, { maxLength: 8 }), fc.array(texts, { maxLength: 8 }), (mask, text) => {
      assert.equal(matchesMask(mask.join(""), text.join("")), matchesPlainly(mask, text));
    }),
    { numRuns: 2000 },
  );
});

/** A text that counts how often one of its characters is looked at. */
function stepsOf(mask: string, text: string): number {
  let steps = 0;
  const from = Array.from;
  Array.from = ((characters: string) =>
    new Proxy(from(characters), {
      get: (target, key, receiver) => {
        if (typeof key === "string" && /^\d+$/.test(key)) steps += 1;
        return Reflect.get(target, key, receiver) as unknown;
      },
    })) as typeof Array.from;
  try {
    assert.equal(matchesMask(mask, text), false);
  } finally {
    Array.from = from;
  }
  return steps;
}

test("a mask of many stars costs in proportion to its text", () => {
  const hostile = (stars: number) => stepsOf(`${"*a".repeat(stars)}*b`, "a".repeat(4 * stars));
  const [small, large] = [hostile(100), hostile(200)];
  assert.ok(large < 2.1 * small, `${small} looks at a text, ${large} at one twice as long`);
});

test("a normal mask is a word of a line, and folded", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (typed) => {
      const mask = normalMask(typed);
      assert.match(mask, /^[^\s]+![^\s]+@[^\s]+$/u);
      assert.equal(mask, foldName(mask));
    }),
  );
});

test("a mask is folded as names are", () => {
  assert.equal(normalMask("Foo[!*@Host", foldOf("rfc1459")), "foo{!*@host");
  assert.equal(normalMask("~a:Foo[", foldOf("rfc1459")), "~a:foo{");
});

test("a mask of accounts means nobody without one, and no name", () => {
  assert.ok(matchesPerson("~a:ann", "bob!~b@host", "ann"));
  assert.ok(matchesPerson("~a:*", "bob!~b@host", "ann"));
  assert.ok(!matchesPerson("~a:*", "bob!~b@host", undefined));
  assert.ok(!matchesPerson("~a:bob", "bob!~b@host", "ann"));
  assert.ok(matchesPerson("bob!*@*", "bob!~b@host", "ann"));
});

test("whom a mask mutes", () => {
  assert.equal(mutedBy("~m:~a:ann"), "~a:ann");
  assert.equal(mutedBy("~a:ann"), undefined);
  assert.equal(mutedBy("ann!*@*"), undefined);
});

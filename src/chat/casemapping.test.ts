import assert from "node:assert/strict";
import { test } from "node:test";
import { type Casemapping, foldIn } from "./casemapping.ts";

const folds: readonly (readonly [Casemapping, string, string])[] = [
  ["ascii", "Dan[A]\\~^|", "dan[a]\\~^|"],
  ["rfc1459", "Dan[A]\\~^|", "dan{a}|^^|"],
  ["rfc1459-strict", "Dan[A]\\~^|", "dan{a}|~^|"],
  ["ascii", "#ÄÖ", "#äö"],
  ["rfc1459", "#Ä[", "#ä{"],
  ["ascii", "ΣΊΣΥΦΟΣ", "σίσυφοσ"],
  ["ascii", "Ｄａｎ", "dan"],
  ["rfc1459", "［", "{"],
];

for (const [casemapping, name, expected] of folds) {
  test(`${name} is ${expected} in ${casemapping}, and that stays as it is`, () => {
    assert.equal(foldIn(casemapping, name), expected);
    assert.equal(foldIn(casemapping, expected), expected);
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { maxPasswordBytes, parsePassword } from "./password.ts";
import { utf8Length } from "./text.ts";

test("a password is itself: case, spaces and what a name may not have stay", () => {
  for (const text of [
    "a",
    "Se Same",
    " x ",
    "/quit",
    "пароль",
    "密码",
    "👩‍👩‍👧",
    "❤️",
    "می‌خواهم",
    "\u00ADa",
  ]) {
    assert.equal(parsePassword(text), text);
  }
});

test("what one keyboard composes and another one does not is one password, and so is every space", () => {
  assert.equal(parsePassword("cafe\u0301"), "caf\u00E9");
  assert.equal(parsePassword("\u212B"), "\u00C5");
  assert.equal(parsePassword("a\u00A0b\u3000c"), "a b c");
  // Compatibility forms stay apart, unlike in SASLprep.
  assert.notEqual(parsePassword("ﬁ"), parsePassword("fi"));
});

test("a password is not empty, and has no control character and none that cannot be read", () => {
  assert.deepEqual(parsePassword(""), { reason: "password-empty" });
  const unreadable = [
    "a\0b",
    "a\tb",
    "\x1b[A",
    "a\x7f",
    "a\x85",
    "\u2028",
    "\u2029",
    "\uD800",
    "\uDC00a",
    "\uFFFD",
  ];
  for (const text of [...unreadable, "\uE000", "\uFFFF", "\u0378", "\u{E0FFF}"]) {
    assert.deepEqual(parsePassword(text), { reason: "password-unreadable" }, JSON.stringify(text));
  }
});

test("the shortest is counted in characters and not in bytes or units, in the normal form", () => {
  const tooShort = { reason: "password-too-short", minCharacters: 4 };
  for (const text of ["abc", "👍👍👍", "abe\u0301", "密码密"])
    assert.deepEqual(parsePassword(text, 4), tooShort, text);
  for (const text of ["abcd", "👍👍👍👍", "abce\u0301"])
    assert.equal(typeof parsePassword(text, 4), "string", text);
  assert.equal(parsePassword("a"), "a");
});

test("the longest is counted in bytes, in the normal form", () => {
  const tooLong = { reason: "password-too-long", maxBytes: maxPasswordBytes };
  const half = maxPasswordBytes / 2;
  const longest = ["a".repeat(maxPasswordBytes), "é".repeat(half), "u\u0308\u0304".repeat(half)];
  for (const text of longest) assert.equal(parsePassword(text), text.normalize("NFC"));
  for (const text of longest) assert.deepEqual(parsePassword(`${text}a`), tooLong);
  assert.deepEqual(parsePassword("a".repeat(1_000_000)), tooLong);
});

test("no character decomposes so far that a password which is short enough could be refused unnormalized", () => {
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const character = String.fromCodePoint(code).normalize("NFC");
    const units = character.normalize("NFD").length;
    assert.ok(units <= 2 * utf8Length(character), code.toString(16));
  }
});

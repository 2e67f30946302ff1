import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  flagLetters,
  type ModeChange,
  maskLetters,
  modeText,
  parseModeText,
  roleLetters,
  rolesByRank,
} from "./mode.ts";

const texts: readonly (readonly [changes: readonly ModeChange[], text: string])[] = [
  [[], ""],
  [[{ kind: "flag", flag: "moderated", on: true }], "+m"],
  [
    [
      { kind: "flag", flag: "moderated", on: true },
      { kind: "flag", flag: "hidden", on: true },
      { kind: "flag", flag: "noOutside", on: false },
    ],
    "+ms-n",
  ],
  [
    [
      { kind: "role", role: "operator", name: "Ann", on: true },
      { kind: "mask", list: "bans", mask: "*!*@x", on: false },
      { kind: "key", key: "sesame" },
      { kind: "limit", limit: 5 },
    ],
    "+o-b+kl Ann *!*@x * 5",
  ],
  [
    [
      { kind: "limit", limit: undefined },
      { kind: "key", key: undefined },
    ],
    "-lk *",
  ],
];

for (const [changes, text] of texts) {
  test(`${JSON.stringify(text)} is written`, () => assert.equal(modeText(changes), text));
}

const letters = [...Object.values(flagLetters), ...Object.values(maskLetters), ...Object.values(roleLetters)];

test("no two modes have one letter", () => {
  assert.equal(new Set([...letters, "k", "l"]).size, letters.length + 2);
});

test("roles are ranked from the highest down", () => {
  assert.deepEqual(rolesByRank, ["owner", "admin", "operator", "halfOperator", "voice"]);
});

const keys = <Key extends string>(record: Readonly<Record<Key, string>>): fc.Arbitrary<Key> =>
  fc.constantFrom(...(Object.keys(record) as Key[]));
const word = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
  .filter((text) => !text.includes(" "));

const change: fc.Arbitrary<ModeChange> = fc.oneof(
  fc.record({ kind: fc.constant("flag" as const), flag: keys(flagLetters), on: fc.boolean() }),
  // A key is written as a star.
  fc.record({ kind: fc.constant("key" as const), key: fc.constantFrom("*", undefined) }),
  fc.record({
    kind: fc.constant("limit" as const),
    limit: fc.option(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), { nil: undefined }),
  }),
  fc.record({ kind: fc.constant("mask" as const), list: keys(maskLetters), mask: word, on: fc.boolean() }),
  fc.record({ kind: fc.constant("role" as const), role: keys(roleLetters), name: word, on: fc.boolean() }),
);

test("what is written is read as it was", () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
      assert.deepEqual(
        parseModeText(modeText(changes)),
        changes.map((one) => ({ ...one })),
      );
    }),
    { numRuns: 1000 },
  );
});

const read: readonly (readonly [text: string, changes: readonly ModeChange[]])[] = [
  ["m", [{ kind: "flag", flag: "moderated", on: true }]],
  ["+-m", [{ kind: "flag", flag: "moderated", on: false }]],
  ["-k", [{ kind: "key", key: undefined }]],
  ["+k", []],
  ["+o", []],
  ["+b", []],
  ["+b ", []],
  ["+l", []],
  ["+l 0", []],
  ["+l -5", []],
  ["+l 1e3", []],
  ["+l 99999999999999999999", []],
  ["+l many", []],
  ["+lm many", [{ kind: "flag", flag: "moderated", on: true }]],
  ["-l", [{ kind: "limit", limit: undefined }]],
  ["+Xm", [{ kind: "flag", flag: "moderated", on: true }]],
];

for (const [text, changes] of read) {
  test(`${JSON.stringify(text)} asks for ${JSON.stringify(changes)}`, () => {
    assert.deepEqual(parseModeText(text), changes);
  });
}

test("whatever is read is something that can be written, and nothing throws", () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string()), (first, rest) => {
      const changes = parseModeText([first, ...rest].join(" "));
      for (const one of changes) {
        if (one.kind === "limit" && one.limit !== undefined)
          assert.ok(Number.isSafeInteger(one.limit) && one.limit > 0);
        if (one.kind === "key") assert.notEqual(one.key, "");
        if (one.kind === "mask") assert.notEqual(one.mask, "");
      }
      assert.equal(typeof modeText(changes), "string");
    }),
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { judge, type Trust, type Verdict } from "./trust.ts";

const first: Trust = { kind: "pinned", fingerprint: "AA" };
const vouched: Trust = { kind: "vouched" };
const own = { isVouched: false, fingerprint: "AA" };
const other = { isVouched: false, fingerprint: "BB" };
const official = { isVouched: true, fingerprint: "CC" };
const trusted = (remember?: Trust): Verdict => ({ kind: "trusted", remember });
const refused = (before: Trust): Verdict => ({ kind: "refused", before });

const cases: readonly (readonly [
  what: string,
  shown: typeof own,
  known: Trust | undefined,
  verdict: Verdict,
  accepted: Verdict,
])[] = [
  ["the first one seen is remembered", own, undefined, trusted(first), trusted(first)],
  ["the same again", own, first, trusted(), trusted()],
  ["another one", other, first, refused(first), trusted({ kind: "pinned", fingerprint: "BB" })],
  ["the first one that is vouched for", official, undefined, trusted(vouched), trusted(vouched)],
  ["one that is vouched for, again or another", official, vouched, trusted(), trusted()],
  ["one that is vouched for in place of one's own", official, first, trusted(vouched), trusted(vouched)],
  ["one's own in place of one that was vouched for", own, vouched, refused(vouched), trusted(first)],
];

for (const [what, shown, known, verdict, accepted] of cases) {
  test(`a certificate is judged: ${what}`, () => {
    assert.deepEqual(judge(shown, known, false), verdict);
    assert.deepEqual(judge(shown, known, true), accepted);
  });
}

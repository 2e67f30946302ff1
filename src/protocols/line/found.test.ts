import assert from "node:assert/strict";
import { test } from "node:test";
import { foundBlock, foundTitle, type ShownHit } from "./found.ts";

const alice = { id: "a", name: "Alice" };
const bob = { id: "b", name: "Bob" };

function at(minute: number): number {
  return new Date(2026, 10, 24, 12, minute, 10).getTime();
}

function said(number: number, text: string, but: Partial<ShownHit["event"]> = {}): ShownHit["event"] {
  return { stream: "#lobby", number, at: at(number), kind: "text", from: alice, text, ...but };
}

test("each message has its place and day, and indented what stands around it", () => {
  const secret = said(3, "lunch?", { stream: "dm:a:b", from: bob, to: alice });
  const hits = [
    { event: said(12, "lunch at one?"), before: said(11, "hungry"), after: said(13, "yes", { from: bob }) },
    { event: secret },
    { event: said(7, "eats lunch", { stream: "#tea", kind: "action" }) },
  ];
  const shown = foundBlock({ hits, found: 3, isComplete: true }, { query: "lunch", reader: "a" });
  assert.equal(
    shown,
    [
      "--- 3 messages for 'lunch', the best first ---",
      "   [12:11:10] Alice: hungry",
      "#12 [Tuesday 24 November 2026 12:12:10] Alice: lunch at one?",
      "   [12:13:10] Bob: yes",
      "   …",
      "@Bob [Tuesday 24 November 2026 12:03:10] [PM from Bob] lunch?",
      "   …",
      "#tea #7 [Tuesday 24 November 2026 12:07:10] * Alice eats lunch",
      "--- end of the search; /since 11 goes to #12 ---",
      "",
    ].join("\n"),
  );
  const own = foundBlock(
    { hits: [{ event: secret }], found: 1, isComplete: true },
    { query: "x", reader: "b" },
  );
  assert.match(own, /^@Alice \[.*\] \[PM to Alice\] lunch\?$/m);
  assert.match(own, /--- end of the search ---\n$/);
});

test("the title says how much was found, and whether all was looked at", () => {
  const hits = [{ event: said(1, "x") }, { event: said(2, "x") }];
  const titles: readonly (readonly [number, readonly ShownHit[], boolean, string])[] = [
    [0, [], true, "no message for 'x'"],
    [0, [], false, "no message for 'x' among the newest; older ones were not looked at"],
    [1, hits.slice(1), true, "1 message for 'x'"],
    [2, hits, true, "2 messages for 'x', the best first"],
    [9, hits, true, "the best 2 of 9 messages for 'x'"],
    [9, hits, false, "the best 2 of 9 messages for 'x'; older ones were not looked at"],
  ];
  for (const [found, shown, isComplete, title] of titles) {
    assert.equal(foundTitle({ hits: shown, found, isComplete }, "x"), title);
  }
});

test("nobody's text moves a cursor or makes a line", () => {
  const event = said(1, "\x1b[2Jx\n--- end ---", { from: { id: "z", name: "\rZ" } });
  const shown = foundBlock(
    { hits: [{ event }], found: 1, isComplete: true },
    { query: "\x1b[2J\n", reader: "a" },
  );
  assert.equal(shown.split("\n").length, 4);
  assert.doesNotMatch(shown.replaceAll("\n", ""), /[\0-\x1f\x7f]/);
});

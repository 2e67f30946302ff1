import assert from "node:assert/strict";
import { test } from "node:test";
import { goneLine, historyBlock, sinceBlock } from "./history.ts";
import type { ShownEvent } from "./render.ts";

const monday = (...time: [number, number, number]): number => new Date(2026, 10, 23, ...time).getTime();
const now = monday(23, 59, 59);
const tuesday = new Date(2026, 10, 24, 0, 0, 0).getTime();

function said(number: number, at: number): ShownEvent {
  return { number, at, kind: "text", from: { id: "a", name: "Alice" }, text: `m${number}` };
}

const two = [said(122, monday(14, 30, 15)), said(123, monday(14, 30, 16))];

test("history stands between a line that says so and one that ends it", () => {
  assert.equal(
    historyBlock(two, now),
    "--- the last 2 messages ---\n[14:30:15] Alice: m122\n[14:30:16] Alice: m123\n--- end of history, up to #123 ---\n",
  );
  assert.match(historyBlock(two.slice(1), now), /^--- the last message ---\n/);
});

test("history of nothing says so", () => {
  assert.equal(historyBlock([], now), "--- no messages to show ---\n");
});

test("history is dated where the day changes, up to today", () => {
  assert.equal(
    historyBlock([said(1, monday(0, 0, 0)), said(2, now), said(3, tuesday)], tuesday),
    [
      "--- the last 3 messages ---",
      "--- Monday 23 November 2026 ---",
      "[00:00:00] Alice: m1",
      "[23:59:59] Alice: m2",
      "--- Tuesday 24 November 2026 ---",
      "[00:00:00] Alice: m3",
      "--- end of history, up to #3 ---",
      "",
    ].join("\n"),
  );
  const old = historyBlock([said(1, now)], tuesday);
  assert.match(old, /Monday 23[^\n]*\n[^\n]*m1\n--- Tuesday 24 November 2026 ---\n--- end/);
});

test("messages after a number come with their numbers", () => {
  assert.equal(
    sinceBlock({ events: two, floor: 0, head: 123 }, { after: 121, now }),
    [
      "--- messages after #121 ---",
      "#122 [14:30:15] Alice: m122",
      "#123 [14:30:16] Alice: m123",
      "--- end of history ---",
      "",
    ].join("\n"),
  );
});

test("where there are more, the last line says how to go on", () => {
  const block = sinceBlock({ events: two, floor: 0, head: 124 }, { after: 121, now });
  assert.match(block, /\n--- there are more: \/since 123 ---\n$/);
});

test("what is gone of the messages asked for is told", () => {
  const lines = sinceBlock({ events: two, floor: 121, head: 123 }, { after: 5, now }).split("\n");
  assert.deepEqual(lines.slice(0, 3), [
    "--- messages after #5 ---",
    "--- #6 to #121 are no longer kept ---",
    "#122 [14:30:15] Alice: m122",
  ]);
  assert.doesNotMatch(sinceBlock({ events: two, floor: 121, head: 123 }, { after: 121, now }), /no longer/);
  assert.match(
    sinceBlock({ events: two, floor: 121, head: 123 }, { after: 120, now }),
    /#121 is no longer kept/,
  );
});

test("where everything is gone there is nothing to go on with", () => {
  assert.equal(
    sinceBlock({ events: [], floor: 9, head: 9 }, { after: 0, now }),
    "--- messages after #0 ---\n--- #1 to #9 are no longer kept ---\n--- end of history ---\n",
  );
});

test("nothing after a number says so, and what the last number is", () => {
  assert.equal(
    sinceBlock({ events: [], floor: 0, head: 9 }, { after: 9, now }),
    "--- no messages after #9; the last is #9 ---\n",
  );
  assert.equal(
    sinceBlock({ events: [], floor: 0, head: 0 }, { after: 0, now }),
    "--- no messages to show ---\n",
  );
});

test("a range that is gone", () => {
  assert.equal(goneLine({ from: 2, to: 4 }), "--- #2 to #4 are no longer kept ---\n");
  assert.equal(goneLine({ from: 2, to: 2 }), "--- #2 is no longer kept ---\n");
});

test("of what IRC clients signal reactions alone are shown, and the numbers say that there is more", () => {
  const at = monday(14, 0, 0);
  const events = [
    { ...said(1, at), text: "hello" },
    { ...said(2, at), kind: "signal", text: "👍" } as const,
    { ...said(3, at), kind: "signal", text: "" } as const,
  ];
  const block = historyBlock(events, at);
  assert.match(
    block,
    /^--- the last 2 messages ---\n.*hello\n.*\[SYSTEM\] Alice reacted: 👍\n--- end of history, up to #3 ---\n$/,
  );
  const since = sinceBlock({ events, floor: 0, head: 3 }, { after: 1, now: at });
  assert.match(since, /\n#2 .*reacted: 👍\n--- end of history ---\n$/);
  assert.doesNotMatch(since, /#3/);
});

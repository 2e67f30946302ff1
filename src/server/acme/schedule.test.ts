import assert from "node:assert/strict";
import test from "node:test";
import { renewalDueAt, retryPauseMs } from "./schedule.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;

test("a certificate is renewed with a third of its lifetime left, or a fiftieth of it earlier", () => {
  const ninetyDays = { from: 0, to: 90 * dayMs };
  assert.equal(renewalDueAt(ninetyDays, 0), 60 * dayMs);
  assert.equal(Math.round(renewalDueAt(ninetyDays, 1) / minuteMs), (58.2 * dayMs) / minuteMs);
  assert.equal(renewalDueAt({ from: dayMs, to: 7 * dayMs }, 0), 5 * dayMs);
});

test("the pause doubles with each failure, from a minute to a day, and is no shorter than the authority wants", () => {
  assert.deepEqual(
    [1, 2, 3, 11, 12, 5000].map((failures) => retryPauseMs(failures, undefined)),
    [minuteMs, 2 * minuteMs, 4 * minuteMs, 1024 * minuteMs, dayMs, dayMs],
  );
  assert.equal(retryPauseMs(1, 3 * dayMs), 3 * dayMs);
  assert.equal(retryPauseMs(3, 1000), 4 * minuteMs);
});

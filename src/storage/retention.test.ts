import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { wantedFloor } from "./retention.ts";

const forever = Number.POSITIVE_INFINITY;

/** The floor of a stream whose events above `floor` were said at these times, and how many were looked at. */
async function floorOf(
  times: readonly number[],
  policy: { readonly keepMessages?: number; readonly keepMs?: number; readonly floor?: number },
): Promise<{ readonly wanted: number; readonly asked: number }> {
  const { floor = 0, keepMessages = forever, keepMs = forever } = policy;
  let asked = 0;
  const wanted = await wantedFloor(
    { floor, head: floor + times.length },
    { keepMessages, keepMs, now: 1000 },
    async (number) => {
      asked += 1;
      return times[number - floor];
    },
  );
  return { wanted, asked };
}

test("the last messages are kept, and a floor never falls", async () => {
  assert.equal((await floorOf([1, 2, 3], { keepMessages: 2 })).wanted, 1);
  assert.equal((await floorOf([1, 2, 3], { keepMessages: 3 })).wanted, 0);
  assert.equal((await floorOf([1, 2, 3], { keepMessages: 9, floor: 5 })).wanted, 5);
  assert.equal((await floorOf([], { keepMessages: 1, keepMs: 1, floor: 5 })).wanted, 5);
});

test("what is older goes, and what is just so old stays", async () => {
  assert.equal((await floorOf([100, 899, 900, 901], { keepMs: 100 })).wanted, 2);
  assert.equal((await floorOf([100, 200], { keepMs: 100 })).wanted, 2);
  assert.equal((await floorOf([100, 200, 950], { keepMs: 100, keepMessages: 1 })).wanted, 2);
  assert.deepEqual(await floorOf([950, 960, 970, 980], { keepMs: 100 }), { wanted: 0, asked: 1 });
});

test("exactly what is beyond either limit goes, with few looks", async () => {
  const times = fc
    .array(fc.nat(1000), { maxLength: 300 })
    .map((all) => all.sort((one, other) => one - other));
  const limit = fc.integer({ min: 1, max: 1000 });
  await fc.assert(
    fc.asyncProperty(times, limit, limit, fc.nat(50), async (said, keepMessages, keepMs, floor) => {
      const { wanted, asked } = await floorOf(said, { keepMessages, keepMs, floor });
      const kept = said.slice(-keepMessages).filter((at) => at >= 1000 - keepMs);
      assert.equal(wanted, floor + said.length - kept.length);
      assert.ok(asked <= 11);
    }),
  );
});

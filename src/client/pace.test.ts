import assert from "node:assert/strict";
import { test } from "node:test";
import { Pace } from "./pace.ts";

test("a burst goes at once, then so many a second", () => {
  const pace = new Pace();
  pace.adopt({ burst: 3, perSecond: 2 }, 0);
  for (let sent = 0; sent < 3; sent += 1) {
    assert.equal(pace.waitMs(0), 0);
    pace.spend(0);
  }
  assert.equal(pace.waitMs(0), 500);
  assert.equal(pace.waitMs(200), 300);
  assert.equal(pace.waitMs(500), 0);
  pace.spend(500);
  assert.equal(pace.waitMs(500), 500);
  assert.equal(pace.waitMs(60_000), 0);
});

test("what was spent stays spent over a reconnect", () => {
  const pace = new Pace();
  pace.adopt({ burst: 2, perSecond: 1 }, 0);
  pace.spend(0);
  pace.spend(0);
  pace.adopt({ burst: 2, perSecond: 1 }, 100);
  assert.equal(pace.waitMs(100), 900);
});

test("what costs more waits longer, but never for more than there can be", () => {
  const pace = new Pace();
  pace.adopt({ burst: 5, perSecond: 1 }, 0);
  pace.spend(0, 4);
  assert.equal(pace.waitMs(0), 0);
  assert.equal(pace.waitMs(0, 4), 3000);
  pace.adopt({ burst: 2, perSecond: 1 }, 10_000);
  assert.equal(pace.waitMs(20_000, 4), 0);
  pace.spend(20_000, 4);
  assert.equal(pace.waitMs(20_000), 1000);
});

test("unlimited never waits, unless the server asked for it", () => {
  const pace = new Pace();
  pace.adopt(null, 0);
  pace.spend(0);
  assert.equal(pace.waitMs(0), 0);
  pace.hold(700, 0);
  assert.equal(pace.waitMs(200), 500);
});

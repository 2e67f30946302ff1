import assert from "node:assert/strict";
import { test } from "node:test";
import { Backoff, defaultBackoff } from "./backoff.ts";

test("the ceiling doubles up to the maximum", () => {
  const backoff = new Backoff(defaultBackoff, () => 1);
  const waits = Array.from({ length: 8 }, () => backoff.next());
  assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});

test("the whole range down to the minimum is used", () => {
  const backoff = new Backoff(defaultBackoff, () => 0);
  assert.deepEqual([backoff.next(), backoff.next(), backoff.next()], [500, 500, 500]);
});

test("a reset begins anew, and many failures stay at the maximum", () => {
  const backoff = new Backoff(defaultBackoff, () => 1);
  for (let failure = 0; failure < 5000; failure += 1) assert.ok(backoff.next() <= 30_000);
  backoff.reset();
  assert.equal(backoff.next(), 1000);
});

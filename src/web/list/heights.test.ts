import assert from "node:assert/strict";
import test from "node:test";
import { Heights, rowAtEdge } from "./heights.ts";

test("rows that were not seen are as high as the others are on the average", () => {
  const heights = new Heights();
  assert.deepEqual([...heights.edges([1, 2], 2)], [0, 40, 80]);
  heights.measure(1, 20);
  heights.measure(2, 40);
  assert.deepEqual([...heights.edges([1, 2, 3], 3)], [0, 20, 60, 90]);
});

test("a height is told to be another one, and the same one is not", () => {
  const heights = new Heights();
  assert.equal(heights.measure(1, 20), true);
  assert.equal(heights.measure(1, 20), false);
  assert.equal(heights.measure(1, 30), true);
  assert.deepEqual([...heights.edges([1, 2], 2)], [0, 30, 60]);
});

test("at another width nothing holds but the average", () => {
  const heights = new Heights();
  heights.measure(1, 20);
  heights.measure(2, 60);
  heights.forget();
  assert.deepEqual([...heights.edges([1, 2], 2)], [0, 40, 80]);
  heights.measure(1, 100);
  assert.deepEqual([...heights.edges([1, 2], 2)], [0, 100, 200]);
});

test("the row at a place is the last that begins there or above", () => {
  const edges = Float64Array.of(0, 10, 30, 60);
  for (const [place, row] of [
    [-5, 0],
    [0, 0],
    [9.9, 0],
    [10, 1],
    [29, 1],
    [30, 2],
    [500, 2],
  ] as const) {
    assert.equal(rowAtEdge(edges, place), row, String(place));
  }
  assert.equal(rowAtEdge(Float64Array.of(0), 10), 0);
});

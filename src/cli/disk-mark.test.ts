import assert from "node:assert/strict";
import { test } from "node:test";
import { diskMark } from "./disk-mark.ts";

const { parse } = diskMark("", "off");
const none = Number.POSITIVE_INFINITY;

test("a mark is a size, a share, or the less of both", () => {
  assert.deepEqual(parse("1048576"), { bytes: 1_048_576, share: none });
  assert.deepEqual(parse("1.5GiB"), { bytes: 1.5 * 2 ** 30, share: none });
  assert.deepEqual(parse("2 gb"), { bytes: 2e9, share: none });
  assert.deepEqual(parse("5%"), { bytes: none, share: 0.05 });
  assert.deepEqual(parse("0.5 %"), { bytes: none, share: 0.005 });
  assert.deepEqual(parse("100MiB/1%"), { bytes: 100 * 2 ** 20, share: 0.01 });
  assert.deepEqual(parse("1%/100MiB"), parse("100MiB/1%"));
  assert.equal(parse("off"), "off");
});

test("anything else is no mark", () => {
  const wrong = [
    "",
    "0",
    "0%",
    "101%",
    "-1",
    "1PB",
    "GiB",
    "1GiB/",
    "5%/5%",
    "1GiB/2GiB",
    "1GiB/5%/1",
    "1e9",
    "OFF",
  ];
  for (const text of wrong) assert.equal(parse(text), undefined, text);
});

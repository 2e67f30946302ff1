import assert from "node:assert/strict";
import { test } from "node:test";
import { showBytes } from "./show-bytes.ts";

test("sizes have the unit that reads best", () => {
  const shown = [0, 1, 1023, 1024, 1536, 1_048_576, 5_368_709_120, 2 ** 50].map(showBytes);
  const expected = ["0 B", "1 B", "1023 B", "1.0 KiB", "1.5 KiB", "1.0 MiB", "5.0 GiB", "1024.0 TiB"];
  assert.deepEqual(shown, expected);
});

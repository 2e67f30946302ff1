import assert from "node:assert/strict";
import { test } from "node:test";
import { CopyProgress } from "./progress.ts";

function progressAt(isTTY: boolean): {
  readonly at: (ms: number, done: number) => string;
  readonly progress: CopyProgress;
} {
  let now = 0;
  let written = "";
  const stderr = { isTTY, write: (text: string | Uint8Array) => ((written += String(text)), true) };
  const progress = new CopyProgress("Backed up", stderr, () => now);
  const at = (ms: number, doneBytes: number): string => {
    now = ms;
    written = "";
    progress.show({ kind: "copying", doneBytes, totalBytes: 10_485_760 });
    return written;
  };
  return { at, progress };
}

test("a copy says how far it is after a second, then every few seconds in a log", () => {
  const { at } = progressAt(false);
  assert.equal(at(999, 1000), "");
  assert.equal(at(1000, 2_097_152), "Backed up 2.0 MiB of 10.0 MiB (20 %)\n");
  assert.equal(at(5999, 3_145_728), "");
  assert.equal(at(6000, 10_485_760), "Backed up 10.0 MiB of 10.0 MiB (100 %)\n");
});

test("at a terminal it is one line that changes", () => {
  const { at } = progressAt(true);
  assert.equal(at(1000, 1024), "\r\u001b[KBacked up 1.0 KiB of 10.0 MiB (0 %)");
  assert.equal(at(1199, 2048), "");
  assert.equal(at(1200, 2048), "\r\u001b[KBacked up 2.0 KiB of 10.0 MiB (0 %)");
});

import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

const syncs = 500;
const maxMs = 3000;

/** How long the disk takes to have 4 KiB that were appended to a file, in milliseconds, one time after another. */
export function syncTimes(folder: string): readonly number[] {
  const file = join(folder, "sync-times");
  const descriptor = openSync(file, "w");
  const block = Buffer.alloc(4096, 1);
  const times: number[] = [];
  const giveUpAt = performance.now() + maxMs;
  while (times.length < syncs && performance.now() < giveUpAt) {
    const start = performance.now();
    writeSync(descriptor, block);
    fdatasyncSync(descriptor);
    times.push(performance.now() - start);
  }
  closeSync(descriptor);
  rmSync(file);
  return times;
}

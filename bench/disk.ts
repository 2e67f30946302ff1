import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const maxMs = 10_000;

/**
 * How long the disk takes to have 4 KiB that were appended to a file, in milliseconds, so many times, with a pause
 * before each.
 */
export async function syncTimes(
  folder: string,
  how: { readonly count: number; readonly pauseMs: number },
): Promise<readonly number[]> {
  const file = join(folder, "sync-times");
  const descriptor = openSync(file, "w");
  const block = Buffer.alloc(4096, 1);
  const times: number[] = [];
  const giveUpAt = performance.now() + maxMs;
  while (times.length < how.count && performance.now() < giveUpAt) {
    if (how.pauseMs > 0) await sleep(how.pauseMs);
    const start = performance.now();
    writeSync(descriptor, block);
    fdatasyncSync(descriptor);
    times.push(performance.now() - start);
  }
  closeSync(descriptor);
  rmSync(file);
  return times;
}

import { closeSync, fsyncSync, openSync, rmSync, writeSync } from "node:fs";
import { availableParallelism, cpus, loadavg, totalmem, type } from "node:os";
import { join } from "node:path";
import { hasProc } from "./proc.ts";
import { canPin, cores } from "./processes.ts";
import { quantile, shown } from "./statistics.ts";

const syncs = 200;
const maxSyncMs = 1500;

/** What the figures depend on, a line each. `folder`: where the servers keep their data. */
export function machineFacts(folder: string): readonly string[] {
  const times = syncTimes(folder);
  const gibibytes = shown(totalmem() / 2 ** 30);
  return [
    `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? "unknown"}), ${gibibytes} GiB, ${type()}, Node ${process.versions.node}`,
    `fsync of 4 KiB in ${folder}: p50 ${shown(quantile(times, 0.5))} ms, p99 ${shown(quantile(times, 0.99))} ms`,
    canPin
      ? `servers run on core ${cores.server}, the load on core ${cores.load}`
      : "nothing is pinned to a core: taskset is not there, or there is one core; figures vary more",
    ...(hasProc ? [] : ["there is no /proc, so CPU and memory of the servers are not measured"]),
    `load of the machine at the start: ${shown(loadavg()[0] ?? Number.NaN)}`,
  ];
}

/** How long the disk takes to have what was written, in milliseconds. */
function syncTimes(folder: string): readonly number[] {
  const file = join(folder, "fsync");
  const descriptor = openSync(file, "w");
  const block = Buffer.alloc(4096, 1);
  const times: number[] = [];
  const giveUpAt = performance.now() + maxSyncMs;
  while (times.length < syncs && performance.now() < giveUpAt) {
    writeSync(descriptor, block);
    const start = performance.now();
    fsyncSync(descriptor);
    times.push(performance.now() - start);
  }
  closeSync(descriptor);
  rmSync(file);
  return times;
}

import { availableParallelism, cpus, loadavg, totalmem, type } from "node:os";
import { syncTimes } from "./disk.ts";
import { hasProc } from "./proc.ts";
import { canPin, cores } from "./processes.ts";
import { quantile, shown } from "./statistics.ts";

const syncs = 500;

/** What the figures depend on, a line each. `folder`: where the servers keep their data. */
export async function machineFacts(folder: string): Promise<readonly string[]> {
  const times = await syncTimes(folder, { count: syncs, pauseMs: 0 });
  const gibibytes = shown(totalmem() / 2 ** 30);
  return [
    `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? "unknown"}), ${gibibytes} GiB, ${type()}, Node ${process.versions.node}`,
    `4 KiB appended and synced to the disk (fdatasync): p50 ${shown(quantile(times, 0.5))} ms, p99 ${shown(quantile(times, 0.99))} ms`,
    canPin
      ? `servers run on core ${cores.server}, the load on core ${cores.load}`
      : "nothing is pinned to a core: taskset is not there, or there is one core; figures vary more",
    ...(hasProc ? [] : ["there is no /proc, so CPU and memory of the servers are not measured"]),
    `load of the machine at the start: ${shown(loadavg()[0] ?? Number.NaN)}`,
  ];
}

// `npm run bench`: docs/benchmarks.md says what it measures and how to read it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { LoadResult } from "./load.ts";
import { machineFacts } from "./machine.ts";
import type { MicroResult } from "./micro.ts";
import { cores, endAll, runNode } from "./processes.ts";
import { type Contender, startServer } from "./servers.ts";
import { median, shown, table } from "./statistics.ts";
import {
  type Extent,
  failureOf,
  rowsOf,
  type Workload,
  type WorkloadName,
  workloadsOf,
} from "./workloads.ts";

const help = `Usage: npm run bench -- [options]

Measures Roomful beside the server that one would write first, in turn, and prints medians and ratios.

  --quick             everything, small, within a minute: for a look, not for a comparison
  --only LIST         some of flood, paced, idle, login, micro, with commas between
  --readers LIST      how many readers a flood goes to, with commas between [100,1000; quick: 100,500]
  --repeat COUNT      how many times each is measured [3; quick: 1]
  --data FOLDER       keep the servers' data below this folder [the system's folder for temporary files]
  --help              this text
`;

const allNames = ["flood", "paced", "idle", "login", "micro"] as const;
/** Nothing takes so long; a load that hangs is ended then. */
const loadSeconds = 90;

const fullExtent: Extent = {
  readers: [100, 1000],
  floodSeconds: 3,
  pacedSeconds: 5,
  idleConnections: 5000,
  logins: 1000,
};
const quickExtent: Extent = {
  readers: [100, 500],
  floodSeconds: 1,
  pacedSeconds: 1,
  idleConnections: 1000,
  logins: 500,
};

class UsageError extends Error {}

function options(): {
  readonly names: readonly (typeof allNames)[number][];
  readonly extent: Extent;
  readonly quick: boolean;
  readonly repeat: number;
  readonly data: string;
} {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string", default: allNames.join(",") },
      readers: { type: "string" },
      repeat: { type: "string" },
      data: { type: "string", default: tmpdir() },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) {
    process.stdout.write(help);
    process.exit(0);
  }
  const only = values.only.split(",");
  const unknown = only.find((name) => !allNames.some((known) => known === name));
  if (unknown !== undefined) {
    throw new UsageError(`Cannot read --only: "${unknown}" is none of ${allNames.join(", ")}`);
  }
  const extent = values.quick ? quickExtent : fullExtent;
  const readers = values.readers?.split(",").map((count) => whole("--readers", count, 2)) ?? extent.readers;
  return {
    names: allNames.filter((name) => only.includes(name)),
    extent: { ...extent, readers },
    quick: values.quick,
    repeat: values.repeat === undefined ? (values.quick ? 1 : 3) : whole("--repeat", values.repeat, 1),
    data: values.data,
  };
}

function whole(option: string, text: string, min: number): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (value >= min) return value;
  throw new UsageError(`Cannot read ${option}: "${text}" is not a whole number (${min} to 99999)`);
}

function progress(text: string): void {
  const seconds = String(Math.round(performance.now() / 1000)).padStart(4);
  process.stderr.write(`${seconds} s  ${text}\n`);
}

function programOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}

/** One run of a load against a server that was started for it. */
async function runLoad(workload: Workload, contender: Contender, folder: string): Promise<LoadResult> {
  const server = await startServer(contender.program, folder);
  try {
    const target = ["--door", contender.door, "--port", String(server.port), "--pid", String(server.pid)];
    const limit = ["--limit", String(loadSeconds)];
    const args = [programOf("./load.ts"), ...workload.args, ...target, ...limit];
    return (await runNode(args, { core: cores.load })) as LoadResult;
  } finally {
    await server.stop();
  }
}

/** Measures the contenders in turn, round by round, so that a busy moment of the machine hits them all. */
async function measureWorkload(
  workload: Workload,
  how: { readonly repeat: number; readonly folder: string },
): Promise<void> {
  const results = new Map<Contender, LoadResult[]>(workload.contenders.map((contender) => [contender, []]));
  for (let round = 1; round <= how.repeat; round += 1) {
    for (const [contender, own] of results) {
      progress(`${workload.title} · ${contender.name} · ${round} of ${how.repeat}`);
      const result = await runLoad(workload, contender, how.folder);
      const failure = failureOf(result);
      if (failure !== undefined) {
        process.exitCode = 1;
        process.stdout.write(`\nFAILED, ${contender.name}, ${workload.title}: ${failure}\n`);
      }
      own.push(result);
    }
  }
  const rows = rowsOf(workload, (contender, column) =>
    median((results.get(contender) ?? []).map((result) => column.value(result))),
  );
  process.stdout.write(`\n${workload.title}\n\n${table(rows)}\n`);
}

async function measureMicro(how: { readonly quick: boolean; readonly folder: string }): Promise<void> {
  progress("micro: the hot path, step by step");
  const args = [programOf("./micro.ts"), "--data", how.folder, ...(how.quick ? ["--quick"] : [])];
  const results = (await runNode(args, { core: cores.server })) as readonly MicroResult[];
  const rows = results.map(({ name, nanoseconds, per }) => [
    name,
    shown(nanoseconds),
    per === undefined ? "" : `${shown(nanoseconds / per.count)} a ${per.unit}`,
  ]);
  process.stdout.write(`\nmicro: the hot path, step by step\n\n${table([["", "ns", ""], ...rows])}\n`);
}

async function bench(): Promise<void> {
  const { names, extent, quick, repeat, data } = options();
  const folder = mkdtempSync(join(data, "roomful-bench-"));
  process.on("exit", () => {
    endAll();
    rmSync(folder, { recursive: true, force: true });
  });
  progress("looking at the machine");
  process.stdout.write(`${machineFacts(folder).join("\n")}\n`);
  for (const name of names) {
    if (name === "micro") await measureMicro({ quick, folder });
    else
      for (const workload of workloadsOf(name satisfies WorkloadName, extent))
        await measureWorkload(workload, { repeat, folder });
  }
  progress("done");
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(130));

try {
  await bench();
} catch (error) {
  const isUsage =
    error instanceof UsageError || (error as NodeJS.ErrnoException).code?.startsWith("ERR_PARSE_ARGS");
  process.stderr.write(
    isUsage ? `${(error as Error).message}. --help lists the options\n` : `${(error as Error).stack}\n`,
  );
  process.exit(isUsage ? 2 : 1);
}

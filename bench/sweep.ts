// `npm run bench:sweep`: measures over a range of sizes, keeps the numbers in bench/results and draws them into
// docs/pictures. docs/benchmarks.md shows and explains the pictures.
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { machineFacts } from "./machine.ts";
import { drawCharts } from "./plots/charts.ts";
import { chosen, runMain, wholeNumber, workFolder } from "./program.ts";
import { progress } from "./progress.ts";
import { peerFacts } from "./servers/contenders.ts";
import { type SweepData, writeSweep } from "./sweeps/data.ts";
import { sweepHistory } from "./sweeps/history.ts";
import { sweepLoads } from "./sweeps/run-loads.ts";
import { loadSweep, loadSweepNames, mostConnections } from "./sweeps/sweeps.ts";

const help = `Usage: npm run bench:sweep -- [options]

Measures over a range of sizes, writes the numbers to bench/results and draws docs/pictures/bench-*.svg.

  --draw               only draw, from the numbers that are there
  --quick              three sizes each, briefly: to see that it works
  --only LIST          some of readers, latency, rate, length, workers, speakers, churn, memory, history,
                       with commas between
  --repeat COUNT       how many times each point is measured; medians are drawn [3; quick: 1]
  --connections COUNT  the most connections [19000, or what the limit of open files allows; quick: 1000]
  --peer-readers COUNT the most readers of InspIRCd, which tells each about each other [10000; quick: 1000]
  --rows COUNT         the most messages in the store [10000000; quick: 10000]
  --data FOLDER        keep the servers' data below this folder [the system's folder for temporary files]
  --results FOLDER     write numbers and pictures below this folder instead of into the project
  --help               this text
`;

const names = [...loadSweepNames, "history"] as const;
const maxRows = 100_000_000;
const project = join(import.meta.dirname, "..");

async function sweep(): Promise<void> {
  const { values } = parseArgs({
    options: {
      draw: { type: "boolean", default: false },
      quick: { type: "boolean", default: false },
      only: { type: "string", default: names.join(",") },
      repeat: { type: "string" },
      connections: { type: "string" },
      "peer-readers": { type: "string" },
      rows: { type: "string" },
      data: { type: "string", default: tmpdir() },
      results: { type: "string", default: project },
      help: { type: "boolean", short: "h" },
    },
  });
  if (values.help === true) {
    process.stdout.write(help);
    return;
  }
  const { quick, results } = values;
  const only = chosen("--only", values.only, names);
  const count = (
    option: "repeat" | "connections" | "peer-readers" | "rows",
    most: number,
    usual: number,
  ): number => wholeNumber(`--${option}`, values[option] ?? String(usual), { min: 1, max: most });
  const repeat = count("repeat", 99, quick ? 1 : 3);
  const connections = count("connections", mostConnections, quick ? 1000 : mostConnections);
  const sizes = {
    quick,
    connections,
    peerConnections: count("peer-readers", mostConnections, quick ? 1000 : Math.min(10_000, connections)),
  };
  const rows = count("rows", maxRows, quick ? 10_000 : 10_000_000);
  if (!values.draw) {
    const folder = workFolder(values.data);
    const facts = [...(await machineFacts(folder)), ...peerFacts, `${repeat} rounds`];
    const keep = (name: string, series: SweepData["series"]): void =>
      writeSweep(results, name, { facts, series });
    for (const name of only) {
      if (name === "history") keep(name, await sweepHistory({ rows, repeat, folder }));
      else keep(name, await sweepLoads(name, loadSweep(name, sizes), { repeat, folder }));
    }
  }
  for (const picture of drawCharts(results)) progress(`drawn: ${picture}`);
}

await runMain(sweep);

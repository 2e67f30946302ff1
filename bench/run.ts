// `npm run bench`: docs/benchmarks.md says what it measures and how to read it.
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { clients, weechatFact } from "./client/clients.ts";
import { type ClientExtent, measureClient } from "./client/measure.ts";
import { clientRows } from "./client/rows.ts";
import { figureRows } from "./figures.ts";
import type { DeliveredByThreads } from "./load/results.ts";
import { machineFacts } from "./machine.ts";
import type { MicroResult } from "./micro.ts";
import { cores, runProgram } from "./processes.ts";
import { chosen, runMain, wholeNumber, workFolder } from "./program.ts";
import { progress } from "./progress.ts";
import { Report } from "./report.ts";
import { inTurn, runLoad } from "./rounds.ts";
import {
  type Contender,
  ircPeers,
  linePeers,
  naive,
  peerFacts,
  roomfulLine,
  websocketPeers,
} from "./servers/contenders.ts";
import { filledFolder, startAfterKill, startEmpty } from "./start.ts";
import { median, ratio, shown } from "./statistics.ts";
import { threadShares } from "./threads.ts";
import {
  type Extent,
  fullExtent,
  loadArgs,
  quickExtent,
  type Workload,
  workloadNames,
  workloadsOf,
} from "./workloads.ts";

const help = `Usage: npm run bench -- [options]

Measures Roomful beside other servers, in turn, and prints medians and ratios as Markdown.

  --quick             everything, small, in five minutes: for a look, not for a comparison
  --only LIST         some of flood, paced, irc, websocket, login, join, idle, quiet, start, client, threads,
                      micro, with commas between
  --readers LIST      how many readers a flood goes to, with commas between [100,1000,5000; quick: 100,500]
  --repeat COUNT      how many times each is measured [3; quick: 1]
  --data FOLDER       keep the servers' data below this folder [the system's folder for temporary files]
  --help              this text
`;

const allNames = [...workloadNames, "start", "client", "threads", "micro"] as const;
const workers = [1, 2, 4, 8] as const;
const maxReaders = 19_000;
const fullClientExtent: ClientExtent = { starts: 7, idleSeconds: 10, loadSeconds: 10, keys: 250 };
const quickClientExtent: ClientExtent = { starts: 3, idleSeconds: 2, loadSeconds: 2, keys: 25 };

interface Options {
  readonly names: readonly (typeof allNames)[number][];
  readonly extent: Extent;
  readonly quick: boolean;
  readonly repeat: number;
  readonly data: string;
}

function options(): Options | undefined {
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
  if (values.help === true) return undefined;
  const extent = values.quick ? quickExtent : fullExtent;
  const readers = values.readers
    ?.split(",")
    .map((count) => wholeNumber("--readers", count, { min: 2, max: maxReaders }));
  return {
    names: chosen("--only", values.only, allNames),
    extent: { ...extent, readers: readers ?? extent.readers },
    quick: values.quick,
    repeat: wholeNumber("--repeat", values.repeat ?? (values.quick ? "1" : "3"), { min: 1, max: 99 }),
    data: values.data,
  };
}

/** What all measurements are given. */
interface Bench extends Omit<Options, "names"> {
  readonly folder: string;
  readonly report: Report;
  readonly failed: (what: string) => void;
}

/** Where the figures of a door of Roomful's stand, and whose stand beside them. */
function sectionOf({ door }: Contender): { readonly title: string; readonly peers: readonly Contender[] } {
  if (door === "irc") return { title: "IRC door", peers: ircPeers };
  if (door === "websocket") return { title: "WebSocket door", peers: websocketPeers };
  return { title: "Line door", peers: linePeers };
}

async function measureWorkload(workload: Workload, { repeat, folder, report, failed }: Bench): Promise<void> {
  const { figures, title } = workload;
  const contenders = [workload.roomful, ...workload.peers];
  const results = await inTurn(contenders, { title, repeat, failed }, (contender) =>
    runLoad(contender, workload.args, { folder }),
  );
  const { title: section, peers: all } = sectionOf(workload.roomful);
  const medianOf = (contender: typeof workload.roomful) => (figure: (typeof figures)[number]) =>
    median((results.get(contender) ?? []).map((result) => figure.value(result)));
  report.add(
    section,
    ["load", "figure", "Roomful", ...all.flatMap(({ name }) => [name, `Roomful : ${name}`])],
    figureRows(title, figures, { own: medianOf(workload.roomful), peers: all.map(medianOf) }),
  );
}

async function measureStart({ extent, repeat, folder, report, failed }: Bench): Promise<void> {
  const head = ["start to the first answer to a newcomer", "ms", "naive, ms", "Roomful : naive"];
  const title = "Start";
  const empty = await inTurn(
    [roomfulLine, naive],
    { title: "start, nothing stored", repeat, failed },
    (contender) => startEmpty(contender, folder),
  );
  const ms = median(empty.get(roomfulLine) ?? []);
  const naiveMs = median(empty.get(naive) ?? []);
  report.add(title, head, [["nothing stored", shown(ms), shown(naiveMs), ratio(ms, naiveMs)]]);
  const data = await filledFolder(folder, extent.rows);
  const how = { title: `start after kill -9, ${extent.rows} messages stored`, repeat, failed };
  const killed = await inTurn([roomfulLine], how, (contender) => startAfterKill(contender, folder, data));
  const label = `after kill -9 under load, ${shown(extent.rows)} messages stored`;
  report.add(title, head, [[label, shown(median(killed.get(roomfulLine) ?? [])), "", ""]]);
}

async function measureClients({ quick, repeat, folder, report, failed }: Bench): Promise<void> {
  const extent = quick ? quickClientExtent : fullClientExtent;
  const results = await inTurn(clients, { title: "client", repeat, failed }, (client) =>
    measureClient(client, { folder, extent }),
  );
  const [own = [], ...peers] = clients.map((client) => results.get(client) ?? []);
  const names = clients.slice(1).flatMap(({ name }) => [name, `Roomful : ${name}`]);
  report.add("Client on a full screen", ["figure", "Roomful", ...names], clientRows(own, peers));
}

async function measureThreads(means: Bench): Promise<void> {
  const { pacedReaders: readers, floodSeconds, pacedSeconds: seconds } = means.extent;
  await measureThreadsIn(means, {
    title: `flood, ${readers} readers`,
    args: loadArgs({ mode: "flood", readers, seconds: floodSeconds }),
  });
  await measureThreadsIn(means, {
    title: `100 messages/s to ${readers} readers`,
    args: loadArgs({ mode: "paced", readers, rate: 100, seconds }),
  });
}

async function measureThreadsIn(
  { repeat, folder, report, failed }: Bench,
  { title, args }: { readonly title: string; readonly args: readonly string[] },
): Promise<void> {
  const contenders = workers.map((count) => ({
    ...roomfulLine,
    name: `Roomful, ${count} workers`,
    args: ["--workers", String(count)],
  }));
  const results = await inTurn(contenders, { title, repeat, failed }, async (contender) => {
    const result = (await runLoad(contender, args, { folder })) as DeliveredByThreads;
    return threadShares(result);
  });
  const head = [
    "workers",
    "CPU µs/delivery",
    "of it deciding",
    "journal",
    "holding connections",
    "deciding, share",
    "threads it could feed",
    "deciding, µs/message",
  ];
  const rows = contenders.map((contender, index) => {
    const shares = results.get(contender) ?? [];
    const figure = (value: (share: (typeof shares)[number]) => number): string =>
      shown(median(shares.map(value)));
    // With one worker the thread that decides holds the connections too.
    const isOne = workers[index] === 1;
    return [
      String(workers[index]),
      figure((share) => share.total),
      figure((share) => share.main),
      figure((share) => share.journal),
      figure((share) => share.fronts),
      isOne ? "–" : figure((share) => share.main / share.total),
      figure((share) => share.fronts / share.main),
      isOne ? "–" : figure((share) => share.mainPerMessage),
    ];
  });
  report.add(`Threads: ${title}`, head, rows);
}

async function measureMicro({ quick, folder, report }: Bench): Promise<void> {
  progress("micro: the hot path, step by step");
  const args = ["--data", folder, ...(quick ? ["--quick"] : [])];
  const results = (await runProgram("./micro.ts", args, { core: cores.server })) as readonly MicroResult[];
  const rows = results.map(({ name, nanoseconds, per }) => [
    name,
    shown(nanoseconds),
    per === undefined ? "" : `${shown(nanoseconds / per.count)} a ${per.unit}`,
  ]);
  report.add("The hot path, step by step", ["step", "ns", "each"], rows);
}

async function bench(): Promise<void> {
  const given = options();
  if (given === undefined) {
    process.stdout.write(help);
    return;
  }
  const folder = workFolder(given.data);
  progress("looking at the machine");
  const rounds = given.repeat === 1 ? "one round" : `medians of ${given.repeat} rounds`;
  const report = new Report([...(await machineFacts(folder)), ...peerFacts, weechatFact, rounds]);
  // Also of what was interrupted.
  process.on("exit", () => process.stdout.write(report.markdown));
  const all: Bench = { ...given, folder, report, failed: (what) => report.fail(what) };
  for (const name of given.names) {
    if (name === "start") await measureStart(all);
    else if (name === "client") await measureClients(all);
    else if (name === "threads") await measureThreads(all);
    else if (name === "micro") await measureMicro(all);
    else for (const workload of workloadsOf(name, given.extent)) await measureWorkload(workload, all);
  }
  progress("done");
}

await runMain(bench);

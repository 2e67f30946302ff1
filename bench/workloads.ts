import type { LoadResult } from "./load.ts";
import { type Contender, naive, roomfulLine, roomfulWebsocket } from "./servers.ts";
import { shown } from "./statistics.ts";

export type WorkloadName = "flood" | "paced" | "idle" | "login";

/** How long and how large a benchmark is. */
export interface Extent {
  readonly readers: readonly number[];
  readonly floodSeconds: number;
  readonly pacedSeconds: number;
  readonly idleConnections: number;
  readonly logins: number;
}

/** One load that each contender gets in turn. */
export interface Workload {
  readonly title: string;
  readonly contenders: readonly Contender[];
  /** What the load program is given. */
  readonly args: readonly string[];
  readonly columns: readonly Column[];
}

/** A figure of a load's result. Of a `ratio` column the table says how many times the naive server's it is. */
export interface Column {
  readonly title: string;
  readonly ratio: boolean;
  readonly value: (result: LoadResult) => number;
}

const everyone: readonly Contender[] = [naive, roomfulLine, roomfulWebsocket];

const cpuPerDelivery: Column = {
  title: "CPU µs/delivery",
  ratio: true,
  value: (result) =>
    "deliveries" in result ? (result.serverCpuSeconds * 1e6) / result.deliveries : Number.NaN,
};
const deliveriesPerSecond: Column = {
  title: "deliveries/s",
  ratio: true,
  value: (result) => ("deliveries" in result ? result.deliveries / result.seconds : Number.NaN),
};
const loadShare: Column = {
  title: "load's core",
  ratio: false,
  value: (result) => ("loadCpuSeconds" in result ? result.loadCpuSeconds / result.seconds : Number.NaN),
};

/** Messages a second of a paced load. */
const pace = 100;
const pacedReaders = 1000;

export function workloadsOf(name: WorkloadName, extent: Extent): readonly Workload[] {
  switch (name) {
    case "flood":
      return extent.readers.map((readers) => ({
        title: `flood: 4 senders with 8 messages under way each, ${readers} readers`,
        contenders: everyone,
        args: args({ mode: "flood", readers, seconds: extent.floodSeconds }),
        columns: [cpuPerDelivery, deliveriesPerSecond, loadShare],
      }));
    case "paced":
      return [
        {
          title: `paced: ${pace} messages a second to ${pacedReaders} readers`,
          contenders: everyone,
          args: [
            ...args({ mode: "paced", readers: pacedReaders, seconds: extent.pacedSeconds }),
            "--rate",
            String(pace),
          ],
          columns: [
            cpuPerDelivery,
            figure("p50 ms", (result) => (result.mode === "paced" ? result.p50Ms : Number.NaN)),
            figure("p99 ms", (result) => (result.mode === "paced" ? result.p99Ms : Number.NaN)),
            loadShare,
          ],
        },
      ];
    case "idle":
      return [
        {
          title: `idle: ${extent.idleConnections} connections, nothing is said`,
          contenders: everyone,
          args: args({ mode: "idle", readers: extent.idleConnections, seconds: 2 }),
          columns: [
            figure("bytes/connection", (result) =>
              result.mode === "idle" ? result.bytesPerConnection : Number.NaN,
            ),
            {
              ...figure("CPU ms/s", (result) =>
                result.mode === "idle" ? result.cpuMsPerSecond : Number.NaN,
              ),
              ratio: false,
            },
          ],
        },
      ];
    case "login":
      return [
        {
          title: `login: ${extent.logins} at once`,
          contenders: everyone,
          args: args({ mode: "login", readers: extent.logins, seconds: 0 }),
          columns: [
            figure("CPU µs/login", (result) =>
              result.mode === "login" ? (result.serverCpuSeconds * 1e6) / extent.logins : Number.NaN,
            ),
            figure("all in after ms", (result) =>
              result.mode === "login" ? result.seconds * 1000 : Number.NaN,
            ),
          ],
        },
      ];
  }
}

/** What went wrong in a run, if anything did: the figures of such a run mean nothing. */
export function failureOf(result: LoadResult): string | undefined {
  if (!("lost" in result) || (result.lost === 0 && result.disordered === 0)) return undefined;
  return `${result.lost} deliveries were lost, ${result.disordered} came twice or out of order`;
}

/** The rows of a workload's table. `median(contender, column)` is what was measured. */
export function rowsOf(
  workload: Workload,
  median: (contender: Contender, column: Column) => number,
): readonly (readonly string[])[] {
  const { columns, contenders } = workload;
  const head = columns.flatMap((column) => [column.title, ...(column.ratio ? ["ratio"] : [])]);
  const body = contenders.map((contender) => [
    contender.name,
    ...columns.flatMap((column) => {
      const value = median(contender, column);
      return column.ratio ? [shown(value), ratio(value, median(naive, column))] : [shown(value)];
    }),
  ]);
  return [["", ...head], ...body];
}

function ratio(value: number, base: number): string {
  return `×${shown(value / base)}`;
}

function figure(title: string, value: Column["value"]): Column {
  return { title, ratio: true, value };
}

function args(what: {
  readonly mode: WorkloadName;
  readonly readers: number;
  readonly seconds: number;
}): string[] {
  return ["--mode", what.mode, "--readers", String(what.readers), "--seconds", String(what.seconds)];
}

import type { LoadResult } from "../load/results.ts";
import { openFileLimit } from "../proc.ts";
import { type Contender, hasInspircd, inspircd, roomfulLine } from "../servers/contenders.ts";
import { threadShares } from "../threads.ts";
import { loadArgs } from "../workloads.ts";

export const loadSweepNames = [
  "readers",
  "latency",
  "rate",
  "length",
  "workers",
  "speakers",
  "churn",
  "memory",
] as const;
export type LoadSweepName = (typeof loadSweepNames)[number];

export interface Sizes {
  readonly quick: boolean;
  /** The most connections to one server. */
  readonly connections: number;
  /** The most connections to a server that tells each about each other: that grows with the square. */
  readonly peerConnections: number;
}

/** One line of a plot: a server, and the load that it gets at each x. */
export interface LoadSeries {
  readonly name: string;
  readonly contender: (x: number) => Contender;
  readonly xs: readonly number[];
  readonly args: (x: number) => readonly string[];
}

export interface LoadSweep {
  readonly series: readonly LoadSeries[];
  readonly figures: (result: LoadResult, x: number) => Readonly<Record<string, number>>;
}

/** Some files and sockets are not connections. */
const otherFiles = 100;
export const mostConnections: number = Math.min(19_000, openFileLimit() - otherFiles);

const joiners = 500;
const speakers = 4;
const rateReaders = 1000;
/** So slow that a message is out to 19,000 readers before the next one comes. */
const latencyRate = 5;
/** A line of IRC is 512 bytes with everything. */
const maxIrcText = 400;

export function loadSweep(name: LoadSweepName, sizes: Sizes): LoadSweep {
  const seconds = sizes.quick ? 0.5 : 2;
  const upTo = (max: number, xs: readonly number[]): readonly number[] => {
    const taken = xs.filter((x) => x <= max);
    return sizes.quick ? [...new Set([taken[0]!, taken[taken.length >> 1]!, taken.at(-1)!])] : taken;
  };
  const roomful = { name: "Roomful", contender: () => roomfulLine };
  /** Roomful and, where it is there, InspIRCd. */
  const both = (series: {
    readonly xs: readonly number[];
    readonly peerMax: number;
    readonly args: (x: number) => readonly string[];
  }): readonly LoadSeries[] => [
    { ...roomful, xs: series.xs, args: series.args },
    ...(hasInspircd
      ? [
          {
            name: "InspIRCd",
            contender: () => inspircd,
            xs: series.xs.filter((x) => x <= series.peerMax),
            args: series.args,
          },
        ]
      : []),
  ];
  const { connections, peerConnections } = sizes;
  const sizesOfRooms = [10, 30, 100, 300, 1000, 3000, 10_000, 19_000];
  switch (name) {
    case "readers":
      return {
        series: both({
          xs: upTo(connections, sizesOfRooms),
          peerMax: peerConnections,
          args: (readers) => loadArgs({ mode: "flood", readers, seconds }),
        }),
        figures: delivered,
      };
    case "latency":
      return {
        series: both({
          xs: upTo(connections, sizesOfRooms),
          peerMax: peerConnections,
          args: (readers) => loadArgs({ mode: "paced", readers, rate: latencyRate, seconds: 2 * seconds }),
        }),
        figures: delivered,
      };
    case "rate":
      return {
        series: both({
          xs: upTo(3000, [10, 30, 100, 300, 1000, 2000, 3000]),
          peerMax: 3000,
          args: (rate) => loadArgs({ mode: "paced", readers: rateReaders, rate, seconds }),
        }),
        figures: delivered,
      };
    case "length":
      return {
        series: both({
          xs: upTo(2000, [40, 100, 200, 400, 1000, 2000]),
          peerMax: maxIrcText,
          args: (bytes) => loadArgs({ mode: "flood", readers: rateReaders, bytes, seconds }),
        }),
        figures: delivered,
      };
    case "workers":
      return {
        series: [
          {
            name: "Roomful",
            contender: (count) => ({ ...roomfulLine, args: ["--workers", String(count)] }),
            xs: upTo(8, [1, 2, 3, 4, 8]),
            args: () => loadArgs({ mode: "flood", readers: rateReaders, seconds }),
          },
          {
            name: "Roomful, paced",
            contender: (count) => ({ ...roomfulLine, args: ["--workers", String(count)] }),
            xs: upTo(8, [1, 2, 3, 4, 8]),
            args: () => loadArgs({ mode: "paced", readers: rateReaders, rate: 100, seconds }),
          },
        ],
        figures: (result) => ({
          ...delivered(result),
          ...("threads" in result ? { ...threadShares(result) } : {}),
        }),
      };
    case "speakers":
      return {
        series: [
          // As many messages are under way as there are readers, either way.
          {
            name: "4 speak",
            speaking: () => speakers,
            window: (readers: number) => Math.ceil(readers / speakers),
          },
          { name: "everybody speaks", speaking: (readers: number) => readers, window: () => 1 },
        ].map(({ name: title, speaking, window }) => ({
          ...roomful,
          name: title,
          xs: upTo(1000, [10, 30, 100, 300, 1000]),
          args: (readers) =>
            loadArgs({
              mode: "flood",
              readers,
              senders: speaking(readers),
              window: window(readers),
              seconds,
            }),
        })),
        figures: delivered,
      };
    case "churn":
      return {
        series: [
          {
            ...roomful,
            xs: upTo(
              Math.min(connections, openFileLimit() - otherFiles - joiners),
              [10, 1000, 2500, 5000, 7500, 10_000, 15_000, 19_000],
            ),
            args: (readers) => loadArgs({ mode: "churn", readers, joiners }),
          },
        ],
        figures: (result) =>
          result.mode === "churn"
            ? {
                cpuUsPerJoin: (result.joinCpuSeconds * 1e6) / joiners,
                cpuUsPerLeave: (result.leaveCpuSeconds * 1e6) / joiners,
                usPerJoin: (result.joinSeconds * 1e6) / joiners,
              }
            : {},
      };
    case "memory":
      return {
        series: both({
          xs: upTo(connections, [1000, 2500, 5000, 10_000, 15_000, 19_000]),
          peerMax: connections,
          args: (readers) => loadArgs({ mode: "idle", readers, seconds: 0.5 }),
        }),
        figures: (result, connected) =>
          result.mode === "idle"
            ? {
                bytes: result.bytesPerConnection * connected,
                kernelBytes: result.kernelBytesPerConnection * connected,
              }
            : {},
      };
  }
}

function delivered(result: LoadResult): Readonly<Record<string, number>> {
  if (!("deliveries" in result)) return {};
  return {
    deliveriesPerCpuSecond: result.deliveries / result.serverCpuSeconds,
    deliveriesPerSecond: result.deliveries / result.seconds,
    cpuUsPerDelivery: (result.serverCpuSeconds * 1e6) / result.deliveries,
    serverCores: result.serverCpuSeconds / result.seconds,
    loadCores: result.loadCpuSeconds / result.seconds,
    ...("p99Ms" in result ? { p50Ms: result.p50Ms, p99Ms: result.p99Ms } : {}),
  };
}

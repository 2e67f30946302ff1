import type { LoadResult } from "./load/results.ts";
import { ratio, shown } from "./statistics.ts";

/** A figure of a load's result. */
export interface Figure {
  readonly title: string;
  /** Whether that of the peers stands beside Roomful's, and with a ratio. */
  readonly peers: "compared" | "shown" | "none";
  /** `NaN` where the result has no such figure. */
  readonly value: (result: LoadResult) => number;
}

function compared<Mode extends LoadResult["mode"]>(
  title: string,
  modes: readonly Mode[],
  value: (result: Extract<LoadResult, { mode: Mode }>) => number,
): Figure {
  const isOf = (result: LoadResult): result is Extract<LoadResult, { mode: Mode }> =>
    modes.some((mode) => mode === result.mode);
  return { title, peers: "compared", value: (result) => (isOf(result) ? value(result) : Number.NaN) };
}

const delivering = ["flood", "paced", "quiet"] as const;

export const cpuPerDelivery: Figure = compared(
  "CPU µs/delivery",
  delivering,
  (result) => (result.serverCpuSeconds * 1e6) / result.deliveries,
);
export const deliveriesPerSecond: Figure = compared(
  "deliveries/s",
  delivering,
  (result) => result.deliveries / result.seconds,
);
export const loadShare: Figure = {
  ...compared("load's core", delivering, (result) => result.loadCpuSeconds / result.seconds),
  peers: "shown",
};
export const p50: Figure = compared("p50 ms", ["paced", "quiet"], (result) => result.p50Ms);
export const p99: Figure = compared("p99 ms", ["paced", "quiet"], (result) => result.p99Ms);
export const syncP99: Figure = {
  ...compared("the disk's p99 ms", ["quiet"], (result) => result.syncP99Ms),
  peers: "none",
};
export const p99PerSync: Figure = {
  ...compared("p99 : the disk's p99", ["quiet"], (result) => result.p99Ms / result.syncP99Ms),
  peers: "none",
};
export const bytesPerConnection: Figure = compared(
  "bytes/connection",
  ["idle"],
  (result) => result.bytesPerConnection,
);
export const kernelBytesPerConnection: Figure = {
  ...compared("kernel's bytes, both ends", ["idle"], (result) => result.kernelBytesPerConnection),
  peers: "shown",
};
export const idleCpu: Figure = {
  ...compared("CPU ms/s", ["idle"], (result) => result.cpuMsPerSecond),
  peers: "shown",
};
export const allInSeconds: Figure = compared("all in after s", ["login", "join"], (result) => result.seconds);
export const allToldSeconds: Figure = compared("all told after s", ["join"], (result) => result.toldSeconds);

export function cpuPerLogin(logins: number): Figure {
  return compared("CPU µs each", ["login", "join"], (result) => (result.serverCpuSeconds * 1e6) / logins);
}

export function cpuPerJoiner(joiners: number): Figure {
  return compared("CPU µs to come in, each", ["churn"], (result) => (result.joinCpuSeconds * 1e6) / joiners);
}

export function cpuPerLeaver(joiners: number): Figure {
  return compared("CPU µs to go, each", ["churn"], (result) => (result.leaveCpuSeconds * 1e6) / joiners);
}

/** The rows of a workload's figures: of Roomful, and of each peer with Roomful's ratio to it. */
export function figureRows(
  load: string,
  figures: readonly Figure[],
  medians: {
    readonly own: (figure: Figure) => number;
    readonly peers: readonly ((figure: Figure) => number)[];
  },
): readonly (readonly string[])[] {
  return figures.map((figure, index) => {
    const own = medians.own(figure);
    const peers = medians.peers.flatMap((median) => [
      figure.peers === "none" ? "" : shown(median(figure)),
      figure.peers === "compared" ? ratio(own, median(figure)) : "",
    ]);
    return [index === 0 ? load : "", figure.title, shown(own), ...peers];
  });
}

import { progress } from "../progress.ts";
import { runLoad } from "../rounds.ts";
import { shown } from "../statistics.ts";
import type { Point, Series } from "./data.ts";
import type { LoadSeries, LoadSweep } from "./sweeps.ts";

/** The rounds of one point, by figure. */
export function addRound(rounds: Map<string, number[]>, figures: Readonly<Record<string, number>>): void {
  for (const [figure, value] of Object.entries(figures)) {
    const values = rounds.get(figure);
    if (values === undefined) rounds.set(figure, [value]);
    else values.push(value);
  }
}

/** Measures all points of a sweep: at each x the servers take turns, round by round. */
export async function sweepLoads(
  name: string,
  sweep: LoadSweep,
  how: { readonly repeat: number; readonly folder: string },
): Promise<readonly Series[]> {
  const xs = [...new Set(sweep.series.flatMap((series) => series.xs))].sort((one, other) => one - other);
  const points = new Map<LoadSeries, Point[]>(sweep.series.map((series) => [series, []]));
  for (const x of xs) {
    const here = sweep.series.filter((series) => series.xs.includes(x));
    const rounds = new Map(here.map((series) => [series, new Map<string, number[]>()]));
    for (let round = 1; round <= how.repeat; round += 1) {
      for (const [series, own] of rounds) {
        const title = `${name} · ${x} · ${series.name} · ${round} of ${how.repeat}`;
        progress(title);
        const figures = await measure({ series, sweep, x, title }, how.folder);
        if (figures !== undefined) addRound(own, figures);
      }
    }
    for (const [series, own] of rounds) {
      if (own.size > 0) points.get(series)?.push({ x, rounds: Object.fromEntries(own) });
    }
  }
  return [...points].map(([series, own]) => ({ name: series.name, points: own }));
}

/** `undefined` where it failed: hours of measuring are not given up for one point. */
async function measure(
  what: {
    readonly series: LoadSeries;
    readonly sweep: LoadSweep;
    readonly x: number;
    readonly title: string;
  },
  folder: string,
): Promise<Readonly<Record<string, number>> | undefined> {
  const { series, sweep, x, title } = what;
  try {
    const result = await runLoad(series.contender(x), series.args(x), { folder });
    const figures = sweep.figures(result, x);
    const said = Object.entries(figures).map(([figure, value]) => `${figure} ${shown(value)}`);
    process.stderr.write(`         ${said.join(", ")}\n`);
    return figures;
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`FAILED: ${title}: ${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
}

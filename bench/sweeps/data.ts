import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { median } from "../statistics.ts";

/** What a sweep measured, as it is kept in `bench/results`. */
export interface SweepData {
  /** The machine, and whom Roomful was compared with. */
  readonly facts: readonly string[];
  readonly series: readonly Series[];
}

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
}

export interface Point {
  readonly x: number;
  /** By the figure's name what each round brought. */
  readonly rounds: Readonly<Record<string, readonly number[]>>;
}

/** In the project. */
const resultsFolder = "bench/results";

/** Writes it below the project, or below another folder like it. */
export function writeSweep(project: string, name: string, data: SweepData): void {
  const folder = join(project, resultsFolder);
  mkdirSync(folder, { recursive: true });
  // A point on a line of its own, so that two measurements can be compared.
  const series = data.series.map(
    (one) =>
      `    {"name": ${JSON.stringify(one.name)}, "points": [\n${one.points.map(pointLine).join(",\n")}\n    ]}`,
  );
  const facts = data.facts.map((fact) => `    ${JSON.stringify(fact)}`);
  const text = `{\n  "facts": [\n${facts.join(",\n")}\n  ],\n  "series": [\n${series.join(",\n")}\n  ]\n}\n`;
  writeFileSync(join(folder, `${name}.json`), text);
}

function pointLine(point: Point): string {
  return `      ${JSON.stringify(point, (_key, value: unknown) => (typeof value === "number" ? Number(value.toPrecision(6)) : value))}`;
}

/** `undefined` where it was not measured yet. */
export function readSweep(project: string, name: string): SweepData | undefined {
  try {
    return JSON.parse(readFileSync(join(project, resultsFolder, `${name}.json`), "utf8")) as SweepData;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** The medians of a figure: an x and a y each. Points without the figure are left out. */
export function line(
  data: SweepData,
  series: string,
  figure: string,
): readonly (readonly [number, number])[] {
  const points = data.series.find(({ name }) => name === series)?.points ?? [];
  return points.flatMap(({ x, rounds }) => {
    const y = median((rounds[figure] ?? []).filter((value) => Number.isFinite(value)));
    return Number.isFinite(y) ? [[x, y] as const] : [];
  });
}

/** The slope and the intercept of the straight line that lies nearest (least squares). */
export function fitted(points: readonly (readonly [number, number])[]): {
  readonly slope: number;
  readonly intercept: number;
} {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const slope =
    mean(points.map(([x, y]) => (x - meanX) * (y - meanY))) / mean(points.map(([x]) => (x - meanX) ** 2));
  return { slope, intercept: meanY - slope * meanX };
}

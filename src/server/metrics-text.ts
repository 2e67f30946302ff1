import type { Distribution } from "./histogram.ts";
import { type Metric, type MetricName, metrics } from "./metrics.ts";

/** One measured value. What several threads measured under the same name and labels adds up. */
export interface Sample {
  readonly metric: MetricName;
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number | Distribution;
}

/** The media type of `metricsText`. */
export const metricsType = "text/plain; version=0.0.4; charset=utf-8";

/**
 * All metrics in the Prometheus text format 0.0.4. Each combination of known labels is there from the start, with
 * 0 where nothing happened yet: a counter that appears with its first event hides that event from `rate`.
 */
export function metricsText(samples: readonly Sample[]): string {
  const sums = new Map<string, number | Distribution>();
  const byMetric = new Map<MetricName, Set<string>>();
  for (const { metric, labels = {}, value } of samples) {
    const shown = showLabels(labels);
    const key = `${metric} ${shown}`;
    const known = byMetric.get(metric) ?? new Set();
    byMetric.set(metric, known.add(shown));
    sums.set(key, add(sums.get(key), value));
  }
  const lines = (Object.entries(metrics) as [MetricName, Metric][]).flatMap(([name, metric]) => {
    const combinations = new Set([...combinationsOf(metric), ...(byMetric.get(name) ?? [])]);
    return [
      `# HELP ${name} ${metric.help}`,
      `# TYPE ${name} ${metric.type}`,
      ...[...combinations].flatMap((labels) => linesOf(name, labels, sums.get(`${name} ${labels}`) ?? 0)),
    ];
  });
  return `${lines.join("\n")}\n`;
}

function linesOf(name: MetricName, labels: string, value: number | Distribution): readonly string[] {
  const { type, bounds } = metrics[name];
  if (type !== "histogram") return [`${name}${braced(labels)} ${Number(value)}`];
  const { counts, sum } = typeof value === "number" ? { counts: [], sum: 0 } : value;
  let count = 0;
  const buckets = [...bounds, "+Inf"].map((bound, index) => {
    count += counts[index] ?? 0;
    return `${name}_bucket${braced(labels, `le="${bound}"`)} ${count}`;
  });
  return [...buckets, `${name}_sum${braced(labels)} ${sum}`, `${name}_count${braced(labels)} ${count}`];
}

function add(one: number | Distribution | undefined, other: number | Distribution): number | Distribution {
  if (one === undefined) return other;
  if (typeof one === "number" || typeof other === "number") return Number(one) + Number(other);
  return {
    counts: one.counts.map((count, index) => count + (other.counts[index] ?? 0)),
    sum: one.sum + other.sum,
  };
}

/** Values of labels are names of ours, in which nothing has to be escaped. */
function showLabels(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value}"`)
    .join(",");
}

function braced(...labels: readonly string[]): string {
  const given = labels.filter((label) => label !== "");
  return given.length === 0 ? "" : `{${given.join(",")}}`;
}

/** Every combination of values that is known beforehand. */
function combinationsOf({ labels }: Metric): readonly string[] {
  let combinations: readonly Readonly<Record<string, string>>[] = [{}];
  for (const [name, values] of Object.entries(labels)) {
    if (values === "threads") return [];
    combinations = combinations.flatMap((before) => values.map((value) => ({ ...before, [name]: value })));
  }
  return combinations.map(showLabels);
}

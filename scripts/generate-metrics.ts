import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Metric, metrics } from "../src/server/metrics.ts";

/** The page of metrics, made from the table that `/metrics` is written from. */
export function metricsPage(): string {
  const rows = Object.entries(metrics).map(
    ([name, metric]) => `| \`${name}\` | ${metric.type} | ${labelsOf(metric)} | ${metric.help} |`,
  );
  return [
    "# Metrics",
    "",
    "What `/metrics` tells, in the Prometheus text format 0.0.4: seconds and bytes, summed over all threads.",
    "No label ever holds what somebody chose, so their number is bounded. Who may ask: [operating.md](operating.md#monitoring).",
    "",
    "| metric | type | labels | what it tells |",
    "|---|---|---|---|",
    ...rows,
    "",
    "## Questions that it answers",
    "",
    "| question | PromQL |",
    "|---|---|",
    "| How soon do readers have what is said, but for one in a hundred? | `histogram_quantile(0.99, rate(roomful_delivery_latency_seconds_bucket[5m]))` |",
    "| Is the disk slow? | `histogram_quantile(0.99, rate(roomful_commit_duration_seconds_bucket[5m]))` |",
    "| How many messages share a transaction? | `rate(roomful_commit_messages_sum[5m]) / rate(roomful_commit_messages_count[5m])` |",
    "| Which thread has too much to do? | `histogram_quantile(0.99, rate(roomful_event_loop_delay_seconds_bucket[5m]))` |",
    '| Is anything refused for the server\'s sake? | `increase(roomful_refusals_total{reason=~"storage-.*\\|overloaded"}[5m]) > 0` |',
    "",
    "This page is made by `npm run generate:metrics`; a test keeps it true.",
    "",
  ].join("\n");
}

function labelsOf({ labels }: Metric): string {
  return Object.entries(labels)
    .map(([name, values]) => {
      const shown =
        values === "threads"
          ? "`hub`, with `--workers` above 1 also `front 0` …"
          : values.map((value) => `\`${value}\``).join(", ");
      return `\`${name}\`: ${shown}`;
    })
    .join("; ");
}

if (import.meta.main) {
  writeFileSync(join(import.meta.dirname, "..", "docs", "metrics.md"), metricsPage());
}

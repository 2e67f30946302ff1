import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { metricsPage } from "../scripts/generate-metrics.ts";
import { type Metric, metrics } from "../src/server/metrics.ts";
import { measure } from "./support/metrics.ts";
import { runServer } from "./support/running-server.ts";

const docs = join(import.meta.dirname, "..", "docs");

interface Target {
  readonly expr: string;
}
interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly targets?: readonly Target[];
}
interface Dashboard {
  readonly schemaVersion: number;
  readonly uid: string;
  readonly panels: readonly Panel[];
}

const dashboard = JSON.parse(readFileSync(join(docs, "grafana-dashboard.json"), "utf8")) as Dashboard;
const queries = dashboard.panels.flatMap(({ title, targets = [] }) =>
  targets.map(({ expr }) => ({ title, expr })),
);

/** The names of series that a query asks for. */
function seriesOf(expr: string): readonly string[] {
  return expr.match(/\b(?:roomful|process)_[a-z_]+\b/g) ?? [];
}

test("docs/metrics.md says what /metrics is written from", () => {
  assert.equal(readFileSync(join(docs, "metrics.md"), "utf8"), metricsPage());
});

test("a server tells every documented metric with its type and help, and none beside", async (t) => {
  const { port } = await runServer(t);
  const { families } = await measure(port);
  const told = [...families].map(([name, { type, help }]) => [name, type, help]);
  const documented = Object.entries<Metric>(metrics).map(([name, { type, help }]) => [name, type, help]);
  assert.deepEqual(told, documented);
});

test("names are as Prometheus has them: base units, _total for what only grows", () => {
  for (const [name, { type }] of Object.entries<Metric>(metrics)) {
    assert.match(name, /^(?:roomful|process)_[a-z_]+$/);
    assert.equal(name.endsWith("_total"), type === "counter", name);
    assert.doesNotMatch(name, /_(?:ms|milliseconds|kb|mb|minutes)(?:_|$)/, name);
  }
});

test("every query of the dashboard asks for series that a server has, with labels and values that it has", async (t) => {
  const { port } = await runServer(t);
  await measure(port);
  const { values } = await measure(port);
  const series = [...values.keys()];
  assert.ok(queries.length > 15);
  for (const { title, expr } of queries) {
    const names = seriesOf(expr);
    assert.ok(names.length > 0, `${title}: ${expr}`);
    for (const name of names) {
      assert.ok(
        series.some((one) => one.replace(/\{.*/, "") === name),
        `${title}: ${name} is not told`,
      );
    }
    for (const [, label = "", value = ""] of expr.matchAll(/([a-z]+)="([^"$]*)"/g)) {
      assert.ok(
        series.some((one) => one.startsWith(names[0] ?? "") && one.includes(`${label}="${value}"`)),
        `${title}: no series has ${label}="${value}"`,
      );
    }
    for (const [, labels = ""] of expr.matchAll(/\bby \(([^)]*)\)/g)) {
      for (const label of labels.split(",").map((name) => name.trim())) {
        assert.ok(
          label === "instance" ||
            series.some((one) => one.startsWith(names[0] ?? "") && one.includes(`${label}="`)),
          `${title}: no series has ${label}`,
        );
      }
    }
  }
});

test("the dashboard shows every metric, each panel once", () => {
  const asked = new Set(queries.flatMap(({ expr }) => seriesOf(expr)));
  const shown = Object.entries<Metric>(metrics).filter(([name, { type }]) =>
    type === "histogram" ? asked.has(`${name}_bucket`) || asked.has(`${name}_sum`) : asked.has(name),
  );
  assert.deepEqual(
    shown.map(([name]) => name),
    Object.keys(metrics),
  );
  const ids = dashboard.panels.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(dashboard.schemaVersion >= 38, "Grafana 10 writes version 38");
});

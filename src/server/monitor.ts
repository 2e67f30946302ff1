import { stat } from "node:fs/promises";
import type { Fronts } from "./fronts.ts";
import type { Hub } from "./hub.ts";
import { LoopDelay } from "./loop-delay.ts";
import { metricsText, metricsType, type Sample } from "./metrics-text.ts";

/** What a monitor may ask of the server. */
export type Inspection = "health" | "metrics";

/** An answer as HTTP has it; plain data. */
export interface Inspected {
  readonly status: 200 | 503;
  readonly type: string;
  readonly body: string;
}

interface MonitorMeans {
  readonly hub: Hub;
  readonly fronts: Fronts;
  readonly databasePath: string;
  /** Lines that the console did not take. */
  readonly droppedLines: () => number;
}

/** Answers monitors for the whole server, on the hub's thread. */
export class Monitor {
  readonly #means: MonitorMeans;
  readonly #loopDelay = new LoopDelay("hub");
  #stopping = false;

  constructor(means: MonitorMeans) {
    this.#means = means;
  }

  /** From now on the server is not healthy. */
  stopping(): void {
    this.#stopping = true;
  }

  async answer(what: Inspection): Promise<Inspected> {
    switch (what) {
      case "health":
        return this.#health();
      case "metrics":
        return { status: 200, type: metricsType, body: metricsText(await this.#samples()) };
    }
  }

  async #health(): Promise<Inspected> {
    const trouble = this.#stopping ? "The server is shutting down" : await this.#means.hub.trouble();
    const health = trouble === undefined ? { status: "ok" } : { status: "unavailable", reason: trouble };
    return {
      status: trouble === undefined ? 200 : 503,
      type: "application/json",
      body: `${JSON.stringify(health)}\n`,
    };
  }

  async #samples(): Promise<readonly Sample[]> {
    const { hub, fronts, databasePath, droppedLines } = this.#means;
    const ofFronts = await fronts.samples();
    const { user, system } = process.cpuUsage();
    return [
      ...ofFronts,
      ...hub.samples(),
      this.#loopDelay.sample(),
      { metric: "roomful_console_dropped_lines_total", value: droppedLines() },
      { metric: "roomful_database_bytes", value: await sizeOf(databasePath) },
      { metric: "roomful_database_log_bytes", value: await sizeOf(`${databasePath}-wal`) },
      { metric: "process_resident_memory_bytes", value: process.memoryUsage.rss() },
      { metric: "process_cpu_seconds_total", value: (user + system) / 1e6 },
      { metric: "process_start_time_seconds", value: performance.timeOrigin / 1000 },
    ];
  }
}

/** 0 where there is no such file. */
async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import type { Distribution } from "./histogram.ts";
import { metrics } from "./metrics.ts";
import type { Sample } from "./metrics-text.ts";

const resolutionMs = 20;
/** Looking starts the measurement anew, which loses a tick: who looks all the time sees what was there before. */
const minTicks = 10;
const { bounds } = metrics.roomful_event_loop_delay_seconds;

/** How late this thread comes to its work. Measured from the first look on: who never looks pays nothing. */
export class LoopDelay {
  readonly #thread: string;
  readonly #counts: number[] = Array.from({ length: bounds.length + 1 }, () => 0);
  #sum = 0;
  #measured: IntervalHistogram | undefined;

  /** `thread` names it in the label. */
  constructor(thread: string) {
    this.#thread = thread;
  }

  /** All delays so far. */
  sample(): Sample {
    const value = this.#read();
    return { metric: "roomful_event_loop_delay_seconds", labels: { thread: this.#thread }, value };
  }

  #read(): Distribution {
    const measured = this.#measured;
    if (measured === undefined) {
      this.#measured = monitorEventLoopDelay({ resolution: resolutionMs });
      this.#measured.enable();
    } else if (measured.count >= minTicks) {
      this.#take(measured);
      measured.reset();
    }
    return { counts: [...this.#counts], sum: this.#sum };
  }

  /** What it holds are the times between two ticks of a timer: the delay comes on top of the timer's own pace. */
  #take(measured: IntervalHistogram): void {
    this.#sum += Math.max(0, measured.mean / 1e9 - resolutionMs / 1000) * measured.count;
    let before = 0;
    for (const [index, bound] of [...bounds, Number.POSITIVE_INFINITY].entries()) {
      const upTo = countUpTo(measured, bound * 1e9 + resolutionMs * 1e6);
      this.#counts[index]! += upTo - before;
      before = upTo;
    }
  }
}

/** How many values are at most `limit`. A percentile is one of the values, so halving finds where they pass it. */
function countUpTo(measured: Pick<IntervalHistogram, "count" | "percentile">, limit: number): number {
  let low = 0;
  let high = measured.count;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measured.percentile((100 * middle) / measured.count) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}

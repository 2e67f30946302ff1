import type { StreamId } from "../chat/event.ts";
import { type RetentionPolicy, wantedFloor } from "../storage/retention.ts";
import { type Store, StoreFault, type StreamHead } from "../storage/store.ts";
import type { Clock } from "./clock.ts";
import type { Feeds } from "./feeds.ts";
import type { Log } from "./log.ts";
import type { Settings } from "./settings.ts";

const lookEveryMs = 10_000;
const runEveryMs = 3_600_000;
/** Between two runs the room may exceed what is kept by a tenth, so that erasing is not a matter of every message. */
const slack = 1.1;
/** A message that is said meanwhile waits for a step; between two steps goes so many times what one took. */
const eventsPerStep = 500;
const restPerStep = 4;

export interface RetentionOptions {
  readonly store: Pick<Store, "streams" | "after" | "raiseFloor">;
  /** The rooms' memory, which is to forget what the store does. */
  readonly feeds: { readonly lobby: Pick<Feeds["lobby"], "head" | "floor">; raiseFloor: Feeds["raiseFloor"] };
  readonly settings: Pick<Settings, "keepMessages" | "keepMs">;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Erases what need not be kept any longer, of the room and of private conversations: at the start, every hour, and
 * when the room has a tenth too much. The store erases in small steps, between which messages are stored.
 */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #policy: RetentionPolicy;
  #running: Promise<void> | undefined;
  #lastRunMs: number;
  #timer: ReturnType<Clock["after"]> | undefined;
  #isStopped = false;
  #isFailing = false;
  /** Ends the rest between two steps. */
  #wake: () => void = () => undefined;

  private constructor(options: RetentionOptions) {
    this.#options = options;
    this.#policy = options.settings;
    this.#lastRunMs = options.clock.monotonic();
  }

  static start(options: RetentionOptions): Retention {
    const retention = new Retention(options);
    const { keepMessages, keepMs } = options.settings;
    if (Number.isFinite(keepMessages) || Number.isFinite(keepMs)) {
      retention.#run();
      retention.#lookOn();
    }
    return retention;
  }

  /** Resolves when nothing more is asked of the store. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.#wake();
    await this.#running;
  }

  #lookOn(): void {
    this.#timer = this.#options.clock.after(lookEveryMs, () => {
      this.#lookOn();
      const { clock, feeds } = this.#options;
      const { head, floor } = feeds.lobby;
      const isDue = clock.monotonic() - this.#lastRunMs >= runEveryMs;
      if (isDue || head - floor > this.#policy.keepMessages * slack) this.#run();
    });
  }

  #run(): void {
    if (this.#running !== undefined) return;
    this.#lastRunMs = this.#options.clock.monotonic();
    this.#running = this.#eraseAll().finally(() => {
      this.#running = undefined;
    });
  }

  async #eraseAll(): Promise<void> {
    const { store, log } = this.#options;
    let messages = 0;
    let streams = 0;
    try {
      for (const stream of await store.streams()) {
        const erased = await this.#erase(stream);
        messages += erased;
        streams += erased > 0 ? 1 : 0;
        if (this.#isStopped) break;
      }
      this.#isFailing = false;
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      // It is tried again, and again; the operator is told once.
      if (!this.#isFailing) log({ kind: "warning", text: `Old messages are not erased: ${error.message}` });
      this.#isFailing = true;
    }
    if (messages === 0) return;
    const kept = `${limitText(this.#policy.keepMessages, "--keep-messages")}${limitText(this.#policy.keepMs, "--keep-for")}`;
    log({ kind: "info", text: `Erased ${messages} old messages of ${streams} streams (${kept.trim()})` });
  }

  /** How many messages of a stream were erased. */
  async #erase(stream: StreamHead): Promise<number> {
    const { store, clock } = this.#options;
    const wanted = await wantedFloor(stream, { ...this.#policy, now: clock.now() }, async (number) => {
      const { events } = await store.after(stream.stream, number, 1);
      return events[0]?.at;
    });
    let { floor } = stream;
    while (floor < wanted && !this.#isStopped) {
      const next = Math.min(wanted, floor + eventsPerStep);
      const start = clock.monotonic();
      await this.#raise(stream.stream, next);
      floor = next;
      if (floor < wanted) await this.#rest(restPerStep * (clock.monotonic() - start));
    }
    return floor - stream.floor;
  }

  /** Waits so many milliseconds, or until the server ends. */
  async #rest(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = this.#options.clock.after(ms, resolve);
      this.#wake = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  async #raise(stream: StreamId, floor: number): Promise<void> {
    await this.#options.store.raiseFloor(stream, floor);
    this.#options.feeds.raiseFloor(stream, floor);
  }
}

function limitText(limit: number, option: string): string {
  return Number.isFinite(limit) ? `${option} ` : "";
}

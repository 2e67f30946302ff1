import { join } from "node:path";
import type { TestContext } from "node:test";
import { readOptions } from "../../src/cli/options.ts";
import { serveOptions, settingsOf } from "../../src/cli/serve-options.ts";
import { type Clock, systemClock } from "../../src/server/clock.ts";
import { consoleLines } from "../../src/server/console.ts";
import { RoomfulServer } from "../../src/server/server.ts";
import type { Settings } from "../../src/server/settings.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { testedWorkers } from "./tested-workers.ts";

/** A server in this process, on a free port, with everything between its two sides copied as between threads. */
export interface RunningServer {
  readonly server: RoomfulServer;
  readonly port: number;
  readonly dataFolder: string;
  /** What the console shows. */
  console(): string;
  /** Resolves when the console shows it; with several threads that may be after somebody was told of it. */
  consoleShows(expected: RegExp): Promise<void>;
  stop(): Promise<void>;
}

export interface RunningServerOptions {
  readonly settings?: Partial<Settings>;
  readonly clock?: Clock;
  readonly dataFolder?: string;
  readonly consoleShowsPrivate?: boolean;
  /** Called where an operator asks for the configuration to be read again. */
  readonly reread?: () => void;
}

const patienceMs = 30_000;

export async function runServer(
  context: TestContext,
  options: RunningServerOptions = {},
): Promise<RunningServer> {
  const dataFolder = options.dataFolder ?? join(temporaryFolder(context), "data");
  const { values } = readOptions(serveOptions, [], {});
  // A clock that is turned by hand can be handed to this thread only: with more workers, which a test may set all
  // the same, it is the hub's alone.
  const workers = options.clock === undefined ? testedWorkers : 1;
  const defaults = {
    ...settingsOf(values, dataFolder),
    host: "127.0.0.1",
    port: 0,
    flood: undefined,
    // Somebody whose first word is late is not asked for a name, but where a test is about that.
    promptMs: 60_000,
    workers,
  };
  const showPrivate = options.consoleShowsPrivate ?? true;
  let shown = "";
  let watchers: (() => void)[] = [];
  const consoleShows = async (expected: RegExp): Promise<void> => {
    const deadline = Date.now() + patienceMs;
    while (!expected.test(shown)) {
      if (Date.now() > deadline) throw new Error(`Waited in vain for ${String(expected)} in ${shown}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, deadline - Date.now());
        watchers.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  };
  const server = await RoomfulServer.start({
    settings: { ...defaults, ...options.settings },
    log: (record) => {
      shown += consoleLines(record, { format: "text", showPrivate, now: systemClock.now });
      const waiting = watchers;
      watchers = [];
      for (const watcher of waiting) watcher();
    },
    consoleShowsPrivate: showPrivate,
    onFault: (error) => {
      throw error;
    },
    carry: structuredClone,
    ...(options.reread && { reread: options.reread }),
    ...(options.clock && { clock: options.clock }),
  });
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= server.stop();
    return stopped;
  };
  context.after(stop);
  return { server, port: server.port, dataFolder, console: () => shown, consoleShows, stop };
}

import { join } from "node:path";
import type { TestContext } from "node:test";
import { readOptions } from "../../src/cli/options.ts";
import { serveOptions, settingsOf } from "../../src/cli/serve-options.ts";
import { type Clock, systemClock } from "../../src/server/clock.ts";
import { consoleLines } from "../../src/server/console.ts";
import { RoomfulServer } from "../../src/server/server.ts";
import type { Settings } from "../../src/server/settings.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A server in this process, on a free port, with everything between its two sides copied as between threads. */
export interface RunningServer {
  readonly server: RoomfulServer;
  readonly port: number;
  readonly dataFolder: string;
  /** What the console shows. */
  console(): string;
  stop(): Promise<void>;
}

export interface RunningServerOptions {
  readonly settings?: Partial<Settings>;
  readonly clock?: Clock;
  readonly dataFolder?: string;
  readonly consoleShowsPrivate?: boolean;
}

export async function runServer(
  context: TestContext,
  options: RunningServerOptions = {},
): Promise<RunningServer> {
  const dataFolder = options.dataFolder ?? join(temporaryFolder(context), "data");
  const { values } = readOptions(serveOptions, [], {});
  const defaults = { ...settingsOf(values, dataFolder), host: "127.0.0.1", port: 0, flood: undefined };
  const showPrivate = options.consoleShowsPrivate ?? true;
  let shown = "";
  const server = await RoomfulServer.start({
    settings: { ...defaults, ...options.settings },
    log: (record) => {
      shown += consoleLines(record, { format: "text", showPrivate, now: systemClock.now });
    },
    consoleShowsPrivate: showPrivate,
    onFault: (error) => {
      throw error;
    },
    carry: structuredClone,
    ...(options.clock && { clock: options.clock }),
  });
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= server.stop();
    return stopped;
  };
  context.after(stop);
  return { server, port: server.port, dataFolder, console: () => shown, stop };
}

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Probed } from "./load/probe.ts";
import { cores, end, runProgram, startProgram } from "./processes.ts";
import { progress } from "./progress.ts";
import type { Contender } from "./servers/contenders.ts";
import { freePort, type RunningServer, startServer } from "./servers/servers.ts";
import { loadArgs } from "./workloads.ts";

/** How long the killed server was under load before. */
const loadMs = 2500;

/** Makes a data folder with so many messages in the lobby. */
export async function filledFolder(folder: string, rows: number): Promise<string> {
  const data = join(folder, "filled");
  mkdirSync(data, { mode: 0o700 });
  await fill(data, { from: 0, rows });
  return data;
}

/** Adds to the `from` messages that a data folder holds until there are `rows`. */
export async function fill(
  data: string,
  how: { readonly from: number; readonly rows: number },
): Promise<void> {
  await runProgram("./store/fill.ts", loadArgs({ data, ...how }), {
    core: cores.server,
    line: (text) => {
      if (!text.startsWith("{")) progress(text);
    },
  });
}

/**
 * Starts a server while somebody tries to come in. Resolves to it, and to the milliseconds from the start of its
 * process until a newcomer who gave a name had the first bytes of an answer.
 */
export async function timedStart(
  contender: Contender,
  options: { readonly folder: string; readonly data?: string },
): Promise<{ readonly server: RunningServer; readonly ms: number }> {
  const port = await freePort();
  let isReady = (): void => undefined;
  const ready = new Promise<void>((resolve) => {
    isReady = resolve;
  });
  const probe = startProgram("./load/probe.ts", ["--port", String(port)], {
    core: cores.load,
    line: isReady,
  });
  await Promise.race([ready, probe.result]);
  const start = performance.timeOrigin + performance.now();
  const server = await startServer(contender, { ...options, port });
  const probed = (await probe.result) as Probed;
  return { server, ms: probed.answeredAt - start };
}

/** `timedStart` with an empty folder. */
export async function startEmpty(contender: Contender, folder: string): Promise<number> {
  const { server, ms } = await timedStart(contender, { folder });
  await server.stop();
  return ms;
}

/** `timedStart` after a server with these data was killed (-9) under load. */
export async function startAfterKill(contender: Contender, folder: string, data: string): Promise<number> {
  const killed = await startServer(contender, { folder, data });
  const target = { door: contender.door, port: killed.port, pid: killed.pid };
  const load = startProgram("./load/load.ts", loadArgs({ mode: "flood", seconds: 60, ...target }), {
    core: cores.load,
    isQuiet: true,
  });
  // It fails when the server is gone, as it should.
  load.result.catch(() => undefined);
  await sleep(loadMs);
  await killed.kill();
  await end(load.child);
  const { server, ms } = await timedStart(contender, { folder, data });
  await server.stop();
  return ms;
}

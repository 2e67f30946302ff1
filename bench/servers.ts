import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Door } from "./client.ts";
import { cores, end, startNode } from "./processes.ts";

/** What is measured, under its name in the tables. */
export interface Contender {
  readonly name: string;
  readonly door: Door;
  readonly program: "roomful" | "naive";
}

export const naive: Contender = { name: "naive", door: "line", program: "naive" };
export const roomfulLine: Contender = { name: "roomful, line", door: "line", program: "roomful" };
export const roomfulWebsocket: Contender = {
  name: "roomful, websocket",
  door: "websocket",
  program: "roomful",
};

export interface RunningServer {
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

const startMs = 10_000;

/** Starts a server of its own on a free port; what it keeps is in a new folder below `folder`. */
export async function startServer(program: Contender["program"], folder: string): Promise<RunningServer> {
  const own = mkdtempSync(join(folder, `${program}-`));
  const console = join(own, "console");
  // The console of a server that is used is written somewhere too.
  const descriptor = openSync(console, "w");
  const child = startNode(program === "naive" ? naiveArgs() : roomfulArgs(join(own, "data")), {
    core: cores.server,
    stdout: descriptor,
  });
  closeSync(descriptor);
  const stop = async (): Promise<void> => {
    await end(child);
    rmSync(own, { recursive: true, force: true });
  };
  const giveUpAt = performance.now() + startMs;
  while (child.exitCode === null && performance.now() < giveUpAt) {
    const [, port] = /^Port: (\d+)\n/m.exec(readFileSync(console, "utf8")) ?? [];
    if (port !== undefined && child.pid !== undefined) return { pid: child.pid, port: Number(port), stop };
    await sleep(20);
  }
  await stop();
  throw new Error(`Cannot start the ${program} server: it did not say its port within ${startMs / 1000} s`);
}

function naiveArgs(): readonly string[] {
  return [fileURLToPath(new URL("./naive-server.ts", import.meta.url))];
}

/** As it is by default, but that one address may bring the whole load. */
function roomfulArgs(data: string): readonly string[] {
  const program = fileURLToPath(new URL("../bin/roomful.js", import.meta.url));
  const limits = ["--flood-limit", "off", "--address-limit", "off"];
  return [program, "serve", "--host", "127.0.0.1", "--port", "0", "--data", data, ...limits];
}

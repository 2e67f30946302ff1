import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { cores, end, start } from "../processes.ts";
import type { Contender } from "./contenders.ts";
import { inspircdCommand } from "./inspircd.ts";

export interface RunningServer {
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
  /** Ends it without asking. What it kept stays. */
  kill(): Promise<void>;
}

export interface ServerOptions {
  /** What it keeps and its console are in a new folder below this one, which is removed with it. */
  readonly folder: string;
  /** Roomful only: it keeps its data here instead, and they stay. */
  readonly data?: string;
  /** A free one where not given. */
  readonly port?: number;
}

// A database with millions of messages may take a while.
const startMs = 60_000;

/** Starts a server of its own. Resolves when it listens. */
export async function startServer(contender: Contender, options: ServerOptions): Promise<RunningServer> {
  const { program } = contender;
  const own = mkdtempSync(join(options.folder, `${program}-`));
  const wanted = options.port ?? (program === "inspircd" ? await freePort() : 0);
  const consoleFile = join(own, "console");
  // The console of a server that is used is written somewhere too.
  const descriptor = openSync(consoleFile, "w");
  const data = options.data ?? join(own, "data");
  const child = start(commandOf(contender, { own, data, port: wanted }), {
    core: cores.server,
    stdout: descriptor,
  });
  closeSync(descriptor);
  const remove = (): void => rmSync(own, { recursive: true, force: true });
  const stop = async (): Promise<void> => {
    await end(child);
    remove();
  };
  const kill = async (): Promise<void> => {
    await end(child, "SIGKILL");
    remove();
  };
  const giveUpAt = performance.now() + startMs;
  while (child.exitCode === null && child.signalCode === null && performance.now() < giveUpAt) {
    const port = program === "inspircd" ? await listening(wanted) : saidPort(consoleFile);
    if (port !== undefined && child.pid !== undefined) return { pid: child.pid, port, stop, kill };
    await sleep(20);
  }
  const said = readFileSync(consoleFile, "utf8").slice(-1000);
  await stop();
  throw new Error(
    `Cannot start the ${program} server: it did not listen within ${startMs / 1000} s. It said: ${said}`,
  );
}

function saidPort(consoleFile: string): number | undefined {
  const [, port] = /^Port: (\d+)\n/m.exec(readFileSync(consoleFile, "utf8")) ?? [];
  return port === undefined ? undefined : Number(port);
}

/** `port`, where somebody accepts connections there. */
function listening(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.on("connect", () => {
      socket.destroy();
      resolve(port);
    });
    socket.on("error", () => resolve(undefined));
  });
}

/** One that nobody listens on, for a server that cannot say which one it took. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen({ port: 0, host: "127.0.0.1" }, resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (address === null || typeof address === "string") throw new Error("Cannot find a free port");
  return address.port;
}

function commandOf(
  contender: Contender,
  where: { readonly own: string; readonly data: string; readonly port: number },
): readonly string[] {
  const { args = [], program } = contender;
  switch (program) {
    case "inspircd":
      return inspircdCommand(where.own, { port: where.port, capable: contender.capable ?? false });
    case "roomful":
      return [...roomfulCommand(where.data, where.port), ...args];
    case "naive":
    case "naive-websocket":
    case "socket-io":
      return [
        process.execPath,
        fileURLToPath(new URL(`./${program}.ts`, import.meta.url)),
        String(where.port),
      ];
  }
}

/** As it is by default, but that one address may bring the whole load. */
function roomfulCommand(data: string, port: number): readonly string[] {
  const program = fileURLToPath(new URL("../../bin/roomful.js", import.meta.url));
  const limits = ["--flood-limit", "off", "--address-limit", "off"];
  const where = ["--host", "127.0.0.1", "--port", String(port), "--data", data];
  return [process.execPath, program, "serve", ...where, ...limits];
}

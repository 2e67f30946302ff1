import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Undoing } from "./cleanup.ts";
import { testedWorkers } from "./tested-workers.ts";

const patienceMs = 30_000;
const keptOutput = 256 * 1024;
export const repository: string = join(import.meta.dirname, "../..");
const program = join(repository, "bin/roomful.js");
/** For XDG_CONFIG_HOME: whoever runs the tests may have a config file of his own. */
export const noConfigFolder = "/nonexistent";

export interface ServerProcessOptions {
  readonly dataFolder: string;
  /** Beside `--data`, a free port, the loopback, and no limits. */
  readonly args?: readonly string[];
  /** For Node itself. */
  readonly nodeArgs?: readonly string[];
  /** A command that is put before the server's, and becomes the server. */
  readonly through?: readonly string[];
  /** The whole command in place of all that. */
  readonly command?: readonly string[];
  /** In a process group of its own. */
  readonly detached?: boolean;
}

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A server as a process of its own. It is killed when the test is over, whatever became of it. */
export class ServerProcess {
  readonly child: ChildProcess;
  readonly exited: Promise<Exit>;
  /** The last of what it wrote to standard output, and all of standard error. */
  console = "";
  errors = "";
  readonly #isGroup: boolean;
  #port = 0;
  #watchers: (() => void)[] = [];

  private constructor(undoing: Undoing, options: ServerProcessOptions) {
    const serve = ["serve", "--port", "0", "--host", "127.0.0.1", "--data", options.dataFolder];
    const [file = "", ...args] = options.command ?? [
      ...(options.through ?? []),
      process.execPath,
      ...(options.nodeArgs ?? []),
      program,
      ...serve,
      "--flood-limit",
      "off",
      "--address-limit",
      "off",
      // Somebody whose first word is late is not asked for a name: nobody expects that here.
      "--prompt-after",
      "60",
      "--workers",
      String(testedWorkers),
      ...(options.args ?? []),
    ];
    const { PATH = "", HOME = "" } = process.env;
    this.child = spawn(file, args, {
      cwd: repository,
      env: { PATH, HOME, XDG_CONFIG_HOME: noConfigFolder },
      stdio: ["ignore", "pipe", "pipe"],
      detached: options.detached ?? false,
    });
    this.#isGroup = options.detached ?? false;
    this.child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      this.console = (this.console + chunk).slice(-keptOutput);
      this.#notify();
    });
    this.child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      this.errors += chunk;
      this.#notify();
    });
    this.exited = new Promise((resolve, reject) => {
      this.child.on("error", reject);
      this.child.on("close", (code, signal) => resolve({ code, signal }));
    });
    this.exited.then(
      () => this.#notify(),
      () => this.#notify(),
    );
    undoing.after(() => this.kill());
  }

  /** Starts a server and waits until it listens. */
  static async start(undoing: Undoing, options: ServerProcessOptions): Promise<ServerProcess> {
    const server = new ServerProcess(undoing, options);
    const [, fromText, fromJson] = await server.until(/^Port: (\d+)$|"Listening on port (\d+)"/m);
    server.#port = Number(fromText ?? fromJson);
    return server;
  }

  /** Starts a server that is expected not to come up. Resolves to how it ended and what it said. */
  static async fail(
    undoing: Undoing,
    options: ServerProcessOptions,
  ): Promise<Exit & { readonly errors: string }> {
    const server = new ServerProcess(undoing, options);
    const exit = await server.exited;
    return { ...exit, errors: server.errors };
  }

  get port(): number {
    return this.#port;
  }

  get pid(): number {
    const { pid } = this.child;
    if (pid === undefined) throw new Error("The server was not started");
    return pid;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Resolves as soon as the console shows it; rejects where the server ends before. */
  async until(expected: RegExp): Promise<RegExpExecArray> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const match = expected.exec(this.console);
      if (match !== null) return match;
      const shown = `${this.console.slice(-2000)}${this.errors}`;
      if (!this.isRunning) throw new Error(`The server ended before it showed ${String(expected)}: ${shown}`);
      if (Date.now() > deadline) throw new Error(`Waited in vain for ${String(expected)} in ${shown}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, deadline - Date.now());
        this.#watchers.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /** Sends a signal and waits for the end. */
  async end(signal: NodeJS.Signals): Promise<Exit> {
    this.child.kill(signal);
    return this.exited;
  }

  /** Ends it at once, with what it started where it has a process group of its own. */
  async kill(): Promise<void> {
    const { pid } = this.child;
    if (pid === undefined) return;
    if (this.#isGroup) killGroup(pid);
    await this.end("SIGKILL");
  }

  #notify(): void {
    for (const watcher of this.#watchers.splice(0)) watcher();
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody of it is left.
  }
}

/** Bytes of memory that a process has resident. */
export function residentBytes(pid: number): number {
  const { stdout } = spawnSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
  const kibibytes = Number(stdout.trim());
  if (!(kibibytes > 0)) throw new Error(`Cannot read how much memory process ${pid} uses`);
  return kibibytes * 1024;
}

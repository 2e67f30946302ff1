import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** Servers are kept on one core and the load on another, where the system can do that. */
export const cores = { server: 0, load: 1 } as const;

/** Becomes the program that it starts, so the process id is the program's. */
const pinner = "taskset";

export const canPin: boolean =
  process.platform === "linux" &&
  availableParallelism() > 1 &&
  spawnSync(pinner, ["-c", String(cores.load), "true"]).status === 0;

/** The command that runs this one on a core, where the system can do that. */
export function pinnedTo(core: number, command: readonly string[]): readonly string[] {
  return canPin ? [pinner, "-c", String(core), ...command] : command;
}

const running = new Set<ChildProcess>();

/** Where a process runs, and where its output goes. */
interface Placing {
  readonly core: number;
  readonly stdout: "pipe" | number;
  /** What it complains about is of no interest. */
  readonly isQuiet?: boolean;
}

/** Starts a program on one core. Whatever happens, it does not outlive this process: see `endAll`. */
export function start(command: readonly string[], how: Placing): ChildProcess {
  const pinned = pinnedTo(how.core, command);
  const child = spawn(pinned[0]!, pinned.slice(1), {
    stdio: ["ignore", how.stdout, how.isQuiet === true ? "ignore" : "inherit"],
  });
  running.add(child);
  child.on("exit", () => running.delete(child));
  child.on("error", () => running.delete(child));
  return child;
}

/** A Node program of ours that is under way. */
export interface Running {
  readonly child: ChildProcess;
  /** Resolves to the JSON that it printed last. */
  readonly result: Promise<unknown>;
}

interface ProgramOptions extends Pick<Placing, "core" | "isQuiet"> {
  /** Called with each line that it prints. */
  readonly line?: (text: string) => void;
}

/** Starts `file`, named as seen from this folder. */
export function startProgram(file: string, args: readonly string[], how: ProgramOptions): Running {
  const program = fileURLToPath(new URL(file, import.meta.url));
  const child = start([process.execPath, program, ...args], { ...how, stdout: "pipe" });
  let last = "";
  let begun = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (begun + chunk).split("\n");
    begun = lines.pop() ?? "";
    for (const line of lines) how.line?.(line);
    last = lines.at(-1) ?? last;
  });
  const result = new Promise<unknown>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(JSON.parse(last));
      else reject(new Error(`Cannot measure: "node ${file} ${args.join(" ")}" ended with code ${code}`));
    });
  });
  return { child, result };
}

export function runProgram(file: string, args: readonly string[], how: ProgramOptions): Promise<unknown> {
  return startProgram(file, args, how).result;
}

const politeMs = 3000;

/** Ends a program: it is asked to, and after a while it is not asked any more. */
export async function end(child: ChildProcess, signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await Promise.race([exited, sleep(politeMs, undefined, { ref: false })]);
  if (running.has(child)) child.kill("SIGKILL");
  await exited;
}

/** Ends at once whatever is still running. */
export function endAll(): void {
  for (const child of running) child.kill("SIGKILL");
}

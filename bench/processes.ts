import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

/** Servers are kept on one core and the load on another, where the system can do that. */
export const cores = { server: 0, load: 1 } as const;

/** Becomes the program that it starts, so the process id is the program's. */
const pinner = "taskset";

export const canPin: boolean =
  process.platform === "linux" &&
  availableParallelism() > 1 &&
  spawnSync(pinner, ["-c", String(cores.load), "true"]).status === 0;

const running = new Set<ChildProcess>();

/** Starts a Node program on one core. Whatever happens, it does not outlive this process: see `endAll`. */
export function startNode(
  args: readonly string[],
  how: { readonly core: number; readonly stdout: "pipe" | number },
): ChildProcess {
  const command = [process.execPath, ...args];
  const pinned = canPin ? [pinner, "-c", String(how.core), ...command] : command;
  const child = spawn(pinned[0]!, pinned.slice(1), { stdio: ["ignore", how.stdout, "inherit"] });
  running.add(child);
  child.on("exit", () => running.delete(child));
  child.on("error", () => running.delete(child));
  return child;
}

/** Runs a program to its end. Resolves to the JSON that it printed. */
export async function runNode(args: readonly string[], how: { readonly core: number }): Promise<unknown> {
  const child = startNode(args, { ...how, stdout: "pipe" });
  let output = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("close", resolve);
    child.on("error", reject);
  });
  if (code !== 0) throw new Error(`Cannot measure: "node ${args.join(" ")}" ended with code ${code}`);
  return JSON.parse(output);
}

const politeMs = 3000;

/** Ends a program: it is asked to, and after a while it is not asked any more. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await Promise.race([exited, sleep(politeMs, undefined, { ref: false })]);
  if (running.has(child)) child.kill("SIGKILL");
  await exited;
}

/** Ends at once whatever is still running. */
export function endAll(): void {
  for (const child of running) child.kill("SIGKILL");
}

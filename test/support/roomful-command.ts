import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { noConfigFolder, repository } from "./server-process.ts";

/** How a command ended, and all that it wrote but its progress. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** On top of this process's own. */
  readonly env?: Record<string, string>;
  readonly input?: string;
  /** A command that is put before it, and becomes it. */
  readonly through?: readonly string[];
  /** Called with the process when it has started. */
  readonly started?: (child: ChildProcess) => void;
}

const patienceMs = 60_000;
/** What takes over a second says how far it is, which on a slow machine is anything. */
const progressLines = /^(?:.* of .* \(\d+ %\)|Checking the copy|Checking .*: \d+ s)\n/gm;

/** Runs `roomful` as a process of its own until it ends. */
export async function roomful(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [file = "", ...rest] = [...(options.through ?? []), process.execPath, "bin/roomful.js", ...args];
  const child = spawn(file, rest, {
    cwd: repository,
    env: { ...process.env, XDG_CONFIG_HOME: noConfigFolder, ...options.env },
  });
  options.started?.(child);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  // A command that asks for no input may have ended before it is there.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  const timer = setTimeout(() => child.kill("SIGKILL"), patienceMs);
  await once(child, "close");
  clearTimeout(timer);
  return { code: child.exitCode, stdout, stderr: stderr.replace(progressLines, "") };
}

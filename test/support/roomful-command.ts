import { spawn } from "node:child_process";
import { once } from "node:events";
import { noConfigFolder, repository } from "./server-process.ts";

/** How a command ended, and all that it wrote. */
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
}

/** Runs `roomful` as a process of its own until it ends. */
export async function roomful(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [file = "", ...rest] = [...(options.through ?? []), process.execPath, "bin/roomful.js", ...args];
  const child = spawn(file, rest, {
    cwd: repository,
    env: { ...process.env, XDG_CONFIG_HOME: noConfigFolder, ...options.env },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  // A command that asks for no input may have ended before it is there.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  await once(child, "close");
  return { code: child.exitCode, stdout, stderr };
}

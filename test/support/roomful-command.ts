import { spawn } from "node:child_process";
import { once } from "node:events";
import { repository } from "./server-process.ts";

/** How a command ended, and all that it wrote. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `roomful` as a process of its own until it ends; `env` comes on top of this one's. */
export async function roomful(
  args: readonly string[],
  options: { readonly env?: Record<string, string>; readonly input?: string } = {},
): Promise<CommandResult> {
  const child = spawn(process.execPath, ["bin/roomful.js", ...args], {
    cwd: repository,
    env: { ...process.env, ...options.env },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdin.end(options.input ?? "");
  await once(child, "close");
  return { code: child.exitCode, stdout, stderr };
}

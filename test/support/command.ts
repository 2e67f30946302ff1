import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { repository } from "./server-process.ts";

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const patienceMs = 30_000;

/** Starts `roomful` with these arguments; `started` is called with the process. Resolves when it has ended. */
export async function roomful(
  args: readonly string[],
  started: (child: ChildProcess) => void = () => undefined,
): Promise<CommandResult> {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [join(repository, "bin/roomful.js"), ...args], {
    cwd: repository,
    env: { PATH, HOME },
    stdio: ["ignore", "pipe", "pipe"],
  });
  started(child);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const timer = setTimeout(() => child.kill("SIGKILL"), patienceMs);
  await once(child, "close");
  clearTimeout(timer);
  return { code: child.exitCode, stdout, stderr };
}

/** A line of an export. */
export interface Exported {
  readonly stream: string;
  readonly number: number;
  readonly text: string;
}

/** All that `roomful export` prints of a data folder. */
export async function exported(dataFolder: string): Promise<readonly Exported[]> {
  const { code, stdout } = await roomful(["export", "--private", "--data", dataFolder]);
  assert.equal(code, 0);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Exported);
}

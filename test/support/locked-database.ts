import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";

/** Has another process lock the database. Resolves, when it has, to what ends that. */
export async function lockDatabase(t: TestContext, path: string): Promise<() => Promise<void>> {
  const program = `
    const { DatabaseSync } = require("node:sqlite");
    // A checkpoint may be under way.
    const database = new DatabaseSync(${JSON.stringify(path)}, { timeout: 10_000 });
    database.exec("BEGIN IMMEDIATE");
    console.log("locked");
    process.stdin.once("data", () => {
      database.exec("ROLLBACK");
      process.exit(0);
    });
  `;
  const holder = spawn(process.execPath, ["-e", program], { stdio: ["pipe", "pipe", "inherit"] });
  t.after(() => holder.kill("SIGKILL"));
  const [line] = (await once(createInterface(holder.stdout), "line")) as [string];
  assert.equal(line, "locked");
  return async () => {
    const ended = once(holder, "exit");
    holder.stdin.write("\n");
    await ended;
  };
}

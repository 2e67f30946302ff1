import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { environmentName } from "../src/cli/options.ts";
import { serveOptions } from "../src/cli/serve-options.ts";
import { runServer } from "./support/running-server.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const docs = join(import.meta.dirname, "..", "docs");
const unit = readFileSync(join(docs, "roomful.service"), "utf8");
const recipe = readFileSync(join(docs, "Containerfile"), "utf8");

test("the unit and the container recipe name options and variables that there are", () => {
  const options = [...unit.matchAll(/^ExecStart=.*$/gm)].flatMap(([line]) => line.match(/--[a-z-]+/g) ?? []);
  assert.deepEqual(options, ["--data"]);
  const known = new Set(Object.keys(serveOptions).map(environmentName));
  const named = `${unit}${recipe}`.match(/ROOMFUL_[A-Z_]+/g) ?? [];
  assert.ok(named.length > 0);
  assert.deepEqual(
    named.filter((name) => !known.has(name)),
    [],
  );
});

const hasSystemd = spawnSync("systemd-analyze", ["--version"]).status === 0;

test("systemd finds nothing wrong with the unit", {
  skip: !hasSystemd && "systemd-analyze is not installed",
}, (t) => {
  const folder = temporaryFolder(t);
  // Where it would be installed there is no server on this machine.
  const program = join(folder, "roomful");
  writeFileSync(program, "#!/bin/sh\n", { mode: 0o755 });
  const copy = join(folder, "roomful.service");
  writeFileSync(copy, unit.replace("/usr/local/bin/roomful", program));
  const { status, stdout, stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", copy], {
    encoding: "utf8",
  });
  assert.deepEqual([status, stdout, stderr], [0, "", ""]);
});

test("the container's health check succeeds where the server is well, and fails where there is none", async (t) => {
  const [, json = ""] = /^HEALTHCHECK .* CMD (\[.*\])$/m.exec(recipe) ?? [];
  const [program, ...args] = JSON.parse(json) as readonly string[];
  assert.equal(program, "node");
  const check = async (port: number): Promise<number | null> => {
    const child = spawn(process.execPath, args, { env: { ROOMFUL_PORT: String(port) }, stdio: "inherit" });
    await once(child, "close");
    return child.exitCode;
  };
  const { port, stop } = await runServer(t);
  assert.equal(await check(port), 0);
  await stop();
  assert.equal(await check(port), 1);
});

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { assertScreenRestored, belowShell } from "./restored.ts";
import { inputOf, program, screenEnvironment } from "./screen-people.ts";
import { ScriptedServer } from "./scripted-server.ts";
import { Terminal } from "./terminal.ts";

/** A client below a shell that shows the settings of the terminal before and after. */
async function underShell(
  context: TestContext,
): Promise<{ terminal: Terminal; server: ScriptedServer; signal: (name: NodeJS.Signals) => void }> {
  const server = await ScriptedServer.start(context);
  const pidFile = join(temporaryFolder(context), "pid");
  const inner = `echo $$ > ${pidFile}; exec "$@"`;
  const address = `Alice@127.0.0.1:${server.port}`;
  const command = belowShell(["/bin/sh", "-c", inner, "-", ...program, address]);
  const terminal = new Terminal(context, command, {
    columns: 100,
    rows: 60,
    env: screenEnvironment(context),
  });
  await terminal.shows("● connected");
  return { terminal, server, signal: (name) => process.kill(Number(readFileSync(pidFile, "utf8")), name) };
}

for (const [what, keys] of [
  ["Ctrl-C", "\u0003"],
  ["Ctrl-D", "\u0004"],
  ["/quit", "/quit\r"],
] as const) {
  test(`the terminal is as it was after ${what}`, async (t) => {
    const { terminal, server } = await underShell(t);
    terminal.type(keys);
    await terminal.exit;
    assertScreenRestored(terminal, 0);
    await server.hears((message) => message.type === "quit");
  });
}

for (const name of ["SIGTERM", "SIGHUP", "SIGINT"] as const) {
  test(`the terminal is as it was after ${name}`, async (t) => {
    const { terminal, signal } = await underShell(t);
    terminal.type("half a thought");
    await terminal.until(() => inputOf(terminal).endsWith("thought"));
    signal(name);
    await terminal.exit;
    assertScreenRestored(terminal, 0);
  });
}

test("the terminal is as it was after an exception, which is shown on it", async (t) => {
  const { terminal, signal } = await underShell(t);
  signal("SIGUSR2");
  await terminal.exit;
  assertScreenRestored(terminal, 1);
  assert.ok(terminal.rows.some((row) => row.includes("This fault is the test's")));
});

test("Ctrl-Z gives the terminal back, and the screen is there again when it goes on", async (t) => {
  const server = await ScriptedServer.start(t);
  const script = `set -m; echo begin; "$@"; echo "stopped"; stty -a; echo "go on?"; read -r answer; fg; echo "left with $?"`;
  const address = `Alice@127.0.0.1:${server.port}`;
  const command = ["/bin/bash", "-c", script, "-", ...program, address];
  const terminal = new Terminal(t, command, { columns: 100, rows: 40, env: screenEnvironment(t) });
  await terminal.shows("● connected");
  terminal.type("half");
  await terminal.until(() => inputOf(terminal).endsWith("half"));
  terminal.type("\u001a");
  await terminal.shows("go on?");
  assert.ok(terminal.rows.includes("begin"));
  assert.match(terminal.raw.split("stopped").at(-1) ?? "", /\bicanon\b/);
  terminal.type("\r");
  await terminal.until(() => inputOf(terminal) === "Alice> half");
  server.somebodySays("welcome back");
  await terminal.shows("│ welcome back");
  terminal.type("!\r");
  await terminal.shows("✓│ half!");
  terminal.type("\u0003");
  await terminal.exit;
  assert.match(terminal.raw, /left with 0/);
});

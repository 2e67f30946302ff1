import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { inputOf, program, screenEnvironment } from "./screen-people.ts";
import { ScriptedServer } from "./scripted-server.ts";
import { Terminal } from "./terminal.ts";

/** Whatever the client switches on is off at the end, and the screen from before is back. */
const switches = ["?1049", "?2004", "?1004", "?1000", "?1006", "?2026"];

/** A client below a shell that shows the settings of the terminal before and after. */
async function underShell(
  context: TestContext,
): Promise<{ terminal: Terminal; server: ScriptedServer; signal: (name: NodeJS.Signals) => void }> {
  const server = await ScriptedServer.start(context);
  const pidFile = join(temporaryFolder(context), "pid");
  const inner = `echo $$ > ${pidFile}; exec "$@"`;
  const script = `stty -a; echo begin; sh -c '${inner}' - "$@"; echo "left with $?"; stty -a; echo end`;
  const address = `Alice@127.0.0.1:${server.port}`;
  const command = ["/bin/sh", "-c", script, "-", ...program, address];
  const terminal = new Terminal(context, command, {
    columns: 100,
    rows: 60,
    env: screenEnvironment(context),
  });
  await terminal.shows("● connected");
  return { terminal, server, signal: (name) => process.kill(Number(readFileSync(pidFile, "utf8")), name) };
}

function assertRestored(terminal: Terminal, code: number): void {
  const [before = ""] = terminal.raw.split("begin\r\n");
  const after = new RegExp(`left with ${code}\r\n([^]*)end\r\n`).exec(terminal.raw)?.[1];
  assert.equal(after, before);
  for (const name of switches) {
    const states = [...terminal.raw.matchAll(new RegExp(`\u001b\\[\\${name}([hl])`, "g"))];
    assert.equal(states.at(-1)?.[1], "l", name);
  }
  assert.ok(
    terminal.raw.lastIndexOf("\u001b[?7h") > terminal.raw.lastIndexOf("\u001b[?7l"),
    "lines are wrapped again",
  );
  assert.ok(
    terminal.raw.lastIndexOf("\u001b[?25h") > terminal.raw.lastIndexOf("\u001b[?25l"),
    "the cursor is shown",
  );
  assert.ok(terminal.rows.includes("begin"), "what was on the screen before is back");
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
    assertRestored(terminal, 0);
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
    assertRestored(terminal, 0);
  });
}

test("the terminal is as it was after an exception, which is shown on it", async (t) => {
  const { terminal, signal } = await underShell(t);
  signal("SIGUSR2");
  await terminal.exit;
  assertRestored(terminal, 1);
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

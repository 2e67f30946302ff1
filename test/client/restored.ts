import assert from "node:assert/strict";
import type { Terminal } from "./terminal.ts";

/** Whatever the full-screen client switches on is off at the end. */
const switches = ["?1049", "?2004", "?1004", "?1000", "?1006", "?2026"];

/** A command below a shell that shows the settings of the terminal before and after. */
export function belowShell(command: readonly string[]): readonly string[] {
  const script = `stty -a; echo begin; "$@"; echo "left with $?"; stty -a; echo end`;
  return ["/bin/sh", "-c", script, "-", ...command];
}

/** A command that was below the shell has left with this code, and the terminal's settings are as before it. */
export function assertSettingsRestored(terminal: Terminal, code: number): void {
  const [before = ""] = terminal.raw.split("begin\r\n");
  const after = new RegExp(`left with ${code}\r\n([^]*)end\r\n`).exec(terminal.raw)?.[1];
  assert.equal(after, before);
}

/** So it is, and the screen from before is back. */
export function assertScreenRestored(terminal: Terminal, code: number): void {
  assertSettingsRestored(terminal, code);
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

import { join } from "node:path";
import type { TestContext } from "node:test";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { ScriptedServer } from "./scripted-server.ts";
import { Terminal, type TerminalOptions } from "./terminal.ts";

/** The client's whole program, with a fault on SIGUSR2. */
export const program: readonly string[] = [process.execPath, join(import.meta.dirname, "screen.ts"), "join"];

/** Settings and what is remembered in folders of the test's own, and times that are the same everywhere. */
export function screenEnvironment(context: TestContext): Readonly<Record<string, string>> {
  const folder = temporaryFolder(context);
  const config = join(folder, "config");
  return {
    XDG_STATE_HOME: join(folder, "state"),
    XDG_CONFIG_HOME: config,
    TZ: "UTC",
    NO_COLOR: "",
    COLORTERM: "",
  };
}

export async function openScreen(
  context: TestContext,
  address: string,
  options: TerminalOptions = {},
): Promise<Terminal> {
  const env = { ...screenEnvironment(context), ...options.env };
  const terminal = new Terminal(context, [...program, address], { ...options, env });
  await terminal.shows("● connected");
  return terminal;
}

/** Alice at a full screen, and a server that says what the test wants. */
export async function enterScreen(
  context: TestContext,
  options: TerminalOptions = {},
): Promise<[ScriptedServer, Terminal]> {
  const server = await ScriptedServer.start(context);
  return [server, await openScreen(context, `Alice@127.0.0.1:${server.port}`, options)];
}

/** The rows of messages, without the people at the side. */
export function messageRows(terminal: Terminal): string[] {
  const rows = terminal.rows.slice(0, statusRow(terminal));
  if (rows[0]?.includes("│ Here (") !== true) return rows;
  return rows.map((row) => row.replace(/ │ ?[^│]*$/, "").trimEnd());
}

export function statusRow({ rows }: Terminal): number {
  return rows.findLastIndex((row) => /^ [●○] /.test(row));
}

/** What is being typed. */
export function inputOf(terminal: Terminal): string {
  return terminal.rows.slice(statusRow(terminal) + 1).join("\n");
}

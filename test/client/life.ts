import assert from "node:assert/strict";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { Relay } from "../support/relay.ts";
import { ServerProcess } from "../support/server-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { AtFullScreen, AtNetcat, AtPlainTerminal, type Resident } from "./residents.ts";
import { messageRows } from "./screen-people.ts";
import type { Terminal } from "./terminal.ts";

/** Short, so that silence is noticed soon; a slow machine is not silent for so long. */
export const serverArgs = ["--heartbeat", "2"];

/** Four people, the server they live on, and what each step leaves behind for the next one. */
export interface Life {
  readonly context: TestContext;
  readonly folder: string;
  readonly dataFolder: string;
  server: ServerProcess;
  /** The network of Bob's laptop. */
  readonly network: Relay;
  readonly alice: AtFullScreen;
  readonly bob: AtFullScreen;
  readonly carl: AtPlainTerminal;
  readonly dora: AtNetcat;
  /** The number of the last message that was looked at. */
  head: number;
}

export async function begin(context: TestContext): Promise<Life> {
  const folder = temporaryFolder(context);
  const dataFolder = join(folder, "data");
  const server = await ServerProcess.start(context, { dataFolder, args: serverArgs });
  const network = await Relay.start(context, server.port);
  const alice = new AtFullScreen(context, "Alice");
  const bob = new AtFullScreen(context, "Bob");
  const carl = new AtPlainTerminal(context, "Carl");
  const dora = new AtNetcat(context, "Dora");
  await Promise.all([
    alice.comeIn(server.port),
    bob.comeIn(network.port),
    carl.comeIn(server.port),
    dora.comeIn(server.port),
  ]);
  return { context, folder, dataFolder, server, network, alice, bob, carl, dora, head: 0 };
}

export function everybody({ alice, bob, carl, dora }: Life): readonly Resident[] {
  return [alice, bob, carl, dora];
}

/** Each says it with his name before it, and each sees it of the others. */
export async function eachSays(residents: readonly Resident[], text: string): Promise<void> {
  for (const resident of residents) resident.says(`${resident.name} ${text}`);
  for (const resident of residents) {
    for (const { name } of residents)
      if (name !== resident.name) await resident.sees(`${name}: ${name} ${text}`);
  }
}

/** What was said since this was asked last. */
export async function saidSince(life: Life): Promise<readonly string[]> {
  const lines = await life.dora.since(life.head);
  life.head += lines.length;
  return lines;
}

/** These lines were shown once each and in this order. */
export function assertShown(resident: Resident, lines: readonly string[]): void {
  const shown = resident.shown.filter((line) => lines.includes(line));
  assert.deepEqual(shown, lines, `what ${resident.name} was shown`);
}

/** So they were to everybody, but for one's own at the doors that leave them out. */
export async function everybodyWasShown(life: Life, lines: readonly string[]): Promise<void> {
  const { alice, bob, carl, dora } = life;
  // What is shown a second time is so before what is said now.
  life.head += 1;
  const last = `this is #${life.head}`;
  dora.says(last);
  await dora.client.settled();
  for (const resident of [alice, bob, carl]) await resident.sees(`Dora: ${last}`);
  for (const resident of [alice, bob, carl, dora]) {
    const isShown = (line: string): boolean => resident.showsOwn || !line.startsWith(`${resident.name}: `);
    assertShown(resident, lines.filter(isShown));
  }
  // What Carl typed stands where he typed it.
  for (const line of lines.filter((each) => each.startsWith("Carl: "))) {
    const typed = line.replace("Carl", "You");
    assert.equal(carl.terminal.rows.filter((row) => row === typed).length, 1, typed);
  }
}

export const many = 500;

export function manyLine(number: number): string {
  return `line ${number} of ${many}`;
}

/**
 * Goes up page by page, each without a hole, to the first of the many lines, and back to the newest. Resolves to the
 * numbers of all that were seen.
 */
export async function pagedBack(terminal: Terminal): Promise<readonly number[]> {
  const seen = new Set<number>();
  for (;;) {
    // What comes yet could fill the screen, and look as if it had been gone back to.
    await terminal.until(({ rows: all }) => !all.some((row) => row.includes(" · loading…")));
    const rows = messageRows(terminal);
    const page = rows.flatMap((row) => /│ line (\d+) of \d+$/.exec(row)?.[1] ?? []).map(Number);
    assert.deepEqual(
      page,
      page.map((_, index) => (page[0] ?? 0) + index),
    );
    for (const number of page) seen.add(number);
    if (seen.has(1)) break;
    terminal.type("\u001b[5~");
    await terminal.until(() => messageRows(terminal)[0] !== rows[0]);
  }
  terminal.type("\u001b");
  await terminal.until(() => !terminal.rows.some((row) => row.includes(" below, Escape")));
  return [...seen].sort((one, other) => one - other);
}

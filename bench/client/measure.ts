import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cpuSeconds, residentBytes } from "../proc.ts";
import { cores, pinnedTo } from "../processes.ts";
import { median, quantile } from "../statistics.ts";
import type { Client } from "./clients.ts";
import { greeting, type Room } from "./rooms.ts";
import { mark, talk } from "./talk.ts";
import { WatchedTerminal } from "./watched-terminal.ts";

/** How long and how often. */
export interface ClientExtent {
  readonly starts: number;
  readonly idleSeconds: number;
  readonly loadSeconds: number;
  readonly keys: number;
}

export interface ClientResult {
  /** From starting the process, with nothing kept from an earlier start. */
  readonly firstDrawnMs: number;
  /** From starting the process until it has drawn its screen, and until that shows what was said in the room. */
  readonly drawnMs: number;
  readonly inRoomMs: number;
  readonly idleCpuMsPerSecond: number;
  /** Of a core. */
  readonly loadShare: number;
  readonly writtenPerSecond: number;
  readonly keyP50Ms: number;
  readonly keyP99Ms: number;
  /** From the last message of the load to the screen that shows it. */
  readonly lastShownMs: number;
  readonly residentBytes: number;
}

export const messagesPerSecond = 400;
const settleMs = 1000;
/** None of them is in what is said, nor in what controls a terminal. */
const keys = ["~", "{", "}", "^", "`"] as const;
/** Takes back all that was typed. */
const clearLine = "\x15";
/** Somebody types about so fast, and at no fixed beat of what a client does. */
const keyPauseMs = { min: 25, more: 30 } as const;

/** One run of a client, from its first start to a full load. */
export async function measureClient(
  client: Client,
  { folder, extent }: { readonly folder: string; readonly extent: ClientExtent },
): Promise<ClientResult> {
  const own = mkdtempSync(join(folder, "client-"));
  const room = await client.open(own);
  try {
    const first = await started(client, room, own);
    await first.terminal.end(client.leave);
    const starts = [];
    for (let count = 0; count < extent.starts; count += 1) {
      const start = await started(client, room, own);
      starts.push(start);
      await start.terminal.end(client.leave);
    }
    const { terminal } = await started(client, room, own);
    try {
      return {
        firstDrawnMs: first.drawnMs,
        drawnMs: median(starts.map(({ drawnMs }) => drawnMs)),
        inRoomMs: median(starts.map(({ inRoomMs }) => inRoomMs)),
        ...(await used(terminal, room, extent)),
      };
    } finally {
      await terminal.end(client.leave);
    }
  } finally {
    await room.stop();
    rmSync(own, { recursive: true, force: true });
  }
}

async function started(
  { command, drawn }: Client,
  { port }: Room,
  folder: string,
): Promise<{ readonly terminal: WatchedTerminal; readonly drawnMs: number; readonly inRoomMs: number }> {
  const environment = { PATH: process.env["PATH"], LANG: "C.UTF-8", HOME: folder };
  const terminal = new WatchedTerminal(pinnedTo(cores.load, command(port, folder)), environment);
  const drawnMs = (await terminal.showed(drawn)) - terminal.startedAt;
  const inRoomMs = (await terminal.showed(greeting)) - terminal.startedAt;
  return { terminal, drawnMs, inRoomMs };
}

type Used = Omit<ClientResult, "firstDrawnMs" | "drawnMs" | "inRoomMs">;

async function used(terminal: WatchedTerminal, room: Room, extent: ClientExtent): Promise<Used> {
  const { pid } = terminal;
  await sleep(settleMs);
  const idle = await share(pid, extent.idleSeconds);
  const talking = talk(messagesPerSecond, (said) => room.say(said));
  try {
    await sleep(settleMs);
    const { written } = terminal;
    const loadShare = await share(pid, extent.loadSeconds);
    const writtenPerSecond = (terminal.written - written) / extent.loadSeconds;
    const times = await typed(terminal, extent.keys);
    const { count, lastAt } = talking.stop();
    const shownAt = await terminal.showed(mark(count));
    return {
      idleCpuMsPerSecond: idle * 1000,
      loadShare,
      writtenPerSecond,
      keyP50Ms: quantile(times, 0.5),
      keyP99Ms: quantile(times, 0.99),
      lastShownMs: shownAt - lastAt,
      residentBytes: residentBytes(pid),
    };
  } finally {
    talking.stop();
  }
}

/** Of a core, over so many seconds. */
async function share(pid: number, seconds: number): Promise<number> {
  const before = cpuSeconds(pid);
  const begun = performance.now();
  await sleep(seconds * 1000);
  return (cpuSeconds(pid) - before) / ((performance.now() - begun) / 1000);
}

/** Types so many keys, and takes the time of each until it stands on the screen. */
async function typed(terminal: WatchedTerminal, count: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    times.push(await terminal.echo(keys[index % keys.length]!));
    await sleep(keyPauseMs.min + Math.random() * keyPauseMs.more);
    if (index % keys.length !== keys.length - 1) continue;
    terminal.type(clearLine);
    await sleep(keyPauseMs.min + keyPauseMs.more);
  }
  return times;
}

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { PageTimes } from "../load/pages.ts";
import { cores, runProgram } from "../processes.ts";
import { progress } from "../progress.ts";
import { roomfulLine } from "../servers/contenders.ts";
import { fill, timedStart } from "../start.ts";
import { loadArgs } from "../workloads.ts";
import type { Point, Series } from "./data.ts";
import { addRound } from "./run-loads.ts";

const fewestRows = 1000;
const step = 10;

/** How long a start takes, and a newcomer's first looks into the history, by how much is stored. */
export async function sweepHistory(how: {
  readonly rows: number;
  readonly repeat: number;
  readonly folder: string;
}): Promise<readonly Series[]> {
  const data = join(how.folder, "filled");
  mkdirSync(data, { mode: 0o700 });
  const points: Point[] = [];
  let from = 0;
  for (let rows = Math.min(fewestRows, how.rows); rows <= how.rows; rows *= step) {
    progress(`history · filling up to ${rows} messages`);
    await fill(data, { from, rows });
    from = rows;
    const rounds = new Map<string, number[]>();
    for (let round = 1; round <= how.repeat; round += 1) {
      progress(`history · ${rows} · ${round} of ${how.repeat}`);
      addRound(rounds, await once(how.folder, data, rows));
    }
    points.push({ x: rows, rounds: Object.fromEntries(rounds) });
  }
  return [{ name: "Roomful", points }];
}

async function once(folder: string, data: string, rows: number): Promise<Readonly<Record<string, number>>> {
  const { server, ms } = await timedStart(roomfulLine, { folder, data });
  try {
    const args = loadArgs({ port: server.port, rows });
    const pages = (await runProgram("./load/pages.ts", args, { core: cores.load })) as PageTimes;
    return { startMs: ms, newestMs: pages.newest, middleMs: pages.middle, oldestMs: pages.oldest };
  } finally {
    await server.stop();
  }
}

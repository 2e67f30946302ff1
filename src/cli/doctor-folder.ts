import { accessSync, constants, existsSync, readdirSync, type Stats, statfsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { getuid } from "node:process";
import type { Casemapping } from "../chat/casemapping.ts";
import { showBytes } from "../server/show-bytes.ts";
import { acmeFolderName, databaseName, isInUse, isOurs } from "../storage/data-folder.ts";
import { type Inspection, inspectDatabase } from "../storage/inspection.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

/** The server's log is emptied between batches; a far larger one is kept from that by somebody who reads. */
const largeLogBytes = 256_000_000;
const leastFreeBytes = 100_000_000;
const comfortableFreeBytes = 1_000_000_000;
/** Clocks of one network differ a little. */
const maxAheadMs = 60_000;

interface FolderMeans {
  /** How names are to be told apart. */
  readonly casemapping: Casemapping;
  readonly platform: NodeJS.Platform;
  readonly now: number;
  /** Goes on with the work, and says so where it takes long. */
  readonly slowly: <T>(bytes: number, work: Promise<T>) => Promise<T>;
}

interface FolderReport {
  readonly findings: readonly Finding[];
  /** Whether a server runs on it. */
  readonly isServed: boolean;
}

/** What is right and wrong with a data folder, which need not exist. */
export async function checkDataFolder(folder: string, means: FolderMeans): Promise<FolderReport> {
  const path = resolve(folder);
  const name = `data folder ${JSON.stringify(path)}`;
  const findings: Finding[] = [];
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) {
      findings.push(ok(`${name} does not exist; the server makes it`), checkSpace(nearestFolder(path)));
      return { findings, isServed: false };
    }
    if (!stats.isDirectory()) {
      return {
        findings: [problem(`${name} is not a folder`, "choose another with --data")],
        isServed: false,
      };
    }
    if (means.platform !== "win32") findings.push(...checkRights(path, stats));
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    const isServed = isInUse(path);
    findings.push(ok(isServed ? `${name} is used by a running server` : `${name} is not in use`));
    findings.push(...(await checkDatabase(join(path, databaseName), means)), checkSpace(path));
    return { findings, isServed };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    findings.push(problem(`${name} cannot be used: ${reason}`, "run this as the user who runs the server"));
    return { findings, isServed: false };
  }
}

function checkRights(path: string, stats: Stats): readonly Finding[] {
  const name = `data folder ${JSON.stringify(path)}`;
  const uid = getuid?.() ?? 0;
  if (uid !== 0 && stats.uid !== uid) {
    const advice = `run this and the server as user ${stats.uid}, or chown -R ${uid} ${JSON.stringify(path)}`;
    return [problem(`${name} belongs to user ${stats.uid}, and this is user ${uid}`, advice)];
  }
  const open = readdirSync(path)
    .filter((file) => isOurs(file) && isOpen(statSync(join(path, file), { throwIfNoEntry: false })))
    .map((file) => {
      const quoted = JSON.stringify(join(path, file));
      const mode = file === acmeFolderName ? 700 : 600;
      return warning(`${quoted} can be read by other users`, `chmod ${mode} ${quoted}`);
    });
  const ofFolder = isOpen(stats)
    ? warning(
        `${name} can be entered by other users (mode ${modeOf(stats)})`,
        `chmod 700 ${JSON.stringify(path)}`,
      )
    : ok(`${name} is its owner's alone (mode ${modeOf(stats)})`);
  return [ofFolder, ...open];
}

function isOpen(stats: Stats | undefined): boolean {
  return stats !== undefined && (stats.mode & 0o077) !== 0;
}

function modeOf(stats: Stats): string {
  return (stats.mode & 0o777).toString(8).padStart(4, "0");
}

async function checkDatabase(
  path: string,
  { casemapping, now, slowly }: FolderMeans,
): Promise<readonly Finding[]> {
  if (!existsSync(path)) return [ok("there is no database yet; the server makes it")];
  const bytes = statSync(path).size;
  const found = await slowly(bytes, inspectDatabase(path));
  if (typeof found === "string") {
    const advice = "stop the server, keep a copy of the folder, and put a backup in its place";
    return [problem(`database ${JSON.stringify(path)} cannot be read: ${found}`, advice)];
  }
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  const size = `database: ${showBytes(bytes)}, its log ${showBytes(log)}`;
  return [
    log > largeLogBytes
      ? warning(size, "end the program that has had the database open for long, or restart the server")
      : ok(size),
    checkSchema(found),
    ...checkCasemapping(found, casemapping),
    checkDamage(found, path),
    checkSearch(found),
    checkTimes(found, now),
  ];
}

function checkSchema({ schema: { version, newest } }: Inspection): Finding {
  if (version === newest) return ok(`schema ${version}, the newest`);
  return warning(
    `schema ${version}, and ${newest} is the newest`,
    "keep a backup; the server changes the schema when it starts",
  );
}

function checkCasemapping({ casemapping }: Inspection, wanted: Casemapping): readonly Finding[] {
  if (casemapping === undefined || casemapping === wanted) return [];
  const text = `--casemapping is ${wanted}, and the data folder was made with ${casemapping}`;
  return [problem(text, `start the server with --casemapping ${casemapping}, or on another folder`)];
}

function checkDamage({ damages }: Inspection, path: string): Finding {
  if (damages.length === 0) return ok("SQLite finds the database whole (quick_check)");
  return problem(
    `database ${JSON.stringify(path)} is damaged: ${damages.join("; ")}`,
    "stop the server, keep a copy of the folder, check the disk, and put a backup in its place",
  );
}

function checkSearch({ unindexed }: Inspection): Finding {
  if (unindexed === 0) return ok("every message is in the search index");
  const messages = unindexed === 1 ? "1 message waits" : `${unindexed} messages wait`;
  return ok(`${messages} to be put into the search index, and can be found meanwhile`);
}

function checkTimes({ lastAt }: Inspection, now: number): Finding {
  const clock = `clock: ${new Date(now).toISOString()}`;
  if (lastAt === 0) return ok(clock);
  const last = `the last message is of ${new Date(lastAt).toISOString()}`;
  if (lastAt <= now + maxAheadMs) return ok(`${clock}; ${last}`);
  return problem(
    `${clock}, but ${last}`,
    "set this machine's clock (timedatectl), and keep it right with NTP",
  );
}

function checkSpace(path: string): Finding {
  const { bavail, bsize } = statfsSync(path);
  const free = bavail * bsize;
  const text = `free on the disk of ${JSON.stringify(path)}: ${showBytes(free)}`;
  const advice = "make room: when the disk is full, messages are refused";
  if (free < leastFreeBytes) return problem(text, advice);
  return free < comfortableFreeBytes ? warning(text, advice) : ok(text);
}

/** The nearest folder above that exists. */
function nearestFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}

import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Whether this system tells what other processes use. */
export const hasProc: boolean = existsSync("/proc/self/stat");
/** Whether it does so in nanoseconds; otherwise in hundredths of a second. */
const hasNanoseconds = existsSync("/proc/self/schedstat");

/** Linux counts in hundredths of a second, on every architecture that Node runs on. */
const ticksPerSecond = 100;
// Fields 14 and 15 of proc_pid_stat(5); what stands after the command's name begins with field 3.
const userTicks = 11;
const systemTicks = 12;

/** The CPU that one thread has used. */
export interface ThreadTime {
  readonly id: string;
  /** As the thread calls itself. */
  readonly name: string;
  readonly seconds: number;
}

/** All threads of a process; none where the system does not tell. */
export function threadTimes(pid: number): readonly ThreadTime[] {
  if (!hasProc) return [];
  return readdirSync(`/proc/${pid}/task`).map((id) => {
    const folder = `/proc/${pid}/task/${id}`;
    const name = readFileSync(`${folder}/comm`, "utf8").trim();
    return { id, name, seconds: hasNanoseconds ? scheduledSeconds(folder) : tickedSeconds(folder) };
  });
}

/** What each thread has used since `before`. */
export function timesSince(before: readonly ThreadTime[], pid: number): readonly ThreadTime[] {
  const earlier = new Map(before.map(({ id, seconds }) => [id, seconds]));
  return threadTimes(pid).map((thread) => ({
    ...thread,
    seconds: thread.seconds - (earlier.get(thread.id) ?? 0),
  }));
}

/** Seconds of CPU that all threads of a process have used; `NaN` where the system does not tell. */
export function cpuSeconds(pid: number): number {
  if (!hasProc) return Number.NaN;
  // The servers keep their threads, so their sum is the whole, and finer than the process's own ticks.
  return threadTimes(pid).reduce((sum, thread) => sum + thread.seconds, 0);
}

function scheduledSeconds(folder: string): number {
  return Number(readFileSync(`${folder}/schedstat`, "latin1").split(" ")[0]) / 1e9;
}

function tickedSeconds(folder: string): number {
  const stat = readFileSync(`${folder}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[userTicks]) + Number(fields[systemTicks])) / ticksPerSecond;
}

/** Bytes of memory that a process has resident; `NaN` where the system does not tell. */
export function residentBytes(pid: number): number {
  if (!hasProc) return Number.NaN;
  return kibibytes(`/proc/${pid}/status`, "VmRSS") * 1024;
}

const pageBytes = 4096;

/**
 * Bytes that the kernel uses for itself: its objects (`Slab`), and what waits in sockets. It is of the whole
 * machine, so only its growth says something.
 */
export function kernelBytes(): number {
  if (!hasProc) return Number.NaN;
  const [, pages] = /^TCP: .* mem (\d+)$/m.exec(readFileSync("/proc/net/sockstat", "latin1")) ?? [];
  return kibibytes("/proc/meminfo", "Slab") * 1024 + Number(pages) * pageBytes;
}

function kibibytes(file: string, field: string): number {
  const [, value] = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(readFileSync(file, "latin1")) ?? [];
  return Number(value);
}

const unlimited = 100_000;

/** How many files and sockets a process may have open. */
export function openFileLimit(): number {
  if (!hasProc) return unlimited;
  const limits = readFileSync("/proc/self/limits", "latin1");
  const [, hard] = /^Max open files\s+\S+\s+(\d+)/m.exec(limits) ?? [];
  return hard === undefined ? unlimited : Math.min(Number(hard), unlimited);
}

import { existsSync, readFileSync } from "node:fs";

/** Whether this system tells what other processes use. */
export const hasProc: boolean = existsSync("/proc/self/stat");

/** Linux counts in hundredths of a second, on every architecture that Node runs on. */
const ticksPerSecond = 100;
// Fields 14 and 15 of proc_pid_stat(5); what stands after the command's name begins with field 3.
const userTicks = 11;
const systemTicks = 12;

/** Seconds of CPU that all threads of a process have used; `NaN` where the system does not tell. */
export function cpuSeconds(pid: number): number {
  if (!hasProc) return Number.NaN;
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[userTicks]) + Number(fields[systemTicks])) / ticksPerSecond;
}

/** Bytes of memory that a process has resident; `NaN` where the system does not tell. */
export function residentBytes(pid: number): number {
  if (!hasProc) return Number.NaN;
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1")) ?? [];
  return Number(kibibytes) * 1024;
}

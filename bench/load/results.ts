import type { ThreadTime } from "../proc.ts";

export interface Delivered {
  /** To all others than their sender. */
  readonly deliveries: number;
  readonly lost: number;
  /** Came twice, or after a later one of the same sender. */
  readonly disordered: number;
  readonly seconds: number;
  readonly serverCpuSeconds: number;
  /** Without the time in which it only watched the clock. */
  readonly loadCpuSeconds: number;
}

/** With what each of the server's threads used; nothing where the system does not tell. */
export interface DeliveredByThreads extends Delivered {
  readonly messages: number;
  readonly threads: readonly ThreadTime[];
}

export interface FloodResult extends DeliveredByThreads {
  readonly mode: "flood";
}

export interface PacedResult extends DeliveredByThreads {
  readonly mode: "paced";
  /** From the scheduled time of sending to the arrival, over all deliveries. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** How late the load sent, at worst. Part of the latencies. */
  readonly latestSendMs: number;
}

/** A server with little to do. Times from the sending of a message until the last reader has it. */
export interface QuietResult extends Delivered {
  readonly mode: "quiet";
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** What the disk took for 4 KiB, as often and as far apart, right after. */
  readonly syncP50Ms: number;
  readonly syncP99Ms: number;
}

export interface IdleResult {
  readonly mode: "idle";
  /** Growth of the server's resident memory. */
  readonly bytesPerConnection: number;
  /** Growth of the kernel's own memory, of both ends of each connection. */
  readonly kernelBytesPerConnection: number;
  /** While nothing happens. */
  readonly cpuMsPerSecond: number;
}

interface Entered {
  /** Until everybody is in. */
  readonly seconds: number;
  /** Until everybody has been told everything about it. */
  readonly toldSeconds: number;
  readonly serverCpuSeconds: number;
}

/** Everybody comes in at once. */
export interface LoginResult extends Entered {
  readonly mode: "login";
}

/** Everybody goes into the room at once; those who have to come in before that have done so. */
export interface JoinResult extends Entered {
  readonly mode: "join";
}

/** Some come into a room of many, and go again. */
export interface ChurnResult {
  readonly mode: "churn";
  readonly joinSeconds: number;
  /** Until everybody has been told, in CPU seconds of the server. */
  readonly joinCpuSeconds: number;
  readonly leaveCpuSeconds: number;
}

export type LoadResult =
  | FloodResult
  | PacedResult
  | QuietResult
  | IdleResult
  | LoginResult
  | JoinResult
  | ChurnResult;

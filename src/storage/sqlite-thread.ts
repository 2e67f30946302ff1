import { parentPort, workerData } from "node:worker_threads";
import { serveCalls } from "./calls.ts";
import { SqliteReader } from "./sqlite-reader.ts";
import { SqliteWriter } from "./sqlite-writer.ts";

/** What a thread of an SQLite store is started with. */
export interface SqliteThreadData {
  readonly role: "write" | "read";
  readonly path: string;
  readonly busyTimeoutMs: number;
}

const { role, path, busyTimeoutMs } = workerData as SqliteThreadData;
const target =
  role === "write" ? new SqliteWriter(path, { busyTimeoutMs }) : new SqliteReader(path, { busyTimeoutMs });
if (parentPort !== null) serveCalls(parentPort, target);

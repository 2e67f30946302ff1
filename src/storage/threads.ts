import { extname } from "node:path";
import { CallThread } from "./call-thread.ts";
import { defaultBusyTimeoutMs } from "./sqlite-connection.ts";
import type { SqliteReader } from "./sqlite-reader.ts";
import { openOver } from "./sqlite-store.ts";
import type { SqliteThreadData } from "./sqlite-thread.ts";
import type { SqliteWriter } from "./sqlite-writer.ts";
import type { Store } from "./store.ts";

export interface SqliteStoreOptions {
  /** How long to wait for another program's lock; 2000 where not given. */
  readonly busyTimeoutMs?: number;
  /** How many reads may wait; one more is rejected as `busy`. 1000 where not given. */
  readonly maxWaitingReads?: number;
  /** Called where a thread of the store dies; calls are rejected from then on. */
  readonly onDeath?: (error: Error) => void;
}

const defaultMaxWaitingReads = 1000;

/**
 * Opens or makes the database at `path`: one thread writes, one reads. Several processes may have it open.
 *
 * @throws StoreFault where it cannot be opened, also where a newer Roomful wrote it.
 */
export async function openSqliteStore(path: string, options: SqliteStoreOptions = {}): Promise<Store> {
  const { busyTimeoutMs = defaultBusyTimeoutMs, maxWaitingReads = defaultMaxWaitingReads } = options;
  let onDeath: SqliteStoreOptions["onDeath"];
  const start = <T extends SqliteWriter | SqliteReader>(role: SqliteThreadData["role"]): CallThread<T> =>
    new CallThread<T>(new URL(`./sqlite-thread${extname(import.meta.url)}`, import.meta.url), {
      name: role === "write" ? "journal" : "reader",
      workerData: { role, path, busyTimeoutMs } satisfies SqliteThreadData,
      outcomeOnDeath: role === "write" ? "unknown" : "nothing-stored",
      onDeath: (error) => onDeath?.(error),
    });
  const store = await openOver(start<SqliteWriter>("write"), start<SqliteReader>("read"), maxWaitingReads);
  onDeath = options.onDeath;
  return store;
}

import { extname } from "node:path";
import { Worker } from "node:worker_threads";

/** What a database file is found to be. */
export interface Inspection {
  readonly schema: { readonly version: number; readonly newest: number };
  /** When its last event was said; 0 where there is none. */
  readonly lastAt: number;
  /** How many messages are not in the search index yet. */
  readonly unindexed: number;
  /** How names are told apart; `undefined`: no server has said it yet. */
  readonly casemapping: string | undefined;
  /** What SQLite's `quick_check` finds wrong, at most so many as `maxDamages`. */
  readonly damages: readonly string[];
}

/** What the thread answers; `problem`: why it could not go on. */
export type InspectionMessage = { readonly inspection: Inspection } | { readonly problem: string };

export const maxDamages = 5;

/**
 * Reads a whole database, beside a running server too, on a thread of its own so that the caller can say how long it
 * takes. It changes nothing, and the server writes on meanwhile; only its log cannot shrink before this is done.
 * Resolves to a sentence where the file cannot be read, or is not Roomful's.
 */
export async function inspectDatabase(path: string): Promise<Inspection | string> {
  const file = new URL(`./inspection-thread${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(file, { name: "inspection", workerData: path });
  return new Promise((resolve, reject) => {
    worker.on("message", (message: InspectionMessage) =>
      resolve("problem" in message ? message.problem : message.inspection),
    );
    worker.on("error", reject);
  });
}

// The file of a thread that reads a whole database; `inspection.ts` starts it.
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import { type Inspection, type InspectionMessage, maxDamages } from "./inspection.ts";
import { schemaOf } from "./migrations.ts";
import { defaultBusyTimeoutMs } from "./sqlite-connection.ts";
import { casemappingRecord } from "./store.ts";

/** The first schema with a search index. */
const searchSchema = 2;
/** The first schema with records. */
const recordsSchema = 3;

function inspect(path: string): Inspection {
  const database = new DatabaseSync(path, { readOnly: true, timeout: defaultBusyTimeoutMs });
  try {
    const schema = schemaOf(database);
    const found = database.prepare(`PRAGMA quick_check(${maxDamages})`).all();
    const damages = found
      .flatMap((row) => String(row["quick_check"]).split("\n"))
      .filter((line) => line !== "ok" && !line.startsWith("***"));
    const isReadable = damages.length === 0 && schema.version > 0;
    const last = isReadable ? database.prepare("SELECT max(last_at) AS at FROM streams").get()?.["at"] : 0;
    const hasIndex = isReadable && schema.version >= searchSchema;
    const behind = "SELECT sum(head - max(floor, indexed)) AS behind FROM streams";
    const unindexed = hasIndex ? database.prepare(behind).get()?.["behind"] : 0;
    const hasRecords = isReadable && schema.version >= recordsSchema;
    const record = "SELECT value FROM records WHERE key = ?";
    const casemapping = hasRecords ? database.prepare(record).get(casemappingRecord)?.["value"] : undefined;
    return {
      schema,
      lastAt: Number(last ?? 0),
      unindexed: Number(unindexed ?? 0),
      casemapping: casemapping === undefined ? undefined : String(casemapping),
      damages,
    };
  } finally {
    database.close();
  }
}

function answer(path: string): InspectionMessage {
  try {
    return { inspection: inspect(path) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.postMessage(answer(workerData as string));

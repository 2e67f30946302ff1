// The file of a thread that reads a whole database; `inspection.ts` starts it.
import { DatabaseSync } from "node:sqlite";
import { parentPort, workerData } from "node:worker_threads";
import { type Inspection, type InspectionMessage, maxDamages } from "./inspection.ts";
import { schemaOf } from "./migrations.ts";
import { defaultBusyTimeoutMs } from "./sqlite-connection.ts";

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
    return { schema, lastAt: Number(last ?? 0), damages };
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

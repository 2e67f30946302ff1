import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { promisify } from "node:util";
import { type CleanText, lobby, type MessageId, type NewEvent, type PersonId } from "../chat/event.ts";
import { faultOf } from "./sqlite-fault.ts";
import { type Store, StoreFault } from "./store.ts";
import { openSqliteStore } from "./threads.ts";

// This file runs itself once more inside a file system of 3 MB that only its process sees.
const [, , inside] = process.argv;

/** What happened on the small file system. */
interface Report {
  /** The numbers that `append` answered with, in the order of the answers. */
  readonly before: readonly number[];
  readonly faults: readonly { readonly reason: string; readonly outcome: string }[];
  readonly readWhileFull: number;
  /** What is said of an I/O error where there is no space, as when SQLite cannot grow the wal-index. */
  readonly ioErrorWhileFull: string;
  readonly after: readonly number[];
  readonly ids: readonly string[];
  readonly acknowledged: readonly string[];
}

let made = 0;

function batch(size: number): readonly NewEvent[] {
  return Array.from({ length: size }, () => {
    made += 1;
    return {
      stream: lobby,
      id: `m-${made}` as MessageId,
      at: 1000,
      kind: "text",
      from: { id: "p-ann" as PersonId, name: "Ann" },
      to: undefined,
      text: "x".repeat(500) as CleanText,
      replyTo: undefined,
      threadRoot: undefined,
      clientTags: undefined,
      retry: undefined,
    };
  });
}

async function fillAndFree(folder: string): Promise<Report> {
  const ballast = `${folder}/ballast`;
  writeFileSync(ballast, Buffer.alloc(1024 * 1024));
  const store = await openSqliteStore(`${folder}/roomful.db`);
  const faults: { reason: string; outcome: string }[] = [];
  const acknowledged: string[] = [];

  /** Like the journal: after an unknown outcome nothing is appended before the batch could be settled. */
  const append = async (size: number): Promise<readonly number[] | undefined> => {
    const events = batch(size);
    const ask = async (): ReturnType<Store["settle"]> =>
      unsettled === undefined ? store.append(events) : store.settle(unsettled);
    try {
      const about = unsettled ?? events;
      const results = await ask();
      unsettled = undefined;
      return results.flatMap((result, index) => {
        if (result?.kind !== "stored") return [];
        acknowledged.push(about[index]?.id ?? "");
        return [result.number];
      });
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      faults.push({ reason: error.reason, outcome: error.outcome });
      if (error.outcome === "unknown") unsettled ??= events;
      return undefined;
    }
  };
  let unsettled: readonly NewEvent[] | undefined;

  const before: number[] = [];
  for (let numbers = await append(20); numbers !== undefined; numbers = await append(20))
    before.push(...numbers);
  // Full stays full, and small batches do not slip in behind the back of a large one.
  for (let attempt = 0; attempt < 20; attempt += 1) before.push(...((await append(20)) ?? []));
  const readWhileFull = (await store.after(lobby, 0, 100)).events.length;
  const ioErrorWhileFull = reasonOfIoError(`${folder}/roomful.db`);
  rmSync(ballast);
  const after: number[] = [];
  while (after.length < 200) after.push(...((await append(20)) ?? []));
  await store.close();

  const again = await openSqliteStore(`${folder}/roomful.db`);
  const ids: string[] = [];
  for (;;) {
    const { events } = await again.after(lobby, ids.length, 1000);
    for (const { id, number } of events) assert.equal(number, ids.push(id));
    if (events.length === 0) break;
  }
  await again.close();
  return { before, faults, readWhileFull, ioErrorWhileFull, after, ids, acknowledged };
}

/** SQLITE_IOERR_SHMSIZE in the database at `path`. */
function reasonOfIoError(path: string): string {
  const error = Object.assign(new Error("disk I/O error"), { errcode: 4874 });
  return faultOf(error, { action: "store", path, outcome: "unknown" }).reason;
}

if (inside !== undefined) {
  console.log(JSON.stringify(await fillAndFree(inside)));
} else {
  test("on a full disk nothing is lost, and it goes on when there is space again", async () => {
    const script = `mount -t tmpfs -o size=3m tmpfs /mnt && exec "$0" "$1" /mnt`;
    const args = ["-rm", "sh", "-c", script, process.execPath, import.meta.filename];
    const { stdout } = await promisify(execFile)("unshare", args, { env: {}, maxBuffer: 16 * 1024 * 1024 });
    const report = JSON.parse(stdout) as Report;
    const { before, faults, after, ids, acknowledged } = report;
    assert.ok(before.length > 100, `${before.length} events fitted`);
    assert.ok(faults.length >= 20, `${faults.length} batches were refused`);
    assert.deepEqual([...new Set(faults.map(({ reason }) => reason))], ["full"]);
    assert.equal(report.readWhileFull, 100);
    assert.equal(report.ioErrorWhileFull, "full");
    assert.equal(reasonOfIoError(import.meta.filename), "failing");
    const numbers = [...before, ...after];
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => index + 1),
    );
    assert.deepEqual(ids, acknowledged);
  });
}

import assert from "node:assert/strict";
import {
  closeSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import type { Worker } from "node:worker_threads";
import { type CleanText, lobby, type MessageId, type NewEvent, type PersonId } from "../chat/event.ts";
import { openSqliteStoreHere } from "./sqlite-store.ts";
import type { SqliteWriterOptions } from "./sqlite-writer.ts";
import { type Store, StoreFault } from "./store.ts";
import { openSqliteStore, type SqliteStoreOptions } from "./threads.ts";

let made = 0;

function say(text: string): NewEvent {
  made += 1;
  const from = { id: "p-ann" as PersonId, name: "Ann" };
  const id = `m-${made}` as MessageId;
  const none = {
    to: undefined,
    replyTo: undefined,
    threadRoot: undefined,
    clientTags: undefined,
    retry: undefined,
  };
  return { stream: lobby, id, at: 1000, kind: "text", from, text: text as CleanText, ...none };
}

async function textsOf(store: Store): Promise<readonly string[]> {
  const { events } = await store.after(lobby, 0, 1000);
  assert.deepEqual(
    events.map(({ number }) => number),
    events.map((_, index) => index + 1),
  );
  return events.map(({ text }) => text);
}

function sqliteTest(name: string, check: (folder: string) => Promise<void>): void {
  test(name, async () => {
    const folder = mkdtempSync(join(tmpdir(), "roomful-sqlite-"));
    try {
      await check(folder);
    } finally {
      // A thread that is left would keep a failed test from ending.
      for (const store of opened.splice(0)) await store.close();
      rmSync(folder, { recursive: true });
    }
  });
}

const opened: Store[] = [];

async function openBehindThreads(path: string, options?: SqliteStoreOptions): Promise<Store> {
  const store = await openSqliteStore(path, options);
  opened.push(store);
  return store;
}

async function openHere(path: string, options?: SqliteWriterOptions): Promise<Store> {
  const store = await openSqliteStoreHere(path, options);
  opened.push(store);
  return store;
}

const files = ["roomful.db", "roomful.db-wal", "roomful.db-shm"];

for (const umask of [0o000, 0o022, 0o777]) {
  sqliteTest(`files are for their owner alone under umask ${umask.toString(8)}`, async (folder) => {
    const before = process.umask(umask);
    const store = await openHere(join(folder, "roomful.db")).finally(() => process.umask(before));
    await store.append([say("a")]);
    for (const file of files) assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600, file);
    await store.close();
  });
}

sqliteTest("closing empties the log into the database", async (folder) => {
  const path = join(folder, "roomful.db");
  const store = await openBehindThreads(path);
  await store.append([say("a")]);
  await store.close();
  assert.throws(() => statSync(`${path}-wal`), /ENOENT/);
  await store.close();
  await assert.rejects(store.append([say("b")]), { name: "StoreFault", outcome: "nothing-stored" });
  await assert.rejects(store.streams(), { name: "StoreFault", outcome: "nothing-stored" });
});

for (const open of [openBehindThreads, openHere]) {
  sqliteTest(`a lock of another program is busy, not broken (${open.name})`, async (folder) => {
    const path = join(folder, "roomful.db");
    const store = await open(path, { busyTimeoutMs: 10 });
    await store.append([say("a")]);
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    const refused = [store.append([say("b")]), store.raiseFloor(lobby, 1), store.unban("x")];
    for (const refusal of refused) {
      await assert.rejects(refusal, { name: "StoreFault", reason: "busy", outcome: "nothing-stored" });
    }
    assert.deepEqual(await textsOf(store), ["a"]);
    other.exec("ROLLBACK");
    await store.append([say("c")]);
    assert.deepEqual(await textsOf(store), ["a", "c"]);
    other.close();
    await store.close();
  });
}

sqliteTest(
  "a program that reads for long holds up no commit, and the log shrinks after it",
  async (folder) => {
    const path = join(folder, "roomful.db");
    const store = await openBehindThreads(path);
    const write = async (): Promise<void> => {
      for (let batch = 0; batch < 60; batch += 1) {
        await store.append(Array.from({ length: 256 }, () => say("x".repeat(1000))));
      }
    };
    await store.append([say("a")]);
    const other = new DatabaseSync(path);
    other.exec("BEGIN; SELECT count(*) FROM events");
    other.prepare("SELECT count(*) FROM events").get();
    await write();
    const held = statSync(`${path}-wal`).size;
    other.exec("COMMIT");
    other.close();
    await write();
    await write();
    assert.ok(statSync(`${path}-wal`).size < 1.5 * held, `${statSync(`${path}-wal`).size} of ${held} bytes`);
    await store.close();
  },
);

sqliteTest("the log of long messages does not outgrow that of short ones", async (folder) => {
  const store = await openSqliteStoreHere(join(folder, "roomful.db"));
  let largest = 0;
  for (let batch = 0; batch < 100; batch += 1) {
    await store.append(Array.from({ length: 64 }, () => say("x".repeat(2000))));
    largest = Math.max(largest, statSync(join(folder, "roomful.db-wal")).size);
  }
  assert.ok(largest < 12 * 1024 * 1024, `${largest} bytes`);
  await store.close();
});

sqliteTest("a text that was taken back is nowhere in the files", async (folder) => {
  const path = join(folder, "roomful.db");
  const store = await openSqliteStoreHere(path);
  const secret = say(`secret-${"long ".repeat(2000)}`);
  await store.append([say("before"), { ...secret, clientTags: "+secret-tag" }, say("after")]);
  await store.append([{ ...say(""), kind: "removal", replyTo: secret.id }]);
  await store.close();
  const bytes = readFileSync(path);
  for (const gone of ["secret-", "long long"]) assert.equal(bytes.includes(gone), false, gone);
});

sqliteTest("an erased text is nowhere in the files", async (folder) => {
  const path = join(folder, "roomful.db");
  const store = await openBehindThreads(path);
  await store.append(Array.from({ length: 50 }, (_, index) => say(`secret-${index}-`.repeat(index + 1))));
  await store.raiseFloor(lobby, 50);
  await store.close();
  assert.equal(readFileSync(path).includes("secret-"), false);
});

/** What SQLite throws where an fsync fails (SQLITE_IOERR_FSYNC). */
function fsyncError(): Error {
  return Object.assign(new Error("disk I/O error"), { code: "ERR_SQLITE_ERROR", errcode: 1034 });
}

type Commit = NonNullable<SqliteWriterOptions["commit"]>;

/** A store whose next commit can be made to fail. */
async function openFailing(path: string): Promise<{ store: Store; failNext(commit: Commit): void }> {
  let failing: Commit | undefined;
  const commit: Commit = (database) => {
    const fail = failing;
    failing = undefined;
    if (fail === undefined) database.exec("COMMIT");
    else fail(database);
  };
  const store = await openHere(path, { commit, busyTimeoutMs: 10 });
  const failNext = (fail: Commit): void => {
    failing = fail;
  };
  return { store, failNext };
}

const unknown = { name: "StoreFault", reason: "failing", outcome: "unknown" };

sqliteTest("a commit that failed after all was written is settled as stored", async (folder) => {
  const { store, failNext } = await openFailing(join(folder, "roomful.db"));
  const batch = [say("a"), say("b")];
  failNext((database) => {
    database.exec("COMMIT");
    throw fsyncError();
  });
  await assert.rejects(store.append(batch), unknown);
  const results = await store.settle(batch);
  assert.deepEqual(
    results.map((result) => result?.kind),
    ["stored", "stored"],
  );
  await store.append([say("c")]);
  assert.deepEqual(await textsOf(store), ["a", "b", "c"]);
  await store.close();
});

sqliteTest("a commit that failed before anything was written is settled as not stored", async (folder) => {
  const { store, failNext } = await openFailing(join(folder, "roomful.db"));
  await store.append([say("a")]);
  const batch = [say("b")];
  failNext(() => {
    throw fsyncError();
  });
  await assert.rejects(store.append(batch), unknown);
  assert.deepEqual(await store.settle(batch), [undefined]);
  await store.append([say("c")]);
  assert.deepEqual(await textsOf(store), ["a", "c"]);
  await store.close();
});

sqliteTest("a full disk at the commit is nothing stored", async (folder) => {
  const { store, failNext } = await openFailing(join(folder, "roomful.db"));
  failNext(() => {
    throw Object.assign(new Error("database or disk is full"), { errcode: 13 });
  });
  await assert.rejects(store.append([say("a")]), { reason: "full", outcome: "nothing-stored" });
  await store.append([say("b")]);
  assert.deepEqual(await textsOf(store), ["b"]);
  await store.close();
});

/** Leaves in the log of `folder` what a commit of `event` leaves there when only its fsync fails. */
async function writeGhost(folder: string, event: NewEvent): Promise<void> {
  const copy = mkdtempSync(join(tmpdir(), "roomful-ghost-"));
  for (const file of files) copyFileSync(join(folder, file), join(copy, file));
  const end = statSync(join(folder, "roomful.db-wal")).size;
  const twin = new DatabaseSync(join(copy, "roomful.db"));
  twin.exec(`INSERT INTO events (stream, number, id, at, kind, person, name, text)
             VALUES (1, 2, '${event.id}', 1000, 1, 'p-ann', 'Ann', '${event.text}');
             UPDATE streams SET head = 2`);
  const frames = readFileSync(join(copy, "roomful.db-wal")).subarray(end);
  assert.ok(frames.length > 0);
  const log = openSync(join(folder, "roomful.db-wal"), "r+");
  writeSync(log, frames, 0, frames.length, end);
  closeSync(log);
  twin.close();
  rmSync(copy, { recursive: true });
}

/** The texts that a start after `kill -9` would find: nothing but the database and its log are left. */
async function textsAfterCrash(folder: string): Promise<readonly string[]> {
  const copy = mkdtempSync(join(tmpdir(), "roomful-crash-"));
  for (const file of files.slice(0, 2)) copyFileSync(join(folder, file), join(copy, file));
  const store = await openHere(join(copy, "roomful.db"));
  const texts = await textsOf(store);
  await store.close();
  rmSync(copy, { recursive: true });
  return texts;
}

for (const next of ["settled", "written over", "banned"]) {
  sqliteTest(`what a failed fsync left in the log is not found again once it was ${next}`, async (folder) => {
    const { store, failNext } = await openFailing(join(folder, "roomful.db"));
    await store.append([say("a")]);
    const batch = [say("ghost")];
    await writeGhost(folder, batch[0] as NewEvent);
    assert.deepEqual(await textsAfterCrash(folder), ["a", "ghost"], "the ghost is one");
    failNext(() => {
      throw fsyncError();
    });
    await assert.rejects(store.append(batch), unknown);
    if (next === "settled") assert.deepEqual(await store.settle(batch), [undefined]);
    else if (next === "banned") await store.ban({ address: "192.0.2.1", until: undefined, reason: "" });
    else await store.append([say("b")]);
    const texts = await textsOf(store);
    assert.deepEqual(texts, next === "written over" ? ["a", "b"] : ["a"]);
    assert.deepEqual(await textsAfterCrash(folder), texts);
    await store.close();
  });
}

sqliteTest("settling waits for a program that reads the log, and can be tried again", async (folder) => {
  const path = join(folder, "roomful.db");
  const { store, failNext } = await openFailing(path);
  await store.append([say("a")]);
  const other = new DatabaseSync(path);
  other.exec("BEGIN");
  other.prepare("SELECT count(*) FROM events").get();
  const batch = [say("b")];
  failNext((database) => {
    database.exec("COMMIT");
    throw fsyncError();
  });
  await assert.rejects(store.append(batch), unknown);
  await assert.rejects(store.settle(batch), { reason: "busy", outcome: "unknown" });
  await assert.rejects(store.append([say("c")]), { reason: "busy", outcome: "nothing-stored" });
  other.exec("COMMIT");
  assert.equal((await store.settle(batch))[0]?.kind, "stored");
  await store.append([say("d")]);
  assert.deepEqual(await textsOf(store), ["a", "b", "d"]);
  other.close();
  await store.close();
});

for (const [victim, outcome] of [
  ["writing", "unknown"],
  ["reading", "nothing-stored"],
] as const) {
  sqliteTest(`when the ${victim} thread dies, what it owes is rejected and it is told`, async (folder) => {
    const workers: Worker[] = [];
    const collect = (worker: Worker): void => {
      workers.push(worker);
    };
    process.on("worker", collect);
    const deaths: Error[] = [];
    const store = await openBehindThreads(join(folder, "roomful.db"), {
      onDeath: (error) => deaths.push(error),
    });
    process.off("worker", collect);
    await store.append([say("a")]);
    // It takes nothing any more, though its end is not noticed yet.
    const terminated = workers[victim === "writing" ? 0 : 1]?.terminate();
    const owed = victim === "writing" ? store.append([say("b")]) : store.after(lobby, 0, 1);
    await assert.rejects(owed, { name: "StoreFault", reason: "failing", outcome });
    await terminated;
    assert.equal(deaths.length, 1);
    const write = store.append([say("c")]);
    const read = store.streams();
    const [broken, sound] = victim === "writing" ? [write, read] : [read, write];
    await assert.rejects(broken, { name: "StoreFault", reason: "failing", outcome: "nothing-stored" });
    await sound;
    await store.close();
    assert.equal(deaths.length, 1);
  });
}

sqliteTest("no more reads wait than may", async (folder) => {
  const store = await openBehindThreads(join(folder, "roomful.db"), { maxWaitingReads: 3 });
  const reads = Array.from({ length: 4 }, () => store.after(lobby, 0, 1));
  const results = await Promise.allSettled(reads);
  assert.deepEqual(
    results.map(({ status }) => status),
    ["fulfilled", "fulfilled", "fulfilled", "rejected"],
  );
  const rejected = results.find((result) => result.status === "rejected");
  assert.ok(rejected?.reason instanceof StoreFault && rejected.reason.reason === "busy");
  await store.append([say("a")]);
  await store.streams();
  await store.close();
});

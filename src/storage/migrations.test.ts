import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { type Migration, migrate, requireNewestSchema } from "./migrations.ts";
import { SqliteReader } from "./sqlite-reader.ts";
import { openSqliteStoreHere } from "./sqlite-store.ts";
import { StoreFault } from "./store.ts";

function schemaTest(name: string, check: (path: string) => Promise<void> | void): void {
  test(name, async () => {
    const folder = mkdtempSync(join(tmpdir(), "roomful-schema-"));
    try {
      await check(join(folder, "roomful.db"));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

function change(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

function versionOf(database: DatabaseSync): unknown {
  return database.prepare("PRAGMA user_version").get()?.["user_version"];
}

const first: Migration = (database) =>
  database.exec("PRAGMA application_id = 0x526f6f6d; CREATE TABLE one (a)");
const second: Migration = (database) => database.exec("ALTER TABLE one ADD COLUMN b");
const broken: Migration = (database) =>
  database.exec("ALTER TABLE one ADD COLUMN c; ALTER TABLE none RENAME TO x");

test("each step of the schema is taken once", () => {
  const database = new DatabaseSync(":memory:");
  migrate(database, [first]);
  migrate(database, [first]);
  assert.equal(versionOf(database), 1);
  assert.throws(() => requireNewestSchema(database, [first, second]), /its schema is 1 and 2 is needed/);
  migrate(database, [first, second]);
  migrate(database, [first, second]);
  assert.equal(versionOf(database), 2);
  requireNewestSchema(database, [first, second]);
});

test("a step that fails changes nothing", () => {
  const database = new DatabaseSync(":memory:");
  assert.throws(() => migrate(database, [first, broken]), /no such table: none/);
  assert.equal(versionOf(database), 1);
  assert.equal(database.prepare("SELECT * FROM one").columns().length, 1);
  migrate(database, [first, second]);
  assert.equal(versionOf(database), 2);
});

schemaTest("a database of a newer Roomful is refused and left as it is", async (path) => {
  await (await openSqliteStoreHere(path)).close();
  change(path, "PRAGMA user_version = 1000");
  const bytes = readFileSync(path);
  const refusal = {
    name: "StoreFault",
    reason: "failing",
    message: /written by a newer Roomful \(schema 1000;/,
  };
  await assert.rejects(openSqliteStoreHere(path), refusal);
  assert.throws(() => new SqliteReader(path).open(), refusal);
  assert.deepEqual(readFileSync(path), bytes);
});

schemaTest("a database of another program is refused and left as it is", async (path) => {
  change(path, "CREATE TABLE recipes (name)");
  const bytes = readFileSync(path);
  await assert.rejects(openSqliteStoreHere(path), /is not a database of Roomful/);
  assert.deepEqual(readFileSync(path), bytes);
});

schemaTest("a file that is no database is refused and left as it is", async (path) => {
  writeFileSync(path, "Dear diary, ".repeat(100));
  await assert.rejects(openSqliteStoreHere(path), {
    name: "StoreFault",
    reason: "failing",
    message: /not a database/,
  });
  assert.equal(readFileSync(path, "utf8"), "Dear diary, ".repeat(100));
});

schemaTest("a reader neither makes a database nor changes its schema", (path) => {
  assert.throws(() => new SqliteReader(path).open(), StoreFault);
  assert.equal(existsSync(path), false);
  writeFileSync(path, "");
  assert.throws(() => new SqliteReader(path).open(), /its schema is 0 and 4 is needed/);
  assert.equal(readFileSync(path).length, 0);
});

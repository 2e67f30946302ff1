import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { type CleanText, lobby, type MessageId, type NewEvent, type PersonId } from "../chat/event.ts";
import type { SearchQuery } from "../chat/search.ts";
import { packEvents } from "./event-columns.ts";
import { SqliteConnection } from "./sqlite-connection.ts";
import { SqliteReader } from "./sqlite-reader.ts";
import { SqliteSearch } from "./sqlite-search.ts";
import { SqliteWriter } from "./sqlite-writer.ts";
import type { SearchResult } from "./store.ts";

const limits = { hits: 20, rows: 100_000, ms: 60_000 };

function looksFor(words: readonly string[], but: Partial<SearchQuery> = {}): SearchQuery {
  return { words, phrases: [], from: undefined, after: undefined, before: undefined, ...but };
}

let made = 0;

function say(text: string, name = "Ann"): NewEvent {
  made += 1;
  return {
    stream: lobby,
    id: `m-${made}` as MessageId,
    at: made,
    kind: "text",
    from: { id: `p-${name}` as PersonId, name },
    to: undefined,
    text: text as CleanText,
    replyTo: undefined,
    threadRoot: undefined,
    clientTags: undefined,
    retry: undefined,
  };
}

function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function indexTest(name: string, check: (path: string) => void): void {
  test(name, () => {
    const folder = mkdtempSync(join(tmpdir(), "roomful-search-"));
    try {
      check(join(folder, "roomful.db"));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

/** A writer with messages that are not indexed. */
function written(path: string, texts: readonly string[]): SqliteWriter {
  const writer = new SqliteWriter(path);
  writer.open();
  if (texts.length > 0) writer.append(packEvents(texts.map((text) => say(text))));
  return writer;
}

function search(path: string, query: SearchQuery): SearchResult {
  const reader = new SqliteReader(path);
  let result = reader.search({ query, streams: [lobby], limits });
  while (result === undefined) result = reader.searchOn();
  reader.close();
  return result;
}

function column(path: string, sql: string): readonly unknown[] {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database.prepare(sql).all();
  database.close();
  return rows.flatMap((row) => Object.values(row));
}

const indexed = "SELECT indexed FROM streams";
const rowsOfWord = "SELECT count(*) FROM search WHERE search MATCH '\"word\"'";

indexTest("the index follows in steps, goes on after a crash, and what it lacks is found as well", (path) => {
  const texts = upTo(1200).map((number) => `word ${number}`);
  written(path, texts);
  assert.equal(search(path, looksFor(["word"])).found, 1200);
  // Nobody closes it: it was killed.
  const killed = new SqliteWriter(path);
  killed.open();
  assert.equal(killed.rest(), true);
  assert.deepEqual(column(path, indexed), [500]);
  assert.equal(search(path, looksFor(["word"])).found, 1200);
  const next = written(path, ["word 1201"]);
  while (next.rest());
  assert.deepEqual([...column(path, indexed), ...column(path, rowsOfWord)], [1201, 1201]);
  assert.equal(next.rest(), false);
  const { found, hits } = search(path, looksFor(["word"]));
  assert.deepEqual([found, hits[0]?.event.number, hits[0]?.before?.number], [1201, 1201, 1200]);
  assert.equal(search(path, looksFor(["word", "700"])).hits[0]?.event.number, 700);
  next.close();
  killed.close();
});

indexTest("what is never quiet is indexed all the same", (path) => {
  const writer = written(path, []);
  let head = 0;
  for (let batch = 0; batch < 1000 && head === 0; batch += 1) {
    writer.append(packEvents(upTo(500).map((number) => say(`word ${number}`))));
    writer.idle();
    [head = 0] = column(path, indexed) as readonly number[];
  }
  assert.ok(head > 0, "nothing is indexed");
  writer.close();
});

indexTest("what is erased leaves no trace in the index at once, be it indexed or not", (path) => {
  const writer = written(path, ["abracadabra 秘密会議", ...upTo(700).map((number) => `word ${number}`)]);
  writer.rest();
  assert.deepEqual(column(path, indexed), [500]);
  while (!writer.eraseUpTo(lobby, 650, 100));
  assert.deepEqual([...column(path, indexed), ...column(path, rowsOfWord)], [650, 0]);
  writer.close();
  const bytes = readFileSync(path);
  for (const trace of ["racadabra", "秘密", "会議"]) assert.equal(bytes.includes(trace), false, trace);
  const next = written(path, []);
  while (next.rest());
  assert.deepEqual([...column(path, indexed), ...column(path, rowsOfWord)], [701, 51]);
  next.close();
});

indexTest("nothing is indexed before it is known what became of a commit that failed", (path) => {
  let fails = false;
  const writer = new SqliteWriter(path, {
    commit: (database) => {
      if (fails) throw new Error("the device fails");
      database.exec("COMMIT");
    },
  });
  writer.open();
  writer.append(packEvents([say("word")]));
  fails = true;
  const batch = packEvents([say("word")]);
  assert.throws(() => writer.append(batch), { outcome: "unknown" });
  assert.equal(writer.rest(), false);
  assert.deepEqual(column(path, indexed), [0]);
  writer.settle(batch);
  while (writer.rest());
  assert.deepEqual(column(path, indexed), [1]);
  writer.close();
});

indexTest("messages of a database without an index are found, then indexed", (path) => {
  written(path, ["lunch at one", "no"]).close();
  const old = new DatabaseSync(path);
  old.exec(`DROP TABLE search_terms; DROP TABLE search; ALTER TABLE streams DROP COLUMN indexed;
            DROP TABLE records; ALTER TABLE events DROP COLUMN client_tags;
            PRAGMA user_version = 1`);
  old.close();
  const writer = new SqliteWriter(path);
  writer.open();
  assert.deepEqual(column(path, "PRAGMA user_version"), [4]);
  assert.equal(search(path, looksFor(["lunch"])).hits[0]?.event.text, "lunch at one");
  while (writer.rest());
  assert.deepEqual(column(path, indexed), [2]);
  assert.equal(search(path, looksFor(["lunch"])).hits[0]?.event.text, "lunch at one");
  writer.close();
});

indexTest("nothing is indexed while another program writes, and later it is", (path) => {
  const writer = written(path, ["word"]);
  const other = new DatabaseSync(path);
  other.exec("BEGIN IMMEDIATE");
  assert.equal(writer.rest(), false);
  other.exec("COMMIT");
  other.close();
  assert.deepEqual(column(path, indexed), [0]);
  while (writer.rest());
  assert.deepEqual(column(path, indexed), [1]);
  writer.close();
});

indexTest(
  "a search in the smallest pieces finds the same, and one that is given up harms nothing",
  (path) => {
    const writer = written(
      path,
      upTo(2000).map((number) => (number % 3 === 0 ? `words ${number}` : `word ${number}`)),
    );
    for (let step = 0; step < 3; step += 1) writer.rest();
    const connection = new SqliteConnection(path, { busyTimeoutMs: 0, readOnly: true });
    const pieces = new SqliteSearch(connection, { query: looksFor(["word"]), streams: [lobby], limits });
    let count = 0;
    let result: SearchResult | undefined;
    for (; result === undefined; count += 1) result = pieces.goOn(0);
    assert.ok(count > 20, `${count} pieces`);
    assert.deepEqual(result, search(path, looksFor(["word"])));
    assert.equal(result.found, 2000);
    connection.drop();
    const reader = new SqliteReader(path);
    const request = { query: looksFor(["word"]), streams: [lobby], limits };
    reader.search(request);
    let again = reader.search(request);
    while (again === undefined) again = reader.searchOn();
    assert.deepEqual(again, result);
    reader.close();
    writer.close();
  },
);

indexTest("a search without time says that it is not complete", (path) => {
  const writer = written(path, ["word"]);
  const reader = new SqliteReader(path);
  const request = { query: looksFor(["word"]), streams: [lobby], limits: { ...limits, ms: 0 } };
  assert.deepEqual(reader.search(request), { hits: [], found: 0, isComplete: false });
  reader.close();
  writer.close();
});

indexTest("what is hard on an index is found by it", (path) => {
  const writer = written(path, [
    'quotes " and * and AND OR NOT (near)',
    "x".repeat(300),
    "東京都庁前駅",
    `${"long ".repeat(40)}end`,
    upTo(60)
      .map((number) => `w${number}`)
      .join(" "),
  ]);
  writer.append(packEvents([say("said by a strange name", 'A"*(b)-\u00e9')]));
  while (writer.rest());
  const numbers = (query: SearchQuery): readonly number[] =>
    search(path, query).hits.map(({ event }) => event.number);
  assert.deepEqual(numbers(looksFor(["and", "or", "not", "near"])), [1]);
  assert.deepEqual(numbers(looksFor(["x".repeat(300)])), [2]);
  assert.deepEqual(numbers(looksFor(["x".repeat(299)])), [2]);
  assert.deepEqual(numbers(looksFor(["x".repeat(301)])), []);
  assert.deepEqual(numbers(looksFor(["駅"])), [3]);
  assert.deepEqual(numbers(looksFor(["都庁前"])), [3]);
  assert.deepEqual(numbers(looksFor(["庁都"])), []);
  assert.deepEqual(numbers(looksFor([], { phrases: ["long end"] })), [4]);
  assert.deepEqual(numbers(looksFor(upTo(60).map((number) => `w${number}`))), [5]);
  assert.deepEqual(numbers(looksFor([], { from: 'a"*(b)-\u00e9' })), [6]);
  writer.close();
});

import type { StreamId } from "../chat/event.ts";
import { foldName } from "../chat/name.ts";
import { searchable, termsOf } from "../chat/searchable.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";

/** Stands before the name of a speaker, and in no word. */
const authorMark = "\uE000";
/** The ASCII characters that the index parts terms at are put there. */
const punctuationBase = 0xe100;

/** A step of merging writes about so many pages. */
const pagesPerMerge = 64;
/** A step ends when the texts that it indexed are as long as that. */
const maxStepUnits = 256 * 1024;

/**
 * The row of a message in the index: the id of its stream, which is the statement's first parameter, and its number
 * side by side. A stream is a range of rows.
 */
export function indexRow(number: "?2" | "?3"): string {
  return `((?1 << 32) | ${number})`;
}
/** The number of a message, of its row. */
export const indexedNumber = "(search.rowid & 0xffffffff)";

/** What the messages are indexed under whose speaker was shown under a name with this fold. */
export function authorTerm(fold: string): string {
  const name = fold.replace(/[^a-z0-9\u0080-\uffff]/g, (mark) =>
    String.fromCharCode(punctuationBase + mark.charCodeAt(0)),
  );
  return authorMark + name;
}

/**
 * The writing side of the search index, which follows the messages: per stream it remembers up to which number it has
 * come, so that whatever ends it, it goes on there. Its methods run inside of transactions that their caller ends.
 */
export class SearchIndex {
  readonly #connection: SqliteConnection;
  /** The streams that may have messages that are not indexed; `undefined`: to be found out. */
  #behind: Set<StreamId> | undefined;
  #waiting = 0;
  #isMerged = false;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  /** About how many messages this process has stored that are not indexed. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Whether there is nothing to do. */
  get isUpToDate(): boolean {
    return this.#behind?.size === 0 && this.#isMerged;
  }

  /** Takes note of messages that were stored. */
  stored(streams: readonly StreamId[], count: number): void {
    for (const stream of streams) this.#behind?.add(stream);
    this.#waiting += count;
  }

  /** Indexes the next messages, at most so many of one stream, or else tidies the index. Whether there may be more. */
  step(limit: number): boolean {
    this.#behind ??= this.#findBehind();
    const [stream] = this.#behind;
    if (stream === undefined) {
      this.#waiting = 0;
      this.#isMerged = !this.#merge();
      return !this.#isMerged;
    }
    this.#isMerged = false;
    if (this.#indexStream(stream, limit)) this.#behind.delete(stream);
    return true;
  }

  /** After a step that was not committed. */
  undone(): void {
    this.#behind = undefined;
  }

  /** Takes the messages of a stream up to a number out of the index, before they are erased. */
  erase(id: number, end: number): void {
    const [indexed] = this.#connection.row("SELECT indexed FROM streams WHERE id = ?", id) as [number];
    this.#take(id, { from: 1, to: Math.min(indexed, end) });
    if (indexed < end) this.#connection.prepare("UPDATE streams SET indexed = ? WHERE id = ?").run(end, id);
  }

  /** Takes one message out of the index, before what it holds is erased. */
  remove(id: number, number: number): void {
    const [indexed] = this.#connection.row("SELECT indexed FROM streams WHERE id = ?", id) as [number];
    if (number <= indexed) this.#take(id, { from: number, to: number });
  }

  #take(id: number, { from, to }: { readonly from: number; readonly to: number }): void {
    const rows = this.#connection
      .prepare("SELECT number, name, text FROM events WHERE stream = ? AND number BETWEEN ? AND ?")
      .all(id, from, to) as unknown as [number, string, string][];
    const remove = this.#connection.prepare(
      `INSERT INTO search (search, rowid, terms) VALUES ('delete', ${indexRow("?2")}, ?3)`,
    );
    for (const [number, name, text] of rows) remove.run(id, number, termsIn(name, text));
  }

  /** Brings together some of what steps left apart: erasing from one part is ten times as fast. Whether there is more. */
  #merge(): boolean {
    const changes = (): number => Number(this.#connection.row("SELECT total_changes()")?.[0]);
    const before = changes();
    this.#connection.prepare("INSERT INTO search (search, rank) VALUES ('merge', ?)").run(pagesPerMerge);
    // Two where it did something: https://www.sqlite.org/fts5.html#the_merge_command
    return changes() - before >= 2;
  }

  #findBehind(): Set<StreamId> {
    const rows = this.#connection.prepare("SELECT key FROM streams WHERE head > indexed").all();
    return new Set((rows as unknown as [StreamId][]).map(([key]) => key));
  }

  /** Whether all of it is indexed now. */
  #indexStream(stream: StreamId, limit: number): boolean {
    const found = this.#connection.row("SELECT id, indexed, head FROM streams WHERE key = ?", stream);
    const [id, indexed, head] = (found ?? [0, 0, 0]) as [number, number, number];
    if (indexed >= head) return true;
    const rows = this.#connection
      .prepare(
        "SELECT number, name, text FROM events WHERE stream = ? AND number > ? ORDER BY number LIMIT ?",
      )
      .iterate(id, indexed, limit);
    const insert = this.#connection.prepare(
      `INSERT INTO search (rowid, terms) VALUES (${indexRow("?2")}, ?3)`,
    );
    let last = indexed;
    let units = 0;
    for (const row of rows as Iterable<unknown>) {
      const [number, name, text] = row as [number, string, string];
      insert.run(id, number, termsIn(name, text));
      last = number;
      this.#waiting = Math.max(0, this.#waiting - 1);
      units += text.length;
      if (units >= maxStepUnits) break;
    }
    this.#connection.prepare("UPDATE streams SET indexed = ? WHERE id = ?").run(last, id);
    return last >= head;
  }
}

/** The same for the same message whenever it is asked: what is taken out must be what was put in. */
function termsIn(name: string, text: string): string {
  return [...termsOf(searchable(text)), authorTerm(foldName(name))].join(" ");
}

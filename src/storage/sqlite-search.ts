import type { Instant, StoredEvent, StreamId } from "../chat/event.ts";
import { findsBeginnings, type SearchQuery } from "../chat/search.ts";
import { isUnspaced, termsOf } from "../chat/searchable.ts";
import { AuthorPool } from "./event-columns.ts";
import { SearchRanking } from "./search-ranking.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";
import { type EventRow, eventColumns, eventOf } from "./sqlite-rows.ts";
import { authorTerm, indexedNumber, indexRow } from "./sqlite-search-index.ts";
import type { SearchHit, SearchLimits, SearchResult } from "./store.ts";

/** What is looked for, and where. */
export interface SearchRequest {
  readonly query: SearchQuery;
  readonly streams: readonly StreamId[];
  readonly limits: SearchLimits;
}

/** The index is asked for so many terms at most; whether a message holds the others is seen when it is looked at. */
const maxTerms = 48;
/** Of the words that begin with one that is looked for, the commonest are looked for. */
const maxBeginnings = 100;
/** Between so many rows it is seen whether it is time to pause. */
const rowsPerLook = 32;

interface StreamRange {
  readonly id: number;
  /** Messages up to it are in the index. */
  readonly indexed: number;
  /** Both ends included. */
  readonly low: number;
  readonly high: number;
}

/**
 * One search, on the calling thread. It is done in pieces, between which other things can be read over another
 * connection. Within a stream it looks at the newest messages first: those that are not indexed yet, then those that
 * the index gives. What the index gives is only likely: each message is looked at.
 */
export class SqliteSearch {
  readonly #connection: SqliteConnection;
  readonly #request: SearchRequest;
  readonly #ranking: SearchRanking;
  readonly #authors = new AuthorPool();
  readonly #work: Generator<void, SearchResult>;
  #rowsLeft: number;
  #msLeft: number;
  #pieceStart = 0;
  #isComplete = true;

  constructor(connection: SqliteConnection, request: SearchRequest) {
    this.#connection = connection;
    this.#request = request;
    this.#ranking = new SearchRanking(request.query, request.limits);
    this.#rowsLeft = request.limits.rows;
    this.#msLeft = request.limits.ms;
    this.#work = this.#run();
  }

  /** Goes on for about so many milliseconds. The result, once there is one. */
  goOn(ms: number): SearchResult | undefined {
    const start = performance.now();
    this.#pieceStart = start;
    for (;;) {
      const { done, value } = this.#work.next();
      if (done === true) return value;
      const spent = performance.now() - start;
      if (spent < ms) continue;
      this.#msLeft -= spent;
      return undefined;
    }
  }

  *#run(): Generator<void, SearchResult> {
    // One moment for all of it, and for as long as the time that a search may take.
    this.#connection.database.exec("BEGIN");
    const match = yield* this.#match();
    const ranges: StreamRange[] = [];
    for (const stream of this.#request.streams) {
      const range = this.#rangeOf(stream);
      if (range !== undefined) ranges.push(range);
      yield;
    }
    // The small ones first: what they leave of the rows is for the large ones.
    ranges.sort((one, other) => one.high - one.low - (other.high - other.low));
    for (const [index, range] of ranges.entries()) {
      if (this.#isOver) break;
      const left = this.#rowsLeft;
      const share = Math.ceil(left / (ranges.length - index));
      this.#rowsLeft = share;
      yield* this.#look(range, match);
      this.#rowsLeft = left - share + this.#rowsLeft;
    }
    const hits = this.#ranking.hits((event) => this.#withNeighbours(event));
    const result = { hits, found: this.#ranking.found, isComplete: this.#isComplete };
    this.#connection.database.exec("COMMIT");
    return result;
  }

  /** Notes that something was left out. */
  get #isOver(): boolean {
    const isOver = this.#rowsLeft <= 0 || performance.now() - this.#pieceStart >= this.#msLeft;
    if (isOver) this.#isComplete = false;
    return isOver;
  }

  *#look({ id, indexed, low, high }: StreamRange, match: string | undefined): Generator<void> {
    const isIndexed = match !== undefined && indexed >= low;
    const from = isIndexed ? Math.max(low, indexed + 1) : low;
    const all = `SELECT ${eventColumns} FROM events JOIN streams ON streams.id = events.stream
                 WHERE events.stream = ? AND number BETWEEN ? AND ? ORDER BY number DESC`;
    yield* this.#consider(this.#connection.prepare(all).iterate(id, from, high));
    if (!isIndexed) return;
    const given = `SELECT ${eventColumns} FROM search
                   CROSS JOIN events ON events.stream = ?1 AND number = ${indexedNumber}
                   CROSS JOIN streams ON streams.id = ?1
                   WHERE search MATCH ?4 AND search.rowid BETWEEN ${indexRow("?2")} AND ${indexRow("?3")}
                   ORDER BY search.rowid DESC`;
    const rows = this.#connection.prepare(given).iterate(id, low, Math.min(indexed, high), match);
    yield* this.#consider(rows);
  }

  *#consider(rows: Iterable<unknown>): Generator<void> {
    for (const row of rows) {
      if (this.#isOver) return;
      this.#ranking.consider(eventOf(row as EventRow, this.#authors));
      this.#rowsLeft -= 1;
      if (this.#rowsLeft % rowsPerLook === 0) yield;
    }
  }

  /** What the index is asked for; `undefined` where it cannot help. */
  *#match(): Generator<void, string | undefined> {
    const { words, phrases, from } = this.#request.query;
    const terms = new Set(from === undefined ? [] : [authorTerm(from)]);
    for (const text of [...phrases, ...words.filter(isUnspaced)]) {
      for (const term of termsOf(text)) terms.add(term);
    }
    const wanted = [...terms].map((term) => `"${term}"`);
    for (const word of words) {
      if (isUnspaced(word)) continue;
      const [term = word] = termsOf(word);
      const also = findsBeginnings(word) ? yield* this.#beginningWith(term) : [];
      wanted.push(`(${[...new Set([term, ...also])].map((each) => `"${each}"`).join(" OR ")})`);
    }
    return wanted.length === 0 ? undefined : wanted.slice(0, maxTerms).join(" AND ");
  }

  /** The index knows whole words only. */
  *#beginningWith(word: string): Generator<void, readonly string[]> {
    const found: { readonly term: string; readonly count: number }[] = [];
    const rows = this.#connection
      .prepare("SELECT term, doc FROM search_terms WHERE term >= ? AND term < ?")
      .iterate(word, `${word}\u{10FFFF}`);
    for (const row of rows as Iterable<unknown>) {
      const [term, count] = row as [string, number];
      found.push({ term, count });
      if (this.#isOver) break;
      if (found.length % rowsPerLook === 0) yield;
    }
    found.sort((one, other) => other.count - one.count);
    return found.slice(0, maxBeginnings).map(({ term }) => term);
  }

  /** The numbers of a stream that can hold what is looked for; `undefined` where none can. */
  #rangeOf(stream: StreamId): StreamRange | undefined {
    const row = this.#connection.row("SELECT id, floor, head, indexed FROM streams WHERE key = ?", stream);
    if (row === undefined) return undefined;
    const [id, floor, head, indexed] = row as [number, number, number, number];
    const { after, before } = this.#request.query;
    const whole = { id, indexed, low: floor + 1, high: head };
    const low = after === undefined ? whole.low : this.#firstFrom(whole, after);
    const high = before === undefined ? whole.high : this.#firstFrom(whole, before) - 1;
    return low > high ? undefined : { id, indexed, low, high };
  }

  /** The first number of a message said at a moment or later; one above the last where there is none. */
  #firstFrom({ id, low, high }: StreamRange, moment: Instant): number {
    const time = this.#connection.prepare("SELECT at FROM events WHERE stream = ? AND number = ?");
    let first = low;
    let end = high + 1;
    while (first < end) {
      const middle = Math.floor((first + end) / 2);
      const [at] = time.get(id, middle) as unknown as [number];
      if (at < moment) first = middle + 1;
      else end = middle;
    }
    return first;
  }

  #withNeighbours(event: StoredEvent): SearchHit {
    const around = this.#connection
      .prepare(
        `SELECT ${eventColumns} FROM events JOIN streams ON streams.id = events.stream
         WHERE streams.key = ?1 AND number BETWEEN ?2 - 1 AND ?2 + 1 AND number > floor`,
      )
      .all(event.stream, event.number)
      .map((row) => eventOf(row as unknown as EventRow, this.#authors));
    return {
      event,
      before: around.find(({ number }) => number === event.number - 1),
      after: around.find(({ number }) => number === event.number + 1),
    };
  }
}

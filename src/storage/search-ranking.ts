import type { StoredEvent } from "../chat/event.ts";
import { isHidden, type Unheard } from "../chat/ignore-lists.ts";
import { foldName } from "../chat/name.ts";
import { fitOf, type SearchQuery } from "../chat/search.ts";
import { searchable } from "../chat/searchable.ts";
import { maxPageBytes, type SearchHit, type SearchLimits } from "./store.ts";

const empty = { text: "" };

interface Candidate {
  readonly event: StoredEvent;
  readonly fit: number;
}

/** The best of the messages that were looked at, and how many of them fit. */
export class SearchRanking {
  readonly #query: SearchQuery;
  readonly #limit: number;
  readonly #unheard: Unheard | undefined;
  #candidates: Candidate[] = [];
  #found = 0;

  constructor(query: SearchQuery, limits: Pick<SearchLimits, "hits" | "unheard">) {
    this.#query = query;
    this.#limit = limits.hits;
    this.#unheard = limits.unheard;
  }

  /** Looks at a message. */
  consider(event: StoredEvent): void {
    const { from, after, before } = this.#query;
    if (after !== undefined && event.at < after) return;
    if (before !== undefined && event.at >= before) return;
    if (from !== undefined && foldName(event.from.name) !== from) return;
    const fit = fitOf(this.#query, searchable(event.text));
    if (fit === undefined || this.#isHidden(event)) return;
    this.#found += 1;
    this.#candidates.push({ event, fit });
    // What is worse than so many others is not kept, however much is found.
    if (this.#candidates.length >= 2 * this.#limit + 100) this.#sort();
  }

  get found(): number {
    return this.#found;
  }

  /** The best first, each with its neighbours; no more than `maxPageBytes` of text, but always one. */
  hits(withNeighbours: (event: StoredEvent) => SearchHit): readonly SearchHit[] {
    this.#sort();
    const hits: SearchHit[] = [];
    let bytes = 0;
    for (const { event } of this.#candidates) {
      const hit = this.#withoutHidden(withNeighbours(event));
      for (const { text } of [hit.event, hit.before ?? empty, hit.after ?? empty])
        bytes += Buffer.byteLength(text);
      if (bytes > maxPageBytes && hits.length > 0) break;
      hits.push(hit);
    }
    return hits;
  }

  #withoutHidden({ event, before, after }: SearchHit): SearchHit {
    const shown = (neighbour: StoredEvent | undefined): StoredEvent | undefined =>
      neighbour === undefined || this.#isHidden(neighbour) ? undefined : neighbour;
    return { event, before: shown(before), after: shown(after) };
  }

  #isHidden(event: StoredEvent): boolean {
    return this.#unheard !== undefined && isHidden(this.#unheard, event);
  }

  #sort(): void {
    const sorted = this.#candidates.sort(
      (one, other) =>
        other.fit - one.fit || other.event.at - one.event.at || other.event.number - one.event.number,
    );
    this.#candidates = sorted.slice(0, this.#limit);
  }
}

import type { PersonId, StreamId } from "../chat/event.ts";
import type { Unheard } from "../chat/ignore-lists.ts";
import { parseSearch } from "../chat/search.ts";
import type { Store } from "../storage/store.ts";
import type { Clock } from "./clock.ts";
import type { HubMetrics } from "./hub-metrics.ts";
import type { Ask } from "./link.ts";
import { instantOf } from "./local-time.ts";
import { type Outlet, refusalOfFault } from "./outlet.ts";
import type { Settings } from "./settings.ts";

/** Searches for people: each in its place in the order, and no more at a time than are allowed to wait. */
export class Searching {
  readonly #store: Pick<Store, "search">;
  readonly #outlet: Outlet;
  readonly #settings: Settings;
  readonly #clock: Pick<Clock, "monotonic">;
  readonly #metrics: Pick<HubMetrics, "searched">;
  /** Searches that have no answer yet. */
  #unanswered = 0;

  constructor(means: {
    readonly store: Pick<Store, "search">;
    readonly outlet: Outlet;
    readonly settings: Settings;
    readonly clock: Pick<Clock, "monotonic">;
    readonly metrics: Pick<HubMetrics, "searched">;
  }) {
    this.#store = means.store;
    this.#outlet = means.outlet;
    this.#settings = means.settings;
    this.#clock = means.clock;
    this.#metrics = means.metrics;
  }

  /** Looks through the streams that the reader may read. `answered` is called after the answer. */
  search(
    ask: Extract<Ask, { kind: "search" }>,
    how: {
      readonly reader: PersonId;
      /** Whom he ignores. */
      readonly unheard: () => Unheard | undefined;
      readonly streams: () => readonly StreamId[];
      readonly answered: () => void;
    },
  ): void {
    const { session, tag, query: text } = ask;
    const { reader, unheard, streams, answered } = how;
    const query = parseSearch(text, instantOf);
    // One runs, the others wait.
    const isTooMany = this.#unanswered > this.#settings.searchWaiting;
    if ("reason" in query || isTooMany) {
      this.#outlet.refuse(session, "reason" in query ? query : { reason: "search-busy" }, tag);
      this.#outlet.barrier(answered);
      return;
    }
    this.#unanswered += 1;
    // What was said before it is stored when it begins, and found.
    this.#outlet.barrier(() => {
      const { searchHits: hits, searchRows: rows, searchMs: ms } = this.#settings;
      const start = this.#clock.monotonic();
      const searching = this.#store.search(query, streams(), {
        hits,
        rows,
        ms,
        unheard: unheard(),
      });
      searching
        .finally(() => {
          this.#unanswered -= 1;
          this.#metrics.searched(this.#clock.monotonic() - start);
        })
        .then(
          (result) => {
            this.#outlet.inOrder(() => {
              const at = this.#outlet.now();
              this.#outlet.tell({ kind: "found", session, at, tag, reader, query: text, result });
              answered();
            });
          },
          (error: unknown) => {
            this.#outlet.refuse(session, refusalOfFault(error), tag);
            this.#outlet.inOrder(answered);
          },
        );
    });
  }
}

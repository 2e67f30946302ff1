import assert from "node:assert/strict";
import { test } from "node:test";
import { lobby, type PersonId } from "../chat/event.ts";
import { openMemoryStore } from "../storage/memory.ts";
import { type SearchResult, StoreFault } from "../storage/store.ts";
import { systemClock } from "./clock.ts";
import { HubMetrics } from "./hub-metrics.ts";
import type { Tell } from "./link.ts";
import { Outlet } from "./outlet.ts";
import { Searching } from "./searching.ts";
import type { Settings } from "./settings.ts";

interface Pending {
  readonly answer: (result: SearchResult) => void;
  readonly fail: (fault: StoreFault) => void;
}

/** Searches over a store that answers when the test says so. */
function bench(searchWaiting: number) {
  const told: string[] = [];
  const pending: Pending[] = [];
  const answered: number[] = [];
  const outlet = new Outlet(openMemoryStore(), {
    clock: systemClock,
    deliver: (tells: readonly Tell[]) => {
      for (const tell of tells) {
        if (tell.kind === "refused") told.push(`${tell.session} ${tell.refusal.reason}`);
        else if (tell.kind === "found") told.push(`${tell.session} found ${tell.result.found}`);
      }
    },
    released: () => undefined,
    metrics: new HubMetrics(),
  });
  const store = {
    search: () => new Promise<SearchResult>((answer, fail) => pending.push({ answer, fail })),
  };
  const settings = { searchHits: 1, searchRows: 1, searchMs: 1, searchWaiting } as Settings;
  const searching = new Searching({
    store,
    outlet,
    settings,
    clock: systemClock,
    metrics: new HubMetrics(),
  });
  const ask = (session: number, query = "word"): void => {
    searching.search(
      { kind: "search", session, tag: "search", query },
      {
        reader: "p" as PersonId,
        unheard: () => undefined,
        streams: () => [lobby],
        answered: () => answered.push(session),
      },
    );
    outlet.flush();
  };
  return { ask, pending, told, answered, outlet };
}

const nothing: SearchResult = { hits: [], found: 0, isComplete: true };

test("one more search than may wait is refused at once, and when there is room another is taken", async () => {
  const { ask, pending, told, answered, outlet } = bench(2);
  for (const session of [1, 2, 3, 4]) ask(session);
  assert.deepEqual([told, answered, pending.length], [["4 search-busy"], [4], 3]);
  pending[0]?.answer({ ...nothing, found: 7 });
  await new Promise((resolve) => setImmediate(resolve));
  ask(5);
  await outlet.drained();
  assert.deepEqual(told, ["4 search-busy", "1 found 7"]);
  assert.deepEqual([answered, pending.length], [[4, 1], 4]);
});

test("a search that cannot be understood, or that fails, is answered with a refusal and takes no room", async () => {
  const { ask, pending, told, answered } = bench(0);
  ask(1, "from:");
  ask(2);
  const message = "Cannot search";
  pending[0]?.fail(new StoreFault("failing", "nothing-stored", { message }));
  await new Promise((resolve) => setImmediate(resolve));
  ask(3);
  assert.deepEqual(told, ["1 search-incomplete", "2 storage-failing"]);
  assert.deepEqual([answered, pending.length], [[1, 2], 2]);
});

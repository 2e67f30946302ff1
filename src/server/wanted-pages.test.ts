import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { type CleanText, lobby, type MessageId, type PersonId, type StoredEvent } from "../chat/event.ts";
import { openMemoryStore } from "../storage/memory.ts";
import type { Store } from "../storage/store.ts";
import { wantedAfter, wantedBefore } from "./wanted-pages.ts";

/** A store in which so many things were said; `true`: by somebody who is shown. */
async function storeOf(shown: readonly boolean[]): Promise<Store> {
  const store = openMemoryStore();
  const events = shown.map((isShown, index) => ({
    stream: lobby,
    id: `m-${index}` as MessageId,
    at: index,
    kind: "text" as const,
    from: { id: (isShown ? "ann" : "bob") as PersonId, name: "Somebody" },
    to: undefined,
    text: "x" as CleanText,
    replyTo: undefined,
    threadRoot: undefined,
    clientTags: undefined,
    retry: undefined,
  }));
  await store.append(events, []);
  return store;
}

const isWanted = ({ from }: StoredEvent): boolean => from.id === "ann";

test("a page has as much of what is wanted as it may have, whatever lies between", async () => {
  const place = fc.record({
    shown: fc.array(fc.boolean(), { maxLength: 40 }),
    from: fc.nat({ max: 45 }),
    limit: fc.integer({ min: 1, max: 5 }),
    end: fc.option(fc.nat({ max: 45 }), { nil: undefined }),
  });
  await fc.assert(
    fc.asyncProperty(place, async ({ shown, from, limit, end }) => {
      const store = await storeOf(shown);
      const all = shown.flatMap((isShown, index) => (isShown ? [index + 1] : []));
      const numbers = (events: readonly StoredEvent[]): readonly number[] =>
        events.map(({ number }) => number);
      const after = await wantedAfter(store, lobby, { from, limit, isWanted, end });
      const later = all.filter((number) => number > from && (end === undefined || number < end));
      assert.deepEqual(numbers(after.events), later.slice(0, limit));
      const before = await wantedBefore(store, lobby, { from, limit, isWanted, end });
      const earlier = all.filter((number) => number < from && (end === undefined || number > end));
      assert.deepEqual(numbers(before.events), earlier.slice(-limit));
      assert.deepEqual([after.head, before.head], [shown.length, shown.length]);
    }),
    { numRuns: 300 },
  );
});

test("who asks for one message is found it behind thousands, and is not read for without end", async () => {
  for (const [between, found] of [
    [4000, 1],
    [6000, 0],
  ] as const) {
    const hidden = Array.from({ length: between }, () => false);
    const store = await storeOf([true, ...hidden, true]);
    const older = await wantedBefore(store, lobby, { from: between + 2, limit: 1, isWanted });
    const newer = await wantedAfter(store, lobby, { from: 1, limit: 1, isWanted });
    assert.deepEqual([older.events.length, newer.events.length], [found, found], String(between));
  }
});

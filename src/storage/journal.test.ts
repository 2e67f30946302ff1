import assert from "node:assert/strict";
import test from "node:test";
import { type CleanText, lobby, type MessageId, type NewEvent, type PersonId } from "../chat/event.ts";
import { Journal } from "./journal.ts";
import { type AppendResult, StoreFault } from "./store.ts";

const author = { id: "p-ann" as PersonId, name: "Ann" };

function event(text: string): NewEvent {
  return {
    stream: lobby,
    id: text as MessageId,
    at: 0,
    kind: "text",
    from: author,
    to: undefined,
    text: text as CleanText,
    replyTo: undefined,
    threadRoot: undefined,
    clientTags: undefined,
    retry: undefined,
  };
}

/** A journal over a store whose commits end when the test says so, with a clock that the test turns. */
function journalOf() {
  let time = 0;
  let number = 0;
  const begun: string[][] = [];
  const ends: ((error?: Error) => void)[] = [];
  const releases: string[][] = [[]];
  const arriving: (() => void)[] = [];
  const state = { releaseTakesMs: 0 };
  const journal = new Journal(
    {
      append: (events) => {
        begun.push(events.map(({ text }) => text));
        return new Promise((resolve, reject) => {
          ends.push((error) => {
            if (error !== undefined) reject(error);
            else
              resolve(
                events.map(({ id, at }): AppendResult => ({ kind: "stored", id, at, number: ++number })),
              );
          });
        });
      },
      settle: () => Promise.reject(new Error("is not asked for here")),
      haveChanged: () => Promise.reject(new Error("is not asked for here")),
    },
    {
      released: () => {
        time += state.releaseTakesMs;
        releases.push([]);
      },
      wait: () => Promise.reject(new Error("is not asked for here")),
      settleMs: 0,
      maxBatchEvents: 100,
      input: async () => arriving.shift()?.(),
      monotonic: () => time,
      committed: () => undefined,
    },
  );
  return {
    begun,
    arriving,
    state,
    journal,
    releases: () => releases.filter((release) => release.length > 0),
    add(...texts: string[]): void {
      for (const text of texts) {
        journal.append(event(text), (outcome) =>
          releases.at(-1)?.push(outcome.kind === "stored" ? text : `${text} ${outcome.kind}`),
        );
      }
      journal.flush();
    },
    barrier(text: string): void {
      journal.barrier(() => releases.at(-1)?.push(text));
      journal.flush();
    },
    /** Ends the commit under way after `ms` milliseconds. */
    async commit(ms: number, error?: Error): Promise<void> {
      await turn();
      time += ms;
      ends.shift()?.(error);
      await turn();
    },
  };
}

/** All that can happen without a commit's end has happened. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("what comes in one after the other is one transaction, and what comes later is the next", async () => {
  const { add, arriving, begun, commit, releases } = journalOf();
  arriving.push(
    () => add("second"),
    () => add("third"),
  );
  add("first");
  await turn();
  assert.deepEqual(begun, [["first", "second", "third"]]);
  add("fourth");
  await commit(1);
  await commit(1);
  assert.deepEqual(begun, [["first", "second", "third"], ["fourth"]]);
  assert.deepEqual(releases(), [["first", "second", "third"], ["fourth"]]);
});

test("a transaction does not wait for ever for those who do not stop to send", async () => {
  const { add, arriving, begun } = journalOf();
  for (let index = 0; index < 50; index += 1) arriving.push(() => add(`${index}`));
  add("first");
  await turn();
  assert.equal(begun.length, 1);
  assert.ok((begun[0]?.length ?? 0) < 20);
});

test("where a release takes longer than a transaction, those who wait are stored first and released together", async () => {
  const { add, barrier, commit, releases, state } = journalOf();
  state.releaseTakesMs = 10;
  add("one");
  await commit(1);
  add("two", "three");
  await turn();
  add("four");
  barrier("after four");
  await commit(1);
  await commit(1);
  assert.deepEqual(releases(), [["one"], ["two", "three", "four", "after four"]]);
  // No third one is waited for.
  add("five");
  await turn();
  add("six");
  await commit(1);
  add("seven");
  await commit(1);
  await commit(1);
  assert.deepEqual(releases().slice(2), [["five", "six"], ["seven"]]);
});

test("where a transaction takes longer than a release, nobody waits for another one", async () => {
  const { add, commit, releases, state } = journalOf();
  state.releaseTakesMs = 1;
  add("one");
  await commit(10);
  add("two", "three");
  await turn();
  add("four");
  await commit(10);
  assert.deepEqual(releases(), [["one"], ["two", "three"]]);
  await commit(10);
  assert.deepEqual(releases().slice(2), [["four"]]);
});

test("of two transactions that are released together one may fail", async () => {
  const { add, commit, releases, state } = journalOf();
  state.releaseTakesMs = 10;
  add("one");
  await commit(1);
  add("two");
  await turn();
  add("three");
  await commit(1);
  await commit(1, new StoreFault("full", "nothing-stored", { message: "no space" }));
  assert.deepEqual(releases(), [["one"], ["two", "three not-stored"]]);
});

test("what is no event is released at once where nothing is being stored", () => {
  const { barrier, journal, releases } = journalOf();
  barrier("an answer");
  journal.barrier(() => undefined);
  journal.flush();
  return turn().then(() => assert.deepEqual(releases(), [["an answer"]]));
});

/** A journal over a store that answers as it is told. */
function journalWith(store: Partial<ConstructorParameters<typeof Journal>[0]>) {
  const told: string[] = [];
  const journal = new Journal(
    {
      append: async (events) =>
        events.map(({ id, at }, index): AppendResult => ({ kind: "stored", id, at, number: index + 1 })),
      settle: async (events) => events.map(() => undefined),
      haveChanged: async () => false,
      ...store,
    },
    {
      released: () => undefined,
      wait: () => new Promise(() => undefined),
      settleMs: 0,
      maxBatchEvents: 100,
      input: async () => undefined,
      monotonic: () => 0,
      committed: () => undefined,
    },
  );
  return {
    told,
    journal,
    tell: (name: string) => (outcome: { kind: string }) => told.push(`${name} ${outcome.kind}`),
  };
}

test("records go with the events that were added beside them, in one transaction", async () => {
  const batches: unknown[] = [];
  const { journal, tell, told } = journalWith({
    append: async (events, records) => {
      batches.push([events.map(({ text }) => text), records]);
      return events.map(({ id, at }): AppendResult => ({ kind: "stored", id, at, number: 1 }));
    },
  });
  journal.append(event("one"), tell("one"), [{ key: "a", value: "1" }]);
  journal.record([{ key: "b", value: "2" }], tell("record"));
  journal.append(event("two"), tell("two"));
  journal.barrier(() => told.push("barrier"));
  await journal.drained();
  assert.deepEqual(batches, [
    [
      ["one", "two"],
      [
        { key: "a", value: "1" },
        { key: "b", value: "2" },
      ],
    ],
  ]);
  assert.deepEqual(told, ["one stored", "record stored", "two stored", "barrier"]);
});

test("after a commit with an unknown outcome the records are looked up as well", async () => {
  for (const haveChanged of [true, false]) {
    const { journal, tell, told } = journalWith({
      append: () => Promise.reject(new StoreFault("failing", "unknown", { message: "the device" })),
      haveChanged: async () => haveChanged,
    });
    journal.record([{ key: "a", value: "1" }], tell("record"));
    await journal.drained();
    assert.deepEqual(told, [haveChanged ? "record stored" : "record not-stored"]);
  }
});

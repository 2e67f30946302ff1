import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import {
  type CleanText,
  type MessageId,
  type PersonId,
  type StoredEvent,
  type StreamId,
  withoutContent,
} from "../chat/event.ts";
import type { Page } from "../storage/store.ts";
import { Feeds } from "./feeds.ts";

const garden = "room:garden" as StreamId;
const keep = 4;

function said(number: number): StoredEvent {
  return {
    stream: garden,
    number,
    id: `m${number}` as MessageId,
    at: number,
    kind: "text",
    from: { id: "ann" as PersonId, name: "Ann" },
    to: undefined,
    text: `${number}` as CleanText,
    replyTo: undefined,
    threadRoot: undefined,
    clientTags: undefined,
  };
}

/** A room in a store that answers when it is told to, with what it held when it was asked. */
class Garden {
  events: readonly StoredEvent[];
  floor = 0;
  readonly #reads: (() => void)[] = [];
  feeds!: Feeds;

  private constructor(stored: number) {
    this.events = Array.from({ length: stored }, (_, index) => said(index + 1));
  }

  static async open(stored: number): Promise<Garden> {
    const opened = new Garden(stored);
    const empty = { events: [], floor: 0, head: 0 };
    opened.feeds = await Feeds.open(
      {
        streams: async () => [{ stream: garden, floor: 0, head: stored }],
        before: async (stream) => (stream === garden ? opened.#read() : empty),
      },
      { lobby: keep, each: keep },
    );
    return opened;
  }

  /** What is read now is known when `answer` is called. */
  #read(): Promise<Page> {
    const events = this.events.filter(({ number }) => number > this.floor).slice(-keep);
    const page = { events, floor: this.floor, head: this.events.length };
    return new Promise((resolve) => this.#reads.push(() => resolve(page)));
  }

  /** The store answers what it was asked first. Resolves when that was taken up. */
  async answer(): Promise<void> {
    this.#reads.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }

  get isReading(): boolean {
    return this.#reads.length > 0;
  }

  /** Something is said; it is durable before it is seen. */
  say(count = 1): void {
    for (let index = 0; index < count; index += 1) {
      const event = said(this.events.length + 1);
      this.events = [...this.events, event];
      this.feeds.push(event);
    }
  }

  remove(number: number): void {
    this.events = this.events.map((event) => (event.number === number ? withoutContent(event) : event));
    this.feeds.remove(garden, `m${number}` as MessageId);
  }

  raiseFloor(floor: number): void {
    this.floor = Math.max(this.floor, floor);
    this.feeds.raiseFloor(garden, this.floor);
  }

  /** Holds that what memory says is so. */
  check(): void {
    const feed = this.feeds.get(garden);
    const there = this.events.filter(({ number }) => number > this.floor);
    for (let number = this.floor; number <= this.events.length; number += 1) {
      const after = feed.after(number, 3);
      if (after !== undefined) {
        assert.deepEqual(
          after,
          there.filter((event) => event.number > number).slice(0, 3),
          `after ${number}`,
        );
      }
    }
    if (feed.isFilled) assert.deepEqual(feed.last(keep), there.slice(-keep));
  }
}

test("a room's memory reaches back to nothing before it is filled, and to the last messages then", async () => {
  const there = await Garden.open(10);
  const { feeds } = there;
  const feed = feeds.get(garden);
  assert.equal(feeds.isFilled(garden), false);
  assert.equal(feed.head, 10);
  assert.equal(feed.after(8, 10), undefined);
  assert.deepEqual(feed.after(10, 10), []);
  const filled = feeds.fill(garden);
  await there.answer();
  await filled;
  assert.deepEqual(
    feed.last(3).map(({ number }) => number),
    [8, 9, 10],
  );
  assert.deepEqual(
    feed.after(8, 10)?.map(({ number }) => number),
    [9, 10],
  );
  assert.equal(feed.after(5, 10), undefined);
});

test("a room that is new, or of which all is gone, is filled", async () => {
  const there = await Garden.open(3);
  assert.equal(there.feeds.isFilled("room:new" as StreamId), true);
  there.raiseFloor(3);
  const filled = there.feeds.fill(garden);
  await there.answer();
  await filled;
  assert.deepEqual(there.feeds.get(garden).last(5), []);
});

test("what is said while a room is read comes after what was read, once", async () => {
  const there = await Garden.open(10);
  const filled = there.feeds.fill(garden);
  there.say(2);
  await there.answer();
  await filled;
  assert.deepEqual(
    there.feeds
      .get(garden)
      .last(5)
      .map(({ number }) => number),
    [8, 9, 10, 11, 12],
  );
  there.check();
});

test("what was read too early for what is still in memory is read anew", async () => {
  const emptied = await Garden.open(10);
  const filled = emptied.feeds.fill(garden);
  emptied.say(1);
  emptied.feeds.empty(garden);
  await emptied.answer();
  assert.equal(emptied.isReading, true);
  await emptied.answer();
  await filled;
  emptied.check();

  const busy = await Garden.open(10);
  const later = busy.feeds.fill(garden);
  busy.say(2 * keep + 2);
  await busy.answer();
  assert.equal(busy.isReading, true);
  await busy.answer();
  await later;
  busy.check();
});

test("what is removed while a room is read is not in it afterwards", async () => {
  const there = await Garden.open(10);
  const filled = there.feeds.fill(garden);
  there.remove(10);
  await there.answer();
  assert.equal(there.isReading, true);
  await there.answer();
  await filled;
  assert.equal(there.feeds.get(garden).last(1)[0]?.text, "");
  there.check();
});

test("whatever happens while a room is read, its memory is what the store has", async () => {
  const step: fc.Arbitrary<string | number> = fc.oneof(
    { arbitrary: fc.constantFrom("fill", "answer", "empty"), weight: 4 },
    { arbitrary: fc.integer({ min: 1, max: 2 * keep + 2 }), weight: 2 },
    { arbitrary: fc.constantFrom("remove", "floor"), weight: 1 },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 10 }),
      fc.array(step, { maxLength: 15 }),
      async (stored, steps) => {
        const there = await Garden.open(stored);
        for (const one of steps) {
          if (typeof one === "number") there.say(one);
          else if (one === "fill") void there.feeds.fill(garden);
          else if (one === "answer") await there.answer();
          else if (one === "empty") there.feeds.empty(garden);
          else if (one === "remove" && there.events.length > 0) there.remove(there.events.length);
          else if (one === "floor") there.raiseFloor(there.events.length - 2);
          there.check();
        }
        while (there.isReading) await there.answer();
        there.check();
        const filled = there.feeds.fill(garden);
        while (there.isReading) await there.answer();
        await filled;
        assert.equal(there.feeds.isFilled(garden), true);
        there.check();
      },
    ),
    { numRuns: 300 },
  );
});

test("which rooms moved is told once, and the lobby is not among them", async () => {
  const there = await Garden.open(0);
  there.say();
  assert.deepEqual([...there.feeds.takeMoved()], [garden]);
  assert.deepEqual([...there.feeds.takeMoved()], []);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import * as fc from "fast-check";
import {
  type CleanText,
  lobby,
  type MessageId,
  type PersonId,
  type ReaderEvent,
  type StoredEvent,
  type StreamId,
} from "../chat/event.ts";
import type { Page, Store } from "../storage/store.ts";
import { systemClock } from "./clock.ts";
import { Feeds } from "./feeds.ts";
import type { Tell } from "./link.ts";
import type { Outlet } from "./outlet.ts";
import { Reading } from "./reading.ts";
import type { Settings } from "./settings.ts";

const garden = "room:garden" as StreamId;
const rooms = [lobby, garden] as const;
/** So little is kept in memory, and a little more read at a time. */
const keep = 2;
const readAtATime = 4;

/** Rooms whose store answers when it is told to, and somebody who catches up in them. */
class Chat {
  readonly events = new Map(rooms.map((stream) => [stream, [] as StoredEvent[]]));
  readonly #answers: (() => void)[] = [];
  readonly #told: Tell[] = [];
  feeds!: Feeds;
  reading!: Reading;
  mayRead = true;
  isLive = false;
  seen: ReadonlyMap<StreamId, number> = new Map(rooms.map((stream) => [stream, 0]));
  readonly shown: ReaderEvent[] = [];

  static async open(): Promise<Chat> {
    const chat = new Chat();
    const store = {
      streams: async () => [],
      before: async () => ({ events: [], floor: 0, head: 0 }),
      after: (stream: StreamId, number: number) => {
        const all = chat.events.get(stream) ?? [];
        const page: Page = { events: all.slice(number, number + readAtATime), floor: 0, head: all.length };
        return new Promise((resolve) => chat.#answers.push(() => resolve(page)));
      },
    } as unknown as Store;
    chat.feeds = await Feeds.open(store, { lobby: keep, each: keep });
    const outlet = {
      inOrder: (action: () => void) => action(),
      tell: (tell: Tell) => void chat.#told.push(tell),
    } as unknown as Outlet;
    chat.reading = new Reading({
      store,
      feeds: chat.feeds,
      outlet,
      clock: systemClock,
      settings: {} as Settings,
    });
    return chat;
  }

  say(stream: StreamId): void {
    const all = this.events.get(stream)!;
    const event: StoredEvent = {
      stream,
      number: all.length + 1,
      id: `${stream} ${all.length}` as MessageId,
      at: all.length,
      kind: "text",
      from: { id: "bob" as PersonId, name: "Bob" },
      to: undefined,
      text: "hello" as CleanText,
      replyTo: undefined,
      threadRoot: undefined,
      clientTags: undefined,
    };
    all.push(event);
    this.feeds.push(event);
    if (this.isLive) this.shown.push(event);
  }

  /** Asks for the next part of what was missed. */
  catchUp(): void {
    this.reading.missed(1, {
      seen: this.seen,
      heads: new Map(
        rooms
          .filter((stream) => this.#mayRead(stream))
          .map((stream) => [stream, this.feeds.get(stream).head]),
      ),
      mayRead: (stream) => this.#mayRead(stream),
      shown: (events) => events,
      online: () => [],
      again: () => assert.fail("the store does not fail"),
      watch: () => () => undefined,
    });
    this.take();
  }

  #mayRead(stream: StreamId): boolean {
    return stream === lobby || this.mayRead;
  }

  /** The store answers all that it was asked so far. */
  async answer(): Promise<void> {
    for (const answer of this.#answers.splice(0)) answer();
    await setImmediate();
    this.take();
  }

  /** What was told is shown; what is not all of it is asked for anew. */
  take(): void {
    for (const tell of this.#told.splice(0)) {
      assert.ok(tell.kind === "missed");
      this.shown.push(...tell.events);
      this.seen = tell.seen;
      this.isLive = tell.online !== undefined;
      if (!this.isLive) this.catchUp();
    }
  }

  numbersIn(stream: StreamId): readonly number[] {
    return this.shown.filter((event) => event.stream === stream).map(({ number }) => number);
  }
}

test("whatever is said while somebody catches up, he is shown all of it once, in order", async () => {
  const said = fc.constantFrom(...rooms);
  await fc.assert(
    fc.asyncProperty(
      fc.array(said, { maxLength: 20 }),
      fc.array(fc.array(said, { maxLength: 10 }), { maxLength: 10 }),
      async (before, during) => {
        const chat = await Chat.open();
        for (const stream of before) chat.say(stream);
        chat.catchUp();
        for (const some of during) {
          for (const stream of some) chat.say(stream);
          await chat.answer();
        }
        for (let rounds = 0; !chat.isLive; rounds += 1) {
          assert.ok(rounds < 100, "he is through with it in the end");
          await chat.answer();
        }
        for (const stream of rooms) {
          chat.say(stream);
          const all = chat.events.get(stream)!.map(({ number }) => number);
          assert.deepEqual(chat.numbersIn(stream), all, stream);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("a right that is lost while the store reads is lost, and the rest is shown", async () => {
  for (const isLost of [false, true]) {
    const chat = await Chat.open();
    for (let index = 0; index < 2 * keep + 2; index += 1) for (const stream of rooms) chat.say(stream);
    chat.catchUp();
    chat.mayRead = !isLost;
    await chat.answer();
    assert.deepEqual(chat.numbersIn(garden), isLost ? [] : [1, 2, 3, 4, 5, 6]);
    assert.deepEqual(chat.numbersIn(lobby), [1, 2, 3, 4, 5, 6]);
  }
});

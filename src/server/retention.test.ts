import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { lobby, type MessageId, type PersonId } from "../chat/event.ts";
import { cleanText } from "../chat/text.ts";
import { openMemoryStore } from "../storage/memory.ts";
import { StoreFault } from "../storage/store.ts";
import type { Clock } from "./clock.ts";
import { Feeds } from "./feeds.ts";
import { Retention } from "./retention.ts";

test("while nothing can be erased that is said once, and erasing goes on when it can be", async () => {
  const store = openMemoryStore();
  const text = cleanText("hello", { maxBytes: 100 });
  assert.ok(text.ok);
  const from = { id: "p-ann" as PersonId, name: "Ann" };
  const none = {
    to: undefined,
    replyTo: undefined,
    threadRoot: undefined,
    clientTags: undefined,
    retry: undefined,
  };
  for (let number = 1; number <= 30; number += 1) {
    const id = `m-${number}` as MessageId;
    await store.append([{ stream: lobby, id, at: number, kind: "text", from, text: text.text, ...none }]);
  }
  let isFailing = true;
  const failing = {
    streams: () => store.streams(),
    after: store.after.bind(store),
    raiseFloor: async (stream: typeof lobby, floor: number) => {
      if (isFailing) throw new StoreFault("full", "nothing-stored", { message: "no space" });
      await store.raiseFloor(stream, floor);
    },
  };
  let due: () => void = () => undefined;
  const clock: Clock = {
    now: () => 1000,
    monotonic: () => 0,
    after: (_ms, action) => {
      due = action;
      return { cancel: () => undefined };
    },
  };
  const said: string[] = [];
  const feeds = await Feeds.open(store, { lobby: 100, each: 100 });
  const feed = feeds.lobby;
  const settings = { keepMessages: 10, keepMs: Number.POSITIVE_INFINITY };
  const log = (record: { readonly kind: string }): void => void said.push(JSON.stringify(record));
  const retention = Retention.start({ store: failing, feeds, settings, clock, log });
  const turn = async (): Promise<void> => {
    for (let i = 0; i < 10; i += 1) await setImmediate();
    due();
    for (let i = 0; i < 10; i += 1) await setImmediate();
  };
  await turn();
  await turn();
  assert.deepEqual(said, ['{"kind":"warning","text":"Old messages are not erased: no space"}']);
  assert.equal(feed.floor, 0);

  isFailing = false;
  await turn();
  await retention.stop();
  assert.match(said[1] ?? "", /Erased 20 old messages of 1 streams/);
  assert.equal(said.length, 2);
  assert.equal(feed.floor, 20);
  assert.equal((await store.after(lobby, 0, 100)).floor, 20);
  assert.equal(feed.after(19, 100), undefined);
  assert.equal(feed.after(20, 100)?.length, 10);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { Chat } from "../chat/chat.ts";
import { lobby, type MessageId, type PersonId, type StreamId } from "../chat/event.ts";
import { openMemoryStore } from "../storage/memory.ts";
import type { Page, Store } from "../storage/store.ts";
import type { Tell } from "./link.ts";
import { LookingBack, type LookingBackMeans } from "./looking-back.ts";
import type { Session } from "./session.ts";
import { StreamFinder } from "./stream-finder.ts";

test("a right that is lost while the store reads is lost", async () => {
  const chat = new Chat({
    maxTextBytes: 100,
    maxMultilineBytes: 100,
    maxLines: 2,
    maxRooms: 9,
    maxRoomsEach: 9,
    maxIgnored: 9,
  });
  const circumstances = { at: 1, id: "m-1" as MessageId, newStream: () => "room:tea" as StreamId };
  const entry = {
    person: "p-ann" as PersonId,
    name: "Ann",
    account: undefined,
    user: "ann",
    host: "host",
    realName: "",
    isBot: false,
    away: undefined,
    lobby: true,
    replaces: [],
  };
  chat.apply(chat.decide(1, { kind: "enter", entry }, circumstances));
  const told: Tell[] = [];
  const answers: ((page: Page) => void)[] = [];
  const store: Store = Object.assign(openMemoryStore(), {
    before: () => new Promise<Page>((resolve) => answers.push(resolve)),
  });
  const outlet = {
    barrier: (action: () => void) => action(),
    inOrder: (action: () => void) => action(),
    tell: (tell: Tell) => void told.push(tell),
    now: () => 1,
  };
  const finder = new StreamFinder(chat, store);
  let answered: () => void = () => undefined;
  const means = { chat, store, outlet, finder, settings: { maxPageEvents: 9 }, answered: () => answered() };
  const lookingBack = new LookingBack(means as unknown as LookingBackMeans);
  const session = { id: 1, unanswered: 0 } as Session;
  const ask = (): Promise<void> => {
    const done = new Promise<void>((resolve) => (answered = resolve));
    const span = { kind: "last", after: undefined } as const;
    lookingBack.lookBack(session, {
      kind: "look-back",
      session: 1,
      tag: { irc: 1 },
      where: lobby,
      span,
      limit: 9,
      kinds: ["text"],
    });
    return done;
  };
  const page: Page = { events: [], floor: 0, head: 0 };
  for (const leaves of [false, true]) {
    const done = ask();
    while (answers.length === 0) await Promise.resolve();
    const room = lobby;
    if (leaves) chat.apply(chat.decide(1, { kind: "part", room, text: "" }, circumstances));
    answers.shift()?.(page);
    await done;
  }
  assert.deepEqual(
    told.map(({ kind }) => kind),
    ["page", "refused"],
  );
});

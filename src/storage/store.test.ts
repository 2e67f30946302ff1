import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import {
  type Author,
  type CleanText,
  conversationOf,
  lobby,
  type MessageId,
  type NewEvent,
  type PersonId,
  type StoredEvent,
  type StreamId,
  withoutContent,
} from "../chat/event.ts";
import type { SearchQuery } from "../chat/search.ts";
import { MemoryDatabase, openMemoryStore } from "./memory.ts";
import { openSqliteStoreHere } from "./sqlite-store.ts";
import { maxPageBytes, type SearchLimits, type SearchResult, type Store } from "./store.ts";
import { openSqliteStore } from "./threads.ts";

/** A database that several stores may have open at a time. */
interface TestDatabase {
  open(): Promise<Store>;
  remove(): Promise<void>;
}

const implementations: Readonly<Record<string, () => Promise<TestDatabase>>> = {
  memory: async () => {
    const database = new MemoryDatabase();
    return { open: async () => openMemoryStore(database), remove: async () => {} };
  },
  "sqlite on this thread": () => sqliteDatabase(openSqliteStoreHere),
  // SQLite lets one of two writers wait for as long as the other goes on, if chance will have it.
  "sqlite behind threads": () => sqliteDatabase((path) => openSqliteStore(path, { busyTimeoutMs: 60_000 })),
};

async function sqliteDatabase(open: (path: string) => Promise<Store>): Promise<TestDatabase> {
  const folder = await mkdtemp(join(tmpdir(), "roomful-store-"));
  return {
    open: () => open(join(folder, "roomful.db")),
    remove: () => rm(folder, { recursive: true }),
  };
}

const ann: Author = { id: "p-ann" as PersonId, name: "Ann" };
const bob: Author = { id: "p-bob" as PersonId, name: "Bob" };
const eve: Author = { id: "p-eve" as PersonId, name: "Eve" };
const tea = "#tea" as StreamId;

const anything: SearchQuery = {
  words: [],
  phrases: [],
  from: undefined,
  after: undefined,
  before: undefined,
};
const generous: SearchLimits = { hits: 1000, rows: 100_000, ms: 60_000 };

let made = 0;

function say(text: string, but: Partial<NewEvent> = {}): NewEvent {
  made += 1;
  return {
    stream: lobby,
    id: `m-${made}` as MessageId,
    at: 1000,
    kind: "text",
    from: ann,
    to: undefined,
    text: text as CleanText,
    replyTo: undefined,
    threadRoot: undefined,
    clientTags: undefined,
    retry: undefined,
    ...but,
  };
}

function asStored(event: NewEvent, number: number): StoredEvent {
  const { retry: _, ...said } = event;
  return { ...said, number };
}

function numbersOf(events: readonly { readonly number: number }[]): readonly number[] {
  return events.map(({ number }) => number);
}

function textsOf(events: readonly { readonly text: string }[]): readonly string[] {
  return events.map(({ text }) => text);
}

function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** A test with a store, and the database to open it again. */
function contract(
  name: string,
  create: () => Promise<TestDatabase>,
  check: (store: Store, database: TestDatabase) => Promise<void>,
): void {
  test(name, async () => {
    const database = await create();
    const opened: Store[] = [];
    const open = async (): Promise<Store> => {
      const store = await database.open();
      opened.push(store);
      return store;
    };
    try {
      await check(await open(), { ...database, open });
    } finally {
      // A thread that is left would keep a failed test from ending.
      for (const store of opened) await store.close();
      await database.remove();
    }
  });
}

for (const [implementation, create] of Object.entries(implementations)) {
  describe(implementation, () => {
    contract("numbers begin at 1 and have no holes, in each stream", create, async (store) => {
      const first = await store.append([say("a"), say("b", { stream: tea }), say("c")]);
      const second = await store.append([say("d", { stream: tea }), say("e")]);
      assert.deepEqual(
        [...first, ...second].map((result) => result.kind === "stored" && result.number),
        [1, 1, 2, 2, 3],
      );
      assert.deepEqual(numbersOf((await store.after(lobby, 0, 10)).events), [1, 2, 3]);
    });

    contract("a batch of many events is stored in its order", create, async (store) => {
      const events = upTo(1021).map((number) => say(`text ${number}`, { from: number % 3 ? ann : bob }));
      await store.append(events);
      const { events: stored } = await store.after(lobby, 0, 2000);
      assert.deepEqual(
        stored,
        events.map((event, index) => asStored(event, index + 1)),
      );
    });

    contract("an empty batch stores nothing", create, async (store) => {
      assert.deepEqual(await store.append([]), []);
      assert.deepEqual(await store.settle([]), []);
      assert.deepEqual(await store.streams(), []);
    });

    contract("time never runs backwards within a stream", create, async (store) => {
      await store.append([say("late", { at: 5000 })]);
      const results = await store.append([
        say("early", { at: 3000 }),
        say("elsewhere", { at: 3000, stream: tea }),
        say("later", { at: 6000 }),
      ]);
      assert.deepEqual(
        results.map((result) => result.kind === "stored" && result.at),
        [5000, 3000, 6000],
      );
      assert.deepEqual(
        (await store.after(lobby, 0, 10)).events.map(({ at }) => at),
        [5000, 5000, 6000],
      );
    });

    contract("every field comes back as it was given", create, async (store, database) => {
      const root = say("root");
      const full = say("full", {
        stream: conversationOf(ann.id, bob.id),
        kind: "action",
        to: bob,
        replyTo: root.id,
        threadRoot: root.id,
        retry: { device: "d1", counter: 1 },
      });
      await store.append([root, full, say("operator", { kind: "announcement", from: bob })]);
      const again = await database.open();
      assert.deepEqual((await again.after(full.stream, 0, 10)).events, [asStored(full, 1)]);
      assert.equal((await again.after(lobby, 1, 10)).events[0]?.kind, "announcement");
      await again.close();
    });

    const hostile: Readonly<Record<string, string>> = {
      "a NUL": "before\0after",
      "a replaced surrogate": "\uFFFD",
      emoji: "👩‍👩‍👧 é 日本",
      "SQL and quotes": `'); DROP TABLE events; -- "`,
      "2 KiB": "é".repeat(1024),
      nothing: "",
    };
    for (const [what, text] of Object.entries(hostile)) {
      contract(`a text with ${what} comes back unchanged`, create, async (store) => {
        const event = say(text, { retry: { device: text, counter: 1 } });
        await store.append([event]);
        assert.deepEqual((await store.after(lobby, 0, 1)).events, [asStored(event, 1)]);
        assert.deepEqual(await store.append([{ ...event, id: "other" as MessageId }]), [
          { kind: "repeated", number: 1, at: 1000, id: event.id },
        ]);
      });
    }

    contract("names of object properties are names like others", create, async (store) => {
      const name = "__proto__";
      const author = { id: name as PersonId, name };
      const stream = conversationOf(author.id, "constructor" as PersonId);
      const event = say("hi", { from: author, stream, retry: { device: name, counter: 1 } });
      await store.append([event]);
      assert.deepEqual((await store.after(stream, 0, 1)).events, [asStored(event, 1)]);
      assert.equal(await store.lastCounter(name), 1);
      assert.equal(await store.lastCounter("toString"), 0);
      assert.equal((await store.conversations("constructor" as PersonId)).length, 1);
      await store.ban({ address: name, until: undefined, reason: name });
      assert.equal((await store.bans())[0]?.address, name);
    });

    contract("a repeated retry key answers with the event it stored", create, async (store, database) => {
      const retry = { device: "d1", counter: 7 };
      const [first] = await store.append([say("once", { retry })]);
      assert.equal(first?.kind, "stored");
      const again = await database.open();
      const repeated = await again.append([say("between"), say("once", { retry, at: 9000 })]);
      await again.close();
      assert.deepEqual(repeated[1], { ...first, kind: "repeated" });
      assert.deepEqual(
        (await store.after(lobby, 0, 10)).events.map(({ text }) => text),
        ["once", "between"],
      );
    });

    contract("a retry key with another text, kind or stream is a mismatch", create, async (store) => {
      const retry = { device: "d1", counter: 7 };
      await store.append([say("once", { retry })]);
      const others = [
        say("twice", { retry }),
        say("once", { retry, kind: "action" }),
        say("once", { retry, stream: tea }),
      ];
      const results = await store.append([...others, say("next")]);
      assert.deepEqual(
        results.map(({ kind }) => kind),
        ["mismatch", "mismatch", "mismatch", "stored"],
      );
      assert.deepEqual(await store.streams(), [{ stream: lobby, floor: 0, head: 2 }]);
    });

    contract("a retry key twice in one batch is stored once", create, async (store) => {
      const retry = { device: "d1", counter: 3 };
      const first = say("once", { retry });
      const results = await store.append([
        first,
        say("once", { retry }),
        say("other", { retry }),
        say("new", { retry: { device: "d1", counter: 2 } }),
        say("once", { retry: { device: "d2", counter: 3 } }),
      ]);
      assert.deepEqual(results.slice(0, 2), [
        { kind: "stored", number: 1, at: 1000, id: first.id },
        { kind: "repeated", number: 1, at: 1000, id: first.id },
      ]);
      assert.deepEqual(
        results.slice(2).map(({ kind }) => kind),
        ["mismatch", "stored", "stored"],
      );
      assert.deepEqual(numbersOf((await store.after(lobby, 0, 10)).events), [1, 2, 3]);
    });

    contract("a retry below the highest counter finds its event, or is new", create, async (store) => {
      const send = (counter: number): NewEvent =>
        say(`text ${counter}`, { retry: { device: "d1", counter } });
      await store.append([send(1), send(5)]);
      const results = await store.append([send(1), send(3), send(5), send(6)]);
      assert.deepEqual(
        results.map(({ kind }) => kind),
        ["repeated", "stored", "repeated", "stored"],
      );
    });

    contract("retry keys and counters can be looked up", create, async (store) => {
      const event = say("once", { retry: { device: "d1", counter: 7 }, to: bob });
      await store.append([event, say("twice", { retry: { device: "d1", counter: 3 } })]);
      assert.deepEqual(await store.findRetry({ device: "d1", counter: 7 }), asStored(event, 1));
      assert.equal(await store.findRetry({ device: "d1", counter: 8 }), undefined);
      assert.equal(await store.findRetry({ device: "d2", counter: 7 }), undefined);
      assert.equal(await store.lastCounter("d1"), 7);
      assert.equal(await store.lastCounter("d2"), 0);
    });

    contract("two writers leave no hole and no double", create, async (store, database) => {
      const other = await database.open();
      const batches = 200;
      const write = async (by: Store): Promise<number[]> => {
        const numbers: number[] = [];
        for (let batch = 0; batch < batches; batch += 1) {
          const results = await by.append([say("x"), say("y", { stream: tea }), say("z")]);
          for (const index of [0, 2]) {
            const result = results[index];
            if (result?.kind === "stored") numbers.push(result.number);
          }
        }
        return numbers;
      };
      const [mine, others] = await Promise.all([write(store), write(other)]);
      await other.close();
      assert.deepEqual(
        [...mine, ...others].sort((one, two) => one - two),
        upTo(4 * batches),
      );
      assert.deepEqual(numbersOf((await store.after(tea, 0, 1000)).events), upTo(2 * batches));
    });

    contract("pages say what they hold and where the stream stands", create, async (store) => {
      await store.append(upTo(10).map((number) => say(`text ${number}`)));
      const pages: readonly [Promise<{ events: readonly StoredEvent[] }>, readonly number[]][] = [
        [store.after(lobby, 0, 3), [1, 2, 3]],
        [store.after(lobby, 8, 5), [9, 10]],
        [store.after(lobby, 10, 5), []],
        [store.after(lobby, 99, 5), []],
        [store.after(lobby, -5, 2), [1, 2]],
        [store.after(lobby, 0, 0), []],
        [store.before(lobby, 11, 3), [8, 9, 10]],
        [store.before(lobby, 99, 2), [9, 10]],
        [store.before(lobby, 3, 5), [1, 2]],
        [store.before(lobby, 1, 5), []],
        [store.before(lobby, -1, 5), []],
        [store.before(lobby, 5, 0), []],
      ];
      for (const [page, numbers] of pages) {
        const { events, ...stands } = await page;
        assert.deepEqual(numbersOf(events), numbers);
        assert.deepEqual(stands, { floor: 0, head: 10 });
      }
      assert.deepEqual(await store.after(tea, 0, 5), { events: [], floor: 0, head: 0 });
      assert.deepEqual(await store.before(tea, 9, 5), { events: [], floor: 0, head: 0 });
    });

    contract("a page holds no more text than it may, but always an event", create, async (store) => {
      const text = "é".repeat(maxPageBytes / 8);
      await store.append([...upTo(6).map(() => say(text)), say("é".repeat(maxPageBytes)), say("last")]);
      assert.deepEqual(numbersOf((await store.after(lobby, 0, 10)).events), [1, 2, 3, 4]);
      assert.deepEqual(numbersOf((await store.before(lobby, 7, 10)).events), [3, 4, 5, 6]);
      assert.deepEqual(numbersOf((await store.after(lobby, 6, 10)).events), [7]);
      assert.deepEqual(numbersOf((await store.before(lobby, 8, 10)).events), [7]);
    });

    contract("search finds in the streams it is given, the best first", create, async (store) => {
      const secret = conversationOf(ann.id, bob.id);
      await store.append([
        say("lunch at one", { at: 1000 }),
        say("no", { at: 2000, from: bob }),
        say("We had several lunches in Paris, and one dinner", { at: 3000 }),
        say("Lunch!", { at: 4000, from: bob }),
        say("brunchlunch", { at: 5000 }),
        say("tea and lunch", { at: 6000, stream: tea }),
        say("a lunch for two", { at: 7000, stream: secret, to: bob }),
      ]);
      const lunch = { ...anything, words: ["lunch"] };
      const places = (result: SearchResult): readonly (readonly [string, number])[] =>
        result.hits.map(({ event }) => [event.stream, event.number]);
      const inLobby = await store.search(lunch, [lobby], generous);
      assert.deepEqual(places(inLobby), [
        [lobby, 4],
        [lobby, 1],
        [lobby, 3],
      ]);
      assert.deepEqual([inLobby.found, inLobby.isComplete], [3, true]);
      const [first, second, third] = inLobby.hits;
      assert.deepEqual([first?.before?.number, first?.after?.number], [3, 5]);
      assert.deepEqual([second?.before, second?.after?.number], [undefined, 2]);
      assert.deepEqual(third?.event, (await store.after(lobby, 2, 1)).events[0]);
      const everywhere = await store.search(lunch, [lobby, tea, secret, "#none" as StreamId], generous);
      assert.equal(everywhere.found, 5);
      assert.deepEqual(places(await store.search(lunch, [secret], generous)), [[secret, 1]]);
      assert.deepEqual((await store.search(lunch, [], generous)).hits, []);
    });

    contract("search knows speakers, times, phrases and other scripts", create, async (store) => {
      await store.append([
        say("Grüße aus Köln", { at: 1000 }),
        say("我们中午吃饭吧", { at: 2000, from: bob }),
        say("the way home", { at: 3000 }),
        say("home is the way", { at: 4000, from: { ...eve, name: "[Eve]" } }),
        say("明日は東京へ行く", { at: 5000 }),
        say("nothing of this", { at: 6000, stream: tea, from: bob }),
      ]);
      const searches: readonly (readonly [Partial<SearchQuery>, readonly number[]])[] = [
        [{ words: ["koln"] }, [1]],
        [{ words: ["吃"] }, [2]],
        [{ words: ["吃饭"] }, [2]],
        [{ words: ["午饭"] }, []],
        [{ words: ["京へ"] }, [5]],
        [{ phrases: ["way home"] }, [3]],
        [{ words: ["way", "home"], from: "[eve]" }, [4]],
        [{ words: ["way"], before: 4000 }, [3]],
        [{ words: ["way"], after: 4000 }, [4]],
        [{ after: 2000, before: 4000 }, [3, 2]],
        [{ from: "ann" }, [5, 3, 1]],
        [{ from: "zed" }, []],
        [{ words: ["absent"] }, []],
      ];
      for (const [query, numbers] of searches) {
        const { hits } = await store.search({ ...anything, ...query }, [lobby], generous);
        const found = hits.map(({ event }) => event.number);
        assert.deepEqual(found, numbers, JSON.stringify(query));
      }
    });

    contract("a search keeps to its limits and says so", create, async (store) => {
      await store.append(upTo(300).map((number) => say(`word ${number}`, { at: number })));
      const word = { ...anything, words: ["word"] };
      const few = await store.search(word, [lobby], { ...generous, hits: 3 });
      assert.deepEqual(numbersOf(few.hits.map(({ event }) => event)), [300, 299, 298]);
      assert.deepEqual([few.found, few.isComplete], [300, true]);
      const short = await store.search(word, [lobby], { ...generous, rows: 100 });
      assert.deepEqual([short.found, short.isComplete], [100, false]);
      assert.equal(short.hits[0]?.event.number, 300);
      await store.append(upTo(6).map(() => say(`word ${"é".repeat(maxPageBytes / 16)}`, { stream: tea })));
      const long = await store.search(word, [tea], generous);
      assert.deepEqual([long.hits.length, long.found], [2, 6]);
    });

    contract("what is erased is not found", create, async (store) => {
      await store.append(upTo(1500).map((number) => say(`word ${number}`)));
      await store.raiseFloor(lobby, 1490);
      const { found, hits } = await store.search({ ...anything, words: ["word"] }, [lobby], generous);
      assert.equal(found, 10);
      assert.equal(hits.at(-1)?.before, undefined);
      assert.equal((await store.search({ ...anything, words: ["7"] }, [lobby], generous)).found, 0);
    });

    contract("a raised floor erases what is below it and keeps numbering", create, async (store) => {
      await store.append(
        upTo(10).map((number) => say(`${number}`, { retry: { device: "d", counter: number } })),
      );
      await store.append([say("elsewhere", { stream: tea })]);
      await store.raiseFloor(lobby, 4);
      await store.raiseFloor(lobby, 2);
      await store.raiseFloor("#unknown" as StreamId, 2);
      const page = await store.after(lobby, 0, 3);
      assert.deepEqual([numbersOf(page.events), page.floor, page.head], [[5, 6, 7], 4, 10]);
      assert.deepEqual(numbersOf((await store.before(lobby, 7, 9)).events), [5, 6]);
      assert.deepEqual(numbersOf((await store.before(lobby, 99, 2)).events), [9, 10]);
      assert.equal(await store.findRetry({ device: "d", counter: 4 }), undefined);
      await store.raiseFloor(lobby, 99);
      assert.deepEqual(await store.streams(), [
        { stream: lobby, floor: 10, head: 10 },
        { stream: tea, floor: 0, head: 1 },
      ]);
      assert.equal(await store.lastCounter("d"), 10);
      const [next] = await store.append([say("next", { at: 1 })]);
      assert.deepEqual(next?.kind === "stored" && [next.number, next.at], [11, 1000]);
    });

    contract("a retry of what was erased is not stored anew", create, async (store, database) => {
      const send = (counter: number): NewEvent => say("once", { retry: { device: "d", counter } });
      await store.append([send(2), send(3)]);
      await store.raiseFloor(lobby, 2);
      const again = await database.open();
      const results = await again.append([send(1), send(2), send(3), send(4)]);
      assert.deepEqual(
        results.map(({ kind }) => kind),
        ["mismatch", "mismatch", "mismatch", "stored"],
      );
    });

    contract("a floor far above is reached in full", create, async (store) => {
      await store.append(upTo(3500).map(() => say("x")));
      await store.raiseFloor(lobby, 3400);
      const { events, floor } = await store.after(lobby, 0, 1);
      assert.deepEqual([numbersOf(events), floor], [[3401], 3400]);
      const [next] = await store.append([say("next")]);
      assert.equal(next?.kind === "stored" && next.number, 3501);
    });

    contract("rooms come before conversations, which belong to two people", create, async (store) => {
      const withBob = conversationOf(ann.id, bob.id);
      const withEve = conversationOf(eve.id, ann.id);
      await store.append([
        say("a", { stream: withEve }),
        say("b", { stream: tea }),
        say("c", { stream: withBob }),
        say("d", { stream: "zoo" as StreamId }),
        say("e"),
        say("f", { stream: withBob }),
      ]);
      const streams = await store.streams();
      assert.deepEqual(
        streams.map(({ stream }) => stream),
        [lobby, tea, "zoo", withBob, withEve],
      );
      assert.deepEqual(await store.conversations(bob.id), [{ stream: withBob, floor: 0, head: 2 }]);
      assert.deepEqual(
        (await store.conversations(ann.id)).map(({ stream }) => stream),
        [withBob, withEve],
      );
      assert.deepEqual(await store.conversations("nobody" as PersonId), []);
    });

    contract("what the IRC door keeps with a message is kept", create, async (store, database) => {
      const tagged = say("hello", { clientTags: "+a=b;cuts=2" });
      await store.append([tagged, say("plain")]);
      const again = await database.open();
      const { events } = await again.after(lobby, 0, 10);
      assert.deepEqual(
        events.map(({ clientTags }) => clientTags),
        ["+a=b;cuts=2", undefined],
      );
    });

    contract(
      "a removal erases what its target held, and leaves its place",
      create,
      async (store, database) => {
        const secret = say("secret", { clientTags: "+a", replyTo: "m-x" as MessageId, from: bob });
        const elsewhere = say("secret", { stream: tea, id: secret.id });
        await store.append([say("before"), secret, elsewhere]);
        const removal = say("why", { kind: "removal", replyTo: secret.id });
        await store.append([removal]);
        const again = await database.open();
        const { events, head } = await again.after(lobby, 0, 10);
        assert.equal(head, 3);
        assert.deepEqual(events.slice(1), [
          { ...withoutContent(asStored(secret, 2)), at: 1000 },
          asStored(removal, 3),
        ]);
        assert.deepEqual(textsOf((await again.after(tea, 0, 10)).events), ["secret"]);
      },
    );

    contract("a removal reaches what was said in its own batch", create, async (store) => {
      const events = upTo(11).map((number) => say(`text ${number}`));
      const removal = say("", { kind: "removal", replyTo: events[4]!.id });
      await store.append([...events, removal, say("after")]);
      const texts = textsOf((await store.after(lobby, 0, 20)).events);
      assert.equal(texts.length, 13);
      assert.deepEqual(
        texts.filter((text) => text.startsWith("text")),
        events.map(({ text }) => text).filter((text) => text !== "text 5"),
      );
    });

    contract("a removal of what is not there is stored like any other event", create, async (store) => {
      const removal = say("", { kind: "removal", replyTo: "m-none" as MessageId });
      assert.deepEqual(await store.append([say("a"), removal]), [
        { kind: "stored", number: 1, at: 1000, id: (await store.after(lobby, 0, 1)).events[0]?.id },
        { kind: "stored", number: 2, at: 1000, id: removal.id },
      ]);
      assert.deepEqual(textsOf((await store.after(lobby, 0, 10)).events), ["a", ""]);
    });

    contract("a retry of what was removed does not bring it back", create, async (store) => {
      const event = say("secret", { retry: { device: "d", counter: 1 } });
      await store.append([event, say("", { kind: "removal", replyTo: event.id })]);
      assert.deepEqual(await store.append([{ ...event, id: "m-again" as MessageId }]), [
        { kind: "mismatch" },
      ]);
      assert.equal((await store.findRetry({ device: "d", counter: 1 }))?.kind, "removed");
    });

    contract("an event is found by its id in its stream alone", create, async (store) => {
      const there = say("there", { stream: tea });
      await store.append([say("here"), there]);
      assert.deepEqual(await store.find(tea, there.id), asStored(there, 1));
      assert.equal(await store.find(lobby, there.id), undefined);
      assert.equal(await store.find("#none" as StreamId, there.id), undefined);
      await store.raiseFloor(tea, 1);
      assert.equal(await store.find(tea, there.id), undefined);
    });

    contract("the place of an instant is behind the last event before it", create, async (store) => {
      assert.equal(await store.numberBefore(lobby, 5000), 0);
      const times = [1000, 2000, 2000, 2000, 3000, 5000];
      await store.append(times.map((at) => say("a", { at })));
      const places = [0, 1000, 1001, 2000, 2001, 3000, 3001, 5000, 5001, 9000];
      const found = await Promise.all(places.map((at) => store.numberBefore(lobby, at)));
      assert.deepEqual(found, [0, 0, 1, 1, 4, 4, 5, 5, 6, 6]);
      await store.raiseFloor(lobby, 3);
      const after = await Promise.all([0, 2000, 2001, 9000].map((at) => store.numberBefore(lobby, at)));
      assert.deepEqual(after, [3, 3, 4, 6]);
    });

    contract(
      "a page ends where it is told to, and counts the kinds that are asked for",
      create,
      async (store) => {
        await store.append(upTo(10).map((number) => say("a", { kind: number % 2 === 0 ? "topic" : "text" })));
        const texts = { kinds: ["text"] } as const;
        const pages = [
          store.after(lobby, 2, 10, { end: 6 }),
          store.before(lobby, 8, 10, { end: 5 }),
          store.after(lobby, 2, 2, texts),
          store.before(lobby, 9, 2, texts),
          store.after(lobby, 0, 10, { kinds: ["text", "notice"], end: 6 }),
          store.after(lobby, 0, 10, { kinds: [] }),
          store.before(lobby, 3, 10, { end: 3 }),
        ];
        const numbers = (await Promise.all(pages)).map(({ events }) => numbersOf(events));
        assert.deepEqual(numbers, [[3, 4, 5], [6, 7], [3, 5], [5, 7], [1, 3, 5], [], []]);
      },
    );

    contract("the last events of somebody's conversations come newest first", create, async (store) => {
      const withBob = conversationOf(ann.id, bob.id);
      const withEve = conversationOf(ann.id, eve.id);
      const alone = conversationOf(ann.id, ann.id);
      const others = conversationOf(bob.id, eve.id);
      const last = [
        say("to Bob", { stream: withBob, to: bob, at: 2000 }),
        say("to myself", { stream: alone, to: ann, at: 4000 }),
        say("to Eve", { stream: withEve, to: eve, at: 3000 }),
      ];
      await store.append([
        say("first", { stream: withBob, to: bob }),
        ...last,
        say("no", { stream: others }),
        say("b"),
      ]);
      const found = await store.lastOfConversations(ann.id, 10);
      assert.deepEqual(textsOf(found), ["to myself", "to Eve", "to Bob"]);
      assert.deepEqual(found[2], asStored(last[0]!, 2));
      assert.deepEqual(textsOf(await store.lastOfConversations(ann.id, 1)), ["to myself"]);
      await store.raiseFloor(alone, 1);
      assert.deepEqual(textsOf(await store.lastOfConversations(ann.id, 10)), ["to Eve", "to Bob"]);
      assert.deepEqual(await store.lastOfConversations("p-none" as PersonId, 10), []);
    });

    contract("a batch is looked up by its ids", create, async (store, database) => {
      const retry = { device: "d1", counter: 1 };
      const before = say("before", { at: 9000, retry });
      await store.append([before]);
      const batch = [say("a"), say("b", { stream: tea, at: 500 }), say("c")];
      const results = await store.append(batch);
      await store.append([say("after", { at: 9500 })]);
      const again = await database.open();
      assert.deepEqual(await again.settle(batch), results);
      const lost = [say("lost"), say("lost", { stream: "#never" as StreamId })];
      assert.deepEqual(await again.settle(lost), [undefined, undefined]);
      assert.deepEqual(await again.settle([say("lost"), ...batch]), [undefined, ...results]);
      const known = await again.settle([say("before", { retry }), say("other", { retry })]);
      assert.deepEqual(known, [
        { kind: "repeated", number: 1, at: 9000, id: before.id },
        { kind: "mismatch" },
      ]);
      await again.close();
      const [next] = await store.append([say("next")]);
      assert.equal(next?.kind === "stored" && next.number, 5);
    });

    contract("records are changed with the events of their batch", create, async (store, database) => {
      const key = "room:é";
      await store.append(
        [say("a")],
        [
          { key: "room:b", value: "1" },
          { key, value: "2" },
          { key: "roo", value: "3" },
        ],
      );
      await store.append(
        [],
        [
          { key: "room:b", value: undefined },
          { key: "room:a", value: "4" },
        ],
      );
      const changed = [
        { key: "room:a", value: "4" },
        { key, value: "2" },
      ];
      assert.deepEqual(await store.records("room:"), changed);
      assert.deepEqual(await (await database.open()).records("room:"), changed);
      assert.deepEqual(await store.records("zoo"), []);
    });

    contract("whether records were changed can be asked", create, async (store) => {
      await store.append(
        [],
        [
          { key: "a", value: "1" },
          { key: "a", value: "2" },
        ],
      );
      assert.equal(
        await store.haveChanged([
          { key: "a", value: "1" },
          { key: "a", value: "2" },
        ]),
        true,
      );
      assert.equal(await store.haveChanged([{ key: "a", value: "1" }]), false);
      assert.equal(
        await store.haveChanged([
          { key: "a", value: "2" },
          { key: "b", value: "1" },
        ]),
        false,
      );
      assert.equal(await store.haveChanged([{ key: "b", value: undefined }]), true);
    });

    contract("there is one ban per address", create, async (store, database) => {
      await store.ban({ address: "2001:db8::/64", until: undefined, reason: "flood" });
      await store.ban({ address: "192.0.2.1", until: 5000, reason: "first" });
      await store.ban({ address: "192.0.2.1", until: 6000, reason: "second" });
      const again = await database.open();
      assert.deepEqual(await again.bans(), [
        { address: "192.0.2.1", until: 6000, reason: "second" },
        { address: "2001:db8::/64", until: undefined, reason: "flood" },
      ]);
      await again.close();
      assert.equal(await store.unban("192.0.2.1"), true);
      assert.equal(await store.unban("192.0.2.1"), false);
      assert.equal((await store.bans()).length, 1);
    });

    contract("trying to write leaves nothing behind", create, async (store) => {
      await store.ban({ address: "192.0.2.1", until: undefined, reason: "flood" });
      const before = { bans: await store.bans(), streams: await store.streams() };
      await store.tryWriting();
      await store.tryWriting();
      assert.deepEqual({ bans: await store.bans(), streams: await store.streams() }, before);
    });

    contract("the identity is that of the database", create, async (store, database) => {
      const again = await database.open();
      assert.deepEqual(again.identity, store.identity);
      await again.close();
      assert.match(store.identity.tokenSecret, /^[0-9a-f]{64}$/);
      assert.notEqual(store.identity.epoch, "");
      const other = await create();
      const stranger = await other.open();
      assert.notEqual(stranger.identity.epoch, store.identity.epoch);
      assert.notEqual(stranger.identity.tokenSecret, store.identity.tokenSecret);
      await stranger.close();
      await other.remove();
    });

    contract("what was asked before closing is done", create, async (store, database) => {
      const asked = [
        store.append(upTo(2500).map(() => say("a"))),
        store.append([say("b")]),
        store.raiseFloor(lobby, 2400),
      ];
      await store.close();
      await Promise.all(asked);
      const again = await database.open();
      const { events, floor } = await again.after(lobby, 0, 1);
      assert.deepEqual([numbersOf(events), floor], [[2401], 2400]);
      await again.close();
    });
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { readOptions } from "../../src/cli/options.ts";
import { serveOptions, settingsOf } from "../../src/cli/serve-options.ts";
import { systemClock } from "../../src/server/clock.ts";
import { Feeds } from "../../src/server/feeds.ts";
import { Gatekeeper } from "../../src/server/gatekeeper.ts";
import { Hub } from "../../src/server/hub.ts";
import type { Ask, PersonalTell, Tell } from "../../src/server/link.ts";
import type { Settings } from "../../src/server/settings.ts";
import { openMemoryStore } from "../../src/storage/memory.ts";
import { type Store, StoreFault } from "../../src/storage/store.ts";

type Told<Kind extends PersonalTell["kind"]> = Extract<PersonalTell, { kind: Kind }>;

/** A hub without sockets, whose store commits when it is let, or fails. */
class HeldHub {
  readonly told: Tell[] = [];
  readonly disk = { isStopped: false, grew: (): void => undefined };
  #hub!: Hub;
  #isHeld = false;
  #waiting: ((fault: StoreFault | undefined) => void)[] = [];

  static async open(changed: Partial<Settings> = {}): Promise<HeldHub> {
    const held = new HeldHub();
    const store = openMemoryStore();
    const append = store.append.bind(store);
    const slow: Store = Object.assign(store, {
      append: async (...asked: Parameters<Store["append"]>) => {
        if (held.#isHeld) {
          const fault = await new Promise<StoreFault | undefined>((resolve) => held.#waiting.push(resolve));
          if (fault !== undefined) throw fault;
        }
        return append(...asked);
      },
    });
    const { values } = readOptions(serveOptions, [], {});
    const settings = { ...settingsOf(values, ""), ...changed };
    held.#hub = await Hub.open({
      store: slow,
      feeds: await Feeds.open(slow, { lobby: 100, each: 100 }),
      // Nothing comes due: a test is over before.
      clock: { ...systemClock, after: () => ({ cancel: () => undefined }) },
      settings,
      gatekeeper: await Gatekeeper.open(slow, Number.POSITIVE_INFINITY),
      disk: held.disk,
      log: () => undefined,
      reread: () => undefined,
      deliver: (tells) => void held.told.push(...tells),
    });
    return held;
  }

  ask(...asks: readonly Ask[]): void {
    this.#hub.receive(asks);
  }

  /** Somebody comes in at the websocket door. */
  async enter(session: number, name: string): Promise<void> {
    this.ask(
      { kind: "opened", session, address: { host: "127.0.0.1", port: session }, isLocal: true },
      {
        kind: "enter",
        session,
        door: "websocket",
        name,
        user: "client",
        realName: "",
        away: undefined,
        token: undefined,
        position: undefined,
      },
    );
    await this.settled();
    assert.ok(this.to(session, "entered").length > 0, name);
  }

  do(session: number, deed: Extract<Ask, { kind: "do" }>["deed"]): void {
    this.ask({ kind: "do", session, tag: { request: 1 }, deed });
  }

  say(session: number, to: string, text: string): void {
    this.ask({
      kind: "send",
      session,
      to,
      speech: "text",
      text,
      replyTo: undefined,
      threadRoot: undefined,
      counter: undefined,
    });
  }

  /** From now on what is to be stored waits. */
  hold(): void {
    this.#isHeld = true;
  }

  /** What waits is stored, or fails; `hold` holds on. */
  async release(fault?: StoreFault): Promise<void> {
    await this.settled();
    for (const resolve of this.#waiting.splice(0)) resolve(fault);
    await this.settled();
  }

  letGo(): void {
    this.#isHeld = false;
  }

  /** All that could be done by now has been done. */
  async settled(): Promise<void> {
    for (let turn = 0; turn < 40; turn += 1) await setImmediate();
  }

  to<Kind extends PersonalTell["kind"]>(session: number, kind: Kind): readonly Told<Kind>[] {
    return this.told.filter(
      (tell): tell is Told<Kind> => tell.kind === kind && "session" in tell && tell.session === session,
    );
  }
}

const full = new StoreFault("full", "nothing-stored", { message: "no space" });
const join = (room: string) => ({ kind: "join", room, key: undefined }) as const;

test("who catches up while he comes into a room is not given all that was ever said there", async () => {
  const hub = await HeldHub.open();
  await hub.enter(1, "Ann");
  await hub.enter(2, "Bob");
  hub.do(1, join("#garden"));
  for (let index = 0; index < 5; index += 1) hub.say(1, "#garden", `old ${index}`);
  await hub.settled();
  // While something of the lobby is being stored, Bob asks for what he missed there, and comes into the room.
  hub.hold();
  hub.say(1, "#lobby", "pending");
  await hub.settled();
  hub.ask({ kind: "catch-up", session: 2, seen: new Map([["#lobby" as never, 0]]) });
  hub.do(2, join("#garden"));
  await hub.release();
  hub.letGo();
  await hub.settled();
  const [missed] = hub.to(2, "missed");
  assert.deepEqual(
    missed?.events.map(({ text }) => text),
    ["pending"],
  );
  assert.deepEqual(
    missed?.online?.map(({ room }) => room.name),
    ["#lobby"],
  );
  const [entered] = hub.to(2, "room-entered");
  assert.equal(entered?.entry.recent.length, 5, "that is what coming in is for");
  assert.ok(missed && entered && hub.told.indexOf(missed) < hub.told.indexOf(entered));
});

test("a guest is where he was when what was done to him could not be stored", async () => {
  const hub = await HeldHub.open();
  await hub.enter(1, "Ann");
  await hub.enter(2, "Bob");
  hub.do(1, join("#garden"));
  hub.do(2, join("#garden"));
  await hub.settled();
  hub.hold();
  hub.do(1, { kind: "kick", room: "#garden", name: "Bob", text: "" });
  await hub.release(full);
  hub.letGo();
  assert.deepEqual(hub.to(2, "room-left"), []);
  assert.equal(hub.to(1, "refused").at(-1)?.refusal.reason, "storage-full");
  hub.say(2, "#garden", "still here");
  await hub.settled();
  assert.ok(hub.told.some((tell) => tell.kind === "event" && tell.event.text === "still here"));
});

test("a guest who left while his removal failed is not brought back", async () => {
  const hub = await HeldHub.open();
  await hub.enter(1, "Ann");
  await hub.enter(2, "Bob");
  hub.do(1, join("#garden"));
  hub.do(2, join("#garden"));
  hub.do(1, { kind: "modes", room: "#garden", changes: [{ kind: "limit", limit: 2 }] });
  await hub.settled();
  hub.hold();
  hub.do(1, { kind: "kick", room: "#garden", name: "Bob", text: "" });
  hub.ask({ kind: "closed", session: 2, finished: false, why: undefined });
  await hub.release(full);
  hub.letGo();
  // There is room for one more.
  await hub.enter(3, "Carl");
  hub.do(3, join("#garden"));
  await hub.settled();
  assert.deepEqual(hub.to(3, "room-entered")[0]?.entry.online.names, ["Ann", "Carl"]);
});

test("a room that could not be made is not there, and who came into it meanwhile makes it", async () => {
  for (const isMade of [false, true]) {
    const hub = await HeldHub.open();
    await hub.enter(1, "Ann");
    await hub.enter(2, "Bob");
    hub.hold();
    hub.do(1, join("#new"));
    await hub.settled();
    hub.do(2, join("#new"));
    await hub.release(full);
    await hub.release(isMade ? undefined : full);
    hub.letGo();
    hub.ask({ kind: "look", session: 1, tag: { request: 2 }, query: { kind: "rooms" } });
    await hub.settled();
    const [rooms] = hub.to(1, "answer");
    assert.ok(rooms?.answer.kind === "rooms");
    assert.deepEqual(
      rooms.answer.rooms.map(({ name, people }) => [name, people]),
      isMade
        ? [
            ["#lobby", 2],
            ["#new", 1],
          ]
        : [["#lobby", 2]],
    );
    assert.equal(hub.to(1, "room-entered").length, 0);
    assert.equal(hub.to(2, "room-entered").length, isMade ? 1 : 0);
    assert.equal(hub.to(2, "refused").length, isMade ? 0 : 1);
  }
});

test("what would be stored is refused while the disk is nearly full, and all is while too much waits", async () => {
  const hub = await HeldHub.open({ refuseAboveEvents: 1 });
  await hub.enter(1, "Ann");
  await hub.enter(2, "Bob");
  hub.do(1, join("#garden"));
  await hub.settled();
  const reasons = (session: number) => hub.to(session, "refused").map(({ refusal }) => refusal.reason);
  hub.disk.isStopped = true;
  hub.do(1, { kind: "topic", room: "#garden", text: "Roses" });
  hub.do(1, join("#new"));
  hub.do(2, join("#garden"));
  hub.do(2, { kind: "part", room: "#garden", text: "" });
  hub.do(2, { kind: "kick", room: "#garden", name: "Ann", text: "" });
  await hub.settled();
  assert.deepEqual(reasons(1), ["storage-full", "storage-full"]);
  assert.deepEqual(reasons(2), ["not-in-room"], "a guest comes and goes all the same");
  hub.disk.isStopped = false;
  hub.hold();
  hub.say(1, "#lobby", "pending");
  await hub.settled();
  for (const deed of [join("#garden"), { kind: "rename", name: "Robert" } as const]) hub.do(2, deed);
  await hub.release();
  hub.letGo();
  await hub.settled();
  assert.deepEqual(reasons(2).slice(1), ["overloaded", "overloaded"]);
});

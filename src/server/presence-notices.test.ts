import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { TurnedClock } from "../../test/support/turned-clock.ts";
import type { PersonId, StreamId } from "../chat/event.ts";
import type { Passing, RoomTell } from "./link.ts";
import { PresenceNotices } from "./presence-notices.ts";

type Notice = Extract<RoomTell, { kind: "joined" | "left" }>;

const [lobby, garden, shed] = ["#lobby", "room:garden", "room:shed"] as StreamId[] as [
  StreamId,
  StreamId,
  StreamId,
];

function somebody(name: string): Passing {
  return {
    id: name as PersonId,
    name,
    user: "line",
    host: "host",
    account: undefined,
    isBot: false,
    realName: "",
    awayWords: undefined,
  };
}

/** Notices, with what was told by them and a clock that is turned by hand. */
class Told {
  readonly clock = new TurnedClock(1000);
  readonly notices: Notice[] = [];
  readonly presence = new PresenceNotices(this.clock, {
    tell: (tell) => this.notices.push(tell as Notice),
    inOrder: (action) => action(),
  });

  joined(name: string, room: StreamId): void {
    this.presence.joined(somebody(name), { room, except: [], at: 0 });
  }

  parted(name: string, room: StreamId): void {
    this.presence.parted(somebody(name), { room, except: [], at: 0, text: undefined });
  }

  gone(name: string, rooms: readonly StreamId[]): void {
    this.presence.left(somebody(name), { rooms, except: [], at: 0, text: undefined });
  }

  /** So much happens that the rest of this second is gathered. */
  fill(): void {
    for (let index = 0; index < 20; index += 1) this.joined(`filler${index}`, lobby);
    this.notices.length = 0;
  }

  /** What is gathered by now. */
  gathered(): readonly string[] {
    this.clock.turn();
    return this.notices.map(({ kind, rooms, isGone, people }) => {
      return `${kind}${isGone ? " gone" : ""} ${rooms.join("+")}: ${people.map(({ name }) => name).join(" ")}`;
    });
  }
}

test("a few are told one by one, with their words", () => {
  const told = new Told();
  told.joined("Ann", garden);
  told.presence.parted(somebody("Ann"), { room: garden, except: [7], at: 5, text: "Bye" });
  assert.deepEqual(
    told.notices.map(({ kind, rooms, except, text }) => ({ kind, rooms, except, text })),
    [
      { kind: "joined", rooms: [garden], except: [], text: undefined },
      { kind: "left", rooms: [garden], except: [7], text: "Bye" },
    ],
  );
});

test("of many the rest is told once a second, room by room", () => {
  const told = new Told();
  told.fill();
  told.joined("Ann", garden);
  told.joined("Bob", garden);
  told.joined("Ann", shed);
  told.gone("Carl", [lobby, garden]);
  told.gone("Dora", [lobby, garden]);
  told.gone("Eve", [lobby]);
  assert.deepEqual(told.notices, []);
  assert.deepEqual(told.gathered(), [
    "left gone #lobby+room:garden: Carl Dora",
    "left gone #lobby: Eve",
    "joined room:garden: Ann Bob",
    "joined room:shed: Ann",
  ]);
});

test("who is out of a room and who is gone are not told of as one", () => {
  for (const order of [0, 1]) {
    const told = new Told();
    told.fill();
    if (order === 1) told.gone("Bob", [lobby]);
    told.parted("Ann", lobby);
    if (order === 0) told.gone("Bob", [lobby]);
    assert.deepEqual(told.gathered().toSorted(), ["left #lobby: Ann", "left gone #lobby: Bob"]);
  }
});

test("who comes and goes within a gathered second is not mentioned where he came, and is where he had been", () => {
  const told = new Told();
  told.fill();
  told.joined("Ann", garden);
  told.gone("Ann", [lobby, garden]);
  told.joined("Bob", garden);
  told.parted("Bob", garden);
  told.gone("Carl", [lobby]);
  told.joined("Carl", lobby);
  assert.deepEqual(told.gathered(), ["left gone #lobby: Ann"]);
});

test("after a gathered second the next is gathered from its beginning, and after a quiet one none", () => {
  const told = new Told();
  told.fill();
  told.joined("Ann", garden);
  told.gathered();
  told.joined("Bob", garden);
  assert.equal(told.notices.length, 1, "Bob waits");
  assert.equal(told.gathered().length, 2);
  told.gathered();
  told.joined("Carl", garden);
  assert.equal(told.notices.length, 3, "Carl does not");
});

test("whatever comes and goes, each room is told who is in it in the end", () => {
  const rooms = [lobby, garden, shed] as const;
  const action = fc.record({
    name: fc.constantFrom("Ann", "Bob", "Carl", "Dora"),
    kind: fc.constantFrom("move", "move", "move", "go", "second"),
    room: fc.constantFrom(...rooms),
  });
  fc.assert(
    fc.property(fc.boolean(), fc.array(action, { maxLength: 60 }), (isBusy, actions) => {
      const told = new Told();
      if (isBusy) told.fill();
      const really = new Map(rooms.map((room) => [room, new Set<string>()]));
      for (const { name, kind, room } of actions) {
        if (kind === "second") {
          told.clock.turn();
        } else if (kind === "go") {
          const left = rooms.filter((one) => really.get(one)!.delete(name));
          told.gone(name, left);
        } else if (really.get(room)!.delete(name)) {
          told.parted(name, room);
        } else {
          really.get(room)!.add(name);
          told.joined(name, room);
        }
      }
      told.clock.turn();
      const known = new Map(rooms.map((room) => [room, new Set<string>()]));
      for (const { kind, rooms: where, people } of told.notices) {
        for (const { name } of people) {
          for (const room of where) {
            if (kind === "joined") known.get(room)!.add(name);
            else known.get(room)!.delete(name);
          }
        }
      }
      assert.deepEqual(known, really);
    }),
    { numRuns: 1000 },
  );
});

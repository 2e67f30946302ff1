import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { PeopledChat } from "../../test/support/peopled-chat.ts";
import type { Chat } from "./chat.ts";
import type { PersonId, StreamId } from "./event.ts";
import { flagLetters } from "./mode.ts";
import { type MaskEntry, type MaskList, type Roles, Room, type RoomFlag } from "./room.ts";
import { parseRoomName, type RoomName } from "./room-name.ts";
import { isPassing, memberKey, recordOf, roomKey, takeRecord } from "./room-record.ts";

const stream = "room:1" as StreamId;

interface Described {
  readonly name: RoomName;
  readonly founder: PersonId | undefined;
  readonly topic: Room["topic"];
  readonly key: string | undefined;
  readonly limit: number | undefined;
  readonly flags: readonly RoomFlag[];
  readonly masks: readonly (readonly [MaskList, MaskEntry])[];
  readonly emptySince: number | undefined;
}

const instant = fc.nat();
const text = fc.string({ unit: "grapheme", minLength: 1 });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const described: fc.Arbitrary<Described> = fc.record({
  name: fc
    .string({ unit: "grapheme", minLength: 1, maxLength: 10 })
    .map(parseRoomName)
    .filter((name): name is RoomName => !("reason" in name)),
  founder: optional(fc.constant("ann" as PersonId)),
  topic: optional(fc.record({ text, by: text, at: instant })),
  key: optional(text),
  limit: optional(fc.integer({ min: 1 })),
  flags: fc.subarray(Object.keys(flagLetters) as RoomFlag[]),
  masks: fc.array(
    fc.tuple(
      fc.constantFrom<MaskList>("bans", "exceptions", "invitations"),
      fc.record({ mask: text, by: text, at: instant }),
    ),
    { maxLength: 5 },
  ),
  emptySince: optional(instant),
});

function made({ name, founder, topic, key, limit, flags, masks, emptySince }: Described): Room {
  const room = new Room({ stream, name, created: 7, founder });
  Object.assign(room, { topic, key, limit, emptySince });
  room.flags.clear();
  for (const flag of flags) room.flags.add(flag);
  for (const [list, entry] of masks) room.masks[list].set(entry.mask, entry);
  return room;
}

/** All that there is to know of a room. */
function shown(room: Room | undefined): unknown {
  assert.ok(room);
  const { name, created, founder, topic, key, limit, emptySince, flags, masks } = room;
  const lists = Object.values(masks).map((list) => [...list]);
  return JSON.parse(
    JSON.stringify({
      name,
      created,
      founder,
      topic,
      key,
      limit,
      emptySince,
      flags: [...flags].sort(),
      lists,
    }),
  );
}

test("a room becomes a record, and the record the same room", () => {
  fc.assert(
    fc.property(described, described, (one, other) => {
      const room = made(one);
      const before = new PeopledChat().chat;
      before.rooms.add(room);
      const key = roomKey(room);
      const value = recordOf(before.rooms, key);
      const after = new PeopledChat().chat;
      takeRecord(after, key, value);
      assert.deepEqual(shown(after.rooms.byStream(stream)), shown(room));
      assert.equal(after.rooms.find(room.name.shown), after.rooms.byStream(stream));
      assert.equal(recordOf(after.rooms, key), value);
      // Of a room that is there already, only who made it and when stays.
      const there = new PeopledChat().chat;
      there.rooms.add(made({ ...other, founder: one.founder }));
      takeRecord(there, key, value);
      assert.deepEqual(shown(there.rooms.byStream(stream)), shown(room));
      assert.equal(there.rooms.find(one.name.shown), there.rooms.byStream(stream));
      if (one.name.fold !== other.name.fold) assert.equal(there.rooms.find(other.name.shown), undefined);
    }),
  );
});

/** Ann has an account, Bob is a guest; both are in a room. */
function peopled(): { readonly here: PeopledChat; readonly chat: Chat; readonly room: Room } {
  const here = new PeopledChat();
  const room = here.joins(here.enter("Ann", { account: true }), "#garden");
  here.joins(here.enter("Bob"), "#garden");
  return { here, chat: here.chat, room };
}

test("a membership becomes a record, and the record the same membership", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 31 }), (roles: Roles) => {
      const { chat, room } = peopled();
      const ann = chat.roster.find("Ann")!;
      room.setMember(ann.id, roles);
      const key = memberKey(room, ann.id);
      const value = recordOf(chat.rooms, key);
      takeRecord(chat, key, undefined);
      assert.equal(room.members.has(ann.id), false);
      assert.equal(room.present.has(ann), false);
      assert.equal(chat.rooms.of(ann.id).has(room), false);
      assert.equal(recordOf(chat.rooms, key), undefined);
      takeRecord(chat, key, value);
      assert.equal(room.rolesOf(ann.id), roles);
      assert.ok(room.members.has(ann.id) && room.present.has(ann) && chat.rooms.of(ann.id).has(room));
    }),
  );
});

test("no record of a room is no room, and nobody is in it; but the lobby is always there", () => {
  const { chat, room } = peopled();
  takeRecord(chat, roomKey(room), undefined);
  assert.equal(chat.rooms.byStream(room.stream), undefined);
  assert.equal(chat.rooms.find("#garden"), undefined);
  assert.deepEqual([...chat.rooms.of("ann" as PersonId)], [chat.rooms.lobby]);
  assert.equal(recordOf(chat.rooms, roomKey(room)), undefined);
  takeRecord(chat, roomKey(chat.rooms.lobby), undefined);
  assert.equal(chat.rooms.find("#lobby"), chat.rooms.lobby);
});

test("a membership of a room that is not there is none", () => {
  const { chat, room } = peopled();
  takeRecord(chat, roomKey(room), undefined);
  takeRecord(chat, memberKey(room, "ann" as PersonId), '{"roles":4}');
  assert.equal(chat.rooms.of("ann" as PersonId).has(room), false);
});

test("guests and people in the lobby are no matter of the store's", () => {
  const { chat, room } = peopled();
  const [ann, bob] = ["ann", "bob"] as PersonId[];
  assert.equal(isPassing(chat, roomKey(room)), false);
  assert.equal(isPassing(chat, roomKey(chat.rooms.lobby)), false);
  assert.equal(isPassing(chat, memberKey(room, ann!)), false);
  assert.equal(isPassing(chat, memberKey(room, bob!)), true);
  assert.equal(isPassing(chat, memberKey(chat.rooms.lobby, ann!)), true);
});

test("a guest who is gone is made a member by no record, who has an account is", () => {
  const { here, chat, room } = peopled();
  for (const name of ["Ann", "Bob"]) {
    const person = chat.roster.find(name)!;
    const key = memberKey(room, person.id);
    const value = recordOf(chat.rooms, key);
    here.leaves(person);
    takeRecord(chat, key, undefined);
    takeRecord(chat, key, value);
    assert.equal(room.members.has(person.id), name === "Ann", name);
    assert.equal(room.present.has(person), false);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { outcomeOf, PeopledChat } from "../../test/support/peopled-chat.ts";
import type { Decision, Deed } from "./command.ts";
import type { ModeChange } from "./mode.ts";
import { maxMasks, maxValueBytes } from "./permission.ts";
import { maxInvited, type Room, role } from "./room.ts";
import type { Person } from "./roster.ts";

/** Ann made `#garden` and runs it, Bob is in it, Eve is not. */
function garden(limits = {}): {
  readonly here: PeopledChat;
  readonly room: Room;
  readonly ann: Person;
  readonly bob: Person;
  readonly eve: Person;
} {
  const here = new PeopledChat(limits);
  const [ann, bob, eve] = [here.enter("Ann"), here.enter("Bob"), here.enter("Eve")];
  const room = here.joins(ann, "#garden");
  here.joins(bob, "#garden");
  return { here, room, ann, bob, eve };
}

const inGarden = { room: "#garden" } as const;
const modes = (...changes: readonly ModeChange[]): Deed => ({ kind: "modes", ...inGarden, changes });

function said(decision: Decision): Extract<Decision, { kind: "said" }> {
  assert.ok(decision.kind === "said", JSON.stringify(decision));
  return decision;
}

test("who makes a room is its operator, and who comes later is not", () => {
  const { room, ann, bob } = garden();
  assert.equal(room.rolesOf(ann.id), role.operator);
  assert.equal(room.rolesOf(bob.id), 0);
  assert.deepEqual(room.people(), { count: 2, names: ["Ann", "Bob"] });
});

test("who has an account and makes a room is its founder", () => {
  const here = new PeopledChat();
  const ann = here.enter("Ann", { account: true });
  assert.equal(here.joins(ann, "#garden").founder, ann.id);
  assert.equal(here.joins(here.enter("Bob"), "#shed").founder, undefined);
});

test("deciding changes nothing", () => {
  const { here, room, ann, bob, eve } = garden();
  const before = JSON.stringify([[...room.members], room.topic, [...room.flags], here.chat.rooms.size]);
  here.decide(eve, { kind: "join", ...inGarden, key: undefined });
  here.decide(eve, { kind: "join", room: "#new", key: undefined });
  here.decide(bob, { kind: "part", ...inGarden, text: "" });
  here.decide(ann, { kind: "topic", ...inGarden, text: "Roses" });
  here.decide(ann, { kind: "kick", ...inGarden, name: "Bob", text: "" });
  here.decide(ann, modes({ kind: "flag", flag: "moderated", on: true }));
  here.decide(ann, { kind: "rename-room", ...inGarden, name: "#shed" });
  here.decide(ann, { kind: "invite", ...inGarden, name: "Eve" });
  const after = JSON.stringify([[...room.members], room.topic, [...room.flags], here.chat.rooms.size]);
  assert.equal(after, before);
  assert.equal(room.invited.size, 0);
});

const refusals: readonly (readonly [what: string, who: "ann" | "bob" | "eve", deed: Deed, reason: string])[] =
  [
    ["a room that one is in", "ann", { kind: "join", ...inGarden, key: undefined }, "already-in-room"],
    ["a name that is none", "ann", { kind: "join", room: "#a b", key: undefined }, "room-name-unusable"],
    ["leaving where one is not", "eve", { kind: "part", ...inGarden, text: "" }, "not-in-room"],
    ["leaving what is not there", "eve", { kind: "part", room: "#shed", text: "" }, "no-such-room"],
    [
      "parting words without end",
      "bob",
      { kind: "part", ...inGarden, text: "x".repeat(513) },
      "text-too-long",
    ],
    ["a topic by who does not run it", "bob", { kind: "topic", ...inGarden, text: "Roses" }, "role-needed"],
    ["a topic without end", "ann", { kind: "topic", ...inGarden, text: "x".repeat(513) }, "text-too-long"],
    ["inviting who is not here", "ann", { kind: "invite", ...inGarden, name: "Zed" }, "not-online"],
    ["inviting who is in it", "ann", { kind: "invite", ...inGarden, name: "bob" }, "already-a-member"],
    ["inviting from outside", "eve", { kind: "invite", ...inGarden, name: "Ann" }, "not-in-room"],
    [
      "removing who is not in it",
      "ann",
      { kind: "kick", ...inGarden, name: "Eve", text: "" },
      "not-a-member",
    ],
    ["removing nobody", "ann", { kind: "kick", ...inGarden, name: "Zed", text: "" }, "not-online"],
    ["removing by who may not", "bob", { kind: "kick", ...inGarden, name: "Ann", text: "" }, "role-needed"],
    // Whether somebody is in it is not for him to know.
    ["removing from outside", "eve", { kind: "kick", ...inGarden, name: "Zed", text: "" }, "not-in-room"],
    [
      "a reason without end",
      "ann",
      { kind: "kick", ...inGarden, name: "Bob", text: "x".repeat(513) },
      "text-too-long",
    ],
    [
      "the name of another room",
      "ann",
      { kind: "rename-room", ...inGarden, name: "#LOBBY" },
      "room-name-taken",
    ],
    [
      "a new name that is none",
      "ann",
      { kind: "rename-room", ...inGarden, name: "#a,b" },
      "room-name-unusable",
    ],
    [
      "a new name for the lobby",
      "ann",
      { kind: "rename-room", room: "#lobby", name: "#hall" },
      "not-in-lobby",
    ],
    ["a name that is in use", "ann", { kind: "rename", name: "bob" }, "name-in-use"],
    ["a name that is none", "ann", { kind: "rename", name: "a b" }, "name-white-space"],
  ];

for (const [what, who, deed, reason] of refusals) {
  test(`${what} is refused: ${deed.kind}, ${reason}`, () => {
    const scene = garden();
    assert.equal(outcomeOf(scene.here.decide(scene[who], deed)), reason);
  });
}

test("a hidden room is not there for who is not in it, whatever he asks of it", () => {
  const { here, ann, eve } = garden();
  here.does(ann, modes({ kind: "flag", flag: "hidden", on: true }));
  const asked: readonly Deed[] = [
    { kind: "part", ...inGarden, text: "" },
    { kind: "topic", ...inGarden, text: "Roses" },
    { kind: "invite", ...inGarden, name: "Ann" },
    { kind: "kick", ...inGarden, name: "Ann", text: "" },
    modes({ kind: "flag", flag: "moderated", on: true }),
    { kind: "rename-room", ...inGarden, name: "#shed" },
  ];
  for (const deed of asked) {
    const there = here.decide(eve, deed);
    const nowhere = here.decide(eve, { ...deed, room: "#nowhere" } as Deed);
    const plain = (decision: Decision) => JSON.stringify(decision).replaceAll("#nowhere", "#garden");
    assert.equal(plain(there), plain(nowhere), deed.kind);
  }
  assert.deepEqual(here.says(eve, "#garden"), {
    kind: "refused",
    refusal: { reason: "no-such-room", room: "#garden" },
  });
});

test("so many rooms there may be, and in so many one may be", () => {
  const { here, ann, eve } = garden({ maxRooms: 3, maxRoomsEach: 3 });
  here.joins(ann, "#two");
  assert.equal(
    outcomeOf(here.decide(ann, { kind: "join", room: "#three", key: undefined })),
    "too-many-rooms",
  );
  here.joins(eve, "#three");
  assert.equal(
    outcomeOf(here.decide(eve, { kind: "join", room: "#four", key: undefined })),
    "too-many-rooms-here",
  );
  here.joins(eve, "#two");
});

test("an invitation opens a closed room once", () => {
  const { here, ann, eve } = garden();
  here.does(ann, modes({ kind: "flag", flag: "inviteOnly", on: true }));
  const join: Deed = { kind: "join", ...inGarden, key: undefined };
  assert.equal(outcomeOf(here.does(eve, join)), "invitation-needed");
  assert.equal(outcomeOf(here.does(ann, { kind: "invite", ...inGarden, name: "eve" })), "invited");
  assert.equal(outcomeOf(here.does(eve, join)), "joined");
  here.does(eve, { kind: "part", ...inGarden, text: "" });
  assert.equal(outcomeOf(here.does(eve, join)), "invitation-needed");
});

test("so many invitations wait to be taken up, and of more the first are forgotten", () => {
  const { room } = garden();
  for (let index = 0; index <= maxInvited; index += 1) room.invite(`p${index}` as Person["id"]);
  assert.equal(room.invited.size, maxInvited);
  assert.deepEqual([...room.invited].slice(0, 1), ["p1"]);
});

test("a topic is set and taken away, with who and when", () => {
  const { here, room, ann } = garden();
  const set = said(here.does(ann, { kind: "topic", ...inGarden, text: "Roses\u001b[2J" }));
  assert.deepEqual(room.topic, { text: "Roses\ufffd[2J", by: "Ann", at: here.at });
  assert.deepEqual(
    [set.event.kind, set.event.stream, set.event.text],
    ["topic", room.stream, "Roses\ufffd[2J"],
  );
  assert.equal(said(here.does(ann, { kind: "topic", ...inGarden, text: "" })).event.text, "");
  assert.equal(room.topic, undefined);
});

test("who is removed is out of it, and an event says by whom and why", () => {
  const { here, room, ann, bob } = garden();
  const { event } = said(here.does(ann, { kind: "kick", ...inGarden, name: "BOB", text: "Loud" }));
  assert.deepEqual([event.kind, event.from.name, event.to?.name, event.text], ["kick", "Ann", "Bob", "Loud"]);
  assert.equal(room.members.has(bob.id), false);
  assert.equal(room.present.has(bob), false);
  assert.equal(outcomeOf(here.says(bob, "#garden")), "not-in-room");
});

test("who has an account is removed when he is not here, too", () => {
  const { here, room, ann } = garden();
  const carl = here.enter("Carl", { account: true });
  here.joins(carl, "#garden");
  here.leaves(carl);
  assert.equal(room.members.has(carl.id), true);
  said(here.does(ann, { kind: "kick", ...inGarden, name: "carl", text: "" }));
  assert.equal(room.members.has(carl.id), false);
});

test("a new name leads to the room, and the old one does not", () => {
  const { here, room, ann } = garden();
  said(here.does(ann, { kind: "rename-room", ...inGarden, name: "shed" }));
  assert.equal(here.chat.rooms.find("#shed"), room);
  assert.equal(here.chat.rooms.find("#garden"), undefined);
  assert.equal(here.chat.rooms.find(room.stream), room);
  assert.equal(outcomeOf(here.does(ann, { kind: "rename-room", room: "#shed", name: "#shed" })), "nothing");
  assert.equal(outcomeOf(here.does(ann, { kind: "rename-room", room: "#shed", name: "#SHED" })), "said");
  assert.equal(room.name.shown, "#SHED");
});

test("somebody is called otherwise everywhere, and found by his new name only", () => {
  const { here, room, ann, eve } = garden();
  assert.equal(outcomeOf(here.does(ann, { kind: "rename", name: "Anna" })), "renamed");
  assert.deepEqual(room.people().names, ["Anna", "Bob"]);
  assert.equal(here.chat.roster.find("ann"), undefined);
  assert.equal(outcomeOf(here.does(ann, { kind: "rename", name: "Anna" })), "nothing");
  assert.equal(outcomeOf(here.does(eve, { kind: "rename", name: "Ann" })), "renamed");
});

test("being away is said and taken back", () => {
  const { here, ann } = garden();
  here.does(ann, { kind: "away", text: "Lunch" });
  assert.equal(ann.away, "Lunch");
  here.does(ann, { kind: "away", text: "" });
  assert.equal(ann.away, undefined);
});

test("modes that may be are made in one event, and why the others may not is told", () => {
  const { here, room, ann, bob } = garden();
  const { event, others } = said(
    here.does(
      ann,
      modes(
        { kind: "flag", flag: "moderated", on: true },
        { kind: "role", role: "voice", name: "bob", on: true },
        { kind: "role", role: "owner", name: "bob", on: true },
        { kind: "role", role: "voice", name: "Zed", on: true },
        { kind: "key", key: "sesame" },
        { kind: "limit", limit: 5 },
        { kind: "mask", list: "bans", mask: "Eve", on: true },
      ),
    ),
  );
  assert.equal(event.text, "+mvklb Bob * 5 eve!*@*");
  assert.deepEqual(
    others?.map(({ reason }) => reason),
    ["role-needed", "not-online"],
  );
  assert.ok(room.flags.has("moderated"));
  assert.equal(room.rolesOf(bob.id), role.voice);
  assert.deepEqual([room.key, room.limit, [...room.masks.bans.keys()]], ["sesame", 5, ["eve!*@*"]]);
});

test("what is so already is no event, and of what was asked for twice the last counts", () => {
  const { here, room, ann } = garden();
  const flag = (on: boolean): ModeChange => ({ kind: "flag", flag: "moderated", on });
  const ban = (on: boolean): ModeChange => ({ kind: "mask", list: "bans", mask: "eve", on });
  const operator = (on: boolean): ModeChange => ({ kind: "role", role: "operator", name: "Bob", on });
  const limit = (value: number | undefined): ModeChange => ({ kind: "limit", limit: value });
  const key = (value: string | undefined): ModeChange => ({ kind: "key", key: value });
  const asked: readonly (readonly [changes: readonly ModeChange[], text: string | undefined])[] = [
    [[flag(false)], undefined],
    [[ban(false), operator(false), limit(undefined), key(undefined)], undefined],
    [[flag(true), flag(true)], "+m"],
    [[flag(true), flag(false)], "-m"],
    [[ban(true), ban(true)], "+b eve!*@*"],
    [[ban(true), ban(false)], "-b eve!*@*"],
    [[operator(true), operator(false)], "+o-o Bob Bob"],
    [[limit(5), limit(5), limit(undefined)], "+l-l 5"],
    [[key("a"), key("b")], "+kk * *"],
    [[key("b")], undefined],
  ];
  for (const [changes, text] of asked) {
    const decision = here.does(ann, modes(...changes));
    assert.equal(decision.kind === "said" ? decision.event.text : undefined, text, JSON.stringify(changes));
    if (text === undefined) assert.equal(decision.kind, "nothing");
  }
  assert.deepEqual([room.limit, room.key, room.masks.bans.size], [undefined, "b", 0]);
});

test("who gives up being an operator can do nothing more in the same breath", () => {
  const { here, ann } = garden();
  const { event, others } = said(
    here.does(
      ann,
      modes(
        { kind: "role", role: "operator", name: "Ann", on: false },
        { kind: "flag", flag: "moderated", on: true },
      ),
    ),
  );
  assert.equal(event.text, "-o Ann");
  assert.deepEqual(
    others?.map(({ reason }) => reason),
    ["role-needed"],
  );
});

test("a room has so many masks and no more, and each and its password are so long and no longer", () => {
  const { here, room, ann } = garden({ maxTextBytes: 10_000 });
  const ban = (index: number): ModeChange => ({ kind: "mask", list: "bans", mask: `u${index}`, on: true });
  said(here.does(ann, modes(...Array.from({ length: maxMasks - 1 }, (_, index) => ban(index)))));
  const { event, others } = said(here.does(ann, modes(ban(maxMasks), ban(maxMasks + 1), ban(0))));
  assert.equal(event.text, `+b u${maxMasks}!*@*`);
  assert.deepEqual(
    others?.map(({ reason }) => reason),
    ["too-many-masks"],
  );
  assert.equal(room.masks.bans.size, maxMasks);
  const exchanged = modes({ ...ban(0), on: false } as ModeChange, ban(maxMasks + 1));
  assert.equal(said(here.does(ann, exchanged)).others?.length, 0);
  const long = "é".repeat(maxValueBytes / 2 + 1);
  for (const change of [
    { kind: "mask", list: "exceptions", mask: long, on: true },
    { kind: "key", key: long },
  ] as const) {
    assert.equal(outcomeOf(here.does(ann, modes(change))), "text-too-long");
  }
  said(here.does(ann, modes({ kind: "key", key: "x".repeat(maxValueBytes) })));
});

test("a line of modes is no longer than a text", () => {
  const { here, ann } = garden();
  const flags = Array.from({ length: 300 }, (_, index): ModeChange => {
    return { kind: "flag", flag: "moderated", on: index % 2 === 0 };
  });
  assert.equal(outcomeOf(here.does(ann, modes(...flags))), "text-too-long");
});

test("a room that everybody left is closed where nobody could come in, and kept where all may", () => {
  const { here, room, ann, bob } = garden();
  here.does(bob, { kind: "part", ...inGarden, text: "" });
  here.does(ann, { kind: "part", ...inGarden, text: "" });
  here.chat.tidy(room, here.at);
  assert.equal(here.chat.rooms.find("#garden"), room);
  assert.equal(room.emptySince, here.at);
  here.joins(bob, "#garden");
  assert.equal(room.rolesOf(bob.id), role.operator, "somebody must be able to run it");
  assert.equal(room.emptySince, undefined);
  here.does(bob, modes({ kind: "key", key: "sesame" }));
  here.does(bob, { kind: "part", ...inGarden, text: "" });
  here.chat.tidy(room, here.at);
  assert.equal(here.chat.rooms.find("#garden"), undefined);
});

test("a guest who is gone is in no room any more, who has an account stays in all but the lobby", () => {
  const { here, room, bob } = garden();
  const carl = here.enter("Carl", { account: true });
  here.joins(carl, "#garden");
  here.leaves(bob);
  here.leaves(carl);
  assert.equal(room.members.has(bob.id), false);
  assert.equal(room.members.has(carl.id), true);
  assert.deepEqual(room.people().names, ["Ann"]);
  assert.deepEqual([...here.chat.rooms.of(carl.id)], [room]);
  const again = here.enter("Carl", { account: true });
  assert.deepEqual(room.people().names, ["Ann", "Carl"]);
  assert.equal(again.id, carl.id);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { PeopledChat } from "../../test/support/peopled-chat.ts";
import { foldOf } from "./casemapping.ts";
import type { ModeChange } from "./mode.ts";
import * as permission from "./permission.ts";
import type { Refusal, RefusalReason } from "./refusal.ts";
import { type RoleName, Room, role } from "./room.ts";
import type { Person } from "./roster.ts";

/** Who asks: somebody outside or inside the room, by what he is there. */
const askers = [
  "outsider",
  "banned outsider",
  "invited outsider",
  "founder outside",
  "member",
  "banned member",
  "voice",
  "halfOperator",
  "operator",
  "admin",
  "owner",
  "founder",
  "server operator outside",
] as const;

const kinds = [
  "plain",
  "open to outsiders",
  "free topic",
  "moderated",
  "invite-only",
  "with a password",
  "full",
  "accounts only",
  "hidden",
  "lobby",
] as const;

const actions = [
  "see",
  "read",
  "join",
  "join with the password",
  "say",
  "say ctcp",
  "topic",
  "invite",
  "kick a member",
  "kick an operator",
  "kick an owner",
  "rename",
  "set a flag",
  "ban",
  "give a voice",
  "give an operator",
  "give an owner",
  "take an operator",
  "take an owner",
  "give up a voice",
  "read the bans",
  "read the invitations",
  "describe",
  "remove another's message",
  "remove his own message",
] as const;

type Asker = (typeof askers)[number];
type Kind = (typeof kinds)[number];
type Action = (typeof actions)[number];

/** What a cell of the table stands for. */
const codes: Readonly<Record<string, RefusalReason | "allowed" | "no">> = {
  ".": "allowed",
  x: "no",
  n: "not-in-room",
  r: "role-needed",
  o: "outranked",
  b: "banned-from-room",
  i: "invitation-needed",
  k: "wrong-room-key",
  f: "room-full",
  a: "account-needed",
  m: "room-moderated",
  l: "not-in-lobby",
  y: "not-your-message",
  d: "metadata-forbidden",
};

/** In the columns the askers, in their order: four outside, eight inside, the server's operator. */
const plain: Readonly<Record<Action, string>> = {
  see: ".... ........ .",
  read: "xxxx ........ x",
  join: ".b.. ........ .",
  "join with the password": ".b.. ........ .",
  say: "nnnn .b...... .",
  "say ctcp": "nnnn .b...... .",
  topic: "nnnn rrr..... .",
  invite: "nnnn ........ .",
  "kick a member": "nnnn rrr..... .",
  "kick an operator": "nnnn rrro.... .",
  "kick an owner": "nnnn rrrooo.. .",
  rename: "nnnn rrrr.... .",
  "set a flag": "nnnn rrrr.... .",
  ban: "nnnn rrr..... .",
  "give a voice": "nnnn rrr..... .",
  "give an operator": "nnnn rrrr.... .",
  "give an owner": "nnnn rrrrrr.. .",
  "take an operator": "nnnn rrrr.... .",
  "take an owner": "nnnn rrrrrr.. .",
  "give up a voice": "nnnn ........ .",
  "read the bans": ".... ........ .",
  "read the invitations": "nnnn rrr..... .",
  describe: "dddd dddd.... .",
  "remove another's message": "yyy. yyy..... .",
  "remove his own message": ".... ........ .",
};

const table: Readonly<Record<Kind, Readonly<Record<Action, string>>>> = {
  plain,
  "open to outsiders": { ...plain, say: ".b.. .b...... .", "say ctcp": ".b.. .b...... ." },
  "free topic": { ...plain, topic: "nnnn ........ ." },
  moderated: { ...plain, say: "nnnn mm...... .", "say ctcp": "nnnn mm...... ." },
  "invite-only": {
    ...plain,
    join: "ib.. ........ .",
    "join with the password": "ib.. ........ .",
    invite: "nnnn rrr..... .",
  },
  "with a password": { ...plain, join: "kb.. ........ ." },
  full: { ...plain, join: "fb.. ........ .", "join with the password": "fb.. ........ ." },
  "accounts only": { ...plain, join: "ab.. ........ .", "join with the password": "ab.. ........ ." },
  hidden: { ...plain, see: "xxxx ........ ." },
  lobby: { ...plain, rename: "llll llllllll l", "set a flag": "llll llllllll ." },
};

/** A room of that kind, its asker, and whom he does things to. */
function scene(kind: Kind, asker: Asker): { readonly room: Room; readonly person: Person } {
  const here = new PeopledChat();
  const person = here.enter("Asker");
  person.isOperator = asker === "server operator outside";
  for (const name of ["Max", "Olga", "Otto"]) here.enter(name);
  const room = new Room({
    stream: here.chat.rooms.lobby.stream,
    name: { shown: "#room", fold: "#room" },
    created: 0,
    founder: asker.startsWith("founder") ? person.id : undefined,
    isLobby: kind === "lobby",
  });
  for (const [name, roles] of [
    ["Max", 0],
    ["Olga", role.operator],
    ["Otto", role.owner],
  ] as const) {
    room.setMember(here.chat.roster.find(name)!.id, roles);
  }
  if (!/outside/.test(asker)) room.setMember(person.id, role[asker as RoleName] ?? 0);
  if (asker.startsWith("invited")) room.invite(person.id);
  if (asker.startsWith("banned")) room.masks.bans.set("asker!*@*", { mask: "asker!*@*", by: "Otto", at: 0 });
  if (kind === "open to outsiders") room.flags.delete("noOutside");
  if (kind === "free topic") room.flags.delete("protectedTopic");
  if (kind === "moderated") room.flags.add("moderated");
  if (kind === "invite-only") room.flags.add("inviteOnly");
  if (kind === "with a password") room.key = "sesame";
  if (kind === "full") room.limit = 3;
  if (kind === "accounts only") room.flags.add("accountsOnly");
  if (kind === "hidden") room.flags.add("hidden");
  return { room, person };
}

const targets = { member: "max", operator: "olga", owner: "otto" } as const;

function answer(action: Action, { room, person }: ReturnType<typeof scene>): Refusal | undefined | "no" {
  const kick = (who: keyof typeof targets) => permission.kickRefusal(room, person, idOf(room, who));
  const mode = (change: ModeChange, target?: Person["id"]) =>
    permission.modeRefusal(room, change, { person, target, power: room.powerOf(person.id) });
  const give = (name: RoleName, on: boolean, who: keyof typeof targets) =>
    mode({ kind: "role", role: name, name: who, on }, idOf(room, who));
  switch (action) {
    case "see":
      return permission.maySee(room, person) ? undefined : "no";
    case "read":
      return permission.mayRead(room, person) ? undefined : "no";
    case "join":
      return permission.joinRefusal(room, person, undefined);
    case "join with the password":
      return permission.joinRefusal(room, person, "sesame");
    case "say":
      return permission.sayRefusal(room, person, "hello");
    case "say ctcp":
      return permission.sayRefusal(room, person, "\x01VERSION\x01");
    case "topic":
      return permission.topicRefusal(room, person);
    case "invite":
      return permission.inviteRefusal(room, person);
    case "kick a member":
      return kick("member");
    case "kick an operator":
      return kick("operator");
    case "kick an owner":
      return kick("owner");
    case "rename":
      return permission.renameRefusal(room, person);
    case "set a flag":
      return mode({ kind: "flag", flag: "moderated", on: true });
    case "ban":
      return mode({ kind: "mask", list: "bans", mask: "eve", on: true });
    case "give a voice":
      return give("voice", true, "member");
    case "give an operator":
      return give("operator", true, "member");
    case "give an owner":
      return give("owner", true, "member");
    case "take an operator":
      return give("operator", false, "operator");
    case "take an owner":
      return give("owner", false, "owner");
    case "give up a voice":
      return mode({ kind: "role", role: "voice", name: "Asker", on: false }, person.id);
    case "read the bans":
      return permission.maskListRefusal(room, person, "bans");
    case "read the invitations":
      return permission.maskListRefusal(room, person, "invitations");
    case "describe":
      return permission.describeRefusal(room, person);
    case "remove another's message":
      return permission.removeRefusal(room, person, { from: { id: idOf(room, "owner"), name: "Otto" }, id });
    case "remove his own message":
      return permission.removeRefusal(room, person, { from: person.author, id });
  }
}

const id = "m1" as Parameters<typeof permission.removeRefusal>[2]["id"];

function idOf(room: Room, who: keyof typeof targets): Person["id"] {
  return [...room.members.keys()].find((member) => member === targets[who])!;
}

for (const kind of kinds) {
  test(`who may do what in a room that is ${kind}`, () => {
    for (const action of actions) {
      const cells = table[kind][action].replaceAll(" ", "");
      assert.equal(cells.length, askers.length, `${kind}, ${action}`);
      const answers = askers.map((asker) => {
        const refusal = answer(action, scene(kind, asker));
        return refusal === undefined ? "allowed" : refusal === "no" ? "no" : refusal.reason;
      });
      const wanted = Array.from(cells, (cell) => codes[cell]);
      const shown = (outcomes: readonly unknown[]) =>
        askers.map((asker, index) => `${asker}: ${String(outcomes[index])}`);
      assert.deepEqual(shown(answers), shown(wanted), `${kind}, ${action}`);
    }
  });
}

test("a room without requests to programs takes none, from nobody", () => {
  for (const asker of askers) {
    const { room, person } = scene("plain", asker);
    room.flags.add("noCtcp");
    assert.equal(permission.sayRefusal(room, person, "\x01VERSION\x01")?.reason, "room-without-ctcp", asker);
    assert.equal(permission.sayRefusal(room, person, "VERSION")?.reason === "room-without-ctcp", false);
  }
});

test("an exception lets in and speak whom a ban means, and a mask of invitations who was not invited", () => {
  const { room, person } = scene("invite-only", "banned outsider");
  const entry = { mask: "asker!*@*", by: "Otto", at: 0 };
  assert.equal(permission.joinRefusal(room, person, undefined)?.reason, "banned-from-room");
  room.masks.exceptions.set(entry.mask, entry);
  assert.equal(permission.joinRefusal(room, person, undefined)?.reason, "invitation-needed");
  room.masks.invitations.set("*!*@host", { ...entry, mask: "*!*@host" });
  assert.equal(permission.joinRefusal(room, person, undefined), undefined);
  room.setMember(person.id, 0);
  assert.equal(permission.sayRefusal(room, person, "hello"), undefined);
});

test("who has an account comes into a room for accounts", () => {
  const { room, person } = scene("accounts only", "outsider");
  person.account = "Asker";
  assert.equal(permission.joinRefusal(room, person, undefined), undefined);
});

test("nobody touches the founder, whatever he is there", () => {
  const { room } = scene("plain", "founder");
  const operator = scene("plain", "outsider").person;
  room.setMember(operator.id, role.admin);
  const here = new PeopledChat();
  const other = here.enter("Olga");
  room.setMember(other.id, role.admin);
  assert.equal(permission.kickRefusal(room, other, room.founder)?.reason, "outranked");
});

test("what one could do one cannot do after having given it up", () => {
  const { room, person } = scene("plain", "operator");
  const change: ModeChange = { kind: "flag", flag: "moderated", on: true };
  const may = (power: number) => permission.modeRefusal(room, change, { person, target: undefined, power });
  assert.equal(may(role.operator), undefined);
  assert.equal(may(0)?.reason, "role-needed");
});

test("a ban by the account means who is signed in to it, whatever he is called", () => {
  const { room, person } = scene("plain", "outsider");
  room.masks.bans.set("~a:ask*", { mask: "~a:ask*", by: "Otto", at: 0 });
  assert.equal(permission.joinRefusal(room, person, undefined), undefined);
  person.account = "Asker";
  assert.equal(permission.joinRefusal(room, person, undefined)?.reason, "banned-from-room");
  person.account = "Other";
  assert.equal(permission.joinRefusal(room, person, undefined), undefined);
});

test("who is muted comes in, and speaks only with a voice or where an exception means him", () => {
  const { room, person } = scene("plain", "member");
  room.masks.bans.set("~m:asker!*@*", { mask: "~m:asker!*@*", by: "Otto", at: 0 });
  assert.equal(permission.joinRefusal(room, person, undefined), undefined);
  assert.equal(permission.sayRefusal(room, person, "hello")?.reason, "banned-from-room");
  room.masks.exceptions.set("~m:*!*@host", { mask: "~m:*!*@host", by: "Otto", at: 0 });
  assert.equal(permission.sayRefusal(room, person, "hello"), undefined);
  room.masks.exceptions.clear();
  room.setMember(person.id, role.voice);
  assert.equal(permission.sayRefusal(room, person, "hello"), undefined);
});

test("an exception that mutes nobody does not let in whom a ban means", () => {
  const { room, person } = scene("plain", "banned outsider");
  room.masks.exceptions.set("~m:asker!*@*", { mask: "~m:asker!*@*", by: "Otto", at: 0 });
  assert.equal(permission.joinRefusal(room, person, undefined)?.reason, "banned-from-room");
});

test("who is banned keeps his name while he is in the room, but where he has a voice", () => {
  const { room, person } = scene("plain", "banned member");
  assert.deepEqual(permission.newNameRefusal([room], person), { reason: "banned-from-room", room: "#room" });
  room.setMember(person.id, role.voice);
  assert.equal(permission.newNameRefusal([room], person), undefined);
  assert.equal(permission.newNameRefusal([], person), undefined);
});

test("masks are told apart as names are", () => {
  const { room, person } = scene("plain", "outsider");
  const { stream, name, created, founder } = room;
  const other = new Room({ stream, name, created, founder, fold: foldOf("rfc1459") });
  person.name = { ...person.name, shown: "ask[er" };
  for (const { masks } of [room, other]) {
    masks.bans.set("ask{er!*@*", { mask: "ask{er!*@*", by: "Otto", at: 0 });
  }
  assert.equal(permission.joinRefusal(room, person, undefined), undefined);
  assert.equal(permission.joinRefusal(other, person, undefined)?.reason, "banned-from-room");
});

test("of two of one rank, operators and owners may remove each other, half-operators and admins may not", () => {
  for (const [name, may] of [
    ["halfOperator", false],
    ["operator", true],
    ["admin", false],
    ["owner", true],
  ] as const) {
    const { room, person } = scene("plain", name);
    const other = idOf(room, "member");
    room.setMember(other, role[name]);
    assert.equal(permission.kickRefusal(room, person, other) === undefined, may, name);
    // Whatever one is, one may leave behind.
    assert.equal(permission.kickRefusal(room, person, person.id), undefined);
  }
});

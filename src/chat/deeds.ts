import type { Chat } from "./chat.ts";
import type { Circumstances, Decision, Deed, MadeMode, RoomEffect } from "./command.ts";
import type { Author, NewEvent, RoomEventKind } from "./event.ts";
import { ignore, unignore } from "./ignore.ts";
import { normalMask } from "./mask.ts";
import { type ModeChange, modeText } from "./mode.ts";
import { parseName } from "./name.ts";
import * as permission from "./permission.ts";
import type { Refusal } from "./refusal.ts";
import { type Roles, Room, role } from "./room.ts";
import { newNameText, parseRoomName } from "./room-name.ts";
import type { Person } from "./roster.ts";
import { cleanText, maxWordsBytes, utf8Length, wordsOf } from "./text.ts";

type Of<Kind extends Deed["kind"]> = Extract<Deed, { kind: Kind }>;

/** Decides on what somebody wants to do beside coming, going and speaking. */
export function decideDeed(chat: Chat, person: Person, deed: Deed, circumstances: Circumstances): Decision {
  switch (deed.kind) {
    case "join":
      return join(chat, person, deed, circumstances);
    case "rename":
      return rename(chat, person, deed);
    case "away": {
      const text = deed.text === undefined || deed.text === "" ? undefined : wordsOf(deed.text);
      return { kind: "changed", person, change: { kind: "away", text } };
    }
    case "describe": {
      const text = wordsOf(deed.realName);
      if (text === "" || text.length < deed.realName.length) {
        return refused({ reason: "real-name-unusable", maxBytes: maxWordsBytes });
      }
      return { kind: "changed", person, change: { kind: "realName", text } };
    }
    case "traits": {
      const changes = deed.changes.filter(
        ({ trait, on }) => person[trait] !== on && !(trait === "isOperator" && on),
      );
      return changes.length === 0
        ? { kind: "nothing" }
        : { kind: "changed", person, change: { kind: "traits", changes } };
    }
    case "ignore":
      return ignore(chat, person, deed.name);
    case "unignore":
      return unignore(chat, person, deed.name);
    case "part":
    case "topic":
    case "invite":
    case "kick":
    case "modes":
    case "rename-room": {
      const room = chat.rooms.find(deed.room);
      if (room === undefined || !permission.maySee(room, person)) {
        return refused({ reason: "no-such-room", room: deed.room });
      }
      return inRoom({ chat, person, room, circumstances }, deed);
    }
  }
}

interface Scene {
  readonly chat: Chat;
  readonly person: Person;
  readonly room: Room;
  readonly circumstances: Circumstances;
}

function inRoom(
  scene: Scene,
  deed: Of<"part" | "topic" | "invite" | "kick" | "modes" | "rename-room">,
): Decision {
  switch (deed.kind) {
    case "part": {
      const { chat, person, room } = scene;
      if (!room.members.has(person.id)) return refused({ reason: "not-in-room", room: room.name.shown });
      const text = roomWords(chat, deed.text);
      return typeof text === "string" ? { kind: "parted", person, room, text } : refused(text);
    }
    case "topic":
      return setTopic(scene, deed);
    case "invite":
      return invite(scene, deed);
    case "kick":
      return kick(scene, deed);
    case "modes":
      return changeModes(scene, deed);
    case "rename-room":
      return renameRoom(scene, deed);
  }
}

function join(chat: Chat, person: Person, deed: Of<"join">, { at, newStream }: Circumstances): Decision {
  const found = chat.rooms.find(deed.room);
  if (found?.members.has(person.id) === true) {
    return refused({ reason: "already-in-room", room: found.name.shown });
  }
  const { maxRooms, maxRoomsEach } = chat.limits;
  if (chat.rooms.of(person.id).size >= maxRoomsEach) {
    return refused({ reason: "too-many-rooms", max: maxRoomsEach });
  }
  if (found !== undefined) {
    const refusal = permission.joinRefusal(found, person, deed.key);
    if (refusal !== undefined) return refused(refusal);
    // Somebody must be able to run a room that everybody has left.
    const roles = found.members.size === 0 && !found.isLobby ? role.operator : 0;
    return { kind: "joined", person, room: found, created: false, roles };
  }
  const name = parseRoomName(deed.room, chat.fold);
  if ("reason" in name) return refused(name);
  if (chat.rooms.size > maxRooms) return refused({ reason: "too-many-rooms-here", max: maxRooms });
  const founder = person.account === undefined ? undefined : person.id;
  const room = new Room({ stream: newStream(), name, created: at, founder, fold: chat.fold });
  return { kind: "joined", person, room, created: true, roles: role.operator };
}

function setTopic(scene: Scene, deed: Of<"topic">): Decision {
  const { chat, person, room, circumstances } = scene;
  const refusal = permission.topicRefusal(room, person);
  if (refusal !== undefined) return refused(refusal);
  const text = roomWords(chat, deed.text);
  if (typeof text !== "string") return refused(text);
  const topic = text === "" ? undefined : { text, by: person.name.shown, at: circumstances.at };
  return happened(scene, { kind: "topic", text, effect: { kind: "topic", topic } });
}

function invite({ chat, person, room }: Scene, deed: Of<"invite">): Decision {
  const refusal = permission.inviteRefusal(room, person);
  if (refusal !== undefined) return refused(refusal);
  const to = chat.roster.find(deed.name);
  if (to === undefined) return refused({ reason: "not-online", name: deed.name });
  if (room.members.has(to.id)) {
    return refused({ reason: "already-a-member", room: room.name.shown, name: to.name.shown });
  }
  return { kind: "invited", room, by: person, to };
}

function kick(scene: Scene, deed: Of<"kick">): Decision {
  const { chat, person, room } = scene;
  const target = memberOf(chat, room, deed.name);
  // Who has no say there is told so first: that somebody is in a room is not for everybody to know.
  const refusal = permission.kickRefusal(room, person, target?.id);
  if (refusal !== undefined) return refused(refusal);
  if (target === undefined) return refused(absence(chat, room, deed.name));
  const text = roomWords(chat, deed.text);
  if (typeof text !== "string") return refused(text);
  return happened(scene, {
    kind: "kick",
    to: target,
    text,
    effect: { kind: "kick", target: target.id },
  });
}

function changeModes(scene: Scene, deed: Of<"modes">): Decision {
  const { maxTextBytes } = scene.chat.limits;
  if (utf8Length(modeText(deed.changes)) > maxTextBytes) {
    return refused({ reason: "text-too-long", maxBytes: maxTextBytes });
  }
  const made: MadeMode[] = [];
  const others: Refusal[] = [];
  /** What each of those that were made leaves behind, by what it is about. */
  const latest = new Map<string, MadeMode>();
  for (const change of deed.changes) {
    const next = changeMode(scene, change, latest);
    if ("reason" in next) {
      others.push(next);
    } else if (valueOf(next) !== valueBefore(scene.room, next, latest)) {
      made.push(next);
      latest.set(subjectOf(next), next);
    }
  }
  if (made.length === 0) {
    const [refusal, ...rest] = others;
    return refusal === undefined ? { kind: "nothing" } : { kind: "refused", refusal, others: rest };
  }
  const decision = happened(scene, {
    kind: "mode",
    text: modeText(made),
    effect: { kind: "modes", changes: made },
  });
  return { ...decision, others };
}

/** The change as it is to be made after those `before` it, or why it may not be. */
function changeMode(
  { chat, person, room, circumstances }: Scene,
  change: ModeChange,
  before: ReadonlyMap<string, MadeMode>,
): MadeMode | Refusal {
  const target = change.kind === "role" ? memberOf(chat, room, change.name) : undefined;
  const power = powerAfter(room, person, before);
  const refusal = permission.modeRefusal(room, change, { person, target: target?.id, power });
  if (refusal !== undefined) return refusal;
  const { maxMasks, maxValueBytes } = permission;
  const tooLong = { reason: "text-too-long", maxBytes: maxValueBytes } as const;
  switch (change.kind) {
    case "flag":
    case "limit":
      return change;
    case "key":
      return utf8Length(change.key ?? "") > maxValueBytes ? tooLong : change;
    case "mask": {
      if (utf8Length(change.mask) > maxValueBytes) return tooLong;
      const mask = normalMask(change.mask, room.fold);
      if (!change.on) return { ...change, mask, entry: undefined };
      const made = { ...change, mask, entry: { mask, by: person.name.shown, at: circumstances.at } };
      if (valueBefore(room, made, before) !== true && maskCount(room, before) >= maxMasks) {
        return { reason: "too-many-masks", room: room.name.shown, max: maxMasks };
      }
      return made;
    }
    case "role":
      if (target === undefined) return absence(chat, room, change.name);
      return { ...change, name: target.name, target: target.id };
  }
}

/** What somebody may do in a room once these changes are made. */
function powerAfter(room: Room, { id }: Person, changes: ReadonlyMap<string, MadeMode>): Roles {
  let roles = room.powerOf(id);
  for (const change of changes.values()) {
    if (change.kind !== "role" || change.target !== id) continue;
    if (change.on) roles |= role[change.role];
    else if (change.role !== "owner" || room.founder !== id) roles &= ~role[change.role];
  }
  return roles;
}

function subjectOf(change: MadeMode): string {
  switch (change.kind) {
    case "flag":
      return change.flag;
    case "key":
    case "limit":
      return change.kind;
    case "mask":
      return `${change.list} ${change.mask}`;
    case "role":
      return `${change.role} ${change.target}`;
  }
}

function valueOf(change: MadeMode): string | number | boolean | undefined {
  if (change.kind === "key") return change.key;
  return change.kind === "limit" ? change.limit : change.on;
}

/** What a change finds: what those before it left, or else what the room has. */
function valueBefore(
  room: Room,
  change: MadeMode,
  before: ReadonlyMap<string, MadeMode>,
): string | number | boolean | undefined {
  const last = before.get(subjectOf(change));
  if (last !== undefined) return valueOf(last);
  switch (change.kind) {
    case "flag":
      return room.flags.has(change.flag);
    case "key":
      return room.key;
    case "limit":
      return room.limit;
    case "mask":
      return room.masks[change.list].has(change.mask);
    case "role":
      return (room.rolesOf(change.target) & role[change.role]) !== 0;
  }
}

function maskCount({ masks }: Room, before: ReadonlyMap<string, MadeMode>): number {
  let count = masks.bans.size + masks.exceptions.size + masks.invitations.size;
  for (const change of before.values()) {
    if (change.kind !== "mask") continue;
    count += Number(change.on) - Number(masks[change.list].has(change.mask));
  }
  return count;
}

function renameRoom(scene: Scene, deed: Of<"rename-room">): Decision {
  const { chat, person, room } = scene;
  const refusal = permission.renameRefusal(room, person);
  if (refusal !== undefined) return refused(refusal);
  const name = parseRoomName(deed.name, chat.fold);
  if ("reason" in name) return refused(name);
  if (chat.rooms.isTaken(name.fold, room)) return refused({ reason: "room-name-taken", room: name.shown });
  if (name.shown === room.name.shown) return { kind: "nothing" };
  const words = roomWords(chat, deed.text ?? "");
  if (typeof words !== "string") return refused(words);
  const text = newNameText(name, words);
  return happened(scene, { kind: "room-name", text, effect: { kind: "rename-room", name } });
}

function rename(chat: Chat, person: Person, deed: Of<"rename">): Decision {
  const name = parseName(deed.name, chat.fold);
  if ("reason" in name) return refused(name);
  if (name.shown === person.name.shown) return { kind: "nothing" };
  const refusal =
    permission.newNameRefusal(chat.rooms.of(person.id), person) ??
    chat.accounts.claim(person.id, name) ??
    chat.roster.claim(person.id, name);
  if (refusal !== undefined) return refused(refusal);
  const author = { ...person.author, name: name.shown };
  return { kind: "renamed", person, name, author, from: person.author };
}

/** Words to a room that need not be any, cleaned, or why they may not be said. */
function roomWords(chat: Chat, text: string): string | Refusal {
  const clean = cleanText(text, { maxBytes: chat.limits.maxTextBytes, formatting: true });
  if (clean.ok) return clean.text;
  return clean.refusal.reason === "text-empty" ? "" : clean.refusal;
}

/** Somebody in a room, by the name he has here. */
function memberOf(chat: Chat, room: Room, name: string): Author | undefined {
  const person = chat.authorOf(name);
  return person !== undefined && room.members.has(person.id) ? person : undefined;
}

/** Why somebody of this name is not to be found in a room. */
function absence(chat: Chat, room: Room, name: string): Refusal {
  const isKnown = chat.authorOf(name) !== undefined;
  return isKnown ? { reason: "not-a-member", room: room.name.shown, name } : { reason: "not-online", name };
}

function happened(
  { person, room, circumstances }: Scene,
  what: {
    readonly kind: RoomEventKind;
    readonly to?: Author;
    readonly text: string;
    readonly effect: RoomEffect;
  },
): Extract<Decision, { kind: "said" }> {
  const event: NewEvent = {
    stream: room.stream,
    id: circumstances.id,
    at: circumstances.at,
    kind: what.kind,
    from: person.author,
    to: what.to,
    text: what.text as NewEvent["text"],
    replyTo: undefined,
    threadRoot: undefined,
    clientTags: undefined,
    retry: undefined,
  };
  return { kind: "said", event, by: person, room, effect: what.effect };
}

function refused(refusal: Refusal): Decision {
  return { kind: "refused", refusal };
}

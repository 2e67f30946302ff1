import type { Chat } from "./chat.ts";
import type { Circumstances, Decision, Deed, MadeMode, RoomEffect } from "./command.ts";
import type { Author, NewEvent, RoomEventKind } from "./event.ts";
import { normalMask } from "./mask.ts";
import { type ModeChange, modeText } from "./mode.ts";
import { parseName } from "./name.ts";
import * as permission from "./permission.ts";
import type { Refusal } from "./refusal.ts";
import { Room, type RoomFlag, role } from "./room.ts";
import { newNameText, parseRoomName } from "./room-name.ts";
import type { Person } from "./roster.ts";
import { cleanText, maxWordsBytes, withoutHostile, wordsOf } from "./text.ts";

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
      const { person, room } = scene;
      if (!room.members.has(person.id)) return refused({ reason: "not-in-room", room: room.name.shown });
      return { kind: "parted", person, room, text: withoutHostile(deed.text) };
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
  const name = parseRoomName(deed.room);
  if ("reason" in name) return refused(name);
  if (chat.rooms.size > maxRooms) return refused({ reason: "too-many-rooms-here", max: maxRooms });
  const founder = person.account === undefined ? undefined : person.id;
  const room = new Room({ stream: newStream(), name, created: at, founder });
  return { kind: "joined", person, room, created: true, roles: role.operator };
}

function setTopic(scene: Scene, deed: Of<"topic">): Decision {
  const { chat, person, room, circumstances } = scene;
  const refusal = permission.topicRefusal(room, person);
  if (refusal !== undefined) return refused(refusal);
  const text = cleanText(deed.text === "" ? " " : deed.text, { maxBytes: chat.limits.maxTextBytes });
  if (!text.ok && text.refusal.reason !== "text-empty") return refused(text.refusal);
  const words = text.ok ? text.text : "";
  const topic = words === "" ? undefined : { text: words, by: person.name.shown, at: circumstances.at };
  return happened(scene, { kind: "topic", text: words, effect: { kind: "topic", topic } });
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
  return happened(scene, {
    kind: "kick",
    to: target,
    text: withoutHostile(deed.text),
    effect: { kind: "kick", target: target.id },
  });
}

function changeModes(scene: Scene, deed: Of<"modes">): Decision {
  const made: MadeMode[] = [];
  const others: Refusal[] = [];
  for (const change of deed.changes) {
    const next = changeMode(scene, change, made);
    if (next === undefined) continue;
    if ("reason" in next) others.push(next);
    else made.push(next);
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

/** The change as it is to be made after those `before` it; `undefined` where it is so already. */
function changeMode(
  { chat, person, room, circumstances }: Scene,
  change: ModeChange,
  before: readonly MadeMode[],
): MadeMode | Refusal | undefined {
  const target = change.kind === "role" ? memberOf(chat, room, change.name) : undefined;
  const refusal = permission.modeRefusal(room, change, { person, target: target?.id });
  if (refusal !== undefined) return refusal;
  switch (change.kind) {
    case "flag":
      return isSet(room, change.flag, before) === change.on ? undefined : change;
    case "key": {
      const last = before.findLast((made) => made.kind === "key");
      return (last ?? room).key === change.key ? undefined : change;
    }
    case "limit": {
      const last = before.findLast((made) => made.kind === "limit");
      return (last ?? room).limit === change.limit ? undefined : change;
    }
    case "mask": {
      const mask = normalMask(change.mask);
      const last = before.findLast(
        (made) => made.kind === "mask" && made.list === change.list && made.mask === mask,
      );
      const has = last?.kind === "mask" ? last.on : room.masks[change.list].has(mask);
      if (has === change.on) return undefined;
      if (!change.on) return { ...change, mask, entry: undefined };
      const added = before.filter((made) => made.kind === "mask" && made.on).length;
      const { maxMasks } = permission;
      if (maskCount(room) + added >= maxMasks) {
        return { reason: "too-many-masks", room: room.name.shown, max: maxMasks };
      }
      return { ...change, mask, entry: { mask, by: person.name.shown, at: circumstances.at } };
    }
    case "role": {
      if (target === undefined) return absence(chat, room, change.name);
      const last = before.findLast(
        (made) => made.kind === "role" && made.role === change.role && made.target === target.id,
      );
      const isSo = (room.rolesOf(target.id) & role[change.role]) !== 0;
      const has = last?.kind === "role" ? last.on : isSo;
      return has === change.on ? undefined : { ...change, name: target.name, target: target.id };
    }
  }
}

function renameRoom(scene: Scene, deed: Of<"rename-room">): Decision {
  const { chat, person, room } = scene;
  const refusal = permission.renameRefusal(room, person);
  if (refusal !== undefined) return refused(refusal);
  const name = parseRoomName(deed.name);
  if ("reason" in name) return refused(name);
  if (chat.rooms.isTaken(name.fold, room)) return refused({ reason: "room-name-taken", room: name.shown });
  if (name.shown === room.name.shown) return { kind: "nothing" };
  const text = newNameText(name, withoutHostile(deed.text ?? ""));
  return happened(scene, { kind: "room-name", text, effect: { kind: "rename-room", name } });
}

function rename(chat: Chat, person: Person, deed: Of<"rename">): Decision {
  const name = parseName(deed.name);
  if ("reason" in name) return refused(name);
  if (name.shown === person.name.shown) return { kind: "nothing" };
  const refusal = chat.accounts.claim(person.id, name) ?? chat.roster.claim(person.id, name);
  if (refusal !== undefined) return refused(refusal);
  const author = { ...person.author, name: name.shown };
  return { kind: "renamed", person, name, author, from: person.author };
}

/** Somebody in a room, by the name he has here. */
function memberOf(chat: Chat, room: Room, name: string): Author | undefined {
  const person = chat.roster.find(name)?.author ?? chat.accounts.authorOf(name);
  return person !== undefined && room.members.has(person.id) ? person : undefined;
}

/** Why somebody of this name is not to be found in a room. */
function absence(chat: Chat, room: Room, name: string): Refusal {
  const isKnown = (chat.roster.find(name) ?? chat.accounts.authorOf(name)) !== undefined;
  return isKnown ? { reason: "not-a-member", room: room.name.shown, name } : { reason: "not-online", name };
}

function isSet(room: Room, flag: RoomFlag, before: readonly MadeMode[]): boolean {
  const last = before.findLast((made) => made.kind === "flag" && made.flag === flag);
  return last?.kind === "flag" ? last.on : room.flags.has(flag);
}

function maskCount(room: Room): number {
  return room.masks.bans.size + room.masks.exceptions.size + room.masks.invitations.size;
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

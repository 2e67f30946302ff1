import type { PersonId, StoredEvent } from "./event.ts";
import { matchesPerson, mutedBy } from "./mask.ts";
import type { ModeChange } from "./mode.ts";
import type { Refusal } from "./refusal.ts";
import { type MaskList, type RoleName, type Roles, type Room, ranks, role } from "./room.ts";
import { maskOf, type Person } from "./roster.ts";

/**
 * Who may do what in a room: the one place that knows, for every door and every path. Each function gives the
 * reason why not, or `undefined`. A server's operator may do everything but read what he is not in.
 */

/** A room holds at most so many masks of all three lists together. */
export const maxMasks = 100;

/** How long a mask or a room's password may be, in UTF-8. */
export const maxValueBytes = 256;

/** To be shown that it exists. */
export function maySee(room: Room, person: Person): boolean {
  return !room.flags.has("hidden") || room.members.has(person.id) || person.isOperator;
}

/** To be shown what is said in it, now and before: live, as history, by search. */
export function mayRead(room: Room, person: Person): boolean {
  return room.members.has(person.id);
}

export function joinRefusal(room: Room, person: Person, key: string | undefined): Refusal | undefined {
  const isWanted = room.invited.has(person.id) || room.founder === person.id;
  if (person.isOperator || room.members.has(person.id) || isWanted) return undefined;
  const name = room.name.shown;
  if (isBanned(room, person, "enter")) return { reason: "banned-from-room", room: name };
  if (room.flags.has("inviteOnly") && !isOnList(room, "invitations", person, "enter")) {
    return { reason: "invitation-needed", room: name };
  }
  if (room.flags.has("accountsOnly") && person.account === undefined) {
    return { reason: "account-needed", room: name };
  }
  if (room.key !== undefined && room.key !== key) return { reason: "wrong-room-key", room: name };
  if (room.limit !== undefined && room.members.size >= room.limit) {
    return { reason: "room-full", room: name, limit: room.limit };
  }
  return undefined;
}

export function sayRefusal(room: Room, person: Person, text: string): Refusal | undefined {
  const name = room.name.shown;
  if (room.flags.has("noCtcp") && text.startsWith("\x01")) return { reason: "room-without-ctcp", room: name };
  if (person.isOperator) return undefined;
  if (room.flags.has("noOutside") && !room.members.has(person.id)) {
    return { reason: "not-in-room", room: name };
  }
  if (ranks(room.powerOf(person.id), "voice")) return undefined;
  if (room.flags.has("moderated")) return { reason: "room-moderated", room: name };
  return isBanned(room, person, "speak") ? { reason: "banned-from-room", room: name } : undefined;
}

/** To be called otherwise: no way around a ban by name, as IRC servers have it. */
export function newNameRefusal(rooms: Iterable<Room>, person: Person): Refusal | undefined {
  if (person.isOperator) return undefined;
  for (const room of rooms) {
    if (ranks(room.powerOf(person.id), "voice") || !isBanned(room, person, "speak")) continue;
    return { reason: "banned-from-room", room: room.name.shown };
  }
  return undefined;
}

/** To take back what was said: who said it may, and who runs the room. */
export function removeRefusal(
  room: Room | undefined,
  person: Person,
  message: Pick<StoredEvent, "from" | "id">,
): Refusal | undefined {
  const { from, id } = message;
  if (from.id === person.id) return undefined;
  if (room === undefined) return { reason: "not-your-message", id };
  const mayRun = person.isOperator || ranks(room.powerOf(person.id), "halfOperator");
  return mayRun ? undefined : { reason: "not-your-message", id };
}

/** To send somebody something in private. */
export function tellRefusal(to: Person, person: Person): Refusal | undefined {
  if (!to.accountsOnly || person.account !== undefined || person.isOperator) return undefined;
  return { reason: "accounts-only", name: to.name.shown };
}

export function topicRefusal(room: Room, person: Person): Refusal | undefined {
  return memberRefusal(room, person, room.flags.has("protectedTopic") ? "halfOperator" : undefined);
}

/** An invitation opens a closed room, so there only who runs it gives one. */
export function inviteRefusal(room: Room, person: Person): Refusal | undefined {
  return memberRefusal(room, person, room.flags.has("inviteOnly") ? "halfOperator" : undefined);
}

/** Nobody removes who ranks as high as himself, but an operator another one. */
export function kickRefusal(room: Room, person: Person, target: PersonId | undefined): Refusal | undefined {
  return memberRefusal(room, person, "halfOperator") ?? outrankedRefusal(room, person, target);
}

/** To change what is said of a room, or of somebody, in keys and values. */
export function describeRefusal(of: Room | Person, person: Person): Refusal | undefined {
  const isAllowed =
    "members" in of ? memberRefusal(of, person, "operator") === undefined : of.id === person.id;
  return isAllowed || person.isOperator ? undefined : { reason: "metadata-forbidden" };
}

export function renameRefusal(room: Room, person: Person): Refusal | undefined {
  if (room.isLobby) return { reason: "not-in-lobby" };
  return memberRefusal(room, person, "operator");
}

/** What a change of mode depends on beside the room. */
interface ModeScene {
  readonly person: Person;
  /** Whose role is changed. */
  readonly target: PersonId | undefined;
  /** What `person` may do there; after other changes that he asked for, what they left him. */
  readonly power: Roles;
}

export function modeRefusal(room: Room, change: ModeChange, scene: ModeScene): Refusal | undefined {
  const { person, target, power } = scene;
  switch (change.kind) {
    case "flag":
    case "key":
    case "limit":
      // Everybody is to come in there.
      if (room.isLobby && !person.isOperator) return { reason: "not-in-lobby" };
      return memberRefusal(room, person, "operator", power);
    case "mask":
      return memberRefusal(room, person, "halfOperator", power);
    case "role": {
      // Whatever one is, one may give up.
      if (target === person.id && !change.on) return memberRefusal(room, person, undefined);
      const least = change.role === "voice" ? "halfOperator" : "operator";
      const refusal = memberRefusal(room, person, least, power);
      if (refusal !== undefined || person.isOperator) return refusal;
      if (role[change.role] > power && !(change.role === "operator" && ranks(power, "operator"))) {
        return { reason: "role-needed", room: room.name.shown, role: change.role };
      }
      return outrankedRefusal(room, person, target);
    }
  }
}

/** Where the lists may be read: the bans by everybody, as IRC has it, the other two by who runs the room. */
export function maskListRefusal(room: Room, person: Person, list: MaskList): Refusal | undefined {
  return list === "bans" ? undefined : memberRefusal(room, person, "halfOperator");
}

function memberRefusal(
  room: Room,
  person: Person,
  least: RoleName | undefined,
  power: Roles = room.powerOf(person.id),
): Refusal | undefined {
  if (person.isOperator) return undefined;
  if (!room.members.has(person.id)) return { reason: "not-in-room", room: room.name.shown };
  if (least === undefined || ranks(power, least)) return undefined;
  return { reason: "role-needed", room: room.name.shown, role: least };
}

function outrankedRefusal(room: Room, person: Person, target: PersonId | undefined): Refusal | undefined {
  if (person.isOperator || target === undefined || target === person.id) return undefined;
  const own = highest(room.powerOf(person.id));
  const other = highest(room.powerOf(target));
  // In the manner of IRC, operators touch each other, and owners; half-operators and admins do not.
  const isOneOfMany = own === role.halfOperator || own === role.admin;
  return other > own || (other === own && isOneOfMany)
    ? { reason: "outranked", room: room.name.shown }
    : undefined;
}

function isBanned(room: Room, person: Person, from: "enter" | "speak"): boolean {
  return isOnList(room, "bans", person, from) && !isOnList(room, "exceptions", person, from);
}

/** Masks that mute have no say in who comes in. */
function isOnList(room: Room, list: MaskList, person: Person, from: "enter" | "speak"): boolean {
  if (room.masks[list].size === 0) return false;
  const given = maskOf(person, room.fold);
  const account = person.account === undefined ? undefined : room.fold(person.account);
  for (const mask of room.masks[list].keys()) {
    const muted = mutedBy(mask);
    if (muted !== undefined && from === "enter") continue;
    if (matchesPerson(muted ?? mask, given, account)) return true;
  }
  return false;
}

function highest(roles: number): number {
  return roles === 0 ? 0 : 2 ** Math.floor(Math.log2(roles));
}

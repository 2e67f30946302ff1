import type { Chat } from "../chat/chat.ts";
import type { PresentAuthor } from "../chat/event.ts";
import { matchesMask } from "../chat/mask.ts";
import { flagLetters } from "../chat/mode.ts";
import { maySee } from "../chat/permission.ts";
import type { Roles, Room, RoomFlag } from "../chat/room.ts";
import { maxListedNames, type Person, type Roster, type Traits } from "../chat/roster.ts";
import type { Bounds, PersonView, RoomMember, RoomSummary, RoomTag, RoomView, WantedRooms } from "./link.ts";

/** A list of rooms shows at most so many. */
const maxListedRooms = 500;

export function tagOfRoom(room: Room): RoomTag {
  return { stream: room.stream, name: room.name.shown };
}

/** How a room is run, as its members are shown it; `asker` need not be one. */
export function viewOfRoom(
  room: Room,
  { asker, roster }: { readonly asker: Person; readonly roster: Roster },
): RoomView {
  const isMember = room.members.has(asker.id);
  const staff = [];
  for (const id of room.ranked) {
    const person = roster.byId(id);
    if (person === undefined || staff.length === maxListedNames) continue;
    staff.push({ name: person.name.shown, roles: room.rolesOf(id) });
  }
  return {
    ...tagOfRoom(room),
    topic: room.topic,
    created: room.created,
    modes: modesOf(room, isMember),
    key: isMember ? room.key : undefined,
    limit: room.limit,
    staff,
    people: room.present.size,
  };
}

/** Whether somebody who is in a room is shown to be: who is invisible is not, to who is not in it himself. */
export function isShownIn(room: Room, person: Person, asker: Person): boolean {
  return !person.isInvisible || asker.isOperator || person === asker || room.members.has(asker.id);
}

/** Who of a room is here, as far as `asker` may know, each with what there is to know of him. */
export function membersOf(room: Room, asker: Person): readonly RoomMember[] {
  const members = everyMember(room);
  if (asker.isOperator || room.members.has(asker.id)) return members;
  const hidden = Array.from(room.present).filter((person) => !isShownIn(room, person, asker));
  const ids = new Set(hidden.map(({ id }) => id));
  return ids.size === 0 ? members : members.filter(({ id }) => !ids.has(id));
}

/** Who of a room is here, each with what there is to know of him. */
function everyMember(room: Room): readonly RoomMember[] {
  const known = lastMembers?.room.deref() === room ? lastMembers : undefined;
  const members: RoomMember[] = [];
  const authors: PresentAuthor[] = [];
  for (const person of room.present) {
    const index = members.length;
    const member = known?.authors[index] === person.author ? known.members[index] : undefined;
    const roles = room.rolesOf(person.id);
    const isSame = member !== undefined && member.roles === roles && isStill(member, person);
    members.push(isSame ? member : memberOf(person, roles));
    authors.push(person.author);
  }
  lastMembers = { room: new WeakRef(room), authors, members };
  return members;
}

/** Of the room that was asked for last: where thousands come in at once, each is shown those before him. */
let lastMembers:
  | {
      readonly room: WeakRef<Room>;
      readonly authors: readonly PresentAuthor[];
      readonly members: readonly RoomMember[];
    }
  | undefined;

function isStill({ realName, away, isOperator }: RoomMember, person: Person): boolean {
  return (
    realName === person.realName && away === (person.away !== undefined) && isOperator === person.isOperator
  );
}

function memberOf({ author, realName, away, isOperator }: Person, roles: Roles): RoomMember {
  const { id, name, user, host, account, isBot } = author;
  return { id, name, user, host, account, isBot, realName, roles, away: away !== undefined, isOperator };
}

/** The rooms that somebody may know of, of those that he wants. */
export function roomsFor(
  chat: Chat,
  person: Person,
  wanted: WantedRooms = {},
): { count: number; rooms: readonly RoomSummary[] } {
  const visible = [...chat.rooms.all()].filter((room) => maySee(room, person) && isWanted(room, wanted));
  visible.sort((one, other) => other.present.size - one.present.size);
  const rooms = visible.slice(0, maxListedRooms).map((room) => ({
    ...tagOfRoom(room),
    people: room.present.size,
    topic: room.topic?.text ?? "",
  }));
  return { count: visible.length, rooms };
}

/** What `asker` may know of somebody. */
export function viewOfPerson(
  chat: Chat,
  person: Person,
  seen: {
    readonly by: Person;
    readonly addressOf: (person: Person) => string | undefined;
    readonly isSecure: (person: Person) => boolean;
    readonly certificateOf: (person: Person) => string | undefined;
  },
): PersonView {
  const { author, realName, away, isOperator, since, lastSpoke } = person;
  const rooms = [...chat.rooms.of(person.id)].filter(
    (room) => maySee(room, seen.by) && isShownIn(room, person, seen.by),
  );
  const isOpen = seen.by === person || seen.by.isOperator;
  return {
    author,
    realName,
    away,
    isOperator,
    address: isOpen ? seen.addressOf(person) : undefined,
    isSecure: seen.isSecure(person),
    certificate: isOpen ? seen.certificateOf(person) : undefined,
    traits: isOpen ? traitsOf(person) : undefined,
    since,
    lastSpoke: lastSpoke ?? since,
    rooms: rooms.map((room) => ({ name: room.name.shown, roles: room.rolesOf(person.id) })),
  };
}

function traitsOf({ isBot, isOperator, isInvisible, accountsOnly, wantsWallops }: Person): Traits {
  return { isBot, isOperator, isInvisible, accountsOnly, wantsWallops };
}

function isWanted(room: Room, { masks, notMasks = [], people, created, topicSet }: WantedRooms): boolean {
  const matches = (mask: string): boolean => matchesMask(room.fold(mask), room.name.fold);
  if (masks?.some(matches) === false || notMasks.some(matches)) return false;
  if (topicSet !== undefined && (room.topic === undefined || !isWithin(room.topic.at, topicSet)))
    return false;
  return isWithin(room.present.size, people) && isWithin(room.created, created);
}

function isWithin(value: number, { above = -Infinity, below = Infinity }: Bounds = {}): boolean {
  return value > above && value < below;
}

/** In the order of their letters. Whoever comes in is told them, so nothing is sorted then. */
const modes: readonly { readonly letter: string; readonly holds: (room: Room) => boolean }[] = [
  ...(Object.keys(flagLetters) as RoomFlag[]).map((flag) => ({
    letter: flagLetters[flag],
    holds: (room: Room) => room.flags.has(flag),
  })),
  { letter: "k", holds: (room: Room) => room.key !== undefined },
  { letter: "l", holds: (room: Room) => room.limit !== undefined },
].sort((one, other) => (one.letter < other.letter ? -1 : 1));

function modesOf(room: Room, isMember: boolean): string {
  let letters = "";
  for (const { letter, holds } of modes) {
    if (holds(room) && (isMember || letter !== "k")) letters += letter;
  }
  return letters;
}

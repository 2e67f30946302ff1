import type { Chat } from "./chat.ts";
import { type Instant, lobby, type PersonId, type StreamId } from "./event.ts";
import { type MaskEntry, type MaskList, type Roles, Room, type RoomFlag, type Topic } from "./room.ts";
import type { Rooms } from "./rooms.ts";

/** What of a room is durable beside its stream, in JSON under `rooms/<stream>`. */
interface RoomRecord {
  readonly name: string;
  readonly created: Instant;
  readonly founder?: PersonId | undefined;
  readonly topic?: Topic | undefined;
  readonly key?: string | undefined;
  readonly limit?: number | undefined;
  readonly flags: readonly RoomFlag[];
  readonly masks: Readonly<Record<MaskList, readonly MaskEntry[]>>;
  readonly emptySince?: Instant | undefined;
}

/** Under `members/<stream>/<person>`, of people with an account. */
interface MemberRecord {
  readonly roles: Roles;
}

export const roomRecords = "rooms/";
export const memberRecords = "members/";

export function roomKey(room: Room): string {
  return `${roomRecords}${room.stream}`;
}

export function memberKey(room: Room, person: PersonId): string {
  return `${memberRecords}${room.stream}/${person}`;
}

/** What there is to keep under a key; `undefined`: nothing. */
export function recordOf(rooms: Rooms, key: string): string | undefined {
  const place = placeOf(key);
  const room = rooms.byStream(place.stream);
  if (room === undefined) return undefined;
  if (place.person === undefined) return JSON.stringify(roomRecord(room));
  const roles = room.members.get(place.person);
  return roles === undefined ? undefined : JSON.stringify({ roles } satisfies MemberRecord);
}

/** Whether nothing is kept under a key: guests are in a room while they are here, and so is everybody in the lobby. */
export function isPassing({ accounts }: Chat, key: string): boolean {
  const { stream, person } = placeOf(key);
  return person !== undefined && (stream === lobby || !accounts.has(person));
}

/**
 * Has the rooms be as a record says; `undefined`: as if there were none. Memberships come after their rooms and the
 * accounts that they belong to.
 */
export function takeRecord(chat: Chat, key: string, value: string | undefined): void {
  const { rooms, roster } = chat;
  const place = placeOf(key);
  const room = rooms.byStream(place.stream);
  if (place.person === undefined) {
    if (value !== undefined) takeRoom(rooms, place.stream, JSON.parse(value) as RoomRecord);
    else if (room !== undefined && !room.isLobby) rooms.remove(room);
    return;
  }
  if (room === undefined) return;
  const person = roster.byId(place.person);
  // A guest who is gone meanwhile is gone from it all the same.
  if (value === undefined || (person === undefined && isPassing(chat, key))) {
    rooms.leave(room, place.person);
    if (person !== undefined) room.went(person);
    return;
  }
  const { roles } = JSON.parse(value) as MemberRecord;
  rooms.join(room, place.person, roles);
  if (person !== undefined) room.came(person);
}

/** Which room a record is of, and what it is called. */
export function roomInRecord(
  key: string,
  value: string,
): { readonly stream: StreamId; readonly name: string } {
  return { stream: placeOf(key).stream, name: (JSON.parse(value) as RoomRecord).name };
}

function takeRoom(rooms: Rooms, stream: StreamId, record: RoomRecord): void {
  const name = { shown: record.name, fold: rooms.fold(record.name) };
  let room = rooms.byStream(stream);
  if (room === undefined) {
    room = new Room({ stream, name, created: record.created, founder: record.founder, fold: rooms.fold });
    rooms.add(room);
  } else if (room.name.shown !== record.name) {
    rooms.rename(room, name);
  }
  room.topic = record.topic;
  room.key = record.key;
  room.limit = record.limit;
  room.emptySince = record.emptySince;
  room.flags.clear();
  for (const flag of record.flags) room.flags.add(flag);
  for (const [list, entries] of Object.entries(record.masks) as [MaskList, readonly MaskEntry[]][]) {
    room.masks[list].clear();
    for (const entry of entries) room.masks[list].set(entry.mask, entry);
  }
}

function roomRecord(room: Room): RoomRecord {
  const { bans, exceptions, invitations } = room.masks;
  return {
    name: room.name.shown,
    created: room.created,
    founder: room.founder,
    topic: room.topic,
    key: room.key,
    limit: room.limit,
    flags: [...room.flags],
    masks: {
      bans: [...bans.values()],
      exceptions: [...exceptions.values()],
      invitations: [...invitations.values()],
    },
    emptySince: room.emptySince,
  };
}

/** A stream's id has no `/` in it, and neither has a person's. */
function placeOf(key: string): { readonly stream: StreamId; readonly person: PersonId | undefined } {
  const [, stream = "", person] = key.split("/");
  return { stream: stream as StreamId, person: person as PersonId | undefined };
}

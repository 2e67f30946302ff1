import type { Chat } from "../chat/chat.ts";
import type { Author } from "../chat/event.ts";
import type { Room } from "../chat/room.ts";
import type { SessionId } from "../chat/roster.ts";

/** The sessions of those who ignore somebody. */
export function ignorersOf(chat: Chat, from: Author): readonly SessionId[] {
  return chat.ignoring.ignorersOf(from).flatMap((person) => chat.roster.byId(person)?.sessions ?? []);
}

/** As `ignorersOf`, of those who are in a room. */
export function ignorersIn(chat: Chat, room: Room, from: Author): readonly SessionId[] {
  return chat.ignoring
    .ignorersOf(from)
    .flatMap((person) => (room.members.has(person) ? (chat.roster.byId(person)?.sessions ?? []) : []));
}

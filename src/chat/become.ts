import type { AccountHolder } from "./account-names.ts";
import type { Chat } from "./chat.ts";
import type { Room } from "./room.ts";
import type { Person, SessionId } from "./roster.ts";

/** What comes of it when somebody who is here as a guest is known to be somebody with an account. */
export interface Became {
  readonly person: Person;
  /** The guest that he was, where nothing is left of it; others see it go where `was` is not `person` under his name. */
  readonly was: Person;
  /** Rooms that his session is in from now on, and was not before. */
  readonly entered: readonly Room[];
  /** Rooms that his account is in from now on, and was not before. */
  readonly joined: readonly Room[];
  /** Whether his account was here already, by another session. */
  readonly wasHere: boolean;
}

/** Gives an account to somebody who is here, under the id that he has. */
export function giveAccount(chat: Chat, person: Person, holder: AccountHolder): void {
  chat.accounts.add(holder);
  person.account = holder.name.shown;
  person.author = { ...person.author, account: holder.name.shown };
}

/**
 * A session of a guest is one of an account's person from now on. Where that person is not here yet, the guest's
 * other sessions come along, he is called what the guest was, and is in the guest's rooms; where he is, the guest's
 * rooms are his as well, and the guest goes when this was his last session.
 */
export function become(chat: Chat, session: SessionId, holder: AccountHolder): Became | undefined {
  const was = chat.personOf(session);
  if (was === undefined) return undefined;
  const present = chat.roster.byId(holder.person);
  const own = new Set(chat.rooms.of(holder.person));
  const guests = [...chat.rooms.of(was.id)];
  const sessions = present === undefined ? was.sessions : [session];
  const person = present ?? {
    ...was,
    id: holder.person,
    account: holder.name.shown,
    author: { ...was.author, id: holder.person, account: holder.name.shown },
    sessions: [],
  };
  const joined = guests.filter((room) => !own.has(room));
  for (const room of guests) {
    const member = room.members.get(was.id);
    const since = room.members.get(holder.person)?.since ?? member?.since ?? 0;
    const roles = room.rolesOf(holder.person) | (member?.roles ?? 0);
    if (was.sessions.length === sessions.length) {
      chat.rooms.leave(room, was.id);
      room.went(was);
    }
    chat.rooms.join(room, { person: person.id, roles, since });
  }
  chat.move(sessions, was, person);
  for (const room of chat.rooms.of(person.id)) room.came(person);
  const entered = [...chat.rooms.of(person.id)].filter((room) => !guests.includes(room));
  return { person, was, entered, joined, wasHere: present !== undefined };
}

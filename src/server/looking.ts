import type { Chat } from "../chat/chat.ts";
import type { Instant } from "../chat/event.ts";
import { matchesMask } from "../chat/mask.ts";
import { foldName } from "../chat/name.ts";
import { maskListRefusal, maySee } from "../chat/permission.ts";
import type { Refusal } from "../chat/refusal.ts";
import type { Person } from "../chat/roster.ts";
import type { Answer, GonePerson, Query } from "./link.ts";
import { membersOf, roomsFor, tagOfRoom, viewOfPerson, viewOfRoom } from "./room-views.ts";

/** So many of those who were here are remembered, and so many people are listed for a mask. */
const maxGone = 1000;
const maxLike = 500;

/** Answers what may be asked without changing anything, as far as the asker may know. */
export class Looking {
  readonly #chat: Chat;
  /** Who was here, the last at the end. */
  readonly #gone: GonePerson[] = [];
  /** The most people that there were at once. */
  #most = 0;

  constructor(chat: Chat) {
    this.#chat = chat;
  }

  /** Somebody is gone, or not called so any more. */
  left({ author, realName }: Person, at: Instant): void {
    this.#gone.push({ ...author, realName, at });
    if (this.#gone.length > 2 * maxGone) this.#gone.splice(0, maxGone);
  }

  /** Somebody has come. */
  came(): void {
    this.#most = Math.max(this.#most, this.#chat.roster.size);
  }

  answer(asker: Person, query: Query): Answer | Refusal {
    switch (query.kind) {
      case "people":
      case "room":
      case "members":
      case "masks":
        return this.#ofRoom(asker, query);
      case "rooms":
        return { kind: "rooms", ...roomsFor(this.#chat, asker, query.wanted) };
      case "invitations": {
        const rooms = [...this.#chat.rooms.all()].filter(({ invited }) => invited.has(asker.id));
        return { kind: "invitations", rooms: rooms.map(tagOfRoom) };
      }
      case "person": {
        const other = this.#chat.roster.find(query.name);
        if (other === undefined) return { reason: "not-online", name: query.name };
        return { kind: "person", person: viewOfPerson(this.#chat, other, asker) };
      }
      case "people-like":
        return { kind: "people-like", people: this.#like(asker, query) };
      case "named": {
        const people = query.names.map((name) => {
          const person = this.#chat.roster.find(name);
          return person && viewOfPerson(this.#chat, person, asker);
        });
        return { kind: "named", people };
      }
      case "gone": {
        const fold = foldName(query.name);
        const people = this.#gone.filter(({ name }) => foldName(name) === fold).reverse();
        return { kind: "gone", people };
      }
      case "counts": {
        const { roster, rooms } = this.#chat;
        const everybody = [...roster.everybody()];
        const operators = everybody.filter((person) => person.isOperator).length;
        return { kind: "counts", people: roster.size, operators, rooms: rooms.size, most: this.#most };
      }
    }
  }

  #ofRoom(
    asker: Person,
    query: Extract<Query, { kind: "people" | "room" | "members" | "masks" }>,
  ): Answer | Refusal {
    const room = this.#chat.rooms.find(query.room);
    if (room === undefined || !maySee(room, asker)) return { reason: "no-such-room", room: query.room };
    const tag = tagOfRoom(room);
    switch (query.kind) {
      case "people":
        return { kind: "people", room: tag, online: room.people(query.beginning) };
      case "room":
        return { kind: "room", room: viewOfRoom(room, asker) };
      case "members":
        return { kind: "members", room: tag, isHidden: room.flags.has("hidden"), members: membersOf(room) };
      case "masks": {
        const refusal = maskListRefusal(room, asker, query.list);
        if (refusal !== undefined) return refusal;
        return { kind: "masks", room: tag, list: query.list, masks: [...room.masks[query.list].values()] };
      }
    }
  }

  #like(
    asker: Person,
    { mask, isOperator }: Extract<Query, { kind: "people-like" }>,
  ): Extract<Answer, { kind: "people-like" }>["people"] {
    const fold = foldName(mask);
    const people = [];
    for (const person of this.#chat.roster.everybody()) {
      if (isOperator && !person.isOperator) continue;
      const { user, host, account = "" } = person.author;
      const fields = [person.name.shown, user, host, person.realName, account];
      if (!fields.some((field) => matchesMask(fold, foldName(field)))) continue;
      people.push(viewOfPerson(this.#chat, person, asker));
      if (people.length === maxLike) break;
    }
    return people;
  }
}

import type { Chat } from "../chat/chat.ts";
import type { Instant } from "../chat/event.ts";
import { ignoredBy } from "../chat/ignore.ts";
import { matchesMask } from "../chat/mask.ts";
import type { Fold } from "../chat/name.ts";
import { maskListRefusal, maySee } from "../chat/permission.ts";
import type { Refusal } from "../chat/refusal.ts";
import type { Room } from "../chat/room.ts";
import type { Person } from "../chat/roster.ts";
import type { Answer, Counts, Found, GonePerson, PersonView, Query } from "./link.ts";
import { isShownIn, membersOf, roomsFor, tagOfRoom, viewOfPerson, viewOfRoom } from "./room-views.ts";

/** So many of those who were here are remembered, and so many people are listed for a mask. */
const maxGone = 1000;
const maxFound = 500;

export interface LookingMeans {
  readonly chat: Chat;
  /** Where somebody is connected from. */
  readonly addressOf: (person: Person) => string | undefined;
  readonly isSecure: (person: Person) => boolean;
  readonly certificateOf: (person: Person) => string | undefined;
  /** How many connections there are. */
  readonly connections: () => number;
}

/** Answers what may be asked without changing anything, as far as the asker may know. */
export class Looking {
  readonly #means: LookingMeans;
  readonly #chat: Chat;
  /** Who was here, the last at the end. */
  readonly #gone: GonePerson[] = [];
  /** The most people that there were at once. */
  #most = 0;

  constructor(means: LookingMeans) {
    this.#means = means;
    this.#chat = means.chat;
  }

  /** Somebody is gone, or not called so any more. */
  left({ author, realName }: Pick<Person, "author" | "realName">, at: Instant): void {
    this.#gone.push({ ...author, realName, at });
    if (this.#gone.length > 2 * maxGone) this.#gone.splice(0, maxGone);
  }

  /** Somebody has come. */
  came(): void {
    this.#most = Math.max(this.#most, this.#chat.roster.size);
  }

  counts(): Counts {
    const { roster, rooms } = this.#chat;
    return {
      people: roster.size,
      invisible: roster.count("isInvisible"),
      operators: roster.count("isOperator"),
      unknown: this.#means.connections() - this.#chat.sessionCount,
      rooms: inhabited(rooms.all()),
      most: this.#most,
    };
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
        return { kind: "person", person: this.#view(other, asker) };
      }
      case "who":
        return { kind: "who", people: this.#who(asker, query) };
      case "named": {
        const people = query.names.map((name) => {
          const person = this.#chat.roster.find(name);
          return person && this.#view(person, asker);
        });
        return { kind: "named", people };
      }
      case "gone": {
        const { fold } = this.#chat;
        const wanted = fold(query.name);
        const people = this.#gone.filter(({ name }) => fold(name) === wanted).reverse();
        return { kind: "gone", people };
      }
      case "ignored":
        return { kind: "ignored", ignored: ignoredBy(this.#chat, asker.id) };
      case "counts":
        return { kind: "counts", counts: this.counts() };
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
        return { kind: "room", room: viewOfRoom(room, { asker, roster: this.#chat.roster }) };
      case "members":
        return {
          kind: "members",
          room: tag,
          isHidden: room.flags.has("hidden"),
          members: membersOf(room, asker),
        };
      case "masks": {
        const refusal = maskListRefusal(room, asker, query.list);
        if (refusal !== undefined) return refusal;
        return { kind: "masks", room: tag, list: query.list, masks: [...room.masks[query.list].values()] };
      }
    }
  }

  #who(asker: Person, { mask, isOperator, isOfServer }: Extract<Query, { kind: "who" }>): readonly Found[] {
    const isWanted = (person: Person): boolean => !isOperator || person.isOperator;
    if (mask.startsWith("#")) {
      const room = this.#chat.rooms.find(mask);
      if (room === undefined || !maySee(room, asker)) return [];
      return [...room.present]
        .filter((person) => isWanted(person) && isShownIn(room, person, asker))
        .map((person) => this.#found(person, asker, room));
    }
    const named = this.#chat.roster.find(mask);
    if (named !== undefined) {
      return isWanted(named) ? [this.#found(named, asker, this.#sharedRoom(named, asker))] : [];
    }
    const { fold } = this.#chat;
    const wanted = fold(mask);
    const found: Found[] = [];
    for (const person of this.#chat.roster.everybody()) {
      if (!isWanted(person) || !(isOfServer || isLike(person, wanted, fold))) continue;
      const shared = this.#sharedRoom(person, asker);
      if (person.isInvisible && shared === undefined && person !== asker && !asker.isOperator) continue;
      found.push(this.#found(person, asker, shared));
      if (found.length === maxFound) break;
    }
    return found;
  }

  #sharedRoom(person: Person, asker: Person): Room | undefined {
    for (const room of this.#chat.rooms.of(person.id)) if (room.members.has(asker.id)) return room;
    return undefined;
  }

  #found(person: Person, asker: Person, room: Room | undefined): Found {
    const { rooms: _, ...view } = this.#view(person, asker);
    return { ...view, room: room && { name: room.name.shown, roles: room.rolesOf(person.id) } };
  }

  #view(person: Person, asker: Person): PersonView {
    return viewOfPerson(this.#chat, person, { ...this.#means, by: asker });
  }
}

/** In how many rooms somebody is: those that IRC calls formed. Whoever comes in by its door is told, so nothing is copied. */
function inhabited(rooms: Iterable<Room>): number {
  let count = 0;
  for (const { present } of rooms) if (present.size > 0) count += 1;
  return count;
}

/** `wanted`: a mask, folded. */
function isLike({ name, author, realName }: Person, wanted: string, fold: Fold): boolean {
  const { user, host, account = "" } = author;
  const fields = [name.shown, user, host, realName, account, `${name.shown}!${user}@${host}`];
  return fields.some((field) => matchesMask(wanted, fold(field)));
}

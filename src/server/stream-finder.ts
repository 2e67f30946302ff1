import type { Chat } from "../chat/chat.ts";
import {
  type Author,
  conversationOf,
  type PersonId,
  type StoredEvent,
  type StreamId,
} from "../chat/event.ts";
import { mayRead } from "../chat/permission.ts";
import type { Refusal } from "../chat/refusal.ts";
import type { Person } from "../chat/roster.ts";
import type { Store } from "../storage/store.ts";

/** Of so many conversations, the newest ones, it is looked with whom they are. */
const maxConversations = 500;

/** Finds the stream that somebody means by the name of a room, or by `@` and that of somebody he talks with. */
export class StreamFinder {
  readonly #chat: Chat;
  readonly #store: Pick<Store, "lastOfConversations">;

  constructor(chat: Chat, store: Pick<Store, "lastOfConversations">) {
    this.#chat = chat;
    this.#store = store;
  }

  /** What can be told without the store: who is gone and has no account is not known. */
  known(asker: Person, where: string): StreamId | Refusal {
    if (!where.startsWith("@")) {
      const room = this.#chat.rooms.find(where);
      return room !== undefined && mayRead(room, asker)
        ? room.stream
        : { reason: "no-such-room", room: where };
    }
    const name = where.slice(1);
    const other = this.#chat.authorOf(name);
    return other === undefined ? { reason: "not-online", name } : conversationOf(asker.id, other.id);
  }

  /** Also finds conversations with people who are gone. Rejects with `StoreFault`. */
  async find(asker: Person, where: string): Promise<StreamId | Refusal> {
    const known = this.known(asker, where);
    if (typeof known === "string" || known.reason !== "not-online") return known;
    const { fold } = this.#chat;
    const wanted = fold(known.name);
    const last = await this.lastEvents(asker.id);
    return last.find((event) => fold(otherOf(event, asker.id).name) === wanted)?.stream ?? known;
  }

  /** The last event of each conversation of somebody, the newest first. Rejects with `StoreFault`. */
  lastEvents(person: PersonId): Promise<readonly StoredEvent[]> {
    return this.#store.lastOfConversations(person, maxConversations);
  }

  /** What the other one of a conversation is called now, or was when he was last heard of. */
  nameOfOther(event: StoredEvent, person: PersonId): string {
    const other = otherOf(event, person);
    return this.#chat.nameOf(other.id) ?? other.name;
  }
}

function otherOf({ from, to }: StoredEvent, person: PersonId): Author {
  return from.id === person ? (to ?? from) : from;
}

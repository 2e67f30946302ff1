import type { PersonId, StoredEvent, StreamId } from "../chat/event.ts";
import type { StreamHead } from "../storage/store.ts";

const none: ReadonlyMap<StreamId, number> = new Map();

/**
 * The private conversations of the people who are here or coming in, and how far each has come. Those of everybody
 * else are the store's to know.
 */
export class Conversations {
  readonly #isHere: (person: PersonId) => boolean;
  /** The heads; nobody has an entry who has no conversation. */
  readonly #heads = new Map<PersonId, Map<StreamId, number>>();
  /** The heads that moved since they were last taken, by the people who are told. */
  #moved = new Map<PersonId, Map<StreamId, number>>();
  /** People whose conversations are being looked up, with how many of their sessions wait for that. */
  readonly #lookedUp = new Map<PersonId, number>();
  /** Where the private events of people go who are being given what they missed. */
  readonly #watching = new Map<PersonId, Set<StoredEvent[]>>();

  constructor(isHere: (person: PersonId) => boolean) {
    this.#isHere = isHere;
  }

  headsOf(person: PersonId): ReadonlyMap<StreamId, number> {
    return this.#heads.get(person) ?? none;
  }

  /** From here on what is said to this person is noted, so that nothing falls between the look-up and the entry. */
  beginLookUp(person: PersonId): void {
    this.#lookedUp.set(person, (this.#lookedUp.get(person) ?? 0) + 1);
    if (!this.#heads.has(person)) this.#heads.set(person, new Map());
  }

  /** What the store knows of them; what was noted meanwhile may be newer. */
  found(person: PersonId, conversations: readonly StreamHead[]): void {
    const heads = this.#heads.get(person);
    for (const { stream, head } of conversations) {
      heads?.set(stream, Math.max(head, heads.get(stream) ?? 0));
    }
  }

  endLookUp(person: PersonId): void {
    const others = (this.#lookedUp.get(person) ?? 1) - 1;
    if (others === 0) this.#lookedUp.delete(person);
    else this.#lookedUp.set(person, others);
  }

  /** Called where a person may have gone. */
  forget(person: PersonId): void {
    if (!this.#isHere(person) && !this.#lookedUp.has(person)) this.#heads.delete(person);
  }

  /** An event of a conversation of this person has become durable. */
  note(person: PersonId, event: StoredEvent): void {
    const { stream, number } = event;
    const heads = this.#heads.get(person);
    if (heads !== undefined) heads.set(stream, number);
    else if (this.#isHere(person)) this.#heads.set(person, new Map([[stream, number]]));
    const moved = this.#moved.get(person);
    if (moved !== undefined) moved.set(stream, number);
    else this.#moved.set(person, new Map([[stream, number]]));
    for (const list of this.#watching.get(person) ?? []) list.push(event);
  }

  /** From now on adds each private event of this person to a list, until what it returns is called. */
  watch(person: PersonId, list: StoredEvent[]): () => void {
    const lists = this.#watching.get(person) ?? new Set();
    this.#watching.set(person, lists.add(list));
    return () => {
      if (lists.delete(list) && lists.size === 0) this.#watching.delete(person);
    };
  }

  /** What moved since this was last called. */
  takeMoved(): ReadonlyMap<PersonId, ReadonlyMap<StreamId, number>> {
    const moved = this.#moved;
    this.#moved = new Map();
    return moved;
  }
}

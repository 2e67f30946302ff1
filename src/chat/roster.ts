import type { Instant, PersonId, PresentAuthor } from "./event.ts";
import { foldName, type Name } from "./name.ts";
import type { Refusal } from "./refusal.ts";

/** What one connection is in the chat. Given by whoever holds the connection; unique while it lives. */
export type SessionId = number;

/** Somebody who is here, by one session or several. */
export interface Person {
  readonly id: PersonId;
  name: Name;
  /** How events name this person; one object for all of them, a new one where it changes. */
  author: PresentAuthor;
  sessions: readonly SessionId[];
  /** The name of the account, where there is one. */
  account: string | undefined;
  /** In words of his own. */
  realName: string;
  /** Why he is away; `undefined`: he is not. */
  away: string | undefined;
  /** A program. */
  isBot: boolean;
  /** Of the server. */
  isOperator: boolean;
  readonly since: Instant;
  /** When he last said something. */
  lastSpoke: Instant;
}

/** What bans and searches match: `name!user@host`, folded. */
export function maskOf({ name, author }: Person): string {
  return foldName(`${name.shown}!${author.user}@${author.host}`);
}

/** Who is online, in join order; above the cap only the first. */
export interface OnlineList {
  readonly count: number;
  readonly names: readonly string[];
}

/** A list shows at most this many names; a beginning finds the rest. */
export const maxListedNames = 100;

/** Who is here, found by id, by name whatever its case, and by what a name looks like. */
export class Roster {
  readonly #byId = new Map<PersonId, Person>();
  readonly #byFold = new Map<string, Person>();
  readonly #bySkeleton = new Map<string, Person>();

  get size(): number {
    return this.#byId.size;
  }

  byId(id: PersonId): Person | undefined {
    return this.#byId.get(id);
  }

  /** Who was meant by a name as somebody typed it. */
  find(typed: string): Person | undefined {
    return this.#byFold.get(foldName(typed));
  }

  /** Why `id` may not be here as `name`, or `undefined`. */
  claim(id: PersonId, name: Name): Refusal | undefined {
    const same = this.#byFold.get(name.fold);
    if (same !== undefined && same.id !== id) return { reason: "name-in-use", name: name.shown };
    for (const skeleton of name.skeletons) {
      const like = this.#bySkeleton.get(skeleton);
      if (like !== undefined && like.id !== id) {
        return { reason: "name-look-alike", name: name.shown, holder: like.name.shown };
      }
    }
    return undefined;
  }

  add(person: Person): void {
    this.#byId.set(person.id, person);
    this.#name(person);
  }

  remove(person: Person): void {
    this.#byId.delete(person.id);
    this.#unname(person);
  }

  /** Keeps the place in the join order. */
  rename(person: Person, name: Name): void {
    this.#unname(person);
    person.name = name;
    this.#name(person);
  }

  everybody(): Iterable<Person> {
    return this.#byId.values();
  }

  #name(person: Person): void {
    this.#byFold.set(person.name.fold, person);
    for (const skeleton of person.name.skeletons) this.#bySkeleton.set(skeleton, person);
  }

  #unname(person: Person): void {
    this.#byFold.delete(person.name.fold);
    for (const skeleton of person.name.skeletons) this.#bySkeleton.delete(skeleton);
  }
}

/** Who of some people is called so, by how the names begin, whatever the case. */
export function listOf(people: Iterable<Person>, beginning: string): OnlineList {
  const fold = foldName(beginning);
  const names: string[] = [];
  let count = 0;
  for (const person of people) {
    if (!person.name.fold.startsWith(fold)) continue;
    count += 1;
    if (names.length < maxListedNames) names.push(person.name.shown);
  }
  return { count, names };
}

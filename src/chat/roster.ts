import type { Instant, PersonId, PresentAuthor } from "./event.ts";
import { type Fold, foldName, type Name } from "./name.ts";
import type { Refusal } from "./refusal.ts";

/** What one connection is in the chat. Given by whoever holds the connection; unique while it lives. */
export type SessionId = number;

/**
 * What somebody may be.
 * - `isBot`: a program.
 * - `isOperator`: of the server.
 * - `isInvisible`: found by his name and by who shares a room with him, and by no search.
 * - `accountsOnly`: guests send him nothing in private.
 * - `wantsWallops`: is sent what operators tell all who want to hear it.
 */
export interface Traits {
  isBot: boolean;
  isOperator: boolean;
  isInvisible: boolean;
  accountsOnly: boolean;
  wantsWallops: boolean;
}

/** Somebody who is here, by one session or several. */
export interface Person extends Traits {
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
  readonly since: Instant;
  /** When he last said something; `undefined`: not yet. */
  lastSpoke: Instant | undefined;
}

/** Who has just come. Written out: there are many, and what is spread takes more memory. */
export function newPerson(
  who: Pick<Person, "id" | "name" | "author" | "account" | "realName" | "away" | "isBot" | "since">,
): Person {
  return {
    id: who.id,
    name: who.name,
    author: who.author,
    sessions: noSessions,
    account: who.account,
    realName: who.realName,
    away: who.away,
    isBot: who.isBot,
    isOperator: false,
    isInvisible: false,
    accountsOnly: false,
    wantsWallops: false,
    since: who.since,
    lastSpoke: undefined,
  };
}

const noSessions: readonly SessionId[] = [];

/** What bans match: `name!user@host`, folded. */
export function maskOf({ name, author }: Person, fold: Fold): string {
  return fold(`${name.shown}!${author.user}@${author.host}`);
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
  readonly #fold: Fold;
  readonly #byId = new Map<PersonId, Person>();
  readonly #byFold = new Map<string, Person>();
  readonly #bySkeleton = new Map<string, Person>();
  readonly #counts: Record<keyof Traits, number> = {
    isBot: 0,
    isOperator: 0,
    isInvisible: 0,
    accountsOnly: 0,
    wantsWallops: 0,
  };
  readonly #traits = Object.keys(this.#counts) as readonly (keyof Traits)[];

  /** `fold`: how names are told apart. */
  constructor(fold: Fold = foldName) {
    this.#fold = fold;
  }

  get size(): number {
    return this.#byId.size;
  }

  /** How many of those who are here are so. */
  count(trait: keyof Traits): number {
    return this.#counts[trait];
  }

  /** Somebody who is here is so from now on, or is not. */
  setTrait(person: Person, trait: keyof Traits, on: boolean): void {
    if (person[trait] === on) return;
    person[trait] = on;
    this.#counts[trait] += on ? 1 : -1;
  }

  byId(id: PersonId): Person | undefined {
    return this.#byId.get(id);
  }

  /** Who was meant by a name as somebody typed it. */
  find(typed: string): Person | undefined {
    return this.#byFold.get(this.#fold(typed));
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
    for (const trait of this.#traits) if (person[trait]) this.#counts[trait] += 1;
  }

  remove(person: Person): void {
    this.#byId.delete(person.id);
    this.#unname(person);
    for (const trait of this.#traits) if (person[trait]) this.#counts[trait] -= 1;
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
export function listOf(people: Iterable<Person>, beginning: string, foldOf: Fold = foldName): OnlineList {
  const fold = foldOf(beginning);
  const names: string[] = [];
  let count = 0;
  for (const person of people) {
    if (!person.name.fold.startsWith(fold)) continue;
    count += 1;
    if (names.length < maxListedNames) names.push(person.name.shown);
  }
  return { count, names };
}

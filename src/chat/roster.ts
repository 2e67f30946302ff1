import type { Author, PersonId } from "./event.ts";
import { foldName, type Name } from "./name.ts";
import type { Refusal } from "./refusal.ts";

/** What one connection is in the chat. Given by whoever holds the connection; unique while it lives. */
export type SessionId = number;

/** Somebody who is here, by one session or several. */
export interface Person {
  readonly id: PersonId;
  readonly name: Name;
  /** How events name this person; one object for all of them. */
  readonly author: Author;
  sessions: readonly SessionId[];
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
  /** The first names of the list, kept because every joiner is shown them; `undefined` after they changed. */
  #first: readonly string[] | undefined;

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
    this.#byFold.set(person.name.fold, person);
    for (const skeleton of person.name.skeletons) this.#bySkeleton.set(skeleton, person);
    if (this.size <= maxListedNames) this.#first = undefined;
  }

  remove(person: Person): void {
    this.#byId.delete(person.id);
    this.#byFold.delete(person.name.fold);
    for (const skeleton of person.name.skeletons) this.#bySkeleton.delete(skeleton);
    this.#first = undefined;
  }

  /** Those whose names begin with `beginning`, whatever the case; everybody for an empty one. */
  list(beginning = ""): OnlineList {
    if (beginning === "") {
      this.#first ??= [...this.#byId.values().take(maxListedNames)].map((person) => person.name.shown);
      return { count: this.size, names: this.#first };
    }
    const fold = foldName(beginning);
    const names: string[] = [];
    let count = 0;
    for (const person of this.#byId.values()) {
      if (!person.name.fold.startsWith(fold)) continue;
      count += 1;
      if (names.length < maxListedNames) names.push(person.name.shown);
    }
    return { count, names };
  }
}

import type { Author, PersonId } from "./event.ts";
import { type Fold, foldName, type Name } from "./name.ts";
import type { Refusal } from "./refusal.ts";

/** Whose an account is. */
export interface AccountHolder {
  readonly person: PersonId;
  readonly name: Name;
}

/** The names that belong to accounts, whether their people are here or not. */
export class AccountNames {
  readonly #fold: Fold;
  readonly #byFold = new Map<string, AccountHolder>();
  readonly #bySkeleton = new Map<string, AccountHolder>();
  readonly #people = new Map<PersonId, Name>();

  /** `fold`: how names are told apart. */
  constructor(fold: Fold = foldName) {
    this.#fold = fold;
  }

  /** The account of this name, whatever its case. */
  find(typed: string): AccountHolder | undefined {
    return this.#byFold.get(this.#fold(typed));
  }

  /** Whether somebody has an account. */
  has(person: PersonId): boolean {
    return this.#people.has(person);
  }

  /** The name of somebody's account. */
  nameOf(person: PersonId): Name | undefined {
    return this.#people.get(person);
  }

  /** Who holds the account of this name, as events name him. */
  authorOf(typed: string): Author | undefined {
    const holder = this.find(typed);
    return holder && this.has(holder.person) ? { id: holder.person, name: holder.name.shown } : undefined;
  }

  /** Why `person` may not be called so, or `undefined`. */
  claim(person: PersonId, name: Name): Refusal | undefined {
    const same = this.#byFold.get(name.fold);
    if (same !== undefined && same.person !== person) return { reason: "name-registered", name: name.shown };
    for (const skeleton of name.skeletons) {
      const like = this.#bySkeleton.get(skeleton);
      if (like !== undefined && like.person !== person) {
        return { reason: "name-look-alike", name: name.shown, holder: like.name.shown };
      }
    }
    return undefined;
  }

  /** Nobody else is to be called so while the account is being made. It is added afterwards, or removed. */
  reserve(holder: AccountHolder): void {
    this.#byFold.set(holder.name.fold, holder);
    for (const skeleton of holder.name.skeletons) this.#bySkeleton.set(skeleton, holder);
  }

  add(holder: AccountHolder): void {
    this.#people.set(holder.person, holder.name);
    this.reserve(holder);
  }

  remove(holder: AccountHolder): void {
    this.#people.delete(holder.person);
    this.#byFold.delete(holder.name.fold);
    for (const skeleton of holder.name.skeletons) {
      if (this.#bySkeleton.get(skeleton)?.person === holder.person) this.#bySkeleton.delete(skeleton);
    }
  }
}

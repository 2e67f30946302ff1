import type { AccountNames } from "./account-names.ts";
import { type Casemapping, foldIn } from "./casemapping.ts";
import {
  type Author,
  isRoom,
  type PersonId,
  type ReaderEvent,
  type StoredEvent,
  withoutContent,
} from "./event.ts";

/** Whom somebody ignores. `person`: `undefined` where nobody was so called; a guest is meant by his name as well. */
export interface Ignored {
  readonly name: string;
  readonly person: PersonId | undefined;
}

/** From whom somebody is shown nothing: those people, and whoever is called so. Plain data. */
export interface Unheard {
  readonly people: ReadonlySet<PersonId>;
  /** Folded; those of guests. */
  readonly names: ReadonlySet<string>;
  readonly casemapping: Casemapping;
}

interface List {
  readonly entries: readonly Ignored[];
  readonly unheard: Unheard;
}

/** So many lists of guests who are gone are kept, for those who come back by their tokens. */
const maxGone = 1000;

const noPeople: readonly PersonId[] = [];
const nobody: Pick<Unheard, "people" | "names"> = { people: new Set(), names: new Set() };

/** Whether what somebody says is not for who ignores these. */
function isUnheard({ people, names, casemapping }: Unheard, from: Author): boolean {
  return people.has(from.id) || (names.size > 0 && names.has(foldIn(casemapping, from.name)));
}

/**
 * Whether an event is not shown to who ignores these: what is said, and what is left of it. What happens to a room is
 * shown whoever does it, and so is what the operator announces.
 */
export function isHidden(unheard: Unheard, event: StoredEvent): boolean {
  return isHideable(event) && isUnheard(unheard, event.from);
}

/** Whether an event is not shown to who ignores its author. */
export function isHideable({ kind, stream }: StoredEvent): boolean {
  switch (kind) {
    case "text":
    case "action":
    case "notice":
    case "signal":
    case "removed":
      return true;
    case "removal":
      return !isRoom(stream);
    case "announcement":
    case "topic":
    case "kick":
    case "mode":
    case "room-name":
      return false;
  }
}

/** What stands in the place of an event for who is not shown it. */
export function asIgnored(event: ReaderEvent): ReaderEvent {
  return { ...withoutContent(event), kind: "ignored" };
}

/**
 * Who ignores whom. Somebody with an account is ignored as whoever he is called; a guest is by who he is, and by his
 * name, under which he may come back as somebody else.
 */
export class IgnoreLists {
  readonly #accounts: AccountNames;
  readonly #casemapping: Casemapping;
  readonly #lists = new Map<PersonId, List>();
  /** Who may ignore a person, or whoever has a name. */
  readonly #byPerson = new Map<PersonId, Set<PersonId>>();
  readonly #byName = new Map<string, Set<PersonId>>();
  /** Guests who are gone and have a list, the last at the end. */
  readonly #gone = new Set<PersonId>();

  constructor(accounts: AccountNames, casemapping: Casemapping) {
    this.#accounts = accounts;
    this.#casemapping = casemapping;
  }

  of(person: PersonId): readonly Ignored[] {
    return this.#lists.get(person)?.entries ?? [];
  }

  /** `undefined`: he ignores nobody. */
  unheardBy(person: PersonId): Unheard | undefined {
    return this.#lists.get(person)?.unheard;
  }

  /** As `isUnheard`, of somebody's list. */
  ignores(person: PersonId, from: Author): boolean {
    const unheard = this.unheardBy(person);
    return unheard !== undefined && isUnheard(unheard, from);
  }

  /** Whether an event is not shown to somebody. */
  hides(person: PersonId, event: StoredEvent): boolean {
    const unheard = this.unheardBy(person);
    return unheard !== undefined && isHidden(unheard, event);
  }

  /** Events as somebody is shown them: each has its place. */
  shown(person: PersonId, events: readonly StoredEvent[]): readonly ReaderEvent[] {
    const unheard = this.unheardBy(person);
    if (unheard === undefined) return events;
    return events.map((event) => (isHidden(unheard, event) ? asIgnored(event) : event));
  }

  /** Those who ignore somebody. */
  ignorersOf(from: Author): readonly PersonId[] {
    const byPerson = this.#byPerson.get(from.id);
    const byName = this.#byName.size === 0 ? undefined : this.#byName.get(this.#fold(from.name));
    if (byPerson === undefined && byName === undefined) return noPeople;
    const likely = new Set([...(byPerson ?? []), ...(byName ?? [])]);
    return [...likely].filter((person) => this.ignores(person, from));
  }

  /** In place of the list that somebody has. */
  set(person: PersonId, entries: readonly Ignored[]): void {
    const before = this.unheardBy(person) ?? nobody;
    if (entries.length === 0) {
      this.#lists.delete(person);
      this.#gone.delete(person);
    } else {
      this.#lists.set(person, { entries, unheard: this.#unheardOf(entries) });
    }
    reindex(this.#byPerson, person, {
      before: before.people,
      after: this.#lists.get(person)?.unheard.people,
    });
    reindex(this.#byName, person, { before: before.names, after: this.#lists.get(person)?.unheard.names });
  }

  /** The entry for somebody in a list, if there is one. */
  entryFor(entries: readonly Ignored[], who: Ignored): Ignored | undefined {
    return entries.find((entry) => this.#isFor(entry, who));
  }

  /**
   * Somebody is from now on who he was not (a guest is called otherwise, or has an account): who ignored him goes on
   * doing so.
   */
  follow(was: Author, is: Author): void {
    for (const ignorer of this.ignorersOf(was)) {
      const next: Ignored = { name: is.name, person: is.id };
      const others = this.of(ignorer).filter(
        (entry) => !this.#isFor(entry, { name: was.name, person: was.id }) && entry.person !== is.id,
      );
      // Nobody ignores himself, whoever he turns out to be.
      this.set(ignorer, ignorer === is.id ? others : [...others, next]);
    }
  }

  /** A guest's list is from now on that of somebody with an account, as far as there is room in it. */
  handOver(guest: PersonId, person: PersonId, max: number): void {
    const entries = [...this.of(person)];
    for (const entry of this.of(guest)) {
      const isOther = entry.person !== person && this.entryFor(entries, entry) === undefined;
      if (isOther && entries.length < max) entries.push(entry);
    }
    this.set(person, entries);
  }

  /** Somebody is here. */
  came(person: PersonId): void {
    this.#gone.delete(person);
  }

  /** A guest is gone, and may come back. */
  left(guest: PersonId): void {
    if (!this.#lists.has(guest)) return;
    this.#gone.add(guest);
    const [oldest] = this.#gone;
    if (this.#gone.size > maxGone && oldest !== undefined) this.set(oldest, []);
  }

  #unheardOf(entries: readonly Ignored[]): Unheard {
    const people = entries.flatMap(({ person }) => person ?? []);
    const guests = entries.filter((entry) => this.#isGuest(entry));
    const names = new Set(guests.map(({ name }) => this.#fold(name)));
    return { people: new Set(people), names, casemapping: this.#casemapping };
  }

  #isFor(entry: Ignored, { name, person }: Ignored): boolean {
    if (person !== undefined && entry.person === person) return true;
    return this.#isGuest(entry) && this.#fold(entry.name) === this.#fold(name);
  }

  #fold(name: string): string {
    return foldIn(this.#casemapping, name);
  }

  #isGuest({ person }: Ignored): boolean {
    return person === undefined || !this.#accounts.has(person);
  }
}

function reindex<Key>(
  index: Map<Key, Set<PersonId>>,
  person: PersonId,
  keys: { readonly before: ReadonlySet<Key>; readonly after: ReadonlySet<Key> | undefined },
): void {
  const { before, after } = keys;
  for (const key of before) {
    const people = index.get(key);
    if (people?.delete(person) && people.size === 0) index.delete(key);
  }
  for (const key of after ?? []) index.set(key, (index.get(key) ?? new Set()).add(person));
}

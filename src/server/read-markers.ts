import type { Instant, PersonId } from "../chat/event.ts";
import type { RecordChange, Store } from "../storage/store.ts";

/** Somebody has at most so many; the one that was set first goes. */
const maxEach = 1000;
const readRecords = "read/";

/**
 * Up to when people have read, by stream or by what they call it. Those of people with an account are durable, under
 * `read/<person>/<where>`.
 */
export class ReadMarkers {
  readonly #byPerson = new Map<PersonId, Map<string, Instant>>();

  /** Rejects with `StoreFault`. */
  static async open(store: Pick<Store, "records">): Promise<ReadMarkers> {
    const markers = new ReadMarkers();
    for (const { key, value } of await store.records(readRecords)) {
      const [, person = "", where = ""] = key.split("/");
      markers.#of(person as PersonId).set(decodeURIComponent(where), Number(value));
    }
    return markers;
  }

  get(person: PersonId, where: string): Instant | undefined {
    return this.#byPerson.get(person)?.get(where);
  }

  /** Moves a marker forward, never back. What there is to store for it; nothing where it stands there already. */
  move(person: PersonId, where: string, at: Instant): readonly RecordChange[] {
    const own = this.#of(person);
    if ((own.get(where) ?? Number.NEGATIVE_INFINITY) >= at) return [];
    own.delete(where);
    own.set(where, at);
    const changes: RecordChange[] = [{ key: keyOf(person, where), value: String(at) }];
    const [oldest] = own.keys();
    if (own.size > maxEach && oldest !== undefined) {
      own.delete(oldest);
      changes.push({ key: keyOf(person, oldest), value: undefined });
    }
    return changes;
  }

  /** A guest is gone for good. */
  forget(person: PersonId): void {
    this.#byPerson.delete(person);
  }

  #of(person: PersonId): Map<string, Instant> {
    let own = this.#byPerson.get(person);
    if (own === undefined) this.#byPerson.set(person, (own = new Map()));
    return own;
  }
}

function keyOf(person: PersonId, where: string): string {
  return `${readRecords}${person}/${encodeURIComponent(where)}`;
}

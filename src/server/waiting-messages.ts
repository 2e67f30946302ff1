import { type Instant, isSpeech, type PersonId, type StoredEvent, type StreamId } from "../chat/event.ts";
import type { RecordChange, Store } from "../storage/store.ts";
import type { Conversations } from "./conversations.ts";
import type { Settings } from "./settings.ts";

const waitingRecords = "waiting/";

/** What waits for somebody, as he comes in. */
interface Waiting {
  /** It waits no longer: to be stored once he has been told. */
  readonly changes: readonly RecordChange[];
  /** In the order in which it was said; only while something is being released. Called once. */
  events(): readonly StoredEvent[];
}

/** What was looked up for who comes in: it is `take`n when he has, or given up. */
export interface FoundWaiting {
  take(): Waiting;
  giveUp(): void;
}

/**
 * Which private conversations hold messages that somebody with an account was not here for, and from which instant
 * on; durable under `waiting/<person>/<stream>`. The messages themselves are where all are.
 */
export class WaitingMessages {
  readonly #store: Store;
  readonly #conversations: Conversations;
  readonly #settings: Settings;
  readonly #byPerson = new Map<PersonId, Map<StreamId, Instant>>();

  private constructor(means: {
    readonly store: Store;
    readonly conversations: Conversations;
    readonly settings: Settings;
  }) {
    this.#store = means.store;
    this.#conversations = means.conversations;
    this.#settings = means.settings;
  }

  /** Rejects with `StoreFault`. */
  static async open(means: {
    readonly store: Store;
    readonly conversations: Conversations;
    readonly settings: Settings;
  }): Promise<WaitingMessages> {
    const messages = new WaitingMessages(means);
    for (const { key, value } of await means.store.records(waitingRecords)) {
      const [, person = "", stream = ""] = key.split("/");
      messages.#of(person as PersonId).set(stream as StreamId, Number(value));
    }
    return messages;
  }

  /**
   * Something is said to somebody who is not here: what is to be stored with it, each time, since what was stored
   * with one that failed is not. `undefined` where too much waits for him already.
   */
  put(person: PersonId, stream: StreamId, at: Instant): readonly RecordChange[] | undefined {
    const own = this.#of(person);
    const from = own.get(stream) ?? at;
    if (!own.has(stream) && own.size >= this.#settings.maxWaiting) return undefined;
    own.set(stream, from);
    return [{ key: keyOf(person, stream), value: String(from) }];
  }

  /** Looks up what waits for somebody who is about to come in. Rejects with `StoreFault`. */
  async find(person: PersonId): Promise<FoundWaiting> {
    // What becomes durable while the store is being read is not in what it reads.
    const arrived: StoredEvent[] = [];
    const unwatch = this.#conversations.watch(person, arrived);
    const read = new Map<StreamId, readonly StoredEvent[]>();
    try {
      const streams = Array.from(this.#byPerson.get(person)?.keys() ?? []);
      for (const stream of streams) {
        const { events } = await this.#store.before(
          stream,
          Number.MAX_SAFE_INTEGER,
          this.#settings.maxPageEvents,
        );
        read.set(stream, events);
      }
    } catch (error) {
      unwatch();
      throw error;
    }
    return {
      take: () => {
        const from = this.#byPerson.get(person) ?? new Map<StreamId, Instant>();
        this.#byPerson.delete(person);
        return {
          changes: [...from.keys()].map((stream) => ({ key: keyOf(person, stream), value: undefined })),
          events: () => {
            unwatch();
            return eventsFor(person, from, [...[...read.values()].flat(), ...arrived]);
          },
        };
      },
      giveUp: unwatch,
    };
  }

  #of(person: PersonId): Map<StreamId, Instant> {
    let own = this.#byPerson.get(person);
    if (own === undefined) this.#byPerson.set(person, (own = new Map()));
    return own;
  }
}

/** Of some events those that wait for a person, each once. */
function eventsFor(
  person: PersonId,
  from: ReadonlyMap<StreamId, Instant>,
  events: readonly StoredEvent[],
): readonly StoredEvent[] {
  const waiting = events.filter(
    ({ stream, at, kind, to }) =>
      to?.id === person && isSpeech(kind) && at >= (from.get(stream) ?? Number.POSITIVE_INFINITY),
  );
  const once = [...new Map(waiting.map((event) => [`${event.stream} ${event.number}`, event])).values()];
  return once.sort((one, other) => one.at - other.at || one.number - other.number);
}

function keyOf(person: PersonId, stream: StreamId): string {
  return `${waitingRecords}${person}/${stream}`;
}

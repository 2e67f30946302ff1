import { type MessageId, type StoredEvent, type StreamId, withoutContent } from "../chat/event.ts";
import type { Page, Store, StreamHead } from "../storage/store.ts";

/**
 * A room's recent events in memory, in number order. What a reader needs from further back is read from the store.
 */
export class Feed {
  readonly stream: StreamId;
  readonly #keep: number;
  #events: StoredEvent[] = [];
  #floor: number;
  #head: number;
  #isFilled: boolean;
  #removals = 0;

  /** A memory that reaches back to nothing, of a stream that stands there. */
  constructor(stream: StreamId, { floor, head }: Omit<StreamHead, "stream">, keep: number) {
    this.stream = stream;
    this.#keep = keep;
    this.#floor = floor;
    this.#head = head;
    this.#isFilled = head === floor;
  }

  /** The feed of a stream as it stands in the store. `keep`: how many events stay in memory. */
  static async open(store: Pick<Store, "before">, stream: StreamId, keep: number): Promise<Feed> {
    const page = await store.before(stream, Number.MAX_SAFE_INTEGER, keep);
    const feed = new Feed(stream, page, keep);
    feed.fill(page);
    return feed;
  }

  get head(): number {
    return this.#head;
  }

  get floor(): number {
    return this.#floor;
  }

  /** Whether it holds as many of the last events as it keeps, or all there are. */
  get isFilled(): boolean {
    return this.#isFilled;
  }

  /**
   * Takes up the last events of its stream, as they were read while others were pushed. Where some of what was pushed
   * is forgotten already, they end too early, and it is not filled: they have to be read anew.
   */
  fill({ events, floor, head }: Page): void {
    if (this.#isFilled) return;
    this.raiseFloor(floor);
    const first = this.#head - this.#events.length + 1;
    if (head < first - 1) return;
    const older = events.filter(({ number }) => number > this.#floor && number < first);
    this.#events = [...older, ...this.#events];
    this.#isFilled = true;
  }

  /** Forgets all events; it is to be filled before `last` is asked for. */
  empty(): void {
    this.#events = [];
    this.#isFilled = this.#head === this.#floor;
  }

  /** Takes up the next event. A number out of turn is a fault: the journal is the only writer. */
  push(event: StoredEvent): void {
    if (event.number !== this.#head + 1) {
      throw new Error(
        `Cannot publish ${event.stream} ${event.number} after ${this.#head}: numbers have no holes`,
      );
    }
    this.#head = event.number;
    this.#events.push(event);
    if (this.#events.length > 2 * this.#keep) this.#events = this.#events.slice(-this.#keep);
  }

  /** Forgets the events with numbers up to `floor`, which the store has erased. */
  raiseFloor(floor: number): void {
    this.#floor = Math.max(this.#floor, Math.min(floor, this.#head));
    const kept = this.#head - this.#floor;
    if (this.#events.length > kept) this.#events = kept === 0 ? [] : this.#events.slice(-kept);
  }

  /** How often something was taken out of it. */
  get removals(): number {
    return this.#removals;
  }

  /** What an event held is gone. */
  remove(id: MessageId): void {
    this.#removals += 1;
    const index = this.#events.findLastIndex((event) => event.id === id);
    if (index === -1) return;
    // Lists that were given out are not changed.
    this.#events = this.#events.with(index, withoutContent(this.#events[index]!));
  }

  /** The last events, at most `count` of them; where only some are wanted, so far back that as many of those are in it. */
  last(count: number, isWanted?: (event: StoredEvent) => boolean): readonly StoredEvent[] {
    if (count === 0) return [];
    if (isWanted === undefined) return this.#events.slice(-count);
    let wanted = 0;
    const start = this.#events.findLastIndex((event) => isWanted(event) && (wanted += 1) === count);
    return this.#events.slice(Math.max(0, start));
  }

  /** The last one in memory that is so. */
  lastOf(isWanted: (event: StoredEvent) => boolean): StoredEvent | undefined {
    return this.#events.findLast(isWanted);
  }

  /** At most `limit` events after a number, or `undefined` where memory does not reach back so far. */
  after(number: number, limit: number): readonly StoredEvent[] | undefined {
    const first = this.#head - this.#events.length + 1;
    if (number + 1 < first) return undefined;
    const start = number + 1 - first;
    return this.#events.slice(start, start + limit);
  }
}

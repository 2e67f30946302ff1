import { isRoom, lobby, type MessageId, type StoredEvent, type StreamId } from "../chat/event.ts";
import type { Store } from "../storage/store.ts";
import { Feed } from "./feed.ts";

/** The memory of each room. The lobby's is there from the start, that of others is read when somebody comes in. */
export class Feeds {
  readonly lobby: Feed;
  readonly #store: Pick<Store, "before">;
  readonly #keepEach: number;
  readonly #feeds = new Map<StreamId, Feed>();
  #moved = new Set<StreamId>();

  private constructor(
    store: Pick<Store, "before">,
    parts: { readonly lobby: Feed; readonly keepEach: number },
  ) {
    this.#store = store;
    this.lobby = parts.lobby;
    this.#keepEach = parts.keepEach;
    this.#feeds.set(lobby, parts.lobby);
  }

  /** `keep`: how many events of the lobby, and of each other room, stay in memory. */
  static async open(
    store: Pick<Store, "before" | "streams">,
    keep: { readonly lobby: number; readonly each: number },
  ): Promise<Feeds> {
    const feeds = new Feeds(store, {
      lobby: await Feed.open(store, lobby, keep.lobby),
      keepEach: keep.each,
    });
    for (const { stream, floor, head } of await store.streams()) {
      if (isRoom(stream) && stream !== lobby)
        feeds.#feeds.set(stream, new Feed(stream, { floor, head }, keep.each));
    }
    return feeds;
  }

  /** The memory of a room, which may not reach back to anything yet. */
  get(stream: StreamId): Feed {
    let feed = this.#feeds.get(stream);
    if (feed === undefined) {
      feed = new Feed(stream, { floor: 0, head: 0 }, this.#keepEach);
      this.#feeds.set(stream, feed);
    }
    return feed;
  }

  /** Whether the last messages of a room are in memory. */
  isFilled(stream: StreamId): boolean {
    return this.get(stream).isFilled;
  }

  /** Has the last messages of a room in memory. Rejects with `StoreFault`. */
  async fill(stream: StreamId): Promise<void> {
    const feed = this.get(stream);
    while (!feed.isFilled) {
      const { removals } = feed;
      const page = await this.#store.before(stream, Number.MAX_SAFE_INTEGER, this.#keepEach);
      // What was removed meanwhile may still be in it.
      if (feed.removals === removals) feed.fill(page);
    }
  }

  /** Takes up the next event of its room. */
  push(event: StoredEvent): void {
    this.get(event.stream).push(event);
    if (event.stream !== lobby) this.#moved.add(event.stream);
  }

  /** What an event of a room held is gone. */
  remove(stream: StreamId, id: MessageId | undefined): void {
    if (id !== undefined) this.#feeds.get(stream)?.remove(id);
  }

  /** The rooms beside the lobby in which something happened since this was last called. */
  takeMoved(): ReadonlySet<StreamId> {
    const moved = this.#moved;
    this.#moved = new Set();
    return moved;
  }

  /** Nobody is in a room any more: what was said is the store's to know. */
  empty(stream: StreamId): void {
    if (stream !== lobby) this.#feeds.get(stream)?.empty();
  }

  raiseFloor(stream: StreamId, floor: number): void {
    this.#feeds.get(stream)?.raiseFloor(floor);
  }
}

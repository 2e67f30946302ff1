import { isRoom, partiesOf, type StreamId } from "../chat/event.ts";
import { maxPositionHeads } from "../protocols/websocket/parse.ts";
import type { StreamHead } from "../storage/store.ts";
import type { Gone, Seen } from "./link.ts";

/** What a client says it saw, within what there is. Conversations that it never heard of are new to it. */
export function seenOf(claimed: Seen, heads: Seen): Seen {
  return new Map(
    [...heads].map(([stream, head]) => [
      stream,
      Math.min(claimed.get(stream) ?? (partiesOf(stream) ? 0 : head), head),
    ]),
  );
}

/** A welcome names no more heads than a position may: the rooms' and those of the newest conversations. */
export function newestOf(heads: Seen): Seen {
  if (heads.size <= maxPositionHeads) return heads;
  const rooms = [...heads].filter(([stream]) => isRoom(stream)).slice(0, maxPositionHeads);
  const conversations = [...heads].filter(([stream]) => !isRoom(stream));
  const surplus = rooms.length + conversations.length - maxPositionHeads;
  return new Map([...rooms, ...conversations.slice(surplus)]);
}

/** What of each stream was not seen and no longer exists. */
export function goneOf(seen: Seen, floors: readonly Pick<StreamHead, "stream" | "floor">[]): readonly Gone[] {
  return floors.flatMap(({ stream, floor }) => {
    const number = seen.get(stream) ?? 0;
    return number < floor ? [{ stream, from: number + 1, to: floor }] : [];
  });
}

/** What is gone counts as seen. */
export function withoutGone(seen: Seen, gone: readonly Gone[]): Seen {
  if (gone.length === 0) return seen;
  return new Map([...seen, ...gone.map(({ stream, to }): [StreamId, number] => [stream, to])]);
}

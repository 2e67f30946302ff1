import type { StreamId } from "../chat/event.ts";
import type { Dialect } from "./dialect.ts";
import type { Reader } from "./fan-out.ts";

/** Who of this front is in a room, as far as he is told at once what happens there. */
export class Audience {
  readonly stream: StreamId;
  /** With its `#`, as it is shown. */
  name: string;
  /** The number of its last event that was handed out. */
  head = 0;
  readonly live: Map<Dialect, Reader[]> = new Map();
  /** How many are in it, live or not. */
  listenerCount = 0;
  /** What the rooms of somebody are who is only in this one; most share it. */
  readonly only: readonly Audience[] = [this];

  constructor(stream: StreamId, name: string) {
    this.stream = stream;
    this.name = name;
  }

  get liveCount(): number {
    let count = 0;
    for (const readers of this.live.values()) count += readers.length;
    return count;
  }

  /** This is one of the reader's rooms, and he is not among the live ones. */
  add(reader: Reader): void {
    const readers = this.live.get(reader.dialect);
    if (readers === undefined) this.live.set(reader.dialect, [reader]);
    else readers.push(reader);
    this.#setPlace(reader, (readers?.length ?? 1) - 1);
  }

  /** He is among the live ones. */
  remove(reader: Reader): void {
    const readers = this.live.get(reader.dialect);
    if (readers === undefined) return;
    const index = reader.rooms.indexOf(this);
    const place = index === 0 ? reader.place : reader.places![index]!;
    const last = readers.pop();
    if (last !== undefined && last !== reader) {
      readers[place] = last;
      this.#setPlace(last, place);
    }
    // A dialect of few (the lines of those who look at one room) is not to stay for ever.
    if (readers.length === 0) this.live.delete(reader.dialect);
  }

  #setPlace(reader: Reader, place: number): void {
    const index = reader.rooms.indexOf(this);
    if (index === 0) reader.place = place;
    else (reader.places ??= [])[index] = place;
  }
}

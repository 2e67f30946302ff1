import { lobby, type StreamId } from "../chat/event.ts";
import { foldName } from "../chat/name.ts";
import { roomInRecord, roomRecords } from "../chat/room-record.ts";
import type { SqliteReader } from "../storage/sqlite-reader.ts";

/** What the rooms are called now. One that was closed has no name any more, only what was said in it. */
export class RoomNames {
  readonly #byStream: ReadonlyMap<StreamId, string>;

  constructor(reader: SqliteReader) {
    const rooms = reader.records(roomRecords).map(({ key, value }) => roomInRecord(key, value));
    this.#byStream = new Map([[lobby, lobby], ...rooms.map(({ stream, name }) => [stream, name] as const)]);
  }

  /** The name of a room, or the stream itself where it has none. */
  of(stream: StreamId): string {
    return this.#byStream.get(stream) ?? stream;
  }

  /** Whether a room is meant by a name as somebody typed it, with its `#` or without, or by its stream. */
  isMeant(stream: StreamId, typed: string): boolean {
    const name = foldName(this.of(stream));
    return stream === typed || name === foldName(typed) || name === foldName(`#${typed}`);
  }
}

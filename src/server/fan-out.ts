import type { Dialect, Packed } from "./dialect.ts";
import type { RoomTell } from "./link.ts";

/** Somebody who can be written to. */
export interface Reader {
  readonly dialect: Dialect;
  /** Whether what the room is told goes to this reader. Does not change while a batch is put together. */
  readonly live: boolean;
  /** Of the batch at hand; the batch sets it and takes it away. */
  exceptions: Exception[] | undefined;
  write(bytes: Buffer): void;
}

/** Where a reader of a batch differs from everybody else. `at` counts the room's pieces before it. */
export type Exception =
  | { readonly kind: "skip"; readonly at: number }
  | { readonly kind: "insert"; readonly at: number; readonly bytes: Buffer }
  /** Live from here: the room's pieces before are not for this reader. */
  | { readonly kind: "start"; readonly at: number }
  /** No longer live: the room's pieces from here on are not. */
  | { readonly kind: "stop"; readonly at: number };

/**
 * Puts together what a batch writes to whom: the room's part is packed once per dialect, and that one buffer is
 * written to every live reader of the dialect. Only exceptional readers (who spoke, was answered, came or went
 * within the batch) get slices of it, put together with their own pieces. Everybody gets one write.
 */
export class Batch<R extends Reader> {
  readonly #room: RoomTell[] = [];
  readonly #exceptional: R[] = [];

  /** For everybody who is live, but not for `except`. */
  toRoom(tell: RoomTell, except: R | undefined): void {
    if (except !== undefined) this.#except(except, { kind: "skip", at: this.#room.length });
    this.#room.push(tell);
  }

  toOne(reader: R, pieces: readonly string[]): void {
    // Most of what one is told is that his message was stored, for which the line door has no words.
    if (pieces.every((piece) => piece === "")) return;
    const { bytes } = reader.dialect.pack(pieces);
    if (bytes.length > 0) this.#except(reader, { kind: "insert", at: this.#room.length, bytes });
  }

  start(reader: R): void {
    this.#except(reader, { kind: "start", at: this.#room.length });
  }

  stop(reader: R): void {
    this.#except(reader, { kind: "stop", at: this.#room.length });
  }

  /** Writes the batch to the live readers and to those who got something of their own. */
  write(live: ReadonlyMap<Dialect, readonly R[]>): void {
    const packed = new Map<Dialect, Packed>();
    const packedFor = (dialect: Dialect): Packed => {
      let packing = packed.get(dialect);
      if (packing === undefined) {
        packing = dialect.pack(this.#room.map((tell) => dialect.room(tell)));
        packed.set(dialect, packing);
      }
      return packing;
    };
    if (this.#room.length > 0) {
      for (const [dialect, readers] of live) {
        if (readers.length > 0) writeToAll(readers, packedFor(dialect).bytes);
      }
    }
    for (const reader of this.#exceptional) {
      const chunks = this.#assemble(reader, () => packedFor(reader.dialect));
      reader.exceptions = undefined;
      if (chunks.length === 1) reader.write(chunks[0]!);
      else if (chunks.length > 1) reader.write(Buffer.concat(chunks));
    }
  }

  /** The pieces for an exceptional reader, in order. */
  #assemble(reader: R, packed: () => Packed): readonly Buffer[] {
    const chunks: Buffer[] = [];
    let { live } = reader;
    let from = 0;
    const takeTo = (to: number): void => {
      if (live && to > from) {
        const { bytes, ends } = packed();
        const start = from === 0 ? 0 : ends[from - 1]!;
        const end = ends[to - 1]!;
        if (end > start) chunks.push(bytes.subarray(start, end));
      }
      from = to;
    };
    for (const exception of reader.exceptions ?? []) {
      takeTo(exception.at);
      if (exception.kind === "skip") from = exception.at + 1;
      else if (exception.kind === "insert") chunks.push(exception.bytes);
      else live = exception.kind === "start";
    }
    takeTo(this.#room.length);
    return chunks;
  }

  #except(reader: R, exception: Exception): void {
    if (reader.exceptions === undefined) {
      reader.exceptions = [exception];
      this.#exceptional.push(reader);
    } else {
      reader.exceptions.push(exception);
    }
  }
}

function writeToAll(readers: readonly Reader[], bytes: Buffer): void {
  if (bytes.length === 0) return;
  for (const reader of readers) {
    if (reader.exceptions === undefined) reader.write(bytes);
  }
}

import type { Audience } from "./audience.ts";
import type { Dialect, Packed } from "./dialect.ts";
import type { RoomTell } from "./link.ts";

/** Somebody who can be written to. */
export interface Reader {
  readonly dialect: Dialect;
  /** Whether what his rooms are told goes to this reader at once. Does not change while a batch is put together. */
  readonly live: boolean;
  /** What he is in. Does not change while a batch is put together either. */
  readonly rooms: readonly Audience[];
  /** Where he stands among the live ones of the first of `rooms`, and of the others. */
  place: number;
  places: number[] | undefined;
  /** Of the batch at hand; the batch sets both and takes them away. */
  exceptions: Exception[] | undefined;
  mix: Mix | undefined;
  write(bytes: Buffer): void;
}

/** Where a reader of a batch differs from everybody else. `at` counts the rooms' pieces before it. */
export type Exception =
  | { readonly kind: "skip"; readonly at: number }
  /** Gets what stands in the piece's place, where the piece would be for this reader. */
  | { readonly kind: "replace"; readonly at: number }
  | { readonly kind: "insert"; readonly at: number; readonly bytes: Buffer }
  /** Live from here: the pieces before are not for this reader. */
  | { readonly kind: "start"; readonly at: number }
  /** No longer live: the pieces from here on are not. */
  | { readonly kind: "stop"; readonly at: number }
  /** In this room from here on, or no longer. */
  | { readonly kind: "enter" | "exit"; readonly at: number; readonly audience: Audience };

interface Piece {
  readonly tell: RoomTell;
  readonly audiences: readonly Audience[];
  /** What some readers are told instead. */
  readonly instead: RoomTell | undefined;
}

/** What readers of one dialect who are in the same of the rooms that a batch is about get of it. */
export class Mix {
  readonly #packed: Packed;
  readonly #pieces: readonly Piece[];
  readonly #audiences: readonly Audience[];
  readonly #next = new Map<Audience, Mix>();
  #bytes: Buffer | undefined;

  constructor(packed: Packed, pieces: readonly Piece[], audiences: readonly Audience[] = []) {
    this.#packed = packed;
    this.#pieces = pieces;
    this.#audiences = audiences;
  }

  /** For those who are in this room as well. */
  with(audience: Audience): Mix {
    let next = this.#next.get(audience);
    if (next === undefined) {
      next = new Mix(this.#packed, this.#pieces, [...this.#audiences, audience]);
      this.#next.set(audience, next);
    }
    return next;
  }

  get bytes(): Buffer {
    this.#bytes ??= joined(
      slices(this.#packed, { from: 0, to: this.#pieces.length }, (index) =>
        isFor(this.#pieces[index]!, this.#audiences),
      ),
    );
    return this.#bytes;
  }
}

/**
 * Puts together what a batch writes to whom: the rooms' part is packed once per dialect. Where one room alone is
 * told something, that one buffer is written to every live reader of the dialect; where several are, readers who are
 * in the same of them share one. Only exceptional readers (who spoke, was answered, came or went within the batch,
 * or ignores who spoke) get slices of their own, put together with their own pieces. Everybody gets one write.
 */
export class Batch<R extends Reader> {
  readonly #pieces: Piece[] = [];
  readonly #exceptional: R[] = [];
  readonly #packed = new Map<Dialect, Packed>();
  /** What stands in the place of pieces, by their places. */
  readonly #replacements = new Map<Dialect, Map<number, Buffer>>();

  /**
   * For everybody in one of these rooms who is live, but not for `except`; `instead`: what some of them are told in
   * its place.
   */
  toRooms(
    tell: RoomTell,
    audiences: readonly Audience[],
    {
      except,
      instead,
    }: {
      readonly except: readonly R[];
      readonly instead?: { readonly readers: readonly R[]; readonly tell: RoomTell } | undefined;
    },
  ): void {
    const at = this.#pieces.length;
    for (const reader of except) this.#except(reader, { kind: "skip", at });
    for (const reader of instead?.readers ?? []) this.#except(reader, { kind: "replace", at });
    this.#pieces.push({ tell, audiences, instead: instead?.tell });
  }

  toOne(reader: R, pieces: readonly string[]): void {
    // Most of what one is told is that his message was stored, for which the line door has no words.
    if (pieces.every((piece) => piece === "")) return;
    const { bytes } = reader.dialect.pack(pieces);
    if (bytes.length > 0) this.#except(reader, { kind: "insert", at: this.#pieces.length, bytes });
  }

  /** Whether a reader is told what this room is told now, as far as this batch goes. */
  reaches(reader: R, audience: Audience): boolean {
    const { live, rooms, exceptions = [] } = reader;
    return (
      live && rooms.includes(audience) && exceptions.every(({ kind }) => kind === "skip" || kind === "insert")
    );
  }

  start(reader: R): void {
    this.#except(reader, { kind: "start", at: this.#pieces.length });
  }

  stop(reader: R): void {
    this.#except(reader, { kind: "stop", at: this.#pieces.length });
  }

  enter(reader: R, audience: Audience): void {
    this.#except(reader, { kind: "enter", at: this.#pieces.length, audience });
  }

  exit(reader: R, audience: Audience): void {
    this.#except(reader, { kind: "exit", at: this.#pieces.length, audience });
  }

  /** Writes the batch to those who are in the rooms and to those who got something of their own. */
  write(): void {
    const audiences = new Set<Audience>();
    for (const piece of this.#pieces) for (const audience of piece.audiences) audiences.add(audience);
    const [only] = audiences;
    if (only !== undefined && audiences.size === 1) this.#writeToRoom(only);
    else if (only !== undefined) this.#writeToRooms(audiences);
    for (const reader of this.#exceptional) {
      const bytes = joined(this.#assemble(reader));
      reader.exceptions = undefined;
      if (bytes.length > 0) reader.write(bytes);
    }
  }

  #writeToRoom(audience: Audience): void {
    for (const [dialect, readers] of audience.live) {
      const { bytes } = this.#packedFor(dialect);
      if (bytes.length === 0) continue;
      for (const reader of readers) if (reader.exceptions === undefined) reader.write(bytes);
    }
  }

  #writeToRooms(audiences: ReadonlySet<Audience>): void {
    const mixes = new Map<Dialect, Mix>();
    const readers: Reader[] = [];
    for (const audience of audiences) {
      for (const [dialect, those] of audience.live) {
        let none = mixes.get(dialect);
        if (none === undefined) {
          none = new Mix(this.#packedFor(dialect), this.#pieces);
          mixes.set(dialect, none);
        }
        for (const reader of those) {
          if (reader.exceptions !== undefined) continue;
          if (reader.mix === undefined) readers.push(reader);
          reader.mix = (reader.mix ?? none).with(audience);
        }
      }
    }
    for (const reader of readers) {
      const { bytes } = reader.mix!;
      reader.mix = undefined;
      if (bytes.length > 0) reader.write(bytes);
    }
  }

  #packedFor(dialect: Dialect): Packed {
    const known = this.#packed.get(dialect);
    if (known !== undefined) return known;
    const tells = this.#pieces.map((piece) => piece.tell);
    const same = dialect.sameFor?.(tells) ?? dialect;
    const packed = this.#packed.get(same) ?? same.pack(tells.map((tell) => same.room(tell)));
    this.#packed.set(same, packed);
    this.#packed.set(dialect, packed);
    return packed;
  }

  #replacementFor(dialect: Dialect, at: number): Buffer {
    let own = this.#replacements.get(dialect);
    if (own === undefined) this.#replacements.set(dialect, (own = new Map()));
    let bytes = own.get(at);
    if (bytes === undefined) {
      const { instead } = this.#pieces[at]!;
      bytes = dialect.pack(instead === undefined ? [] : [dialect.room(instead)]).bytes;
      own.set(at, bytes);
    }
    return bytes;
  }

  /** The pieces for an exceptional reader, in order. */
  #assemble(reader: R): readonly Buffer[] {
    const chunks: Buffer[] = [];
    let { live } = reader;
    let rooms: readonly Audience[] = reader.rooms;
    let from = 0;
    const takeTo = (to: number): void => {
      if (live && to > from) {
        const packed = this.#packedFor(reader.dialect);
        chunks.push(...slices(packed, { from, to }, (index) => isFor(this.#pieces[index]!, rooms)));
      }
      from = to;
    };
    for (const exception of reader.exceptions ?? []) {
      takeTo(exception.at);
      switch (exception.kind) {
        case "skip":
          from = exception.at + 1;
          break;
        case "replace":
          if (live && isFor(this.#pieces[exception.at]!, rooms)) {
            chunks.push(this.#replacementFor(reader.dialect, exception.at));
          }
          from = exception.at + 1;
          break;
        case "insert":
          chunks.push(exception.bytes);
          break;
        case "start":
        case "stop":
          live = exception.kind === "start";
          break;
        case "enter":
          rooms = [...rooms, exception.audience];
          break;
        case "exit":
          rooms = rooms.filter((room) => room !== exception.audience);
          break;
      }
    }
    takeTo(this.#pieces.length);
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

function isFor({ audiences }: Piece, rooms: readonly Audience[]): boolean {
  return audiences.some((audience) => rooms.includes(audience));
}

/** The bytes of some pieces, as few buffers as there are runs of them. */
function slices(
  { bytes, ends }: Packed,
  { from, to }: { readonly from: number; readonly to: number },
  isWanted: (index: number) => boolean,
): readonly Buffer[] {
  const chunks: Buffer[] = [];
  let start: number | undefined;
  for (let index = from; index <= to; index += 1) {
    const isIn = index < to && isWanted(index);
    if (isIn) {
      start ??= index === 0 ? 0 : ends[index - 1]!;
    } else if (start !== undefined) {
      const end = ends[index - 1]!;
      if (end > start) chunks.push(bytes.subarray(start, end));
      start = undefined;
    }
  }
  return chunks;
}

function joined(chunks: readonly Buffer[]): Buffer {
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

import type { PersonalTell, RoomTell } from "./link.ts";

/** Many pieces of output in one buffer: piece `i` ends at `ends[i]` and begins where the one before ends. */
export interface Packed {
  readonly bytes: Buffer;
  readonly ends: readonly number[];
}

/**
 * How one kind of reader is written to. What everybody is told is worded and packed once per batch and
 * dialect, never per reader.
 */
export interface Dialect {
  /** Whether somebody who catches up is shown own messages too. */
  readonly showsOwn: boolean;
  /** The dialect that words these as this one does, the same for as many as possible: it is packed once for all. */
  sameFor?(tells: readonly RoomTell[]): Dialect;
  /** What the room is told; `""` where this dialect has no words for it. */
  room(tell: RoomTell): Piece;
  /** What one session is told: pieces, in order. */
  personal(tell: PersonalTell): readonly string[];
  pack(pieces: readonly Piece[]): Packed;
}

/** A text to be packed, or bytes that go out as they are. */
export type Piece = string | Buffer;

/** Texts one after the other, in UTF-8. */
export function packText(pieces: readonly Piece[]): Packed {
  return pack(pieces, { header: () => 0, writeHeader: (_bytes, at) => at });
}

/** Each text in an unmasked, unfragmented text frame of its own (RFC 6455, section 5.2); nothing for `""`. */
export function packFrames(pieces: readonly Piece[]): Packed {
  return pack(pieces, textFraming);
}

/** Each line of the texts in a frame of its own, text or binary, without its CR LF. */
export function packLineFrames(pieces: readonly Piece[], { binary }: { readonly binary: boolean }): Packed {
  const framing = binary ? binaryFraming : textFraming;
  const framed = pieces.map((piece) => {
    return typeof piece === "string" ? pack(piece.split("\r\n"), framing).bytes : piece;
  });
  return packText(framed);
}

/** A ping without content (RFC 6455, section 5.5.2). Every WebSocket library answers it by itself. */
export const pingFrame: Buffer = Buffer.from([0x89, 0]);

/** What stands before each text: how many bytes for a text of so many, and those written; where the text begins. */
interface Framing {
  readonly header: (length: number) => number;
  readonly writeHeader: (bytes: Buffer, at: number, length: number) => number;
}

function pack(pieces: readonly Piece[], framing: Framing): Packed {
  const ends: number[] = [];
  const lengths: number[] = [];
  let total = 0;
  for (const piece of pieces) {
    const length = typeof piece === "string" ? Buffer.byteLength(piece) : piece.length;
    lengths.push(length);
    total += typeof piece === "string" && length > 0 ? framing.header(length) + length : length;
    ends.push(total);
  }
  const bytes = Buffer.allocUnsafe(total);
  let at = 0;
  for (let i = 0; i < pieces.length; i += 1) {
    const piece = pieces[i]!;
    if (typeof piece !== "string") {
      bytes.set(piece, at);
    } else if (piece !== "") {
      at = framing.writeHeader(bytes, at, lengths[i]!);
      bytes.write(piece, at);
    }
    at = ends[i]!;
  }
  return { bytes, ends };
}

const textFraming: Framing = { header: headerBytes, writeHeader: headerWriter(0x81) };
const binaryFraming: Framing = { header: headerBytes, writeHeader: headerWriter(0x82) };

function headerBytes(length: number): number {
  if (length < 126) return 2;
  return length < 0x10000 ? 4 : 10;
}

/** Of a frame that is the last of its message; `first`: with what it begins, its kind. */
function headerWriter(first: number): Framing["writeHeader"] {
  return (bytes, at, length) => {
    bytes[at] = first;
    return writeLength(bytes, at, length);
  };
}

function writeLength(bytes: Buffer, at: number, length: number): number {
  if (length < 126) {
    bytes[at + 1] = length;
    return at + 2;
  }
  if (length < 0x10000) {
    bytes[at + 1] = 126;
    return bytes.writeUInt16BE(length, at + 2);
  }
  bytes[at + 1] = 127;
  return bytes.writeBigUInt64BE(BigInt(length), at + 2);
}

import { KeptBytes } from "../kept-bytes.ts";
import { decodeUtf8 } from "../utf8.ts";
import { parseMessage } from "./message.ts";

/** What came in, in place of the bytes. Of a line that is too long, nothing is kept. */
export type IrcInput =
  | { readonly kind: "line"; readonly text: string }
  | { readonly kind: "too-long" }
  /** Not UTF-8: what of it could be read is to answer with, and not to be carried out. */
  | { readonly kind: "not-utf8"; readonly command: string; readonly label: string | undefined };

/** How long lines may be, in bytes. */
export interface IrcLimits {
  /** Of the tags, without the `@` before and the space after them. */
  readonly maxTagBytes: number;
  /** Of what follows them, without the line's end. */
  readonly maxMessageBytes: number;
}

/** What a client may send: IRCv3 message-tags, "Size limit", and RFC 1459, section 2.3, without the CR LF. */
export const clientLimits: IrcLimits = { maxTagBytes: 4094, maxMessageBytes: 510 };

const LF = 10;
const CR = 13;
const SPACE = 32;
const AT = 64;

const tooLong: IrcInput = { kind: "too-long" };

/**
 * Bytes to lines, the same however the bytes are cut. LF or CR LF ends a line; any other CR stays in it, and
 * makes it no message. Of the memory that lines need, little more than the limits is ever held.
 */
export class IrcDecoder {
  readonly #limits: IrcLimits;
  /** The beginning of a line whose end has not come; mostly there is none. */
  #begun: KeptBytes | undefined;
  /** The present line was told to be too long, and is dropped up to its end. */
  #dropping = false;

  constructor(limits: IrcLimits) {
    this.#limits = limits;
  }

  /** What `chunk` completed, in order. A line that is too long is told once, as soon as it is. */
  push(chunk: Uint8Array): readonly IrcInput[] {
    const bytes = Buffer.isBuffer(chunk)
      ? chunk
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const items: IrcInput[] = [];
    let start = 0;
    for (let lf = bytes.indexOf(LF); lf !== -1; lf = bytes.indexOf(LF, start)) {
      if (this.#dropping) this.#dropping = false;
      else items.push(this.#complete(bytes, start, lf));
      start = lf + 1;
    }
    if (start < bytes.length && !this.#dropping && !this.#begin(bytes, start)) {
      this.#begun = undefined;
      this.#dropping = true;
      items.push(tooLong);
    }
    return items;
  }

  /** `unfinished`: the stream ended inside a line, which nobody was told of. */
  end(): "unfinished" | "clean" {
    return this.#begunBytes > 0 ? "unfinished" : "clean";
  }

  /** The line that ends with the LF at `lf`. */
  #complete(bytes: Buffer, start: number, lf: number): IrcInput {
    const line = this.#hold(bytes, start, lf);
    this.#begun = undefined;
    return line === undefined || this.#isTooLong(line) ? tooLong : decode(withoutCr(line));
  }

  /** Keeps the beginning of a line, or more of it; `false` where it is too long. */
  #begin(bytes: Buffer, start: number): boolean {
    const length = this.#begunBytes + bytes.length - start;
    if (length > this.#maxHeldBytes) return false;
    this.#begun ??= new KeptBytes(this.#maxHeldBytes);
    return !this.#isTooLong(this.#begun.add(bytes, start, bytes.length).subarray(0, length));
  }

  /** The whole line as far as it came, or `undefined` where it is too long to be held. */
  #hold(bytes: Buffer, start: number, end: number): Buffer | undefined {
    const length = this.#begunBytes + end - start;
    if (length > this.#maxHeldBytes) return undefined;
    if (this.#begun === undefined) return bytes.subarray(start, end);
    return this.#begun.add(bytes, start, end).subarray(0, length);
  }

  get #begunBytes(): number {
    return this.#begun?.length ?? 0;
  }

  get #maxHeldBytes(): number {
    return longest(this.#limits) + 1;
  }

  /** A last CR is not counted: it belongs to the end, or will be counted with what follows it. */
  #isTooLong(line: Buffer): boolean {
    const { maxTagBytes, maxMessageBytes } = this.#limits;
    const { length } = withoutCr(line);
    if (line[0] !== AT) return length > maxMessageBytes;
    const space = line.indexOf(SPACE);
    if (space === -1) return length > 1 + maxTagBytes;
    return space > 1 + maxTagBytes || length > space + 1 + maxMessageBytes;
  }
}

function longest({ maxTagBytes, maxMessageBytes }: IrcLimits): number {
  return 1 + maxTagBytes + 1 + maxMessageBytes;
}

function withoutCr(line: Buffer): Buffer {
  return line.at(-1) === CR ? line.subarray(0, -1) : line;
}

function decode(line: Buffer): IrcInput {
  const text = decodeUtf8(line);
  if (text !== undefined) return { kind: "line", text };
  const message = parseMessage(line.toString("utf8"));
  if (typeof message === "string") return { kind: "not-utf8", command: "*", label: undefined };
  return {
    kind: "not-utf8",
    command: whole(message.command) ?? "*",
    label: whole(message.tags.get("label")),
  };
}

function whole(text: string | undefined): string | undefined {
  return text?.includes("\uFFFD") === true ? undefined : text;
}

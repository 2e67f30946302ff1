import { KeptBytes } from "../kept-bytes.ts";

/** What came in: a line without its end, or that there was one longer than the limit (none of it is kept). */
export type LineInput = { readonly kind: "line"; readonly text: string } | { readonly kind: "too-long" };

const LF = 10;
const CR = 13;
const NUL = 0;
const crNul = Buffer.of(CR, NUL);

/** Telnet's command codes (RFC 854); below the first (EOF, RFC 1184) nothing is a command. */
const IAC = 255;
const SB = 250;
const SE = 240;
const WILL = 251;
const firstCommand = 236;
const literalIac = Buffer.of(IAC);

/** Real ones have tens of bytes. Past it, what seemed a subnegotiation counts as a line that is too long. */
const maxSubnegotiationBytes = 1024;

const tooLong: LineInput = { kind: "too-long" };

/**
 * Bytes to lines, the same however the bytes are cut.
 *
 * LF, CR LF and CR NUL end a line; any other CR or NUL is part of it. A line is decoded as a whole: what is not
 * UTF-8 becomes U+FFFD. Telnet commands (RFC 854) and negotiations (RFC 855) are taken out and do not count.
 * `maxLineBytes` is without the line's end; little more than that is ever held.
 */
export class LineDecoder {
  readonly #maxLineBytes: number;
  /** The beginning of a line whose end has not come; mostly there is none. */
  #begun: KeptBytes | undefined;
  /** The present line was told to be too long, and is dropped up to its end. */
  #dropping = false;
  /** The last byte of the present line is a CR, which may become half of its end. */
  #afterCr = false;
  #telnet: "text" | "command" | "option" | "subnegotiation" | "subnegotiation-command" = "text";
  #subnegotiationBytes = 0;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** What `chunk` completed, in order. A line that is too long is told once, as soon as it is. */
  push(chunk: Uint8Array): readonly LineInput[] {
    const bytes = Buffer.isBuffer(chunk)
      ? chunk
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const items: LineInput[] = [];
    if (this.#telnet === "text" && !bytes.includes(IAC)) this.#split(bytes, items);
    else this.#strip(bytes, items);
    return items;
  }

  /** `unfinished`: the stream ended inside a line, which nobody was told of, or inside a negotiation. */
  end(): "unfinished" | "clean" {
    return this.#begunBytes > 0 || this.#telnet !== "text" ? "unfinished" : "clean";
  }

  /** Bytes without telnet in them. */
  #split(bytes: Buffer, items: LineInput[]): void {
    let start = 0;
    let lf = bytes.indexOf(LF);
    let nul = this.#firstEndingNul(bytes);
    while (lf !== -1 || nul !== -1) {
      const last = nul === -1 || (lf !== -1 && lf < nul) ? lf : nul;
      const item = this.#complete(bytes, start, last);
      if (item !== undefined) items.push(item);
      start = last + 1;
      if (last === lf) lf = bytes.indexOf(LF, start);
      else nul = endingNul(bytes, start);
    }
    if (start < bytes.length) this.#begin(bytes, start, items);
  }

  /** Where the first CR NUL of `bytes` ends; its CR may have come before. */
  #firstEndingNul(bytes: Buffer): number {
    if (!bytes.includes(NUL)) return -1;
    return this.#afterCr && bytes[0] === NUL ? 0 : endingNul(bytes, 0);
  }

  /** The line that ends with the LF or NUL at `last`, or `undefined` where it was told of before. */
  #complete(bytes: Buffer, start: number, last: number): LineInput | undefined {
    const afterCr = last > start ? bytes[last - 1] === CR : this.#afterCr;
    this.#afterCr = false;
    if (this.#dropping) {
      this.#dropping = false;
      return undefined;
    }
    const end = afterCr ? last - 1 : last;
    const begun = this.#begun;
    this.#begun = undefined;
    const length = (begun?.length ?? 0) + end - start;
    if (length > this.#maxLineBytes) return tooLong;
    if (begun === undefined) return { kind: "line", text: bytes.toString("utf8", start, end) };
    return { kind: "line", text: begun.add(bytes, start, last).toString("utf8", 0, length) };
  }

  /** The beginning of a line, or more of it. A last CR is not counted yet: it may belong to the end. */
  #begin(bytes: Buffer, start: number, items: LineInput[]): void {
    this.#afterCr = bytes[bytes.length - 1] === CR;
    if (this.#dropping) return;
    const length = this.#begunBytes + bytes.length - start;
    if (length - (this.#afterCr ? 1 : 0) > this.#maxLineBytes) {
      this.#drop(items);
      return;
    }
    this.#begun ??= new KeptBytes(this.#maxLineBytes + 1);
    this.#begun.add(bytes, start, bytes.length);
  }

  get #begunBytes(): number {
    return this.#begun?.length ?? 0;
  }

  #drop(items: LineInput[]): void {
    this.#begun = undefined;
    if (!this.#dropping) items.push(tooLong);
    this.#dropping = true;
  }

  #strip(bytes: Buffer, items: LineInput[]): void {
    let at = 0;
    while (at < bytes.length) {
      switch (this.#telnet) {
        case "text": {
          const iac = bytes.indexOf(IAC, at);
          const end = iac === -1 ? bytes.length : iac;
          if (end > at) this.#split(bytes.subarray(at, end), items);
          if (iac !== -1) this.#telnet = "command";
          at = end + 1;
          break;
        }
        case "command":
          if (this.#command(bytes[at] ?? NUL, items)) at += 1;
          break;
        case "option":
          this.#telnet = "text";
          at += 1;
          break;
        case "subnegotiation":
          at = this.#subnegotiation(bytes, at, items);
          break;
        case "subnegotiation-command":
          this.#telnet = bytes[at] === SE ? "text" : "subnegotiation";
          this.#subnegotiationBytes += 2;
          at += 1;
          break;
      }
    }
  }

  /** The byte after an IAC; whether it belongs to it. */
  #command(code: number, items: LineInput[]): boolean {
    this.#telnet = "text";
    if (code < firstCommand) {
      // A Latin-1 terminal's ÿ, not telnet: it is a part of the text, and what follows it may end the line.
      this.#split(literalIac, items);
      return false;
    }
    if (code === IAC) this.#split(literalIac, items);
    else if (code >= WILL) this.#telnet = "option";
    else if (code === SB) {
      this.#telnet = "subnegotiation";
      this.#subnegotiationBytes = 0;
    }
    return true;
  }

  /** Passes over a subnegotiation as far as its next IAC or its bound; returns where it stands then. */
  #subnegotiation(bytes: Buffer, at: number, items: LineInput[]): number {
    const iac = bytes.indexOf(IAC, at);
    const end = iac === -1 ? bytes.length : iac;
    const room = maxSubnegotiationBytes - this.#subnegotiationBytes;
    if (end - at > room) {
      this.#telnet = "text";
      this.#afterCr = false;
      this.#drop(items);
      return at + Math.max(room, 0);
    }
    this.#subnegotiationBytes += end - at;
    if (iac !== -1) this.#telnet = "subnegotiation-command";
    return end + 1;
  }
}

function endingNul(bytes: Buffer, from: number): number {
  const cr = bytes.indexOf(crNul, from);
  return cr === -1 ? -1 : cr + 1;
}

const mark = "~B";
const firstMarkByte = 0x7e;
const secondMarkByte = 0x42;
const zero = 0x30;
const runAt = 2;
const senderAt = 4;
const sequenceAt = 8;
const sequenceDigits = 8;

/** A text cannot be shorter: a mark, the run, the sender and the sequence number stand at its beginning. */
export const minPayloadBytes: number = sequenceAt + sequenceDigits;
/** A sender is four digits. */
export const maxSenders = 10_000;

export function payloadText(what: {
  readonly run: number;
  readonly sender: number;
  readonly sequence: number;
  readonly bytes: number;
}): string {
  const run = String(what.run).padStart(2, "0");
  const sender = String(what.sender).padStart(4, "0");
  const sequence = String(what.sequence).padStart(sequenceDigits, "0");
  return `${mark}${run}${sender}${sequence}`.padEnd(what.bytes, "x");
}

export function isPayload(bytes: Buffer, at: number): boolean {
  return bytes[at] === firstMarkByte && bytes[at + 1] === secondMarkByte;
}

/**
 * What arrived in one run. Every delivery to every reader is verified: each sender's messages must come to each
 * reader as 0, 1, 2 … What is missing at the end was lost.
 */
export class Ledger {
  readonly run: number;
  /** Deliveries in their place: neither a second time nor after a later one. */
  deliveries = 0;
  /** Deliveries that came twice, or after a later one of the same sender. */
  disordered = 0;
  readonly #senders: number;
  /** Per reader and sender the sequence number that should come next. */
  readonly #next: Int32Array;
  readonly #delivered: (reader: number, sender: number, sequence: number) => void;

  constructor(options: {
    readonly run: number;
    readonly readers: number;
    readonly senders: number;
    readonly delivered: (reader: number, sender: number, sequence: number) => void;
  }) {
    this.run = options.run;
    this.#senders = options.senders;
    this.#next = new Int32Array(options.readers * options.senders);
    this.#delivered = options.delivered;
  }

  /** Takes up the payload at `at`; those of other runs, and the echo of what the reader said, are left out. */
  take(reader: number, bytes: Buffer, at: number): void {
    if (number(bytes, at + runAt, at + senderAt) !== this.run) return;
    const sender = number(bytes, at + senderAt, at + sequenceAt);
    if (sender === reader) return;
    const sequence = number(bytes, at + sequenceAt, at + sequenceAt + sequenceDigits);
    const place = reader * this.#senders + sender;
    if (sequence < this.#next[place]!) {
      this.disordered += 1;
      return;
    }
    this.#next[place] = sequence + 1;
    this.deliveries += 1;
    this.#delivered(reader, sender, sequence);
  }
}

function number(bytes: Buffer, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) value = value * 10 + bytes[at]! - zero;
  return value;
}

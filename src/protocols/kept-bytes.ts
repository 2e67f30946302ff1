/** The beginning of something whose end has not come. Copied, since a view would hold on to the whole chunk. */
export class KeptBytes {
  readonly #maxBytes: number;
  #bytes: Buffer | undefined;
  #length = 0;

  /** @param maxBytes more is never added: the caller sees to it */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get length(): number {
    return this.#length;
  }

  /** Adds `chunk` from `start` to `end`. Returns all that is kept, and room after it: a view until the next call. */
  add(chunk: Buffer, start: number, end: number): Buffer {
    const length = this.#length + end - start;
    let bytes = this.#bytes;
    if (bytes === undefined || bytes.length < length) {
      bytes = Buffer.allocUnsafeSlow(Math.min(this.#maxBytes, Math.max(64, length * 2)));
      this.#bytes?.copy(bytes, 0, 0, this.#length);
      this.#bytes = bytes;
    }
    chunk.copy(bytes, this.#length, start, end);
    this.#length = length;
    return bytes;
  }
}

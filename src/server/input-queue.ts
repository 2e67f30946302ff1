/** Of a chunk so much is decoded at a time: what one has to wait after need not be in memory as lines. */
const sliceBytes = 4096;
const none: readonly never[] = [];

/** What came in on a connection and has not been looked at: lines, then bytes of which none are made yet. */
export class InputQueue<Item> {
  readonly #decoder: { readonly push: (bytes: Uint8Array) => readonly Item[] };
  /** From `#next` on. */
  #items: readonly Item[] = none;
  #next = 0;
  #bytes: Buffer | undefined;
  /** The other side has sent all it will. */
  hasEnded = false;

  constructor(decoder: { readonly push: (bytes: Uint8Array) => readonly Item[] }) {
    this.#decoder = decoder;
  }

  add(chunk: Buffer): void {
    this.#bytes = this.#bytes === undefined ? chunk : Buffer.concat([this.#bytes, chunk]);
  }

  /** The next one, or `undefined` where there is none yet. */
  take(): Item | undefined {
    for (;;) {
      const item = this.#items[this.#next];
      if (item !== undefined) {
        this.#next += 1;
        return item;
      }
      const bytes = this.#bytes;
      this.clear();
      if (bytes === undefined) return undefined;
      if (bytes.length > sliceBytes) this.#bytes = bytes.subarray(sliceBytes);
      this.#items = this.#decoder.push(bytes.subarray(0, sliceBytes));
    }
  }

  clear(): void {
    this.#items = none;
    this.#next = 0;
    this.#bytes = undefined;
  }
}

/** Bytes to the lines that they complete. Throws at what is no UTF-8. */
export class Lines {
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  /** The beginning of a line whose end has not come. */
  rest = "";

  push(bytes: Buffer): readonly string[] {
    const lines = (this.rest + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.rest = lines.pop() ?? "";
    return lines;
  }
}

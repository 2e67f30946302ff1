import type { Readable, Writable } from "node:stream";
import { LineDecoder } from "../protocols/line/decoder.ts";
import type { LineScreen, TypedLines } from "./typed-lines.ts";

/** Far above what any server takes; it keeps an input without line ends from filling the memory. */
const maxLineBytes = 65_536;

/**
 * For pipes, files, dumb terminals and screen readers: lines in, lines out, no escape sequence, and no prompt
 * but for questions. What is piped in is read no faster than it is taken.
 */
export class PipedScreen implements LineScreen {
  readonly #input: Readable;
  readonly #output: Writable;
  readonly #typed: TypedLines;
  readonly #asks: boolean;
  #closed = false;

  /** `asks`: whether somebody is there to be asked for a name. */
  constructor(
    streams: { readonly input: Readable; readonly output: Writable },
    typed: TypedLines,
    asks: boolean,
  ) {
    this.#input = streams.input;
    this.#output = streams.output;
    this.#typed = typed;
    this.#asks = asks;
    this.#output.on("error", () => this.#typed.lost());
    void this.#read();
  }

  print(lines: string): void {
    this.#output.write(lines);
  }

  question(text: string): void {
    if (this.#asks) this.#output.write(text);
  }

  // Before each line that arrives it would be noise in a log, and be read aloud by a screen reader.
  prompt(): void {}

  close(): void {
    this.#closed = true;
    this.#input.destroy();
  }

  async #read(): Promise<void> {
    const decoder = new LineDecoder(maxLineBytes);
    try {
      for await (const chunk of this.#input) {
        await this.#hand(decoder, Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)));
      }
      // The last line of a file may lack its end.
      if (!this.#closed && decoder.end() === "unfinished") await this.#hand(decoder, Buffer.from("\n"));
    } catch {
      // An input that breaks is at its end.
    }
    if (!this.#closed) this.#typed.end();
  }

  async #hand(decoder: LineDecoder, chunk: Buffer): Promise<void> {
    for (const item of decoder.push(chunk)) {
      if (this.#closed) return;
      if (item.kind === "line") await this.#typed.line(item.text);
      else this.#typed.tooLong(maxLineBytes);
    }
  }
}

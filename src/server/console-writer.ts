import { write } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const maxWaitingBytes = 1024 * 1024;
const retryMs = 20;
/** Lines that come one after the other are written together: a write a turn cost more than the lines. */
const gatherMs = 10;

/**
 * Writes to a file descriptor without ever blocking the process: a terminal that is stopped or a pipe that
 * nobody reads delays nothing but this. At most 1 MiB waits; what comes on top is dropped, and how many lines
 * that were is said as soon as there is room.
 */
export class ConsoleWriter {
  readonly #descriptor: number;
  readonly #droppedText: (lines: number) => string;
  #waiting: string[] = [];
  #waitingLength = 0;
  #dropped = 0;
  #droppedInAll = 0;
  #writing: Promise<void> | undefined;
  #broken = false;
  #gatherMs = gatherMs;
  /** Ends the wait for more lines. */
  #hurry: (() => void) | undefined;

  /** `droppedText` words how many lines were dropped, in the console's own format. */
  constructor(descriptor: number, droppedText: (lines: number) => string) {
    this.#descriptor = descriptor;
    this.#droppedText = droppedText;
  }

  /** How many lines were dropped since it was made. */
  get droppedLines(): number {
    return this.#droppedInAll;
  }

  write(text: string): void {
    if (this.#broken) return;
    if (this.#waitingLength + text.length > maxWaitingBytes) {
      this.#dropped += 1;
      this.#droppedInAll += 1;
      return;
    }
    this.#waiting.push(text);
    this.#waitingLength += text.length;
    this.#writing ??= this.#run();
  }

  /** Resolves when everything has been written, or after `ms` milliseconds. */
  async flushed(ms: number): Promise<void> {
    this.#gatherMs = 0;
    this.#hurry?.();
    await Promise.race([this.#writing, sleep(ms, undefined, { ref: false })]);
  }

  async #run(): Promise<void> {
    // What this turn of the event loop brings is one write.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0 && !this.#broken) {
      const text = this.#waiting.join("");
      this.#waiting = [];
      this.#waitingLength = 0;
      const dropped = this.#dropped === 0 ? "" : this.#droppedText(this.#dropped);
      this.#dropped = 0;
      await this.#writeAll(Buffer.from(text + dropped));
      await this.#gather();
    }
    this.#writing = undefined;
  }

  async #gather(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#hurry = resolve;
      setTimeout(resolve, this.#gatherMs);
    });
  }

  async #writeAll(bytes: Buffer): Promise<void> {
    let written = 0;
    while (written < bytes.length && !this.#broken) {
      const result = await this.#writeSome(bytes.subarray(written));
      if (result === "again") await sleep(retryMs);
      else if (result === "broken") this.#broken = true;
      else written += result;
    }
  }

  #writeSome(bytes: Buffer): Promise<number | "again" | "broken"> {
    return new Promise((resolve) => {
      write(this.#descriptor, bytes, (error, count) => {
        if (error === null) resolve(count);
        else resolve(error.code === "EAGAIN" || error.code === "EINTR" ? "again" : "broken");
      });
    });
  }
}

import { showBytes } from "../server/show-bytes.ts";
import type { CopyStep } from "../storage/backup.ts";

/** What is over sooner says nothing on its way. */
const quietMs = 1000;
const terminalEveryMs = 200;
const logEveryMs = 5000;

/** How far a copy is: on one line that changes at a terminal, every few seconds in a log. */
export class CopyProgress {
  readonly #verb: string;
  readonly #stderr: Pick<NodeJS.WriteStream, "isTTY" | "write">;
  readonly #monotonic: () => number;
  #dueMs: number;

  constructor(verb: string, stderr: Pick<NodeJS.WriteStream, "isTTY" | "write">, monotonic: () => number) {
    this.#verb = verb;
    this.#stderr = stderr;
    this.#monotonic = monotonic;
    this.#dueMs = monotonic() + quietMs;
  }

  show(step: CopyStep): void {
    const now = this.#monotonic();
    if (now < this.#dueMs) return;
    this.#dueMs = now + (this.#stderr.isTTY ? terminalEveryMs : logEveryMs);
    const text =
      step.kind === "checking"
        ? "Checking the copy"
        : `${this.#verb} ${showBytes(step.doneBytes)} of ${showBytes(step.totalBytes)} (${percent(step)} %)`;
    this.#stderr.write(this.#stderr.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
  }

  /** The last line, which stays. */
  end(text: string): void {
    this.#stderr.write(`${this.#stderr.isTTY ? "\r\x1b[K" : ""}${text}\n`);
  }
}

function percent({
  doneBytes,
  totalBytes,
}: {
  readonly doneBytes: number;
  readonly totalBytes: number;
}): number {
  return totalBytes === 0 ? 100 : Math.floor((100 * doneBytes) / totalBytes);
}

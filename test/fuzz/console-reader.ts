import type { ServerProcess } from "../support/server-process.ts";
import { broadcastIn, judgeConsoleLine } from "./grammar.ts";
import { smuggledName } from "./http-inputs.ts";
import { Lines } from "./lines.ts";
import type { Order } from "./order.ts";
import type { Troubles } from "./troubles.ts";

const joined = /^\S+ \[JOIN\] (\S+) joined /;
const left = /^\S+ \[LEAVE\] \S+ left /;
const told = /^\S+ \[PM\] /;
const counted = /^\[INFO\] Active clients: (\d+)$/;

/** Reads a server's standard output byte by byte, from the moment it listens. */
export class ConsoleReader {
  readonly #troubles: Troubles;
  readonly #order: Order;
  readonly #lines = new Lines();
  /** What the next line has to be: somebody came or went, and so many are here now. */
  #awaited: number | undefined;
  active = 0;
  attempts = 0;
  privateMessages = 0;

  constructor(server: ServerProcess, report: { readonly troubles: Troubles; readonly order: Order }) {
    this.#troubles = report.troubles;
    this.#order = report.order;
    const [, shown = ""] = server.console.split("/chat (docs/websocket.md)\n\n");
    this.#take(Buffer.from(shown));
    // A character for a byte, so that nothing is mended on the way; and nobody else has to hear of it.
    server.child.stdout?.removeAllListeners("data").setEncoding("latin1");
    server.child.stdout?.on("data", (chunk: string) => this.#take(Buffer.from(chunk, "latin1")));
  }

  /** What is wrong once everything has been written. */
  judgeEnd(): void {
    if (this.#lines.rest !== "") this.#wrong(`an end within a line: ${JSON.stringify(this.#lines.rest)}`);
    if (this.#awaited !== undefined) this.#wrong("somebody who came or went uncounted");
  }

  #take(bytes: Buffer): void {
    try {
      for (const line of this.#lines.push(bytes)) this.#line(line);
    } catch {
      this.#wrong(`bytes that are no UTF-8: ${bytes.toString("hex").slice(0, 200)}`);
    }
  }

  #line(line: string): void {
    const wrong = judgeConsoleLine(line);
    if (wrong !== undefined) this.#wrong(wrong);
    const count = counted.exec(line)?.[1];
    if (count === undefined ? this.#awaited !== undefined : Number(count) !== this.#awaited) {
      this.#wrong(
        `${JSON.stringify(line)} where ${this.#awaited ?? "no number of"} active clients come next`,
      );
    }
    this.#awaited = undefined;
    if (count !== undefined) this.active = Number(count);
    else this.#happened(line);
  }

  #happened(line: string): void {
    const name = joined.exec(line)?.[1];
    if (name === smuggledName) this.#wrong("somebody who came in out of a request");
    if (name !== undefined) this.#awaited = this.active + 1;
    else if (left.test(line)) this.#awaited = this.active - 1;
    else if (line.startsWith("[INFO] New connection attempt")) this.attempts += 1;
    else if (told.test(line)) this.privateMessages += 1;
    for (const said of broadcastIn(line)) this.#order.tell("the console", said);
  }

  #wrong(what: string): void {
    this.#troubles.wrong(`The console shows ${what}`);
  }
}

import { PassThrough } from "node:stream";
import type { TestContext } from "node:test";
import type { Clock } from "../../src/client/clock.ts";
import { runPlainClient } from "../../src/client/plain.ts";
import type { Socket } from "../../src/client/socket.ts";
import { openWebSocket } from "../../src/client/ws-socket.ts";

interface Who {
  readonly port: number;
  readonly name: string;
  /** Where the time until it connects again is turned by hand. */
  readonly clock?: Clock;
}

/** Somebody at the plain client behind pipes: what is shown, and waiting for what is expected. */
export class PlainPerson {
  received = "";
  readonly exit: Promise<number>;
  readonly #input = new PassThrough();
  #watchers: (() => void)[] = [];
  #cut: () => void = () => undefined;

  constructor(context: TestContext, { port, name, clock }: Who) {
    const output = new PassThrough();
    output.setEncoding("utf8");
    output.on("data", (text: string) => {
      this.received += text;
      for (const watcher of this.#watchers.splice(0)) watcher();
    });
    const leaving = new AbortController();
    context.after(() => leaving.abort());
    this.exit = runPlainClient({
      host: "127.0.0.1",
      port,
      name,
      input: this.#input,
      output,
      signal: leaving.signal,
      endPatienceMs: 100,
      engine: {
        backoff: { minMs: 1, maxMs: 100 },
        ...(clock === undefined ? {} : { clock }),
        openSocket: (url, events): Socket => {
          const socket = openWebSocket(url, events);
          this.#cut = () => {
            socket.terminate();
            events.closed("it was cut");
          };
          return socket;
        },
      },
    });
  }

  static async enter(context: TestContext, who: Who): Promise<PlainPerson> {
    const person = new PlainPerson(context, who);
    await person.until(/Online Users \(\d+\): [^\n]*\n={50}\n/);
    return person;
  }

  /** The connection breaks. */
  cut(): void {
    this.#cut();
  }

  send(...lines: readonly string[]): void {
    this.#input.write(lines.map((line) => `${line}\n`).join(""));
  }

  /** Resolves to all that was shown as soon as it matches. */
  async until(expected: string | RegExp): Promise<string> {
    const limit = AbortSignal.timeout(30_000);
    const matches = (): boolean =>
      typeof expected === "string" ? this.received.includes(expected) : expected.test(this.received);
    while (!matches()) {
      if (limit.aborted) throw new Error(`Waited in vain for ${String(expected)} after:\n${this.received}`);
      await new Promise<void>((resolve) => {
        this.#watchers.push(resolve);
        limit.addEventListener("abort", () => resolve(), { once: true });
      });
    }
    return this.received;
  }
}

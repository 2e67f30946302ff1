import { setTimeout as sleep } from "node:timers/promises";
import { Client, type ClientOptions } from "./client.ts";

const maxSettleMs = 60_000;

/** Everybody whom a load lets in. */
export class Crowd {
  readonly clients: Client[] = [];
  /** When the read at hand began. */
  readAt = 0;
  lastBytesAt = 0;
  /** Called after each read. */
  afterRead: () => void = () => undefined;
  readonly #options: ClientOptions;
  #entered = 0;
  #wanted = 0;
  #made = 0;
  #more = (): void => undefined;
  #done = (): void => undefined;

  constructor(
    options: Pick<ClientOptions, "door" | "port" | "payloadBytes" | "capabilities" | "joins" | "failed">,
  ) {
    this.#options = {
      ...options,
      entered: () => {
        this.#entered += 1;
        this.#more();
        if (this.#entered === this.#wanted) this.#done();
      },
      reading: () => {
        this.readAt = performance.now();
        this.lastBytesAt = this.readAt;
      },
      read: () => this.afterRead(),
    };
  }

  /** Lets `count` more in, `atOnce` at a time. Resolves, when all are in, to the seconds it took. */
  enter(count: number, atOnce: number): Promise<number> {
    return this.#whenEntered(count, () => {
      let made = 0;
      this.#more = () => {
        while (made < count && made - this.#entered < atOnce) {
          made += 1;
          // Nobody gets a name again that was somebody's before.
          this.clients.push(new Client(this.#made++, this.#options));
        }
      };
      this.#more();
    });
  }

  /** Has all go into the room at once. Resolves, when they are in, to the seconds it took. */
  join(): Promise<number> {
    return this.#whenEntered(this.clients.length, () => {
      this.#more = () => undefined;
      for (const client of this.clients) client.join();
    });
  }

  /** The last `count` of them go, all at once. */
  leave(count: number): void {
    for (const client of this.clients.splice(this.clients.length - count)) client.close();
  }

  /** Resolves when nothing has arrived for so long, to the time (of `performance.now`) when the last thing did. */
  async settle(quietMs: number): Promise<number> {
    const start = performance.now();
    this.lastBytesAt = Math.max(this.lastBytesAt, start);
    while (performance.now() - this.lastBytesAt < quietMs && performance.now() - start < maxSettleMs) {
      await sleep(20);
    }
    return this.lastBytesAt;
  }

  async #whenEntered(count: number, begin: () => void): Promise<number> {
    const start = performance.now();
    this.#entered = 0;
    this.#wanted = count;
    await new Promise<void>((resolve) => {
      this.#done = resolve;
      begin();
    });
    return (performance.now() - start) / 1000;
  }
}

import type { RetryKey, StoredEvent } from "../chat/event.ts";
import type { Fold } from "../chat/name.ts";
import { cleanedText } from "../chat/text.ts";
import type { Store } from "../storage/store.ts";
import type { Ask } from "./link.ts";
import { type Outlet, refusalOfFault } from "./outlet.ts";

type Send = Extract<Ask, { kind: "send" }>;

/**
 * The sends of one session that may have been stored before. Each is answered from the store, in order, and
 * only what it does not know is decided on like a new send: so a retry succeeds even where what it asked for
 * would be refused today. Later sends wait behind them.
 */
export class Retries {
  readonly #store: Store;
  readonly #outlet: Outlet;
  readonly #device: string;
  readonly #accept: (send: Send) => void;
  readonly #answered: () => void;
  readonly #streamOf: (room: string) => string;
  readonly #fold: Fold;
  readonly #waiting: Send[] = [];
  #running = false;

  constructor(
    device: string,
    means: {
      readonly store: Store;
      readonly outlet: Outlet;
      /** The stream of a room that is named somehow. */
      readonly streamOf: (room: string) => string;
      /** How names are told apart. */
      readonly fold: Fold;
      readonly accept: (send: Send) => void;
      /** Called once for each send that was added. */
      readonly answered: () => void;
    },
  ) {
    this.#device = device;
    this.#store = means.store;
    this.#outlet = means.outlet;
    this.#streamOf = means.streamOf;
    this.#fold = means.fold;
    this.#accept = means.accept;
    this.#answered = means.answered;
  }

  get waiting(): number {
    return this.#waiting.length + (this.#running ? 1 : 0);
  }

  add(send: Send): void {
    this.#waiting.push(send);
    if (!this.#running) void this.#run();
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let send = this.#waiting.shift(); send !== undefined; send = this.#waiting.shift()) {
      if (send.counter === undefined) this.#accept(send);
      else await this.#answer(send, { device: this.#device, counter: send.counter });
      this.#outlet.inOrder(this.#answered);
    }
    this.#running = false;
  }

  async #answer(send: Send, key: RetryKey): Promise<void> {
    const { session } = send;
    const { counter } = key;
    try {
      const event = await this.#store.findRetry(key);
      if (event === undefined) this.#accept(send);
      else if (this.#isSameSend(event, send))
        this.#outlet.afterwards({ kind: "ack", session, event, tag: { counter } });
      else this.#outlet.refuse(session, { reason: "retry-mismatch" }, { counter });
    } catch (error) {
      this.#outlet.refuse(session, refusalOfFault(error), { counter });
    }
  }

  /** Whether a retry asks for what was stored under its key. */
  #isSameSend(event: StoredEvent, send: Send): boolean {
    const to = event.to === undefined ? event.stream : `@${this.#fold(event.to.name)}`;
    const asked = send.to.startsWith("@") ? `@${this.#fold(send.to.slice(1))}` : this.#streamOf(send.to);
    return to === asked && event.kind === send.speech && cleanedText(send.text) === event.text;
  }
}

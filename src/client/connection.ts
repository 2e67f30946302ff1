import type { ClientMessage, ServerMessage } from "../protocols/websocket/messages.ts";
import { parseServerMessage } from "../protocols/websocket/parse.ts";
import type { Clock, Timer } from "./clock.ts";
import type { OpenSocket, Socket } from "./socket.ts";

export interface ConnectionOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly openSocket: OpenSocket;
  /** Messages may be written from now on. */
  readonly onOpen: () => void;
  readonly onMessage: (message: ServerMessage) => void;
  /** Once, unless `drop` came first: it is of no use any more. `why` is a few words for people. `isFinal`: coming back is no use. */
  readonly onLost: (why: string, how: { readonly isFinal: boolean }) => void;
}

/** From the beginning of an attempt, and from a hello, to the server's next word. */
const answerMs = 10_000;
/** How long a server is given to answer a goodbye. */
const goodbyeMs = 1000;

/**
 * One connection to a server, from the attempt to its end. It notices when the other side is not there: no
 * answer in time at first, silence later.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #socket: Socket;
  #timer: Timer | undefined;
  #heardAt = 0;
  #over = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#expectAnswer();
    this.#socket = options.openSocket(options.url, {
      opened: () => {
        if (!this.#over) options.onOpen();
      },
      alive: () => this.#heard(),
      frame: (text) => this.#frame(text),
      closed: (problem, how) => this.#lost(problem ?? "the server closed the connection", how),
    });
  }

  write(message: ClientMessage): void {
    if (message.type === "hello") this.#expectAnswer();
    this.#socket.send(JSON.stringify(message));
  }

  /** Measures how long the way there and back takes. */
  ping(measured: (ms: number) => void): void {
    const { clock } = this.#options;
    const before = clock.monotonic();
    this.#socket.ping(() => {
      if (!this.#over) measured(clock.monotonic() - before);
    });
  }

  /** There is no hurry any more: the server waits for us, not we for it. */
  unhurried(): void {
    this.#timer?.cancel();
  }

  /** From now on the connection is lost when not a byte comes in for so long. */
  watch(silenceMs: number): void {
    this.#heard();
    this.#look(silenceMs);
  }

  /** Closes in order; `onLost` follows, soon also where the server does not answer. */
  close(): void {
    this.#socket.close();
    this.#set(goodbyeMs, () => this.#lost("the goodbye was not answered"));
  }

  /** Closes at once and tells nothing any more. */
  drop(): void {
    this.#over = true;
    this.#timer?.cancel();
    this.#socket.terminate();
  }

  #frame(text: string): void {
    if (this.#over) return;
    this.#heard();
    const message = parseServerMessage(text);
    if (message.type !== "malformed") this.#options.onMessage(message);
    else this.#lost(`the server said something that is not understood: ${message.problem}`);
  }

  #heard(): void {
    this.#heardAt = this.#options.clock.monotonic();
  }

  #expectAnswer(): void {
    this.#set(answerMs, () => this.#lost("there was no answer in time"));
  }

  /** Looks again when the silence could be complete, instead of arming a timer at every frame. */
  #look(silenceMs: number): void {
    const leftMs = this.#heardAt + silenceMs - this.#options.clock.monotonic();
    if (leftMs <= 0) this.#lost("the server has gone silent");
    else this.#set(leftMs, () => this.#look(silenceMs));
  }

  #lost(why: string, how = { isFinal: false }): void {
    if (this.#over) return;
    this.drop();
    this.#options.onLost(why, how);
  }

  #set(ms: number, action: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#options.clock.after(ms, action);
  }
}

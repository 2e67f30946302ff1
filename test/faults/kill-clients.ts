import { connect, type Socket } from "node:net";
import { WebSocket } from "ws";
import type { Position, ServerMessage, WireEvent } from "../../src/protocols/websocket/messages.ts";

/** What all clients of a run have in common. */
export interface Crowd {
  /** A text that was never said before. */
  newText(who: string): string;
  /** Whether something new is to be said; what was said is retried in any case. */
  readonly talking: boolean;
  /** Somebody to write to privately, other than oneself. */
  partner(who: string): string | undefined;
  /** Called after each send was written, and after each acknowledgement. */
  wrote(): void;
  acknowledged(): void;
  /** Something that must not be. */
  wrong(what: string): void;
}

/** A send of the websocket door, and the first acknowledgement that it got. */
export interface Sent {
  readonly counter: number;
  readonly to: string;
  readonly text: string;
  ack: Extract<ServerMessage, { type: "ack" }> | undefined;
}

export interface Client {
  readonly name: string;
  /** Comes in; resolves when it has everything up to now. */
  enter(port: number): Promise<void>;
  /** Resolves when its connection is gone, with everything read that had come. */
  gone(): Promise<void>;
  leave(): void;
}

const host = "127.0.0.1";
const pauseMs = 25;

/**
 * Somebody at the websocket door who keeps what the protocol tells to keep (token, position, what is not
 * acknowledged) over all restarts, and checks at once that each number follows the one before.
 */
export class WebSocketPerson implements Client {
  readonly name: string;
  readonly sent: Sent[] = [];
  /** Every event that was shown, in the order of showing. */
  readonly shown: WireEvent[] = [];
  /** The highest number of each stream that was shown or acknowledged. */
  readonly heads = new Map<string, number>();
  retries = 0;
  refusals = 0;
  readonly #crowd: Crowd;
  readonly #talks: "not" | "room" | "both";
  #socket: WebSocket | undefined;
  #token: string | undefined;
  #epoch = "";
  #isLive = false;
  /** Sent on an earlier connection: their acknowledgements may come with any number. */
  #oldCounters = 0;
  #gone: Promise<void> = Promise.resolve();

  constructor(name: string, crowd: Crowd, talks: "not" | "room" | "both") {
    this.name = name;
    this.#crowd = crowd;
    this.#talks = talks;
  }

  get unacknowledged(): readonly Sent[] {
    return this.sent.filter((sent) => sent.ack === undefined);
  }

  enter(port: number): Promise<void> {
    const socket = new WebSocket(`ws://${host}:${port}/chat`);
    this.#socket = socket;
    this.#isLive = false;
    this.#oldCounters = this.sent.length;
    this.#gone = new Promise((resolve) => socket.on("close", () => resolve()));
    socket.on("error", () => undefined);
    return new Promise((resolve, reject) => {
      void this.#gone.then(() => reject(new Error(`${this.name} was closed while coming in`)));
      socket.on("open", () => socket.send(JSON.stringify(this.#hello())));
      socket.on("message", (data: Buffer) => {
        this.#take(JSON.parse(data.toString()) as ServerMessage, resolve);
      });
    });
  }

  gone(): Promise<void> {
    return this.#gone;
  }

  leave(): void {
    this.#socket?.terminate();
  }

  /** Says something new as soon as there is nothing that waits for its acknowledgement. */
  talk(): void {
    if (this.#talks === "not" || !this.#crowd.talking || !this.#isLive) return;
    if (this.unacknowledged.length > 0) return;
    const partner =
      this.#talks === "both" && Math.random() < 0.4 ? this.#crowd.partner(this.name) : undefined;
    const to = partner === undefined ? "#lobby" : `@${partner}`;
    // Sometimes several at once, so that a batch may be cut in the middle of one sender's.
    const count = Math.random() < 0.3 ? 4 : 1;
    for (let index = 0; index < count; index += 1) {
      const text = this.#crowd.newText(this.name);
      const sent = { counter: this.sent.length + 1, to, text, ack: undefined };
      this.sent.push(sent);
      this.#write(sent);
    }
  }

  #hello(): object {
    const position: Position = { epoch: this.#epoch, heads: Object.fromEntries(this.heads) };
    const known = this.#token === undefined ? {} : { token: this.#token, position };
    return { type: "hello", version: 1, name: this.name, ...known };
  }

  #write({ counter, to, text }: Sent): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#socket.send(JSON.stringify({ type: "send", counter, to, kind: "text", text }));
    this.#crowd.wrote();
  }

  #take(message: ServerMessage, entered: () => void): void {
    switch (message.type) {
      case "welcome":
        this.#welcomed(message, entered);
        break;
      case "caught-up":
        this.#live(entered);
        break;
      case "event":
        this.#advance(message.event.stream, message.event.number, `shown ${message.event.text}`);
        this.shown.push(message.event);
        break;
      case "ack":
        this.#acknowledged(message);
        break;
      case "refused":
        this.#refused(message);
        break;
      case "gone":
        this.#crowd.wrong(`${this.name} was told that ${JSON.stringify(message)} no longer exist`);
        break;
      case "closing":
      case "heartbeat":
      case "joined":
      case "left":
      case "renamed":
      case "own-name":
      case "person-changed":
      case "room-entered":
      case "room-left":
      case "invited":
      case "happened":
      case "done":
      case "rooms":
      case "room":
      case "person":
      case "devices":
      case "ignored":
      case "password-changed":
      case "signed-in":
      case "online":
      case "page":
      case "found":
        break;
    }
  }

  #welcomed(welcome: Extract<ServerMessage, { type: "welcome" }>, entered: () => void): void {
    if (this.#token !== undefined) {
      if (welcome.epoch !== this.#epoch) this.#crowd.wrong(`The epoch changed for ${this.name}`);
      if (!welcome.resumed) this.#crowd.wrong(`The position of ${this.name} was not taken up`);
      if (welcome.gone.length > 0) this.#crowd.wrong(`Something is gone for ${this.name}`);
    }
    this.#token = welcome.token;
    this.#epoch = welcome.epoch;
    for (const [stream, head] of welcome.resumed ? [] : Object.entries(welcome.heads)) {
      this.heads.set(stream, head);
    }
    // Half of them retry before they have caught up, half after it.
    if (this.name.endsWith("0") || !welcome.resumed) this.#retry();
    if (!welcome.resumed) this.#live(entered);
  }

  #live(entered: () => void): void {
    if (!this.#isLive && !this.name.endsWith("0")) this.#retry();
    this.#isLive = true;
    entered();
    this.#talkSoon();
  }

  #retry(): void {
    for (const sent of this.unacknowledged) {
      this.retries += 1;
      this.#write(sent);
    }
  }

  #acknowledged(ack: Extract<ServerMessage, { type: "ack" }>): void {
    const sent = this.sent[ack.counter - 1];
    if (sent === undefined) {
      this.#crowd.wrong(`${this.name} got an acknowledgement of ${ack.counter}, which it never sent`);
      return;
    }
    if (sent.ack !== undefined && (sent.ack.number !== ack.number || sent.ack.id !== ack.id)) {
      this.#crowd.wrong(`${sent.text} of ${this.name} was acknowledged as two events`);
    }
    sent.ack ??= ack;
    const isOld = ack.counter <= this.#oldCounters && ack.number <= (this.heads.get(ack.stream) ?? 0);
    // Who still catches up is shown his own messages as events too.
    if (this.#isLive && !isOld) this.#advance(ack.stream, ack.number, `acknowledged ${sent.text}`);
    this.#crowd.acknowledged();
    this.#talkSoon();
  }

  #refused(refused: Extract<ServerMessage, { type: "refused" }>): void {
    const sent = this.sent[(refused.counter ?? 0) - 1];
    if (sent === undefined || refused.reason !== "not-online") {
      this.#crowd.wrong(`${this.name} was refused: ${JSON.stringify(refused)}`);
      return;
    }
    // Whom it goes to is not back yet.
    this.refusals += 1;
    setTimeout(() => this.#write(sent), pauseMs);
  }

  #advance(stream: string, number: number, what: string): void {
    const head = this.heads.get(stream) ?? 0;
    if (number !== head + 1) {
      this.#crowd.wrong(`${this.name} was ${what} as ${stream} #${number} after #${head}`);
    }
    this.heads.set(stream, Math.max(head, number));
  }

  #talkSoon(): void {
    if (this.#talks !== "not") setTimeout(() => this.talk(), Math.random() * pauseMs);
  }
}

/** One connection of somebody at the line door, with every line that was shown on it. */
export interface LineVisit {
  readonly lines: string[];
}

/** Somebody at the line door, who comes in anew each time and has no acknowledgements. */
export class LinePerson implements Client {
  readonly name: string;
  readonly sent: string[] = [];
  readonly visits: LineVisit[] = [];
  readonly #crowd: Crowd;
  readonly #talks: boolean;
  #socket: Socket | undefined;
  #gone: Promise<void> = Promise.resolve();

  constructor(name: string, crowd: Crowd, talks: boolean) {
    this.name = name;
    this.#crowd = crowd;
    this.#talks = talks;
  }

  enter(port: number): Promise<void> {
    const socket = connect({ port, host, noDelay: true });
    this.#socket = socket;
    const lines: string[] = [];
    this.visits.push({ lines });
    let rest = "";
    this.#gone = new Promise((resolve) => socket.on("close", () => resolve()));
    socket.on("error", () => undefined);
    socket.setEncoding("utf8");
    return new Promise((resolve, reject) => {
      void this.#gone.then(() => reject(new Error(`${this.name} was closed while coming in`)));
      socket.on("connect", () => socket.write(`${this.name}\n`));
      socket.on("data", (chunk: string) => {
        const pieces = (rest + chunk).split("\n");
        rest = pieces.pop() ?? "";
        lines.push(...pieces);
        if (pieces.some((line) => line.startsWith("Online Users ("))) {
          resolve();
          this.#talkSoon();
        }
        const error = pieces.find((line) => line.includes("[ERROR]"));
        if (error !== undefined) this.#crowd.wrong(`${this.name} was told: ${error}`);
      });
    });
  }

  gone(): Promise<void> {
    return this.#gone;
  }

  leave(): void {
    this.#socket?.destroy();
  }

  #talk(): void {
    const socket = this.#socket;
    if (!this.#crowd.talking || socket === undefined || !socket.writable) return;
    const text = this.#crowd.newText(this.name);
    this.sent.push(text);
    socket.write(`${text}\n`);
    this.#crowd.wrote();
    this.#talkSoon();
  }

  #talkSoon(): void {
    if (this.#talks) setTimeout(() => this.#talk(), (0.5 + Math.random()) * pauseMs);
  }
}

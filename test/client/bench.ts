import type { Clock, Timer } from "../../src/client/clock.ts";
import { Engine } from "../../src/client/engine.ts";
import type { EngineEvent } from "../../src/client/engine-event.ts";
import type { EngineOptions } from "../../src/client/engine-options.ts";
import type { Welcome } from "../../src/client/order.ts";
import type { OpenSocket, SocketEvents } from "../../src/client/socket.ts";
import type { ClientMessage, ServerMessage, WireEvent } from "../../src/protocols/websocket/messages.ts";

/** A clock that stands still until it is turned. */
export class ManualClock implements Clock {
  #now = 0;
  #timers: { at: number; action: () => void }[] = [];

  monotonic(): number {
    return this.#now;
  }

  after(ms: number, action: () => void): Timer {
    const timer = { at: this.#now + ms, action };
    this.#timers.push(timer);
    return { cancel: () => void (this.#timers = this.#timers.filter((other) => other !== timer)) };
  }

  /** Runs what comes due on the way, in order of time. */
  turn(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter((timer) => timer.at <= end).sort((one, other) => one.at - other.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#now = Math.max(this.#now, next.at);
      next.action();
    }
    this.#now = end;
  }

  get pending(): number {
    return this.#timers.length;
  }
}

/** The server's end of a connection that an engine opened. */
export class FakeLine {
  readonly url: string;
  readonly sent: ClientMessage[] = [];
  readonly #events: SocketEvents;
  /** What answers the pings that came. */
  readonly pings: (() => void)[] = [];
  onSent: ((message: ClientMessage) => void) | undefined;
  gone = false;
  goodbye = false;

  constructor(url: string, events: SocketEvents) {
    this.url = url;
    this.#events = events;
  }

  open(): void {
    this.#events.opened();
  }

  say(message: ServerMessage): void {
    this.#events.frame(JSON.stringify(message));
  }

  alive(): void {
    this.#events.alive();
  }

  drop(problem?: string): void {
    this.#events.closed(problem);
  }

  /** What came since the last call. */
  take(): ClientMessage[] {
    return this.sent.splice(0);
  }
}

/** An engine on a clock that is turned by hand, against lines that the test answers. */
export class Bench {
  readonly clock = new ManualClock();
  readonly lines: FakeLine[] = [];
  readonly events: EngineEvent[] = [];
  readonly engine: Engine;
  onLine: ((line: FakeLine) => void) | undefined;

  constructor(options: Partial<EngineOptions> = {}) {
    const openSocket: OpenSocket = (url, events) => {
      const line = new FakeLine(url, events);
      this.lines.push(line);
      this.onLine?.(line);
      return {
        send: (frame) => {
          const message = JSON.parse(frame) as ClientMessage;
          line.sent.push(message);
          line.onSent?.(message);
        },
        ping: (answered) => void line.pings.push(answered),
        close: () => void (line.goodbye = true),
        terminate: () => void (line.gone = true),
      };
    };
    this.engine = new Engine({
      host: "localhost",
      port: 5173,
      name: "Alice",
      onEvent: (event) => void this.events.push(event),
      clock: this.clock,
      random: () => 0,
      openSocket,
      ...options,
    });
  }

  get line(): FakeLine {
    const line = this.lines.at(-1);
    if (line === undefined) throw new Error("The engine has not connected");
    return line;
  }

  /** Starts the engine and welcomes it. */
  join(changes: Partial<Welcome> = {}): FakeLine {
    this.engine.start();
    return this.admit(changes);
  }

  /** Opens the newest line and welcomes the engine on it. */
  admit(changes: Partial<Welcome> = {}): FakeLine {
    this.line.open();
    this.line.say(welcome(changes));
    return this.line;
  }

  /** The events of these kinds since the last call; all events are forgotten. */
  take(...kinds: EngineEvent["kind"][]): EngineEvent[] {
    return this.events.splice(0).filter((event) => kinds.length === 0 || kinds.includes(event.kind));
  }

  /** The texts of the events told since the last call. */
  texts(): string[] {
    return this.take("event").map((event) => (event.kind === "event" ? event.event.text : ""));
  }
}

export function welcome(changes: Partial<Welcome> = {}): Welcome {
  return {
    type: "welcome",
    version: 1,
    you: { id: "p1", name: "Alice" },
    token: "token-1",
    epoch: "e1",
    resumed: false,
    gone: [],
    heads: { "#lobby": 0 },
    online: { count: 1, names: ["Alice"] },
    recent: [],
    operatorSeesPrivate: true,
    limits: { maxTextBytes: 2048, maxPageEvents: 100, heartbeatMs: 10_000, flood: null },
    ...changes,
  };
}

/** What somebody else says in the lobby. */
export function said(number: number, text = `text ${number}`, changes: Partial<WireEvent> = {}): WireEvent {
  const from = { id: "p2", name: "Bob" };
  return {
    stream: "#lobby",
    number,
    id: `m${number}`,
    at: 1000 + number,
    kind: "text",
    from,
    text,
    ...changes,
  };
}

export function ack(
  counter: number,
  number: number,
  stream = "#lobby",
): Extract<ServerMessage, { type: "ack" }> {
  return { type: "ack", counter, stream, number, id: `m${number}`, at: 1000 + number };
}

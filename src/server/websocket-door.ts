import type { WebSocket } from "ws";
import type { StoredEvent, StreamId } from "../chat/event.ts";
import { searchCost } from "../chat/search.ts";
import { closingText, refusalText } from "../protocols/refusal-text.ts";
import type {
  ClientMessage,
  ClosingReason,
  ServerMessage,
  WireHit,
} from "../protocols/websocket/messages.ts";
import { protocolVersion } from "../protocols/websocket/messages.ts";
import { parseClientMessage, wireEvent } from "../protocols/websocket/parse.ts";
import type { SearchHit } from "../storage/store.ts";
import { type Connection, type DoorSession, hold } from "./connection.ts";
import { type Dialect, packFrames, pingFrame } from "./dialect.ts";
import { FloodLimit } from "./flood-limit.ts";
import type { DoorContext } from "./front.ts";
import type { PersonalTell, RoomTell, Seen } from "./link.ts";
import type { Settings } from "./settings.ts";

const closeCodes = {
  normal: 1000,
  goingAway: 1001,
  policy: 1008,
  unsupported: 1003,
  tryLater: 1013,
  fault: 1011,
} as const;

const closeCodeOf: Readonly<Record<ClosingReason, number>> = {
  quit: closeCodes.normal,
  shutdown: closeCodes.goingAway,
  kicked: closeCodes.policy,
  banned: closeCodes.policy,
  "taken-over": closeCodes.policy,
  "too-many-connections": closeCodes.tryLater,
  "login-timeout": closeCodes.policy,
  "names-refused": closeCodes.policy,
  "too-slow": closeCodes.policy,
  silent: closeCodes.goingAway,
  malformed: closeCodes.unsupported,
  "wrong-version": closeCodes.unsupported,
  fault: closeCodes.fault,
};

const maxRefusedNames = 3;
/** Who sends too fast is not read from for so long at most: the library has read on meanwhile, and pings wait. */
const maxSlowDownMs = 2000;

type Asking = Exclude<ClientMessage, { type: "hello" }>;

/** A connection over which our own clients and programs talk: messages in JSON, one a frame. */
export class WebSocketDoor implements DoorSession {
  readonly #connection: Connection;
  readonly #websocket: WebSocket;
  readonly #context: DoorContext;
  readonly #flood: FloodLimit | undefined;
  #stage: "hello" | "waiting" | "chatting" = "hello";
  #refusedNames = 0;
  /** What refusals cost; made with the first of them. */
  #futile: FloodLimit | undefined;
  /** What had been read already when there was something to wait for. */
  #waiting: Asking[] = [];

  constructor(
    connection: Connection,
    options: { readonly websocket: WebSocket; readonly context: DoorContext },
  ) {
    const { context, websocket } = options;
    this.#connection = connection;
    this.#websocket = websocket;
    this.#context = context;
    const { flood } = context.settings;
    this.#flood = flood && new FloodLimit(flood, context.clock.monotonic());
    websocket.on("message", (data: Buffer, isBinary: boolean) => {
      if (isBinary) this.#malformed("messages are text frames");
      else this.#message(data.toString());
    });
    websocket.on("ping", () => this.#heard());
    websocket.on("pong", () => this.#heard());
    // A peer that breaks the framing has been sent the closing frame by the library; it must not stay in the
    // chat until it closes its own side.
    websocket.on("error", (error) => {
      if (connection.closing) return;
      const why = `broken websocket frames (${error.message})`;
      context.reject(connection, { reason: undefined, why, counts: "broken-frames" });
    });
  }

  get protocol(): "websocket" {
    return "websocket";
  }

  receive(): void {}

  end(): void {}

  answered(entered: boolean): void {
    if (entered) {
      this.#stage = "chatting";
    } else {
      this.#stage = "hello";
      this.#refusedNames += 1;
    }
    this.#connection.release(hold.entry);
    if (this.#refusedNames >= maxRefusedNames) {
      this.#end("names-refused", { text: closingText("names-refused"), why: "three names were refused" });
    }
  }

  looked(): void {
    this.#connection.release(hold.look);
    this.#goOn();
  }

  drained(): void {
    this.#goOn();
  }

  close(reason: ClosingReason | undefined): void {
    this.#websocket.close(reason === undefined ? closeCodes.normal : closeCodeOf[reason], reason);
  }

  #heard(): void {
    this.#connection.unansweredPings = 0;
  }

  #message(frame: string): void {
    this.#heard();
    if (this.#connection.closing) return;
    const message = parseClientMessage(frame);
    if (message.type === "malformed") {
      this.#malformed(message.problem);
      return;
    }
    if (message.type === "hello") {
      this.#hello(message);
      return;
    }
    if (this.#stage !== "chatting") {
      this.#malformed("the first message is hello, and the next waits for its answer");
      return;
    }
    if (this.#waits) this.#waiting.push(message);
    else this.#chat(message);
  }

  get #waits(): boolean {
    return this.#connection.isHeld(hold.look | hold.backlog);
  }

  #goOn(): void {
    while (!this.#waits && !this.#connection.closing) {
      const message = this.#waiting.shift();
      if (message === undefined) return;
      this.#chat(message);
    }
  }

  #hello(hello: Extract<ClientMessage, { type: "hello" }>): void {
    if (this.#stage !== "hello") {
      this.#malformed("hello comes once");
      return;
    }
    if (hello.version !== protocolVersion) {
      const text = `This server speaks version ${protocolVersion} of the protocol, not ${hello.version}`;
      this.#end("wrong-version", { text });
      return;
    }
    this.#stage = "waiting";
    this.#connection.hold(hold.entry);
    const { position } = hello;
    this.#context.ask({
      kind: "enter",
      session: this.#connection.id,
      door: "websocket",
      name: hello.name,
      token: hello.token,
      position: position && {
        epoch: position.epoch,
        seen: new Map(Object.entries(position.heads) as [StreamId, number][]),
      },
    });
  }

  #chat(message: Asking): void {
    const session = this.#connection.id;
    if (message.type === "quit") {
      this.#context.ask({ kind: "closed", session, finished: true, why: undefined });
      return;
    }
    const tag = message.type === "send" ? { counter: message.counter } : { request: message.request };
    const cost = message.type === "search" ? searchCost : 1;
    const retryAfterMs = this.#flood?.take(this.#context.clock.monotonic(), cost) ?? 0;
    if (retryAfterMs > 0) {
      const refusal = { reason: "too-fast", retryAfterMs } as const;
      this.#context.ask({ kind: "note", session, note: { kind: "refused", refusal, tag } });
      this.#slowDown();
      return;
    }
    switch (message.type) {
      case "send": {
        const { counter, to, text, replyTo, threadRoot } = message;
        const action = message.kind === "action";
        this.#context.ask({ kind: "send", session, to, action, text, replyTo, threadRoot, counter });
        return;
      }
      case "list":
        this.#context.ask({ kind: "list", session, tag, beginning: message.beginning ?? "" });
        return;
      case "history": {
        const { stream, after, before, limit } = message;
        this.#connection.hold(hold.look);
        this.#context.ask({ kind: "history", session, tag, stream, after, before, limit });
        return;
      }
      case "search":
        this.#connection.hold(hold.look);
        this.#context.ask({ kind: "search", session, tag, query: message.query });
        return;
    }
  }

  /** Refusing is work too: who makes much of it is read from at a pace. */
  #slowDown(): void {
    const { clock } = this.#context;
    if (this.#flood === undefined) return;
    const now = clock.monotonic();
    this.#futile ??= this.#flood.another(now);
    const ms = Math.min(this.#futile.owe(1, now), maxSlowDownMs);
    if (ms === 0 || this.#connection.isHeld(hold.flood)) return;
    this.#connection.hold(hold.flood);
    clock.after(ms, () => this.#connection.release(hold.flood));
  }

  #malformed(problem: string): void {
    this.#end("malformed", { text: `That message cannot be read: ${problem}` });
  }

  #end(reason: ClosingReason, { text, why = text }: { readonly text: string; readonly why?: string }): void {
    const connection = this.#connection;
    const closing: ServerMessage = { type: "closing", reason, text, at: this.#context.clock.now() };
    connection.write(packFrames([JSON.stringify(closing)]).bytes);
    this.#context.reject(connection, { reason, why });
  }
}

/** What the websocket door's words depend on. */
interface WebSocketManner {
  readonly settings: Settings;
  /** Told in the welcome, for a client's `/help`. */
  readonly consoleShowsPrivate: boolean;
}

/** The websocket door's words. */
export function websocketDialect(manner: WebSocketManner): Dialect {
  return {
    showsOwn: true,
    pack: packFrames,
    room: (tell) => {
      const message = JSON.stringify(roomMessage(tell));
      // Who reads and never speaks still answers a ping, so its silence means that it is gone.
      return tell.kind === "heartbeat" ? Buffer.concat([packFrames([message]).bytes, pingFrame]) : message;
    },
    personal: (tell) => personalMessages(tell, manner).map((message) => JSON.stringify(message)),
  };
}

function roomMessage(tell: RoomTell): ServerMessage {
  switch (tell.kind) {
    case "event":
      return { type: "event", event: wireEvent(tell.event) };
    case "joined":
    case "left":
      return { type: tell.kind, at: tell.at, people: tell.people, count: tell.count };
    case "heartbeat":
      return { type: "heartbeat", at: tell.at, heads: headsOf(tell.heads) };
  }
}

function personalMessages(tell: PersonalTell, manner: WebSocketManner): readonly ServerMessage[] {
  switch (tell.kind) {
    case "entered":
      return [welcome(tell, manner)];
    case "private":
      return [eventMessage(tell.event)];
    case "private-heartbeat":
      return [{ type: "heartbeat", at: tell.at, heads: headsOf(tell.heads) }];
    case "ack": {
      const { stream, number, id, at, to } = tell.event;
      if (tell.counter === undefined) return [];
      return [{ type: "ack", counter: tell.counter, stream, number, id, at, ...(to && { to }) }];
    }
    case "refused":
      return [refusedMessage(tell)];
    case "online":
      return typeof tell.tag === "object" && "request" in tell.tag
        ? [{ type: "online", ...tell.tag, online: tell.online }]
        : [];
    case "page": {
      if (typeof tell.tag !== "object" || !("request" in tell.tag)) return [];
      const { floor, head, events } = tell.page;
      return [{ type: "page", ...tell.tag, stream: tell.stream, events: events.map(wireEvent), floor, head }];
    }
    case "found": {
      if (typeof tell.tag !== "object" || !("request" in tell.tag)) return [];
      const { hits, found, isComplete } = tell.result;
      return [{ type: "found", ...tell.tag, hits: hits.map(wireHit), found, complete: isComplete }];
    }
    case "missed":
      return [
        ...tell.gone.map((gone): ServerMessage => ({ type: "gone", ...gone })),
        ...tell.events.map(eventMessage),
        ...(tell.online === undefined ? [] : [{ type: "caught-up", online: tell.online } as const]),
      ];
    case "note":
      return tell.note.kind === "refused" ? [refusedMessage(tell.note)] : [];
    case "close":
      return [
        {
          type: "closing",
          reason: tell.reason ?? "quit",
          text: closingText(tell.reason ?? "quit", tell.text),
          at: tell.at,
        },
      ];
  }
}

function welcome(tell: Extract<PersonalTell, { kind: "entered" }>, manner: WebSocketManner): ServerMessage {
  const { settings } = manner;
  return {
    type: "welcome",
    version: protocolVersion,
    you: tell.person,
    token: tell.token,
    epoch: tell.epoch,
    resumed: tell.resumed,
    gone: tell.gone,
    heads: headsOf(tell.heads),
    online: tell.online,
    recent: tell.recent.map(wireEvent),
    operatorSeesPrivate: manner.consoleShowsPrivate,
    limits: {
      maxTextBytes: settings.maxLineBytes,
      maxPageEvents: settings.maxPageEvents,
      heartbeatMs: settings.heartbeatMs,
      flood: settings.flood ?? null,
    },
  };
}

function refusedMessage(
  tell: Pick<Extract<PersonalTell, { kind: "refused" }>, "refusal" | "tag">,
): ServerMessage {
  const { refusal, tag } = tell;
  return {
    type: "refused",
    reason: refusal.reason,
    text: refusalText(refusal),
    ...(typeof tag === "object" ? tag : {}),
    ...("retryAfterMs" in refusal ? { retryAfterMs: refusal.retryAfterMs } : {}),
  };
}

function eventMessage(event: StoredEvent): ServerMessage {
  return { type: "event", event: wireEvent(event) };
}

function wireHit({ event, before, after }: SearchHit): WireHit {
  return {
    event: wireEvent(event),
    ...(before && { before: wireEvent(before) }),
    ...(after && { after: wireEvent(after) }),
  };
}

function headsOf(seen: Seen): Record<string, number> {
  return Object.fromEntries(seen);
}

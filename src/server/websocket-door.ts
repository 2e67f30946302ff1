import type { WebSocket } from "ws";
import type { Deed } from "../chat/command.ts";
import { type Author, lobby, type ReaderEvent, type StreamId } from "../chat/event.ts";
import { parseModeText } from "../chat/mode.ts";
import type { Refusal } from "../chat/refusal.ts";
import { maxListedNames } from "../chat/roster.ts";
import { lineCount } from "../chat/text.ts";
import { quitReason, quitText } from "../protocols/irc/quit.ts";
import { closingText, refusalText } from "../protocols/refusal-text.ts";
import type {
  ClientMessage,
  ClosingReason,
  ServerMessage,
  WireEntry,
  WireHit,
  WirePerson,
  WireRefusal,
  WireRoom,
} from "../protocols/websocket/messages.ts";
import { costOf, protocolVersion } from "../protocols/websocket/messages.ts";
import { parseClientMessage, wireEvent } from "../protocols/websocket/parse.ts";
import type { SearchHit } from "../storage/store.ts";
import { type Connection, type DoorSession, type DoorTell, hold } from "./connection.ts";
import { type Dialect, packFrames, pingFrame } from "./dialect.ts";
import { FloodLimit } from "./flood-limit.ts";
import type { DoorContext } from "./front.ts";
import type { Answer, Done, PersonalTell, Query, RoomEntry, RoomTell, RoomView, Seen, Tag } from "./link.ts";
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
  "signed-out": closeCodes.policy,
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

type Hello = Extract<ClientMessage, { type: "hello" }>;
type Asking = Exclude<ClientMessage, Hello>;

/** A connection over which our own clients and programs talk: messages in JSON, one a frame. */
export class WebSocketDoor implements DoorSession {
  readonly #connection: Connection;
  readonly #websocket: WebSocket;
  readonly #context: DoorContext;
  readonly #flood: FloodLimit | undefined;
  #stage: "hello" | "waiting" | "chatting" = "hello";
  #refusedNames = 0;
  /** What is to be done when its password is found to be right. */
  #signingIn: Hello | undefined;
  /** The page that is awaited, by its request. */
  #awaited: number | undefined;
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

  answered(refusal: Refusal | undefined): void {
    if (refusal === undefined) {
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

  looked(tag: Tag | undefined): void {
    // What was asked before the page may be answered before it, and then it is still awaited.
    if (typeof tag !== "object" || !("request" in tag) || tag.request !== this.#awaited) return;
    this.#awaited = undefined;
    this.#connection.release(hold.look);
    this.#goOn();
  }

  told(tell: DoorTell): void {
    if (this.#stage !== "waiting") return;
    if (tell.kind === "signed-in" && this.#signingIn !== undefined) this.#enter(this.#signingIn);
    else if (tell.kind === "refused") this.answered(tell.refusal);
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

  #hello(hello: Hello): void {
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
    const { name: account, password } = hello;
    if (password === undefined) {
      this.#enter(hello);
      return;
    }
    this.#signingIn = hello;
    this.#context.ask({
      kind: "sign-in",
      session: this.#connection.id,
      tag: "sign-in",
      proof: { kind: "password", account, password },
      device: hello.device,
    });
  }

  #enter(hello: Hello): void {
    const { position } = hello;
    this.#context.ask({
      kind: "enter",
      session: this.#connection.id,
      door: "websocket",
      name: hello.name,
      user: "client",
      realName: "",
      token: hello.token,
      tab: hello.tab,
      lingers: hello.lingers,
      position: position && {
        epoch: position.epoch,
        seen: new Map(Object.entries(position.heads) as [StreamId, number][]),
      },
    });
  }

  #chat(message: Asking): void {
    const session = this.#connection.id;
    if (message.type === "quit") {
      this.#context.ask({ kind: "closed", session, finished: true, why: undefined, text: quitText("") });
      return;
    }
    const tag: Tag = message.type === "send" ? { counter: message.counter } : { request: message.request };
    const retryAfterMs = this.#flood?.take(this.#context.clock.monotonic(), costOf(message)) ?? 0;
    if (retryAfterMs > 0) {
      const refusal = { reason: "too-fast", retryAfterMs } as const;
      this.#context.ask({ kind: "note", session, note: { kind: "refused", refusal, tag } });
      this.#slowDown();
      return;
    }
    switch (message.type) {
      case "send": {
        const { counter, to, replyTo, threadRoot, kind: speech } = message;
        const text = message.text.replaceAll("\r\n", "\n");
        const form = lineCount(text) > 1 ? { formatting: false, lines: true } : undefined;
        this.#context.ask({ kind: "send", session, to, speech, text, replyTo, threadRoot, form, counter });
        return;
      }
      case "list":
      case "rooms":
      case "room":
      case "person":
      case "ignored":
        this.#context.ask({ kind: "look", session, tag, query: queryOf(message) });
        return;
      case "devices":
        this.#context.ask({ kind: "devices", session, tag, revoke: message.revoke });
        return;
      case "password": {
        const { old: before, new: after } = message;
        this.#context.ask({ kind: "change-password", session, tag, before, after });
        return;
      }
      case "register": {
        const { password, email, device } = message;
        this.#context.ask({ kind: "register", session, tag, name: undefined, password, email, device });
        return;
      }
      case "join":
      case "part":
      case "topic":
      case "kick":
      case "modes":
      case "rename-room":
      case "invite":
      case "rename":
      case "away":
      case "ignore":
      case "unignore":
        this.#context.ask({ kind: "do", session, tag, deed: deedOf(message) });
        return;
      case "history": {
        const { stream, after, before, limit } = message;
        this.#await(message.request);
        this.#context.ask({ kind: "history", session, tag, stream, after, before, limit, onlyShown: false });
        return;
      }
      case "search":
        this.#await(message.request);
        this.#context.ask({ kind: "search", session, tag, query: message.query });
        return;
    }
  }

  /** What follows is looked at when this is answered. */
  #await(request: number): void {
    this.#awaited = request;
    this.#connection.hold(hold.look);
  }

  /** Refusing is work too: who makes much of it is read from at a pace. */
  #slowDown(): void {
    const { clock } = this.#context;
    const ms = Math.min(this.#flood?.refuse(1, clock.monotonic()) ?? 0, maxSlowDownMs);
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
      // What IRC clients signal to each other means nothing here, and whom others invite, only IRC tells.
      if (tell.kind === "signal" || tell.kind === "invitation") return "";
      const message = JSON.stringify(roomMessage(tell));
      // Who reads and never speaks still answers a ping, so its silence means that it is gone.
      return tell.kind === "heartbeat" ? Buffer.concat([packFrames([message]).bytes, pingFrame]) : message;
    },
    personal: (tell) => personalMessages(tell, manner).map((message) => JSON.stringify(message)),
  };
}

function roomMessage(tell: Exclude<RoomTell, { kind: "signal" | "invitation" }>): ServerMessage {
  switch (tell.kind) {
    case "event":
      return { type: "event", event: wireEvent(tell.event) };
    case "joined":
    case "left": {
      const { at, kind, people, isGone } = tell;
      const [stream] = tell.rooms;
      const text = isGone ? quitReason(tell.text) : tell.text;
      return {
        type: kind,
        at,
        ...(isGone || stream === undefined ? {} : { stream }),
        people: people.slice(0, maxListedNames).map(wirePerson),
        count: people.length,
        ...(text === undefined ? {} : { text }),
      };
    }
    case "person":
      return {
        type: "person-changed",
        at: tell.at,
        person: wirePerson(tell.person),
        ...(tell.person.account === undefined ? {} : { account: tell.person.account }),
        ...(tell.away === undefined ? {} : { away: tell.away }),
      };
    case "renamed":
      return { type: "renamed", at: tell.at, from: tell.from.name, person: wirePerson(tell.person) };
    case "heartbeat":
      return { type: "heartbeat", at: tell.at, heads: headsOf(tell.heads) };
    case "room-head":
      return { type: "heartbeat", at: tell.at, heads: { [tell.room]: tell.head } };
  }
}

function personalMessages(tell: PersonalTell, manner: WebSocketManner): readonly ServerMessage[] {
  switch (tell.kind) {
    case "entered":
      return [welcome(tell, manner)];
    // A program is told how far each conversation has come, and looks back itself.
    case "waited":
      return [];
    case "private":
      return [eventMessage(tell.event)];
    case "room-entered":
      return [{ type: "room-entered", at: tell.at, ...requestOf(tell.tag), entry: wireEntry(tell.entry) }];
    case "room-left": {
      const { at, room, why, text } = tell;
      return [{ type: "room-left", at, ...requestOf(tell.tag), ...room, why, text }];
    }
    case "signed-in":
      return [signedIn(tell)];
    case "password-changed":
      return [
        {
          type: "password-changed",
          at: tell.at,
          ...requestOf(tell.tag),
          ...(tell.signedOut === undefined ? {} : { signedOut: tell.signedOut }),
        },
      ];
    case "scram":
    case "signalled":
    case "read-up-to":
    case "wallops":
    case "watched":
    case "metadata":
    case "metadata-later":
      return [];
    case "own-name":
      return [{ type: "own-name", at: tell.at, ...requestOf(tell.tag), name: tell.person.name }];
    case "invited":
      return [{ type: "invited", at: tell.at, by: wirePerson(tell.by), room: tell.room.name }];
    case "done": {
      const { request } = requestOf(tell.tag);
      return request === undefined ? [] : [{ type: "done", request, ...nameOf(tell.done) }];
    }
    case "heads":
      return [{ type: "heartbeat", at: tell.at, heads: headsOf(tell.heads) }];
    case "ack": {
      const { stream, number, id, at, to } = tell.event;
      const { request } = requestOf(tell.tag);
      if (request !== undefined)
        return [{ type: "happened", request, event: wireEvent(tell.event), ...othersOf(tell) }];
      if (typeof tell.tag !== "object" || !("counter" in tell.tag)) return [];
      return [
        {
          type: "ack",
          ...tell.tag,
          stream,
          number,
          id,
          at,
          ...(to && { to: wirePerson(to), ...absenceOf(tell) }),
        },
      ];
    }
    case "refused":
      return [refusedMessage(tell)];
    case "answer": {
      const { request } = requestOf(tell.tag);
      return request === undefined ? [] : [answerMessage(tell.answer, request)];
    }
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
        ...(tell.online === undefined ? [] : [caughtUp(tell.online)]),
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
  const inLobby = tell.rooms.find(({ room }) => room.stream === lobby);
  const others = tell.rooms.filter((entry) => entry !== inLobby);
  return {
    type: "welcome",
    version: protocolVersion,
    you: wirePerson(tell.person),
    token: tell.token,
    epoch: tell.epoch,
    resumed: tell.resumed,
    gone: tell.gone,
    heads: headsOf(tell.heads),
    online: inLobby?.online ?? { count: 0, names: [] },
    recent: inLobby?.recent.map(wireEvent) ?? [],
    ...(others.length === 0 ? {} : { rooms: others.map(wireEntry) }),
    operatorSeesPrivate: manner.consoleShowsPrivate,
    limits: {
      maxTextBytes: settings.maxLineBytes,
      maxMultilineBytes: settings.maxMultilineBytes,
      maxLines: settings.maxLines,
      maxPageEvents: settings.maxPageEvents,
      heartbeatMs: settings.heartbeatMs,
      flood: settings.flood ?? null,
    },
  };
}

function refusedMessage(
  tell: Pick<Extract<PersonalTell, { kind: "refused" }>, "refusal" | "tag" | "others">,
): ServerMessage {
  const { refusal, tag } = tell;
  return {
    type: "refused",
    ...wireRefusal(refusal),
    ...othersOf(tell),
    ...(typeof tag === "object" ? tag : {}),
    ...("retryAfterMs" in refusal ? { retryAfterMs: refusal.retryAfterMs } : {}),
  };
}

function wireRefusal(refusal: Refusal): WireRefusal {
  return { reason: refusal.reason, text: refusalText(refusal) };
}

function othersOf({ others = [] }: { readonly others?: readonly Refusal[] | undefined }): {
  readonly others?: readonly WireRefusal[];
} {
  return others.length === 0 ? {} : { others: others.map(wireRefusal) };
}

function eventMessage(event: ReaderEvent): ServerMessage {
  return { type: "event", event: wireEvent(event) };
}

function caughtUp(online: NonNullable<Extract<PersonalTell, { kind: "missed" }>["online"]>): ServerMessage {
  const inLobby = online.find(({ room }) => room.stream === lobby);
  const rooms = online
    .filter((one) => one !== inLobby)
    .map(({ room, online: there }) => ({ stream: room.stream, online: there }));
  return {
    type: "caught-up",
    online: inLobby?.online ?? { count: 0, names: [] },
    ...(rooms.length === 0 ? {} : { rooms }),
  };
}

function answerMessage(answer: Answer, request: number): ServerMessage {
  switch (answer.kind) {
    case "people":
      return { type: "online", request, stream: answer.room.stream, online: answer.online };
    case "rooms":
      return { type: "rooms", request, count: answer.count, rooms: answer.rooms };
    case "room":
      return { type: "room", request, room: wireRoom(answer.room) };
    case "devices":
      return { type: "devices", request, devices: answer.devices };
    case "ignored":
      return { type: "ignored", request, people: answer.ignored };
    // What only IRC asks for.
    case "certificates":
    case "members":
    case "who":
    case "invitations":
    case "named":
    case "masks":
    case "watched":
    case "metadata":
    case "gone":
    case "talk":
    case "counts":
      return { type: "done", request };
    case "person": {
      const { author, realName, away, since, rooms } = answer.person;
      const { user, host, account, isBot } = author;
      return {
        type: "person",
        request,
        person: wirePerson(author),
        user,
        host,
        ...(account === undefined ? {} : { account }),
        realName,
        ...(away === undefined ? {} : { away }),
        isBot,
        since,
        rooms,
      };
    }
  }
}

function signedIn({ at, tag, account, token }: Extract<PersonalTell, { kind: "signed-in" }>): ServerMessage {
  return { type: "signed-in", at, ...requestOf(tag), account, ...(token === undefined ? {} : { token }) };
}

function wireEntry({ room, created, roles, online, recent, head }: RoomEntry): WireEntry {
  return { room: wireRoom(room), created, roles, online, recent: recent.map(wireEvent), head };
}

function wireRoom({ stream, name, created, modes, staff, people, topic }: RoomView): WireRoom {
  const room = { stream, name, created, modes, staff, people };
  return topic === undefined ? room : { ...room, topic };
}

function wirePerson({ id, name }: Author): WirePerson {
  return { id, name };
}

/** Whom it was done to, as he is really called. */
function nameOf(
  done: Done,
): Partial<Pick<Extract<ServerMessage, { type: "done" }>, "name" | "away" | "isHere">> {
  if (done.kind === "ignoring") return { name: done.name, ...(done.on ? { isHere: done.isHere } : {}) };
  if (done.kind !== "invited") return {};
  return { name: done.name, ...(done.away === undefined ? {} : { away: done.away }) };
}

function absenceOf({ away, isKept }: Extract<PersonalTell, { kind: "ack" }>): {
  readonly away?: string;
  readonly kept?: true;
} {
  if (isKept === true) return { kept: true };
  return away === undefined ? {} : { away };
}

function requestOf(tag: Tag | undefined): { readonly request?: number } {
  return typeof tag === "object" && "request" in tag ? tag : {};
}

function queryOf(
  message: Extract<ClientMessage, { type: "list" | "rooms" | "room" | "person" | "ignored" }>,
): Query {
  switch (message.type) {
    case "list":
      return { kind: "people", room: message.room ?? lobby, beginning: message.beginning ?? "" };
    case "rooms":
      return { kind: "rooms" };
    case "room":
      return { kind: "room", room: message.room };
    case "person":
      return { kind: "person", name: message.name };
    case "ignored":
      return { kind: "ignored" };
  }
}

function deedOf(message: Extract<ClientMessage, { type: Deed["kind"] }>): Deed {
  switch (message.type) {
    case "join":
      return { kind: "join", room: message.room, key: message.key };
    case "part":
      return { kind: "part", room: message.room, text: message.text ?? "" };
    case "topic":
      return { kind: "topic", room: message.room, text: message.text };
    case "kick":
      return { kind: "kick", room: message.room, name: message.name, text: message.text ?? "" };
    case "modes":
      return { kind: "modes", room: message.room, changes: parseModeText(message.modes) };
    case "rename-room":
      return { kind: "rename-room", room: message.room, name: message.name };
    case "invite":
      return { kind: "invite", room: message.room, name: message.name };
    case "rename":
      return { kind: "rename", name: message.name };
    case "away":
      return { kind: "away", text: message.text };
    case "ignore":
    case "unignore":
      return { kind: message.type, name: message.name };
  }
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

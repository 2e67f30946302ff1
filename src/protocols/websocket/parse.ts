import type { EventKind, MessageId, StoredEvent } from "../../chat/event.ts";
import { refusalReasons } from "../../chat/refusal.ts";
import { Fields, isObject, type Malformed, present } from "./fields.ts";
import {
  type ClientMessage,
  closingReasons,
  type OnlineList,
  type Position,
  protocolVersion,
  type ServerMessage,
  type WireEvent,
  type WireHit,
  type WirePerson,
} from "./messages.ts";

export type { Malformed } from "./fields.ts";

/** A position names at most this many streams; one with more is malformed. */
export const maxPositionHeads = 1000;

/** A ceiling in UTF-16 units for a text in a frame; the server's own limit of a text is lower. */
const maxTextUnits = 65_536;
const maxNameUnits = 256;
const maxTokenUnits = 512;
const maxStreamUnits = 128;
const maxEpochUnits = 128;
const maxSentenceUnits = 4096;

const anyHeads = { maxEntries: Number.MAX_SAFE_INTEGER, maxUnits: maxStreamUnits };

const eventKinds: Readonly<Record<EventKind, true>> = { text: true, action: true, announcement: true };

const sendKinds: Readonly<Record<"text" | "action", true>> = { text: true, action: true };

type Parsers<Message extends { readonly type: string }> = {
  readonly [Type in Message["type"]]: (fields: Fields) => Message;
};

const clientParsers: Parsers<ClientMessage> = {
  hello: (fields) => {
    const version = fields.integer("version", 0);
    // Of another version's hello nothing else is known, and its sender is to be told of the version.
    if (version !== protocolVersion) return { type: "hello", version, name: "" };
    return {
      type: "hello",
      version,
      name: fields.text("name", maxNameUnits),
      ...present({
        token: fields.optional("token", (name) => fields.text(name, maxTokenUnits)),
        position: fields.optional("position", (name) => fields.object(name, position)),
      }),
    };
  },
  send: (fields) => ({
    type: "send",
    counter: fields.integer("counter", 1),
    to: recipient(fields, "to"),
    kind: fields.oneOf("kind", sendKinds),
    text: fields.text("text", maxTextUnits),
    ...references(fields),
  }),
  history: (fields) => {
    const after = fields.optional("after", (name) => fields.integer(name, 0));
    const before = fields.optional("before", (name) => fields.integer(name, 1));
    if (after !== undefined && before !== undefined)
      fields.wrong("after", "cannot be given together with before");
    return {
      type: "history",
      request: fields.integer("request", 0),
      stream: fields.text("stream", maxStreamUnits),
      ...present({ after, before, limit: fields.optional("limit", (name) => fields.integer(name, 1)) }),
    };
  },
  list: (fields) => ({
    type: "list",
    request: fields.integer("request", 0),
    ...present({ beginning: fields.optional("beginning", (name) => fields.text(name, maxNameUnits)) }),
  }),
  search: (fields) => ({
    type: "search",
    request: fields.integer("request", 0),
    query: fields.text("query", maxSentenceUnits),
  }),
  quit: () => ({ type: "quit" }),
};

const serverParsers: Parsers<ServerMessage> = {
  welcome: (fields) => ({
    type: "welcome",
    version: fields.integer("version", 0),
    you: fields.object("you", person),
    token: fields.text("token", maxTokenUnits),
    epoch: fields.text("epoch", maxEpochUnits),
    resumed: fields.boolean("resumed"),
    gone: fields.objects("gone", range),
    heads: fields.heads("heads", anyHeads),
    online: fields.object("online", onlineList),
    recent: fields.objects("recent", event),
    operatorSeesPrivate: fields.boolean("operatorSeesPrivate"),
    limits: fields.object("limits", limits),
  }),
  "caught-up": (fields) => ({ type: "caught-up", online: fields.object("online", onlineList) }),
  gone: (fields) => ({ type: "gone", ...range(fields) }),
  event: (fields) => ({ type: "event", event: fields.object("event", event) }),
  ack: (fields) => ({
    type: "ack",
    counter: fields.integer("counter", 1),
    stream: fields.text("stream", maxStreamUnits),
    number: fields.integer("number", 1),
    id: fields.id("id"),
    at: fields.integer("at", 0),
    ...present({ to: fields.optional("to", (name) => fields.object(name, person)) }),
  }),
  refused: (fields) => ({
    type: "refused",
    reason: fields.oneOf("reason", refusalReasons),
    text: fields.text("text", maxSentenceUnits),
    ...present({
      counter: fields.optional("counter", (name) => fields.integer(name, 1)),
      request: fields.optional("request", (name) => fields.integer(name, 0)),
      retryAfterMs: fields.optional("retryAfterMs", (name) => fields.amount(name)),
    }),
  }),
  joined: (fields) => ({ type: "joined", ...presence(fields) }),
  left: (fields) => ({ type: "left", ...presence(fields) }),
  page: (fields) => ({
    type: "page",
    request: fields.integer("request", 0),
    stream: fields.text("stream", maxStreamUnits),
    events: fields.objects("events", event),
    floor: fields.integer("floor", 0),
    head: fields.integer("head", 0),
  }),
  found: (fields) => ({
    type: "found",
    request: fields.integer("request", 0),
    hits: fields.objects("hits", hit),
    found: fields.integer("found", 0),
    complete: fields.boolean("complete"),
  }),
  online: (fields) => ({
    type: "online",
    request: fields.integer("request", 0),
    online: fields.object("online", onlineList),
  }),
  heartbeat: (fields) => ({
    type: "heartbeat",
    at: fields.integer("at", 0),
    heads: fields.heads("heads", anyHeads),
  }),
  closing: (fields) => ({
    type: "closing",
    reason: fields.oneOf("reason", closingReasons),
    text: fields.text("text", maxSentenceUnits),
    at: fields.integer("at", 0),
  }),
};

/**
 * What a client says in a text frame. Unknown fields are ignored, so that the protocol can grow; the message is
 * built anew of what was checked. Of a hello in another version only the version is read, and its name is empty.
 */
export function parseClientMessage(frame: string): ClientMessage | Malformed {
  return parse(frame, clientParsers);
}

/** What a server says in a text frame; as `parseClientMessage`. */
export function parseServerMessage(frame: string): ServerMessage | Malformed {
  return parse(frame, serverParsers);
}

/** A durable event as it is sent. */
export function wireEvent(stored: StoredEvent): WireEvent {
  const { stream, number, id, at, kind, from, to, text, replyTo, threadRoot } = stored;
  return {
    stream,
    number,
    id,
    at,
    kind,
    from: { id: from.id, name: from.name },
    ...(to === undefined ? {} : { to: { id: to.id, name: to.name } }),
    text,
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(threadRoot === undefined ? {} : { threadRoot }),
  };
}

function parse<Message extends { readonly type: string }>(
  frame: string,
  parsers: Parsers<Message>,
): Message | Malformed {
  const object = parseObject(frame);
  if (object === undefined) return { type: "malformed", problem: "a message must be a JSON object" };
  const fields = new Fields(object);
  const type = fields.oneOf<Message["type"]>("type", parsers);
  if (fields.problem !== undefined) return { type: "malformed", problem: fields.problem };
  const message = parsers[type](fields);
  return fields.problem === undefined ? message : { type: "malformed", problem: fields.problem };
}

function parseObject(frame: string): object | undefined {
  try {
    const value: unknown = JSON.parse(frame);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function position(fields: Fields): Position {
  const heads = fields.heads("heads", { maxEntries: maxPositionHeads, maxUnits: maxStreamUnits });
  return { epoch: fields.text("epoch", maxEpochUnits), heads };
}

/** `#` or `@` and what it names. */
function recipient(fields: Fields, name: string): string {
  const to = fields.text(name, maxNameUnits + 1);
  if (!/^[#@]./su.test(to)) fields.wrong(name, "must be # and a room, or @ and a username");
  return to;
}

function references(fields: Fields): { readonly replyTo?: MessageId; readonly threadRoot?: MessageId } {
  return present({
    replyTo: fields.optional("replyTo", (name) => fields.id(name)),
    threadRoot: fields.optional("threadRoot", (name) => fields.id(name)),
  });
}

function person(fields: Fields): WirePerson {
  return { id: fields.text("id", maxStreamUnits), name: fields.text("name", maxNameUnits) };
}

function range(fields: Fields): { readonly stream: string; readonly from: number; readonly to: number } {
  const stream = fields.text("stream", maxStreamUnits);
  return { stream, from: fields.integer("from", 1), to: fields.integer("to", 1) };
}

function onlineList(fields: Fields): OnlineList {
  return { count: fields.integer("count", 0), names: fields.texts("names", maxNameUnits) };
}

function presence(fields: Fields): Omit<Extract<ServerMessage, { readonly people: unknown }>, "type"> {
  return {
    at: fields.integer("at", 0),
    people: fields.objects("people", person),
    count: fields.integer("count", 0),
  };
}

function event(fields: Fields): WireEvent {
  return {
    stream: fields.text("stream", maxStreamUnits),
    number: fields.integer("number", 1),
    id: fields.id("id"),
    at: fields.integer("at", 0),
    kind: fields.oneOf("kind", eventKinds),
    from: fields.object("from", person),
    ...present({ to: fields.optional("to", (name) => fields.object(name, person)) }),
    text: fields.text("text", maxTextUnits),
    ...references(fields),
  };
}

function hit(fields: Fields): WireHit {
  return {
    event: fields.object("event", event),
    ...present({
      before: fields.optional("before", (name) => fields.object(name, event)),
      after: fields.optional("after", (name) => fields.object(name, event)),
    }),
  };
}

function limits(fields: Fields): Extract<ServerMessage, { readonly type: "welcome" }>["limits"] {
  return {
    maxTextBytes: fields.integer("maxTextBytes", 1),
    maxPageEvents: fields.integer("maxPageEvents", 1),
    heartbeatMs: fields.amount("heartbeatMs"),
    flood: fields.isNull("flood") ? null : fields.object("flood", flood),
  };
}

function flood(fields: Fields): { readonly burst: number; readonly perSecond: number } {
  return { burst: fields.amount("burst"), perSecond: fields.amount("perSecond") };
}

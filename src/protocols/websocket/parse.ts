import type { MessageId, ReaderEvent, SpeechKind } from "../../chat/event.ts";
import { refusalReasons } from "../../chat/refusal.ts";
import { Fields, isObject, type Malformed, present } from "./fields.ts";
import {
  type ClientMessage,
  closingReasons,
  type OnlineList,
  type Position,
  protocolVersion,
  type ServerMessage,
  type WireEntry,
  type WireEvent,
  type WireHit,
  type WirePerson,
  type WireRefusal,
  type WireRoom,
} from "./messages.ts";

export type { Malformed } from "./fields.ts";

/** A position names at most this many streams; one with more is malformed. */
export const maxPositionHeads = 1000;

/** A ceiling in UTF-16 units for a text in a frame; the server's own limit of a text is lower. */
const maxTextUnits = 65_536;
const maxNameUnits = 256;
const maxPasswordUnits = 1024;
const maxTokenUnits = 512;
const maxStreamUnits = 128;
const maxEpochUnits = 128;
const maxSentenceUnits = 4096;

const anyHeads = { maxEntries: Number.MAX_SAFE_INTEGER, maxUnits: maxStreamUnits };

const sendKinds: Readonly<Record<SpeechKind, true>> = { text: true, action: true, notice: true };

const eventKinds: Readonly<Record<ReaderEvent["kind"], true>> = {
  ...sendKinds,
  announcement: true,
  topic: true,
  kick: true,
  mode: true,
  "room-name": true,
  removal: true,
  removed: true,
  signal: true,
  ignored: true,
};

const leavingWhys: Readonly<Record<Extract<ServerMessage, { type: "room-left" }>["why"], true>> = {
  parted: true,
  removed: true,
};

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
        tab: fields.optional("tab", (name) => tabOf(fields, name)),
        lingers: fields.optional("lingers", (name) => fields.boolean(name)),
        password: fields.optional("password", (name) => fields.text(name, maxPasswordUnits)),
        device: fields.optional("device", (name) => fields.text(name, maxNameUnits)),
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
    ...present({
      room: fields.optional("room", (name) => fields.text(name, maxStreamUnits)),
      beginning: fields.optional("beginning", (name) => fields.text(name, maxNameUnits)),
    }),
  }),
  join: (fields) => ({
    type: "join",
    ...inRoom(fields),
    ...present({ key: fields.optional("key", (name) => fields.text(name, maxNameUnits)) }),
  }),
  part: (fields) => ({ type: "part", ...inRoom(fields), ...words(fields) }),
  topic: (fields) => ({ type: "topic", ...inRoom(fields), text: fields.text("text", maxTextUnits) }),
  kick: (fields) => ({
    type: "kick",
    ...inRoom(fields),
    name: fields.text("name", maxNameUnits),
    ...words(fields),
  }),
  modes: (fields) => ({ type: "modes", ...inRoom(fields), modes: fields.text("modes", maxTextUnits) }),
  "rename-room": (fields) => ({
    type: "rename-room",
    ...inRoom(fields),
    name: fields.text("name", maxNameUnits),
  }),
  invite: (fields) => ({ type: "invite", ...inRoom(fields), name: fields.text("name", maxNameUnits) }),
  rename: (fields) => ({
    type: "rename",
    request: fields.integer("request", 0),
    name: fields.text("name", maxNameUnits),
  }),
  register: (fields) => ({
    type: "register",
    request: fields.integer("request", 0),
    password: fields.text("password", maxPasswordUnits),
    ...present({
      email: fields.optional("email", (name) => fields.text(name, maxNameUnits)),
      device: fields.optional("device", (name) => fields.text(name, maxNameUnits)),
    }),
  }),
  devices: (fields) => ({
    type: "devices",
    request: fields.integer("request", 0),
    ...present({ revoke: fields.optional("revoke", (name) => fields.text(name, maxNameUnits)) }),
  }),
  ignore: (fields) => ({ type: "ignore", ...aboutSomebody(fields) }),
  unignore: (fields) => ({ type: "unignore", ...aboutSomebody(fields) }),
  ignored: (fields) => ({ type: "ignored", request: fields.integer("request", 0) }),
  password: (fields) => ({
    type: "password",
    request: fields.integer("request", 0),
    old: fields.text("old", maxPasswordUnits),
    new: fields.text("new", maxPasswordUnits),
  }),
  away: (fields) => ({ type: "away", request: fields.integer("request", 0), ...words(fields) }),
  rooms: (fields) => ({ type: "rooms", request: fields.integer("request", 0) }),
  room: (fields) => ({ type: "room", ...inRoom(fields) }),
  person: (fields) => ({
    type: "person",
    request: fields.integer("request", 0),
    name: fields.text("name", maxNameUnits),
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
    ...present({ rooms: fields.optional("rooms", (name) => fields.objects(name, entry)) }),
    operatorSeesPrivate: fields.boolean("operatorSeesPrivate"),
    limits: fields.object("limits", limits),
  }),
  "caught-up": (fields) => ({
    type: "caught-up",
    online: fields.object("online", onlineList),
    ...present({
      rooms: fields.optional("rooms", (name) =>
        fields.objects(name, (room) => ({
          stream: room.text("stream", maxStreamUnits),
          online: room.object("online", onlineList),
        })),
      ),
    }),
  }),
  gone: (fields) => ({ type: "gone", ...range(fields) }),
  event: (fields) => ({ type: "event", event: fields.object("event", event) }),
  ack: (fields) => ({
    type: "ack",
    counter: fields.integer("counter", 1),
    stream: fields.text("stream", maxStreamUnits),
    number: fields.integer("number", 1),
    id: fields.id("id"),
    at: fields.integer("at", 0),
    ...present({
      to: fields.optional("to", (name) => fields.object(name, person)),
      away: fields.optional("away", (name) => fields.text(name, maxTextUnits)),
      kept: fields.optional("kept", (name) => fields.boolean(name)),
    }),
  }),
  refused: (fields) => ({
    type: "refused",
    ...refusal(fields),
    ...others(fields),
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
    stream: fields.text("stream", maxStreamUnits),
    online: fields.object("online", onlineList),
  }),
  "person-changed": (fields) => ({
    type: "person-changed",
    at: fields.integer("at", 0),
    person: fields.object("person", person),
    ...present({
      account: fields.optional("account", (name) => fields.text(name, maxNameUnits)),
      away: fields.optional("away", (name) => fields.text(name, maxTextUnits)),
    }),
  }),
  "signed-in": (fields) => ({
    type: "signed-in",
    ...told(fields),
    account: fields.text("account", maxNameUnits),
    ...present({ token: fields.optional("token", (name) => fields.text(name, maxTokenUnits)) }),
  }),
  devices: (fields) => ({
    type: "devices",
    request: fields.integer("request", 0),
    devices: fields.objects("devices", (device) => ({
      id: device.text("id", maxNameUnits),
      name: device.text("name", maxNameUnits),
      createdAt: device.integer("createdAt", 0),
      lastUsedAt: device.integer("lastUsedAt", 0),
      isOwn: device.boolean("isOwn"),
    })),
  }),
  renamed: (fields) => ({
    type: "renamed",
    at: fields.integer("at", 0),
    from: fields.text("from", maxNameUnits),
    person: fields.object("person", person),
  }),
  "own-name": (fields) => ({ type: "own-name", ...told(fields), name: fields.text("name", maxNameUnits) }),
  "room-entered": (fields) => ({
    type: "room-entered",
    ...told(fields),
    entry: fields.object("entry", entry),
  }),
  "room-left": (fields) => ({
    type: "room-left",
    ...told(fields),
    stream: fields.text("stream", maxStreamUnits),
    name: fields.text("name", maxNameUnits),
    why: fields.oneOf("why", leavingWhys),
    text: fields.text("text", maxTextUnits),
  }),
  invited: (fields) => ({
    type: "invited",
    at: fields.integer("at", 0),
    by: fields.object("by", person),
    room: fields.text("room", maxNameUnits),
  }),
  happened: (fields) => ({
    type: "happened",
    request: fields.integer("request", 0),
    event: fields.object("event", event),
    ...others(fields),
  }),
  done: (fields) => ({
    type: "done",
    request: fields.integer("request", 0),
    ...present({
      name: fields.optional("name", (name) => fields.text(name, maxNameUnits)),
      away: fields.optional("away", (name) => fields.text(name, maxTextUnits)),
      isHere: fields.optional("isHere", (name) => fields.boolean(name)),
    }),
  }),
  rooms: (fields) => ({
    type: "rooms",
    request: fields.integer("request", 0),
    count: fields.integer("count", 0),
    rooms: fields.objects("rooms", (room) => ({
      stream: room.text("stream", maxStreamUnits),
      name: room.text("name", maxNameUnits),
      people: room.integer("people", 0),
      topic: room.text("topic", maxTextUnits),
    })),
  }),
  ignored: (fields) => ({
    type: "ignored",
    request: fields.integer("request", 0),
    people: fields.objects("people", (one) => ({
      name: one.text("name", maxNameUnits),
      isGuest: one.boolean("isGuest"),
    })),
  }),
  "password-changed": (fields) => ({
    type: "password-changed",
    ...told(fields),
    ...present({ signedOut: fields.optional("signedOut", (name) => fields.integer(name, 0)) }),
  }),
  room: (fields) => ({
    type: "room",
    request: fields.integer("request", 0),
    room: fields.object("room", wireRoom),
  }),
  person: (fields) => ({
    type: "person",
    request: fields.integer("request", 0),
    person: fields.object("person", person),
    user: fields.text("user", maxNameUnits),
    host: fields.text("host", maxNameUnits),
    realName: fields.text("realName", maxTextUnits),
    isBot: fields.boolean("isBot"),
    since: fields.integer("since", 0),
    rooms: fields.objects("rooms", named),
    ...present({
      account: fields.optional("account", (name) => fields.text(name, maxNameUnits)),
      away: fields.optional("away", (name) => fields.text(name, maxTextUnits)),
    }),
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
export function wireEvent(stored: ReaderEvent): WireEvent {
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

/** `#` or `@` and what it names, or a room's stream. */
function recipient(fields: Fields, name: string): string {
  const to = fields.text(name, maxNameUnits + 1);
  if (!/^(?:[#@]|room:)./su.test(to)) fields.wrong(name, "must be # and a room, or @ and a username");
  return to;
}

function tabOf(fields: Fields, name: string): string {
  const tab = fields.text(name, 64);
  if (!/^[\w-]+$/.test(tab)) fields.wrong(name, "must be a word of letters, digits, - and _");
  return tab;
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

function inRoom(fields: Fields): { readonly request: number; readonly room: string } {
  return { request: fields.integer("request", 0), room: fields.text("room", maxStreamUnits) };
}

function aboutSomebody(fields: Fields): { readonly request: number; readonly name: string } {
  return { request: fields.integer("request", 0), name: fields.text("name", maxNameUnits) };
}

function words(fields: Fields): { readonly text?: string } {
  return present({ text: fields.optional("text", (name) => fields.text(name, maxTextUnits)) });
}

function told(fields: Fields): { readonly at: number; readonly request?: number } {
  return {
    at: fields.integer("at", 0),
    ...present({ request: fields.optional("request", (name) => fields.integer(name, 0)) }),
  };
}

function refusal(fields: Fields): WireRefusal {
  return { reason: fields.oneOf("reason", refusalReasons), text: fields.text("text", maxSentenceUnits) };
}

function others(fields: Fields): { readonly others?: readonly WireRefusal[] } {
  return present({ others: fields.optional("others", (name) => fields.objects(name, refusal)) });
}

function named(fields: Fields): { readonly name: string; readonly roles: number } {
  return { name: fields.text("name", maxNameUnits), roles: fields.integer("roles", 0) };
}

function wireRoom(fields: Fields): WireRoom {
  return {
    stream: fields.text("stream", maxStreamUnits),
    name: fields.text("name", maxNameUnits),
    created: fields.integer("created", 0),
    modes: fields.text("modes", maxNameUnits),
    staff: fields.objects("staff", named),
    people: fields.integer("people", 0),
    ...present({
      topic: fields.optional("topic", (name) =>
        fields.object(name, (topic) => ({
          text: topic.text("text", maxTextUnits),
          by: topic.text("by", maxNameUnits),
          at: topic.integer("at", 0),
        })),
      ),
    }),
  };
}

function entry(fields: Fields): WireEntry {
  return {
    room: fields.object("room", wireRoom),
    created: fields.boolean("created"),
    roles: fields.integer("roles", 0),
    online: fields.object("online", onlineList),
    recent: fields.objects("recent", event),
    head: fields.integer("head", 0),
  };
}

function presence(
  fields: Fields,
): Omit<Extract<ServerMessage, { readonly type: "joined" | "left" }>, "type"> {
  return {
    at: fields.integer("at", 0),
    people: fields.objects("people", person),
    count: fields.integer("count", 0),
    ...words(fields),
    ...present({ stream: fields.optional("stream", (name) => fields.text(name, maxStreamUnits)) }),
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
    ...present({
      maxMultilineBytes: fields.optional("maxMultilineBytes", (name) => fields.integer(name, 1)),
      maxLines: fields.optional("maxLines", (name) => fields.integer(name, 1)),
    }),
    maxPageEvents: fields.integer("maxPageEvents", 1),
    heartbeatMs: fields.amount("heartbeatMs"),
    flood: fields.isNull("flood") ? null : fields.object("flood", flood),
  };
}

function flood(fields: Fields): { readonly burst: number; readonly perSecond: number } {
  return { burst: fields.amount("burst"), perSecond: fields.amount("perSecond") };
}

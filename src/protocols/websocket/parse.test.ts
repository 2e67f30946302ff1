import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { CleanText, MessageId, PersonId, StoredEvent } from "../../chat/event.ts";
import { lobby } from "../../chat/event.ts";
import { maxPositionHeads, parseClientMessage, parseServerMessage, wireEvent } from "./parse.ts";

type Json = Readonly<Record<string, unknown>>;
type Parse = (frame: string) => { readonly type: string };

const hello = { type: "hello", version: 1, name: "Alice" };
const send = { type: "send", counter: 1, to: "#lobby", kind: "text", text: "hi" };
const history = { type: "history", request: 0, stream: "#lobby" };
const alice = { id: "a", name: "Alice" };
const bob = { id: "b", name: "Bob" };
const online = { count: 2, names: ["Alice", "Bob"] };
const event = { stream: "#lobby", number: 1, id: "m-1", at: 0, kind: "text", from: alice, text: "hi" };
const whole = { ...event, to: bob, replyTo: "m.0", threadRoot: "m_0" };
const limits = {
  maxTextBytes: 2048,
  maxPageEvents: 100,
  heartbeatMs: 15000,
  flood: { burst: 10, perSecond: 0.5 },
};
const welcome = {
  type: "welcome",
  version: 1,
  you: alice,
  token: "t",
  epoch: "e",
  resumed: false,
  gone: [{ stream: "#lobby", from: 1, to: 4 }],
  heads: { "#lobby": 5 },
  online,
  recent: [event, whole],
  operatorSeesPrivate: true,
  limits,
};
const refused = { type: "refused", reason: "too-fast", text: "Slow down" };
const ack = { type: "ack", counter: 1, stream: "#lobby", number: 1, id: "m", at: 5 };
const closing = { type: "closing", reason: "shutdown", text: "Bye", at: 5 };
const page = { type: "page", request: 1, stream: "#lobby", events: [whole], floor: 0, head: 1 };

const search = { type: "search", request: 3, query: "lunch from:Bob" };
const found = { type: "found", request: 3, hits: [{ event: whole }], found: 7, complete: true };

const garden = {
  stream: "room:1",
  name: "#garden",
  created: 5,
  modes: "nt",
  staff: [{ name: "Alice", roles: 4 }],
  people: 2,
};
const entry = { room: garden, created: false, roles: 4, online, recent: [event], head: 1 };
const inGarden = { request: 1, room: "#garden" };
const refusal = { reason: "not-online", text: "User 'Zed' is not online" };
const device = { id: "d", name: "laptop", createdAt: 1, lastUsedAt: 2, isOwn: true };
const somebody = {
  type: "person",
  request: 1,
  person: bob,
  user: "line",
  host: "h.hidden",
  realName: "",
  isBot: false,
  since: 5,
  rooms: [{ name: "#garden", roles: 0 }],
};

const fromClient: readonly Json[] = [
  hello,
  {
    ...hello,
    token: "t",
    position: { epoch: "e", heads: { "#lobby": 0, "dm:a:b": Number.MAX_SAFE_INTEGER } },
  },
  send,
  { ...send, to: "@Bob", kind: "action", replyTo: "a.b_c-D9", threadRoot: "m".repeat(64) },
  history,
  { ...history, after: 0 },
  { ...history, before: 1, limit: 1 },
  { type: "list", request: 7 },
  { type: "list", request: 7, beginning: "Al", room: "#garden" },
  { ...hello, password: "a long password", device: "laptop" },
  { ...hello, tab: "c0ffee-1", lingers: true },
  { type: "join", ...inGarden },
  { type: "join", ...inGarden, key: "sesame" },
  { type: "part", ...inGarden },
  { type: "part", ...inGarden, text: "Bye" },
  { type: "topic", ...inGarden, text: "" },
  { type: "kick", ...inGarden, name: "Bob" },
  { type: "kick", ...inGarden, name: "Bob", text: "Enough" },
  { type: "modes", ...inGarden, modes: "+m-o Bob" },
  { type: "rename-room", ...inGarden, name: "#shed" },
  { type: "invite", ...inGarden, name: "Bob" },
  { type: "rename", request: 1, name: "Al" },
  { type: "register", request: 1, password: "a long password" },
  { type: "register", request: 1, password: "a long password", email: "a@b", device: "laptop" },
  { type: "devices", request: 1 },
  { type: "devices", request: 1, revoke: "d" },
  { type: "ignore", request: 1, name: "Bob" },
  { type: "unignore", request: 1, name: "Bob" },
  { type: "ignored", request: 1 },
  { type: "password", request: 1, old: "sesame", new: "open sesame" },
  { type: "away", request: 1 },
  { type: "away", request: 1, text: "Lunch" },
  { type: "rooms", request: 1 },
  { type: "room", ...inGarden },
  { type: "person", request: 1, name: "Bob" },
  search,
  { type: "quit" },
];

const fromServer: readonly Json[] = [
  welcome,
  { ...welcome, limits: { ...limits, flood: null }, recent: [], gone: [], heads: {} },
  { ...welcome, rooms: [entry, { ...entry, recent: [] }] },
  { type: "caught-up", online },
  { type: "caught-up", online, rooms: [{ stream: "room:1", online }] },
  { type: "gone", stream: "#lobby", from: 1, to: 4 },
  { type: "event", event },
  { type: "event", event: { ...whole, kind: "action" } },
  ack,
  { ...ack, to: bob },
  refused,
  { ...refused, counter: 1, request: 0, retryAfterMs: 333.3 },
  { ...refused, request: 1, others: [refusal] },
  { type: "joined", at: 5, people: [alice, bob], count: 39 },
  { type: "joined", at: 5, stream: "room:1", people: [alice], count: 1 },
  { type: "left", at: 5, people: [], count: 0 },
  { type: "left", at: 5, stream: "room:1", people: [bob], count: 1, text: "Bye" },
  { type: "person-changed", at: 5, person: bob },
  { type: "person-changed", at: 5, person: bob, account: "Bob", away: "Lunch" },
  { type: "signed-in", at: 5, account: "Alice" },
  { type: "signed-in", at: 5, request: 1, account: "Alice", token: "t" },
  { type: "devices", request: 1, devices: [device] },
  { type: "renamed", at: 5, from: "Al", person: alice },
  { type: "own-name", at: 5, name: "Alice" },
  { type: "own-name", at: 5, request: 1, name: "Alice" },
  { type: "room-entered", at: 5, entry },
  {
    type: "room-entered",
    at: 5,
    request: 1,
    entry: { ...entry, room: { ...garden, topic: { text: "Roses", by: "Bob", at: 5 } } },
  },
  { type: "room-left", at: 5, stream: "room:1", name: "#garden", why: "removed", text: "" },
  { type: "room-left", at: 5, request: 1, stream: "room:1", name: "#garden", why: "parted", text: "Bye" },
  { type: "invited", at: 5, by: bob, room: "#garden" },
  { type: "happened", request: 1, event: { ...event, kind: "kick", to: bob } },
  { type: "happened", request: 1, event: { ...event, kind: "mode" }, others: [refusal, refusal] },
  { type: "done", request: 1 },
  { type: "done", request: 1, name: "Bob", away: "Lunch" },
  { type: "done", request: 1, name: "Zed", isHere: false },
  { type: "ignored", request: 1, people: [{ name: "Bob", isGuest: true }] },
  { type: "password-changed", at: 5 },
  { type: "password-changed", at: 5, request: 1, signedOut: 2 },
  {
    type: "rooms",
    request: 1,
    count: 9,
    rooms: [{ stream: "room:1", name: "#garden", people: 2, topic: "" }],
  },
  { type: "room", request: 1, room: garden },
  somebody,
  { ...somebody, account: "Bob", away: "Lunch" },
  page,
  { type: "online", request: 1, stream: "#lobby", online },
  found,
  { ...found, hits: [{ event, before: event, after: whole }, { event }], complete: false },
  { type: "heartbeat", at: 5, heads: { "#lobby": 3 } },
  closing,
];

const directions: readonly (readonly [string, Parse, readonly Json[]])[] = [
  ["client", parseClientMessage, fromClient],
  ["server", parseServerMessage, fromServer],
];

/** As JSON sees it, whatever the prototypes. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function problemOf(parse: Parse, message: unknown): string {
  const parsed = parse(typeof message === "string" ? message : JSON.stringify(message));
  assert.ok(parsed.type === "malformed" && "problem" in parsed, JSON.stringify(parsed).slice(0, 200));
  return String(parsed.problem);
}

/** Every way to leave out one field of a message, and of the objects in it. */
function* withoutOne(value: unknown): Generator<readonly [string, unknown]> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      for (const [path, changed] of withoutOne(item))
        yield [`[${index}].${path}`, value.with(index, changed)];
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      yield [key, Object.fromEntries(Object.entries(value).filter(([other]) => other !== key))];
      for (const [path, changed] of withoutOne(item)) {
        yield [path.startsWith("[") ? key + path : `${key}.${path}`, { ...value, [key]: changed }];
      }
    }
  }
}

/** Which fields may be missing, by the type of the message. */
const optional: ReadonlyMap<unknown, RegExp> = new Map([
  ["hello", /^(?:token|password|device|tab|lingers|position|position\.heads\..*)$/],
  ["send", /^(?:replyTo|threadRoot)$/],
  ["history", /^(?:after|before|limit)$/],
  ["list", /^(?:beginning|room)$/],
  ["join", /^key$/],
  ["part", /^text$/],
  ["kick", /^text$/],
  ["register", /^(?:email|device)$/],
  ["devices", /^revoke$/],
  ["away", /^text$/],
  ["welcome", /^(?:heads\..*|rooms|recent\[1\]\.(?:to|replyTo|threadRoot))$/],
  ["caught-up", /^rooms$/],
  ["event", /^event\.(?:to|replyTo|threadRoot)$/],
  ["ack", /^to$/],
  ["refused", /^(?:counter|request|retryAfterMs|others)$/],
  ["joined", /^stream$/],
  ["left", /^(?:stream|text)$/],
  ["person-changed", /^(?:account|away)$/],
  ["signed-in", /^(?:request|token)$/],
  ["own-name", /^request$/],
  ["room-entered", /^(?:request|entry\.room\.topic)$/],
  ["room-left", /^request$/],
  ["happened", /^(?:event\.to|others)$/],
  ["done", /^(?:name|away|isHere)$/],
  ["password-changed", /^(?:request|signedOut)$/],
  ["person", /^(?:account|away)$/],
  ["page", /^events\[0\]\.(?:to|replyTo|threadRoot)$/],
  ["found", /^hits\[\d\]\.(?:before|after|(?:event|before|after)\.(?:to|replyTo|threadRoot))$/],
  ["heartbeat", /^heads\..*$/],
]);

for (const [side, parse, messages] of directions) {
  test(`every message of a ${side} is read as it is`, () => {
    for (const message of messages) assert.deepEqual(plain(parse(JSON.stringify(message))), message);
  });

  test(`there is an example of every message of a ${side}`, () => {
    const [, types = ""] = /^type must be one of (.*), not /.exec(problemOf(parse, { type: "" })) ?? [];
    const examples = new Set(messages.map((message) => message["type"]));
    assert.deepEqual([...examples].map(String).sort(), types.split(", ").sort());
  });

  test(`fields of a ${side}'s message that nobody knows are ignored`, () => {
    for (const message of messages) {
      assert.deepEqual(plain(parse(JSON.stringify({ ...message, later: { x: 1 } }))), message);
    }
  });

  test(`a ${side}'s message that lacks a field is malformed, and the problem names it`, () => {
    for (const message of messages) {
      for (const [path, lacking] of withoutOne(message)) {
        if (optional.get(message["type"])?.test(path)) {
          assert.notEqual(parse(JSON.stringify(lacking)).type, "malformed", path);
        } else {
          assert.ok(problemOf(parse, lacking).startsWith(`${path} must be `), path);
        }
      }
    }
  });

  test(`a field of another type is malformed in every place of a ${side}'s message`, () => {
    for (const message of messages) {
      for (const key of Object.keys(message)) {
        for (const wrong of [null, [[]], "x".repeat(70_000), -1, 0.5, 2 ** 53, { x: "y" }]) {
          if (key === "retryAfterMs" && wrong !== null && typeof wrong === "number" && wrong >= 0) continue;
          if (key === "version" && message["type"] === "hello" && wrong === null) continue;
          assert.match(problemOf(parse, { ...message, [key]: wrong }), new RegExp(`^${key}`));
        }
      }
    }
  });

  test(`any JSON is a message of a ${side} or malformed, and nothing throws`, () => {
    const known = fc.constantFrom(...messages);
    const field = fc.constantFrom(
      ...new Set(messages.flatMap((message) => Object.keys(message))),
      "__proto__",
    );
    const changed = fc
      .tuple(known, fc.dictionary(field, fc.jsonValue()))
      .map(([message, other]) => ({ ...message, ...other }));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), changed), (value) => {
        const parsed = parse(JSON.stringify(value));
        if (parsed.type === "malformed") assert.notEqual(problemOf(parse, JSON.stringify(value)), "");
        else assert.deepEqual(plain(parse(JSON.stringify(parsed))), plain(parsed));
      }),
      { numRuns: 1000 },
    );
    fc.assert(fc.property(fc.string(), (frame) => void parse(frame)));
  });
}

test("what is no JSON object is malformed", () => {
  for (const frame of ["", "{", "null", "1", '"hello"', "[]", "[{}]", "[".repeat(100_000)]) {
    assert.equal(problemOf(parseClientMessage, frame), "a message must be a JSON object");
  }
});

test("a message of an unknown type is malformed, and told which there are", () => {
  const wanted =
    "type must be one of hello, send, history, list, join, part, topic, kick, modes, rename-room, invite, rename, register, devices, ignore, unignore, ignored, password, away, rooms, room, person, search, quit, not ";
  assert.equal(problemOf(parseClientMessage, { type: "shout" }), `${wanted}"shout"`);
  assert.equal(problemOf(parseClientMessage, {}), `${wanted}missing`);
  assert.equal(problemOf(parseClientMessage, { type: "__proto__" }), `${wanted}"__proto__"`);
  assert.equal(problemOf(parseClientMessage, { type: "toString" }), `${wanted}"toString"`);
  assert.match(problemOf(parseServerMessage, send), /^type must be one of welcome, /);
});

const wrong: readonly (readonly [Json, string])[] = [
  [{ ...hello, tab: "a/b" }, "tab must be a word of letters, digits, - and _"],
  [
    { ...hello, name: "x".repeat(257) },
    "name must be a string of at most 256 characters, not a string of 257",
  ],
  [
    { ...hello, token: "x".repeat(513) },
    "token must be a string of at most 512 characters, not a string of 513",
  ],
  [{ ...hello, version: "1" }, 'version must be a whole number from 0 to 9007199254740991, not "1"'],
  [
    { ...hello, position: { epoch: "e" } },
    "position.heads must be an object of at most 1000 numbers, not missing",
  ],
  [{ ...send, counter: 0 }, "counter must be a whole number from 1 to 9007199254740991, not 0"],
  [{ ...send, text: 5 }, "text must be a string of at most 65536 characters, not 5"],
  [
    { ...send, text: "x".repeat(65_537) },
    "text must be a string of at most 65536 characters, not a string of 65537",
  ],
  [{ ...send, to: "Bob" }, "to must be # and a room, or @ and a username"],
  [{ ...send, to: "@" }, "to must be # and a room, or @ and a username"],
  [{ ...send, kind: "announcement" }, 'kind must be one of text, action, notice, not "announcement"'],
  [{ ...send, replyTo: "a b" }, 'replyTo must be 1 to 64 of A-Z a-z 0-9 . _ -, not "a b"'],
  [{ ...send, replyTo: "m".repeat(65) }, "replyTo must be 1 to 64 of A-Z a-z 0-9 . _ -, not a string of 65"],
  [{ ...send, replyTo: "m\n" }, 'replyTo must be 1 to 64 of A-Z a-z 0-9 . _ -, not "m\ufffd"'],
  [{ ...send, threadRoot: "" }, 'threadRoot must be 1 to 64 of A-Z a-z 0-9 . _ -, not ""'],
  [
    { ...history, stream: "x".repeat(129) },
    "stream must be a string of at most 128 characters, not a string of 129",
  ],
  [{ ...history, after: 1, before: 5 }, "after cannot be given together with before"],
  [{ ...history, before: 0 }, "before must be a whole number from 1 to 9007199254740991, not 0"],
  [{ ...history, limit: 0 }, "limit must be a whole number from 1 to 9007199254740991, not 0"],
];

for (const [message, problem] of wrong) {
  test(`malformed: ${problem}`, () => {
    assert.equal(problemOf(parseClientMessage, message), problem);
  });
}

test("limits are met exactly", () => {
  const longest = [
    { ...hello, name: "x".repeat(256), token: "x".repeat(512) },
    { ...send, to: `@${"x".repeat(256)}`, text: "x".repeat(65_536), counter: Number.MAX_SAFE_INTEGER },
    { ...history, stream: "x".repeat(128) },
  ];
  for (const message of longest) assert.deepEqual(parseClientMessage(JSON.stringify(message)), message);
});

test("a position names a thousand streams, and no more", () => {
  const heads = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`#${index}`, index]));
  const positioned = (count: number) => ({ ...hello, position: { epoch: "e", heads: heads(count) } });
  assert.equal(parseClientMessage(JSON.stringify(positioned(maxPositionHeads))).type, "hello");
  assert.match(
    problemOf(parseClientMessage, positioned(maxPositionHeads + 1)),
    /^position\.heads must .* 1000 /,
  );
});

test("a position's heads are checked one by one, and their streams not told apart by the names they have", () => {
  const positioned = (heads: string) =>
    `{"type":"hello","version":1,"name":"A","position":{"epoch":"e","heads":${heads}}}`;
  for (const heads of [
    '{"a":-1}',
    '{"a":"1"}',
    '{"a":1.5}',
    '{"a":null}',
    `{"${"a".repeat(129)}":1}`,
    "[1]",
    "null",
  ]) {
    assert.match(problemOf(parseClientMessage, positioned(heads)), /^position\.heads must /, heads);
  }
  const parsed = parseClientMessage(positioned('{"__proto__":5,"constructor":6}'));
  assert.ok(parsed.type === "hello" && parsed.position !== undefined);
  assert.equal(Object.getPrototypeOf(parsed.position.heads), null);
  assert.deepEqual(Object.entries(parsed.position.heads), [
    ["__proto__", 5],
    ["constructor", 6],
  ]);
});

test("of a hello in another version only the version counts", () => {
  const parsed = parseClientMessage('{"type":"hello","version":2,"who":"Alice","token":5}');
  assert.deepEqual(parsed, { type: "hello", version: 2, name: "" });
});

test("a value nested without end is named, not shown", () => {
  const deep = `${"[".repeat(5000)}${"]".repeat(5000)}`;
  const frame = `{"type":"send","counter":${deep},"to":"#lobby","kind":"text","text":"hi"}`;
  assert.match(problemOf(parseClientMessage, frame), /^counter must .*, not a list$/);
});

test("an event is sent without what it has not, and comes back as it was", () => {
  const stored: StoredEvent = {
    stream: lobby,
    number: 3,
    id: "m-1" as MessageId,
    at: 5,
    kind: "text",
    from: { id: "a" as PersonId, name: "Alice" },
    to: undefined,
    text: "hi" as CleanText,
    replyTo: undefined,
    threadRoot: undefined,
    clientTags: undefined,
  };
  assert.deepEqual(Object.keys(wireEvent(stored)), ["stream", "number", "id", "at", "kind", "from", "text"]);
  const full: StoredEvent = {
    ...stored,
    to: { id: "b" as PersonId, name: "Bob" },
    replyTo: "m-0" as MessageId,
    threadRoot: "m-0" as MessageId,
  };
  for (const one of [stored, full]) {
    const message = { type: "event", event: wireEvent(one) };
    assert.deepEqual(parseServerMessage(JSON.stringify(message)), message);
  }
  assert.deepEqual(wireEvent(full).to, { id: "b", name: "Bob" });
});

import { type FrameOptions, opcodes, upgradeRequest } from "../support/websocket-frames.ts";
import { hostileName, hostileRoom, hostileSearch, hostileText, somebody } from "./hostile.ts";
import { cut, type Frame, type Input, type Piece } from "./input.ts";
import type { Random } from "./random.ts";

type Message = Record<string, unknown>;

const names = [
  "type",
  "counter",
  "to",
  "kind",
  "text",
  "request",
  "stream",
  "version",
  "position",
  "__proto__",
  "constructor",
];
const streams = [
  "#lobby",
  "#lobby",
  "#Lobby",
  "",
  "dm:",
  "dm:{{me}}:{{other}}",
  "dm:{{other}}:{{other}}",
  "__proto__",
];
const numbers = [
  0,
  1,
  2,
  7,
  -1,
  1.5,
  1e21,
  Number.MAX_SAFE_INTEGER,
  Number.MAX_SAFE_INTEGER + 2,
  -0,
  5e-324,
  null,
  "1",
];
const upgrades: readonly Readonly<Record<string, string | undefined>>[] = [
  {},
  {},
  {},
  { "Sec-WebSocket-Key": undefined },
  { "Sec-WebSocket-Key": "short" },
  { "Sec-WebSocket-Version": "12" },
  { "Sec-WebSocket-Protocol": "chat, , chat" },
  { "Sec-WebSocket-Extensions": "permessage-deflate; ;;" },
  { Upgrade: "websocket, h2c" },
  { Connection: "keep-alive, Upgrade" },
  { Origin: "http://evil.example" },
  { Host: "evil.example" },
];

/** Something for the websocket door: frames of somebody who is in, or a connection from its upgrade on. */
export function websocketInput(random: Random): Input {
  return random.weighted(
    [55, () => stay(sent(random.several(1, 3, () => valid(random))))],
    [14, () => stay(sent([mutated(random, valid(random))]))],
    [4, () => stay([frame(notJson(random))])],
    [6, () => stay(fragmented(random, JSON.stringify(valid(random))))],
    [6, () => stay([control(random), ...sent([valid(random)])])],
    [5, () => ({ fresh: false, pieces: [broken(random)], ending: random.pick(["end", "reset", "drop"]) })],
    [2, () => ({ fresh: false, pieces: sent([valid(random), { type: "quit" }]), ending: "end" })],
    [8, () => opening(random)],
  );
}

function stay(pieces: readonly Piece[]): Input {
  return { fresh: false, pieces, ending: "stay" };
}

function opening(random: Random): Input {
  const hello = random.chance(80) ? frame(JSON.stringify(entry(random))) : broken(random);
  const rest = random.several(0, 2, () =>
    random.chance(70) ? frame(JSON.stringify(valid(random))) : broken(random),
  );
  const request = cut(random, Buffer.from(upgradeRequest("localhost", random.pick(upgrades))));
  return {
    fresh: true,
    pieces: [...request, hello, ...rest],
    ending: random.pick(["end", "reset", "drop", "drop"]),
  };
}

function entry(random: Random): Message {
  const hello: Message = { type: "hello", version: 1, name: hostileName(random) };
  if (random.chance(50))
    hello["token"] = random.pick(["{{token}}", "{{token}}", "{{broken}}", "", ".", "a.b.c"]);
  if (random.chance(50)) hello["position"] = position(random);
  return random.chance(80) ? hello : mutated(random, hello);
}

function position(random: Random): Message {
  const heads = random.several(0, 4, () => [random.pick(streams), random.pick(numbers.slice(0, 8))] as const);
  const many = random.chance(10)
    ? Array.from({ length: 1001 }, (_, index) => [`dm:${index}:x`, 1] as const)
    : [];
  return {
    epoch: random.pick(["{{epoch}}", "{{epoch}}", "", "other"]),
    heads: Object.fromEntries([...heads, ...many]),
  };
}

function valid(random: Random): Message {
  return random.weighted(
    [12, () => send(random)],
    [3, () => history(random)],
    [4, () => aboutRooms(random)],
    [2, () => ({ type: "search", request: random.below(1000), query: hostileSearch(random) })],
    [
      2,
      () => ({
        type: "list",
        request: random.below(1000),
        beginning: random.pick(["", "f", somebody(random)]),
      }),
    ],
  );
}

/** What is asked of rooms and people. */
function aboutRooms(random: Random): Message {
  const request = random.below(1000);
  const room = hostileRoom(random);
  const name = somebody(random).slice(0, 200);
  const text = hostileText(random);
  return {
    request,
    ...random.pick<Message>([
      { type: "join", room },
      { type: "join", room },
      { type: "join", room, key: text },
      { type: "part", room, text },
      { type: "topic", room, text },
      { type: "kick", room, name, text },
      {
        type: "modes",
        room,
        modes: `${random.pick(["+b", "-b", "+k", "+mnt", "+o", "-o+v", "+l"])} ${text}`,
      },
      { type: "modes", room, modes: text },
      { type: "rename-room", room, name: hostileRoom(random) },
      { type: "invite", room, name },
      { type: "rename", name: hostileName(random) },
      { type: "away", text },
      { type: "rooms" },
      { type: "room", room },
      { type: "person", name },
    ]),
  };
}

function send(random: Random): Message {
  const message: Message = {
    type: "send",
    counter: random.weighted<unknown>(
      [6, () => "{{counter}}"],
      [2, () => random.between(1, 20)],
      [1, () => random.pick([1_000_000, Number.MAX_SAFE_INTEGER])],
    ),
    to: random.chance(70) ? "#lobby" : `@${somebody(random).slice(0, 250)}`,
    kind: random.pick(["text", "text", "action"]),
    text: hostileText(random),
  };
  if (random.chance(10)) message["replyTo"] = random.pick(["m1", "-._", "x".repeat(64)]);
  if (random.chance(5)) message["threadRoot"] = "{{me}}";
  return message;
}

function history(random: Random): Message {
  const strange = random.chance(10) ? `dm:{{me}}:x${hostileText(random).slice(0, 60)}` : random.pick(streams);
  const message: Message = { type: "history", request: random.below(1000), stream: strange };
  const bound = random.pick(["after", "before", undefined]);
  if (bound !== undefined) message[bound] = random.pick([1, 2, 50, 100_000, Number.MAX_SAFE_INTEGER]);
  if (random.chance(60)) message["limit"] = random.pick([1, 3, 100, Number.MAX_SAFE_INTEGER]);
  return message;
}

/** With a field left out, put in, or of another kind. */
function mutated(random: Random, message: Message): Message {
  const fields = Object.entries(message);
  const [name] = random.pick(fields);
  return random.weighted(
    [3, () => Object.fromEntries(fields.filter(([other]) => other !== name))],
    [6, () => ({ ...message, [name]: oddValue(random) })],
    [3, () => Object.fromEntries([...fields, [random.pick(names), oddValue(random)]])],
    [
      1,
      () => ({
        type: random.pick(["hello", "quit", "welcome", "toString", "__proto__", hostileText(random)]),
      }),
    ],
  );
}

function oddValue(random: Random): unknown {
  return random.weighted<unknown>(
    [4, () => random.pick(numbers)],
    [3, () => hostileText(random)],
    [1, () => random.pick<unknown>([true, [], {}, [[]], { toString: 1 }])],
    [1, () => JSON.parse('{"__proto__":{"type":"quit"},"constructor":{"prototype":1}}')],
    [1, () => position(random)],
    [1, () => "x".repeat(random.pick([129, 257, 513, 4097, 60_000]))],
  );
}

function notJson(random: Random): string {
  const text = JSON.stringify(valid(random));
  return random.weighted(
    [3, () => text.slice(0, random.below(text.length))],
    [
      1,
      () =>
        random.pick([
          "",
          "null",
          "[]",
          "1",
          '"',
          "NaN",
          "{}",
          "\ufeff{}",
          '{"type":"quit"}{}',
          "{'type':'quit'}",
        ]),
    ],
    [1, () => '{"a":'.repeat(random.pick([10, 10_000]))],
    [1, () => `{"type":"list","request":1,"x":${"[".repeat(9000)}${"]".repeat(9000)}}`],
    [1, () => hostileText(random)],
  );
}

function sent(messages: readonly Message[]): readonly Frame[] {
  return messages.map((message) => frame(JSON.stringify(message)));
}

function frame(text: string, options: FrameOptions = {}): Frame {
  return { text, options };
}

/** In so many frames that the last may be one too many, with something between them. */
function fragmented(random: Random, text: string): readonly Piece[] {
  const parts = random.pick([1, 2, 3, 8, 20]);
  const size = Math.ceil(text.length / parts);
  const frames = Array.from({ length: parts }, (_, index) => {
    const opcode = index === 0 ? opcodes.text : opcodes.continuation;
    return frame(text.slice(index * size, (index + 1) * size), { opcode, isFinal: index === parts - 1 });
  });
  return random.chance(30) ? frames.flatMap((part) => [part, control(random)]) : frames;
}

function control(random: Random): Frame {
  const opcode = random.pick([opcodes.ping, opcodes.ping, opcodes.pong, opcodes.pong]);
  return frame("p".repeat(random.pick([0, 1, 4, 125])), { opcode });
}

/** What RFC 6455 does not allow, or what leaves the other side waiting. */
function broken(random: Random): Piece {
  return random.weighted<Piece>(
    [3, () => random.bytes(1, 60)],
    [1, () => frame(hostileText(random), { opcode: random.below(16), isFinal: random.chance(70) })],
    [1, () => frame("{}", { reserved: random.between(1, 7) })],
    [1, () => frame("{}", { isMasked: false })],
    [
      1,
      () =>
        frame("x", {
          claimedLength: random.pick([2, 125, 65_535, 65_537, 2n ** 31n, 2n ** 63n, 2n ** 64n - 1n]),
        }),
    ],
    [1, () => frame("p".repeat(126), { opcode: opcodes.ping })],
    [1, () => frame("p", { opcode: opcodes.ping, isFinal: false })],
    [1, () => frame(random.pick(["", "\x03", "\x03\xe8", "\0\0bye", "\x0f\xff"]), { opcode: opcodes.close })],
    [1, () => frame("{}", { opcode: opcodes.binary })],
    [1, () => frame("y".repeat(70_000))],
    [1, () => invalidText(random)],
  );
}

/** A text frame with bytes that are no UTF-8, under a mask that changes nothing. */
function invalidText(random: Random): Buffer {
  const bytes = random.pick([
    Buffer.of(0xff),
    Buffer.of(0xc0, 0xaf),
    Buffer.of(0xed, 0xa0, 0x80),
    random.bytes(1, 20),
  ]);
  return Buffer.concat([Buffer.of(0x81, 0x80 | bytes.length, 0, 0, 0, 0), bytes]);
}

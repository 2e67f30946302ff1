import {
  hostileBytes,
  hostileName,
  hostileRoom,
  hostileSearch,
  hostileText,
  maxTextBytes,
  somebody,
} from "./hostile.ts";
import { cut, type Input } from "./input.ts";
import type { Random } from "./random.ts";

const ends = ["\n", "\n", "\n", "\n", "\r\n", "\r\0", "\r\r\n", "\n\n", "\r", "\0"];
const numbers = [
  "0",
  "1",
  "3",
  "007",
  "-1",
  "1.5",
  "1e9",
  "9007199254740993",
  "9".repeat(40),
  "#2",
  "##2",
  "٣",
  "NaN",
];
const commands = [
  "pm",
  "msg",
  "w",
  "whisper",
  "tell",
  "me",
  "list",
  "who",
  "history",
  "since",
  "search",
  "find",
  "help",
  "h",
  "?",
];
const roomCommands = [
  "join",
  "leave",
  "room",
  "rooms",
  "topic",
  "invite",
  "kick",
  "ban",
  "unban",
  "op",
  "deop",
  "voice",
  "devoice",
  "set",
  "rename",
  "nick",
  "away",
  "whois",
];
const openings = [
  "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "GET /chat HTTP/1.1\r\n",
  "GE",
  "get /\n",
  "HEAD",
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "CAP LS 302\r\nNICK ann\r\nUSER ann 0 * :Ann\r\n",
  "@time=now NICK ann\r\n",
  ":ann NICK ann\r\n",
  ":ann",
  "quit",
  "QUIT\r\n",
  "\x16\x03\x01\x02\0\x01",
  "\x16\x02",
  `@${"t".repeat(9000)}`,
  `:${" ".repeat(600)}NICK ann\r\n`,
];

/** Something for the line door: lines of somebody who is in, or everything that a connection sends. */
export function lineInput(random: Random): Input {
  return random.chance(25) ? opening(random) : talk(random);
}

function talk(random: Random): Input {
  const quits = random.chance(2);
  const lines = random.weighted(
    [60, () => [line(random)]],
    [39, () => random.several(2, 5, () => line(random))],
    [
      1,
      () =>
        random.several(50, 200, () => Buffer.from(random.pick(["/since 0\n", "/list\n", "x\n", "/help\n"]))),
    ],
  );
  const last = quits ? [Buffer.from(random.pick(["/quit\n", "/QUIT\r\n", "/q\n", "/bye\nafter\n"]))] : [];
  const ending = random.weighted<Input["ending"]>(
    [quits ? 0 : 94, () => "stay"],
    [3, () => "end"],
    [2, () => "reset"],
    [1, () => "drop"],
  );
  return { fresh: false, pieces: cut(random, Buffer.concat([...lines, ...last])), ending };
}

function opening(random: Random): Input {
  const first = random.weighted(
    [5, () => ended(random, Buffer.from(hostileName(random)))],
    [2, () => ended(random, hostileBytes(random))],
    [2, () => Buffer.from(random.pick(openings), "latin1")],
    [1, () => mutated(random, Buffer.from(random.pick(openings), "latin1"))],
    [1, () => random.bytes(0, 40)],
  );
  const bytes = Buffer.concat([first, ...random.several(0, 3, () => line(random))]);
  return { fresh: true, pieces: cut(random, bytes), ending: random.pick(["end", "end", "reset", "drop"]) };
}

function line(random: Random): Buffer {
  const content = random.weighted(
    [4, () => hostileBytes(random)],
    [3, () => Buffer.from(command(random))],
    [2, () => Buffer.from(roomCommand(random))],
    [1, () => Buffer.from(`${hostileRoom(random)} ${hostileText(random)}`)],
    [1, () => Buffer.concat([Buffer.from(`${command(random)} `), hostileBytes(random)])],
    [1, () => Buffer.alloc(maxTextBytes + random.between(-3, 3), random.pick(["x", " ", "/", "é"]))],
    [1, () => Buffer.from(random.pick(["", " ", "\t", "//slash", "/", "/ me", "\u3000"]))],
  );
  return random.chance(96) ? ended(random, content) : content;
}

function command(random: Random): string {
  const word = random.chance(85)
    ? random.pick(commands)
    : random.pick(["foo", "toString", "constructor", "__proto__"]);
  const typed = random.chance(20) ? word.toUpperCase() : word;
  const operand = random.weighted(
    [4, () => `${somebody(random)} ${hostileText(random)}`],
    [2, () => random.pick(numbers)],
    [1, () => random.pick(["/pm", "me", "quit", "LIST", "f", "g1"])],
    [1, () => somebody(random)],
    [1, () => hostileText(random)],
    [1, () => hostileSearch(random)],
    [1, () => ""],
  );
  return `/${typed}${random.pick([" ", " ", " ", "  ", "\t", ""])}${operand}`;
}

function roomCommand(random: Random): string {
  const operand = random.weighted(
    [3, () => hostileRoom(random)],
    [2, () => `${hostileRoom(random)} ${hostileText(random)}`],
    [2, () => `${hostileRoom(random)} ${somebody(random)}`],
    [2, () => somebody(random)],
    [
      1,
      () =>
        `${random.pick(["moderated", "hidden", "limit", "password", "x"])} ${random.pick(["on", "off", "3"])}`,
    ],
    [1, () => hostileText(random)],
    [1, () => hostileName(random)],
    [1, () => ""],
  );
  return `/${random.pick(roomCommands)} ${operand}`;
}

function ended(random: Random, content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.from(random.pick(ends))]);
}

/** With a byte changed, left out or put in. */
function mutated(random: Random, bytes: Buffer): Buffer {
  const at = random.below(bytes.length);
  const [from, put] = random.pick([
    [1, 1],
    [1, 0],
    [0, 1],
  ] as const);
  return Buffer.concat([bytes.subarray(0, at), random.bytes(put, put), bytes.subarray(at + from)]);
}

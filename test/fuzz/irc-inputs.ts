import { capabilities } from "../../src/protocols/irc/capabilities.ts";
import { upgradeRequest } from "../support/websocket-frames.ts";
import { hostileBytes, hostileName, hostileText, visitors } from "./hostile.ts";
import { cut, type Frame, type Input } from "./input.ts";
import {
  cap,
  known,
  mechanisms,
  modes,
  names,
  references,
  room,
  target,
  trailing,
  visitorName,
  word,
} from "./irc-commands.ts";
import type { Random } from "./random.ts";

const ends = ["\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\n", "\r\r\n", "\r\n\r\n", "\r", "\0\r\n", "\0", ""];
const sets: readonly string[] = [
  "",
  "message-tags labeled-response batch echo-message",
  "message-tags labeled-response batch echo-message draft/multiline standard-replies draft/message-redaction",
  "server-time extended-join userhost-in-names multi-prefix away-notify account-notify setname",
  capabilities.join(" "),
];

/** What comes first on a connection: the capabilities that the visitor of this number asks for, and all but the nick. */
export function ircOpening(number: number): string {
  const asked = sets[number % sets.length] ?? "";
  const lines = ["CAP LS 302", ...(asked === "" ? [] : [`CAP REQ :${asked}`]), "CAP END", "USER f 0 * :f"];
  return lines.map((text) => `${text}\r\n`).join("");
}

/** Something for the IRC door: lines of somebody who is in, or everything that a connection sends. */
export function ircInput(random: Random): Input {
  return random.weighted(
    [70, () => talk(random)],
    [10, () => multiline(random)],
    [12, () => opening(random)],
    [5, () => inPage(random)],
    [3, () => asOperator(random)],
  );
}

function talk(random: Random): Input {
  const quits = random.chance(2);
  const lines = random.weighted(
    [58, () => [line(random)]],
    [40, () => random.several(2, 5, () => line(random))],
    [
      1,
      () =>
        random.several(50, 200, () =>
          Buffer.from(random.pick(["WHO *\r\n", "VERSION\r\n", "x\r\n", "LIST\r\n", "CAP LS\r\n"])),
        ),
    ],
    [1, () => [overlong(random)]],
  );
  const last = quits ? [Buffer.from(`QUIT ${trailing(random)}\r\nafter\r\n`)] : [];
  const ending = random.weighted<Input["ending"]>(
    [quits ? 0 : 94, () => "stay"],
    [3, () => "end"],
    [2, () => "reset"],
    [1, () => "drop"],
  );
  return { fresh: false, pieces: cut(random, Buffer.concat([...lines, ...last])), ending };
}

function line(random: Random): Buffer {
  const content = random.weighted(
    [30, () => Buffer.from(`${random.pick(["", "", tags(random)])}${known(random)}`)],
    [25, () => Buffer.from(marked(random))],
    [10, () => Buffer.from("JOIN #lobby,#r0,#r1,#r2,#hidden")],
    [
      10,
      () =>
        Buffer.concat([
          Buffer.from(`${random.pick(["", tags(random)])}${random.pick(names)} ${target(random)} :`),
          hostileBytes(random),
        ]),
    ],
    [5, () => hostileBytes(random)],
    [8, () => Buffer.from(`BATCH -${random.pick(references)}`)],
    [3, () => Buffer.from(`:${hostileText(random)} ${known(random)}`)],
    [5, () => mutated(random, Buffer.from(`${tags(random)}${known(random)}`))],
    [
      2,
      () =>
        Buffer.from(
          random.pick(["", " ", ":", "@", "@ ", ":x", "@a", "FOO", "toString x", "__proto__", "\u3000"]),
        ),
    ],
  );
  return random.chance(96) ? Buffer.concat([content, Buffer.from(random.pick(ends))]) : content;
}

/** Says something with a mark that stands nowhere else, and asks under that for what became of it. */
function marked(random: Random): string {
  const hex = (): string => random.below(0x100_0000).toString(16).padStart(6, "0");
  const mark = `mk${hex()}${hex()}`;
  const where = random.pick(["#lobby", "#r0", "#r1", "#hidden", "#nowhere", visitorName(random), "nobody"]);
  const command = random.weighted([8, () => "PRIVMSG"], [1, () => "NOTICE"], [1, () => "TOPIC"]);
  const action = command === "PRIVMSG" ? [`\x01ACTION ${mark}\x01`] : [];
  const words = random.pick([mark, `\x02${mark}\x0f é`, `🎉 ${mark}`, ...action]);
  return `@label=${mark} ${command} ${command === "TOPIC" ? room(random) : where} :${words}`;
}

function tags(random: Random): string {
  const one = (): string =>
    random.weighted(
      [2, () => `label=${random.pick(["1", word(random), "x".repeat(64), "x".repeat(65)])}`],
      [2, () => `batch=${random.pick(references)}`],
      [1, () => "draft/multiline-concat"],
      [2, () => `+draft/reply=${random.pick(["{{msgid}}", word(random)])}`],
      [
        2,
        () =>
          random.pick([
            "+typing=active",
            "+draft/react=\u{1F44D}",
            "+x/y=\\:\\s\\r\\n\\\\\\",
            "+",
            "=x",
            ";;",
            "+a",
            "+a=1;+a=2",
          ]),
      ],
      [
        1,
        () =>
          `${random.pick(["msgid", "time", "account", "cuts", "bot"])}=${random.pick(["1,2,3", "root", "99999", word(random)])}`,
      ],
      [1, () => `+${word(random)}=${hostileText(random)}`],
      [1, () => `+long=${"y".repeat(random.pick([500, 4000, 4090, 4094, 4100]))}`],
    );
  return `@${random.several(1, 4, one).join(";")} `;
}

/** Just below, at or just above what a line may be, or far above. */
function overlong(random: Random): Buffer {
  const length = random.pick([508, 509, 510, 511, 512, 4096, 5000, 9000, 70_000]);
  const begin = random.pick([
    "PRIVMSG #lobby :",
    "PRIVMSG ",
    "JOIN #",
    "WHOIS ",
    "NICK ",
    "FOO",
    "@+a=",
    `@${"t=1;".repeat(1000)} PING :`,
  ]);
  const filled = Buffer.concat([
    Buffer.from(begin),
    Buffer.alloc(Math.max(0, length - begin.length), random.pick(["x", "é", "🎉", ",", "a "])),
  ]);
  return random.chance(90) ? Buffer.concat([filled, Buffer.from("\r\n")]) : filled;
}

/** Lines that are one message, or would be. */
function multiline(random: Random): Input {
  const reference = random.pick(["r", "r", "s"]);
  const where = random.pick(["#lobby", "#r0", visitorName(random)]);
  const command = random.pick(["PRIVMSG", "PRIVMSG", "PRIVMSG", "NOTICE"]);
  const inside = (): string => {
    const concat = random.chance(40) ? ";draft/multiline-concat" : "";
    const odd = random.chance(5)
      ? random.pick(["PING :x", `PRIVMSG ${where} :outside`, "QUIT", known(random)])
      : undefined;
    return odd ?? `@batch=${reference}${concat} ${command} ${where} ${trailing(random)}`;
  };
  const lines = [
    `${random.pick(["", "@label=m ", "@+draft/reply={{msgid}} "])}BATCH +${reference} draft/multiline ${where}`,
    ...random.several(0, random.pick([3, 3, 30]), inside),
    ...(random.chance(90) ? [`BATCH -${reference}`] : []),
  ];
  return {
    fresh: false,
    pieces: cut(random, Buffer.from(lines.map((text) => `${text}\r\n`).join(""))),
    ending: "stay",
  };
}

/** To come in, in all ways and in none. */
function opening(random: Random): Input {
  const steps = [
    "CAP LS 302",
    `CAP REQ :${random.pick(sets)}`,
    `CAP ${cap(random)}`,
    `PASS ${trailing(random)}`,
    `NICK ${hostileName(random)}`,
    `USER ${word(random)} 0 * ${trailing(random)}`,
    `AUTHENTICATE ${random.pick(mechanisms)}`,
    `AUTHENTICATE ${random.pick(mechanisms)}`,
    "CAP END",
    known(random),
  ];
  const first = random.pick([
    "CAP LS 302",
    "NICK x",
    `NICK ${hostileName(random)}`,
    `USER ${word(random)} 0 * :x`,
    "PING :x",
    "JOIN :",
    "QUIT",
  ]);
  const chosen = random.chance(50) ? steps : random.several(1, 12, () => random.pick(steps));
  const bytes = Buffer.concat([
    Buffer.from(`${first}${random.pick(ends)}`),
    ...chosen.map((step) => Buffer.from(`${step}${random.chance(90) ? "\r\n" : random.pick(ends)}`)),
    ...random.several(0, 5, () => line(random)),
  ]);
  const sent = random.chance(5) ? mutated(random, bytes) : bytes;
  return { fresh: true, pieces: cut(random, sent), ending: random.pick(["end", "end", "reset", "drop"]) };
}

/** A client in a page: a line a message. */
function inPage(random: Random): Input {
  const protocol = random.pick(["text.ircv3.net", "binary.ircv3.net", "x, text.ircv3.net"]);
  const request = upgradeRequest("localhost", { "Sec-WebSocket-Protocol": protocol }).replace(
    "/chat",
    random.pick(["/irc", "/"]),
  );
  const begin = [
    `NICK ${random.chance(70) ? `p${random.below(10_000)}` : hostileName(random)}`,
    "USER p 0 * :p",
    "JOIN #lobby",
  ];
  const lines = [...begin, ...random.several(0, 4, () => random.pick([known, marked])(random))];
  const frames = lines.map((text): Frame => ({ text, options: { opcode: random.chance(90) ? 1 : 2 } }));
  const pieces = [...cut(random, Buffer.from(request)), ...frames];
  return { fresh: true, pieces, ending: random.pick(["end", "reset", "drop", "drop"]) };
}

/** Whoever runs the server may do much; he does it to those who only send made-up inputs. */
function asOperator(random: Random): Input {
  const deed = (): string =>
    random.pick([
      () => `KILL f${random.below(visitors)} ${trailing(random)}`,
      () => `WALLOPS ${trailing(random)}`,
      () => `JOIN ${random.pick(["#r0", "#r1", "#hidden"])}`,
      () => `MODE ${random.pick(["#r0", "#r1", "#r2"])} ${modes(random)}`,
      () => `KICK #r0 f${random.below(visitors)} ${trailing(random)}`,
      () => `TOPIC ${random.pick(["#r0", "#lobby"])} ${trailing(random)}`,
      () => `REDACT #lobby {{msgid}} ${trailing(random)}`,
      () => `METADATA #r0 SET url ${trailing(random)}`,
      () => random.pick(["DIE", "RESTART", "SQUIT x", "CONNECT x", "WHO * o", "WHOIS f0"]),
    ])();
  const name = `o${random.below(100_000)}`;
  const lines = [`NICK ${name}`, `USER o 0 * :o`, "OPER fuzzer secret", ...random.several(1, 5, deed)];
  const bytes = Buffer.from(lines.map((text) => `${text}\r\n`).join(""));
  return { fresh: true, pieces: cut(random, bytes), ending: random.pick(["end", "end", "drop"]) };
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

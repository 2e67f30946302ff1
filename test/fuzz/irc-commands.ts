import { capabilities } from "../../src/protocols/irc/capabilities.ts";
import { hostileName, hostileRoom, hostileText, somebody, visitors } from "./hostile.ts";
import type { Random } from "./random.ts";

export const references = ["r", "r", "r", "s", "s", "s", "", "é", "b1", "__proto__"];
const letters = Array.from("beIklCimnRstqaohvBowxZ01");
export const mechanisms = [
  "PLAIN",
  "plain",
  "SCRAM-SHA-256",
  "EXTERNAL",
  "*",
  "+",
  "=",
  "biws",
  "AAAA",
  "A".repeat(400),
];
const timestamps = [
  "2026-01-01T00:00:00.000Z",
  "1970-01-01T00:00:00.000Z",
  "9999-12-31T23:59:59.999Z",
  "now",
  "*",
];
const keys = [
  "avatar",
  "url",
  "display-name",
  "bot",
  "AVATAR",
  "a/b:c",
  "é",
  "",
  "__proto__",
  "k".repeat(300),
];

type Make = (random: Random) => string;

/** What may stand behind each command that the server knows, right and wrong. */
export const ircCommands: Readonly<Record<string, Make>> = {
  PRIVMSG: said,
  NOTICE: said,
  TAGMSG: (random) => target(random),
  JOIN: (random) => `${list(random, room)} ${random.pick(["", "key", "key,,key", hostileText(random)])}`,
  PART: (random) => `${list(random, room)}${perhaps(random, trailing)}`,
  TOPIC: (random) => `${room(random)}${perhaps(random, trailing)}`,
  NAMES: (random) => list(random, room),
  LIST: (random) =>
    random.pick(["", ">1", "<3", "C<10", "T>0", "*", "!*r*", ">1,T<5,*x*", hostileText(random)]),
  KICK: (random) => `${room(random)} ${list(random, visitorName)}${perhaps(random, trailing)}`,
  INVITE: (random) => random.pick(["", `${somebody(random)} ${room(random)}`]),
  MODE: (random) =>
    random.pick([() => `${room(random)} ${modes(random)}`, () => `${somebody(random)} ${modes(random)}`])(),
  RENAME: (random) =>
    `${random.pick(["#r0", "#r1", "#r2", "#hidden"])} ${room(random)}${perhaps(random, trailing)}`,
  SILENCE: (random) =>
    random.pick(["", somebody(random), `${random.pick(["+", "-", ""])}${somebody(random)}!*@*`]),
  SUMMON: (random) => somebody(random),
  USERS: () => "",
  NICK: (random) =>
    random.pick([hostileName(random), `f${random.below(visitors)}`, `h${random.below(1000)}`]),
  USER: (random) => `${word(random)} 0 * ${trailing(random)}`,
  PASS: trailing,
  CAP: cap,
  PING: (random) => random.pick([trailing, word])(random),
  PONG: trailing,
  QUIT: trailing,
  AWAY: (random) => random.pick(["", trailing(random)]),
  SETNAME: trailing,
  USERHOST: (random) => random.several(1, 7, () => somebody(random)).join(" "),
  ISON: (random) => random.several(1, 7, () => somebody(random)).join(" "),
  WHO: (random) =>
    `${random.pick([room, somebody, mask])(random)} ${random.pick(["", "o", "%tcuihsnfdlaor,42", "%n,", "%,1234", hostileText(random)])}`,
  WHOIS: (random) => list(random, somebody),
  WHOWAS: (random) => `${list(random, somebody)} ${random.pick(["", "1", "-1", "x"])}`,
  MONITOR: (random) => `${random.pick(["+", "-", "C", "L", "S", "?"])} ${list(random, somebody)}`,
  METADATA: metadata,
  CHATHISTORY: chathistory,
  MARKREAD: (random) => `${target(random)} ${random.pick(["", `timestamp=${random.pick(timestamps)}`, "*"])}`,
  REDACT: (random) =>
    `${target(random)} ${random.pick(["{{msgid}}", "{{msgid}}", "{{msgid}}.1", word(random)])}${perhaps(random, trailing)}`,
  BATCH: (random) =>
    `${random.pick(["+", "-"])}${random.pick(references)} ${random.pick(["draft/multiline", "netsplit", ""])} ${target(random)}`,
  AUTHENTICATE: (random) => random.pick([...mechanisms, Buffer.from(hostileText(random)).toString("base64")]),
  // A password takes long to be looked at, and there is a test for how many wait: seldom one that is.
  REGISTER: (random) =>
    `${random.pick(["*", "x", visitorName(random)])} ${random.pick(["*", "a@b", hostileText(random)])} ${random.chance(3) ? trailing(random) : ":x"}`,
  VERIFY: (random) => `${somebody(random)} ${word(random)}`,
  NS: service,
  NICKSERV: service,
  MOTD: server,
  VERSION: server,
  ADMIN: server,
  TIME: server,
  INFO: server,
  LUSERS: server,
  LINKS: server,
  STATS: (random) => `${random.pick(["u", "", "x", word(random)])} ${server(random)}`,
  ISUPPORT: () => "",
  HELP: (random) => random.pick(["", "PRIVMSG", word(random)]),
  HELPOP: (random) => random.pick(["", "privmsg", word(random)]),
  OPER: (random) => `${random.pick(["fuzzer", word(random)])} wrong`,
  KILL: (random) => `${visitorName(random)} ${trailing(random)}`,
  WALLOPS: trailing,
  REHASH: () => "",
  CONNECT: server,
  SQUIT: server,
  DIE: () => "",
  RESTART: () => "",
};

/** In upper case. */
export const names: readonly string[] = Object.keys(ircCommands);

export function known(random: Random): string {
  const name = random.weighted(
    [3, () => random.pick(names)],
    [1, () => random.pick(["PRIVMSG", "NOTICE", "TAGMSG", "CHATHISTORY"])],
  );
  const typed = random.chance(20) ? name.toLowerCase() : name;
  return `${typed}${random.pick([" ", " ", " ", "  ", ""])}${ircCommands[name]!(random)}`;
}

function said(random: Random): string {
  return `${random.chance(10) ? list(random, target) : target(random)} ${trailing(random)}`;
}

export function target(random: Random): string {
  return random.weighted(
    [5, () => room(random)],
    [3, () => somebody(random)],
    [1, () => `${random.pick(["@", "+", "~", "%", "&@"])}${room(random)}`],
    [1, () => random.pick(["NickServ", "nickserv", "*", "roomful.local", "$*", "@"])],
  );
}

export function room(random: Random): string {
  return random.chance(25) ? "#lobby" : hostileRoom(random);
}

export function visitorName(random: Random): string {
  return random.chance(90) ? `f${random.below(visitors)}` : hostileName(random);
}

function mask(random: Random): string {
  return random.pick(["*", "f*", "*!*@*", "?", "****a*b*c****", "f?!~f@*", hostileText(random)]);
}

function list(random: Random, make: Make): string {
  return random.several(1, random.pick([1, 1, 3, 8]), () => make(random)).join(random.pick([",", ",", ",,"]));
}

export function word(random: Random): string {
  return hostileText(random).replaceAll(" ", "");
}

export function trailing(random: Random): string {
  return `:${hostileText(random)}`;
}

function perhaps(random: Random, make: Make): string {
  return random.chance(50) ? ` ${make(random)}` : "";
}

function server(random: Random): string {
  return random.pick(["", "", "roomful.local", "*", "other.example", somebody(random)]);
}

export function modes(random: Random): string {
  const changes = random.several(
    0,
    4,
    () => random.pick(["+", "-", ""]) + random.several(1, 4, () => random.pick(letters)).join(""),
  );
  const values = random.several(0, 4, () => random.pick([visitorName, mask, word])(random));
  return [...changes, ...values, ...(random.chance(30) ? ["5", "99999999999"] : [])].join(" ");
}

export function cap(random: Random): string {
  const some = random.several(
    0,
    4,
    () => random.pick(["", "-", "~"]) + random.pick([...capabilities, "nothing", word(random)]),
  );
  return random.pick([
    "LS",
    "LS 302",
    "LS 99999999999",
    "LIST",
    "END",
    `REQ :${some.join(" ")}`,
    `REQ ${word(random)}`,
    `REQ :${capabilities.join(" ")}`,
    "ACK x",
    word(random),
  ]);
}

function metadata(random: Random): string {
  const what = random.pick([
    "GET",
    "LIST",
    "SET",
    "SET",
    "SET",
    "CLEAR",
    "SUB",
    "UNSUB",
    "SUBS",
    "SYNC",
    "x",
  ]);
  const key = (): string => random.pick(keys);
  const rest = what === "SET" ? `${key()}${perhaps(random, trailing)}` : random.several(0, 6, key).join(" ");
  return `${random.pick(["*", room(random), somebody(random)])} ${what} ${rest}`;
}

function chathistory(random: Random): string {
  const place = (): string =>
    random.pick([`timestamp=${random.pick(timestamps)}`, "msgid={{msgid}}", `msgid=${word(random)}`, "*"]);
  const what = random.pick(["LATEST", "BEFORE", "AFTER", "AROUND", "BETWEEN", "TARGETS", "x"]);
  const where = what === "TARGETS" ? place() : target(random);
  return `${what} ${where} ${place()} ${random.chance(40) ? `${place()} ` : ""}${random.pick(["1", "10", "50", "1000", "0", "-1", "x"])}`;
}

function service(random: Random): string {
  return random.pick([
    "HELP",
    "INFO",
    `INFO ${somebody(random)}`,
    "REGISTER",
    "IDENTIFY x y z",
    hostileText(random),
  ]);
}

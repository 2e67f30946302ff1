import { availableParallelism } from "node:os";
import { join } from "node:path";
import { casemappings } from "../chat/casemapping.ts";
import { challengeKinds } from "../server/acme/challenge.ts";
import { parseAddresses } from "../server/address-list.ts";
import type { GuessAllowance } from "../server/guess-limit.ts";
import type { Settings } from "../server/settings.ts";
import { diskMark } from "./disk-mark.ts";
import { readMotd } from "./motd-file.ts";
import { integer, nonEmpty, type Option, oneOf, seconds, type Values } from "./options.ts";

const size = "a number of bytes";
const longestSeconds = 86_400;
const dayMs = 86_400_000;
const shortestDays = 0.01;
const longestDays = 36_500;
/** Labels with dots between them, the last of which is no number: that would be an address. */
const domain = /^([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)*[a-z]([a-z\d-]{0,61}[a-z\d])?$/;

/** Everything a server can be told, with its default and unit. `docs/settings.md` is made from this. */
export const serveOptions = {
  host: text("ADDRESS", "listen on this address only; default: all interfaces, IPv4 and IPv6", "an address"),
  port: {
    value: "PORT",
    help: "listen on this port; 0 takes a free one",
    fallback: "5173",
    parse: integer(0, 65_535),
    wanted: "a port (0 to 65535)",
    form: "number",
  },
  data: text("FOLDER", "keep everything in this folder; default: the user's own data folder", "a folder"),
  workers: {
    value: "COUNT",
    help: "threads that hold connections; default: two fewer than this machine has cores, 1 to 8",
    fallback: undefined,
    parse: integer(1, 64),
    wanted: "a number of threads (1 to 64)",
    form: "number",
  } as Option<number | undefined>,
  "max-line": number("BYTES", "the longest line and message, in bytes without its end", {
    fallback: 2048,
    min: 64,
    max: 16_384,
    wanted: size,
  }),
  "multiline-bytes": number("BYTES", "the longest message of several lines, in bytes", {
    fallback: 4096,
    min: 512,
    max: 32_768,
    wanted: size,
  }),
  "multiline-lines": number("COUNT", "the most lines that one message of several lines may have", {
    fallback: 100,
    min: 2,
    max: 1000,
    wanted: "a number of lines",
  }),
  "flood-limit": {
    value: "BURST/RATE|off",
    help: "messages and commands a connection may send: so many at once, then so many a second",
    fallback: "20/5",
    parse: parseFlood,
    wanted: '"off" or two numbers like 20/5 (1 to 100000 each)',
    live: "new connections",
  },
  "address-limit": {
    value: "COUNT|off",
    help: "connections from one address; an IPv6 /64 counts as one",
    fallback: "256",
    parse: (given: string) => (given === "off" ? Number.POSITIVE_INFINITY : integer(1)(given)),
    wanted: '"off" or a number of connections (1 or more)',
    form: "number",
    live: "new connections",
  },
  "server-name": {
    value: "NAME",
    help: "what the server is called on the IRC door: a name with a dot in it and no spaces",
    fallback: "roomful.local",
    parse: (given: string) => (/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(given) ? given : undefined),
    wanted: "letters, digits and hyphens with dots between them, as chat.example.org",
  },
  "network-name": {
    value: "NAME",
    help: "what IRC clients call the network",
    fallback: "Roomful",
    parse: (given: string) => (/^[^\s:,]{1,64}$/.test(given) ? given : undefined),
    wanted: "a word without white space, colons and commas",
  },
  casemapping: {
    value: casemappings.join("|"),
    help: "rfc1459 takes brackets for braces in names, as old IRC has it; fixed when the data folder is made",
    fallback: "ascii",
    parse: oneOf(...casemappings),
    wanted: `"ascii", "rfc1459" or "rfc1459-strict"`,
  },
  password: secret(text("PASSWORD", "what IRC clients must give with PASS to come in", "a password")),
  motd: live({
    value: "FILE",
    help: "a text file that IRC clients are shown when they come in",
    fallback: undefined,
    parse: readMotd,
    wanted: "a text file that can be read, of at most 65536 bytes",
  }),
  admin: live(text("TEXT", "how to reach who runs the server, as IRC's ADMIN tells it", "a text")),
  oper: secret(
    live({
      value: "NAME:PASSWORD",
      help: "what IRC's OPER takes from who runs the server; default: nothing",
      fallback: undefined,
      parse: parseOperator,
      wanted: "a name, a colon and a password",
    }),
  ),
  "clear-passwords": {
    value: "local|always",
    help: "whether passwords are taken over unprotected connections from this machine alone, or from anywhere",
    fallback: "local",
    parse: oneOf("local", "always"),
    wanted: '"local" or "always"',
  },
  sts: {
    value: "DAYS|off",
    help: "IRC clients are told to come by TLS alone for so many days; only with a certificate that they trust",
    fallback: "off",
    parse: parseSts,
    wanted: '"off" or a number of days (0 to 3650)',
  },
  "register-before-connect": {
    value: "on|off",
    help: "whether IRC clients may make an account before they come in; never where they need --password",
    fallback: "off",
    parse: oneOf("on", "off"),
    wanted: '"on" or "off"',
  },
  "register-email": {
    value: "required|off",
    help: "whether an account needs an email address; nothing is sent to it",
    fallback: "off",
    parse: oneOf("required", "off"),
    wanted: '"required" or "off"',
  },
  "min-password": number("CHARACTERS", "the shortest password that somebody may choose", {
    fallback: 4,
    min: 1,
    max: 64,
    wanted: "a number of characters",
  }),
  // Node has four threads for work off the loop, and reads and writes files by them as well.
  "password-checks": number("COUNT", "passwords that are checked at once; each takes a core and 19 MiB", {
    fallback: 2,
    min: 1,
    max: 4,
    wanted: "a number of passwords",
  }),
  "password-queue": number("COUNT", "passwords that may wait to be checked; one more is refused", {
    fallback: 64,
    min: 0,
    max: 10_000,
    wanted: "a number of passwords",
  }),
  "guess-limit": guesses(
    "wrong passwords for one account from one address: so many at once, then after growing waits of up to so many seconds",
    "5/900",
  ),
  "address-guess-limit": guesses(
    "wrong passwords from one address for all accounts: as above; an IPv6 /64 counts as one",
    "100/60",
  ),
  "prompt-after": live(
    duration("a silent newcomer is asked for a name after so long", "2", 0.1),
    "new connections",
  ),
  "detection-timeout": live(
    duration("the first bytes must say within this time which door is meant", "10", 0.1),
    "new connections",
  ),
  "login-timeout": live(
    duration("a connection must have given a name within this time", "60", 0.1),
    "new connections",
  ),
  "stall-timeout": live(duration("who takes nothing of what waits for him for so long is closed", "60", 0.1)),
  "drain-timeout": live(
    duration("who is told good-bye has so long to take that and what else waits for him", "5", 0.1),
  ),
  heartbeat: duration("programs and our client hear from the server at least this often", "15", 0.1),
  linger: live(
    duration(
      "whose browser's connection is lost stays for so long, and has not left if it comes back",
      "20",
      0,
    ),
  ),
  "max-backlog": live(
    number("BYTES", "what may wait for one slow reader before it is fed from the store instead", {
      fallback: 1_048_576,
      min: 4096,
      max: 1_073_741_824,
      wanted: size,
    }),
    "new connections",
  ),
  "max-rooms": live(
    number("ROOMS", "how many rooms there may be beside the lobby", {
      fallback: 10_000,
      min: 0,
      max: 1_000_000,
      wanted: "a number of rooms",
    }),
  ),
  "max-rooms-each": live(
    number("ROOMS", "in how many rooms one person may be", {
      fallback: 100,
      min: 1,
      max: 500,
      wanted: "a number of rooms",
    }),
  ),
  "max-waiting": live(
    number("PEOPLE", "private messages of so many people wait for somebody with an account who is not here", {
      fallback: 100,
      min: 0,
      max: 10_000,
      wanted: "a number of people",
    }),
  ),
  "max-ignored": live(
    number("PEOPLE", "how many people somebody may ignore", {
      fallback: 100,
      min: 1,
      max: 1000,
      wanted: "a number of people",
    }),
  ),
  "max-monitored": live(
    number("NAMES", "of how many names an IRC client may be told when their people come and go", {
      fallback: 100,
      min: 1,
      max: 10_000,
      wanted: "a number of names",
    }),
  ),
  "metadata-keys": live(
    number("KEYS", "how much may be said of a person or a room by IRC's METADATA", {
      fallback: 20,
      min: 0,
      max: 1000,
      wanted: "a number of keys",
    }),
  ),
  "metadata-value": live(
    number("BYTES", "how long each thing may be that is said there", {
      fallback: 300,
      min: 1,
      max: 350,
      wanted: size,
    }),
  ),
  "metadata-subs": live(
    number("KEYS", "of how many keys of METADATA one connection may be told", {
      fallback: 50,
      min: 0,
      max: 1000,
      wanted: "a number of keys",
    }),
  ),
  "metadata-rate": live(
    {
      value: "BURST/RATE|off",
      help: "how often one connection may change METADATA: so many times at once, then so many a second",
      fallback: "20/1",
      parse: parseFlood,
      wanted: '"off" or two numbers like 20/1 (1 to 100000 each)',
    },
    "new connections",
  ),
  "keep-empty-rooms": live({
    value: "DAYS|forever",
    help: "how long an open room is kept that nobody is in",
    fallback: "30",
    parse: parseDays,
    wanted: `"forever" or a number of days (${shortestDays} to ${longestDays})`,
    form: "number",
  }),
  "join-history": live(
    number("MESSAGES", "how many of the last messages a newcomer is shown", {
      fallback: 20,
      min: 0,
      max: 100,
      wanted: "a number of messages",
    }),
  ),
  "max-page": live(
    number("MESSAGES", "the most that one look into the history shows", {
      fallback: 500,
      min: 1,
      max: 5000,
      wanted: "a number of messages",
    }),
  ),
  "search-hits": live(
    number("MESSAGES", "the most that one search shows", {
      fallback: 20,
      min: 1,
      max: 100,
      wanted: "a number of messages",
    }),
  ),
  "search-rows": live(
    number(
      "MESSAGES",
      "at most so many messages are looked at for one search, the newest that may be meant",
      {
        fallback: 20_000,
        min: 100,
        max: 1_000_000,
        wanted: "a number of messages",
      },
    ),
  ),
  "search-time": live(duration("one search works no longer than this", "0.5", 0.01)),
  "search-waiting": live(
    number("COUNT", "when so many searches wait for others, one more is refused", {
      fallback: 20,
      min: 1,
      max: 1000,
      wanted: "a number of searches",
    }),
  ),
  "memory-history": number(
    "MESSAGES",
    "how many of the last messages are kept in memory, for joining and resuming",
    {
      fallback: 1024,
      min: 100,
      max: 100_000,
      wanted: "a number of messages",
    },
  ),
  "pause-above": live(
    number(
      "COUNT",
      "when so many messages and commands wait for the store, reading from connections pauses",
      {
        fallback: 8192,
        min: 1,
        max: 1_000_000,
        wanted: "a number of messages and commands",
      },
    ),
  ),
  "refuse-above": live(
    number("MESSAGES", "when so many wait to be stored, sending is refused", {
      fallback: 65_536,
      min: 1,
      max: 10_000_000,
      wanted: "a number of messages",
    }),
  ),
  "store-busy-timeout": duration("how long to wait for another program that has locked the database", "2", 0),
  "keep-messages": {
    value: "COUNT|all",
    help: "how many of the last messages of the room, and of each private conversation, are kept",
    fallback: "all",
    parse: (given: string) => (given === "all" ? Number.POSITIVE_INFINITY : integer(1)(given)),
    wanted: '"all" or a number of messages (1 or more)',
    form: "number",
  },
  "keep-for": {
    value: "DAYS|forever",
    help: "how long messages are kept",
    fallback: "forever",
    parse: parseDays,
    wanted: `"forever" or a number of days (${shortestDays} to ${longestDays})`,
    form: "number",
  },
  "disk-warn": diskMark("the console warns when less is free on the disk of the data folder", "1GiB/5%"),
  "disk-stop": diskMark("messages are refused when less is free there", "100MiB/1%"),
  "allow-host": {
    value: "NAME,NAME…",
    help: "names of this machine that browsers may use, beside its own, localhost and IP addresses",
    fallback: "",
    parse: (given: string) =>
      given
        .toLowerCase()
        .split(",")
        .filter((name) => name !== ""),
    wanted: "a list of names",
    form: "list",
    live: "everybody",
  },
  tls: {
    value: "on|off|required",
    help: "TLS on the same port; required: nothing else from other machines",
    fallback: "on",
    parse: oneOf("on", "off", "required"),
    wanted: '"on", "off" or "required"',
  },
  "tls-cert": live(
    text("FILE", "the certificate and its chain, in PEM; default: one of the data folder's own", "a file"),
    "new connections",
  ),
  "tls-key": live(
    text("FILE", "the private key of --tls-cert, in PEM, without a passphrase", "a file"),
    "new connections",
  ),
  "proxy-from": {
    value: "ADDRESSES",
    help: "proxies that begin each connection with the PROXY protocol: addresses and ranges",
    fallback: "",
    // Whom one trusts to name addresses has one.
    parse: (given: string) => (given === "all" ? undefined : parseAddresses(given)),
    wanted: "a list of addresses and ranges like 10.0.0.0/8",
    form: "list",
  },
  acme: {
    value: "DOMAIN,DOMAIN…",
    help: "get a certificate for these names from an authority whose terms you accept, and renew it; the first is its subject",
    fallback: "",
    parse: parseDomains,
    wanted: "a list of domain names, as chat.example.org, without * and addresses",
    form: "list",
  },
  "acme-email": {
    value: "ADDRESS",
    help: "where that authority may write to you",
    fallback: undefined,
    parse: (given: string) => (/^[^\s@,?]+@[^\s@,?]+$/.test(given) ? given : undefined),
    wanted: "an email address",
  } as Option<string | undefined>,
  "acme-directory": {
    value: "URL",
    help: "which authority: its ACME directory; the default is Let's Encrypt",
    fallback: "https://acme-v02.api.letsencrypt.org/directory",
    parse: (given: string) => (URL.canParse(given) && given.startsWith("https://") ? given : undefined),
    wanted: "a URL that begins with https://",
  },
  "acme-challenge": {
    value: challengeKinds.join("|"),
    help: "how it is shown that the names lead here: to who asks at port 80, or at port 443; both have to lead to --port",
    fallback: "http-01",
    parse: oneOf(...challengeKinds),
    wanted: '"http-01" or "tls-alpn-01"',
  },
  "monitor-from": {
    value: "ADDRESSES|all",
    help: "who may ask for /health and /metrics beside this machine: addresses and ranges, as 10.0.0.0/8,2001:db8::7",
    fallback: "",
    parse: parseAddresses,
    wanted: '"all" or a list of addresses and ranges like 10.0.0.0/8',
    form: "list",
  },
  "console-private": {
    value: "show|hide",
    help: "whether the console shows the text of private messages; while running only from show to hide",
    fallback: "show",
    parse: oneOf("show", "hide"),
    wanted: '"show" or "hide"',
    live: "everybody",
  },
  log: {
    value: "text|json",
    help: "how the console is written: for people, or a JSON object a line for programs",
    fallback: "text",
    parse: oneOf("text", "json"),
    wanted: '"text" or "json"',
  },
} as const;

/** Beside the sources, and beside what they are compiled to. */
const webFolder = join(import.meta.dirname, "..", "..", "web");

export function settingsOf(values: Values<typeof serveOptions>, dataFolder: string): Settings {
  return {
    host: values.host,
    port: values.port,
    dataFolder,
    webFolder,
    workers: values.workers ?? defaultWorkers(),
    maxLineBytes: values["max-line"],
    maxMultilineBytes: values["multiline-bytes"],
    maxLines: values["multiline-lines"],
    flood: values["flood-limit"] === "off" ? undefined : values["flood-limit"],
    addressLimit: values["address-limit"],
    serverName: values["server-name"],
    networkName: values["network-name"],
    casemapping: values.casemapping,
    connectionPassword: values.password,
    motd: values.motd,
    adminContact: values.admin,
    operator: values.oper,
    stsSeconds: values.sts === "off" ? undefined : values.sts * secondsInDay,
    clearPasswords: values["clear-passwords"],
    registersBeforeConnect: values["register-before-connect"] === "on",
    requiresEmail: values["register-email"] === "required",
    minPasswordCharacters: values["min-password"],
    passwordChecks: values["password-checks"],
    passwordQueue: values["password-queue"],
    guesses: values["guess-limit"] === "off" ? undefined : values["guess-limit"],
    addressGuesses: values["address-guess-limit"] === "off" ? undefined : values["address-guess-limit"],
    promptMs: values["prompt-after"],
    detectionMs: values["detection-timeout"],
    loginMs: values["login-timeout"],
    stallMs: values["stall-timeout"],
    drainMs: values["drain-timeout"],
    heartbeatMs: values.heartbeat,
    lingerMs: values.linger,
    maxBacklogBytes: values["max-backlog"],
    maxRooms: values["max-rooms"],
    maxRoomsEach: values["max-rooms-each"],
    maxWaiting: values["max-waiting"],
    maxMonitored: values["max-monitored"],
    maxIgnored: values["max-ignored"],
    metadataKeys: values["metadata-keys"],
    metadataValueBytes: values["metadata-value"],
    metadataSubscriptions: values["metadata-subs"],
    metadataRate: values["metadata-rate"] === "off" ? undefined : values["metadata-rate"],
    keepEmptyRoomsMs: values["keep-empty-rooms"],
    joinHistory: values["join-history"],
    maxPageEvents: values["max-page"],
    searchHits: values["search-hits"],
    searchRows: values["search-rows"],
    searchMs: values["search-time"],
    searchWaiting: values["search-waiting"],
    feedEvents: values["memory-history"],
    pauseAbove: values["pause-above"],
    refuseAboveEvents: values["refuse-above"],
    storeBusyMs: values["store-busy-timeout"],
    keepMessages: values["keep-messages"],
    keepMs: values["keep-for"],
    diskWarn: values["disk-warn"] === "off" ? undefined : values["disk-warn"],
    diskStop: values["disk-stop"] === "off" ? undefined : values["disk-stop"],
    allowedHosts: values["allow-host"],
    acmeDomains: values.acme,
    acmeEmail: values["acme-email"],
    acmeDirectory: values["acme-directory"],
    acmeChallenge: values["acme-challenge"],
    monitorFrom: values["monitor-from"],
    tls: values.tls,
    tlsFiles: filesOf(values),
    proxyFrom: values["proxy-from"],
  };
}

/** `undefined` where not both are named, which is refused where they are read. */
function filesOf(values: Values<typeof serveOptions>): Settings["tlsFiles"] {
  const { "tls-cert": chain, "tls-key": key } = values;
  return chain === undefined || key === undefined ? undefined : { chain, key };
}

/** One core decides, one stores; several threads can share a port only where the system shares it out. */
function defaultWorkers(): number {
  return process.platform === "linux" ? Math.min(8, Math.max(1, availableParallelism() - 2)) : 1;
}

function text(value: string, help: string, wanted: string): Option<string | undefined> {
  return { value, help, fallback: undefined, parse: nonEmpty, wanted };
}

function number(
  value: string,
  help: string,
  range: { readonly fallback: number; readonly min: number; readonly max: number; readonly wanted: string },
): Option<number> {
  const { min, max } = range;
  return {
    value,
    help,
    fallback: String(range.fallback),
    parse: integer(min, max),
    wanted: `${range.wanted} (${min} to ${max})`,
    form: "number",
  };
}

function duration(help: string, fallback: string, min: number): Option<number> {
  const wanted = `a number of seconds (${min} to ${longestSeconds})`;
  return { value: "SECONDS", help, fallback, parse: seconds(min, longestSeconds), wanted, form: "number" };
}

const secondsInDay = 86_400;

/** 0 has clients forget that they were told. */
function parseSts(given: string): number | "off" | undefined {
  if (given === "off") return given;
  return /^\d{1,4}$/.test(given) && Number(given) <= 3650 ? Number(given) : undefined;
}

function guesses(help: string, fallback: string): Option<GuessAllowance | "off"> {
  const wanted = `"off" or two numbers like ${fallback} (1 to 100000, and 1 to ${longestSeconds} seconds)`;
  return { value: "COUNT/SECONDS|off", help, fallback, parse: parseGuesses, wanted };
}

/** An option whose value is nobody's to read. */
function secret<T>(option: Option<T>): Option<T> {
  return { ...option, isSecret: true };
}

/** An option that a running server can change. */
function live<T>(option: Option<T>, whom: NonNullable<Option<T>["live"]> = "everybody"): Option<T> {
  return { ...option, live: whom };
}

function parseOperator(given: string): Settings["operator"] {
  const [, name, password] = /^([^\s:]+):(.+)$/.exec(given) ?? [];
  return name === undefined || password === undefined ? undefined : { name, password };
}

function parseDays(given: string): number | undefined {
  if (given === "forever") return Number.POSITIVE_INFINITY;
  const days = /^\d+(\.\d+)?$/.test(given) ? Number(given) : Number.NaN;
  return days >= shortestDays && days <= longestDays ? Math.round(days * dayMs) : undefined;
}

function parseDomains(given: string): readonly string[] | undefined {
  const names = given
    .toLowerCase()
    .split(",")
    .filter((name) => name !== "");
  return names.every((name) => name.length <= 253 && domain.test(name)) ? names : undefined;
}

function parseFlood(
  given: string,
): { readonly burst: number; readonly perSecond: number } | "off" | undefined {
  if (given === "off") return "off";
  const [, burst, perSecond] = /^(\d{1,6})\/(\d{1,6})$/.exec(given) ?? [];
  if (burst === undefined || perSecond === undefined) return undefined;
  const limit = { burst: Number(burst), perSecond: Number(perSecond) };
  return limit.burst > 0 && limit.perSecond > 0 ? limit : undefined;
}

function parseGuesses(given: string): GuessAllowance | "off" | undefined {
  if (given === "off") return "off";
  const [, free, longest] = /^(\d{1,6})\/(\d{1,5})$/.exec(given) ?? [];
  const allowance = { free: Number(free), longestWaitMs: Number(longest) * 1000 };
  const isOne = allowance.free >= 1 && allowance.free <= 100_000 && allowance.longestWaitMs >= 1000;
  return isOne && allowance.longestWaitMs <= longestSeconds * 1000 ? allowance : undefined;
}

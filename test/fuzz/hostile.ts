import type { Random } from "./random.ts";

/** Who is always there and watches. */
export const watchers = {
  line: "Linewatch",
  websocket: "Webwatch",
  canary: "Canary",
  plainIrc: "Plainwatch",
  wholeIrc: "Capwatch",
  pageIrc: "Pagewatch",
} as const;

/** How many people send what is made up. */
export const visitors = 12;

/** The longest line and text that the server under test takes. */
export const maxTextBytes = 512;

const words = [
  "hello",
  "GET / HTTP/1.1",
  "[SYSTEM]",
  "constructor",
  "__proto__",
  "ขอบคุณ",
  "Жанна",
  "🎉",
  "a",
  "-",
];
const invisible = "\u200B\u200C\u200D\u200E\u200F\u00AD\u2060\u3164\uFFFD\u0301\u{E0067}\u{E007F}\u{10FFFF}";
const turning = "\u2028\u2029\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069\uFEFF";
const forged = [
  "\n[12:00:00] [JOIN] root joined from 127.0.0.1:1",
  "\r[12:00:00] [SYSTEM] Server is shutting down",
  "\r\n[INFO] Active clients: 0",
  "\u2028#lobby #1 2026-01-01T00:00:00.000Z root: hi",
  "\x1b[1A\x1b[2K[12:00:00] [BROADCAST] root: hi",
  `\x85${"=".repeat(50)}`,
];
const sequences = [
  "\x1b[2J",
  "\x1b[999;999H",
  "\x1b[?1049h",
  "\x1b]0;title\x07",
  "\x1b]8;;http://x\x1b\\",
  "\x1b]52;c;aGk=\x9c",
  "\x1bP1$r0m\x1b\\",
  "\x1bc",
  "\x1b#8",
  "\x9b31m",
  "\x9d0;title\x9c",
  "\x90q\x9c",
  "\x0304,08red\x03",
  "\x04ff0000,00ff00hex\x04",
  "\x02bold\x0f\x11\x16\x1d\x1e\x1f",
  "\x01ACTION waves\x01",
  "\b\b\b \x7f",
  "\x0e\x0f",
];
const invalid = [
  "80",
  "9b33316d",
  "c0af",
  "c080",
  "e28080af",
  "eda081edb080",
  "edbfbf",
  "e282",
  "f09f8e",
  "f5808080",
  "f4908080",
  "fe",
  "c28d",
  "efbbbf",
].map((hex) => Buffer.from(hex, "hex"));
const telnet = [
  "fffb1f",
  "fffd03",
  "fffa1f0050ffff0018fff0",
  "fffa",
  "fffaff",
  "fff0",
  "ffff",
  "fff4",
  "fffafffafff0fff0",
  "fffb",
  "ffec",
  "ff0a",
  "fffa0a41fff0",
].map((hex) => Buffer.from(hex, "hex"));

/** A piece of a text, as it may stand in JSON: harmless, hostile, or half of a character. */
function fragment(random: Random): string {
  return random.weighted(
    [6, () => random.pick(words)],
    [2, () => random.pick([" ", "\t", "  ", "\u00A0", "\u3000"])],
    [3, () => String.fromCharCode(random.below(32))],
    [2, () => String.fromCharCode(random.between(0x7f, 0x9f))],
    [3, () => random.pick(sequences)],
    [2, () => random.pick(Array.from(turning))],
    [2, () => random.pick(Array.from(invisible))],
    [2, () => random.pick(forged)],
    [1, () => String.fromCharCode(random.between(0xd800, 0xdfff))],
    [1, () => String.fromCodePoint(random.below(0x11_0000))],
    [
      1,
      () =>
        `\x1b[${random.below(200)};${random.below(200)}${String.fromCharCode(random.between(0x40, 0x7e))}`,
    ],
    [1, () => overlong(random)],
  );
}

/** Just below, at or just above the limit, in characters of one to four bytes. */
function overlong(random: Random): string {
  const character = random.pick(["x", "é", "€", "🎉"]);
  const bytes = Buffer.byteLength(character);
  return character.repeat(Math.floor(maxTextBytes / bytes) + random.between(-2, 2));
}

export function hostileText(random: Random): string {
  return random.several(1, 5, () => fragment(random)).join("");
}

/** As `hostileText`, with what is no UTF-8 and with telnet's commands. */
export function hostileBytes(random: Random): Buffer {
  return Buffer.concat(
    random.several(1, 4, () =>
      random.weighted(
        [8, () => Buffer.from(hostileText(random))],
        [2, () => random.pick(invalid)],
        [2, () => random.pick(telnet)],
        [1, () => random.bytes(1, 24)],
        [
          1,
          () =>
            Buffer.from(
              random.pick(telnet.slice(3, 5)).toString("latin1") + "y".repeat(random.below(1100)),
              "latin1",
            ),
        ],
      ),
    ),
  );
}

/** Somebody who is there, or nobody. */
export function somebody(random: Random): string {
  return random.weighted(
    [3, () => random.pick(Object.values(watchers))],
    [5, () => `f${random.below(visitors)}`],
    [1, () => random.pick(["LINEWATCH", "nobody", "__proto__", "toString", "SYSTEM", "ｗｅｂｗａｔｃｈ"])],
    [1, () => hostileText(random)],
  );
}

/** A name that can be had at times, or never. */
export function hostileName(random: Random): string {
  return random.weighted(
    [4, () => `g${random.below(100_000)}`],
    [
      2,
      () =>
        random.pick([
          "constructor",
          "__proto__",
          "hasOwnProperty",
          "Ünï",
          "ליאת",
          "[x]",
          "<b>",
          "e\u0301",
          "'",
          '"',
        ]),
    ],
    [
      2,
      () =>
        random.pick([
          "SYSTEM",
          "[PM",
          "",
          "/quit",
          "no name",
          "@x",
          ":x",
          "x".repeat(33),
          "Linevvatch",
          "canary",
        ]),
    ],
    [3, () => hostileText(random)],
  );
}

/** A room that there is, or could be, or never. */
export function hostileRoom(random: Random): string {
  const known = ["#r0", "#r0", "#r1", "#r2", "#R1", "#hidden", "#é", "#__proto__", "#lobby", "#", "r0"];
  return random.chance(90) ? random.pick(known) : `#${hostileText(random)}`;
}

/** What is typed to search for. */
export function hostileSearch(random: Random): string {
  const part = (): string =>
    random.weighted(
      [3, () => hostileText(random)],
      [2, () => `from:${somebody(random)}`],
      [
        2,
        () => random.pick(["f", "x", "hello", "the", "é", "東", "\u{1F389}", "OR", "NEAR(", "*", "-a", "a*"]),
      ],
      [1, () => `"${random.pick(["a b", "", "x", '" "'])}"`],
      [
        1,
        () =>
          random.pick(["after:", "before:"]) +
          random.pick(["2026-11-24", "1970-01-01T00:00", "0000-1-1", "9999-12-31", "x"]),
      ],
    );
  return random.several(1, 4, part).join(" ");
}

const codes = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => String.fromCharCode(from + index));

/** What no terminal may be given: every control but LF and TAB, line separators, and what turns the direction. */
export const moves = /[\0-\x08\x0B-\x1F\x7F-\x9F\u2028-\u202E\u2066-\u2069\uFEFF]/;

/** As `moves`, but for the end of a line, the codes of IRC's formatting and CTCP's delimiter. */
export const movesInIrc =
  /[\0\x05-\x08\x0B\x0C\x0E\x10\x12-\x15\x17-\x1C\x7F-\x9F\u2028-\u202E\u2066-\u2069\uFEFF]/;

const formatting =
  /\x03(?:\d{1,2}(?:,\d{1,2})?)?|\x04(?:[\dA-Fa-f]{6}(?:,[\dA-Fa-f]{6})?)?|[\x01\x02\x0F\x11\x16\x1D-\x1F]/g;

/** What would do harm to a terminal, an IRC client, a page or a log where it arrived as it is; each in one line. */
export const oneLiners: readonly string[] = [
  ...codes(1, 31).filter((character) => !"\t\n\r".includes(character)),
  ...codes(0x7f, 0x9f),
  ...Array.from("\u2028\u2029\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069\uFEFF"),
  // Terminals.
  "\x1b[2J\x1b[1;1Hforged",
  "\x1b]0;title\x07",
  "\x1b]52;c;Z290Y2hh\x07",
  "\x1b]8;;http://x\x1b\\link",
  "\x1bP1$r0m\x1b\\",
  "\x1b[6n\x1b[?1049h",
  "\x9b31m",
  "\x9d0;title\x9c",
  "\b\b\b\b\x7f",
  // IRC.
  "\x02bold\x0f \x1ditalics\x1f \x11mono\x16",
  "\x0304,08red\x03 \x04ff0000,00ff00hex\x04",
  "\x01ACTION waves\x01",
  "\x01DCC SEND x 1 1 1\x01",
  "\x01VERSION\x01",
  ":root!root@host PRIVMSG #lobby :forged",
  "@time=2026-01-01T00:00:00.000Z;msgid=x :root PRIVMSG #lobby :forged",
  ";+draft/reply=x \\r\\nQUIT \\:",
  // Lines of the console, the export and the line door.
  "[12:00:00] [JOIN] root joined from 127.0.0.1:1",
  "\u2028[12:00:00] [SYSTEM] Server is shutting down",
  "\x85#lobby #1 2026-01-01T00:00:00.000Z root: hi",
  // Pages, stores and formatters.
  "<script>alert(1)</script><img src=x onerror=alert(1)>",
  "&lt;b&gt; javascript:alert(1)",
  "${x} %s %n %1$s {{y}} {0}",
  "'; DROP TABLE events; --",
  '{"type":"quit"} \\u001b[2J \\x1b',
  "__proto__ constructor toString",
  // People's scripts, which stay.
  `a${"\u0301".repeat(40)}`,
  "\u{1F469}\u200D\u{1F469}\u200D\u{1F467} ខ្ញុំ\u200Bស្រឡាញ់ עברית و العربية",
  "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
];

/** What ends a line, or is no character. Who can send it in one text has it replaced. */
export const enders: readonly string[] = [
  "\r[12:00:00] [SYSTEM] forged",
  "\0after",
  "\ud800",
  "\udc00\ud800",
];

/** What ends a line, and goes on as what nobody said. */
export const lineEnders: readonly string[] = [
  "\n[12:00:00] [JOIN] root joined",
  "\r\n:root!root@host PRIVMSG #lobby :forged",
];

/** A text as it is kept of somebody who is not at an IRC client. */
export function clean(text: string): string {
  return text.toWellFormed().replaceAll(new RegExp(moves, "g"), "\uFFFD").replaceAll("\n", "\uFFFD");
}

/** A text as it is kept of an IRC client: with its codes, but what looks like a message between programs. */
export function cleanInIrc(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\x01(?=[^ \x01])/g, "\uFFFD")
    .replaceAll(new RegExp(movesInIrc, "g"), "\uFFFD");
}

/** What is left of it for a terminal. */
export function printed(text: string): string {
  return text.replaceAll(formatting, "");
}

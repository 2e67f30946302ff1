import { printableLines } from "../../src/chat/text.ts";
import { commandTable } from "../../src/protocols/line/commands.ts";
import { helpText } from "../../src/protocols/line/help.ts";

/** What stands in no line: a control but TAB, what separates lines, and what turns the direction of writing. */
const forbidden = /[\0-\x08\x0A-\x1F\x7F-\x9F\u2028-\u202E\u2066-\u2069\uFEFF]/;

/** As `forbidden`, but for the codes of IRC's formatting and CTCP's delimiter, which IRC clients are given. */
const forbiddenInIrc =
  /[\0\x05-\x08\x0A-\x0E\x10\x12-\x15\x17-\x1C\x7F-\x9F\u2028-\u202E\u2066-\u2069\uFEFF]/;

const time = "\\[\\d\\d:\\d\\d:\\d\\d\\]";
const day = "[A-Z][a-z]+day \\d+ [A-Z][a-z]+ \\d{4}";
const name = "(?![#&+~%$=])[^\\s:!@,*?]{1,64}";
const room = "#[^\\s,]+";
const address = "127\\.0\\.0\\.1:\\d+";

/** What somebody said to everybody, from behind the time on: `Alice: hello`, `* Alice waves`. */
const said = `(?:\\* ${name} |${name}: ).*`;
const people = `(?:${name}(?:, ${name})?(?: and (?:${name}|1 other|\\d+ others))? ha(?:s|ve)|\\d+ (?:person has|people have))`;
const spoken = new RegExp(`^${time} (${said})$`);
const broadcast = new RegExp(`^${time} \\[BROADCAST\\] (?:(${room}) )?(${said})$`);

/** What happened to a room, from behind who did it on. */
const deeds = [
  "set the topic: .*",
  "took the topic away",
  `removed ${name}(?:: .*)?`,
  "removed a message(?:: .*)?",
  "reacted: .*",
  `renamed the room to ${room}(?:: .*)?`,
  "(?:closed the room to|opened the room to|made|left the topic to|hid the room|showed the room|set a|took the|banned|unbanned|excepted from|excepted no more|invites for good|invites no more|set) ?.*",
];
const news = `(?:${name} (?:${deeds.join("|")})|a message of ${name} was removed)`;

const systemForms = [
  `${people} joined (?:the chat|${room})`,
  `${people} left (?:the chat|${room})(?:: .*)?`,
  `${name} is now called ${name}`,
  news,
  "Server is shutting down",
  "Goodbye",
  "You came in from somewhere else, which takes over from here",
  "You were removed from the chat(?:: .*)?",
  `You (?:made ${room}, and run it|are in ${room}(?: as well)?|left ${room}|are not in ${room} any more)`,
  `You (?:look at ${room} now|are now called ${name}|are back|are away: .*)`,
  `You invited ${name} to ${room}(?:, who is away: .*)?`,
  `You are signed in as ${name}`,
  `The name ${name} is yours from now on`,
  `${room} is closed`,
  "It is about: .*",
  "It is so already",
  `${name} invites you to ${room}\\. To come in: /join ${room}`,
  `${name} is (?:away: .*|not here, and is given it on coming in)`,
];

const lineForms = [
  new RegExp(`^(?:${room} )?${time} ${said}$`),
  new RegExp(`^${time} \\[PM (?:from|to) ${name}\\] .*$`),
  new RegExp(`^(?:${room} )?${time} \\[SYSTEM\\] (?:${systemForms.join("|")})$`),
  new RegExp(`^(?:${room} )?${time} \\[to operators\\] ${said}$`),
  new RegExp(`^${time} \\[ERROR\\] .+$`),
  new RegExp(`^#\\d+ ${time} (?:${said}|\\[SYSTEM\\] ${news})$`),
  new RegExp(`^(?:${room} )?={50}$`),
  new RegExp(`^Online Users \\(\\d+\\): (?:|${name}(?:, ${name})*(?: … and \\d+ more)?)$`),
  /^--- (?:no messages to show|(?:the last message|the last \d+ messages)|messages after #\d+) ---$/,
  /^--- (?:end of history(?:, up to #\d+)?|there are more: \/since \d+) ---$/,
  /^--- (?:no messages after #\d+; the last is #\d+|#\d+ (?:is|to #\d+ are) no longer kept) ---$/,
  /^--- (?:a message was kept for you|\d+ messages were kept for you|end of what was kept) ---$/,
  new RegExp(`^--- ${day} ---$`),
  /^--- (?:no message|1 message|\d+ messages|the best \d+ of \d+ messages) for '.*'.* ---$/,
  /^--- end of the search(?:; \/since \d+ goes to #\d+)? ---$/,
  new RegExp(
    `^(?:#\\d+|\\S+ #\\d+|@${name}) \\[${day} \\d\\d:\\d\\d:\\d\\d\\] (?:\\[PM (?:from|to) ${name}\\] .*|\\[SYSTEM\\] ${news}|${said})$`,
  ),
  new RegExp(`^ {3}(?:…|${time} (?:\\[PM (?:from|to) ${name}\\] .*|\\[SYSTEM\\] ${news}|${said}))$`),
  new RegExp(`^Welcome to the chat server, ${name}!$`),
  // What rooms there are, how one is run, and who somebody is.
  /^Rooms \(\d+\):$/,
  new RegExp(`^${room} \\(\\d+\\)(?:: .*)?$`),
  /^… and \d+ more$/,
  new RegExp(`^Room ${room} \\(\\d+\\)$`),
  new RegExp(`^(?:No topic|Topic, by ${name}: .*)$`),
  /^Settings: [a-z, -]+$/,
  new RegExp(`^Run by: ${name} \\([a-z, -]+\\)(?:, ${name} \\([a-z, -]+\\))*$`),
  new RegExp(`^${name} \\(${name}![\\w~.-]+@[\\w.-]+\\)$`),
  /^Says of himself: .*$/,
  new RegExp(`^(?:A guest|Signed in as ${name}|A program|Away: .*)$`),
  new RegExp(`^Here since (?:${day} )?${time}$`),
  new RegExp(`^In ${room}(?: \\([a-z, -]+\\))?(?:, ${room}(?: \\([a-z, -]+\\))?)*$`),
];

const fixedLines: ReadonlySet<string> = new Set([
  "",
  "Type '/help' for commands",
  ...[undefined, ...commandTable.map((entry) => entry.name)].flatMap((topic) =>
    helpText(topic, { consoleShowsPrivate: true }).split("\n"),
  ),
]);

const consoleForms = [
  /^\[INFO\] Active clients: \d+$/,
  broadcast,
  new RegExp(`^${time} \\[ROOM\\] ${room} ${name} (?:removed|set|renamed) .*$`),
  new RegExp(`^\\[WARNING\\] ${name} gave a wrong password for OPER$`),
  new RegExp(`^\\[INFO\\] ${name} (?:is an operator now|was removed by ${name}(?: \\(.*\\))?)$`),
  new RegExp(`^${time} \\[PM\\] (?:\\* ${name} -> ${name} |${name} -> ${name}: ).*$`),
  new RegExp(`^\\[INFO\\] New connection attempt from ${address}$`),
  new RegExp(`^\\[INFO\\] Rejected ${address}: .+$`),
  new RegExp(`^${time} \\[JOIN\\] ${name} joined from ${address}$`),
  new RegExp(`^${time} \\[LEAVE\\] ${name} left the chat$`),
  /^\[INFO\] Shutting down$/,
];

const exportForm = new RegExp(`^(\\S+) #(\\d+) \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z (.*)$`);

/** What is wrong with a line of the line door, without its end. */
export function judgeLine(line: string): string | undefined {
  return judgeText(line) ?? (fixedLines.has(line) ? undefined : judgeForm(line, lineForms));
}

/** As `judgeLine`, for a line of the server's console. */
export function judgeConsoleLine(line: string): string | undefined {
  return judgeText(line) ?? judgeForm(line, consoleForms);
}

/** What is wrong with a text that is to stand within a line. */
export function judgeText(text: string): string | undefined {
  const found = forbidden.exec(text);
  return found === null ? undefined : `${JSON.stringify(found[0])} in ${JSON.stringify(text)}`;
}

/**
 * What is wrong with a websocket's frame. JSON writes what is forbidden in a text with an escape, so that only a
 * TAB, a quote, a backslash, the end of a line within a message of several and IRC's codes may have one.
 */
export function judgeFrame(frame: string): string | undefined {
  const escaped = /(?<!\\)(?:\\\\)*\\(?:[bfr]|u(?!00(?:0[1-4f]|1[16def])))/.exec(frame);
  return judgeText(frame) ?? (escaped === null ? undefined : `${escaped[0]} in ${frame}`);
}

/** What a line of the line door shows that was said to everybody. */
export function saidIn(line: string): string | undefined {
  return spoken.exec(line)?.[1];
}

/** As `saidIn`, for a line of the console: as many as the message had lines. */
export function broadcastIn(line: string): readonly string[] {
  const [, where, message] = broadcast.exec(line) ?? [];
  if (where !== undefined || message === undefined) return [];
  const [, who = "", text = ""] = /^(\* \S+ |\S+: )(.*)$/s.exec(message) ?? [];
  return text.split(" ⏎ ").map((part) => who + part);
}

/** An event as everybody is told it at a terminal; nothing where it is none that somebody said. */
export function saidLines(kind: string, nick: string, text: string): readonly string[] {
  switch (kind) {
    case "text":
    case "notice":
      return printableLines(text).map((line) => `${nick}: ${line}`);
    case "action":
      return printableLines(text).map((line) => `* ${nick} ${line}`);
    default:
      return [];
  }
}

/** Whether there is something in a line that no IRC client may be given. */
export function isHostileInIrc(text: string): boolean {
  return forbiddenInIrc.test(text);
}

/** An export's line for people. */
export function exportedIn(
  line: string,
): { readonly stream: string; readonly number: number; readonly text: string } | undefined {
  const [, stream, number, text] = exportForm.exec(line) ?? [];
  if (stream === undefined || text === undefined) return undefined;
  return { stream, number: Number(number), text };
}

function judgeForm(line: string, forms: readonly RegExp[]): string | undefined {
  return forms.some((form) => form.test(line))
    ? undefined
    : `a line of no known form: ${JSON.stringify(line)}`;
}

import { commandTable } from "../../src/protocols/line/commands.ts";
import { helpText } from "../../src/protocols/line/help.ts";

/** What stands in no line: a control but TAB, what separates lines, and what turns the direction of writing. */
const forbidden = /[\0-\x08\x0A-\x1F\x7F-\x9F\u2028-\u202E\u2066-\u2069\uFEFF]/;

const time = "\\[\\d\\d:\\d\\d:\\d\\d\\]";
const day = "[A-Z][a-z]+day \\d+ [A-Z][a-z]+ \\d{4}";
const name = "[^\\s:!@,*?]{1,64}";
const address = "127\\.0\\.0\\.1:\\d+";

/** What somebody said to everybody, from behind the time on: `Alice: hello`, `* Alice waves`. */
const said = `(?:\\* ${name} |${name}: ).*`;
const people = `(?:${name}(?:, ${name})?(?: and (?:${name}|1 other|\\d+ others))? ha(?:s|ve)|\\d+ (?:person has|people have))`;
const spoken = new RegExp(`^${time} (${said})$`);
const broadcast = new RegExp(`^${time} \\[BROADCAST\\] (${said})$`);

const lineForms = [
  spoken,
  new RegExp(`^${time} \\[PM (?:from|to) ${name}\\] .*$`),
  new RegExp(`^${time} \\[SYSTEM\\] (?:${people} (?:joined|left) the chat|Server is shutting down)$`),
  new RegExp(
    `^${time} \\[SYSTEM\\] (?:Goodbye|You came in from somewhere else, which takes over from here)$`,
  ),
  new RegExp(`^${time} \\[ERROR\\] .+$`),
  new RegExp(`^#\\d+ ${time} ${said}$`),
  /^={50}$/,
  new RegExp(`^Online Users \\(\\d+\\): (?:|${name}(?:, ${name})*(?: … and \\d+ more)?)$`),
  /^--- (?:no messages to show|(?:the last message|the last \d+ messages)|messages after #\d+) ---$/,
  /^--- (?:end of history(?:, up to #\d+)?|there are more: \/since \d+) ---$/,
  /^--- (?:no messages after #\d+; the last is #\d+|#\d+ (?:is|to #\d+ are) no longer kept) ---$/,
  new RegExp(`^--- ${day} ---$`),
  /^--- (?:no message|1 message|\d+ messages|the best \d+ of \d+ messages) for '.*'.* ---$/,
  /^--- end of the search(?:; \/since \d+ goes to #\d+)? ---$/,
  new RegExp(
    `^(?:#\\d+|@${name}) \\[${day} \\d\\d:\\d\\d:\\d\\d\\] (?:\\[PM (?:from|to) ${name}\\] .*|${said})$`,
  ),
  new RegExp(`^ {3}(?:…|${time} (?:\\[PM (?:from|to) ${name}\\] .*|${said}))$`),
  new RegExp(`^Welcome to the chat server, ${name}!$`),
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
 * TAB, a quote and a backslash may have one.
 */
export function judgeFrame(frame: string): string | undefined {
  const escaped = /(?<!\\)(?:\\\\)*\\[bfnru]/.exec(frame);
  return judgeText(frame) ?? (escaped === null ? undefined : `${escaped[0]} in ${frame}`);
}

/** What a line of the line door shows that was said to everybody. */
export function saidIn(line: string): string | undefined {
  return spoken.exec(line)?.[1];
}

/** As `saidIn`, for a line of the console. */
export function broadcastIn(line: string): string | undefined {
  return broadcast.exec(line)?.[1];
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

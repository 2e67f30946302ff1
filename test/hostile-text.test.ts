import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text as allOf } from "node:stream/consumers";
import test from "node:test";
import { type CleanText, lobby, type MessageId, type PersonId } from "../src/chat/event.ts";
import { databaseName } from "../src/storage/data-folder.ts";
import { openSqliteStore } from "../src/storage/threads.ts";
import { LineClient, timeless } from "./support/line-client.ts";
import { runServer } from "./support/running-server.ts";
import { repository } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { WebSocketClient } from "./support/websocket-client.ts";

/** What no terminal may be given: every control but LF and TAB, line separators, and what turns the direction. */
const moves = /[\0-\x08\x0B-\x1F\x7F-\x9F\u2028-\u202E\u2066-\u2069\uFEFF]/;

const everyC0 = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).filter(
  (character) => !"\t\n\r\0".includes(character),
);
const everyC1 = Array.from({ length: 32 }, (_, code) => String.fromCharCode(0x80 + code));
const everyBidi = Array.from("\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069\uFEFF");
const sequences = [
  "\x1b[2J",
  "\x1b]0;title\x07",
  "\x1b[1A\x1b[2K[SYSTEM] forged",
  "\x9b31m",
  "\x1bP1;2|\x1b\\",
  "\x0304,08colour\x03",
  "\x02bold\x0f",
  "\x01ACTION waves\x01",
  "\b\b\b\b",
  "\x7f\x7f",
  "a\rb",
  "a\0b",
  "a\u2028b\u2029c",
];

/** Texts of every kind that becomes U+FFFD, a character for a character, and stays in its place. */
const replaced: readonly string[] = [
  ...everyC0,
  ...everyC1,
  ...everyBidi,
  "\x7f",
  "\u2028",
  "\u2029",
  ...sequences,
];

/** Texts that are shown as they are, because people write with them. */
const kept: readonly string[] = [
  "\t",
  "\u200B",
  "ខ្ញុំ\u200Bស្រឡាញ់",
  "\u{1F469}\u200D\u{1F469}\u200D\u{1F467}",
  "a\u200Cb",
  "\u200E\u200F",
  "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
  "עברית و العربية",
  "\uFFFD",
  "<script>alert(1)</script>",
  "${x} %s %n {{y}}",
  "' OR 1=1 --",
  "e\u0301\u0302\u0303",
];

function shown(text: string): string {
  return text.replaceAll(new RegExp(moves, "g"), "\uFFFD");
}

/** One who speaks by a door; `said` resolves when the text has its place in the order. */
interface Speaker {
  readonly name: string;
  say(text: string): Promise<void>;
  tell(to: string, text: string): Promise<void>;
}

async function lineSpeaker(port: number): Promise<Speaker> {
  const client = await LineClient.enter(port, "Liner");
  const send = async (line: string): Promise<void> => {
    client.send(line);
    await client.settled();
  };
  return { name: "Liner", say: send, tell: (to, text) => send(`/pm ${to} ${text}`) };
}

async function webSocketSpeaker(port: number): Promise<Speaker> {
  const { client } = await WebSocketClient.enter(port, { name: "Webber" });
  let counter = 0;
  const send = async (to: string, text: string): Promise<void> => {
    counter += 1;
    client.send({ type: "send", counter, to, kind: "text", text });
    await client.next("ack");
  };
  return { name: "Webber", say: (text) => send("#lobby", text), tell: (to, text) => send(`@${to}`, text) };
}

async function exported(dataFolder: string): Promise<string> {
  const args = ["bin/roomful.js", "export", "--private", "--format", "text", "--data", dataFolder];
  const child = spawn(process.execPath, args, { cwd: repository, stdio: ["ignore", "pipe", "ignore"] });
  return allOf(child.stdout);
}

const speakers = [
  ["line", lineSpeaker],
  ["websocket", webSocketSpeaker],
] as const;

for (const [door, speakerAt] of speakers) {
  test(`what is sent from the ${door} door is harmless on every door, in its place, on its one line`, async (t) => {
    const { port, dataFolder, console } = await runServer(t, {
      settings: { maxPageEvents: 5000, maxLineBytes: 16_384 },
    });
    const reader = await LineClient.enter(port, "Reader");
    const { client: program } = await WebSocketClient.enter(port, { name: "Program" });
    const speaker = await speakerAt(port);
    await reader.until(`${speaker.name} has joined`);
    const start = console().length;
    reader.clear();
    const texts = [...replaced, ...kept].map((hostile, index) => `${index} before ${hostile} after`);
    for (const text of texts) await speaker.say(text);
    await speaker.tell("Reader", texts.join(" "));
    await speaker.tell("Program", texts.join(" "));

    const expected = texts.map(shown);
    const everything = expected.join(" ");
    const { name } = speaker;
    const live = await reader.settled();
    const lines = [...expected.map((text) => `T ${name}: ${text}`), `T [PM from ${name}] ${everything}`, ""];
    assert.deepEqual(timeless(live).split("\n"), lines, "on the line door");

    reader.clear();
    reader.send("/since 0");
    const since = await reader.until("--- end of history ---\n");
    assert.deepEqual(timeless(since).split("\n"), [
      "--- messages after #0 ---",
      ...expected.map((text, index) => `#${index + 1} T ${name}: ${text}`),
      "--- end of history ---",
      "",
    ]);
    reader.clear();
    reader.send("/history 5000");
    const history = await reader.until(/--- end of history, [^\n]*\n/);
    assert.deepEqual(timeless(history).split("\n"), [
      `--- the last ${texts.length} messages ---`,
      ...expected.map((text) => `T ${name}: ${text}`),
      `--- end of history, up to #${texts.length} ---`,
      "",
    ]);

    const events = [];
    for (let count = 0; count <= texts.length; count += 1)
      events.push((await program.next("event")).event.text);
    assert.deepEqual(events, [...expected, everything], "on the websocket door");
    for (const frame of program.frames) assert.doesNotMatch(frame, moves);

    const shownOnConsole = timeless(console().slice(start));
    assert.deepEqual(
      shownOnConsole.split("\n"),
      [
        ...expected.map((text) => `T [BROADCAST] ${name}: ${text}`),
        `T [PM] ${name} -> Reader: ${everything}`,
        `T [PM] ${name} -> Program: ${everything}`,
        "",
      ],
      "on the console",
    );

    const records = (await exported(dataFolder)).replaceAll(/\d{4}-\S+Z/g, "T").replaceAll(/^dm:\S+/gm, "dm");
    // Private conversations come in the order of their people's ids, which are made at random.
    const [ofRoom, ofPeople] = [/^#lobby/, /^dm/].map((stream) =>
      records.split("\n").filter((line) => stream.test(line)),
    );
    assert.deepEqual(
      [...(ofRoom ?? []), ...(ofPeople ?? []).toSorted()],
      [
        ...expected.map((text, index) => `#lobby #${index + 1} T ${name}: ${text}`),
        ...["Program", "Reader"].map((to) => `dm #1 T ${name} -> ${to}: ${everything}`),
      ],
      "in an export",
    );
    for (const seen of [live, since, history, shownOnConsole, records]) assert.doesNotMatch(seen, moves);
  });
}

test("bytes that are no UTF-8 become U+FFFD, decoded by the whole line", async (t) => {
  const { port, console } = await runServer(t);
  const reader = await LineClient.enter(port, "Reader");
  const liner = await LineClient.enter(port, "Liner");
  const euro = Buffer.from("€");
  const cases: readonly (readonly [string, readonly number[], string])[] = [
    ["a lone continuation", [0x80], "\uFFFD"],
    ["an overlong slash", [0xc0, 0xaf], "\uFFFD\uFFFD"],
    ["a surrogate", [0xed, 0xa0, 0x80], "\uFFFD\uFFFD\uFFFD"],
    ["a character that is cut off", [0xe2, 0x82], "\uFFFD"],
    ["beyond Unicode", [0xf5, 0x80], "\uFFFD\uFFFD"],
    ["Latin-1", [0xe9], "\uFFFD"],
    ["a C1 control in Latin-1", [0x9b], "\uFFFD"],
  ];
  for (const [, bytes] of cases) {
    liner.socket.write(Buffer.concat([Buffer.from("before "), Buffer.from(bytes), Buffer.from(" after\n")]));
  }
  // A character in two packets is one character all the same.
  liner.socket.write(Buffer.concat([Buffer.from("before "), euro.subarray(0, 1)]));
  await reader.settled();
  liner.socket.write(Buffer.concat([euro.subarray(1), Buffer.from(" after\n")]));
  await liner.settled();
  const lines = timeless(await reader.settled()).split("\n");
  for (const [what, , expected] of cases) {
    assert.ok(lines.includes(`T Liner: before ${expected} after`), `${what} in ${JSON.stringify(lines)}`);
  }
  assert.ok(lines.includes("T Liner: before € after"));
  assert.doesNotMatch(console(), moves);
});

test("what ends a line ends it on the line door and in a message of the websocket door, where all else is replaced", async (t) => {
  const { port } = await runServer(t);
  const reader = await LineClient.enter(port, "Reader");
  const liner = await LineClient.enter(port, "Liner");
  const { client: webber } = await WebSocketClient.enter(port, { name: "Webber" });
  await reader.until("Webber has joined");
  reader.clear();
  const forged = "[SYSTEM] forged";
  for (const end of ["\n", "\r\n", "\r\0"]) liner.socket.write(`one${end}${forged}${end}`);
  await liner.settled();
  const texts = ["\n", "\r\n", "\r", "\0", "\ud800", "\udc00", "\udc00\ud800"].map(
    (end) => `one${end}${forged}`,
  );
  for (const [index, text] of texts.entries()) {
    const send = { type: "send", counter: index + 1, to: "#lobby", kind: "text", text };
    webber.socket.send(JSON.stringify(send));
    await webber.next("ack");
  }
  assert.deepEqual(timeless(await reader.settled()).split("\n"), [
    ...["\n", "\r\n", "\r\0"].flatMap(() => ["T Liner: one", `T Liner: ${forged}`]),
    ...["\n", "\r\n"].flatMap(() => ["T Webber: one", `T Webber: ${forged}`]),
    ...["?", "?", "?", "?", "??"].map((end) => `T Webber: one${end.replaceAll("?", "\uFFFD")}${forged}`),
    "",
  ]);
});

test("nobody comes in under a name that could do harm, and the refusal does none either", async (t) => {
  const { port, console } = await runServer(t, { settings: { addressLimit: Number.POSITIVE_INFINITY } });
  const watcher = await LineClient.enter(port, "Watcher");
  watcher.clear();
  const flag = "\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}";
  const hostile = [
    ...replaced,
    "\t",
    "\u200B",
    "\u200C",
    "\u200D",
    "\u200E",
    "\u00AD",
    flag,
    "\uFFFD",
    "\u3164",
  ];
  await Promise.all(
    hostile.map(async (part) => {
      const client = await LineClient.connect(port);
      client.socket.end(`A${part}b\n`);
      const received = await client.untilEnd();
      client.close();
      assert.match(
        timeless(received),
        /^T \[ERROR\] Username 'A[^\n]*' cannot be used: [^\n]*\nEnter your username: $/u,
      );
      assert.doesNotMatch(received, moves);
    }),
  );
  for (const part of [...hostile, "\n", "\ud800"]) {
    const client = await WebSocketClient.connect(port);
    client.send({ type: "hello", version: 1, name: `A${part}b` });
    const { reason, text } = await client.next("refused");
    assert.match(reason, /^name-(?:invisible|white-space)$/);
    assert.doesNotMatch(text, /\n/);
    assert.doesNotMatch(text, moves);
    client.socket.terminate();
  }
  const invalid = await LineClient.connect(port);
  invalid.socket.end(Buffer.from([0x41, 0xc3, 0x28, 0x0a]));
  assert.match(await invalid.untilEnd(), /cannot be used/);
  invalid.close();
  assert.equal(await watcher.settled(), "");
  assert.doesNotMatch(console(), moves);
});

test("what is quoted back to somebody does no harm to his terminal, nor to the console", async (t) => {
  const { port, console } = await runServer(t);
  const liner = await LineClient.enter(port, "Liner");
  for (const part of replaced) {
    liner.clear();
    liner.send(`/pm No${part}body psst`, `/do${part}it now`, `/help x${part}y`, `/list A${part}b`);
    const received = await liner.settled();
    assert.doesNotMatch(received, moves);
    const lines = timeless(received).split("\n");
    assert.match(
      lines[0] ?? "",
      /^T \[ERROR\] User 'No[^']*' is not online$|^T \[ERROR\] Usage: \/pm /u,
      part,
    );
    assert.match(lines[1] ?? "", /^T \[ERROR\] Unknown command: \/do/u, part);
    assert.match(lines[2] ?? "", /^T \[ERROR\] (?:Unknown command: \/x|Usage: \/help )/u, part);
  }
  for (const part of [...replaced, "\n", "\ud800"]) {
    const client = await WebSocketClient.connect(port);
    client.socket.send(JSON.stringify({ type: `no${part}thing` }));
    const { reason, text } = await client.next("closing");
    assert.equal(reason, "malformed");
    assert.match(text, /^That message cannot be read: type must be one of [^\n\t]*"no[^\n\t]*"$/u);
    assert.doesNotMatch(text, moves);
    client.socket.terminate();
  }
  for (const line of console().split("\n")) {
    assert.doesNotMatch(line, moves);
    assert.match(
      line,
      /^$|^\[INFO\] (?:New connection attempt|Rejected|Active clients)|^\S+ \[(?:JOIN|LEAVE)\] \w+ /,
    );
  }
});

test("whatever the store holds, a terminal is given nothing that moves its cursor", async (t) => {
  const dataFolder = temporaryFolder(t);
  const store = await openSqliteStore(join(dataFolder, databaseName));
  const from = { id: "p1" as PersonId, name: "Old\x1b[31m\nName" };
  await store.append(
    [...replaced, "\n", "\r\n", "\0"].map((hostile, index) => ({
      stream: lobby,
      id: `m${index}` as MessageId,
      at: 1,
      kind: index % 2 === 0 ? "text" : "action",
      from,
      to: undefined,
      text: `${index} before ${hostile} after` as CleanText,
      replyTo: undefined,
      threadRoot: undefined,
      clientTags: undefined,
      retry: undefined,
    })),
  );
  await store.close();
  const count = replaced.length + 3;
  const { port } = await runServer(t, { dataFolder, settings: { joinHistory: 100, maxPageEvents: 5000 } });
  const reader = await LineClient.enter(port, "Reader");
  reader.send("/since 0", "/history 5000");
  const received = await reader.until(/--- end of history ---\n[^]*--- end of history, /);
  const records = await exported(dataFolder);
  // A message of several lines is as many.
  const entry = /before [^\n]* after\n|before [^\n]*\n[^\n]* after\n/g;
  assert.equal(received.match(entry)?.length, Math.min(count, 100) + 2 * count);
  assert.equal(records.match(entry)?.length, count);
  assert.doesNotMatch(received, moves);
  assert.doesNotMatch(records, moves);
});

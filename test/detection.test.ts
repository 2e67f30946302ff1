import assert from "node:assert/strict";
import test from "node:test";
import { type Clock, systemClock } from "../src/server/clock.ts";
import { arrival } from "./support/arrival.ts";
import { timeless } from "./support/line-client.ts";
import { RawClient } from "./support/raw-client.ts";
import { type RunningServer, runServer } from "./support/running-server.ts";
import { clientFrame, opcodes, serverFrames, upgradeRequest } from "./support/websocket-frames.ts";

const host = "127.0.0.1:5173";
const rule = "=".repeat(50);
const greeting = [
  rule,
  "Welcome to the chat server, NAME!",
  "Type '/help' for commands",
  rule,
  "",
  rule,
  "Online Users (1): NAME",
  rule,
  "",
].join("\n");
const prompt = "Enter your username: ";

/** The first bytes of a connection, and everything that becomes of them. */
interface Opening {
  readonly what: string;
  readonly bytes: Buffer;
  /** What has to be answered, with every time of day as `T`. */
  readonly answer: string | RegExp;
  /** The events on the console, the attempt left out. */
  readonly console: readonly string[];
  /** What is sent as soon as something was answered. */
  readonly followedBy?: readonly (readonly [string, Buffer])[];
}

/** Somebody at netcat or telnet, by what is sent; `name` is who comes in, and says what is `said`. */
function lineOpening(what: string, bytes: string | Buffer, name: string, said: readonly string[]): Opening {
  return {
    what,
    bytes: Buffer.from(bytes),
    answer: greeting.replaceAll("NAME", name),
    console: [
      `T [JOIN] ${name} joined from ADDRESS`,
      "[INFO] Active clients: 1",
      ...said.map((text) => `T [BROADCAST] ${name}: ${text}`),
      `T [LEAVE] ${name} left the chat`,
      "[INFO] Active clients: 0",
    ],
  };
}

/** WILL NAWS, DO SUPPRESS-GO-AHEAD, and a subnegotiation with an escaped 255 in it. */
const telnet = Buffer.from("fffb1ffffd03fffa1f0050ffff0018fff0", "hex");

const lineOpenings: readonly Opening[] = [
  lineOpening("a name, a message and /quit", "Ann\nhello\n/quit\n", "Ann", ["hello"]),
  lineOpening("the same with CR LF", "Ann\r\nhello\r\n/quit\r\n", "Ann", ["hello"]),
  lineOpening("the same with CR NUL", "Ann\r\0hello\r\0/quit\r\0", "Ann", ["hello"]),
  lineOpening("a name in several bytes a letter", "Жанна\nпривет 🎉\n/quit\n", "Жанна", ["привет 🎉"]),
  lineOpening(
    "telnet's negotiation first",
    Buffer.concat([telnet, Buffer.from("Ann\r\nhel"), telnet, Buffer.from("lo\r\n/quit\r\n")]),
    "Ann",
    ["hello"],
  ),
  lineOpening("a message that looks like a request", "Ann\nGET / HTTP/1.1\n/quit\n", "Ann", [
    "GET / HTTP/1.1",
  ]),
  ...["GET", "head", "Post", "PRI", "NICK", "user", "cap", "ping", "JOIN2", "Quite", "Quit2"].map((name) =>
    lineOpening(`the name ${name}`, `${name}\nhello\n/quit\n`, name, ["hello"]),
  ),
  {
    what: "three refused names, the first like IRC's tags",
    bytes: Buffer.from("@tom\n:tom\nno name\n"),
    answer: [
      "T [ERROR] Username '@tom' cannot be used: '@' is not allowed there",
      `${prompt}T [ERROR] Username ':tom' cannot be used: ':' is not allowed there`,
      `${prompt}T [ERROR] Username 'no name' cannot be used: white space is not allowed in it`,
      "T [ERROR] No more usernames are taken on this connection. Connect again to try once more",
      "",
    ].join("\n"),
    console: [
      "[INFO] Rejected ADDRESS: name refused (name-unsafe)",
      "[INFO] Rejected ADDRESS: name refused (name-unsafe)",
      "[INFO] Rejected ADDRESS: name refused (name-white-space)",
      "[INFO] Rejected ADDRESS: three names were refused",
    ],
  },
];

function request(line: string, headers: readonly string[] = [], body = ""): Buffer {
  const all = [line, `Host: ${host}`, ...headers, "Connection: close", "", body];
  return Buffer.from(all.join("\r\n"));
}

const chat = "Mallory\r\nhello\r\n/pm Ann psst\r\n/quit\r\n";
const page = /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n[^]*Come in by the door you like:\n[^]*$/;

const httpOpenings: readonly Opening[] = [
  { what: "GET /", bytes: request("GET / HTTP/1.1"), answer: page, console: [] },
  {
    what: "HEAD /",
    bytes: request("HEAD / HTTP/1.1"),
    answer: /^HTTP\/1\.1 200 OK\r\n(?:[^\r\n]+\r\n)+\r\n$/,
    console: [],
  },
  ...["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT"].map((method) => ({
    what: method,
    bytes: request(`${method} ${method === "CONNECT" ? "chat.example:443" : "/"} HTTP/1.1`),
    answer: /^HTTP\/1\.1 405 Method Not Allowed\r\n[^]*$/,
    console: [],
  })),
  {
    what: "HTTP/2's preface",
    bytes: Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", "latin1"),
    answer: /^HTTP\/1\.1 400 Bad Request\r\n[^]*$/,
    console: [],
  },
];

/** Cut within the body, the answer may go out before the rest has come. */
const posts: readonly Opening[] = [
  request("POST / HTTP/1.1", [`Content-Length: ${chat.length}`], chat),
  request(
    "POST / HTTP/1.1",
    ["Transfer-Encoding: chunked"],
    `${chat.length.toString(16)}\r\n${chat}\r\n0\r\n\r\n`,
  ),
  request("POST / HTTP/1.1", ["Content-Type: text/plain"], chat),
  request("POST /chat HTTP/1.1", ["Content-Length: 3"], chat),
].map((bytes, index) => ({
  what: `POST ${index + 1} with a body that looks like chat`,
  bytes,
  answer: /^HTTP\/1\.1 405 Method Not Allowed\r\n[^]*$/,
  console: [],
}));

/** Who comes in by IRC, and goes. */
const ircOpenings: readonly Opening[] = [
  "CAP LS 302\r\nNICK ann\r\nUSER ann 0 * :Ann\r\nCAP END\r\nQUIT\r\n",
  "NICK ann\r\nUSER ann 0 * :Ann\r\nQUIT :gone\r\n",
  "nick ann\nuser ann 0 * :Ann\nquit\n",
  "PASS secret\r\nNICK ann\r\nUSER ann 0 * :Ann\r\nQUIT\r\n",
  "@time=2026-01-01T00:00:00Z;+x/y=z NICK ann\r\nUSER ann 0 * :Ann\r\nQUIT\r\n",
  ":ann NICK ann\r\nUSER ann 0 * :Ann\r\nQUIT\r\n",
].map((text) => ({
  what: JSON.stringify(text),
  bytes: Buffer.from(text),
  answer:
    /^(?::\S+ CAP \* LS [^\n]+\r\n)*:\S+ 001 ann [^]*\r\n:\S+ 422 ann [^\n]+\r\n:\S+ ERROR :[^\n]+\r\n$/,
  console: [
    "T [JOIN] ann joined from ADDRESS",
    "[INFO] Active clients: 1",
    "T [LEAVE] ann left the chat",
    "[INFO] Active clients: 0",
  ],
}));

/** Who speaks IRC, and goes before he has come in. */
const ircPartings: readonly Opening[] = [
  "QUIT\r\n",
  "quit\n",
  "QUIT :gone\r\n",
  "JOIN :\r\nQUIT\r\n",
  "PING 1\r\nNICK ann\r\nQUIT\r\n",
].map((text) => ({
  what: JSON.stringify(text),
  bytes: Buffer.from(text),
  answer: /^(?::\S+ (?:451 \* :[^\n]+|PONG \S+ :1)\r\n)*:\S+ ERROR :[^\n]+\r\n$/,
  console: [],
}));

const clientHello = Buffer.from(
  "16030100710100006d0303" +
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f".padEnd(64, "0") +
    "000004130113020100004000000000000a00080006001d00170018000d000400020403",
  "hex",
);

const tlsOpening: Opening = {
  what: "TLS",
  bytes: clientHello,
  answer: "",
  console: ["[INFO] Rejected ADDRESS: TLS is switched off (--tls)"],
};

function json(message: object): Buffer {
  return clientFrame(JSON.stringify(message));
}

const webSocketOpening: Opening = {
  what: "a websocket and hello",
  bytes: Buffer.concat([Buffer.from(upgradeRequest(host)), json({ type: "hello", version: 1, name: "Ann" })]),
  followedBy: [
    [
      '"type":"welcome"',
      Buffer.concat([
        json({ type: "send", counter: 1, to: "#lobby", kind: "text", text: "hello" }),
        json({ type: "quit" }),
      ]),
    ],
    ['"type":"closing"', clientFrame(Buffer.of(0x03, 0xe8), { opcode: opcodes.close })],
  ],
  answer: [
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
    '{"type":"welcome","version":1,"you":{"id":"ID","name":"Ann"},"token":"ID","epoch":"ID","resumed":false,' +
      '"gone":[],"heads":{"#lobby":N},"online":{"count":1,"names":["Ann"]},"recent":[],"operatorSeesPrivate":true,"limits":' +
      '{"maxTextBytes":2048,"maxMultilineBytes":4096,"maxLines":100,"maxPageEvents":500,"heartbeatMs":15000,"flood":null}}',
    '{"type":"ack","counter":1,"stream":"#lobby","number":N,"id":"ID","at":N}',
    '{"type":"closing","reason":"quit","text":"Goodbye","at":N}',
    "close 03e8",
  ].join("\n"),
  console: lineOpening("", "", "Ann", ["hello"]).console,
};

/** What somebody was answered, with everything that differs from one time to the next left out. */
function answerOf(received: Buffer): string {
  const text = received.toString();
  if (!text.includes("HTTP/1.1 101")) return timeless(text).replace(/^Date: .*\r\n/m, "");
  const end = received.indexOf("\r\n\r\n");
  const frames = serverFrames(received.subarray(end + 4)).frames.map(({ opcode, payload }) =>
    opcode === opcodes.text ? payload.toString() : `close ${payload.toString("hex", 0, 2)}`,
  );
  const head = received.toString("latin1", 0, end).split("\r\n");
  return [...head, ...frames.map(timelessFrame)].join("\n");
}

function timelessFrame(frame: string): string {
  return frame
    .replaceAll(/"(id|token|epoch)":"[^"]+"/g, '"$1":"ID"')
    .replaceAll(/"(at|number|#lobby)":\d+/g, '"$1":N');
}

function eventsOf(console: string): readonly string[] {
  return timeless(console)
    .replaceAll(/127\.0\.0\.1:\d+/g, "ADDRESS")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("[INFO] New connection attempt"));
}

const noticeMs = 1000;

/** Whom the gathered notices of who came and went would be shown to is a matter of time; here they never come. */
const clock: Clock = {
  ...systemClock,
  after: (ms, action) => (ms === noticeMs ? { cancel: () => undefined } : systemClock.after(ms, action)),
};

/** What is under TLS is detected again: `test/tls` has that. */
const settings = { joinHistory: 0, addressLimit: Number.POSITIVE_INFINITY, tls: "off" } as const;

/** Sends an opening in pieces, with a pause between them, and compares what comes of it. */
async function judge(
  server: RunningServer,
  opening: Opening,
  how: {
    readonly cuts: readonly number[];
    readonly pause?: (client: RawClient) => Promise<void>;
    readonly prompted?: true;
  },
): Promise<void> {
  const { cuts, pause = arrival } = how;
  const where = `${opening.what}, cut at ${cuts.join(", ")}`;
  const client = await RawClient.connect(server.port);
  const edges = [0, ...cuts, opening.bytes.length];
  for (const [index, edge] of edges.slice(1).entries()) {
    if (index > 0) await pause(client);
    const piece = opening.bytes.subarray(edges[index], edge);
    if (piece.length > 0) await client.write(piece);
  }
  for (const [answered, bytes] of opening.followedBy ?? []) {
    await client.until(answered);
    await client.write(bytes);
  }
  const answer = answerOf(await client.untilEnd());
  const unprompted = how.prompted === true ? answer.replace(prompt, "") : answer;
  if (how.prompted === true) assert.ok(answer.startsWith(prompt), where);
  if (typeof opening.answer === "string") assert.equal(unprompted, opening.answer, where);
  else assert.match(unprompted, opening.answer, where);
}

function everyCut(bytes: Buffer): readonly number[] {
  return Array.from({ length: bytes.length - 1 }, (_, index) => index + 1);
}

/** Each after the other, since who comes in sees who else is in, and so that the console can be told apart. */
async function judgeInTurn(
  server: RunningServer,
  opening: Opening,
  ways: readonly (readonly number[])[],
): Promise<void> {
  for (const cuts of ways) {
    const start = server.console().length;
    await judge(server, opening, { cuts });
    assert.deepEqual(
      eventsOf(server.console().slice(start)),
      opening.console,
      `${opening.what}, cut at ${cuts.join(", ")}`,
    );
  }
}

/** All at once: nobody of them comes in. */
async function judgeTogether(
  server: RunningServer,
  openings: readonly Opening[],
  waysOf: (bytes: Buffer) => readonly (readonly number[])[],
): Promise<void> {
  const start = server.console().length;
  const expected: string[] = [];
  await Promise.all(
    openings.flatMap((opening) =>
      waysOf(opening.bytes).map((cuts) => {
        expected.push(...opening.console);
        return judge(server, opening, { cuts });
      }),
    ),
  );
  assert.deepEqual([...eventsOf(server.console().slice(start))].sort(), expected.sort());
}

const uncutAndEveryCut = (bytes: Buffer): readonly (readonly number[])[] => [
  [],
  ...everyCut(bytes).map((cut) => [cut]),
];

test("somebody at netcat or telnet comes in the same, wherever the bytes are cut", async (t) => {
  const server = await runServer(t, { clock, settings });
  for (const opening of lineOpenings) {
    await judgeInTurn(server, opening, [...uncutAndEveryCut(opening.bytes), everyCut(opening.bytes)]);
  }
});

test("a websocket opens the same, wherever the bytes are cut", async (t) => {
  const server = await runServer(t, { clock, settings });
  const { bytes } = webSocketOpening;
  await judgeInTurn(server, webSocketOpening, [...uncutAndEveryCut(bytes), everyCut(bytes)]);
});

test("requests are answered the same, wherever the bytes are cut, and none is ever chat", async (t) => {
  const server = await runServer(t, { clock, settings });
  await judgeTogether(server, httpOpenings, (bytes) => [...uncutAndEveryCut(bytes), everyCut(bytes)]);
  await judgeTogether(server, posts, uncutAndEveryCut);
});

test("an IRC client comes in the same, wherever the bytes are cut", async (t) => {
  const server = await runServer(t, { clock, settings });
  for (const opening of ircOpenings) {
    await judgeInTurn(server, opening, [...uncutAndEveryCut(opening.bytes), everyCut(opening.bytes)]);
  }
  await judgeTogether(server, ircPartings, (bytes) => [...uncutAndEveryCut(bytes), everyCut(bytes)]);
});

test("TLS is told apart and turned away, wherever the bytes are cut", async (t) => {
  const server = await runServer(t, { clock, settings });
  await judgeTogether(server, [tlsOpening], (bytes) => [...uncutAndEveryCut(bytes), everyCut(bytes)]);
});

test("who is silent at first is asked for a name, and then whatever comes is what it is", async (t) => {
  const server = await runServer(t, { clock, settings: { ...settings, promptMs: 30 } });
  const silence = async (client: RawClient): Promise<void> => {
    await client.until(prompt);
  };
  for (const opening of [...lineOpenings, ...ircOpenings, webSocketOpening]) {
    await judge(server, opening, { cuts: [0], pause: silence, prompted: true });
  }
  await Promise.all(
    [...httpOpenings, ...posts, ...ircPartings, tlsOpening].map((opening) =>
      judge(server, opening, { cuts: [0], pause: silence, prompted: true }),
    ),
  );
  assert.doesNotMatch(server.console(), /Mallory|psst/);
});

test("who has begun and pauses for longer than the prompt waits is not asked, and comes in the same", async (t) => {
  const promptMs = 7;
  let passed = 0;
  let due: (() => void)[] = [];
  const turned: Clock = {
    ...clock,
    monotonic: () => systemClock.monotonic() + passed,
    after: (ms, action) => {
      if (ms > promptMs && ms !== 20) return clock.after(ms, action);
      due.push(action);
      return { cancel: () => undefined };
    },
  };
  const server = await runServer(t, { clock: turned, settings: { ...settings, promptMs } });
  /** What was sent has arrived, and then the time after which somebody silent is asked goes by. */
  const pause = async (client: RawClient): Promise<void> => {
    await arrival(client);
    passed += 1000;
    const actions = due;
    due = [];
    for (const action of actions) action();
  };
  for (const opening of [lineOpenings[0]!, lineOpenings[4]!, webSocketOpening]) {
    for (const cut of [1, 2, 3, 4, 8, opening.bytes.length - 1]) {
      await judge(server, opening, { cuts: [cut], pause });
    }
  }
  const cuts = [1, 2, 3, 4, 5, 8, 16, 20];
  for (const opening of [...httpOpenings, ...posts, ...ircOpenings, ...ircPartings, tlsOpening]) {
    for (const cut of cuts.filter((at) => at < opening.bytes.length)) {
      await judge(server, opening, { cuts: [cut], pause });
    }
  }
  assert.doesNotMatch(server.console(), /Mallory|psst/);
});

import assert from "node:assert/strict";
import { hostname } from "node:os";
import test from "node:test";
import { arrival } from "./support/arrival.ts";
import { LineClient } from "./support/line-client.ts";
import { RawClient } from "./support/raw-client.ts";
import { runServer } from "./support/running-server.ts";
import { TurnedClock } from "./support/turned-clock.ts";
import { clientFrame, opcodes, serverFrames, upgradeRequest } from "./support/websocket-frames.ts";

interface Response {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** A request on a connection of its own, which the server is asked to close. */
async function ask(
  port: number,
  request: {
    readonly line: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  },
): Promise<Response> {
  const headers = { Host: `127.0.0.1:${port}`, Connection: "close", ...request.headers };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return parse(
    await RawClient.exchange(
      port,
      [`${request.line} HTTP/1.1`, ...lines, "", request.body ?? ""].join("\r\n"),
    ),
  );
}

function parse(text: string): Response {
  const [head = "", ...body] = text.split("\r\n\r\n");
  const [statusLine = "", ...lines] = head.split("\r\n");
  const [, status] = /^HTTP\/1\.1 (\d{3}) [A-Z][A-Za-z ]+$/.exec(statusLine) ?? [];
  assert.ok(status !== undefined, `no response: ${JSON.stringify(text)}`);
  const headers = lines.map((line) => /^([^:]+): (.*)$/.exec(line)?.slice(1) ?? [line, ""]);
  return {
    status: Number(status),
    headers: new Map(headers.map(([name = "", value = ""]) => [name.toLowerCase(), value])),
    body: body.join("\r\n\r\n"),
  };
}

/** What the chat made of everything so far: the console without the connections that were merely attempted. */
function chatted(console: string): string {
  return console.replaceAll(/^\[INFO\] New connection attempt from .*\n/gm, "");
}

test("the front page tells how to come in by each door, by the name it was asked for", async (t) => {
  const { port } = await runServer(t);
  for (const [host, name] of [
    [`127.0.0.1:${port}`, "127.0.0.1"],
    [`localhost:${port}`, "localhost"],
  ] as const) {
    const { status, headers, body } = await ask(port, { line: "GET /", headers: { Host: host } });
    assert.equal(status, 200);
    assert.equal(headers.get("content-type"), "text/plain; charset=utf-8");
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.match(headers.get("content-security-policy") ?? "", /default-src 'none'/);
    assert.match(body, new RegExp(`nc ${name} ${port}\\n`));
    assert.match(body, new RegExp(`telnet ${name} ${port}\\n`));
    assert.match(body, new RegExp(`npm run join -- NAME@${name}:${port}\\n`));
    assert.match(body, new RegExp(`ws://${name}:${port}/chat\\n`));
  }
});

test("HEAD has the status and the headers of GET, and no body", async (t) => {
  const { port } = await runServer(t);
  const { status, headers, body } = await ask(port, { line: "HEAD /" });
  assert.equal(status, 200);
  assert.equal(headers.get("content-type"), "text/plain; charset=utf-8");
  assert.equal(body, "");
});

test("what is not here, not allowed and no page is refused by its status, and closed", async (t) => {
  const { port } = await runServer(t);
  assert.equal((await ask(port, { line: "GET /secret" })).status, 404);
  assert.equal((await ask(port, { line: "GET /../../etc/passwd" })).status, 404);
  assert.equal((await ask(port, { line: "GET http://elsewhere.example/" })).status, 404);
  assert.equal((await ask(port, { line: "GET /?query" })).status, 200);
  for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"]) {
    const { status, headers } = await ask(port, { line: `${method} /` });
    assert.equal(status, 405, method);
    assert.equal(headers.get("allow"), "GET, HEAD", method);
  }
  const proxied = await ask(port, { line: "CONNECT elsewhere.example:443" });
  assert.equal(proxied.status, 405);
  assert.equal(proxied.headers.get("allow"), "GET, HEAD");
  const page = await ask(port, { line: "GET /chat" });
  assert.equal(page.status, 426);
  assert.equal(page.headers.get("upgrade"), "websocket");
});

test("a refused request is the last one of its connection", async (t) => {
  const { port } = await runServer(t);
  const host = `Host: 127.0.0.1:${port}`;
  const request = (path: string): string => `GET ${path} HTTP/1.1\r\n${host}\r\n\r\n`;
  const received = await RawClient.exchange(port, request("/none") + request("/"));
  assert.deepEqual(received.match(/HTTP\/1\.1 \d+/g), ["HTTP/1.1 404"]);
});

test("only names of this machine are answered, so that no foreign name can be made to point here", async (t) => {
  const { port } = await runServer(t, { settings: { allowedHosts: ["chat.example"] } });
  const own = [
    "127.0.0.1",
    "192.168.1.7",
    "[::1]",
    "localhost",
    "LOCALHOST",
    "chat.localhost",
    hostname(),
    `${hostname()}.local`,
    "chat.example",
    "Chat.Example.",
  ];
  for (const name of own) {
    for (const host of [name, `${name}:${port}`]) {
      assert.equal((await ask(port, { line: "GET /", headers: { Host: host } })).status, 200, host);
    }
  }
  const foreign = [
    "elsewhere.example",
    "127.0.0.1.elsewhere.example",
    "localhost.elsewhere.example",
    "sub.chat.example",
    "127.0.0.1@elsewhere.example",
    "[elsewhere.example]",
    "[\x9b31m]",
    "[::1%\u202e]",
    "\x9b31m.localhost",
    "elsewhere.example/.localhost",
    "",
  ];
  for (const host of foreign) {
    assert.equal((await ask(port, { line: "GET /", headers: { Host: host } })).status, 421, host);
    const upgrade = await RawClient.exchange(port, upgradeRequest(host));
    assert.equal(parse(upgrade).status, 421, host);
  }
});

test("pages of other origins may neither ask nor open a websocket; programs without an origin may", async (t) => {
  const { port, console } = await runServer(t);
  const host = `127.0.0.1:${port}`;
  const outcomes: readonly (readonly [string | undefined, number, number])[] = [
    [undefined, 200, 101],
    [`http://${host}`, 200, 101],
    [`https://${host}`, 200, 101],
    [`http://127.0.0.1:${port + 1}`, 403, 403],
    ["http://elsewhere.example", 403, 403],
    [`http://${host}.elsewhere.example`, 403, 403],
    ["null", 403, 403],
    ["", 403, 403],
    ["file://", 403, 403],
  ];
  for (const [origin, page, websocket] of outcomes) {
    const headers = origin === undefined ? {} : { Origin: origin };
    assert.equal((await ask(port, { line: "GET /", headers })).status, page, `a page from ${origin}`);
    const client = await RawClient.connect(port);
    client.socket.write(upgradeRequest(host, headers));
    await client.until(/^HTTP\/1\.1 \d+ /);
    assert.match(client.text, new RegExp(`^HTTP/1\\.1 ${websocket} `), `a websocket from ${origin}`);
    client.socket.destroy();
  }
  assert.equal(chatted(console()), "");
});

test("nothing that a page can post is ever chat", async (t) => {
  const { port, console } = await runServer(t);
  const alice = await LineClient.enter(port, "Alice");
  const chat = "\r\nMallory\r\nhello\r\n/pm Alice psst\r\n/quit\r\n";
  const types = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"];
  for (const [index, type] of types.entries()) {
    const headers = { "Content-Type": type, "Content-Length": String(chat.length) };
    assert.equal((await ask(port, { line: "POST /", headers, body: chat })).status, 405);
    assert.equal((await ask(port, { line: "POST /chat", headers, body: chat })).status, 405);
    // Without its length the body stands where the next request would.
    const after = await RawClient.exchange(port, `POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n${chat}${index}`);
    assert.match(after, /^HTTP\/1\.1 405 /);
    assert.doesNotMatch(after, /HTTP\/1\.1 [123]/);
    const behind = await RawClient.exchange(port, `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n${chat}`);
    assert.deepEqual(behind.match(/HTTP\/1\.1 \d+/g), ["HTTP/1.1 200", "HTTP/1.1 400"]);
  }
  const chunked = { "Transfer-Encoding": "chunked" };
  const chunk = `${chat.length.toString(16)}\r\n${chat}\r\n0\r\n\r\n`;
  assert.equal((await ask(port, { line: "POST /", headers: chunked, body: chunk })).status, 405);
  assert.doesNotMatch(await alice.settled(), /Mallory|hello|psst/);
  assert.match(chatted(console()), /^\S+ \[JOIN\] Alice joined from \S+\n\[INFO\] Active clients: 1\n$/);
});

test("what is no HTTP after all is answered with 400 and closed", async (t) => {
  const { port, console } = await runServer(t);
  const host = "Host: 127.0.0.1\r\n";
  const broken = [
    "GET \r\n\r\n",
    "GET / HTTP/9.9\r\n\r\n",
    `GET / HTTP/1.1\r\n${host}a b\r\n\r\n`,
    `GET / HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`,
    `GET / HTTP/1.1\r\n${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked, identity\r\n\r\n`,
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "GET / HTTP/1.1\r\n\r\n",
  ];
  for (const request of broken) {
    assert.equal(parse(await RawClient.exchange(port, request)).status, 400, request);
  }
  assert.equal(chatted(console()), "");
});

test("headers beyond 16 KiB are refused", async (t) => {
  const { port } = await runServer(t);
  const headers = (bytes: number): Record<string, string> => ({ Cookie: "c".repeat(bytes) });
  assert.equal((await ask(port, { line: "GET /", headers: headers(15_000) })).status, 200);
  assert.equal((await ask(port, { line: "GET /", headers: headers(17_000) })).status, 431);
  assert.equal((await ask(port, { line: `GET /${"p".repeat(20_000)}` })).status, 431);
});

test("a connection serves one GET after the other", async (t) => {
  const { port } = await runServer(t);
  const client = await RawClient.connect(port);
  for (let count = 1; count <= 5; count += 1) {
    client.socket.write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    await client.until(
      new RegExp(`^(?:HTTP/1\\.1 200 OK[^]*?is your name\\.[^]*?\\r\\n0\\r\\n\\r\\n){${count}}$`),
    );
  }
  client.socket.write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
  const all = (await client.untilEnd()).toString();
  assert.equal(all.match(/HTTP\/1\.1 200 OK/g)?.length, 6);
});

test("a browser's connection that asks nothing more is closed without a word, and the chat never hears of it", async (t) => {
  const clock = new TurnedClock(200);
  const { port, console } = await runServer(t, { clock, settings: { loginMs: 200, detectionMs: 200 } });
  const served = await RawClient.connect(port);
  served.socket.write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  await served.until("is your name.\n");
  const page = served.received.length;
  clock.turn();
  assert.equal((await served.untilEnd()).length, page);
  const begun = await RawClient.connect(port);
  begun.socket.write("GET / HTTP/1.1\r\nHost: 127");
  await arrival(begun);
  clock.turn();
  assert.equal((await begun.untilEnd()).toString(), "");
  assert.doesNotMatch(console(), /JOIN|LEAVE|BROADCAST/);
});

test("a connection that says nothing and goes is no event beyond its attempt", async (t) => {
  const { port, console } = await runServer(t);
  const preconnect = await RawClient.connect(port);
  preconnect.socket.end();
  assert.equal((await preconnect.untilEnd()).toString(), "");
  assert.equal(chatted(console()), "");
});

test("a silent preconnect is let go with the name prompt at most, and then with why", async (t) => {
  const { port } = await runServer(t, { settings: { promptMs: 50, loginMs: 200 } });
  const received = await RawClient.exchange(port, "");
  assert.match(received, /^Enter your username: \[[\d:]{8}\] \[ERROR\] No username came in time\. [^\n]*\n$/);
});

test("an upgrade is refused without a key, with a wrong one, version, path, protocol or method", async (t) => {
  const { port, console } = await runServer(t);
  const host = `127.0.0.1:${port}`;
  const wrong: readonly (readonly [string, number])[] = [
    [upgradeRequest(host, { "Sec-WebSocket-Key": undefined }), 400],
    [upgradeRequest(host, { "Sec-WebSocket-Key": "short" }), 400],
    [upgradeRequest(host, { "Sec-WebSocket-Key": "%%%%%%%%%%%%%%%%%%%%%%==" }), 400],
    [upgradeRequest(host, { "Sec-WebSocket-Version": undefined }), 400],
    [upgradeRequest(host, { "Sec-WebSocket-Version": "12" }), 400],
    [upgradeRequest(host).replace("/chat", "/elsewhere"), 404],
    [upgradeRequest(host).replace("GET ", "POST "), 405],
  ];
  for (const [request, status] of wrong) {
    assert.equal(parse(await RawClient.exchange(port, request)).status, status, request);
  }
  assert.equal(chatted(console()), "");
});

test("an offer to go on in HTTP/2 is passed over, as HTTP has it", async (t) => {
  const { port } = await runServer(t);
  const headers = {
    Connection: "Upgrade, HTTP2-Settings, close",
    Upgrade: "h2c",
    "HTTP2-Settings": "AAMAAABk",
  };
  assert.equal((await ask(port, { line: "GET /", headers })).status, 200);
});

/** An open websocket at the level of its frames. */
async function openWebSocket(port: number): Promise<RawClient> {
  const client = await RawClient.connect(port);
  client.socket.write(upgradeRequest(`127.0.0.1:${port}`));
  await client.until(/^HTTP\/1\.1 101 [^]*?\r\n\r\n/);
  return client;
}

/** What came after the upgrade when the server has closed: the messages, and the code of the closing frame. */
async function frames(
  client: RawClient,
): Promise<{ readonly messages: readonly string[]; readonly code: number | undefined }> {
  const bytes = await client.untilEnd();
  const read = serverFrames(bytes.subarray(bytes.indexOf("\r\n\r\n") + 4)).frames;
  const [code] = read
    .filter(({ opcode }) => opcode === opcodes.close)
    .map(({ payload }) => payload.readUInt16BE());
  const messages = read
    .filter(({ opcode }) => opcode === opcodes.text)
    .map(({ payload }) => payload.toString());
  return { messages, code };
}

const hello = JSON.stringify({ type: "hello", version: 1, name: "Bob" });

test("a websocket that never says hello is told why and closed with a closing frame", async (t) => {
  const clock = new TurnedClock(150);
  const { port, consoleShows } = await runServer(t, { clock, settings: { loginMs: 150 } });
  const client = await openWebSocket(port);
  client.socket.write(clientFrame("", { opcode: opcodes.ping }));
  await client.until("\x8a\0");
  const closing = frames(client);
  clock.turn();
  await client.until("login-timeout");
  // The answer to the closing frame; without it the server would wait for a while.
  client.socket.write(clientFrame(Buffer.of(0x03, 0xf0), { opcode: opcodes.close }));
  const { messages, code } = await closing;
  assert.equal(code, 1008);
  assert.equal(messages.length, 1);
  assert.match(messages[0] ?? "", /^\{"type":"closing","reason":"login-timeout"/);
  await consoleShows(/Rejected .*: no name was given in time/);
});

/** Asks who is online until nobody else is; with several threads a leaving may be under way, for as long as they get no time. */
async function untilAlone(client: LineClient): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (performance.now() < deadline) {
    client.clear();
    client.send("/list");
    await client.until(/Online Users \(\d+\): [^\n]*\n/);
    if (client.received.includes("Online Users (1): ")) return;
  }
  assert.fail("somebody stays");
}

test("frames that the protocol has no use for end the connection, and the person leaves at once", async (t) => {
  // Longer than anybody waits below: nobody leaves because his connection is closed at last.
  const { port, console } = await runServer(t, { settings: { drainMs: 60_000 } });
  const alice = await LineClient.enter(port, "Alice");
  const long = JSON.stringify({
    type: "send",
    counter: 1,
    to: "#lobby",
    kind: "text",
    text: "x".repeat(65_536),
  });
  const part = (index: number, of: number): Buffer =>
    clientFrame(index === 0 ? '{"type":' : " ", {
      opcode: index === 0 ? opcodes.text : opcodes.continuation,
      isFinal: index === of - 1,
    });
  const parts = (of: number): Buffer =>
    Buffer.concat(Array.from({ length: of }, (_, index) => part(index, of)));
  const cases: readonly (readonly [string, Buffer, number])[] = [
    ["a message in 20 fragments", parts(20), 1008],
    ["a message beyond 64 KiB", clientFrame(long), 1009],
    ["a length beyond 64 KiB", clientFrame("", { claimedLength: 2n ** 40n }), 1009],
    ["a length beyond all numbers", clientFrame("", { claimedLength: 2n ** 63n }), 1009],
    ["bytes instead of text", clientFrame(hello, { opcode: opcodes.binary }), 1003],
    ["a frame without a mask", clientFrame(hello, { isMasked: false }), 1002],
    ["reserved bits", clientFrame(hello, { reserved: 4 }), 1002],
    ["an unknown opcode", clientFrame(hello, { opcode: 5 }), 1002],
    ["a continuation of nothing", clientFrame("x", { opcode: opcodes.continuation }), 1002],
    ["a ping in fragments", clientFrame("x", { opcode: opcodes.ping, isFinal: false }), 1002],
    ["a ping beyond 125 bytes", clientFrame("x".repeat(126), { opcode: opcodes.ping }), 1002],
    [
      "a closing code that none may send",
      clientFrame(Buffer.of(0x03, 0xed), { opcode: opcodes.close }),
      1002,
    ],
    ["text that is no UTF-8", clientFrame(Buffer.of(0xc3, 0x28)), 1007],
  ];
  for (const [what, bytes, expected] of cases) {
    alice.clear();
    const client = await openWebSocket(port);
    client.socket.write(clientFrame(hello));
    await client.until('"type":"welcome"');
    client.socket.write(bytes);
    await client.until(new RegExp(`\\x88[^]${Buffer.of(expected >> 8, expected & 255).toString("latin1")}`));
    // Its own side is still open: nobody has to wait for it.
    await untilAlone(alice);
    client.socket.end();
    assert.equal((await frames(client)).code, expected, what);
  }
  assert.doesNotMatch(console(), /BROADCAST/);
});

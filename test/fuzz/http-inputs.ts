import { hostileText } from "./hostile.ts";
import { cut, type Input } from "./input.ts";
import type { Random } from "./random.ts";

const methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE", "PRI"];
const targets = [
  "/",
  "/",
  "/chat",
  "/chat?x=1",
  "*",
  "//chat",
  "/%00",
  "/../chat",
  "http://localhost/",
  "localhost:1",
  "",
];
const versions = [
  "HTTP/1.1",
  "HTTP/1.1",
  "HTTP/1.1",
  "HTTP/1.0",
  "HTTP/0.9",
  "HTTP/2.0",
  "HTTP/1.1 ",
  "http/1.1",
  "",
];
const hosts = [
  "localhost",
  "127.0.0.1:5173",
  "[::1]",
  "[\x9b31m]",
  "\xc2\x9b.localhost",
  "evil.example",
  "",
  ":",
  "[]:x",
];
const headers: readonly string[] = [
  "Connection: close",
  "Connection: keep-alive",
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Upgrade: h2c",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Version: 99",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  "Sec-WebSocket-Key: x",
  "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
  "Sec-WebSocket-Protocol: a,,b",
  "Origin: http://localhost",
  "Origin: null",
  "Expect: 100-continue",
  "Expect: nothing",
  "Content-Length: 0",
  "Content-Length: 5",
  "Content-Length: 999999999999",
  "Content-Length: -1",
  "Content-Length: 1, 2",
  "Transfer-Encoding: chunked",
  "Transfer-Encoding: identity, chunked",
  "Transfer-Encoding : chunked",
  "Trailer: X",
  " folded: x",
  ": empty",
  "NoColon",
  "__proto__: x",
  "constructor: x",
];

/** What nobody may ever hear, since it came in a request. */
export const smuggledName = "Mallory";

const chat = `${smuggledName}\r\nhello\r\n/pm Canary psst\r\n/quit\r\n`;

/** One or several requests on a connection of their own, each more or less wrong. */
export function httpInput(random: Random): Input {
  const requests = random.chance(75) ? [request(random)] : random.several(2, 4, () => request(random));
  const bytes = Buffer.from(requests.join(""), "latin1");
  const sent = random.chance(5) ? bytes.subarray(0, random.between(5, bytes.length)) : bytes;
  return {
    fresh: true,
    pieces: cut(random, sent),
    ending: random.pick(["end", "end", "end", "drop", "drop", "reset"]),
  };
}

function request(random: Random): string {
  const end = random.chance(92) ? "\r\n" : random.pick(["\n", "\r", "\r\r\n", "\0\r\n"]);
  const target = random.chance(90) ? random.pick(targets) : `/${latin(hostileText(random))}`;
  const host = random.chance(90) ? `Host: ${random.pick(hosts)}` : `Host: ${latin(hostileText(random))}`;
  const lines = [
    random.chance(30) ? "GET / HTTP/1.1" : `${random.pick(methods)} ${target} ${random.pick(versions)}`,
    ...(random.chance(90) ? [host] : []),
    ...random.several(0, random.pick([1, 6]), () => header(random)),
  ];
  return `${lines.join(end)}${end}${random.chance(95) ? end : ""}${body(random)}`;
}

function header(random: Random): string {
  return random.weighted(
    [20, () => random.pick(headers)],
    [2, () => `X-${latin(hostileText(random))}: ${latin(hostileText(random))}`],
    [1, () => `X-Long: ${"x".repeat(random.pick([100, 8000, 17_000]))}`],
  );
}

function body(random: Random): string {
  return random.weighted(
    [3, () => ""],
    [4, () => chat],
    [2, () => `${chat.length.toString(16)}\r\n${chat}\r\n0\r\n\r\n`],
    [
      1,
      () =>
        `${random.pick(["ffffffff", "-1", "x", "0", "5;ext=1"])}\r\n${chat}\r\n${random.pick(["0\r\n\r\n", ""])}`,
    ],
    [1, () => latin(hostileText(random))],
  );
}

/** Its UTF-8 with a character for each byte. */
function latin(text: string): string {
  return Buffer.from(text).toString("latin1");
}

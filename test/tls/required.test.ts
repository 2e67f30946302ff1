import assert from "node:assert/strict";
import test from "node:test";
import { IrcClient } from "../irc/client.ts";
import { LineClient, timeless } from "../support/line-client.ts";
import { RawClient } from "../support/raw-client.ts";
import { runServer } from "../support/running-server.ts";
import { connectTls, otherAddress } from "../support/tls-socket.ts";
import { upgradeRequest } from "../support/websocket-frames.ts";

const away = otherAddress ?? "";

const options = { skip: otherAddress === undefined ? "this machine has no address but its own" : false };

test(
  "where TLS is required, who comes in clear from another machine is told by his door what to do",
  options,
  async (t) => {
    const server = await runServer(t, { settings: { tls: "required", host: "0.0.0.0" } });
    const { port } = server;
    const host = `${away}:${port}`;
    const exchange = async (bytes: string): Promise<string> => {
      const client = await RawClient.connect(port, away);
      client.socket.write(bytes);
      return (await client.untilEnd()).toString();
    };
    const http = (line: string, more = ""): string => `${line} HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n`;

    await t.test("netcat", async () => {
      const line = `This server is spoken to by TLS. Come in with openssl s_client -quiet -connect ${host}, or npm run join -- NAME@${host}`;
      assert.equal(timeless(await exchange("Ann\nhello\n")), `T [ERROR] ${line}\n`);
    });
    await t.test("IRC", async () => {
      const line = `This server is spoken to by TLS: switch it on, on the same port (${host})`;
      assert.equal(await exchange("NICK Ann\r\nUSER ann 0 * :Ann\r\n"), `ERROR :${line}\r\n`);
    });
    await t.test("a page", async () => {
      for (const method of ["GET", "HEAD"]) {
        const answer = await exchange(http(`${method} /some/page?of=it`));
        assert.match(answer, /^HTTP\/1\.1 308 Permanent Redirect\r\n/);
        assert.ok(answer.includes(`\r\nLocation: https://${host}/some/page?of=it\r\n`), answer);
      }
      assert.match(await exchange("GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"), /^HTTP\/1\.1 421 /);
      for (const request of [http("POST /", "Content-Length: 0\r\n"), "GET / HTTP/1.0\r\n\r\n"]) {
        const answer = await exchange(request);
        assert.match(answer, /^HTTP\/1\.1 426 Upgrade Required\r\n/);
        assert.match(answer, /\r\nUpgrade: TLS\/1\.2, HTTP\/1\.1\r\n/);
      }
    });
    await t.test("a websocket", async () => {
      assert.match(await exchange(upgradeRequest(host)), /^HTTP\/1\.1 426 Upgrade Required\r\n/);
    });
    await t.test("the console", async () => {
      const rejected = /Rejected \S+: clear text, and --tls is required\n/g;
      await server.consoleShows(rejected);
      assert.equal(server.console().match(rejected)?.length, 2);
      assert.doesNotMatch(server.console(), /\[JOIN\]/);
    });
  },
);

test(
  "where TLS is required, this machine itself may come in clear, and others by TLS",
  options,
  async (t) => {
    const { port } = await runServer(t, { settings: { tls: "required", host: "0.0.0.0" } });
    const clear = await LineClient.enter(port, "Clara");
    const secure = await LineClient.over(await connectTls(port, { host: away })).comeIn("Tess");
    const irc = await IrcClient.over(await connectTls(port, { host: away })).comeIn("Ivan");
    secure.send("hello");
    await clear.until("Tess: hello");
    for (const { socket } of [clear, secure, irc]) socket.destroy();
  },
);

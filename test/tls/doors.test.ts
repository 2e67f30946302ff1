import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:https";
import { connect, createServer } from "node:net";
import test, { type TestContext } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { Random } from "../fuzz/random.ts";
import { IrcClient } from "../irc/client.ts";
import { LineClient, timeless } from "../support/line-client.ts";
import { RawClient } from "../support/raw-client.ts";
import { runServer } from "../support/running-server.ts";
import { readStored } from "../support/stored.ts";
import { connectTls, otherAddress } from "../support/tls-socket.ts";
import { WebSocketClient } from "../support/websocket-client.ts";

/** A way to the server on which all that passes is cut at random places, a piece a turn. */
async function cuttingRelay(context: TestContext, target: number): Promise<number> {
  const random = new Random(33);
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ port: target, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on("error", () => to.destroy());
      void (async () => {
        for await (const chunk of from as AsyncIterable<Buffer>) {
          for (let at = 0; at < chunk.length; ) {
            const length = random.between(1, 60);
            to.write(chunk.subarray(at, at + length));
            at += length;
            await turn();
          }
        }
        to.end();
      })().catch(() => to.destroy());
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  context.after(() => server.close());
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return address.port;
}

/** Somebody by each door, all of them under TLS. */
async function everybody(port: number) {
  const line = await LineClient.over(await connectTls(port)).comeIn("Lina");
  const irc = await IrcClient.over(await connectTls(port, { ALPNProtocols: ["irc"] })).comeIn("Ivan");
  irc.send("JOIN #lobby");
  await irc.until("366");
  const websocket = await WebSocketClient.connect(port, "127.0.0.1", "wss");
  await websocket.comeIn({ name: "Wes" });
  return { line, irc, websocket };
}

for (const way of ["whole", "cut at random places"]) {
  test(`every door is behind TLS as well, ${way}`, async (t) => {
    const { port: direct } = await runServer(t);
    const port = way === "whole" ? direct : await cuttingRelay(t, direct);
    const clear = await LineClient.enter(direct, "Clara");
    const { line, irc, websocket } = await everybody(port);
    line.send("from the line");
    irc.send("PRIVMSG #lobby :from IRC");
    websocket.send({ type: "send", counter: 1, to: "#lobby", kind: "text", text: "from a program" });
    for (const text of ["Lina: from the line", "Ivan: from IRC", "Wes: from a program"]) {
      await clear.until(text);
      if (!text.startsWith("Lina")) await line.until(text);
    }
    clear.send("to all");
    await line.until("Clara: to all");
    await irc.until(/Clara.*PRIVMSG #lobby :to all/);
    await websocket.find((message) => message.type === "event" && message.event.text === "to all");
    for (const { socket } of [clear, line, irc]) socket.destroy();
    websocket.socket.terminate();
  });
}

test("HTTP is behind TLS as well, and a page of the same origin may open a websocket there", async (t) => {
  const { port } = await runServer(t);
  const options = {
    port,
    host: "127.0.0.1",
    rejectUnauthorized: false,
    agent: false,
    ALPNProtocols: ["h2", "http/1.1"],
  };
  const asked = request({ ...options, path: "/" }).end();
  const [response] = (await once(asked, "response")) as [AsyncIterable<Buffer> & { statusCode: number }];
  assert.equal(response.statusCode, 200);
  let page = "";
  for await (const chunk of response) page += String(chunk);
  assert.match(page, new RegExp(`wss://127\\.0\\.0\\.1:${port}/chat`));
  for (const [origin, status] of [
    [`https://127.0.0.1:${port}`, 101],
    ["https://elsewhere.example", 403],
  ] as const) {
    const upgrade = request({
      ...options,
      path: "/chat",
      headers: {
        Origin: origin,
        Upgrade: "websocket",
        Connection: "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
      },
    }).end();
    const answered = await Promise.race([once(upgrade, "upgrade"), once(upgrade, "response")]);
    const [{ statusCode }] = answered as [{ statusCode: number }];
    assert.equal(statusCode, status, origin);
    upgrade.socket?.destroy();
  }
});

test("who ends his side under TLS still has all that he sent done and answered", async (t) => {
  const server = await runServer(t);
  const client = RawClient.over(await connectTls(server.port));
  client.socket.end("Ann\nhello\n/list\n/pm Bob psst\n");
  const answer = timeless((await client.untilEnd()).toString());
  assert.match(answer, /Welcome to the chat server, Ann!/);
  assert.match(answer, /Online Users \(1\): Ann\n=+\nT \[ERROR\] User 'Bob' is not online\n$/);
  await server.consoleShows(/\[LEAVE\] Ann left the chat/);
  await server.stop();
  const texts = [...readStored(server.dataFolder).values()].flat().map(({ text }) => text);
  assert.deepEqual(texts, ["hello"]);
});

test("who is silent under TLS is asked for a name; who announced HTTP is not", async (t) => {
  const { port } = await runServer(t, { settings: { promptMs: 30 } });
  const browser = RawClient.over(await connectTls(port, { ALPNProtocols: ["http/1.1"] }));
  const client = LineClient.over(await connectTls(port));
  await client.until("Enter your username: ");
  await client.comeIn("Ann");
  browser.socket.write(`GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
  assert.match((await browser.untilEnd()).toString(), /^HTTP\/1\.1 200 OK\r\n/);
});

test("under TLS passwords are taken from other machines, and WHOIS says that somebody is under TLS", async (t) => {
  if (otherAddress === undefined) {
    t.skip("this machine has no address but its own");
    return;
  }
  const { port } = await runServer(t, { settings: { host: "0.0.0.0" } });
  const clear = await IrcClient.connect(port, otherAddress);
  await clear.comeIn("Clara", "standard-replies");
  assert.match((await clear.ask("REGISTER * * a-long-password")).join("\n"), /NEED_SECURE_CONNECTION/);
  const secure = IrcClient.over(await connectTls(port, { host: otherAddress }));
  await secure.comeIn("Tess", "standard-replies");
  assert.match((await secure.ask("REGISTER * * a-long-password")).join("\n"), /REGISTER SUCCESS Tess/);
  assert.match((await clear.ask("WHOIS Tess")).join("\n"), / 671 Clara Tess :is using a secure connection/);
  assert.doesNotMatch((await secure.ask("WHOIS Clara")).join("\n"), / 671 /);
  for (const client of [clear, secure]) client.close();
});

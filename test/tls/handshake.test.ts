import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import test from "node:test";
import { connect as tlsConnect } from "node:tls";
import { generate } from "selfsigned";
import { LineClient } from "../support/line-client.ts";
import { RawClient } from "../support/raw-client.ts";
import { runServer } from "../support/running-server.ts";
import { connectTls } from "../support/tls-socket.ts";
import { TurnedClock } from "../support/turned-clock.ts";

test("TLS 1.2 and 1.3 are spoken, and nothing older", async (t) => {
  const server = await runServer(t);
  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    const socket = await connectTls(server.port, { minVersion: version, maxVersion: version });
    assert.equal(socket.getProtocol(), version);
    (await LineClient.over(socket).comeIn("Ann")).close();
    await server.consoleShows(/Ann left the chat[^]*Active clients: 0\n$/);
  }
  for (const version of ["TLSv1", "TLSv1.1"] as const) {
    const old = { minVersion: version, maxVersion: version, ciphers: "DEFAULT@SECLEVEL=0" } as const;
    await assert.rejects(connectTls(server.port, old), { code: "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION" });
  }
  await server.consoleShows(/Rejected 127\.0\.0\.1:\d+: no TLS: unsupported protocol\n/);
});

test("what is spoken may be announced as HTTP or IRC, and is found out where it is not", async (t) => {
  const { port } = await runServer(t);
  for (const [offered, chosen] of [
    [["h2", "http/1.1"], "http/1.1"],
    [["irc"], "irc"],
    [[], false],
  ] as const) {
    const socket = await connectTls(port, { ALPNProtocols: offered });
    assert.equal(socket.alpnProtocol, chosen);
    socket.destroy();
  }
});

test("a session is taken up again; a client may show a certificate, whoever made it", async (t) => {
  const { port } = await runServer(t);
  const own = await generate([{ name: "commonName", value: "Ann" }], { keyType: "ec", curve: "P-256" });
  const shown = { cert: own.cert, key: own.private, maxVersion: "TLSv1.2" } as const;
  const first = await connectTls(port, shown);
  await LineClient.over(first).comeIn("Ann");
  const session = first.getSession();
  first.destroy();
  assert.ok(session);
  const second = await connectTls(port, { ...shown, session });
  await LineClient.over(second).comeIn("Bob");
  second.destroy();
});

test("a broken handshake is rejected aloud and costs nobody else anything", async (t) => {
  const server = await runServer(t);
  const ann = await LineClient.enter(server.port, "Ann");
  const answer = await RawClient.exchange(server.port, Buffer.from("\x16\x03\x01\0\x05hello", "latin1"));
  assert.equal(Buffer.from(answer, "utf8")[0], 0x15, "an alert");
  await server.consoleShows(/Rejected 127\.0\.0\.1:\d+: no TLS: unexpected message\n/);
  const half = connect({ port: server.port, host: "127.0.0.1" });
  half.end(Buffer.from("\x16\x03\x01\x02\0", "latin1"));
  half.resume();
  await once(half, "close");
  await server.consoleShows(/no TLS: it ended within the handshake\n/);
  await ann.settled();
});

test("TLS within TLS is refused", async (t) => {
  const server = await runServer(t);
  const outer = await connectTls(server.port);
  const inner = tlsConnect({ socket: outer, rejectUnauthorized: false });
  await assert.rejects(once(inner, "secureConnect"), { code: "ECONNRESET" });
  await server.consoleShows(/Rejected 127\.0\.0\.1:\d+: TLS within TLS\n/);
});

test("where TLS is switched off, who begins with it is turned away, and there is no certificate", async (t) => {
  const server = await runServer(t, { settings: { tls: "off" } });
  await assert.rejects(connectTls(server.port), { code: "ECONNRESET" });
  await server.consoleShows(/Rejected 127\.0\.0\.1:\d+: TLS is switched off \(--tls\)\n/);
  assert.equal(server.server.certificates, undefined);
});

test("the handshake and what comes after it have their deadlines", async (t) => {
  const detectionMs = 4000;
  const clock = new TurnedClock(detectionMs);
  const server = await runServer(t, { clock, settings: { detectionMs } });
  const stuck = await RawClient.connect(server.port);
  stuck.socket.write(Buffer.from("\x16\x03\x01\x02\0\x01\0\x01\xfc", "latin1"));
  await server.consoleShows(/New connection attempt/);
  const idle = RawClient.over(await connectTls(server.port));
  const unfinished = RawClient.over(await connectTls(server.port));
  await unfinished.write("NIC");
  // A whole exchange after it: all of that has come in.
  (await LineClient.over(await connectTls(server.port)).comeIn("Ann")).close();
  clock.turn();
  await stuck.untilEnd();
  await unfinished.untilEnd();
  assert.equal(idle.socket.destroyed, false);
  idle.socket.write("Bob\n");
  await idle.until("Welcome to the chat server, Bob!");
  idle.socket.destroy();
});

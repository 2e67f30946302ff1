import assert from "node:assert/strict";
import test from "node:test";
import { connect } from "node:tls";
import { LineClient } from "../support/line-client.ts";
import { RawClient } from "../support/raw-client.ts";
import { runServer } from "../support/running-server.ts";
import { connectTls } from "../support/tls-socket.ts";
import { TurnedClock } from "../support/turned-clock.ts";

const signature = "0d0a0d0a000d0a515549540a";
/** 203.0.113.7:50000 connects to 10.0.0.1:5173. */
const far = `${signature}2111000ccb0071070a000001c3501435`;
/** The same, and it came under TLS. */
const farUnderTls = `${signature}21110014cb0071070a000001c350143520000501ffffffff`;
const local = `${signature}20000000`;
const loopback = `${signature}2111000c7f0000017f000001c3501435`;

const header = (hex: string): Buffer => Buffer.from(hex, "hex");
const trusted = { proxyFrom: ["127.0.0.0/8"] };

test("who comes by a trusted proxy comes from where it says, cut anywhere, on every door", async (t) => {
  const server = await runServer(t, { settings: trusted });
  const bytes = Buffer.concat([header(far), Buffer.from("Ann\n")]);
  for (let cut = 0; cut < bytes.length; cut += 1) {
    const client = await LineClient.connect(server.port);
    await new Promise((sent) => client.socket.write(bytes.subarray(0, cut), sent));
    client.socket.write(bytes.subarray(cut));
    await client.until("Welcome to the chat server, Ann!");
    client.send("/quit");
    await client.untilEnd();
    client.close();
  }
  await server.consoleShows(/\[JOIN\] Ann joined from 203\.0\.113\.7:50000\n/);
  assert.doesNotMatch(server.console(), /127\.0\.0\.1/);
  const page = `GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`;
  const asked = await RawClient.exchange(server.port, Buffer.concat([header(far), Buffer.from(page)]));
  assert.match(asked, /^HTTP\/1\.1 403 /, "only this machine is told");
  const own = await RawClient.exchange(server.port, Buffer.concat([header(local), Buffer.from(page)]));
  assert.match(own, /^HTTP\/1\.1 200 /);
});

test("a proxy may say it in a line, as nginx does", async (t) => {
  const server = await runServer(t, { settings: trusted });
  const client = await LineClient.connect(server.port);
  client.socket.write("PROXY TCP4 203.0.113.7 10.0.0.1 50000 5173\r\nAnn\n");
  await client.until("Welcome to the chat server, Ann!");
  await server.consoleShows(/\[JOIN\] Ann joined from 203\.0\.113\.7:50000\n/);
  client.close();
});

test("TLS comes after the header", async (t) => {
  const server = await runServer(t, { settings: trusted });
  const outer = await RawClient.connect(server.port);
  outer.socket.removeAllListeners("data");
  await outer.write(header(far));
  const inner = connect({ socket: outer.socket, rejectUnauthorized: false });
  const client = await LineClient.over(inner).comeIn("Tess");
  await server.consoleShows(/\[JOIN\] Tess joined from 203\.0\.113\.7:50000\n/);
  client.close();
});

test("limits and bans are held against who comes by the proxy, not against the proxy", async (t) => {
  const server = await runServer(t, { settings: { ...trusted, addressLimit: 1 } });
  const first = await LineClient.connect(server.port);
  first.socket.write(header(far));
  await first.comeIn("Ann");
  const second = await LineClient.connect(server.port);
  second.socket.write(header(far));
  await second.untilEnd();
  await server.consoleShows(/Rejected 203\.0\.113\.7:50000: more than 1 connections from 203\.0\.113\.7/);
  const third = await LineClient.connect(server.port);
  third.socket.write(header(`${signature}2111000ccb0071080a000001c3501435`));
  await third.comeIn("Bob");
  for (const client of [first, second, third]) client.close();
});

for (const [how, hex, taken] of [
  ["in clear", far, false],
  ["under TLS", farUnderTls, true],
  ["from this machine, to a proxy on it", loopback, true],
] as const) {
  test(`a password is ${taken ? "taken" : "refused"} from who came to the proxy ${how}`, async (t) => {
    const { port } = await runServer(t, { settings: { ...trusted, tls: "on" } });
    const client = await LineClient.connect(port);
    client.socket.write(header(hex));
    await client.comeIn("Ann");
    client.send("/register a-long-password");
    await client.until(taken ? /\[SYSTEM\].*Ann/ : "Passwords are not taken over an unprotected connection");
    client.close();
  });
}

test("where TLS is required, it is enough that the client came to the proxy under it", async (t) => {
  const { port } = await runServer(t, { settings: { ...trusted, tls: "required" } });
  const secure = await LineClient.connect(port);
  secure.socket.write(header(farUnderTls));
  await secure.comeIn("Tess");
  const clear = await LineClient.connect(port);
  clear.socket.write(header(far));
  clear.send("Ann");
  assert.match(await clear.untilEnd(), /This server is spoken to by TLS/);
  for (const client of [secure, clear]) client.close();
});

test("from a trusted address nothing is taken without a header, nor with one that is wrong or cut short", async (t) => {
  const server = await runServer(t, { settings: trusted });
  for (const [bytes, why] of [
    [Buffer.from("Ann\nhello\n"), "was expected and did not come"],
    [Buffer.from("\x16\x03\x01\x02\0", "latin1"), "was expected and did not come"],
    [header(`${signature}3111000c`), "of an unknown version and command \\(0x31\\)"],
    [header(`${signature}2111ffff`), "of 65535 bytes \\(at most 4096\\)"],
    [header(`${signature}21110004cb007107`), "that is too short for its addresses"],
  ] as const) {
    assert.equal(await RawClient.exchange(server.port, bytes), "");
    await server.consoleShows(
      new RegExp(`Rejected 127\\.0\\.0\\.1:\\d+: a PROXY header ${why} \\(--proxy-from\\)\n`),
    );
  }
  const cut = await RawClient.connect(server.port);
  cut.socket.end(header(far).subarray(0, 20));
  assert.equal((await cut.untilEnd()).length, 0);
  await server.consoleShows(/a PROXY header that is cut short/);
  await assert.rejects(connectTls(server.port));
});

test("a header that does not come in time ends the connection, and nothing was said into it before", async (t) => {
  const detectionMs = 4000;
  const clock = new TurnedClock(detectionMs);
  const server = await runServer(t, { clock, settings: { ...trusted, detectionMs, promptMs: 1 } });
  const client = await RawClient.connect(server.port);
  await client.write(header(far).subarray(0, 5));
  // Whoever is answered after that shows that it has come in.
  const other = await LineClient.connect(server.port);
  other.socket.write(header(local));
  await other.comeIn("Ann");
  clock.turn();
  assert.doesNotMatch((await client.untilEnd()).toString(), /Enter your username/);
  await server.consoleShows(/Rejected 127\.0\.0\.1:\d+: no name was given in time/);
  other.close();
});

test("from any other address a header is refused, and nobody comes in by it", async (t) => {
  const server = await runServer(t, { settings: { proxyFrom: ["192.0.2.1"] } });
  const whole = Buffer.concat([header(far), Buffer.from("Ann\n")]);
  assert.equal(await RawClient.exchange(server.port, whole), "");
  await server.consoleShows(/Rejected 127\.0\.0\.1:\d+: a PROXY header from an address that is not one of/);
  for (let cut = 1; cut < signature.length / 2; cut += 1) {
    const client = await RawClient.connect(server.port);
    await client.write(whole.subarray(0, cut));
    client.socket.write(whole.subarray(cut));
    await client.untilEnd();
  }
  assert.doesNotMatch(server.console(), /\[JOIN\]|203\.0\.113\.7/);
});

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import test from "node:test";
import { LineClient } from "../support/line-client.ts";
import { shownFingerprint } from "../support/tls-socket.ts";
import { TurnedClock } from "../support/turned-clock.ts";
import { AcmeServer, type Trouble } from "./acme-server.ts";
import { nearlyOver } from "./certificate-authority.ts";
import { obtained, runCertified, securePage } from "./certified-server.ts";

const minuteMs = 60_000;
const hourMs = 3_600_000;

/** What is said of each trouble. */
const troubles: readonly { readonly trouble: Trouble; readonly said: RegExp }[] = [
  {
    trouble: { kind: "refusal", status: 403, type: "rejectedIdentifier", detail: "not you\u001b[2J\n[JOIN]" },
    said: /the authority said "not you\\u001b\[2J\\n\[JOIN\]" \(urn:ietf:params:acme:error:rejectedIdentifier\);/,
  },
  {
    trouble: { kind: "nonsense", body: "<html>\u202e" },
    said: /the authority answered "<html>�", which is no JSON object;/,
  },
  {
    trouble: { kind: "nonsense", body: "{}" },
    said: /the authority did not say "authorizations" where it had to;/,
  },
  {
    trouble: { kind: "redirect", location: "https://elsewhere.example/" },
    said: /the authority answered with status 307: "";/,
  },
  { trouble: { kind: "too-much" }, said: /the authority answered with more than 1048576 bytes;/ },
  {
    trouble: { kind: "other-names" },
    said: /the authority issued a certificate that is not for localhost;/,
  },
  {
    trouble: { kind: "other-key" },
    said: /the authority issued a certificate that is no certificate for the key;/,
  },
];

for (const { trouble, said } of troubles) {
  test(`it is told and tried again after a minute: ${String(said)}`, async (t) => {
    const authority = await AcmeServer.start(t);
    authority.trouble = trouble;
    const clock = new TurnedClock(minuteMs);
    const { port, console, consoleShows } = await runCertified(t, authority, { clock });
    const own = await shownFingerprint(port);
    await consoleShows(said);
    const [line = ""] = /^.*Cannot get a certificate.*$/m.exec(console()) ?? [];
    assert.match(
      line,
      /^\[WARNING\] Cannot get a certificate for localhost: .*; it is tried again at 20\S+Z$/,
    );
    assert.doesNotMatch(line, /[\p{Cc}\u202e]/u);
    assert.equal(await shownFingerprint(port), own);
    authority.trouble = undefined;
    clock.turn();
    await consoleShows(obtained);
    await securePage(port, authority);
  });
}

test("an authority that wants to be left alone for some hours is, and the present certificate is shown", async (t) => {
  const authority = await AcmeServer.start(t);
  authority.lifetime = nearlyOver;
  // An hour is also after what time the certificate is looked at.
  const clock = new TurnedClock(hourMs);
  const { port, console, consoleShows } = await runCertified(t, authority, { clock });
  await consoleShows(obtained);
  authority.trouble = { kind: "rate-limit", detail: "too many certificates", retryAfter: "3600" };
  clock.turn();
  await consoleShows(/too many certificates/);
  const [, at = ""] = /it is tried again at (\S+)$/m.exec(console()) ?? [];
  const inMs = Date.parse(at) - Date.now();
  assert.ok(inMs > hourMs - minuteMs && inMs <= hourMs, at);
  await securePage(port, authority);
  authority.trouble = {
    kind: "rate-limit",
    detail: "once more",
    retryAfter: new Date(Date.now() + 7.5 * hourMs).toUTCString(),
  };
  clock.turn();
  await consoleShows(/once more/);
  const [, next = ""] = /once more.*it is tried again at (\S+)$/m.exec(console()) ?? [];
  const later = Date.parse(next) - Date.now();
  assert.ok(later > 7.4 * hourMs && later <= 7.5 * hourMs, next);
});

test("an authority that does not decide within five minutes is given up", async (t) => {
  const authority = await AcmeServer.start(t);
  authority.processing = 2;
  authority.retryAfter = "301";
  const { consoleShows } = await runCertified(t, authority);
  await consoleShows(/the authority has not decided within 300 seconds \("processing"\);/);
});

test("an authority that does not answer is given up after half a minute, and the chat goes on meanwhile", async (t) => {
  const authority = await AcmeServer.start(t);
  authority.trouble = { kind: "silence" };
  const clock = new TurnedClock(30_000);
  const asked = once(authority.asked, "POST /new-order");
  const { port, consoleShows } = await runCertified(t, authority, { clock });
  await asked;
  (await LineClient.enter(port, "Ann")).socket.destroy();
  clock.turn();
  await consoleShows(
    /the authority did not answer within 30 seconds \(https:\/\/localhost:\d+\/new-order\);/,
  );
});

test("a server that stops does not wait for the authority", async (t) => {
  const authority = await AcmeServer.start(t);
  authority.trouble = { kind: "silence" };
  const asked = once(authority.asked, "POST /new-order");
  const { console, stop } = await runCertified(t, authority, { clock: new TurnedClock(30_000) });
  await asked;
  await stop();
  assert.doesNotMatch(console(), /certificate/);
});

test("a name that leads to somebody else is not certified, and it is told what the authority found there", async (t) => {
  const authority = await AcmeServer.start(t);
  const other = createServer((_request, response) => response.writeHead(404).end()).listen(0, "127.0.0.1");
  await once(other, "listening");
  t.after(() => other.close());
  authority.port.resolve((other.address() as AddressInfo).port);
  const { consoleShows } = await runCertified(t, authority);
  await consoleShows(
    /the authority does not take it that localhost leads here: "the answer has the status 404" \(\S+:unauthorized\);/,
  );
});

test("an authority that is not there is told by its address", async (t) => {
  const authority = await AcmeServer.start(t);
  const acmeDirectory = "https://127.0.0.1:1/directory";
  const { consoleShows } = await runCertified(t, authority, { settings: { acmeDirectory } });
  await consoleShows(/the authority cannot be asked at https:\/\/127\.0\.0\.1:1\/directory: .*ECONNREFUSED/);
});

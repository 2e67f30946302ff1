import assert from "node:assert/strict";
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import type { Clock } from "../../src/server/clock.ts";
import { LineClient } from "../support/line-client.ts";
import { RawClient } from "../support/raw-client.ts";
import { ServerProcess } from "../support/server-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { connectTls, otherAddress, shownFingerprint } from "../support/tls-socket.ts";
import { TurnedClock } from "../support/turned-clock.ts";
import { AcmeServer } from "./acme-server.ts";
import { nearlyOver, ninetyDays } from "./certificate-authority.ts";
import { obtained, runCertified, securePage } from "./certified-server.ts";

const hourMs = 3_600_000;
const obtainedTwice = new RegExp(`${obtained.source}[^]*${obtained.source}`, "m");

for (const workers of [1, 3]) {
  for (const acmeChallenge of ["http-01", "tls-alpn-01"] as const) {
    test(`a certificate is got by ${acmeChallenge} and shown, with ${workers} threads`, async (t) => {
      const authority = await AcmeServer.start(t);
      const { port, consoleShows } = await runCertified(t, authority, {
        settings: { workers, acmeChallenge },
      });
      await consoleShows(obtained);
      // Every thread has it.
      for (let index = 0; index < 6; index += 1) {
        assert.match(await securePage(port, authority), /wss:\/\/localhost/);
      }
    });
  }

  test(`a certificate is renewed with a new key and no connection is dropped, with ${workers} threads`, async (t) => {
    const authority = await AcmeServer.start(t);
    authority.lifetime = nearlyOver;
    const clock = new TurnedClock(hourMs);
    const { port, dataFolder, consoleShows } = await runCertified(t, authority, {
      settings: { workers },
      clock,
    });
    await consoleShows(obtained);
    const key = (): string => readFileSync(join(dataFolder, "acme/key.pem"), "utf8");
    const [firstShown, firstKey] = [await shownFingerprint(port), key()];
    const people = await Promise.all(
      ["Ann", "Ben", "Cleo", "Dan"].map(async (name) => LineClient.over(await connectTls(port)).comeIn(name)),
    );
    authority.lifetime = ninetyDays;
    clock.turn();
    await consoleShows(obtainedTwice);
    assert.notEqual(await shownFingerprint(port), firstShown);
    assert.notEqual(key(), firstKey);
    await securePage(port, authority);
    const [ann, ...others] = people;
    ann?.send("still here");
    await Promise.all(others.map((other) => other.until("Ann: still here")));
    // One that is good is left alone.
    const asked = authority.requests.length;
    clock.turn();
    await securePage(port, authority);
    assert.equal(authority.requests.length, asked);
    for (const { socket } of people) socket.destroy();
  });
}

test("after a restart the certificate is shown at once, and the authority is asked nothing", async (t) => {
  const authority = await AcmeServer.start(t);
  const first = await runCertified(t, authority);
  await first.consoleShows(obtained);
  await first.stop();
  const asked = authority.requests.length;
  const { dataFolder } = first;
  const second = await runCertified(t, authority, { dataFolder });
  await securePage(second.port, authority);
  assert.equal(authority.requests.length, asked);
  assert.equal(authority.accounts.length, 1);
});

test("other names, another authority and a lost key each want another certificate, of the same account", async (t) => {
  const authority = await AcmeServer.start(t);
  const first = await runCertified(t, authority);
  const { dataFolder } = first;
  await first.consoleShows(obtained);
  await first.stop();

  const acmeDomains = ["localhost", "chat.example.org"];
  const more = await runCertified(t, authority, { dataFolder, settings: { acmeDomains } });
  authority.port = Promise.withResolvers();
  authority.port.resolve(more.port);
  await more.consoleShows(/A certificate for localhost, chat\.example\.org was obtained/);
  for (const name of acmeDomains) await securePage(more.port, authority, name);
  await more.stop();
  assert.equal(authority.accounts.length, 1);

  rmSync(join(dataFolder, "acme/key.pem"));
  const orders = authority.orders;
  const lost = await runCertified(t, authority, { dataFolder, settings: { acmeDomains } });
  authority.port = Promise.withResolvers();
  authority.port.resolve(lost.port);
  await lost.consoleShows(/was obtained/);
  await lost.stop();
  assert.equal(authority.orders, orders + 1);

  const other = await AcmeServer.start(t);
  const elsewhere = await runCertified(t, other, { dataFolder, settings: { acmeDomains } });
  await elsewhere.consoleShows(/was obtained/);
  await securePage(elsewhere.port, other);
});

test("a server of its own process gets one, says so, and shows it still when its files are read again", async (t) => {
  const authority = await AcmeServer.start(t);
  const folder = temporaryFolder(t);
  const trusted = join(folder, "authority.pem");
  writeFileSync(trusted, authority.authority.pem);
  const server = await ServerProcess.start(t, {
    dataFolder: join(folder, "data"),
    through: ["env", `NODE_EXTRA_CA_CERTS=${trusted}`],
    args: ["--acme", "localhost", "--acme", "chat.example.org", "--acme-directory", authority.directory],
  });
  authority.port.resolve(server.port);
  await server.until(/A certificate for localhost, chat\.example\.org was obtained/);
  const shown = await shownFingerprint(server.port);
  server.child.kill("SIGHUP");
  await server.until(/nothing has changed/);
  assert.equal(await shownFingerprint(server.port), shown);
  await securePage(server.port, authority, "chat.example.org");
});

test("what is kept is its owner's alone", async (t) => {
  const authority = await AcmeServer.start(t);
  const { dataFolder, consoleShows, stop } = await runCertified(t, authority);
  await consoleShows(obtained);
  const folder = join(dataFolder, "acme");
  const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
  assert.equal(mode(folder), "700");
  const files = readdirSync(folder).sort();
  assert.deepEqual(files, ["account-key.pem", "cert.pem", "key.pem"]);
  for (const file of files) assert.equal(mode(join(folder, file)), "600", file);
  await stop();
  chmodSync(folder, 0o755);
  await runCertified(t, authority, { dataFolder });
  assert.equal(mode(folder), "700");
});

test("an authority that takes its time is asked again when it wants to be", async (t) => {
  const authority = await AcmeServer.start(t);
  authority.processing = 2;
  authority.retryAfter = "45";
  const turned = new TurnedClock(45_000);
  const pausing = Promise.withResolvers<void>();
  const clock: Clock = {
    now: () => turned.now(),
    monotonic: () => turned.monotonic(),
    after(ms, action) {
      const timer = turned.after(ms, action);
      if (ms === 45_000) pausing.resolve();
      return timer;
    },
  };
  const { port, consoleShows } = await runCertified(t, authority, { clock });
  await pausing.promise;
  turned.turn();
  await consoleShows(obtained);
  await securePage(port, authority);
});

test("the authority is told the address to write to", async (t) => {
  const authority = await AcmeServer.start(t);
  const settings = { acmeEmail: "ann@example.org" };
  const { consoleShows } = await runCertified(t, authority, { settings });
  await consoleShows(obtained);
  assert.deepEqual(
    authority.accounts.map(({ contact }) => contact),
    [["mailto:ann@example.org"]],
  );
});

test("where --tls is required a challenge is still answered in clear", async (t) => {
  const authority = await AcmeServer.start(t);
  authority.host = otherAddress ?? "127.0.0.1";
  const settings = { host: "0.0.0.0", tls: "required" } as const;
  const { port, consoleShows } = await runCertified(t, authority, { settings });
  await consoleShows(obtained);
  await securePage(port, authority);
});

test("a path of challenges leads nowhere, and its protocol is unknown, where no challenge is open", async (t) => {
  const authority = await AcmeServer.start(t);
  const { port, consoleShows } = await runCertified(t, authority);
  await consoleShows(obtained);
  const request =
    "GET /.well-known/acme-challenge/token HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
  assert.match(await RawClient.exchange(port, request), /^HTTP\/1\.1 404 /);
  await assert.rejects(connectTls(port, { servername: "localhost", ALPNProtocols: ["acme-tls/1"] }), {
    code: "ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL",
  });
});

import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { generate } from "selfsigned";
import { IrcClient } from "../irc/client.ts";
import { LineClient } from "../support/line-client.ts";
import { runServer } from "../support/running-server.ts";
import { ServerProcess } from "../support/server-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { testedWorkers } from "../support/tested-workers.ts";
import { connectTls, shownFingerprint } from "../support/tls-socket.ts";
import { WebSocketClient } from "../support/websocket-client.ts";

/** Puts a certificate and its key into two files; resolves to its fingerprint. */
async function writeCertificate(files: { readonly cert: string; readonly key: string }): Promise<string> {
  const made = await generate([{ name: "commonName", value: "test" }], { keyType: "ec", curve: "P-256" });
  writeFileSync(files.cert, made.cert);
  writeFileSync(files.key, made.private);
  return new X509Certificate(made.cert).fingerprint256;
}

function filesIn(context: TestContext) {
  const folder = temporaryFolder(context);
  return { folder, cert: join(folder, "cert.pem"), key: join(folder, "key.pem") };
}

test("the first start makes a certificate of its own, and every later one shows it again", async (t) => {
  const dataFolder = join(temporaryFolder(t), "data");
  const first = await ServerProcess.start(t, { dataFolder });
  const [, ...halves] = await first.until(
    /^TLS is spoken.*:\n {2}((?:[\dA-F]{2}:){16})\n {2}((?:[\dA-F]{2}:?){16})$/m,
  );
  const fingerprint = halves.join("");
  assert.equal(await shownFingerprint(first.port), fingerprint);
  const certificate = new X509Certificate(readFileSync(join(dataFolder, "tls-cert.pem")));
  assert.equal(certificate.fingerprint256, fingerprint);
  assert.equal(certificate.checkHost("localhost"), "localhost");
  assert.equal(certificate.checkIP("127.0.0.1"), "127.0.0.1");
  assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, "prime256v1");
  const years = (certificate.validToDate.getTime() - certificate.validFromDate.getTime()) / 31_557_600_000;
  assert.ok(years > 9.9 && years < 10.1, `valid for ${years} years`);
  for (const name of ["tls-cert.pem", "tls-key.pem"]) {
    assert.equal(statSync(join(dataFolder, name)).mode & 0o777, 0o600, name);
  }
  await first.end("SIGTERM");
  const second = await ServerProcess.start(t, { dataFolder });
  assert.equal(await shownFingerprint(second.port), fingerprint);
});

test("where a crash left the key alone, or half a file that was being written, both are made anew", async (t) => {
  const dataFolder = join(temporaryFolder(t), "data");
  await (await runServer(t, { dataFolder })).stop();
  const before = readFileSync(join(dataFolder, "tls-key.pem"), "utf8");
  rmSync(join(dataFolder, "tls-cert.pem"));
  for (const name of ["tls-cert.pem.new", "tls-key.pem.new"]) {
    writeFileSync(join(dataFolder, name), "-----BEGIN", { mode: 0o644 });
  }
  const { port } = await runServer(t, { dataFolder });
  await shownFingerprint(port);
  assert.notEqual(readFileSync(join(dataFolder, "tls-key.pem"), "utf8"), before);
  assert.equal(statSync(join(dataFolder, "tls-key.pem")).mode & 0o777, 0o600);
  assert.equal(existsSync(join(dataFolder, "tls-key.pem.new")), false);
});

test("a certificate that cannot be used is refused at the start, by its option and its file", async (t) => {
  const { folder, cert, key } = filesIn(t);
  await writeCertificate({ cert, key });
  const other = { cert: join(folder, "other.pem"), key: join(folder, "other-key.pem") };
  await writeCertificate(other);
  const broken = join(folder, "broken.pem");
  writeFileSync(broken, "no certificate");
  const quoted = JSON.stringify;
  const wrong: readonly (readonly [args: readonly string[], problem: string])[] = [
    [["--tls-cert", cert], `--tls-cert: "${cert}" is of no use without --tls-key`],
    [["--tls-key", key], `--tls-key: "${key}" is of no use without --tls-cert`],
    [
      ["--tls-cert", cert, "--tls-key", other.key],
      `--tls-key: ${quoted(other.key)} is not the key of the certificate in ${quoted(cert)}`,
    ],
    [["--tls-cert", broken, "--tls-key", key], `--tls-cert: ${quoted(broken)} is no certificate in PEM`],
    [["--tls-cert", cert, "--tls-key", broken], `--tls-key: ${quoted(broken)} is no private key in PEM`],
    [
      ["--tls-cert", join(folder, "none"), "--tls-key", key],
      `--tls-cert: ${quoted(join(folder, "none"))} cannot be read (ENOENT`,
    ],
  ];
  for (const [args, problem] of wrong) {
    const { code, errors } = await ServerProcess.fail(t, { dataFolder: join(folder, "data"), args });
    assert.ok(errors.startsWith(`roomful: Cannot use ${problem}`), errors);
    assert.equal(errors.trimEnd().split("\n").length, 1, errors);
    assert.ok(code === 1 || code === 2);
  }
});

test("a certificate is changed under 100 connections of all doors, and none is dropped", async (t) => {
  const { folder, cert, key } = filesIn(t);
  const first = await writeCertificate({ cert, key });
  const args = ["--tls-cert", cert, "--tls-key", key];
  const server = await ServerProcess.start(t, { dataFolder: join(folder, "data"), args });
  const { port } = server;
  assert.equal(await shownFingerprint(port), first);
  const lines: LineClient[] = [];
  const ircs: IrcClient[] = [];
  const websockets: WebSocketClient[] = [];
  for (let index = 0; index < 34; index += 1) {
    lines.push(await LineClient.over(await connectTls(port)).comeIn(`Line${index}`));
    const irc = await IrcClient.over(await connectTls(port)).comeIn(`Irc${index}`);
    irc.send("JOIN #lobby");
    await irc.until("366");
    ircs.push(irc);
    const websocket = await WebSocketClient.connect(port, "127.0.0.1", "wss");
    await websocket.comeIn({ name: `Web${index}` });
    websockets.push(websocket);
  }
  const second = await writeCertificate({ cert, key });
  server.child.kill("SIGHUP");
  await server.until(new RegExp(`New connections are shown another certificate: SHA-256 ${second}`));
  // Each thread takes what it is told in order; with three, nine connections reach each of them all but surely.
  for (let index = 0; index < (testedWorkers > 1 ? 9 : 1); index += 1) {
    assert.equal(await shownFingerprint(port), second);
  }
  const text = "after the change";
  lines[0]?.send(text);
  await Promise.all([
    ...lines.slice(1).map((client) => client.until(text)),
    ...ircs.map((client) => client.until(new RegExp(text))),
    ...websockets.map((client) =>
      client.find((message) => message.type === "event" && message.event.text === text),
    ),
  ]);
  for (const client of [...lines, ...ircs]) assert.equal(client.ended, false);
  for (const { closeCode } of websockets) assert.equal(closeCode, undefined);
  // What cannot be used changes nothing.
  writeFileSync(key, "nothing");
  server.child.kill("SIGHUP");
  await server.until(
    /\[WARNING\] The certificate stays as it is: Cannot use --tls-key: ".*" is no private key in PEM/,
  );
  assert.equal(await shownFingerprint(port), second);
  await lines[1]?.settled();
  for (const { socket } of [...lines, ...ircs]) socket.destroy();
  for (const { socket } of websockets) socket.terminate();
});

test("other files take the place of those that were named, without a restart", async (t) => {
  const { folder, cert, key } = filesIn(t);
  const config = join(folder, "roomful.toml");
  writeFileSync(config, "");
  const server = await ServerProcess.start(t, {
    dataFolder: join(folder, "data"),
    args: ["--config", config],
  });
  const own = await shownFingerprint(server.port);
  const named = await writeCertificate({ cert, key });
  writeFileSync(config, `tls-cert = ${JSON.stringify(cert)}\ntls-key = ${JSON.stringify(key)}\n`);
  server.child.kill("SIGHUP");
  await server.until(new RegExp(`another certificate: SHA-256 ${named}`));
  assert.equal(await shownFingerprint(server.port), named);
  writeFileSync(config, "");
  server.child.kill("SIGHUP");
  await server.until(new RegExp(`another certificate: SHA-256 ${own}`));
});

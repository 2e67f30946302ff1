import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import test, { type TestContext } from "node:test";
import { generate } from "selfsigned";
import { screenEnvironment } from "../client/screen-people.ts";
import { Terminal } from "../client/terminal.ts";
import { LineClient } from "../support/line-client.ts";
import { Relay } from "../support/relay.ts";
import { runServer } from "../support/running-server.ts";
import { repository } from "../support/server-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { shownFingerprint } from "../support/tls-socket.ts";

const program = join(repository, "bin/roomful.js");

type Environment = Readonly<Record<string, string>>;

/** Somebody's `roomful join`, with what was piped into it; resolves to how it ended and what it said. */
async function joins(env: Environment, args: readonly string[], said = "hello\n") {
  const child = spawn(process.execPath, [program, "join", ...args], {
    env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", ...env },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(said);
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (child.exitCode === null) await once(child, "exit");
  return { code: child.exitCode, output, errors };
}

function remembered(env: Environment): unknown {
  const path = join(env["XDG_STATE_HOME"] ?? "", "roomful/servers.json");
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

test("our client comes in by TLS, remembers the first certificate, says so once, and takes no other", async (t) => {
  const env = screenEnvironment(t);
  const first = await runServer(t);
  const relay = await Relay.start(t, first.port);
  const address = `Ann@127.0.0.1:${relay.port}`;
  const before = await shownFingerprint(first.port);
  const listener = await LineClient.enter(first.port, "Listener");

  const coming = await joins(env, [address]);
  assert.equal(coming.code, 0, coming.errors);
  const said = `is remembered. Its SHA-256 fingerprint:\n  ${before.slice(0, 48)}\n  ${before.slice(48)}\n`;
  assert.ok(coming.output.includes(said), coming.output);
  await listener.until("Ann: hello");
  assert.deepEqual(remembered(env), [{ server: `127.0.0.1:${relay.port}`, certificate: before }]);
  const again = await joins(env, [address]);
  assert.equal(again.code, 0);
  assert.doesNotMatch(again.output, /fingerprint/);

  const second = await runServer(t);
  const now = await shownFingerprint(second.port);
  relay.redirect(second.port);
  const refused = await joins(env, [address]);
  assert.equal(refused.code, 1);
  assert.match(refused.output, /Cannot join 127\.0\.0\.1:\d+: its certificate is another one than before\n/);
  assert.ok(refused.errors.includes(`  before  ${before}\n  now     ${now}\n`), refused.errors);
  assert.match(refused.errors, /--accept-certificate/);
  assert.doesNotMatch(second.console(), /Ann/);
  assert.equal((await joins(env, ["--insecure", address])).code, 1, "that is another thing");

  const accepted = await joins(env, ["--accept-certificate", address]);
  assert.equal(accepted.code, 0, accepted.errors);
  assert.deepEqual(remembered(env), [{ server: `127.0.0.1:${relay.port}`, certificate: now }]);
  assert.equal((await joins(env, [address])).code, 0);
  listener.close();
});

test("a server without TLS is joined in clear; one that had it is not, unless somebody wants that", async (t) => {
  const env = screenEnvironment(t);
  const clear = await runServer(t, { settings: { tls: "off" } });
  const relay = await Relay.start(t, clear.port);
  const address = `Ann@127.0.0.1:${relay.port}`;
  const inClear = await joins(env, [address]);
  assert.equal(inClear.code, 0, inClear.errors);
  assert.equal(remembered(env), undefined);

  const secure = await runServer(t);
  relay.redirect(secure.port);
  assert.equal((await joins(env, [address])).code, 0);
  relay.redirect(clear.port);
  const joinsBefore = clear.console().match(/\[JOIN\]/g)?.length;
  const refused = await joins(env, [address]);
  assert.equal(refused.code, 1);
  assert.match(refused.output, /Cannot join \S+: it did not answer by TLS, as it did before\n/);
  assert.match(refused.errors, /--insecure/);
  assert.equal(clear.console().match(/\[JOIN\]/g)?.length, joinsBefore);
  const insecure = await joins(env, ["--insecure", address]);
  assert.equal(insecure.code, 0, insecure.errors);
});

test("a server that is not there is told apart from one without TLS", async (t) => {
  const env = screenEnvironment(t);
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  const { code, output } = await joins(env, [`Ann@127.0.0.1:${port}`]);
  assert.equal(code, 1);
  assert.match(output, /Cannot join \S+: nothing is listening there\n/);
});

/** A certificate for `localhost` by an authority of the test's own, in files. */
async function certified(context: TestContext) {
  const folder = temporaryFolder(context);
  const authority = await generate([{ name: "commonName", value: "Test authority" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    extensions: [{ name: "basicConstraints", cA: true, critical: true }],
  });
  const made = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    ca: { key: authority.private, cert: authority.cert },
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] }],
  });
  const files = { chain: join(folder, "cert.pem"), key: join(folder, "key.pem") };
  const authorityFile = join(folder, "authority.pem");
  writeFileSync(files.chain, made.cert);
  writeFileSync(files.key, made.private);
  writeFileSync(authorityFile, authority.cert);
  return { files, authorityFile, fingerprint: new X509Certificate(made.cert).fingerprint256 };
}

test("a certificate that an authority vouches for needs no remembering; without it, another is no match for it", async (t) => {
  const env = screenEnvironment(t);
  const { files, authorityFile, fingerprint } = await certified(t);
  const server = await runServer(t, { settings: { tlsFiles: files } });
  const address = `Ann@localhost:${server.port}`;
  const vouched = await joins({ ...env, NODE_EXTRA_CA_CERTS: authorityFile }, [address]);
  assert.equal(vouched.code, 0, vouched.output + vouched.errors);
  assert.doesNotMatch(vouched.output, /fingerprint/);
  assert.deepEqual(remembered(env), [{ server: `localhost:${server.port}`, certificate: "vouched" }]);
  // Who does not know the authority any more sees a certificate that nobody vouches for.
  const refused = await joins(env, [address]);
  assert.equal(refused.code, 1);
  assert.ok(
    refused.errors.includes(`  before  one that an authority vouched for\n  now     ${fingerprint}\n`),
  );
  // It is for another name than this one.
  const elsewhere = `Ann@127.0.0.1:${server.port}`;
  const { output } = await joins({ ...env, NODE_EXTRA_CA_CERTS: authorityFile }, [elsewhere]);
  assert.match(output, /fingerprint/);
});

test("the full screen says once what it remembers, and always whether it is TLS; a changed certificate ends it", async (t) => {
  const env = screenEnvironment(t);
  const first = await runServer(t);
  const relay = await Relay.start(t, first.port);
  const command = [process.execPath, program, "join", `Ann@127.0.0.1:${relay.port}`];
  const terminal = new Terminal(t, command, { columns: 140, rows: 24, env });
  await terminal.until(({ rows }) => rows.some((row) => /^ ● connected.* TLS · 127/.test(row)));
  const fingerprint = await shownFingerprint(first.port);
  await terminal.shows(fingerprint.slice(0, 30));
  const second = await runServer(t);
  relay.redirect(second.port);
  await first.stop();
  assert.equal(await terminal.exit, 1);
  await terminal.shows(`now     ${await shownFingerprint(second.port)}`);
  assert.doesNotMatch(second.console(), /\[JOIN\]/);
  const clear = await runServer(t, { settings: { tls: "off" } });
  const plain = new Terminal(t, [...command.slice(0, -1), `Ann@127.0.0.1:${clear.port}`], {
    columns: 140,
    rows: 24,
    env,
  });
  await plain.until(({ rows }) => rows.some((row) => /^ ● connected.* no TLS · 127/.test(row)));
});

import assert from "node:assert/strict";
import test from "node:test";
import { AcmeFolder } from "../../src/server/acme/acme-folder.ts";
import { openDataFolder } from "../../src/storage/data-folder.ts";
import { roomful } from "../support/roomful-command.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { CertificateAuthority, type Lifetime, nearlyOver, ninetyDays } from "./certificate-authority.ts";

const directory = "https://ca.example/directory";
const dayMs = 86_400_000;

test("doctor says for how long the certificate of an authority is good, and what is wrong with it", async (t) => {
  const data = temporaryFolder(t);
  openDataFolder(data).release();
  const authority = await CertificateAuthority.make();
  const folder = new AcmeFolder(data);
  const keep = async (names: readonly string[], lifetime: Lifetime): Promise<void> => {
    folder.keep(await authority.issue(names, lifetime), directory);
  };
  const findings = async (...args: readonly string[]): Promise<string> => {
    const usual = ["--port", "0", "--data", data, "--acme", "localhost", "--acme-directory", directory];
    return (await roomful(["doctor", ...usual, ...args])).stdout;
  };
  assert.match(await findings(), /^ok {7}no authority has issued a certificate yet \(--acme\)/m);
  await keep(["localhost"], ninetyDays);
  assert.match(
    await findings(),
    /^ok {7}the certificate of --acme is good until 20\d\d-\S+Z: SHA-256 [A-F\d:]{95}$/m,
  );
  assert.match(
    await findings("--acme", "localhost", "--acme", "chat.example.org"),
    /^warning {2}the certificate of --acme is not for chat\.example\.org\. .* that port 80 of its names/m,
  );
  assert.match(
    await findings("--acme-directory", "https://other.example/", "--acme-challenge", "tls-alpn-01"),
    /^warning {2}the certificate of --acme is not from "https:\/\/other\.example\/"\. .* port 443 /m,
  );
  await keep(["localhost"], nearlyOver);
  assert.match(await findings(), /^warning {2}the certificate of --acme is good only until 20/m);
  await keep(["localhost"], { fromMs: -2 * dayMs, toMs: -dayMs });
  assert.match(await findings(), /^warning {2}the certificate of --acme was good only until 20/m);
});

test("--acme is refused beside what would show another certificate, or none", async (t) => {
  const data = temporaryFolder(t);
  const refusal = async (...args: readonly string[]): Promise<string> => {
    const { code, stderr } = await roomful(["serve", "--data", data, "--acme", "chat.example.org", ...args]);
    assert.equal(code, 2);
    return stderr;
  };
  assert.match(
    await refusal("--tls-cert", "/a.pem", "--tls-key", "/b.pem"),
    /Cannot use --acme: "chat\.example\.org" does not go together with --tls-cert "\/a\.pem", which shows another one/,
  );
  assert.match(
    await refusal("--tls", "off"),
    /does not go together with --tls "off", which shows no certificate/,
  );
});

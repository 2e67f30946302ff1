import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { generate } from "selfsigned";
import { roomful } from "../support/roomful-command.ts";
import { runServer } from "../support/running-server.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const dayMs = 86_400_000;

test("doctor says of a certificate until when it holds, and what is wrong with it", async (t) => {
  const folder = temporaryFolder(t);
  const [chain, key, dataFolder] = ["cert.pem", "key.pem", "data"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const write = async (fromDays: number, toDays: number): Promise<void> => {
    const [notBeforeDate, notAfterDate] = [fromDays, toDays].map(
      (days) => new Date(Date.now() + days * dayMs),
    ) as [Date, Date];
    const made = await generate([], {
      keyType: "ec",
      curve: "P-256",
      algorithm: "sha256",
      notBeforeDate,
      notAfterDate,
    });
    writeFileSync(chain, made.cert);
    writeFileSync(key, made.private, { mode: 0o600 });
  };
  const findings = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await roomful(["doctor", "--port", "0", "--data", dataFolder, ...args]);
    return stdout;
  };
  const named = ["--tls-cert", chain, "--tls-key", key];
  assert.match(await findings(), /^ok {7}there is no certificate yet/m);
  assert.match(await findings("--tls", "off"), /^warning {2}TLS is off/m);
  await write(-1, 100);
  assert.match(
    await findings(...named),
    /^ok {7}the certificate holds until \d{4}-\d\d-\d\d: SHA-256 (?:[\dA-F]{2}:){31}/m,
  );
  chmodSync(key, 0o644);
  assert.match(
    await findings(...named),
    /^warning {2}the private key ".*key\.pem" can be read by other users\. To do: chmod 600/m,
  );
  await write(-1, 10);
  assert.match(await findings(...named), /^warning {2}the certificate expires on/m);
  await write(-10, -1);
  assert.match(await findings(...named), /^problem {2}the certificate has been expired since/m);
  await write(2, 10);
  assert.match(await findings(...named), /^problem {2}the certificate holds only from/m);
  writeFileSync(key, "none");
  assert.match(await findings(...named), /^problem {2}Cannot use --tls-key: ".*" is no private key in PEM/m);
  assert.match(
    await findings("--tls-key", key),
    /^problem {2}Cannot use --tls-key: ".*" is of no use without --tls-cert/m,
  );
  await (await runServer(t, { dataFolder })).stop();
  const own = await findings();
  assert.match(own, /^ok {7}the certificate holds until/m);
  assert.match(own, /^Problems: 0, /m);
});

import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { databaseName } from "../src/storage/data-folder.ts";
import { changeDatabase, fillFolder } from "./support/filled-folder.ts";
import { LineClient } from "./support/line-client.ts";
import { roomful } from "./support/roomful-command.ts";
import { ServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

test("compact gives back what erased messages took, and a server goes on from there", async (t) => {
  const dataFolder = join(temporaryFolder(t), "data");
  const database = join(dataFolder, databaseName);
  await fillFolder(dataFolder, 10_000);
  changeDatabase(database, "DELETE FROM events WHERE number <= 9000; UPDATE streams SET floor = 9000");
  const before = statSync(database).size;
  const stored = await roomful(["export", "--data", dataFolder]);

  const { code, stderr } = await roomful(["compact", "--data", dataFolder]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^Compacted from \d\.\d MiB to \d+\.\d KiB\n$/);
  assert.ok(statSync(database).size < before / 5);
  assert.equal(statSync(database).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(dataFolder).sort(), ["lock", databaseName]);
  assert.equal((await roomful(["export", "--data", dataFolder])).stdout, stored.stdout);

  const server = await ServerProcess.start(t, { dataFolder });
  const ann = await LineClient.enter(server.port, "Ann");
  t.after(() => ann.close());
  ann.send("/history 1");
  await ann.until("--- end of history, up to #10000 ---");
  const inUse = `roomful: Cannot use --data: ${JSON.stringify(dataFolder)} is in use by another server\n`;
  assert.deepEqual(await roomful(["compact", "--data", dataFolder]), { code: 1, stdout: "", stderr: inUse });
});

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, watch, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test from "node:test";
import { lobby } from "../src/chat/event.ts";
import { certificateName, databaseName, keyName } from "../src/storage/data-folder.ts";
import { exported } from "./support/exported.ts";
import { changeDatabase, damageFile, fillFolder } from "./support/filled-folder.ts";
import { roomful } from "./support/roomful-command.ts";
import { ServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { WebSocketClient } from "./support/websocket-client.ts";

test("what is restored is another history of the same room: who resumes is told, and is still himself", async (t) => {
  const folder = temporaryFolder(t);
  const dataFolder = join(folder, "data");
  const server = await ServerProcess.start(t, { dataFolder });
  const { client, welcome } = await WebSocketClient.enter(server.port, { name: "Ann" });
  const say = async (on: WebSocketClient, counter: number, text: string): Promise<number> => {
    on.send({ type: "send", counter, to: lobby, kind: "text", text });
    return (await on.next("ack")).number;
  };
  await say(client, 1, "before the backup");
  const file = join(folder, "room.db");
  assert.equal((await roomful(["backup", file, "--data", dataFolder])).code, 0);
  await say(client, 2, "after the backup");

  const restore = ["restore", file, "--data", dataFolder];
  const inUse = `roomful: Cannot use --data: ${JSON.stringify(dataFolder)} is in use by another server\n`;
  assert.deepEqual(await roomful([...restore, "--overwrite"]), { code: 1, stdout: "", stderr: inUse });
  await server.end("SIGKILL");
  const isThere = `roomful: Cannot restore to "${dataFolder}": it holds messages already; --overwrite keeps them aside\n`;
  assert.deepEqual(await roomful(restore), { code: 1, stdout: "", stderr: isThere });

  const { code, stderr } = await roomful([...restore, "--overwrite"]);
  assert.equal(code, 0, stderr);
  const [, keptAside = ""] =
    /^Restored 1 messages of 1 streams, .*\nWhat was there is kept as (.*)\n$/.exec(stderr) ?? [];
  assert.match(basename(keptAside), /^roomful\.db\.replaced-\d{8}T\d{6}Z$/);
  const names = ["lock", databaseName, basename(keptAside), certificateName, keyName];
  assert.deepEqual(readdirSync(dataFolder).sort(), names);
  for (const name of readdirSync(dataFolder))
    assert.equal(statSync(join(dataFolder, name)).mode & 0o777, 0o600);

  const again = await ServerProcess.start(t, { dataFolder });
  const position = { epoch: welcome.epoch, heads: { [lobby]: 2 } };
  const back = await WebSocketClient.enter(again.port, { name: "Ann", token: welcome.token, position });
  assert.equal(back.welcome.resumed, false);
  assert.notEqual(back.welcome.epoch, welcome.epoch);
  assert.deepEqual(back.welcome.you, welcome.you);
  assert.deepEqual(
    back.welcome.recent.map(({ text }) => text),
    ["before the backup"],
  );
  assert.equal(await say(back.client, 3, "goes on"), 2);

  // What was replaced is whole, with what had been in its log only, and can be brought back.
  const old = join(folder, "old");
  assert.equal((await roomful(["restore", keptAside, "--data", old])).code, 0);
  assert.deepEqual(
    (await exported(old)).map(({ text }) => text),
    ["before the backup", "after the backup"],
  );
});

test("what is no backup is not restored, and the folder stays as it was", async (t) => {
  const folder = temporaryFolder(t);
  const dataFolder = join(folder, "data");
  await fillFolder(dataFolder, 3);
  const source = join(folder, "source");
  await fillFolder(source, 1000);
  const refused = async (file: string, why: RegExp): Promise<void> => {
    const result = await roomful(["restore", file, "--data", dataFolder, "--overwrite"]);
    assert.equal(result.code, 1);
    assert.match(result.stderr, /^roomful: Cannot restore ".*": [^\n]*\n$/);
    assert.match(result.stderr, why);
    // Those who only read leave SQLite's companions.
    const own = readdirSync(dataFolder).filter((name) => !/-(?:shm|wal)$|^lock$/.test(name));
    assert.deepEqual(own, [databaseName]);
    assert.equal((await exported(dataFolder)).length, 3);
  };
  const backup = async (name: string): Promise<string> => {
    const file = join(folder, name);
    assert.equal((await roomful(["backup", file, "--data", source])).code, 0);
    return file;
  };
  await refused(join(folder, "missing.db"), /it does not exist/);
  await refused(folder, /it is no file/);
  const text = join(folder, "text.txt");
  writeFileSync(text, "no database\n".repeat(1000));
  await refused(text, /file is not a database/);
  const damaged = await backup("damaged.db");
  damageFile(damaged);
  await refused(damaged, /it is damaged/);
  const newer = await backup("newer.db");
  changeDatabase(newer, "PRAGMA user_version = 999");
  await refused(newer, /it was written by a newer Roomful \(schema 999; this one knows schemas up to \d+\)/);
  const foreign = await backup("foreign.db");
  changeDatabase(foreign, "PRAGMA application_id = 1");
  await refused(foreign, /it is not a database of Roomful/);
  const holed = await backup("holed.db");
  changeDatabase(holed, "DELETE FROM events WHERE number = 7");
  await refused(holed, /it is damaged \(#lobby has 999 of 1000 messages\)/);
  const empty = join(folder, "empty.db");
  writeFileSync(empty, "");
  await refused(empty, /it is empty/);
  const halved = await backup("halved.db");
  writeFileSync(`${halved}-wal`, "a log");
  await refused(halved, /a part of it is still in ".*halved\.db-wal", so it is no backup/);
  assert.ok(existsSync(halved));
});

test("a database that is read by another program is not replaced", async (t) => {
  const folder = temporaryFolder(t);
  const dataFolder = join(folder, "data");
  await fillFolder(dataFolder, 3);
  const database = join(dataFolder, databaseName);
  const file = join(folder, "room.db");
  assert.equal((await roomful(["backup", file, "--data", dataFolder])).code, 0);
  const reader = new DatabaseSync(database, { readOnly: true });
  reader.exec("BEGIN; SELECT count(*) FROM events");
  const restore = ["restore", file, "--data", dataFolder, "--overwrite"];
  const { code, stderr } = await roomful(restore);
  assert.equal(code, 1);
  assert.match(stderr, /^roomful: Cannot replace ".*": another program is reading it [^\n]*\n$/);
  reader.close();
  assert.equal((await roomful(restore)).code, 0);
});

test("a database that is damaged beyond reading is kept as it is, with its log, and replaced", async (t) => {
  const folder = temporaryFolder(t);
  const source = join(folder, "source");
  await fillFolder(source, 3);
  const file = join(folder, "room.db");
  assert.equal((await roomful(["backup", file, "--data", source])).code, 0);
  const dataFolder = join(folder, "data");
  mkdirSync(dataFolder);
  writeFileSync(join(dataFolder, databaseName), "ruins");
  writeFileSync(join(dataFolder, `${databaseName}-wal`), "ruins of a log");
  const { code, stderr } = await roomful(["restore", file, "--data", dataFolder, "--overwrite"]);
  assert.equal(code, 0, stderr);
  const [, kept = ""] = /\nWhat was there is kept as (.*)\n$/.exec(stderr) ?? [];
  assert.equal(readFileSync(kept, "utf8"), "ruins");
  assert.equal(readFileSync(`${kept}-wal`, "utf8"), "ruins of a log");
  assert.equal((await exported(dataFolder)).length, 3);
});

test("Ctrl-C ends a restore with the folder as it was", async (t) => {
  const folder = temporaryFolder(t);
  const source = join(folder, "source");
  await fillFolder(source, 200_000);
  const file = join(folder, "room.db");
  assert.equal((await roomful(["backup", file, "--data", source])).code, 0);
  const dataFolder = join(folder, "data");
  await fillFolder(dataFolder, 3);
  const result = await roomful(["restore", file, "--data", dataFolder, "--overwrite"], {
    started: (child) => {
      const watcher = watch(dataFolder, (_event, name) => {
        if (name !== `${databaseName}.partial`) return;
        child.kill("SIGINT");
        watcher.close();
      });
    },
  });
  const stderr = "roomful: The restore was interrupted; nothing was changed\n";
  assert.deepEqual(result, { code: 130, stdout: "", stderr });
  assert.deepEqual(readdirSync(dataFolder).sort(), ["lock", databaseName]);
  assert.equal((await exported(dataFolder)).length, 3);
});

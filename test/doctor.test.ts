import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test, { type TestContext } from "node:test";
import { databaseName } from "../src/storage/data-folder.ts";
import { LineClient } from "./support/line-client.ts";
import { type CommandOptions, roomful } from "./support/roomful-command.ts";
import { runServer } from "./support/running-server.ts";
import { repository, ServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

/** Runs doctor for somebody without a config file; port 0 where the test is not about it. */
async function doctor(home: string, args: readonly string[], options: CommandOptions = {}) {
  const env = { HOME: home, XDG_CONFIG_HOME: "", XDG_DATA_HOME: "", ...options.env };
  const result = await roomful(["doctor", "--port", "0", ...args], { ...options, env });
  assert.equal(result.stderr, "");
  return { code: result.code, lines: result.stdout.trim().split("\n"), stdout: result.stdout };
}

/** A data folder in which somebody said something, and whose server has ended. */
async function usedFolder(context: TestContext): Promise<{ readonly home: string; readonly data: string }> {
  const home = temporaryFolder(context);
  const data = join(home, "data");
  const server = await ServerProcess.start(context, { dataFolder: data });
  const alice = await LineClient.enter(server.port, "Alice");
  for (let index = 0; index < 20; index += 1) alice.send("x".repeat(2000));
  await alice.settled();
  assert.equal((await server.end("SIGTERM")).code, 0);
  return { home, data };
}

function edit(data: string, sql: string): void {
  const database = new DatabaseSync(join(data, databaseName));
  database.exec(sql);
  database.close();
}

function digest(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

test("beside a running server all is well, and the server goes on as before", async (t) => {
  const home = temporaryFolder(t);
  const data = join(home, "data");
  const server = await ServerProcess.start(t, { dataFolder: data });
  const alice = await LineClient.enter(server.port, "Alice");
  alice.send("before");
  await alice.settled();
  const args = ["--data", data, "--host", "127.0.0.1", "--port", String(server.port)];
  const { code, lines } = await doctor(home, args);
  assert.equal(code, 0, lines.join("\n"));
  assert.match(lines.join("\n"), /^ok .*in(?:to)? the search index/m);
  const shown = lines.map((line) =>
    line.replaceAll(/\d{4}-\S+Z/g, "TIME").replaceAll(/[\d.]+ (?:B|[KMGT]iB)\b/g, "SIZE"),
  );
  const expected = [
    `ok       config file "${home}/.config/roomful/config.toml" does not exist, which is fine`,
    `ok       data folder "${data}" is its owner's alone (mode 0700)`,
    `ok       data folder "${data}" is used by a running server`,
    "ok       database: SIZE, its log SIZE",
    "ok       schema 4, the newest",
    "ok       SQLite finds the database whole (quick_check)",
    "ok       clock: TIME; the last message is of TIME",
    `ok       port ${server.port} is the running server's`,
    `ok       Node ${process.versions.node}`,
  ];
  assert.deepEqual(
    expected.filter((line) => !shown.includes(line)),
    [],
    shown.join("\n"),
  );

  alice.send("after");
  await alice.settled();
  await server.until(/Alice: after/);
  const second = await ServerProcess.fail(t, { dataFolder: data });
  assert.match(second.errors, /is in use by another server/);
});

test("it changes nothing: not the database, and a folder that is missing stays so", async (t) => {
  const { home, data } = await usedFolder(t);
  const before = digest(join(data, databaseName));
  const found = await doctor(home, ["--data", data]);
  assert.equal(found.code, 0, found.stdout);
  assert.match(found.stdout, /^ok .* is not in use$/m);
  assert.equal(digest(join(data, databaseName)), before);
  const missing = join(home, "missing");
  assert.match(
    (await doctor(home, ["--data", missing])).stdout,
    /^ok .*missing" does not exist; the server makes it$/m,
  );
  assert.equal(existsSync(missing), false);
  await ServerProcess.start(t, { dataFolder: data });
});

test("what others can read is a warning with the command that closes it, and no problem", async (t) => {
  const { home, data } = await usedFolder(t);
  const file = join(home, "mine.toml");
  writeFileSync(file, "");
  chmodSync(file, 0o666);
  chmodSync(data, 0o755);
  chmodSync(join(data, databaseName), 0o644);
  const { code, lines } = await doctor(home, ["--data", data, "--config", file]);
  assert.equal(code, 0);
  for (const line of [
    `warning  config file "${file}" can be changed by other users. To do: chmod go-w "${file}"`,
    `warning  data folder "${data}" can be entered by other users (mode 0755). To do: chmod 700 "${data}"`,
    `warning  "${join(data, databaseName)}" can be read by other users. To do: chmod 600 "${join(data, databaseName)}"`,
  ]) {
    assert.ok(lines.includes(line), `${line} is not in\n${lines.join("\n")}`);
  }
});

test("a configuration that cannot be read is a problem, and what depends on it is not checked", async (t) => {
  const home = temporaryFolder(t);
  const file = join(home, "mine.toml");
  writeFileSync(file, "port = 99999\n");
  const { code, lines } = await doctor(home, ["--config", file]);
  assert.equal(code, 1);
  assert.deepEqual(lines, [
    `problem  Cannot read port in "${file}", line 1: 99999 is not a port (0 to 65535). To do: mend this first; what comes after it was not checked`,
    "Problems: 1, warnings: 0",
  ]);
});

test("a folder or a database that is none of ours, too new, damaged or of the future is a problem", async (t) => {
  const home = temporaryFolder(t);
  writeFileSync(join(home, "file"), "");
  const none = await doctor(home, ["--data", join(home, "file")]);
  assert.equal(none.code, 1);
  assert.match(none.stdout, /^problem .*file" is not a folder\. To do: choose another with --data$/m);

  const noDatabase = join(home, "text");
  mkdirSync(noDatabase, { mode: 0o700 });
  writeFileSync(join(noDatabase, databaseName), "no database at all ".repeat(100), { mode: 0o600 });
  const text = await doctor(home, ["--data", noDatabase]);
  assert.equal(text.code, 1);
  assert.match(text.stdout, /^problem .*roomful\.db" cannot be read: file is not a database\. To do: /m);

  const changes: readonly (readonly [(data: string) => void, RegExp])[] = [
    [
      (data) => edit(data, "PRAGMA application_id = 1"),
      /^problem .* it is not a database of Roomful\. To do: /m,
    ],
    [(data) => edit(data, "PRAGMA user_version = 99"), /^problem .* written by a newer Roomful \(schema 99/m],
    [
      (data) => edit(data, `UPDATE streams SET last_at = ${Date.now() + 86_400_000}`),
      /^problem {2}clock: \S+Z, but the last message is of \S+Z\. To do: set this machine's clock/m,
    ],
    [
      (data) => edit(data, "UPDATE records SET value = 'rfc1459' WHERE key = 'fixed/casemapping'"),
      /^problem {2}--casemapping is ascii, and the data folder was made with rfc1459\. To do: start the server with --casemapping rfc1459/m,
    ],
    [damage, /^problem .*roomful\.db" is damaged: .+\. To do: stop the server/m],
  ];
  for (const [change, expected] of changes) {
    const { data } = await usedFolder(t);
    change(data);
    const { code, stdout } = await doctor(home, ["--data", data]);
    assert.match(stdout, expected);
    assert.equal(code, 1);
  }
});

function canRun([file = "", ...args]: readonly string[]): boolean {
  return spawnSync(file, args, { cwd: repository }).status === 0;
}

/** Overwrites the second half of the database. */
function damage(data: string): void {
  const path = join(data, databaseName);
  const bytes = readFileSync(path);
  bytes.fill(0x55, Math.floor(statSync(path).size / 2));
  writeFileSync(path, bytes);
}

test("a port is free, another program's, another Roomful's, or cannot be had at all", async (t) => {
  const home = temporaryFolder(t);
  const data = join(home, "data");
  const there = (port: number) => ["--data", data, "--host", "127.0.0.1", "--port", String(port)];
  const other = createServer((socket) => socket.resume().end("hello\n"));
  t.after(() => other.close());
  const port = await new Promise<number>((resolve) => {
    other.listen(0, "127.0.0.1", () => resolve((other.address() as { port: number }).port));
  });
  const taken = await doctor(home, there(port));
  assert.equal(taken.code, 1);
  assert.match(
    taken.stdout,
    /^problem {2}port \d+ is in use by another program\. To do: choose another with --port, or end that one$/m,
  );
  await new Promise((resolve) => other.close(resolve));
  assert.match((await doctor(home, there(port))).stdout, new RegExp(`^ok {7}port ${port} is free$`, "m"));

  const running = await runServer(t);
  const roomfuls = await doctor(home, there(running.port));
  assert.equal(roomfuls.code, 1);
  assert.match(
    roomfuls.stdout,
    /^problem .* is in use by a Roomful server with another data folder\. To do: /m,
  );

  const away = await doctor(home, ["--data", data, "--host", "203.0.113.9", "--port", "1"]);
  assert.equal(away.code, 1);
  assert.match(
    away.stdout,
    /^problem {2}Cannot listen on --host: "203\.0\.113\.9" is no address of this machine/m,
  );
});

test("a low limit of open files is a warning that says how to raise it", async (t) => {
  const home = temporaryFolder(t);
  const through = ["sh", "-c", 'ulimit -n 256 && exec "$@"', "sh"];
  const { stdout } = await doctor(home, ["--workers", "64"], { through });
  assert.match(
    stdout,
    /^warning {2}open files: 256, which is enough for about 192 connections\. To do: .*ulimit -n/m,
  );
  assert.match(stdout, /^warning {2}threads of connections: 64, on \d+ cores?\. To do: set --workers/m);
});

test("who is not the owner of a data folder is told whose it is", async (t) => {
  const through = ["setpriv", "--reuid=65534", "--clear-groups"];
  if (!canRun([...through, process.execPath, "-e", `fs.readFileSync("bin/roomful.js")`])) {
    t.skip("only root can run a command as somebody else, and only where that one may read it");
    return;
  }
  const { home, data } = await usedFolder(t);
  chmodSync(home, 0o755);
  const { code, stdout } = await doctor(home, ["--data", data], { through });
  assert.equal(code, 1);
  assert.match(stdout, /^problem .* belongs to user 0, and this is user 65534\. To do: /m);
  assert.match(
    stdout,
    /^problem .* cannot be used: EACCES.+\. To do: run this as the user who runs the server$/m,
  );
});

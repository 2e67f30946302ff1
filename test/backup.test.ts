import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, statSync, watch, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { lobby } from "../src/chat/event.ts";
import type { ServerMessage } from "../src/protocols/websocket/messages.ts";
import { databaseName } from "../src/storage/data-folder.ts";
import { exported } from "./support/exported.ts";
import { damageFile, fillFolder } from "./support/filled-folder.ts";
import { roomful } from "./support/roomful-command.ts";
import { ServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { WebSocketClient } from "./support/websocket-client.ts";

const patienceMs = 30_000;
const sendsAhead = 32;
const filled = 50_000;

/** Somebody who says things to the room and in private by turns, on and on, as fast as he is answered. */
class Talker {
  /** What was acknowledged: `stream number` by text. */
  readonly acknowledged = new Map<string, string>();
  #talking = true;
  readonly #client: WebSocketClient;
  #watchers: (() => void)[] = [];

  private constructor(client: WebSocketClient) {
    this.#client = client;
    client.socket.on("message", (data: Buffer) => {
      const message = JSON.parse(data.toString()) as ServerMessage;
      if (message.type !== "ack") return;
      this.acknowledged.set(textOf(message.counter), `${message.stream} ${message.number}`);
      if (this.#talking) this.#say(message.counter + sendsAhead);
      for (const watcher of this.#watchers.splice(0)) watcher();
    });
    for (let counter = 1; counter <= sendsAhead; counter += 1) this.#say(counter);
  }

  static async start(t: TestContext, port: number): Promise<Talker> {
    await WebSocketClient.enter(port, { name: "Listener" });
    const { client } = await WebSocketClient.enter(port, { name: "Talker" });
    t.after(() => client.socket.terminate());
    return new Talker(client);
  }

  /** Resolves when so many more have been acknowledged. */
  async goesOn(more: number): Promise<void> {
    const wanted = this.acknowledged.size + more;
    while (this.acknowledged.size < wanted) {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`Waited in vain for ${wanted} acks`)), patienceMs);
        this.#watchers.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  stop(): void {
    this.#talking = false;
  }

  #say(counter: number): void {
    const to = counter % 2 === 0 ? lobby : "@Listener";
    this.#client.send({ type: "send", counter, to, kind: "text", text: textOf(counter) });
  }
}

function textOf(counter: number): string {
  return `message ${counter} of the talker`;
}

test("a backup under load holds one moment: all that was acknowledged before it, and nothing out of order", async (t) => {
  const folder = temporaryFolder(t);
  const dataFolder = join(folder, "data");
  await fillFolder(dataFolder, filled);
  const server = await ServerProcess.start(t, { dataFolder });
  const talker = await Talker.start(t, server.port);
  await talker.goesOn(500);

  const before = new Map(talker.acknowledged);
  const file = join(folder, "backups", "room.db");
  mkdirSync(join(folder, "backups"));
  const { code, stdout, stderr } = await roomful(["backup", file, "--data", dataFolder]);
  assert.equal(code, 0, stderr);
  assert.equal(stdout, "");
  const [, count] = /^Backed up (\d+) messages of 2 streams, [\d.]+ MiB, to .*\n$/.exec(stderr) ?? [];
  assert.ok(talker.acknowledged.size > before.size, "talking went on meanwhile");
  await talker.goesOn(100);
  talker.stop();
  assert.deepEqual(readdirSync(join(folder, "backups")), ["room.db"]);
  assert.equal(statSync(file).mode & 0o777, 0o600);

  const restored = join(folder, "restored");
  const result = await roomful(["restore", file, "--data", restored]);
  assert.equal(result.code, 0, result.stderr);
  assert.match(result.stderr, new RegExp(`^Restored ${count} messages of 2 streams, .*\n$`));
  const events = await exported(restored);
  assert.equal(events.length, Number(count));
  const places = new Map(events.map(({ stream, number, text }) => [text, `${stream} ${number}`]));
  for (const [text, place] of before) assert.equal(places.get(text), place, text);
  // Of one who speaks in two streams by turns, all up to some message is there, and nothing after it.
  const said = events.length - filled;
  for (let counter = 1; counter <= said; counter += 1)
    assert.ok(places.has(textOf(counter)), textOf(counter));
  for (const stream of new Set(events.map((event) => event.stream))) {
    const numbers = events.filter((event) => event.stream === stream).map(({ number }) => number);
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => index + 1),
    );
  }
});

test("a backup is not written over what is there, unless asked to, nor without a place or a source", async (t) => {
  const folder = temporaryFolder(t);
  const dataFolder = join(folder, "data");
  await fillFolder(dataFolder, 3);
  const file = join(folder, "room.db");
  writeFileSync(file, "something else", { mode: 0o644 });
  const refused = async (args: readonly string[], code: number, sentence: string): Promise<void> => {
    assert.deepEqual(await roomful(["backup", ...args]), {
      code,
      stdout: "",
      stderr: `roomful: ${sentence}\n`,
    });
  };
  const data = ["--data", dataFolder];
  await refused(
    [file, ...data],
    1,
    `Cannot write the backup: "${file}" is there already; --overwrite replaces it`,
  );
  assert.equal(readFileSync(file, "utf8"), "something else");
  const own = join(dataFolder, databaseName);
  const isOwn = `Cannot write the backup: "${own}" is the server's own file`;
  await refused([own, "--overwrite", ...data], 1, isOwn);
  const nowhere = join(folder, "nowhere");
  await refused(
    [join(nowhere, "room.db"), ...data],
    1,
    `Cannot write the backup: the folder "${nowhere}" does not exist`,
  );
  await refused([folder, "--overwrite", ...data], 1, `Cannot write the backup: "${folder}" is no file`);
  const missing = join(nowhere, databaseName);
  await refused([file, "--data", nowhere], 2, `Cannot read --data: "${missing}" does not exist`);
  await refused(data, 2, "Cannot backup: one file is wanted, as in roomful backup room.db");

  const replaced = await roomful(["backup", file, "--overwrite", ...data]);
  assert.equal(replaced.code, 0, replaced.stderr);
  assert.match(replaced.stderr, /^Backed up 3 messages of 1 streams, [\d.]+ KiB, to .*\n$/);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(folder).sort(), ["data", "room.db"]);
});

test("a damaged database is not backed up, and nothing is left behind", async (t) => {
  const folder = temporaryFolder(t);
  const dataFolder = join(folder, "data");
  await fillFolder(dataFolder, 1000);
  damageFile(join(dataFolder, databaseName));
  const file = join(folder, "room.db");
  const { code, stderr } = await roomful(["backup", file, "--data", dataFolder]);
  assert.equal(code, 1);
  assert.match(stderr, /^roomful: Cannot back up ".*roomful\.db" to ".*": it is damaged \(.*\)\n$/);
  assert.deepEqual(readdirSync(folder), ["data"]);
});

test("Ctrl-C ends a backup with nothing left behind", async (t) => {
  const folder = temporaryFolder(t);
  const dataFolder = join(folder, "data");
  await fillFolder(dataFolder, 200_000);
  const place = join(folder, "backups");
  mkdirSync(place);
  const result = await roomful(["backup", join(place, "room.db"), "--data", dataFolder], {
    started: (child) => {
      // As soon as there is something that could be left behind.
      const watcher = watch(place, () => {
        child.kill("SIGINT");
        watcher.close();
      });
    },
  });
  assert.deepEqual(result, {
    code: 130,
    stdout: "",
    stderr: "roomful: The backup was interrupted; nothing was changed\n",
  });
  assert.deepEqual(readdirSync(place), []);
});

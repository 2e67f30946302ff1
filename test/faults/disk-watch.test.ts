import assert from "node:assert/strict";
import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { lobby } from "../../src/chat/event.ts";
import type { ServerMessage } from "../../src/protocols/websocket/messages.ts";
import { databaseName } from "../../src/storage/data-folder.ts";
import { LineClient } from "../support/line-client.ts";
import { ServerProcess } from "../support/server-process.ts";
import { readStored } from "../support/stored.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { WebSocketClient } from "../support/websocket-client.ts";

const full = "The server has no space left. Nothing was stored; tell its operator, and try again later";
const mebibyte = 1024 * 1024;

interface SmallDisk {
  readonly server: ServerProcess;
  /** The same folder as seen from here. */
  readonly inside: string;
  /** The texts in the room, from copies: SQLite finds its way by names, which lead elsewhere from here. */
  readonly stored: () => readonly string[];
}

/** A server whose data folder is on a file system of so many MiB that only it sees. */
async function startOnSmallDisk(
  t: TestContext,
  mebibytes: number,
  args: readonly string[],
): Promise<SmallDisk> {
  const folder = temporaryFolder(t);
  const dataFolder = join(folder, "data");
  const script = `mount -t tmpfs -o size=${mebibytes}m tmpfs "$0" && exec "$@"`;
  const server = await ServerProcess.start(t, {
    dataFolder,
    args,
    through: ["unshare", "-rm", "sh", "-c", script, folder],
  });
  const inside = join("/proc", String(server.pid), "root", folder);
  const stored = (): readonly string[] => {
    const copies = temporaryFolder(t);
    for (const file of [databaseName, `${databaseName}-wal`]) {
      copyFileSync(join(inside, "data", file), join(copies, file));
    }
    return (readStored(copies).get(lobby) ?? []).map(({ text }) => text);
  };
  return { server, inside, stored };
}

test("the console warns when the disk runs low; below the lower mark sending is refused and all else goes on", async (t) => {
  const { server, inside, stored } = await startOnSmallDisk(t, 32, [
    "--disk-warn",
    "16MiB",
    "--disk-stop",
    "25%",
  ]);
  const ann = await LineClient.enter(server.port, "Ann");
  const { client: bob, welcome } = await WebSocketClient.enter(server.port, { name: "Bob" });
  t.after(() => ann.close());
  let counter = 0;
  const send = (text: string): void => {
    counter += 1;
    bob.send({ type: "send", counter, to: lobby, kind: "text", text });
  };
  ann.send("one");
  await bob.next("event");
  assert.doesNotMatch(server.console, /disk/);

  writeFileSync(join(inside, "first"), Buffer.alloc(18 * mebibyte));
  await server.until(
    /^\[WARNING\] The disk runs low: 1\d\.\d MiB are free on the disk of the data folder, less than 16\.0 MiB \(--disk-warn\)\n/m,
  );
  send("two");
  await bob.next("ack");

  writeFileSync(join(inside, "second"), Buffer.alloc(8 * mebibyte));
  await server.until(
    /^\[WARNING\] Messages are refused: \d\.\d MiB are free on the disk of the data folder, and below 8\.0 MiB nothing is stored \(--disk-stop\)\n/m,
  );
  send("refused");
  const refused = await bob.next("refused");
  assert.deepEqual([refused.reason, refused.text], ["storage-full", full]);
  ann.send("refused", "/pm Bob refused");
  assert.match(await ann.settled(), new RegExp(`(\\[ERROR\\] ${full}\n.*){2}`, "s"));
  const health = (): Promise<Response> => fetch(`http://127.0.0.1:${server.port}/health`);
  assert.match(await (await health()).text(), /"unavailable".*--disk-stop/);
  // A retry of what was stored before is answered as ever.
  const { token } = welcome;
  const again = await WebSocketClient.enter(server.port, { name: "Bob", token });
  again.client.send({ type: "send", counter: 1, to: lobby, kind: "text", text: "two" });
  assert.equal((await again.client.next("ack")).number, 2);
  const cat = await LineClient.enter(server.port, "Cat");
  t.after(() => cat.close());
  cat.send("/history");
  await cat.until(/Ann: one\n.*Bob: two\n.*--- end of history, up to #2 ---/s);

  rmSync(join(inside, "second"));
  await server.until(
    /^\[WARNING\] Messages are stored again: 1\d\.\d MiB are free on the disk of the data folder\n/m,
  );
  assert.equal((await health()).status, 200);
  cat.send("three");
  await ann.until("Cat: three");
  rmSync(join(inside, "first"));
  await server.until(/^\[INFO\] The disk is no longer low: /m);
  assert.deepEqual(stored(), ["one", "two", "three"]);
});

test("a room that fills its disk by itself is stopped before anything fails", async (t) => {
  const { server, stored } = await startOnSmallDisk(t, 48, ["--disk-warn", "off", "--disk-stop", "16MiB"]);
  const { client } = await WebSocketClient.enter(server.port, { name: "Ann" });
  const acknowledged: string[] = [];
  const textOf = (counter: number): string => `${counter} ${"x".repeat(2000)}`;
  const say = (counter: number): void => {
    client.send({ type: "send", counter, to: lobby, kind: "text", text: textOf(counter) });
  };
  client.socket.on("message", (data: Buffer) => {
    const message = JSON.parse(data.toString()) as ServerMessage;
    if (message.type !== "ack") return;
    acknowledged.push(textOf(message.counter));
    say(message.counter + 64);
  });
  for (let counter = 1; counter <= 64; counter += 1) say(counter);
  const refused = await client.next("refused");
  assert.equal(refused.reason, "storage-full");
  await server.until(/^\[WARNING\] Messages are refused: /m);
  client.send({ type: "list", request: 1 });
  await client.next("online");
  assert.doesNotMatch(server.console, /cannot be stored/);
  assert.deepEqual(stored(), acknowledged);
});

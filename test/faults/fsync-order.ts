import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { lobby } from "../../src/chat/event.ts";
import { Cleanup, type Undoing } from "../support/cleanup.ts";
import { LineClient } from "../support/line-client.ts";
import { ServerProcess } from "../support/server-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { WebSocketClient } from "../support/websocket-client.ts";
import { parseTrace, type SystemCall } from "./system-calls.ts";

const senders = 4;
const burst = 10;
const bursts = 5;
const readersPerDoor = 5;
const messages = senders * burst * bursts;

interface Figures {
  readonly messages: number;
  /** Commit marks in the write-ahead log. */
  readonly commits: number;
  readonly fsyncs: number;
  readonly readers: number;
  readonly messageWrites: number;
  readonly acknowledgementsChecked: number;
  readonly largestBatch: number;
}

/** Has a server watched by strace, and checks in what order it wrote to the disk and to its readers. */
async function checkOrder(undoing: Undoing): Promise<Figures> {
  const folder = temporaryFolder(undoing);
  const trace = join(folder, "trace");
  const calls = "fsync,fdatasync,write,writev,sendto,sendmsg,pwrite64";
  const server = await ServerProcess.start(undoing, {
    dataFolder: join(folder, "data"),
    // -D makes the server the child and strace its watcher, so that signals go to the server.
    through: ["strace", "-D", "-f", "-yy", "-xx", "-s", "1000000", "-e", `trace=${calls}`, "-o", trace],
  });
  const textOf = await talk(server.port);
  await server.end("SIGTERM");
  return judge(parseTrace(readFileSync(trace, "utf8")), textOf);
}

/** Sends all messages in bursts to all readers. Resolves to the text of each number. */
async function talk(port: number): Promise<ReadonlyMap<number, string>> {
  const textOf = new Map<number, string>();
  const lines: LineClient[] = [];
  const programs: WebSocketClient[] = [];
  for (let index = 0; index < readersPerDoor; index += 1) {
    lines.push(await LineClient.enter(port, `linereader${index}`));
    programs.push((await WebSocketClient.enter(port, { name: `reader${index}` })).client);
  }
  const speakers: WebSocketClient[] = [];
  for (let index = 0; index < senders; index += 1) {
    speakers.push((await WebSocketClient.enter(port, { name: `sender${index}` })).client);
  }
  const speak = async (client: WebSocketClient, index: number): Promise<void> => {
    for (let counter = 1; counter <= burst * bursts; counter += 1) {
      const text = messageText(index * burst * bursts + counter);
      client.send({ type: "send", counter, to: lobby, kind: "text", text });
      if (counter % burst !== 0) continue;
      for (let answers = 0; answers < burst; answers += 1) {
        const ack = await client.next("ack");
        textOf.set(ack.number, messageText(index * burst * bursts + ack.counter));
      }
    }
  };
  await Promise.all(speakers.map(speak));
  const last = textOf.get(messages);
  assert.ok(last !== undefined);
  await Promise.all(lines.map((client) => client.until(last)));
  for (const client of programs) {
    for (let seen = 0; seen < messages; seen += 1) await client.next("event");
  }
  for (const client of lines) client.close();
  for (const client of [...programs, ...speakers]) client.socket.terminate();
  return textOf;
}

function messageText(index: number): string {
  return `message <${String(index).padStart(6, "0")}>`;
}

const messagePattern = /message <\d{6}>/g;
const ackPattern = /\{"type":"ack","counter":\d+,"stream":"#lobby","number":(\d+)/g;

function judge(calls: readonly SystemCall[], textOf: ReadonlyMap<number, string>): Figures {
  const log = calls.filter(({ name, target }) => name === "pwrite64" && target.endsWith("-wal"));
  const syncs = calls.filter(({ name }) => name === "fsync" || name === "fdatasync");
  const logSyncs = syncs.filter(({ target }) => target.endsWith("-wal"));

  // A message is durable with the end of the first fsync that began after it had been written to the log.
  const durable = new Map<string, SystemCall>();
  for (const write of log) {
    for (const text of messagesIn(write)) {
      const sync = logSyncs.find(({ began }) => began > write.ended);
      assert.ok(sync !== undefined, `${text} is never forced to the disk`);
      if (!durable.has(text)) durable.set(text, sync);
    }
  }
  assert.equal(durable.size, messages, "each message is in the log");
  const batches = new Map<SystemCall, Set<string>>();
  for (const [text, sync] of durable) batches.set(sync, (batches.get(sync) ?? new Set()).add(text));

  const began = log.find((write) => messagesIn(write).length > 0)?.began ?? 0;
  const ended = Array.from(batches.keys(), (sync) => sync.ended).reduce((one, other) => Math.max(one, other));
  const inBetween = (call: SystemCall): boolean => call.began >= began && call.ended <= ended;
  // The mark of a commit in a frame's header: the size of the database after it (https://www.sqlite.org/fileformat.html#walformat).
  const commits = calls.filter(
    ({ name, target, bytes, began: at, ended: until }) =>
      name === "pwrite64" &&
      target.endsWith("-wal") &&
      bytes.length === 24 &&
      bytes.readUInt32BE(4) !== 0 &&
      at >= began - 1 &&
      until <= ended,
  ).length;
  const fsyncs = syncs.filter(inBetween);
  assert.equal(commits, batches.size, "a commit is one batch");
  assert.deepEqual(
    fsyncs.map(({ target }) => target.slice(target.lastIndexOf("/") + 1)),
    Array.from(batches, () => "roomful.db-wal"),
    "a batch is one fsync",
  );

  const writes = calls.filter(({ target }) => /^(?:TCP|TCPv6):/.test(target));
  const readers = new Map<string, SystemCall[]>();
  let acknowledgementsChecked = 0;
  const speakerSockets = new Set<string>();
  for (const write of writes) {
    const acknowledged = Array.from(write.bytes.toString("latin1").matchAll(ackPattern), ([, number]) =>
      textOf.get(Number(number)),
    );
    if (acknowledged.length > 0) speakerSockets.add(write.target);
    acknowledgementsChecked += acknowledged.length;
    for (const text of [...messagesIn(write), ...acknowledged]) {
      const sync = durable.get(text ?? "");
      assert.ok(
        sync !== undefined && sync.result === 0 && sync.ended < write.began,
        `${text} is seen too early`,
      );
    }
    if (messagesIn(write).length > 0) {
      readers.set(write.target, [...(readers.get(write.target) ?? []), write]);
    }
  }
  for (const speaker of speakerSockets) readers.delete(speaker);
  assert.equal(readers.size, 2 * readersPerDoor);
  assert.equal(acknowledgementsChecked, messages);
  const releases = releasesOf([...readers.values()][0] ?? [], [...batches.values()]);
  for (const own of readers.values()) {
    // One write for each release, in order, whole, and with nothing of another one in it.
    assert.deepEqual(
      own.map((write) => messagesIn(write).toSorted()),
      releases,
    );
    for (const { bytes, result } of own) assert.equal(result, bytes.length, "the system took it all at once");
  }
  return {
    messages,
    commits,
    fsyncs: fsyncs.length,
    readers: readers.size,
    messageWrites: [...readers.values()].flat().length,
    acknowledgementsChecked,
    largestBatch: Array.from(batches.values(), ({ size }) => size).reduce((one, other) =>
      Math.max(one, other),
    ),
  };
}

/** The messages of each write to a reader, which has to be one batch or two that follow each other. */
function releasesOf(writes: readonly SystemCall[], batches: readonly ReadonlySet<string>[]): string[][] {
  const waiting = [...batches];
  const releases: string[][] = [];
  for (const write of writes) {
    const count = messagesIn(write).length > (waiting[0]?.size ?? 0) ? 2 : 1;
    releases.push(
      waiting
        .splice(0, count)
        .flatMap((batch) => [...batch])
        .toSorted(),
    );
  }
  assert.equal(waiting.length, 0, "each batch was released");
  return releases;
}

function messagesIn({ bytes }: SystemCall): readonly string[] {
  return bytes.toString("latin1").match(messagePattern) ?? [];
}

if (spawnSync("strace", ["-V"]).status !== 0) {
  process.stderr.write("Cannot check the order of writes: strace is missing (apt-get install strace)\n");
  process.exitCode = 1;
} else {
  const figures = await Cleanup.around(checkOrder);
  process.stdout.write(
    `${figures.messages} messages in ${figures.commits} commits (at most ${figures.largestBatch} in one), ` +
      `each with one fsync (${figures.fsyncs} in all)\n` +
      `${figures.readers} readers got each release, of one commit or two, with one write (${figures.messageWrites} in all), ` +
      `${figures.acknowledgementsChecked} acknowledgements; nothing before its fsync had ended\n`,
  );
}

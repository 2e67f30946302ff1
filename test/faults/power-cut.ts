import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";
import { lobby } from "../../src/chat/event.ts";
import { databaseName } from "../../src/storage/data-folder.ts";
import { openSqliteStore } from "../../src/storage/threads.ts";
import { Cleanup, type Undoing } from "../support/cleanup.ts";
import { ServerProcess } from "../support/server-process.ts";
import { readStored } from "../support/stored.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { WebSocketClient } from "../support/websocket-client.ts";

// What a power cut leaves is what the disk was given. Here the disk is a file behind a loop device. The device
// writes to it with direct I/O, so nothing reaches the file but what the file system on the device has written
// out: its dirty pages are missing in the file as they would be on a disk. What this cannot show is a disk that
// loses what it has said to hold: that a flush is really asked of it is the kernel's part of an fsync.

const imageMegabytes = 96;
const burst = 50;
const mostSingle = 5;
/** Set for the program that is started once more in a mount namespace of its own, where mounts end with it. */
const insideArgument = "--inside";

interface Cut {
  readonly acknowledged: number;
  readonly found: number;
  readonly ms: number;
}

/** Cuts the power `cuts` times right after an acknowledgement, and looks at what is left each time. */
async function cutPower(
  undoing: Undoing,
  options: { readonly cuts: number; readonly progress: (cut: Cut) => void },
): Promise<void> {
  const folder = temporaryFolder(undoing);
  const image = join(folder, "disk.img");
  const disk = join(folder, "disk");
  mkdirSync(disk);
  run("truncate", "-s", `${imageMegabytes}M`, image);
  const device = attach(image, undoing);
  run("mkfs.ext4", "-q", device);
  // The file system's own five-second rhythm would write out what nobody asked for, and hide a missing fsync.
  run("mount", "-o", "commit=300", device, disk);
  undoing.after(() => spawnSync("umount", [disk]));
  const server = await ServerProcess.start(undoing, { dataFolder: join(disk, "data") });
  const { client } = await WebSocketClient.enter(server.port, { name: "Sender" });
  const acknowledged = new Map<number, string>();
  let counter = 0;
  const send = async (count: number): Promise<void> => {
    const first = counter + 1;
    for (; counter < first + count - 1; ) {
      counter += 1;
      client.send({ type: "send", counter, to: lobby, kind: "text", text: `message ${counter}` });
    }
    for (let answers = 0; answers < count; answers += 1) {
      const ack = await client.next("ack");
      acknowledged.set(ack.number, `message ${ack.counter}`);
    }
  };
  for (let cut = 1; cut <= options.cuts; cut += 1) {
    // Commits of many and of one message, the last of them just acknowledged.
    await send(burst);
    for (let single = 0; single < 1 + (cut % mostSingle); single += 1) await send(1);
    const start = performance.now();
    server.child.kill("SIGSTOP");
    const copy = join(folder, `cut-${cut}.img`);
    copyAsItIs({ device, image, copy });
    const ms = performance.now() - start;
    server.child.kill("SIGCONT");
    options.progress({
      acknowledged: acknowledged.size,
      found: await lookAt(copy, acknowledged, folder),
      ms,
    });
  }
  client.socket.terminate();
  await server.end("SIGKILL");
}

/** The loop device of an image. Its writes pass by the page cache. */
function attach(image: string, undoing: Undoing): string {
  const device = run("losetup", "--find", "--show", "--direct-io=on", image).trim();
  undoing.after(() => spawnSync("losetup", ["-d", device]));
  const direct = readFileSync(`/sys/block/${basename(device)}/loop/dio`, "utf8").trim();
  assert.equal(direct, "1", "the loop device passes by the page cache");
  return device;
}

/** Copies what the image holds at this moment: again, where the device was written to meanwhile. */
function copyAsItIs(what: { readonly device: string; readonly image: string; readonly copy: string }): void {
  for (;;) {
    const before = writesTo(what.device);
    run("dd", `if=${what.image}`, `of=${what.copy}`, "iflag=direct", "bs=1M", "conv=sparse", "status=none");
    if (writesTo(what.device) === before) return;
  }
}

/** Begun and ended writes and flushes (https://docs.kernel.org/block/stat.html). */
function writesTo(device: string): string {
  const fields = readFileSync(`/sys/block/${basename(device)}/stat`, "utf8")
    .trim()
    .split(/\s+/);
  return [fields[4], fields[8], fields[15]].join();
}

/** Mounts the copy, as after the power came back, and compares. Resolves to how many messages there are. */
async function lookAt(
  copy: string,
  acknowledged: ReadonlyMap<number, string>,
  folder: string,
): Promise<number> {
  const left = join(folder, "left");
  mkdirSync(left, { recursive: true });
  run("mount", "-o", "loop", copy, left);
  try {
    const data = join(left, "data");
    // As a server does that is started again.
    const store = await openSqliteStore(join(data, databaseName));
    await store.close();
    const stored = readStored(data).get(lobby) ?? [];
    for (const [index, { number }] of stored.entries()) assert.equal(number, index + 1, "no holes");
    const lost = [...acknowledged].filter(([number, text]) => stored[number - 1]?.text !== text);
    assert.deepEqual(
      lost.slice(0, 3),
      [],
      `${lost.length} of ${acknowledged.size} acknowledged messages are lost`,
    );
    const database = new DatabaseSync(join(data, databaseName));
    const check = database.prepare("PRAGMA integrity_check").all();
    database.close();
    assert.deepEqual(
      check.map((row) => row["integrity_check"]),
      ["ok"],
    );
    return stored.length;
  } finally {
    run("umount", left);
    run("rm", copy);
  }
}

function run(command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) {
    const why = error?.message ?? stderr.trim();
    throw new Error(`Cannot run "${[command, ...args].join(" ")}": ${why}`);
  }
  return stdout;
}

const { values } = parseArgs({
  options: { cuts: { type: "string", default: "20" }, inside: { type: "boolean", default: false } },
});
if (process.platform !== "linux" || process.getuid?.() !== 0) {
  process.stderr.write("Cannot cut the power: mounting a file system needs Linux and root (try sudo)\n");
  process.exitCode = 1;
} else if (values.inside) {
  const cuts = Number(values.cuts);
  let done = 0;
  await Cleanup.around((cleanup) =>
    cutPower(cleanup, {
      cuts,
      progress: ({ acknowledged, found, ms }) => {
        done += 1;
        process.stdout.write(
          `cut ${done} of ${cuts}, ${ms.toFixed(0)} ms after an acknowledgement: ` +
            `${acknowledged} acknowledged, ${found} found\n`,
        );
      },
    }),
  );
  process.stdout.write("All that was acknowledged was found each time\n");
} else {
  const program = [process.execPath, import.meta.filename, insideArgument, "--cuts", values.cuts];
  const { status, error } = spawnSync("unshare", ["-m", ...program], { stdio: "inherit" });
  if (error !== undefined) process.stderr.write(`Cannot cut the power: ${error.message}\n`);
  process.exitCode = status ?? 1;
}

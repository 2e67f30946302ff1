import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { DataFolderError, openDataFolder } from "./data-folder.ts";

function folderTest(name: string, check: (folder: string) => Promise<void> | void): void {
  test(name, async () => {
    const folder = mkdtempSync(join(tmpdir(), "roomful-folder-"));
    try {
      await check(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

folderTest("the folder and its parents are made for their owner alone", (folder) => {
  const path = join(folder, "a", "b");
  const held = openDataFolder(path);
  assert.equal(held.path, path);
  assert.equal(statSync(join(folder, "a")).mode & 0o777, 0o700);
  assert.equal(statSync(path).mode & 0o777, 0o700);
  assert.equal(statSync(join(path, "lock")).mode & 0o777, 0o600);
  held.release();
  held.release();
});

folderTest("what was there before is closed to others, but not a folder that holds more", (folder) => {
  const modeOf = (name: string): number => statSync(join(folder, name)).mode & 0o777;
  writeFileSync(join(folder, "roomful.db"), "", { mode: 0o644 });
  chmodSync(folder, 0o755);
  openDataFolder(folder).release();
  assert.deepEqual([modeOf("."), modeOf("roomful.db"), modeOf("lock")], [0o700, 0o600, 0o600]);
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, "letter.txt"), "", { mode: 0o644 });
  openDataFolder(folder).release();
  assert.deepEqual([modeOf("."), modeOf("letter.txt")], [0o755, 0o644]);
});

test("where a file system takes no folders, that is said", () => {
  assert.throws(() => openDataFolder("/proc/roomful/data"), {
    name: "DataFolderError",
    message: 'Cannot use --data: "/proc/roomful/data" is not a folder and cannot be made one',
  });
});

folderTest("a folder is held once, until it is released", (folder) => {
  const held = openDataFolder(folder);
  const refusal = {
    name: "DataFolderError",
    message: `Cannot use --data: "${folder}" is in use by another server`,
  };
  assert.throws(() => openDataFolder(folder), refusal);
  assert.throws(() => openDataFolder(folder), refusal);
  held.release();
  openDataFolder(folder).release();
});

folderTest("a file is refused, also where a parent should be", (folder) => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  for (const path of [file, join(file, "below")]) {
    assert.throws(() => openDataFolder(path), {
      name: "DataFolderError",
      message: `Cannot use --data: "${path}" is not a folder and cannot be made one`,
    });
  }
});

test("a folder that cannot be written is refused", () => {
  assert.throws(() => openDataFolder("/proc/self"), {
    name: "DataFolderError",
    message: /^Cannot use --data: "\/proc\/self" cannot be written \(/,
  });
});

folderTest("a folder is free again when its process was killed", async (folder) => {
  const code = `
    import { openDataFolder } from ${JSON.stringify(import.meta.resolve("./data-folder.ts"))};
    openDataFolder(process.argv[1]);
    // A refused attempt must not take the lock from its holder.
    try { openDataFolder(process.argv[1]); } catch { console.log("held"); }
    setInterval(() => globalThis.gc(), 10);`;
  const args = ["--expose-gc", "--input-type=module", "--eval", code, folder];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  try {
    await once(child.stdout, "data");
    assert.throws(() => openDataFolder(folder), DataFolderError);
  } finally {
    child.kill("SIGKILL");
    await exited;
  }
  openDataFolder(folder).release();
});

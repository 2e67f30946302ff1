import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { RawClient } from "./support/raw-client.ts";
import { residentBytes, ServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

/** The beginning of a TLS connection, which is turned away; as much as comes in at once. */
const opening = Buffer.alloc(60_000, 0x16);
opening[1] = 3;

const connections = 1500;

test("connections that are gone are not held in memory until their deadlines", async (t) => {
  const server = await ServerProcess.start(t, { dataFolder: join(temporaryFolder(t), "data") });
  const comeAndGo = async (count: number): Promise<void> => {
    for (let number = 0; number < count; number += 1) await RawClient.exchange(server.port, opening);
  };
  await Promise.all([comeAndGo(100), comeAndGo(100)]);
  const before = residentBytes(server.pid);
  await Promise.all([comeAndGo(connections / 2), comeAndGo(connections / 2)]);
  const grown = residentBytes(server.pid) - before;
  t.diagnostic(`${Math.round(grown / 1024)} KiB more after ${connections} connections`);
  assert.ok(grown < (connections * opening.length) / 2, `grew by ${grown} bytes`);
});

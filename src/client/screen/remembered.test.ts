import assert from "node:assert/strict";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { temporaryFolder } from "../../../test/support/temporary-folder.ts";
import { readVisited, writeVisited } from "./remembered.ts";

test("visits are remembered, the last first, each server once, and readable by nobody else", (t) => {
  const path = join(temporaryFolder(t), "state", "servers.json");
  const seen = { epoch: "e1", number: 7 };
  assert.deepEqual(readVisited(path), []);
  writeVisited(path, { address: "Ann@one:1", seen: undefined, token: "t1" });
  writeVisited(path, { address: "Ann@two:2", seen: undefined, token: undefined });
  writeVisited(path, { address: "Ann@one:1", seen, token: "t2" });
  assert.deepEqual(readVisited(path), [
    { address: "Ann@one:1", seen, token: "t2" },
    { address: "Ann@two:2", seen: undefined, token: undefined },
  ]);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test("a damaged file remembers what is whole in it", (t) => {
  const path = join(temporaryFolder(t), "servers.json");
  writeFileSync(path, '[{"address":"Ann@one:1","seen":{"epoch":1},"token":7},{"seen":1},7,null]');
  assert.deepEqual(readVisited(path), [{ address: "Ann@one:1", seen: undefined, token: undefined }]);
  writeFileSync(path, "{");
  assert.deepEqual(readVisited(path), []);
});

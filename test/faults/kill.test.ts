import assert from "node:assert/strict";
import test from "node:test";
import { killUnderLoad } from "./kill.ts";

test("a server that is killed under load loses, doubles, reorders and changes nothing that anybody saw", async (t) => {
  const report = await killUnderLoad(t, { rounds: 5, progress: (line) => t.diagnostic(line) });
  t.diagnostic(JSON.stringify(report));
  assert.ok(report.acknowledged > 500);
  assert.ok(report.privateMessages > 20);
  assert.ok(report.retries > 0);
});

import assert from "node:assert/strict";
import test from "node:test";
import { HubMetrics } from "./hub-metrics.ts";

test("a transaction of records alone that fails is counted as that, and holds no messages", () => {
  const counted = new HubMetrics();
  counted.committed({ outcomes: [], records: { kind: "stored" } }, 1);
  counted.committed({ outcomes: [], records: { kind: "not-stored", why: "full" } }, 1);
  const commits = counted.samples().filter(({ metric }) => metric === "roomful_commits_total");
  assert.deepEqual(
    commits.map(({ labels, value }) => [labels, value]),
    [
      [{ result: "stored" }, 1],
      [{ result: "full" }, 1],
    ],
  );
  const sizes = counted.samples().find(({ metric }) => metric === "roomful_commit_messages")?.value;
  assert.ok(typeof sizes === "object" && sizes.counts.every((count) => count === 0), JSON.stringify(sizes));
});

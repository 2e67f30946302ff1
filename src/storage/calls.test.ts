import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { MessageChannel } from "node:worker_threads";
import { type Callable, serveCalls } from "./calls.ts";

test("what can wait is done when nothing is asked, in pieces with what is asked between", async () => {
  const { port1: caller, port2: callee } = new MessageChannel();
  const done: string[] = [];
  const finished = new Promise<void>((resolve) => {
    const target: Callable & { ask(): void } = {
      ask: () => done.push("ask"),
      idle: () => done.push("idle"),
      rest: () => {
        done.push("rest");
        const pieces = done.filter((what) => what === "rest").length;
        if (pieces === 1) caller.postMessage({ id: 2, method: "ask", args: [] });
        if (pieces === 20) resolve();
        return pieces < 20;
      },
      close: () => done.push("close"),
    };
    serveCalls(callee, target);
  });
  caller.on("message", () => undefined);
  caller.postMessage({ id: 1, method: "ask", args: [] });
  await finished;
  assert.deepEqual(done.slice(0, 3), ["ask", "idle", "rest"]);
  assert.ok(done.lastIndexOf("ask") < done.lastIndexOf("rest"), "the second one waited for all pieces");
  assert.equal(done.filter((what) => what === "ask").length, 2);
  caller.postMessage({ id: 3, method: "close", args: [] });
  await once(caller, "close");
  assert.equal(done.at(-1), "close");
});

import assert from "node:assert/strict";
import test from "node:test";
import { watchSlow } from "./watch-slow.ts";

/** A second that goes by when the test says so, and a stream that keeps what is written to it. */
function means(isTTY: boolean) {
  let due: (() => void) | undefined;
  const written: string[] = [];
  return {
    written,
    second: () => due?.(),
    what: "Checking",
    clock: {
      after: (_ms: number, action: () => void) => {
        due = action;
        return { cancel: () => (due = undefined) };
      },
    },
    stderr: { isTTY, write: (text: string) => written.push(text) > 0 },
  };
}

test("work that takes less than a second is not spoken of", async () => {
  const own = means(true);
  assert.equal(await watchSlow(Promise.resolve(1), own), 1);
  own.second();
  assert.deepEqual(own.written, []);
});

test("at a terminal each second of slow work takes the place of the one before, and nothing stays", async () => {
  const own = means(true);
  const work = Promise.withResolvers<string>();
  const done = watchSlow(work.promise, own);
  own.second();
  own.second();
  work.resolve("done");
  assert.equal(await done, "done");
  assert.equal(own.written.join(""), "\r\u001b[KChecking: 1 s\r\u001b[KChecking: 2 s\r\u001b[K");
});

test("in a log slow work is a line every ten seconds, also where it fails", async () => {
  const own = means(false);
  const work = Promise.withResolvers<never>();
  const done = watchSlow(work.promise, own);
  for (let second = 0; second < 12; second += 1) own.second();
  work.reject(new Error("failed"));
  await assert.rejects(done, /failed/);
  assert.deepEqual(own.written, ["Checking: 1 s\n", "Checking: 11 s\n"]);
});

import assert from "node:assert/strict";
import test from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { BoundedWork } from "./bounded-work.ts";

/** Pieces of work that end when they are told to, and which of them have begun. */
function pieces() {
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<string>>();
  const piece = (name: string) => (): Promise<string> => {
    begun.push(name);
    const end = Promise.withResolvers<string>();
    ends.set(name, end);
    return end.promise;
  };
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.resolve(name);
    await turn();
  };
  const fail = async (name: string): Promise<void> => {
    ends.get(name)?.reject(new Error(name));
    await turn();
  };
  return { begun, piece, end, fail };
}

test("so much goes on at once, the rest begins in order, and one more than may wait is not taken", async () => {
  const work = new BoundedWork({ atOnce: 2, waiting: 2 });
  const { begun, piece, end } = pieces();
  const results = ["a", "b", "c", "d"].map((name) => work.run(piece(name)));
  assert.deepEqual(begun, ["a", "b"]);
  assert.equal(work.run(piece("e")), undefined);
  await end("b");
  assert.deepEqual(begun, ["a", "b", "c"]);
  const last = work.run(piece("f"));
  assert.equal(work.run(piece("g")), undefined);
  for (const name of ["a", "c", "d", "f"]) await end(name);
  assert.deepEqual(begun, ["a", "b", "c", "d", "f"]);
  assert.deepEqual(await Promise.all([...results, last]), ["a", "b", "c", "d", "f"]);
});

test("what fails hands its place on as well, and when all has ended there is room again", async () => {
  const work = new BoundedWork({ atOnce: 1, waiting: 1 });
  const { begun, piece, end, fail } = pieces();
  const failing = assert.rejects(work.run(piece("a")) ?? Promise.resolve(), /^Error: a$/);
  const waiting = work.run(piece("b"));
  await fail("a");
  await failing;
  assert.deepEqual(begun, ["a", "b"]);
  await end("b");
  assert.equal(await waiting, "b");
  const again = work.run(piece("c"));
  assert.deepEqual(begun, ["a", "b", "c"]);
  await end("c");
  assert.equal(await again, "c");
});

test("where nothing may wait, what comes while something goes on is not taken", async () => {
  const work = new BoundedWork({ atOnce: 1, waiting: 0 });
  const { piece, end } = pieces();
  const first = work.run(piece("a"));
  assert.equal(work.run(piece("b")), undefined);
  await end("a");
  assert.equal(await first, "a");
});

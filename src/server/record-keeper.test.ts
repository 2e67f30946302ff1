import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { type Changed, RecordKeeper } from "./record-keeper.ts";

/** Values under keys: what a server knows, with a keeper that has a store hold the same. Keys with `~` pass. */
class Known {
  readonly values = new Map<string, string>();
  /** What the store has. */
  readonly stored = new Map<string, string>();
  readonly keeper = new RecordKeeper({
    of: (key) => this.values.get(key),
    take: (key, value) => put(this.values, key, value),
    isPassing: (key) => key.startsWith("~"),
  });

  change(changes: Readonly<Record<string, string | undefined>>): Changed {
    return this.keeper.change(Object.keys(changes), () => {
      for (const [key, value] of Object.entries(changes)) put(this.values, key, value);
    });
  }

  /** The store takes it. */
  store({ toStore }: Changed): void {
    for (const { key, value } of toStore) put(this.stored, key, value);
  }
}

function put(values: Map<string, string>, key: string, value: string | undefined): void {
  if (value === undefined) values.delete(key);
  else values.set(key, value);
}

test("what is changed counts at once, and stays where it was stored", () => {
  const known = new Known();
  const changed = known.change({ a: "1" });
  assert.deepEqual(changed.toStore, [{ key: "a", value: "1" }]);
  assert.equal(known.values.get("a"), "1");
  assert.equal(known.keeper.isUnsettled("a"), true);
  known.keeper.settled(changed, true);
  assert.equal(known.values.get("a"), "1");
  assert.equal(known.keeper.isUnsettled("a"), false);
});

test("what could not be stored goes back: made, changed or taken away", () => {
  const known = new Known();
  known.values.set("b", "old").set("c", "old");
  const changed = known.change({ a: "new", b: "new", c: undefined });
  known.keeper.settled(changed, false);
  assert.deepEqual(
    known.values,
    new Map([
      ["b", "old"],
      ["c", "old"],
    ]),
  );
});

test("what passes is not for the store, and goes back with what is", () => {
  const known = new Known();
  known.values.set("~guest", "in");
  const changed = known.change({ room: "2", "~guest": undefined });
  assert.deepEqual(changed.toStore, [{ key: "room", value: "2" }]);
  known.keeper.settled(changed, false);
  assert.deepEqual([...known.values], [["~guest", "in"]]);
});

test("a failure takes nothing back that a later change holds and the store took", () => {
  const known = new Known();
  const first = known.change({ a: "1" });
  const second = known.change({ a: "12" });
  known.keeper.settled(first, false);
  assert.equal(known.values.get("a"), "12", "the later one holds what the earlier one meant to");
  known.keeper.settled(second, true);
  assert.equal(known.values.get("a"), "12");
});

test("where both fail, it is as it was before both", () => {
  const known = new Known();
  known.values.set("a", "0");
  const [first, second] = [known.change({ a: "1" }), known.change({ a: "12" })];
  known.keeper.settled(first, false);
  known.keeper.settled(second, false);
  assert.equal(known.values.get("a"), "0");
});

test("where the later one fails, it is as the earlier one left it", () => {
  const known = new Known();
  const [first, second] = [known.change({ a: "1" }), known.change({ a: "12" })];
  known.keeper.settled(first, true);
  known.keeper.settled(second, false);
  assert.equal(known.values.get("a"), "1");
});

test("what turns out to have been stored after all is taken up again", () => {
  const known = new Known();
  const changed = known.change({ a: "1" });
  known.keeper.settled(changed, false);
  assert.equal(known.values.has("a"), false);
  known.keeper.settled(changed, true);
  assert.equal(known.values.get("a"), "1");
});

test("what turns out to have been stored after all is there when a later change has failed", () => {
  const known = new Known();
  const first = known.change({ a: "1" });
  known.keeper.settled(first, false);
  const second = known.change({ a: "2" });
  known.keeper.settled(first, true);
  assert.equal(known.values.get("a"), "2", "the later one is still under way");
  known.keeper.settled(second, false);
  assert.equal(known.values.get("a"), "1");
});

test("who passed meanwhile is not brought back by what turns out to have been stored", () => {
  const known = new Known();
  const came = known.change({ room: "1", "~guest": "in" });
  known.keeper.settled(came, false);
  known.keeper.settled(came, true);
  assert.deepEqual([...known.values], [["room", "1"]]);
  known.values.set("~guest", "in");
  const voiced = known.change({ room: "2", "~guest": "in, with a voice" });
  known.keeper.settled(voiced, false);
  known.keeper.settled(voiced, true);
  assert.equal(known.values.get("~guest"), "in, with a voice", "who is there still is as it says");
});

test("whatever is stored and fails in order, in the end the server knows what the store has", () => {
  const key = fc.constantFrom("a", "b");
  const value = fc.option(fc.constantFrom("1", "2", "3"), { nil: undefined });
  const step = fc.oneof(
    fc.record({ kind: fc.constant("change" as const), changes: fc.dictionary(key, value, { minKeys: 1 }) }),
    fc.record({ kind: fc.constant("settle" as const), isStored: fc.boolean() }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const known = new Known();
      const pending: Changed[] = [];
      const settle = (isStored: boolean): void => {
        const changed = pending.shift();
        if (changed === undefined) return;
        if (isStored) known.store(changed);
        known.keeper.settled(changed, isStored);
      };
      for (const one of steps) {
        if (one.kind === "change") pending.push(known.change(one.changes));
        else settle(one.isStored);
      }
      while (pending.length > 0) settle(pending.length % 2 === 0);
      assert.deepEqual(known.values, known.stored);
    }),
    { numRuns: 2000 },
  );
});

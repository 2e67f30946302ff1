import assert from "node:assert/strict";
import test from "node:test";
import { Memory, type Store } from "./memory.ts";

function store(): Store & { readonly entries: Map<string, string> } {
  const entries = new Map<string, string>();
  return {
    entries,
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
  };
}

test("what belongs to the person is shared, and what was not sent is the tab's own", () => {
  const shared = store();
  const one = new Memory(shared, store());
  const other = new Memory(shared, store());
  one.name = "Ann";
  one.setToken("Ann", "t");
  one.setDraft("#lobby", "half a");
  one.setSeen({ epoch: "e", heads: { "#lobby": 4 } });
  const send = { type: "send", counter: 7, to: "#lobby", kind: "text", text: "x" } as const;
  one.setUnsent([send]);
  assert.equal(other.name, "Ann");
  assert.equal(other.token("ann"), "t");
  assert.equal(other.draft("#lobby"), "half a");
  assert.deepEqual(other.seen(), { epoch: "e", heads: { "#lobby": 4 } });
  assert.deepEqual(other.unsent(), []);
  assert.deepEqual(one.unsent(), [send]);
});

test("what is empty is not kept", () => {
  const shared = store();
  const own = store();
  const memory = new Memory(shared, own);
  memory.setDraft("#lobby", "x");
  memory.setDraft("#lobby", "");
  memory.setUnsent([]);
  memory.isIn = true;
  memory.isIn = false;
  assert.equal(shared.entries.size + own.entries.size, 0);
});

test("what somebody else put there, or cannot be read, is as if there were nothing", () => {
  const shared = store();
  const own = store();
  const memory = new Memory(shared, own);
  for (const value of ["{", "7", '{"epoch":1}', '{"epoch":"e","heads":{"a":"b"}}', "[1]", "null"]) {
    for (const key of ["name", "theme", "seen"]) shared.entries.set(`roomful.${key}`, value);
    own.entries.set("roomful.unsent", value);
    assert.equal(memory.name, "");
    assert.equal(memory.theme, "auto");
    assert.equal(memory.seen(), undefined);
    assert.deepEqual(memory.unsent(), []);
  }
});

test("a browser that keeps nothing for pages is borne", () => {
  const broken: Store = {
    getItem: () => {
      throw new Error("denied");
    },
    setItem: () => {
      throw new Error("full");
    },
    removeItem: () => undefined,
  };
  const memory = new Memory(broken, broken);
  memory.name = "Ann";
  memory.setUnsent([{ type: "send", counter: 1, to: "#lobby", kind: "text", text: "x" }]);
  assert.equal(memory.name, "");
});

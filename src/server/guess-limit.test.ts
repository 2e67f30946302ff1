import assert from "node:assert/strict";
import test from "node:test";
import { type GuessAllowance, GuessLimit } from "./guess-limit.ts";

const seconds = 1000;
const minutes = 60 * seconds;

/** Both limits with defaults like the server's: five for a pair, and so many for an address that it does not matter. */
function limit({ pair = { free: 5, longestWaitMs: 15 * minutes }, kept = 100 } = {}): GuessLimit {
  return new GuessLimit({ pair, address: { free: 10_000, longestWaitMs: minutes }, kept });
}

/** Guesses as soon as it may, `count` times, all of them wrong; the waits before each, and when the last one was made. */
function guess(
  limits: GuessLimit,
  { count, from = 0, account = "alice", address = "192.0.2.7" }: Guesses,
): { readonly waits: readonly number[]; readonly at: number } {
  let at = from;
  const waits = Array.from({ length: count }, () => {
    const waitMs = limits.take({ account, address }, at);
    if (waitMs === 0) return 0;
    assert.ok(limits.take({ account, address }, at + waitMs - 1) > 0, "it had to wait longer than it need");
    at += waitMs;
    assert.equal(limits.take({ account, address }, at), 0, "what it was told to wait was not enough");
    return waitMs;
  });
  return { waits, at };
}

interface Guesses {
  readonly count: number;
  readonly from?: number;
  readonly account?: string;
  readonly address?: string;
}

// While somebody waits for the longest time altogether, one is forgiven: there a wait is the same once more.
const growing: readonly (readonly [GuessAllowance, readonly number[]])[] = [
  [
    { free: 5, longestWaitMs: 900_000 },
    [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 512, 900, 900],
  ],
  [{ free: 1, longestWaitMs: 3_600_000 }, [0, 1, 2, 4, 8, 16, 32, 64]],
  [{ free: 2, longestWaitMs: 60_000 }, [0, 0, 1, 2, 4, 8, 16, 32, 32, 60, 60, 60]],
  [{ free: 1, longestWaitMs: 1_000 }, [0, 1, 1, 1]],
];

for (const [pair, waits] of growing) {
  test(`after ${pair.free} wrong ones at once the waits grow up to ${pair.longestWaitMs / seconds} s`, () => {
    const expected = waits.map((wait) => wait * seconds);
    assert.deepEqual(guess(limit({ pair }), { count: waits.length }).waits, expected);
  });
}

test("in the long run there is one guess in the longest wait", () => {
  const pair = { free: 5, longestWaitMs: 15 * minutes };
  const limits = limit({ pair });
  const { at } = guess(limits, { count: 30 });
  const { waits } = guess(limits, { count: 100, from: at });
  assert.ok(waits.reduce((sum, wait) => sum + wait, 0) >= 99 * pair.longestWaitMs, waits.join(" "));
});

test("who is told to wait and asks in the meantime does not wait longer for it", () => {
  const limits = limit();
  const { at } = guess(limits, { count: 8 });
  const alice = { account: "alice", address: "192.0.2.7" };
  for (let asked = 0; asked < 1000; asked += 1) assert.ok(limits.take(alice, at + asked) > 0);
  assert.equal(limits.take(alice, at + 8 * seconds), 0);
});

test("wrong guesses at one account from one address make nobody else wait", () => {
  const limits = limit();
  const { at } = guess(limits, { count: 20 });
  const others = [
    { account: "alice", address: "192.0.2.8" },
    { account: "bob", address: "192.0.2.7" },
    { account: "bob", address: "192.0.2.8" },
    { account: "7 alice", address: "192.0.2." },
    { account: "7alice", address: "192.0.2." },
  ];
  for (const other of others)
    assert.deepEqual(guess(limits, { ...other, count: 5, from: at }).waits, [0, 0, 0, 0, 0]);
});

test("many at the same time count before it is known whether they are wrong", () => {
  const limits = limit();
  const alice = { account: "alice", address: "192.0.2.7" };
  const taken = Array.from({ length: 100 }, () => limits.take(alice, 0)).filter((waitMs) => waitMs === 0);
  assert.equal(taken.length, 5);
});

test("a right one does not count, however often", () => {
  const limits = limit();
  const alice = { account: "alice", address: "192.0.2.7" };
  for (let time = 0; time < 1000; time += 1) {
    assert.equal(limits.take(alice, time), 0);
    limits.giveBack(alice, time);
  }
  assert.deepEqual(guess(limits, { count: 6, from: 1000 }).waits, [0, 0, 0, 0, 0, seconds]);
});

test("a right one makes up for none of the wrong ones before it, but waits for nothing more", () => {
  const limits = limit();
  const alice = { account: "alice", address: "192.0.2.7" };
  const { at } = guess(limits, { count: 10 });
  const right = at + 32 * seconds;
  assert.equal(limits.take(alice, right), 0);
  limits.giveBack(alice, right);
  assert.deepEqual(guess(limits, { count: 2, from: right }).waits, [0, 64 * seconds]);
});

const silences: readonly (readonly [name: string, wrong: number, ms: number, waits: readonly number[]])[] = [
  ["just less than the longest wait forgives none", 5, 15 * minutes - 1, [0, 2]],
  ["the longest wait forgives one", 5, 15 * minutes, [0, 1]],
  ["three of them forgive three", 5, 45 * minutes + 1, [0, 0, 0, 1]],
  ["a week forgives all and no more", 5, 7 * 24 * 60 * minutes, [0, 0, 0, 0, 0, 1]],
  ["four hours forgives all, however many they were", 200, 4 * 60 * minutes, [0, 0, 0, 0, 0, 1]],
];

for (const [name, wrong, ms, waits] of silences) {
  test(`after ${wrong} wrong ones a silence of ${name}`, () => {
    const limits = limit();
    const { at } = guess(limits, { count: wrong });
    const expected = waits.map((wait) => wait * seconds);
    assert.deepEqual(guess(limits, { count: waits.length, from: at + ms }).waits, expected);
  });
}

test("an address has its own limit over all accounts, which other addresses do not have a share in", () => {
  const pair = { free: 5, longestWaitMs: 15 * minutes };
  const limits = new GuessLimit({ pair, address: { free: 11, longestWaitMs: 4 * seconds } });
  const at = (account: string, nowMs: number, address = "192.0.2.7") =>
    limits.take({ account, address }, nowMs);
  for (let account = 0; account < 11; account += 1) assert.equal(at(`account${account}`, 0), 0);
  assert.equal(at("another", 0), seconds);
  assert.equal(at("another", 0, "192.0.2.8"), 0);
  assert.equal(at("another", seconds), 0);
  assert.equal(at("third", seconds), 2 * seconds);
  limits.giveBack({ account: "another", address: "192.0.2.7" }, seconds);
  assert.equal(at("third", seconds), 0);
});

test("without limits anything may be guessed at", () => {
  const limits = new GuessLimit({ pair: undefined, address: undefined });
  assert.deepEqual(new Set(guess(limits, { count: 1000 }).waits), new Set([0]));
  limits.giveBack({ account: "alice", address: "192.0.2.7" }, 0);
});

test("with many pairs those with the fewest wrong ones are forgotten, the longest ago first", () => {
  const limits = limit({ kept: 100 });
  guess(limits, { count: 4, account: "old", address: "early" });
  guess(limits, { count: 2, account: "light", address: "early" });
  for (let other = 0; other < 98; other += 1) guess(limits, { count: 3, address: `192.0.2.${other}` });
  // Who is remembered already takes no more room, but guessed last now.
  guess(limits, { count: 1, account: "light", address: "early" });
  // One more than there is room for: a quarter goes.
  guess(limits, { count: 1, account: "new", address: "late" });
  const freeOf = (account: string, address: string) =>
    Array.from({ length: 9 }, () => limits.take({ account, address }, 0)).filter((wait) => wait === 0).length;
  assert.equal(freeOf("alice", "192.0.2.0"), 5);
  assert.equal(freeOf("light", "early"), 2);
  assert.equal(freeOf("alice", "192.0.2.97"), 2);
  assert.equal(freeOf("old", "early"), 1);
});

test("guesses from many addresses do not make a pair be forgotten that waits long", () => {
  const limits = limit({ kept: 100 });
  const alice = { account: "alice", address: "192.0.2.7" };
  const { at } = guess(limits, { count: 13 });
  assert.equal(limits.take(alice, at), 256 * seconds);
  for (let other = 0; other < 10_000; other += 1) {
    guess(limits, { count: 5, from: at, address: `2001:db8:0:${other.toString(16)}::/64` });
  }
  assert.equal(limits.take(alice, at), 256 * seconds);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { said, welcome } from "../../test/client/bench.ts";
import { Order, type Passed } from "./order.ts";

function numbersOf(passed: readonly Passed[]): (number | string)[] {
  return passed.map((what) => {
    if (what.kind === "event") return what.event.number;
    return what.kind === "own" ? `own ${what.number}` : `${what.from}-${what.to}`;
  });
}

function joined(head: number): Order {
  const order = new Order();
  order.begin(welcome({ heads: { "#lobby": head } }), true);
  return order;
}

test("before the first welcome there is no position", () => {
  assert.equal(new Order().position(), undefined);
});

test("the position follows events, pages and own sends", () => {
  const order = joined(3);
  assert.deepEqual(numbersOf(order.event(said(4))), [4]);
  assert.deepEqual(numbersOf(order.own("#lobby", 5)), ["own 5"]);
  assert.deepEqual(numbersOf(order.event(said(8))), []);
  assert.deepEqual(order.position(), { epoch: "e1", heads: { "#lobby": 5 } });
  assert.equal(order.after("#lobby"), 5);
  const page = { type: "page", request: 1, stream: "#lobby", floor: 0, head: 8 } as const;
  assert.deepEqual(numbersOf(order.page({ ...page, events: [said(6), said(7), said(8)] })), [6, 7, 8]);
  assert.equal(order.after("#lobby"), undefined);
});

test("an own send passes behind what is missing before it, and at once where its turn is over", () => {
  const order = joined(3);
  assert.deepEqual(numbersOf(order.own("#lobby", 5)), []);
  assert.deepEqual(numbersOf(order.event(said(4))), [4, "own 5"]);
  assert.deepEqual(numbersOf(order.own("#lobby", 4)), ["own 4"]);
});

test("a page whose floor has passed the hole tells what is gone", () => {
  const order = joined(0);
  order.event(said(9));
  const page = { type: "page", request: 1, stream: "#lobby", floor: 6, head: 9 } as const;
  assert.deepEqual(numbersOf(order.page({ ...page, events: [said(7), said(8), said(9)] })), ["1-6", 7, 8, 9]);
});

test("a page with nothing new ends the asking", () => {
  const order = joined(0);
  order.event(said(3));
  const page = { type: "page", request: 1, stream: "#lobby", floor: 0, head: 3, events: [] } as const;
  assert.deepEqual(numbersOf(order.page(page)), ["1-2", 3]);
  assert.equal(order.after("#lobby"), undefined);
});

test("however many come before their turn, all pass in order in the end", () => {
  const order = joined(0);
  const passed: Passed[] = [];
  for (let number = 2; number <= 1000; number += 1) passed.push(...order.event(said(number)));
  for (
    let after = order.after("#lobby"), asked = 0;
    after !== undefined;
    after = order.after("#lobby"), asked += 1
  ) {
    assert.ok(asked < 10);
    const first = after + 1;
    const events = Array.from({ length: 100 }, (_, index) => said(first + index)).filter(
      (event) => event.number <= 1000,
    );
    passed.push(...order.page({ type: "page", request: 1, stream: "#lobby", floor: 0, head: 1000, events }));
  }
  assert.deepEqual(
    numbersOf(passed),
    Array.from({ length: 1000 }, (_, index) => index + 1),
  );
});

test("a new person's position leaves out the conversations of the one before", () => {
  const order = joined(1);
  order.event(said(1, "psst", { stream: "dm:p1:p2" }));
  order.begin(welcome({ resumed: true, heads: { "#lobby": 1 } }), false);
  assert.deepEqual(order.position()?.heads, { "#lobby": 1 });
});

test("a position names no more streams than a server takes, the room always among them", () => {
  const order = joined(7);
  for (let count = 1; count <= 1500; count += 1) order.event(said(1, "psst", { stream: `dm:p1:p${count}` }));
  const heads = order.position()?.heads ?? {};
  assert.equal(Object.keys(heads).length, 1000);
  assert.equal(heads["#lobby"], 7);
  assert.equal(heads["dm:p1:p1500"], 1);
});

test("a room is of interest from where it was entered until it is left, and what was missed until it is entered again", () => {
  const order = joined(1);
  const talk = (number: number): Parameters<Order["event"]>[0] => said(number, "talk", { stream: "room:d" });
  assert.deepEqual(order.event(talk(1)), []);
  assert.deepEqual(order.behind({ "room:d": 4 }), []);
  order.enter("room:d", 4);
  assert.deepEqual(numbersOf(order.event(talk(5))), [5]);
  order.begin(welcome({ resumed: true, heads: { "#lobby": 1 } }), true);
  assert.deepEqual(order.behind({ "room:d": 8 }), []);
  assert.deepEqual(order.event(talk(8)), []);
  assert.deepEqual(order.position()?.heads, { "#lobby": 1, "room:d": 5 });
  order.enter("room:d", 8);
  assert.deepEqual(order.behind({}), ["room:d"]);
  assert.equal(order.after("room:d"), 5);
  order.leave("room:d");
  assert.deepEqual(
    [order.knows("room:d"), order.after("room:d"), order.gone({ stream: "room:d", from: 1, to: 9 })],
    [false, undefined, []],
  );
});

test("a room that one came into elsewhere meanwhile begins at its head, a conversation with its first message", () => {
  const order = joined(1);
  order.begin(welcome({ resumed: true, heads: { "#lobby": 1, "room:d": 9, "dm:p1:p2": 2 } }), true);
  assert.deepEqual(order.behind({}), ["dm:p1:p2"]);
});

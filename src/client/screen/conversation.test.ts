import assert from "node:assert/strict";
import test from "node:test";
import type { WireEvent } from "../../protocols/websocket/messages.ts";
import { Conversation } from "./conversation.ts";

function said(number: number, text = `text ${number}`): WireEvent {
  const from = { id: "p2", name: "Bob" };
  return { stream: "#lobby", number, id: `m${number}`, at: number, kind: "text", from, text };
}

function send(counter: number, text: string): Parameters<Conversation["acknowledged"]>[0] {
  return { type: "send", counter, to: "#lobby", kind: "text", text };
}

function texts(conversation: Conversation): readonly string[] {
  return conversation.items.map((item) => {
    if (item.kind === "message")
      return `${item.event.text}${item.own === undefined ? "" : ` ${item.own.kind}`}`;
    return item.kind === "note" ? item.text : `+${item.joined.join()} -${item.left.join()} ${item.more}`;
  });
}

test("what waits stands behind what comes, and takes its place when it is stored", () => {
  const conversation = new Conversation();
  conversation.sending(said(0, "mine"), 1);
  conversation.sending(said(0, "mine too"), 2);
  conversation.event(said(1));
  assert.deepEqual(texts(conversation), ["text 1", "mine waiting", "mine too waiting"]);
  conversation.acknowledged(send(1, "mine"), { stream: "#lobby", number: 2, id: "m2", at: 5 });
  conversation.event(said(3));
  conversation.refused(send(2, "mine too"), "no");
  assert.deepEqual(texts(conversation), ["text 1", "mine sent", "text 3", "mine too refused"]);
  const serials = conversation.items.map((item) => item.serial);
  assert.deepEqual(
    serials,
    [...serials].sort((one, other) => one - other),
  );
  assert.equal(conversation.newest(), 3);
  assert.equal(conversation.newest(serials[2]), 2);
  assert.equal(conversation.takeRefused()?.text, "mine too");
  assert.equal(conversation.takeRefused(), undefined);
});

test("older pages come before what is here, once, until there is nothing older", () => {
  const conversation = new Conversation();
  conversation.event(said(5));
  conversation.older({ events: [said(3), said(4), said(5)], floor: 0 }, "p1");
  assert.deepEqual([texts(conversation), conversation.oldest], [["text 3", "text 4", "text 5"], 3]);
  assert.ok(!conversation.complete);
  conversation.older({ events: [said(1), said(2)], floor: 0 }, "p1");
  assert.ok(conversation.complete);
  assert.equal(conversation.indexOf(conversation.items[2]?.serial ?? 0), 2);
});

test("those who come and go one after the other are told of together", () => {
  const conversation = new Conversation();
  conversation.presence({ at: 1, joined: ["Ann"], left: [], count: 1 });
  conversation.presence({ at: 2, joined: [], left: ["Bob"], count: 3 });
  conversation.event(said(1));
  conversation.presence({ at: 3, joined: ["Carl"], left: [], count: 1 });
  assert.deepEqual(texts(conversation), ["+Ann -Bob 2", "text 1", "+Carl - 0"]);
});

test("the oldest are forgotten where there are too many, and can be read again", () => {
  const conversation = new Conversation();
  for (let number = 1; number <= 6000; number += 1) conversation.event(said(number));
  conversation.complete = true;
  conversation.trim(true);
  assert.equal(conversation.items.length, 6000);
  conversation.trim(false);
  assert.equal(conversation.items.length, 2500);
  assert.equal(conversation.oldest, 3501);
  assert.ok(!conversation.complete);
});

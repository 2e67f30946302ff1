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
  const conversation = new Conversation("#lobby");
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

test("what is older comes before what is here, or between it where it belongs", () => {
  const conversation = new Conversation("#lobby");
  conversation.event(said(5));
  conversation.event(said(7));
  const [first, second] = conversation.items.map(({ serial }) => serial);
  conversation.older([said(3), said(4), said(6), said(8)], "p1");
  assert.deepEqual(texts(conversation), ["text 3", "text 4", "text 5", "text 6", "text 7", "text 8"]);
  conversation.older([said(1), { ...said(2), at: 3 }], "p2");
  conversation.event(said(9));
  assert.deepEqual(texts(conversation).slice(0, 3), ["text 1 sent", "text 2 sent", "text 3"]);
  assert.equal(conversation.oldest, 1);
  const serials = conversation.items.map(({ serial }) => serial);
  assert.deepEqual(
    serials,
    [...new Set(serials)].sort((one, other) => one - other),
  );
  assert.deepEqual([serials[4], serials[6]], [first, second], "what is here keeps its serials");
  for (const [index, serial] of serials.entries()) assert.equal(conversation.indexOf(serial), index);
});

test("those who come and go one after the other are told of together", () => {
  const conversation = new Conversation("#lobby");
  conversation.presence({ at: 1, joined: ["Ann"], left: [], count: 1 });
  conversation.presence({ at: 2, joined: [], left: ["Bob"], count: 3 });
  conversation.event(said(1));
  conversation.presence({ at: 3, joined: ["Carl"], left: [], count: 1 });
  assert.deepEqual(texts(conversation), ["+Ann -Bob 2", "text 1", "+Carl - 0"]);
});

test("the oldest are forgotten where there are too many, and can be read again", () => {
  const conversation = new Conversation("#lobby");
  for (let number = 1; number <= 6000; number += 1) conversation.event(said(number));
  conversation.backlog.begin({ "#lobby": 0 }, []);
  conversation.trim(true);
  assert.equal(conversation.items.length, 6000);
  conversation.trim(false);
  assert.equal(conversation.items.length, 2500);
  assert.equal(conversation.oldest, 3501);
  assert.deepEqual(conversation.backlog.wanted(), { stream: "#lobby", before: 3501 });
});

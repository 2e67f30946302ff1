import assert from "node:assert/strict";
import { test } from "node:test";
import { closeBatch, inBatch, labeled, labelOf, openBatch } from "./labels.ts";
import { formatMessage, type OutgoingMessage } from "./message.ts";

const source = "irc.example.com";
const written = (replies: readonly OutgoingMessage[]): readonly string[] =>
  labeled("abc", replies, { reference: "1", source }).map((message) => formatMessage(message).trimEnd());

const reply = (text: string): OutgoingMessage => ({ source, command: "NOTICE", params: ["dan"], text });

test("nothing to answer is acknowledged", () => {
  assert.deepEqual(written([]), ["@label=abc :irc.example.com ACK"]);
});

test("one answer has the label, beside its own tags", () => {
  assert.deepEqual(written([{ ...reply("a"), tags: new Map([["msgid", "m"]]) }]), [
    "@label=abc;msgid=m :irc.example.com NOTICE dan :a",
  ]);
});

test("several answers are a batch that has the label", () => {
  assert.deepEqual(written([reply("a"), reply("b")]), [
    "@label=abc :irc.example.com BATCH +1 labeled-response",
    "@batch=1 :irc.example.com NOTICE dan :a",
    "@batch=1 :irc.example.com NOTICE dan :b",
    ":irc.example.com BATCH -1",
  ]);
});

test("a batch that is the whole answer has the label itself", () => {
  const replies = [openBatch("h", "chathistory", "#a"), inBatch(reply("a"), "h"), closeBatch("h")];
  assert.deepEqual(written(replies), [
    "@label=abc BATCH +h chathistory #a",
    "@batch=h :irc.example.com NOTICE dan :a",
    "BATCH -h",
  ]);
});

test("a batch that is a part of the answer lies within the other", () => {
  const replies = [
    openBatch("h", "chathistory", "#a"),
    inBatch(reply("a"), "h"),
    closeBatch("h"),
    reply("b"),
  ];
  assert.deepEqual(written(replies), [
    "@label=abc :irc.example.com BATCH +1 labeled-response",
    "@batch=1 BATCH +h chathistory #a",
    "@batch=h :irc.example.com NOTICE dan :a",
    "@batch=1 BATCH -h",
    "@batch=1 :irc.example.com NOTICE dan :b",
    ":irc.example.com BATCH -1",
  ]);
});

test("two batches, one after the other, are not one", () => {
  const replies = [openBatch("h", "x"), closeBatch("h"), openBatch("i", "x"), closeBatch("i")];
  assert.equal(written(replies).length, 6);
});

test("a label is text of at most 64 bytes", () => {
  const label = (value: string) => labelOf(new Map([["label", value]]));
  assert.equal(label("a b"), "a b");
  assert.equal(label("ä".repeat(32)), "ä".repeat(32));
  assert.equal(label(`${"ä".repeat(32)}a`), undefined);
  assert.equal(label(""), undefined);
  assert.equal(labelOf(new Map()), undefined);
});

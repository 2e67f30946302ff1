import assert from "node:assert/strict";
import { test } from "node:test";
import { type ChathistoryRequest, type HistoryReference, parseChathistory } from "./chathistory.ts";
import { formatMessage } from "./message.ts";
import { formatStandardReply } from "./standard-replies.ts";

const time = "timestamp=2019-01-04T14:34:17.123Z";
const at = Date.UTC(2019, 0, 4, 14, 34, 17, 123);
const timestamp: HistoryReference = { kind: "timestamp", at };
const id: HistoryReference = { kind: "msgid", id: "a1" };

const requests: readonly (readonly [string, ChathistoryRequest])[] = [
  ["LATEST #a * 50", { kind: "latest", target: "#a", after: undefined, limit: 50 }],
  [`LATEST #a ${time} 50`, { kind: "latest", target: "#a", after: timestamp, limit: 50 }],
  ["latest bob msgid=a1 1", { kind: "latest", target: "bob", after: id, limit: 1 }],
  ["BEFORE #a msgid=a1 20", { kind: "before", target: "#a", reference: id, limit: 20 }],
  [`AFTER #a ${time} 20`, { kind: "after", target: "#a", reference: timestamp, limit: 20 }],
  ["AROUND #a msgid=a1 20", { kind: "around", target: "#a", reference: id, limit: 20 }],
  [`BETWEEN #a msgid=a1 ${time} 20`, { kind: "between", target: "#a", from: id, to: timestamp, limit: 20 }],
  [`TARGETS ${time} ${time} 20`, { kind: "targets", from: at, to: at, limit: 20 }],
  ["LATEST #a * 101", { kind: "latest", target: "#a", after: undefined, limit: 100 }],
  ["LATEST #a * 999999999", { kind: "latest", target: "#a", after: undefined, limit: 100 }],
];

for (const [words, expected] of requests) {
  test(`CHATHISTORY ${words}`, () => {
    assert.deepEqual(parseChathistory(words.split(" "), 100), expected);
  });
}

const failures: readonly (readonly [string, string])[] = [
  ["", ":Insufficient parameters"],
  ["FOO #a * 50", "FOO :Unknown command"],
  ["LATEST", "LATEST :Insufficient parameters"],
  ["LATEST #a *", "LATEST :Insufficient parameters"],
  ["latest #a", "LATEST :Insufficient parameters"],
  ["LATEST #a * 50 60", "LATEST :Too many parameters"],
  ["LATEST #a 2019-01-04T14:34:17.123Z 50", "LATEST 2019-01-04T14:34:17.123Z :Invalid timestamp"],
  ["LATEST #a timestamp=now 50", "LATEST timestamp=now :Invalid timestamp"],
  ["LATEST #a msgid= 50", "LATEST msgid= :Invalid message id"],
  ["LATEST #a * 0", "LATEST 0 :Invalid limit"],
  ["LATEST #a * -1", "LATEST -1 :Invalid limit"],
  ["LATEST #a * 1e3", "LATEST 1e3 :Invalid limit"],
  ["LATEST #a * 9999999999", "LATEST 9999999999 :Invalid limit"],
  ["BEFORE #a * 50", "BEFORE * :Invalid timestamp"],
  ["BETWEEN #a msgid=1 50", "BETWEEN :Insufficient parameters"],
  ["BETWEEN #a msgid=1 x 50", "BETWEEN x :Invalid timestamp"],
  ["BETWEEN #a x msgid=1 50", "BETWEEN x :Invalid timestamp"],
  ["BETWEEN #a msgid=1 msgid=2 x", "BETWEEN x :Invalid limit"],
  [`TARGETS ${time} msgid=1 50`, "TARGETS msgid=1 :Invalid message id"],
  [`TARGETS x ${time} 50`, "TARGETS x :Invalid timestamp"],
  [`TARGETS ${time} ${time} x`, "TARGETS x :Invalid limit"],
  [`TARGETS ${time} ${time}`, "TARGETS :Insufficient parameters"],
  [`TARGETS #a ${time} ${time} 50`, "TARGETS :Too many parameters"],
];

for (const [words, expected] of failures) {
  test(`CHATHISTORY ${words} fails`, () => {
    const reply = parseChathistory(words.split(" "), 100);
    if (reply.kind !== "FAIL") assert.fail();
    const line = formatMessage(formatStandardReply(reply));
    assert.equal(line, `FAIL CHATHISTORY INVALID_PARAMS ${expected}\r\n`);
  });
}

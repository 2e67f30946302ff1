import assert from "node:assert/strict";
import { test } from "node:test";
import { type PlainCredentials, parsePlain } from "./sasl-plain.ts";

const messages: readonly (readonly [string, PlainCredentials | undefined])[] = [
  ["\0tim\0tanstaaftanstaaf", { authorization: "", authentication: "tim", password: "tanstaaftanstaaf" }],
  ["Ursel\0Kurt\0xipj3plmq", { authorization: "Ursel", authentication: "Kurt", password: "xipj3plmq" }],
  [
    "\0b\xc3\xb6b\0p\xc3\xa4ss w\xc3\xb6rd ",
    { authorization: "", authentication: "böb", password: "päss wörd " },
  ],
  ["", undefined],
  ["\0", undefined],
  ["\0\0", undefined],
  ["\0tim", undefined],
  ["\0tim\0", undefined],
  ["\0\0password", undefined],
  ["tim\0password", undefined],
  ["\0tim\0pass\0word", undefined],
  ["\0tim\0pass\xff", undefined],
  ["\xff\0tim\0pass", undefined],
];

for (const [message, expected] of messages) {
  test(`PLAIN ${JSON.stringify(message)}`, () => {
    assert.deepEqual(parsePlain(Buffer.from(message, "latin1")), expected);
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { formatMessage } from "./message.ts";
import { formatStandardReply, type StandardReply } from "./standard-replies.ts";

const replies: readonly (readonly [StandardReply, string])[] = [
  [
    {
      kind: "FAIL",
      command: "ACC",
      code: "REG_INVALID_CALLBACK",
      context: ["REGISTER"],
      description: "Email address is not valid",
    },
    "FAIL ACC REG_INVALID_CALLBACK REGISTER :Email address is not valid",
  ],
  [
    { kind: "WARN", command: "REHASH", code: "CERTS_EXPIRED", context: [], description: "Expired" },
    "WARN REHASH CERTS_EXPIRED :Expired",
  ],
  [
    { kind: "NOTE", command: "*", code: "OPER_MESSAGE", context: [], description: "Hello there" },
    "NOTE * OPER_MESSAGE :Hello there",
  ],
  [
    {
      kind: "FAIL",
      command: "CHATHISTORY",
      code: "INVALID_PARAMS",
      context: ["LATEST", "", "a b", ":c"],
      description: "No",
    },
    "FAIL CHATHISTORY INVALID_PARAMS LATEST * * * :No",
  ],
];

for (const [reply, expected] of replies) {
  test(expected, () => {
    assert.equal(formatMessage(formatStandardReply(reply)), `${expected}\r\n`);
  });
}

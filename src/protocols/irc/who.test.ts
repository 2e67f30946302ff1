import assert from "node:assert/strict";
import { test } from "node:test";
import { formatMessage } from "./message.ts";
import { parseWho, type WhoxRecord, whoFlags, whoxReply } from "./who.ts";

const bob: WhoxRecord = {
  channel: "#ircv3",
  user: "~bob",
  ip: "255.255.255.255",
  host: "example.com",
  server: "irc.example.com",
  nick: "bob",
  flags: "H@",
  idleSeconds: 7,
  account: "robert",
  realname: "Bob B.",
};

function reply(params: readonly string[], record = bob): string | undefined {
  const request = parseWho(params);
  return request.whox && formatMessage(whoxReply("dan", request.whox, record)).trimEnd();
}

const replies: readonly (readonly [string, string])[] = [
  ["%cuhnar", "354 dan #ircv3 ~bob example.com bob robert :Bob B."],
  ["%afnt,42", "354 dan 42 bob H@ robert"],
  [
    "%rodalfnshiuct,999",
    "354 dan 999 #ircv3 ~bob 255.255.255.255 example.com irc.example.com bob H@ 0 7 robert n/a :Bob B.",
  ],
  ["%nnn", "354 dan bob"],
  ["%n%ü?x", "354 dan bob"],
  ["o%n", "354 dan bob"],
  ["%tn", "354 dan 0 bob"],
  ["%tn,1234", "354 dan 0 bob"],
  ["%tn,x", "354 dan 0 bob"],
  ["%r", "354 dan :Bob B."],
];

for (const [options, expected] of replies) {
  test(`WHO bob ${options}`, () => {
    assert.equal(reply(["bob", options]), expected);
  });
}

test("who is not logged in has the account 0", () => {
  assert.equal(reply(["bob", "%na"], { ...bob, account: undefined }), "354 dan bob 0");
});

test("a WHO without fields", () => {
  assert.deepEqual(parseWho(["#a"]), { mask: "#a", operatorsOnly: false, whox: undefined });
  assert.deepEqual(parseWho(["*", "o"]), { mask: "*", operatorsOnly: true, whox: undefined });
  assert.equal(parseWho(["*", "o%n"]).operatorsOnly, true);
  assert.equal(parseWho(["*", "%no"]).operatorsOnly, false);
  assert.equal(parseWho([]).mask, "*");
  assert.equal(parseWho([""]).mask, "*");
});

test("the flags of a person", () => {
  assert.equal(whoFlags({ away: false, operator: false, prefixes: "", bot: false }), "H");
  assert.equal(whoFlags({ away: true, operator: true, prefixes: "@+", bot: true }), "G*@+B");
});

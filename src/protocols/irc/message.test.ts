import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { echoed, formatMessage, type IrcMessage, type OutgoingMessage, parseMessage } from "./message.ts";

/** The parts that were there, as JSON would show them. */
function shown(line: string): unknown {
  const message = parseMessage(line);
  if (typeof message === "string") return message;
  const { tags, source, command, params } = message;
  return [
    ...(tags.size === 0 ? [] : [Object.fromEntries(tags)]),
    ...(source === undefined ? [] : [`:${source}`]),
    command,
    params,
  ];
}

const lines: readonly (readonly [string, unknown])[] = [
  ["PING", ["PING", []]],
  ["ping x", ["PING", ["x"]]],
  ["CAP REQ :sasl message-tags foo", ["CAP", ["REQ", "sasl message-tags foo"]]],
  [":irc.example.com CAP * LIST :", [":irc.example.com", "CAP", ["*", "LIST", ""]]],
  [":dan!d@localhost PRIVMSG #chan :Hey!", [":dan!d@localhost", "PRIVMSG", ["#chan", "Hey!"]]],
  [":dan!d@localhost PRIVMSG #chan Hey!", [":dan!d@localhost", "PRIVMSG", ["#chan", "Hey!"]]],
  [":dan!d@localhost PRIVMSG #chan ::-)", [":dan!d@localhost", "PRIVMSG", ["#chan", ":-)"]]],
  [
    "@id=234AB :dan!d@localhost PRIVMSG #chan :Hey what's up!",
    [{ id: "234AB" }, ":dan!d@localhost", "PRIVMSG", ["#chan", "Hey what's up!"]],
  ],
  ["@a=1   :src   PRIVMSG   #a   b   ", [{ a: "1" }, ":src", "PRIVMSG", ["#a", "b"]]],
  ["  PING  x  ", ["PING", ["x"]]],
  ["PRIVMSG #a :  two  spaces  ", ["PRIVMSG", ["#a", "  two  spaces  "]]],
  ["PRIVMSG #a a:b", ["PRIVMSG", ["#a", "a:b"]]],
  ["PRIVMSG #a\tb :c", ["PRIVMSG", ["#a\tb", "c"]]],
  [
    "MODE #a 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16",
    ["MODE", ["#a", ..."1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16".split(" ")]],
  ],
  ["@ PING", ["PING", []]],
  [": PING", [":", "PING", []]],
  ["001 me :Welcome", ["001", ["me", "Welcome"]]],
  ["straße x", ["STRAßE", ["x"]]],
  ["", "empty"],
  ["   ", "empty"],
  ["@a=1", "no-command"],
  ["@a=1 ", "no-command"],
  [":src", "no-command"],
  ["@a=1 :src  ", "no-command"],
  [":src :x", "no-command"],
  ["PING a\rQUIT", "forbidden-character"],
  ["PING a\nQUIT", "forbidden-character"],
  ["PING a\0b", "forbidden-character"],
  ["@a=\0 PING", "forbidden-character"],
];

for (const [line, expected] of lines) {
  test(`${JSON.stringify(line)} is taken apart`, () => {
    assert.deepEqual(shown(line), expected);
  });
}

const outgoing: readonly (readonly [OutgoingMessage, string])[] = [
  [{ command: "PING" }, "PING"],
  [{ command: "JOIN", source: "a!b@c", params: ["#a"] }, ":a!b@c JOIN #a"],
  [{ command: "PRIVMSG", source: "a!b@c", params: ["#a"], text: "hi" }, ":a!b@c PRIVMSG #a :hi"],
  [{ command: "TOPIC", params: ["#a"], text: "" }, "TOPIC #a :"],
  [{ command: "TOPIC", params: ["#a", ""] }, "TOPIC #a :"],
  [{ command: "PRIVMSG", params: ["#a", "two words"] }, "PRIVMSG #a :two words"],
  [{ command: "PRIVMSG", params: ["#a", ":-)"] }, "PRIVMSG #a ::-)"],
  [{ command: "PRIVMSG", params: ["#a", "one"] }, "PRIVMSG #a one"],
  [
    { command: "TAGMSG", tags: new Map([["+typing", "done"]]), source: "a", params: ["#a"] },
    "@+typing=done :a TAGMSG #a",
  ],
];

for (const [message, expected] of outgoing) {
  test(`${JSON.stringify(expected)} is written`, () => {
    assert.equal(formatMessage(message), `${expected}\r\n`);
  });
}

const unwritable: readonly OutgoingMessage[] = [
  { command: "PRIVMSG", params: ["#a b", "c"] },
  { command: "PRIVMSG", params: ["", "c"] },
  { command: "PRIVMSG", params: [":a", "c"] },
  { command: "PRIVMSG", params: ["a b"], text: "c" },
  { command: "PRIVMSG", params: ["#a"], text: "b\r\nQUIT" },
  { command: "PRIVMSG", params: ["#a"], text: "b\nQUIT" },
  { command: "PRIVMSG", params: ["#a"], text: "b\0c" },
  { command: "PRIVMSG", params: ["#a\r", "b"] },
  { command: "PRIVMSG", source: "a\nb", params: ["#a"] },
  { command: "PRIVMSG", tags: new Map([["a", "\0"]]), params: ["#a"] },
];

for (const message of unwritable) {
  test(`${JSON.stringify(message)} cannot be written`, () => {
    assert.throws(() => formatMessage(message), /^Error: Cannot write the IRC message PRIVMSG: /);
  });
}

test("the error says which parameter it was", () => {
  assert.throws(() => formatMessage({ command: "KICK", params: ["#a", "b c", "d"] }), {
    message: 'Cannot write the IRC message KICK: parameter 2, "b c", can only be the last',
  });
});

test("what cannot be a parameter among others is said back as *", () => {
  for (const param of ["", "a b", ":a", "a\nb"]) assert.equal(echoed(param), "*");
  for (const param of ["a", "a:b", "#ä", "*"]) assert.equal(echoed(param), param);
});

test("whatever is written is read as it was meant", () => {
  const word = fc.stringMatching(/^[^\0\r\n :][^\0\r\n ]*$/);
  const any = fc.stringMatching(/^[^\0\r\n]*$/);
  const message = fc.record({
    tags: fc.array(fc.tuple(fc.stringMatching(/^[a-z]+$/), any)).map((entries) => new Map(entries)),
    source: fc.option(word, { nil: undefined }),
    command: fc.stringMatching(/^[A-Z]{1,9}$/),
    params: fc.array(word, { maxLength: 20 }),
    text: fc.option(any, { nil: undefined }),
  });
  fc.assert(
    fc.property(message, ({ text, ...rest }) => {
      const line = formatMessage({ ...rest, text });
      const read = parseMessage(line.slice(0, -2)) as IrcMessage;
      const params = text === undefined ? rest.params : [...rest.params, text];
      assert.deepEqual({ ...read, tags: new Map(read.tags) }, { ...rest, params });
    }),
  );
});

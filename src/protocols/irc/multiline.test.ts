import assert from "node:assert/strict";
import { test } from "node:test";
import { type IrcMessage, parseMessage } from "./message.ts";
import {
  batchTimeout,
  combinedText,
  MultilineBatch,
  type MultilineMessage,
  openMultiline,
} from "./multiline.ts";
import type { Failure } from "./standard-replies.ts";

const limits = { maxBytes: 20, maxLines: 4 };

function message(line: string): IrcMessage {
  const parsed = parseMessage(line);
  assert.ok(typeof parsed === "object", line);
  return parsed;
}

/** All that was told, in order: the message at the end, or the codes of failures with their context. */
function told(lines: readonly string[]): readonly (MultilineMessage | string)[] {
  const [opening = "", ...rest] = lines;
  const closing = rest.pop() ?? "";
  const batch = openMultiline(message(opening), limits);
  if (!(batch instanceof MultilineBatch)) return [shown(batch)];
  const failures = rest.map((line) => batch.add(message(line)));
  const end = batch.close(message(closing));
  return [...failures, end].flatMap((each): readonly (MultilineMessage | string)[] => {
    if (each === undefined) return [];
    return "lines" in each ? [each] : [shown(each)];
  });
}

function shown({ code, context, description }: Failure): string {
  return [code, ...context, `:${description}`].join(" ");
}

const open = "BATCH +123 draft/multiline #a";
const close = "BATCH -123";
const say = (text: string): string => `@batch=123 PRIVMSG #a :${text}`;
const on = (text: string): string => `@batch=123;draft/multiline-concat PRIVMSG #a :${text}`;

test("the example of the specification", () => {
  const [made] = told([
    "@label=x;+reply=1 BATCH +123 draft/multiline #A",
    say("hello"),
    say(""),
    "@batch=123 privmsg #A :how ",
    on("are you"),
    close,
  ]);
  assert.ok(typeof made === "object");
  assert.equal(made.command, "PRIVMSG");
  assert.equal(made.target, "#A");
  assert.deepEqual([...made.tags.keys()], ["label", "+reply"]);
  assert.deepEqual(made.lines, [
    { text: "hello", concat: false },
    { text: "", concat: false },
    { text: "how ", concat: false },
    { text: "are you", concat: true },
  ]);
  assert.equal(combinedText(made.lines), "hello\n\nhow are you");
});

test("notices make a notice", () => {
  const [made] = told([open, "@batch=123 NOTICE #a :a", close]);
  assert.ok(typeof made === "object");
  assert.equal(made.command, "NOTICE");
});

test("a first line that goes on from nothing is a line", () => {
  const [made] = told([open, on("a"), close]);
  assert.ok(typeof made === "object");
  assert.deepEqual(made.lines, [{ text: "a", concat: false }]);
});

test("line feeds count, and the limits themselves may be reached", () => {
  const [made] = told([open, say("ääää"), say("12345"), on("12345"), say(""), close]);
  assert.ok(typeof made === "object");
  assert.equal(Buffer.byteLength(combinedText(made.lines)), 20);
});

const failures: readonly (readonly [string, readonly string[], string])[] = [
  [
    "too many bytes",
    [open, say("1234567890"), say("1234567890"), close],
    "MULTILINE_MAX_BYTES 20 :Multiline batch max-bytes exceeded",
  ],
  [
    "too many lines",
    [open, say("1"), say("2"), say("3"), say("4"), say("5"), close],
    "MULTILINE_MAX_LINES 4 :Multiline batch max-lines exceeded",
  ],
  [
    "another target",
    [open, "@batch=123 PRIVMSG #b :a", close],
    "MULTILINE_INVALID_TARGET #a #b :Invalid multiline target",
  ],
  [
    "a blank line that goes on",
    [open, say("a"), on(""), close],
    "MULTILINE_INVALID :Invalid multiline batch with concatenated blank line",
  ],
  [
    "only blank lines",
    [open, say(""), say(""), close],
    "MULTILINE_INVALID :Invalid multiline batch with blank lines only",
  ],
  ["no lines", [open, close], "MULTILINE_INVALID :Invalid multiline batch without lines"],
  [
    "a line without text",
    [open, "@batch=123 PRIVMSG #a", close],
    "MULTILINE_INVALID :Invalid multiline batch with a line without text",
  ],
  [
    "messages and notices",
    [open, say("a"), "@batch=123 NOTICE #a :b", close],
    "MULTILINE_INVALID :Invalid multiline batch of messages and notices",
  ],
  [
    "another command",
    [open, say("a"), "@batch=123 JOIN #a", close],
    "MULTILINE_INVALID :Only messages can be in a multiline batch",
  ],
  ["a line of no batch", [open, "PRIVMSG #a :a", close], "MULTILINE_INVALID :Another batch is open"],
  [
    "a line of another batch",
    [open, "@batch=124 PRIVMSG #a :a", close],
    "MULTILINE_INVALID :Another batch is open",
  ],
  ["the end of another batch", [open, say("a"), "BATCH -124"], "MULTILINE_INVALID :Another batch is open"],
  [
    "a reference that is none",
    ["BATCH +a_b draft/multiline #a", close],
    "MULTILINE_INVALID :Invalid batch reference",
  ],
  ["an end without a beginning", ["BATCH -123", close], "MULTILINE_INVALID :Invalid batch reference"],
  ["another type", ["BATCH +123 netsplit #a", close], "MULTILINE_INVALID :Unknown batch type"],
  ["no target", ["BATCH +123 draft/multiline", close], "MULTILINE_INVALID :Missing batch target"],
  ["a batch within a batch", [`@batch=1 ${open}`, close], "MULTILINE_INVALID :Batches cannot be nested"],
];

for (const [behaviour, lines, expected] of failures) {
  test(`${behaviour} fails, and is told once`, () => {
    assert.deepEqual(told(lines), [expected]);
  });
}

test("what comes after a failure is passed over", () => {
  assert.deepEqual(told([open, "JOIN #a", say("a"), "JOIN #b", close]), [
    "MULTILINE_INVALID :Only messages can be in a multiline batch",
  ]);
});

test("a batch that is left open", () => {
  assert.equal(
    shown(batchTimeout("123")),
    "TIMEOUT 123 :The batch was left open for too long. Nothing of it was delivered",
  );
});

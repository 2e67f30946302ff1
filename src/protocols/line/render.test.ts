import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { findCommand } from "./commands.ts";
import {
  clockTime,
  closingLine,
  dayOf,
  errorLine,
  eventLine,
  joined,
  left,
  oneLine,
  onlineList,
  refusalLine,
  type ShownEvent,
  systemLine,
  unfinishedLine,
  unknownCommandLine,
  usageLine,
  welcome,
} from "./render.ts";

const rule = "==================================================";
const at = new Date(2026, 10, 23, 14, 30, 15, 250).getTime();
const alice = { id: "a", name: "Alice" };
const bob = { id: "b", name: "Bob" };
const said: ShownEvent = { number: 1, at, kind: "text", from: alice, to: undefined, text: "Hello Bob!" };

test("the time is local, with 24 hours, and turns with the second", () => {
  assert.equal(clockTime(at), "[14:30:15]");
  assert.equal(clockTime(at + 749), "[14:30:15]");
  assert.equal(clockTime(at + 750), "[14:30:16]");
  assert.equal(clockTime(at - 251), "[14:30:14]");
  assert.equal(clockTime(new Date(2026, 0, 2, 3, 4, 5).getTime()), "[03:04:05]");
  assert.equal(clockTime(new Date(2026, 0, 2, 0, 0, 0).getTime()), "[00:00:00]");
});

test("a day has its name", () => {
  assert.equal(dayOf(at), "Monday 23 November 2026");
  assert.equal(dayOf(new Date(2026, 10, 22, 23, 59, 59, 999).getTime()), "Sunday 22 November 2026");
  assert.equal(dayOf(new Date(2027, 0, 2).getTime()), "Saturday 2 January 2027");
});

test("the welcome", () => {
  assert.equal(
    welcome("Alice"),
    `${rule}\nWelcome to the chat server, Alice!\nType '/help' for commands\n${rule}\n\n`,
  );
});

test("the online list", () => {
  assert.equal(
    onlineList({ count: 2, names: ["Alice", "Bob"] }),
    `${rule}\nOnline Users (2): Alice, Bob\n${rule}\n`,
  );
});

test("an online list that is not whole says how many more there are", () => {
  const names = Array.from({ length: 100 }, (_, index) => `u${index}`);
  const [, line] = onlineList({ count: 1012, names }).split("\n");
  assert.equal(line, `Online Users (1012): ${names.join(", ")} … and 912 more`);
});

test("joining and leaving, alone or with others", () => {
  const told = (...names: string[]) => ({ names, count: names.length });
  assert.equal(joined(at, told("Bob")), "[14:30:15] [SYSTEM] Bob has joined the chat\n");
  assert.equal(left(at, told("Bob")), "[14:30:15] [SYSTEM] Bob has left the chat\n");
  assert.equal(joined(at, told("Bob", "Carl")), "[14:30:15] [SYSTEM] Bob and Carl have joined the chat\n");
  assert.equal(
    left(at, told("Bob", "Carl", "Dan")),
    "[14:30:15] [SYSTEM] Bob, Carl and 1 other have left the chat\n",
  );
  assert.equal(
    joined(at, { names: ["Bob", "Carl", "Dan"], count: 39 }),
    "[14:30:15] [SYSTEM] Bob, Carl and 37 others have joined the chat\n",
  );
  assert.equal(
    joined(at, { names: ["Bob"], count: 2 }),
    "[14:30:15] [SYSTEM] Bob and 1 other have joined the chat\n",
  );
  assert.equal(joined(at, { names: [], count: 7 }), "[14:30:15] [SYSTEM] 7 people have joined the chat\n");
});

test("what is said in the room", () => {
  assert.equal(eventLine(said), "[14:30:15] Alice: Hello Bob!\n");
  assert.equal(eventLine({ ...said, kind: "action", text: "waves" }), "[14:30:15] * Alice waves\n");
  assert.equal(eventLine({ ...said, kind: "announcement" }), "[14:30:15] [SYSTEM] Hello Bob!\n");
});

test("a private message says whom it is from, and to its sender whom it went to", () => {
  const event = { ...said, to: bob };
  assert.equal(eventLine(event, { reader: "b" }), "[14:30:15] [PM from Alice] Hello Bob!\n");
  assert.equal(eventLine(event, { reader: "a" }), "[14:30:15] [PM to Bob] Hello Bob!\n");
  assert.equal(
    eventLine({ ...event, kind: "action", text: "waves" }, { reader: "b" }),
    "[14:30:15] [PM from Alice] * Alice waves\n",
  );
});

test("refusals and errors", () => {
  assert.equal(
    refusalLine(at, { reason: "not-online", name: "Zed" }),
    "[14:30:15] [ERROR] User 'Zed' is not online\n",
  );
  assert.equal(usageLine(at, "pm"), "[14:30:15] [ERROR] Usage: /pm <username> <message>\n");
  assert.equal(usageLine(at, "quit"), `[14:30:15] [ERROR] Usage: ${findCommand("quit")?.usage}\n`);
  assert.equal(
    unknownCommandLine(at, "foo"),
    "[14:30:15] [ERROR] Unknown command: /foo. Type '/help' for commands\n",
  );
  assert.match(unfinishedLine(at), /^\[14:30:15\] \[ERROR\] .*not delivered\n$/);
  assert.match(closingLine(at, "names-refused"), /^\[14:30:15\] \[ERROR\] .*\n$/);
});

test("closings: what was to be is told by the system, what went wrong is an error", () => {
  assert.equal(closingLine(at, "shutdown"), "[14:30:15] [SYSTEM] Server is shutting down\n");
  assert.equal(
    closingLine(at, "kicked", "spam"),
    "[14:30:15] [SYSTEM] You were removed from the chat: spam\n",
  );
  assert.match(closingLine(at, "login-timeout"), /^\[14:30:15\] \[ERROR\] No username /);
});

test("each line of a message of several is shown as one of its author's", () => {
  const event: ShownEvent = {
    number: 1,
    at,
    kind: "text",
    from: { id: "a", name: "Ann" },
    text: "one\n\ntwo",
  };
  const time = eventLine(event).slice(0, 10);
  assert.equal(eventLine(event), `${time} Ann: one\n${time} Ann: two\n`);
  assert.equal(eventLine({ ...event, text: "\n\n" }), `${time} Ann: \n`);
});

test("whatever somebody writes, a line is one line and moves no cursor", () => {
  const hostile = fc.string({
    unit: fc.oneof(fc.constantFrom("\n", "\r", "\x1b", "\0", "\u2028", "\x9b", "\u202e", "a"), fc.string()),
  });
  const kind = fc.constantFrom("text" as const, "action" as const, "announcement" as const);
  fc.assert(
    fc.property(hostile, hostile, kind, (name, text, how) => {
      const names = [name, text, name];
      const event: ShownEvent = { number: 1, at, kind: how, from: { id: "a", name }, text };
      const lines = [
        ...linesOf(eventLine(event)),
        ...linesOf(eventLine({ ...event, to: { id: "b", name: text } }, { reader: "a" })),
        joined(at, { names, count: 9 }),
        systemLine(at, text),
        errorLine(at, text),
        unknownCommandLine(at, text),
        refusalLine(at, { reason: "name-look-alike", name, holder: text }),
        closingLine(at, "kicked", text),
        oneLine(text),
      ];
      for (const line of lines)
        assert.match(line, /^[^\0-\x08\x0a-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]*\n$/);
      assert.equal(welcome(name).split("\n").length, 6);
      assert.equal(onlineList({ count: 9, names }).split("\n").length, 4);
    }),
  );
});

/** The lines of what is shown of a message, of which there is at least one, each as one that begins with its time. */
function linesOf(shown: string): readonly string[] {
  const lines = shown.split(/(?<=\n)/);
  for (const line of lines) assert.match(line, /^\[\d\d:\d\d:\d\d\] /);
  return lines;
}

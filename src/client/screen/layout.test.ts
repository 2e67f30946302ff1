import assert from "node:assert/strict";
import test from "node:test";
import { said } from "../../../test/client/bench.ts";
import { Conversation } from "../state/conversation.ts";
import { columnsOf } from "./cells.ts";
import { Layout, type LayoutOptions } from "./layout.ts";

/** Shows which role a piece has. */
const theme: LayoutOptions["theme"] = {
  paint: (role, text) => (["mention", "found", "private"].includes(role) ? `{${role}:${text}}` : text),
  person: (_name, text) => text,
  formatted: (style, text, role) => {
    const names = Object.entries(style).flatMap(([name, value]) => (value === true ? [name] : []));
    const looks = [role ?? [], names].flat().join("+");
    return looks === "" ? text : `{${looks}:${text}}`;
  },
};

function rowsOf(conversation: Conversation, changes: Partial<LayoutOptions> = {}): readonly string[] {
  const layout = new Layout({
    width: 60,
    nameWidth: 8,
    theme,
    me: { id: "p1", name: "Alice" },
    live: true,
    needle: "",
    markAbove: undefined,
    chosen: undefined,
    find: (id) => conversation.find(id),
    ...changes,
  });
  const { items } = conversation;
  const rows = items.flatMap((item, index) => layout.rows(item, items[index - 1]));
  // Times are of the machine's own zone.
  return rows.filter((row) => !row.startsWith("─")).map((row) => row.replace(/\d\d:\d\d/, "TT:TT"));
}

const hour = 3_600_000;

test("what one person says within some minutes has one name, and a reply says to what", () => {
  const conversation = new Conversation();
  conversation.event(said(1, "one", { at: 0 }));
  conversation.event(said(2, "two", { at: 1000 }));
  conversation.event(said(3, "three", { at: hour }));
  conversation.event(
    said(4, "four", { at: hour, from: { id: "p9", name: "a very long name" }, replyTo: "m1" }),
  );
  conversation.event(said(5, "five", { at: hour, replyTo: "m99" }));
  assert.deepEqual(rowsOf(conversation), [
    "TT:TT      Bob  │ one",
    "                │ two",
    "TT:TT      Bob  │ three",
    "TT:TT a very …  │ ↳ Bob: one",
    "                │ four",
    "TT:TT      Bob  │ ↳ an earlier message",
    "                │ five",
  ]);
});

test("mentions, private messages and what is searched for look different", () => {
  const conversation = new Conversation();
  conversation.event(said(1, "hey alice"));
  conversation.event(said(1, "psst", { stream: "dm:p1:p2", to: { id: "p1", name: "Alice" } }));
  assert.deepEqual(rowsOf(conversation), [
    "TT:TT      Bob  {mention:┃} {mention:hey alice}",
    "TT:TT      Bob  │ {private:(to you) psst}",
  ]);
  assert.ok(rowsOf(conversation, { needle: "ali" })[0]?.endsWith("hey {found:ali}ce"));
});

test("what is written from right to left is closed, and rows are never too wide", () => {
  const conversation = new Conversation();
  conversation.event(said(1, "שלום לך"));
  for (const text of ["漢字".repeat(60), "word ".repeat(50), "👩‍👩‍👧‍👦".repeat(40), "e\u0301".repeat(200)]) {
    conversation.event(said(2, text));
  }
  assert.ok(rowsOf(conversation)[0]?.endsWith("שלום לך\u200E"));
  for (const width of [10, 20, 49, 50, 60, 120]) {
    for (const row of rowsOf(conversation, { width })) assert.ok(columnsOf(row) <= width, `${width}: ${row}`);
  }
});

test("a message of several lines is shown in its lines, and one that is taken back is not shown", () => {
  const conversation = new Conversation();
  conversation.event(said(1, "one\n\n\x02two", { at: 0 }));
  conversation.event(said(2, "secret", { at: 1000 }));
  conversation.event(said(3, "oops", { at: 2000, kind: "removal", replyTo: said(2, "").id }));
  const rows = rowsOf(conversation).map((row) => row.split("│ ")[1]);
  assert.deepEqual(rows, ["one", "", "{bold:two}", "message removed", "Bob removed a message: oops"]);
  assert.equal(conversation.find(said(2, "").id)?.text, "");
});

test("a reaction is shown as what happened, and a signal that is none is not", () => {
  const conversation = new Conversation();
  conversation.event(said(1, "hello", { at: 0 }));
  conversation.event(said(2, "👍", { at: 1000, kind: "signal", replyTo: said(1, "").id }));
  conversation.event(said(3, "", { at: 2000, kind: "signal" }));
  const rows = rowsOf(conversation);
  assert.equal(rows.length, 2, rows.join("\n"));
  assert.match(rows[1] ?? "", /Bob reacted: 👍/);
});

test("a text is shown as it is formatted, in rows as long as its letters, mentions and what is found as well", () => {
  const conversation = new Conversation();
  const text = "\x02\x0304Alice\x03, see \x1Fthe quick brown fox\x1F jump over the lazy dog";
  conversation.event(said(1, text, { at: 0 }));
  const texts = (changes: Partial<LayoutOptions> = {}): (string | undefined)[] =>
    rowsOf(conversation, { width: 50, nameWidth: 12, ...changes }).map((row) => row.split(/│ |┃} /)[1]);
  assert.deepEqual(texts(), [
    "{mention+bold:Alice}{mention+bold:, see }{mention+bold+underline:the quick brown}",
    "{mention+bold+underline:fox}{mention+bold: jump over the lazy dog}",
  ]);
  assert.deepEqual(texts({ needle: "see the q" }), [
    "{bold:Alice}{bold:, }{found:see the q}{bold+underline:uick brown}",
    "{mention+bold+underline:fox}{mention+bold: jump over the lazy dog}",
  ]);
});

test("of a formatted text from right to left the last piece is closed", () => {
  const conversation = new Conversation();
  conversation.event(said(1, "\x02שלום\x02 לך"));
  assert.ok(rowsOf(conversation)[0]?.endsWith("{bold:שלום} לך\u200E"));
});

test("actions, private messages, topics and why somebody was removed are formatted too", () => {
  const conversation = new Conversation();
  const me = { id: "p1", name: "Alice" };
  conversation.event(said(1, "\x02waves", { kind: "action" }));
  conversation.event(said(1, "\x02psst", { stream: "dm:p1:p2", to: me }));
  conversation.event(said(2, "\x02Roses", { kind: "topic" }));
  conversation.event(said(3, "\x02noise", { kind: "kick", to: { id: "p3", name: "Carl" } }));
  assert.deepEqual(
    rowsOf(conversation).map((row) => row.split("│ ")[1]),
    [
      "Bob {bold:waves}",
      "{private:(to you) }{private+bold:psst}",
      "Bob set the topic: {notice+bold:Roses}",
      "Bob removed Carl: {notice+bold:noise}",
    ],
  );
});

test("of lines that are empty one stays between others, and a reply to several shows them on one line", () => {
  const conversation = new Conversation();
  conversation.event(said(1, "\n \n  if (x) {\n\n\n    y();\n  }\n", { at: 0 }));
  conversation.event(said(2, "yes", { at: 0, replyTo: "m1" }));
  const rows = rowsOf(conversation).map((row) => row.split("│ ")[1]);
  assert.deepEqual(rows, ["  if (x) {", "", "    y();", "  }", "↳ Bob:   if (x) { /     y(); /   }", "yes"]);
});

test("words of the client's own stand in as many rows as they have lines, with the time once", () => {
  const conversation = new Conversation();
  conversation.note(0, "Bob (Bob!client@host)\nA guest\n");
  assert.deepEqual(rowsOf(conversation), [
    "TT:TT        *  │ Bob (Bob!client@host)",
    "                │ A guest",
  ]);
});

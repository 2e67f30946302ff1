import assert from "node:assert/strict";
import { test } from "node:test";
import { printable } from "../../src/chat/text.ts";
import { said } from "./bench.ts";
import { enterScreen, inputOf } from "./screen-people.ts";

const codes = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => String.fromCharCode(from + index));

/** Whatever could move a cursor, end a line, set a colour or a title, or turn the direction of writing. */
const hostile: readonly string[] = [
  ...codes(0, 31),
  ...codes(0x7f, 0x9f),
  ...Array.from("\u2028\u2029\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069\uFEFF"),
  "\u001b[2J",
  "\u001b[1;1Hforged",
  "\u001b]0;title\u0007",
  "\u001b]52;c;Z290Y2hh\u0007",
  "\u001bP1;2|\u001b\\",
  "\u009b31m",
  "\u001b[?1049l",
  "\u001b[6n",
  "\u000304,08colour\u0003",
  "a\r\nb",
  "\b\b\b\b",
  "\uD800",
  `a${"\u0301".repeat(200)}`,
];

/** What is left of the output when the sequences of the client's own are taken out. */
function withoutOwn(raw: string): string {
  return raw
    .replaceAll(/\u001b\[[?\d;]*[A-Za-z]/g, "")
    .replaceAll(/\u001b\](?:2|9);[^\u0007\u001b]*\u0007/g, "")
    .replaceAll("\u001b]11;?\u001b\\", "")
    .replaceAll("\r\n", "");
}

test("nothing that anybody says, is called or lets the server say moves the cursor", async (t) => {
  const [server, terminal] = await enterScreen(t, { columns: 100, rows: 30 });
  const { length } = terminal.raw;
  for (const [index, text] of hostile.entries()) {
    const shown = `<${index}> Alice ${text}|`;
    server.stored += 1;
    const from = { id: `p-${index}`, name: `N${text}` };
    const replyTo = server.stored > 1 ? { replyTo: `m${server.stored - 1}` } : {};
    const kind = index % 2 === 0 ? "text" : "action";
    server.say({ type: "event", event: said(server.stored, shown, { from, kind, ...replyTo }) });
    server.say({ type: "joined", at: 1000, people: [{ id: `q-${index}`, name: `J${text}` }], count: 1 });
    await terminal.shows(`<${index}> Alice`);
  }
  server.somebodySays("the end");
  await terminal.shows("│ the end");
  const raw = terminal.raw.slice(length);
  assert.doesNotMatch(withoutOwn(raw), /[\0-\x1F\x7F-\x9F\u2028-\u202E\u2066-\u2069\uFEFF]/);
  for (const forged of ["\u001b[6n", "\u001b[?1049l", "\u001b[1;1Hforged", "\u001b]52", "\u001b]0;"]) {
    assert.ok(!raw.includes(forged), JSON.stringify(forged));
  }
  assert.ok(raw.includes(printable("\u001b]52;c;Z290Y2hh\u0007|")), "it is shown as what it is");
  assert.match(terminal.rows[0] ?? "", /│ Here \(\d+\)$/);
  assert.match(terminal.rows[28] ?? "", /^ ● connected/);
  assert.equal(terminal.rows[29], "Alice>");
});

test("what is pasted moves no cursor either, and a refusal is only words", async (t) => {
  const [server, terminal] = await enterScreen(t, { columns: 100, rows: 30 });
  server.acknowledges = false;
  const { length } = terminal.raw;
  terminal.type("\u001b[200~\u001b[2J\u001b]0;x\u0007\u009b1m\u202E end\u001b[201~");
  await terminal.until(() => inputOf(terminal).endsWith("end"));
  terminal.type("\r");
  await server.hears((message) => message.type === "send");
  const counter = server.heard.find((message) => message.type === "send")?.counter ?? 0;
  const text = "No: \u001b[2J\u001b[1;1Hforged";
  server.say({ type: "refused", reason: "text-too-long", text, counter });
  await terminal.shows("not sent: No: \uFFFD[2J\uFFFD[1;1Hforged");
  server.say({ type: "refused", reason: "text-too-long", text: "Why \u001b[2Jnot" });
  await terminal.shows("Why \uFFFD[2Jnot");
  assert.doesNotMatch(withoutOwn(terminal.raw.slice(length)), /[\0-\x1F\x7F-\x9F\u202E]/);
  assert.equal(terminal.rows.length, 30);
});

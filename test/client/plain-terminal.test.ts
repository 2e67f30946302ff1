import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { ScriptedServer } from "./scripted-server.ts";
import { Terminal, type TerminalOptions } from "./terminal.ts";

const runner = join(import.meta.dirname, "join.ts");

async function enter(
  context: TestContext,
  options: TerminalOptions = {},
): Promise<[ScriptedServer, Terminal]> {
  const server = await ScriptedServer.start(context);
  const terminal = new Terminal(
    context,
    [process.execPath, runner, `Alice@127.0.0.1:${server.port}`],
    options,
  );
  await terminal.until(({ rows }) => rows.at(-1) === "You:");
  return [server, terminal];
}

function timeless(rows: readonly string[]): string[] {
  return rows.map((row) => row.replace(/^\[\d\d:\d\d:\d\d\]/, "T"));
}

test("the first visit reads as promised", async (t) => {
  const server = await ScriptedServer.start(t);
  const terminal = new Terminal(t, [process.execPath, runner, `127.0.0.1:${server.port}`]);
  await terminal.shows("Enter your username:");
  await terminal.until(({ cursor }) => cursor.row === 0 && cursor.column === "Enter your username: ".length);
  terminal.type("Alice\r");
  await terminal.until(({ rows }) => rows.at(-1) === "You:");
  terminal.type("Hello Bob!\r");
  await server.hears((message) => message.type === "send");
  server.somebodySays("Hi Alice! How are you?");
  await terminal.shows("How are you?");
  terminal.type("/pm Bob This is private\r");
  await terminal.shows("[PM to Bob]");
  terminal.type("/list now then\r/foo\r");
  await terminal.shows("Unknown command");
  const rule = "=".repeat(50);
  await terminal.until(({ rows }) => rows.at(-1) === "You:");
  assert.deepEqual(timeless(terminal.rows), [
    "Enter your username: Alice",
    `Connecting to server at 127.0.0.1:${server.port}...`,
    "✓ Connected successfully!",
    "",
    rule,
    "Welcome to the chat server, Alice!",
    "Type '/help' for commands",
    rule,
    "",
    rule,
    "Online Users (1): Alice",
    rule,
    "You: Hello Bob!",
    "T Bob: Hi Alice! How are you?",
    "You: /pm Bob This is private",
    "T [PM to Bob] This is private",
    "You: /list now then",
    "T [ERROR] Usage: /list [beginning]",
    "You: /foo",
    "T [ERROR] Unknown command: /foo. Type '/help' for commands",
    "You:",
  ]);
});

const halfTyped: readonly (readonly [string, string, readonly string[]])[] = [
  ["one row", "half a thought", ["You: half a thought"]],
  ["several rows", "x".repeat(100), [`You: ${"x".repeat(35)}`, "x".repeat(40), "x".repeat(25)]],
  ["a full row", "x".repeat(35), [`You: ${"x".repeat(35)}`]],
  // 35 columns are left, so the eighteenth wide character begins a row and leaves a column empty.
  ["wide characters", "漢".repeat(30), [`You: ${"漢".repeat(17)}`, "漢".repeat(13)]],
  ["emoji", "😀".repeat(40), [`You: ${"😀".repeat(17)}`, "😀".repeat(20), "😀".repeat(3)]],
];

for (const [what, typed, shown] of halfTyped) {
  test(`a line that is being typed is not torn by arriving ones: ${what}`, async (t) => {
    const [server, terminal] = await enter(t, { columns: 40 });
    const before = terminal.rows.slice(0, -1);
    terminal.type(typed);
    await terminal.until(({ rows }) => rows.slice(before.length).join("\n").startsWith(shown.join("\n")));
    const said = ["short", `long ${"y".repeat(60)}`, "漢字 😀 end", "\u001b[2J\u001b[Hgotcha"];
    for (const text of said) server.somebodySays(text);
    await terminal.until(({ rows }) => rows.some((row) => row.includes("gotcha")));
    await terminal.until(({ rows }) => rows.slice(-shown.length).join("\n") === shown.join("\n"));
    const rows = timeless(terminal.rows);
    assert.deepEqual(rows.slice(0, before.length), before);
    assert.deepEqual(rows.slice(before.length), [
      "T Bob: short",
      `T Bob: long ${"y".repeat(19)}`,
      "y".repeat(40),
      "y",
      "T Bob: 漢字 😀 end",
      "T Bob: \uFFFD[2J\uFFFD[Hgotcha",
      ...shown,
    ]);
    terminal.type("!\r");
    await server.hears((message) => message.type === "send");
    assert.deepEqual(server.texts, [`${typed}!`]);
  });
}

test("the cursor stays where it was inside the line", async (t) => {
  const [server, terminal] = await enter(t, { columns: 40 });
  const typed = `${"漢".repeat(20)}${"x".repeat(50)}`;
  terminal.type(typed);
  await terminal.until(({ rows }) => rows.at(-1)?.endsWith("x") === true);
  terminal.type("\u001b[D".repeat(60));
  // Ten wide characters after the prompt, on the first of the line's rows.
  await terminal.until(
    ({ cursor, rows }) => cursor.column === 25 && rows[cursor.row]?.startsWith("You:") === true,
  );
  const { row } = terminal.cursor;
  server.somebodySays("in between");
  await terminal.until(
    ({ cursor, rows }) =>
      cursor.row === row + 1 && cursor.column === 25 && rows.at(-1)?.endsWith("x") === true,
  );
  terminal.type("|\r");
  await server.hears((message) => message.type === "send");
  assert.deepEqual(server.texts, [`${"漢".repeat(10)}|${"漢".repeat(10)}${"x".repeat(50)}`]);
});

test("after a change of size nothing that was said is lost, and the line is whole", async (t) => {
  const [server, terminal] = await enter(t, { columns: 80 });
  const typed = "abcdefghij".repeat(9);
  terminal.type(typed);
  await terminal.until(({ rows }) => rows.at(-1)?.endsWith("j") === true);
  server.somebodySays("at eighty");
  await terminal.shows("at eighty");
  for (const [columns, text] of [
    [40, "at forty"],
    [100, "at a hundred"],
    [30, "at thirty"],
  ] as const) {
    const length = terminal.raw.length;
    terminal.resize(columns, 24);
    await terminal.until(({ raw }) => raw.length > length);
    server.somebodySays(text);
    const line = `You: ${typed}`;
    const shown = line.match(new RegExp(`.{1,${columns}}`, "g")) ?? [];
    await terminal.shows(text);
    // Drawn anew below it: what comes after that comes of the next change.
    await terminal.until(({ rows }) => rows.slice(-shown.length).join("\n") === shown.join("\n"));
  }
  for (const text of ["at eighty", "at forty", "at a hundred", "at thirty"]) {
    assert.equal(terminal.rows.filter((row) => row.endsWith(`Bob: ${text}`)).length, 1, text);
  }
  terminal.type("\r");
  await server.hears((message) => message.type === "send");
  assert.deepEqual(server.texts, [typed]);
});

for (const [key, what] of [
  ["\u0003", "Ctrl-C"],
  ["\u0004", "Ctrl-D"],
] as const) {
  test(`${what} leaves cleanly and the terminal is as it was`, async (t) => {
    const server = await ScriptedServer.start(t);
    const address = `Alice@127.0.0.1:${server.port}`;
    const script = `stty -a; echo begin; "$0" "$1" "$2"; echo "left with $?"; stty -a`;
    const terminal = new Terminal(t, ["/bin/sh", "-c", script, process.execPath, runner, address]);
    await terminal.until(({ rows }) => rows.at(-1) === "You:");
    const [settings = ""] = terminal.raw.split("begin\r\n");
    terminal.type(key);
    assert.equal(await terminal.exit, 0);
    assert.equal(terminal.raw.split("left with 0\r\n")[1], settings);
    await server.hears((message) => message.type === "quit");
    const row = terminal.rows.indexOf("left with 0");
    assert.equal(terminal.rows[row - 1], "=".repeat(50), "the prompt is taken away");
  });
}

test("a name that is refused can be tried again", async (t) => {
  const server = await ScriptedServer.start(t);
  server.taken.add("Alice");
  const terminal = new Terminal(t, [process.execPath, runner, `Alice@127.0.0.1:${server.port}`]);
  await terminal.until(({ rows }) => rows.at(-1) === "Enter your username:");
  await terminal.shows("Username 'Alice' is already in use");
  terminal.type("Alice2\r");
  await terminal.until(({ rows }) => rows.at(-1) === "You:");
  await terminal.shows("Welcome to the chat server, Alice2!");
});

test("a lost connection is said, what is typed meanwhile waits, and it is sent once", async (t) => {
  const [server, terminal] = await enter(t);
  server.welcomes = false;
  server.cut();
  await terminal.shows("Connection lost");
  terminal.type("first\r");
  await terminal.shows("Not connected: 1 line waits");
  terminal.type("half");
  server.welcomeNow();
  await terminal.shows("✓ Reconnected.");
  await terminal.until(({ rows }) => rows.at(-1) === "You: half");
  await server.hears((message) => message.type === "send");
  terminal.type(" done\r");
  await server.hears((message) => message.type === "send" && message.counter === 2);
  assert.deepEqual(server.texts, ["first", "half done"]);
});

test("lines that could not be sent are named on leaving", async (t) => {
  const [server, terminal] = await enter(t);
  server.acknowledges = false;
  terminal.type("one\rtwo\r");
  await server.hears((message) => message.type === "send");
  terminal.type("\u0003");
  await terminal.shows("Leaving when 2 lines are sent");
  terminal.type("\u0003");
  assert.equal(await terminal.exit, 1);
  assert.ok(
    terminal.rows.includes('2 lines were not sent: "one", "two". The first may have arrived all the same'),
  );
});

test("a kick is one sentence and the end", async (t) => {
  const [server, terminal] = await enter(t);
  server.say({ type: "closing", reason: "kicked", text: "You were removed from the chat: spam", at: 1000 });
  assert.equal(await terminal.exit, 1);
  assert.equal(timeless(terminal.rows).at(-1), "T [SYSTEM] You were removed from the chat: spam");
});

test("a dumb terminal gets no escape sequence and no prompt", async (t) => {
  const server = await ScriptedServer.start(t);
  const command = [process.execPath, runner, `127.0.0.1:${server.port}`];
  const terminal = new Terminal(t, command, { env: { TERM: "dumb" } });
  await terminal.shows("Enter your username:");
  terminal.type("Alice\r");
  await terminal.shows("Online Users");
  server.somebodySays("hello");
  await terminal.shows("Bob: hello");
  terminal.type("\u0004");
  assert.equal(await terminal.exit, 0);
  assert.doesNotMatch(terminal.raw, /\u001b|You:/);
});

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  enterScreen,
  inputOf,
  messageRows,
  openScreen,
  program,
  screenEnvironment,
} from "./screen-people.ts";
import { ScriptedServer } from "./scripted-server.ts";
import { Terminal } from "./terminal.ts";

test("what is said is grouped by person, with the time, the day and who is here", async (t) => {
  const [server, terminal] = await enterScreen(t, { columns: 90, rows: 12 });
  server.somebodySays("hello");
  server.somebodySays("are you there?");
  server.somebodySays("me too", "Carl");
  terminal.type("yes\r");
  await terminal.until(() => messageRows(terminal).at(-1)?.includes("✓│ yes") === true);
  const rows = messageRows(terminal).filter((row) => row !== "");
  assert.match(rows[0] ?? "", /^─+ Thursday 1 January 1970 ─+$/);
  assert.deepEqual(rows.slice(1, 5), [
    "00:00          Bob  │ hello",
    "                    │ are you there?",
    "00:00         Carl  │ me too",
    "00:00        Alice ✓│ yes",
  ]);
  assert.ok(terminal.rows[0]?.endsWith("│ Here (1)"));
  assert.ok(terminal.rows[1]?.endsWith("│ Alice"));
  assert.match(
    terminal.rows[10] ?? "",
    /^ ● connected (?:\d+ ms)? .*127\.0\.0\.1:\d+ · 1 person .* \? help$/,
  );
  assert.equal(terminal.rows[11], "Alice>");
});

test("typing, resizing and receiving at once lose nothing and tear nothing", async (t) => {
  const [server, terminal] = await enterScreen(t, { columns: 100, rows: 30 });
  const typed = "the quick brown fox jumps over the lazy dog ".repeat(3).trim();
  const sizes = [
    [40, 12],
    [120, 40],
    [20, 8],
    [100, 30],
  ] as const;
  for (const [index, character] of typed.split("").entries()) {
    terminal.type(character);
    server.somebodySays(`message ${index}`);
    const size = sizes[Math.floor(index / 30)];
    if (index % 30 === 15 && size !== undefined) terminal.resize(size[0], size[1]);
  }
  const last = typed.length - 1;
  await terminal.until(() => messageRows(terminal).at(-1)?.endsWith(`│ message ${last}`) === true);
  await terminal.until(() => inputOf(terminal).replaceAll(/\n\s*/g, "").endsWith("lazy dog"));
  const shown = messageRows(terminal).flatMap((row) => /message (\d+)$/.exec(row)?.[1] ?? []);
  assert.deepEqual(
    shown.map(Number),
    shown.map((_, index) => last - shown.length + 1 + index),
  );
  assert.ok(shown.length > 20);
  terminal.type("\r");
  await server.hears((message) => message.type === "send");
  assert.deepEqual(server.texts, [typed]);
});

test("what is typed without a connection visibly waits, and is sent once, in order", async (t) => {
  const [server, terminal] = await enterScreen(t);
  server.welcomes = false;
  server.cut();
  await terminal.shows("Connection lost");
  terminal.type("first\rsecond\r");
  await terminal.shows("⋯│ second");
  await terminal.shows("waiting to be sent");
  await terminal.shows("2 waiting");
  terminal.type("half");
  server.welcomeNow();
  await terminal.shows("✓│ second");
  assert.ok(messageRows(terminal).some((row) => row.includes("✓│ first")));
  assert.equal(inputOf(terminal), "Alice> half");
  assert.ok(!terminal.rows.some((row) => row.includes("waiting")));
  assert.deepEqual(server.texts, ["first", "second"]);
});

test("a paste of a hundred lines asks first", async (t) => {
  const [server, terminal] = await enterScreen(t);
  const lines = Array.from({ length: 100 }, (_, index) => `line ${index + 1}`);
  const paste = `\u001b[200~${lines.join("\r")}\u001b[201~`;
  terminal.type(paste);
  await terminal.shows("Paste 100 lines?");
  terminal.type("n");
  await terminal.until(() => inputOf(terminal) === "Alice>");
  terminal.type(`\r${paste}`);
  await terminal.shows("Paste 100 lines?");
  terminal.type("y");
  await terminal.until(() => inputOf(terminal).endsWith("line 100"));
  assert.deepEqual(server.texts, []);
  terminal.type("\r");
  await server.hears((message) => message.type === "send" && message.text === "line 100");
  assert.deepEqual(server.texts, lines);
  await terminal.shows("✓│ line 100");
});

test("a paste can be joined to one line, and one line is pasted at once", async (t) => {
  const [server, terminal] = await enterScreen(t);
  terminal.type("\u001b[200~one\n  two\u001b[201~");
  await terminal.shows("Paste 2 lines?");
  terminal.type("j\u001b[200~ three\n\u001b[201~");
  await terminal.until(() => inputOf(terminal).startsWith("Alice> one two three"));
  terminal.type("\r");
  await server.hears((message) => message.type === "send");
  assert.equal(server.texts[0]?.trim(), "one two three");
});

test("a mention is highlighted, notified of and counted in the title", async (t) => {
  const [server, terminal] = await enterScreen(t);
  terminal.type("\u001b[Ox");
  await terminal.until(() => inputOf(terminal) === "Alice> x");
  server.somebodySays("nothing for you");
  server.somebodySays("hey alice, \u001b]0;gotcha\u0007 look");
  await terminal.shows("hey alice");
  await terminal.until(({ raw }) => raw.includes("\u001b]2;(1) Roomful"));
  assert.ok(terminal.raw.includes("\u001b]9;Bob: hey alice, \uFFFD]0;gotcha\uFFFD look\u0007"));
  assert.equal(terminal.raw.split("\u001b]9;").length, 2, "one notification");
  const rows = messageRows(terminal);
  const mark = rows.findIndex((row) => /─ new ─/.test(row));
  assert.ok(rows[mark + 1]?.endsWith("nothing for you"), "the mark stands where one had read to");
  assert.ok(rows.some((row) => row.includes("┃ hey alice")));
  const titles = terminal.raw.split("\u001b]2;").length;
  terminal.type("\u001b[I");
  await terminal.until(({ raw }) => raw.split("\u001b]2;").length > titles);
  assert.match(terminal.raw.split("\u001b]2;").at(-1) ?? "", /^Roomful/);
});

test("a name is asked for, and one that is refused can be changed", async (t) => {
  const server = await ScriptedServer.start(t);
  server.taken.add("Alice");
  const address = `127.0.0.1:${server.port}`;
  const terminal = new Terminal(t, [...program, address], { env: screenEnvironment(t) });
  await terminal.shows("Your name:");
  terminal.type("Alice\r");
  await terminal.shows("Username 'Alice' is already in use");
  terminal.type("Alicia\r");
  await terminal.shows("● connected");
  await terminal.until(() => inputOf(terminal) === "Alicia>");
});

test("? lists the keys in an empty input only, and completion offers commands, names and emoji", async (t) => {
  const [server, terminal] = await enterScreen(t, { rows: 40 });
  server.say({ type: "joined", at: 1000, people: [{ id: "p9", name: "Zoë" }], count: 1 });
  await terminal.shows("Zoë joined");
  terminal.type("?");
  await terminal.shows("Alt-Enter, Ctrl-J");
  terminal.type("\u001b");
  await terminal.until(({ rows }) => !rows.some((row) => row.includes("Alt-Enter")));
  terminal.type("zo\t:tad\t");
  await terminal.until(() => inputOf(terminal).endsWith("Alice> Zoë: 🎉"));
  terminal.type(" :smi\t?");
  await terminal.until(() => inputOf(terminal).endsWith("Alice> Zoë: 🎉 😄?"));
  terminal.type("\u0015/hi\t");
  await terminal.until(() => inputOf(terminal).trimEnd() === "Alice> /history");
});

test("NO_COLOR draws without any colour", async (t) => {
  const [server, terminal] = await enterScreen(t, { env: { NO_COLOR: "1" } });
  server.somebodySays("hey Alice");
  terminal.type("a\r");
  await terminal.shows("✓│ a");
  assert.doesNotMatch(terminal.raw, /\u001b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9\d|10\d)(?:;\d+)*m/);
  assert.match(terminal.raw, /\u001b\[1m/);
  const [, coloured] = await enterScreen(t);
  assert.match(coloured.raw, /\u001b\[38;5;/);
});

test("a light terminal gets other colours", async (t) => {
  const [server, terminal] = await enterScreen(t);
  assert.ok(terminal.raw.includes("\u001b]11;?"));
  terminal.type("\u001b]11;rgb:ffff/ffff/ffff\u001b\\");
  server.somebodySays("hey");
  await terminal.until(({ raw }) => raw.includes("48;5;253"));
});

for (const [columns, rows] of [
  [20, 6],
  [30, 10],
  [49, 24],
  [50, 24],
  [80, 24],
  [200, 60],
] as const) {
  test(`a screen of ${columns} by ${rows} is used to its edges and not beyond`, async (t) => {
    const [server, terminal] = await enterScreen(t, { columns, rows });
    for (const text of ["x".repeat(250), "漢".repeat(100), "word ".repeat(60), "👍🏽".repeat(40), "end"]) {
      server.somebodySays(text);
    }
    await terminal.until(() => messageRows(terminal).some((row) => /(?:│|^)\s+end$/.test(row)));
    assert.equal(terminal.rows.length, rows);
    assert.match(terminal.rows[rows - 2] ?? "", /^ ● /);
    assert.equal(terminal.rows[rows - 1], "Alice>");
    assert.equal(terminal.rows[0]?.includes("Here (1)"), columns >= 80);
  });
}

test("what is too long is refused with the reason, and edited and sent again", async (t) => {
  const [server, terminal] = await enterScreen(t, { columns: 200, rows: 40 });
  terminal.type(`${"x".repeat(2100)}\r`);
  await terminal.shows("✗│ xxx");
  await terminal.shows("not sent: That message is too long");
  terminal.type("\u001be");
  await terminal.until(() => inputOf(terminal).includes("xxx"));
  terminal.type("\u0015short\r");
  await terminal.shows("✓│ short");
  assert.deepEqual(server.texts, ["short"]);
  assert.ok(!terminal.rows.some((row) => row.includes("✗")));
});

test("a kick is said on the terminal that is given back", async (t) => {
  const [server, terminal] = await enterScreen(t);
  server.say({ type: "closing", reason: "kicked", text: "You were removed: \u001b[2Jspam", at: 1000 });
  assert.equal(await terminal.exit, 1);
  assert.deepEqual(terminal.rows, ["You were removed: \uFFFD[2Jspam"]);
});

test("servers that were visited are offered, and the mark is where one had read to", async (t) => {
  const env = screenEnvironment(t);
  const [server, first] = await enterScreen(t, { env });
  server.somebodySays("read");
  await first.shows("│ read");
  first.type("\u0003");
  assert.equal(await first.exit, 0);
  server.missed = ["not yet read"];
  const again = new Terminal(t, [...program], { env });
  await again.shows("Which one?");
  assert.ok(again.rows.includes(`  1  Alice@127.0.0.1:${server.port}`));
  again.type("\r");
  await again.shows("│ not yet read");
  const rows = messageRows(again);
  const mark = rows.findIndex((row) => /─ new ─/.test(row));
  assert.ok(rows[mark + 1]?.endsWith("│ not yet read"));
  again.type("\u0004");
  assert.equal(await again.exit, 0);
  await openScreen(t, `Alice@127.0.0.1:${server.port}`, { env });
});

test("the settings file says how it looks and behaves, and which servers are offered", async (t) => {
  const env = screenEnvironment(t);
  const server = await ScriptedServer.start(t);
  const folder = join(env["XDG_CONFIG_HOME"] ?? "", "roomful");
  mkdirSync(folder, { recursive: true });
  const settings = `bell = true
notifications = false
mouse = false
people-width = 0
[theme]
mention = "underline magenta"
[[server]]
address = "Alice@127.0.0.1:${server.port}"
label = "home"
`;
  writeFileSync(join(folder, "client.toml"), settings);
  const terminal = new Terminal(t, program, { columns: 100, env });
  await terminal.shows("home");
  terminal.type("1\r");
  await terminal.shows("● connected");
  server.somebodySays("hey Alice");
  await terminal.until(({ raw }) => raw.includes("\u001b[4;35mhey Alice"));
  // The title of a window ends with the same character.
  const rung = terminal.raw.replaceAll(/\u001b\]2;[^\u0007]*\u0007/g, "");
  assert.equal(rung.split("\u0007").length, 2);
  assert.doesNotMatch(terminal.raw, /\u001b\]9;|\u001b\[\?1000h/);
  assert.ok(!terminal.rows.some((row) => row.includes("Here (")));
});

test("a settings file that is wrong is refused with a sentence", async (t) => {
  const env = screenEnvironment(t);
  const folder = join(env["XDG_CONFIG_HOME"] ?? "", "roomful");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "client.toml"), "bell = 1");
  const terminal = new Terminal(t, [...program, "127.0.0.1:1"], { columns: 200, env });
  assert.equal(await terminal.exit, 2);
  const path = join(folder, "client.toml");
  assert.deepEqual(terminal.rows, [`roomful: Cannot read ${path}: bell is not true or false`]);
});

for (const [what, args, env] of [
  ["--plain", ["--plain"], {}],
  ["a dumb terminal", [], { TERM: "dumb" }],
] as const) {
  test(`${what} chooses the client that works line by line`, async (t) => {
    const server = await ScriptedServer.start(t);
    const address = `Alice@127.0.0.1:${server.port}`;
    const terminal = new Terminal(t, [...program, ...args, address], {
      env: { ...screenEnvironment(t), ...env },
    });
    await terminal.shows("Welcome to the chat server, Alice!");
    assert.doesNotMatch(terminal.raw, /\u001b\[\?1049h/);
  });
}

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import { IrcClient } from "../irc/client.ts";
import { LineClient } from "../support/line-client.ts";
import { runServer } from "../support/running-server.ts";
import { messageRows, openScreen, program, screenEnvironment } from "./screen-people.ts";
import { Terminal, type TerminalOptions } from "./terminal.ts";

const plainClient = [...program, "--plain"];
/** So that nothing is said of a certificate that is remembered: there is "red" in it. */
const withoutTls = { settings: { tls: "off" } } as const;

/** Somebody with an IRC client in the lobby, and what he sends there. */
async function enterIrc(port: number): Promise<{ readonly irc: IrcClient; say(text: string): void }> {
  const irc = await IrcClient.enter(port, "Ivy", "batch", "draft/multiline", "message-tags");
  irc.send("JOIN #lobby");
  await irc.until("366");
  return { irc, say: (text) => irc.send(`PRIVMSG #lobby :${text}`) };
}

async function enterPlain(
  context: TestContext,
  port: number,
  options: TerminalOptions = {},
): Promise<Terminal> {
  const env = { ...screenEnvironment(context), ...options.env };
  const terminal = new Terminal(context, [...plainClient, `Alice@127.0.0.1:${port}`], { ...options, env });
  await terminal.until(({ rows }) => rows.at(-1) === "You:");
  return terminal;
}

function all(looks: string, text: string): string[] {
  return Array.from(text, () => looks);
}

const everything =
  "\x02bold\x02 \x1Dslanted\x1D \x1Funder\x1F \x1Estruck\x1E \x16turned\x16 \x11code\x11 \x0304red\x03 \x0300,02both\x0F \x04FF8000hex\x04 end";
const looks: readonly (readonly [text: string, looks: string])[] = [
  ["bold", "bold"],
  ["slanted", "italic"],
  ["under", "underline"],
  ["struck", "strikethrough"],
  ["turned", "reverse"],
  ["code", ""],
  ["red", "196"],
  ["both", "231 on 18"],
  ["hex", "208"],
  ["end", ""],
];

test("what an IRC client formats is formatted at the full screen, and bare at netcat", async (t) => {
  const { port } = await runServer(t, withoutTls);
  const netcat = await LineClient.enter(port, "Ned");
  const screen = await openScreen(t, `Alice@127.0.0.1:${port}`, { columns: 120 });
  const { say } = await enterIrc(port);
  say(everything);
  const shown = "bold slanted under struck turned code red both hex end";
  await screen.shows(`│ ${shown}`);
  for (const [text, expected] of looks) assert.deepEqual(screen.looksOf(text), all(expected, text), text);
  await netcat.until(`Ivy: ${shown}\n`);
});

test("without colours the rest of the looks stays, and a terminal of all colours shows all", async (t) => {
  const { port } = await runServer(t, withoutTls);
  const without = await openScreen(t, `Alice@127.0.0.1:${port}`, { columns: 120, env: { NO_COLOR: "1" } });
  const env = { COLORTERM: "truecolor" };
  const full = await openScreen(t, `Bob@127.0.0.1:${port}`, { columns: 120, env });
  const { say } = await enterIrc(port);
  say(everything);
  for (const screen of [without, full]) await screen.shows("both hex end");
  for (const [text, expected] of looks) {
    assert.deepEqual(
      without.looksOf(text),
      all(
        expected.replace(/[\d on]+$/, (end) => (/\d/.test(end) ? "" : end)),
        text,
      ),
      text,
    );
  }
  assert.deepEqual(full.looksOf("hex"), all("#ff8000", "hex"));
  assert.deepEqual(full.looksOf("both"), all("#ffffff on #00007f", "both"));
});

test("codes have no width: rows are broken where the letters fill them, and the looks go on there", async (t) => {
  const { port } = await runServer(t, withoutTls);
  const screen = await openScreen(t, `Alice@127.0.0.1:${port}`, { columns: 70, rows: 20 });
  const { say } = await enterIrc(port);
  const words = "the quick brown fox jumps over the lazy dog and 漢字 are wide, as is 👩‍👩‍👧‍👦 here";
  say(words);
  say(
    words
      .split(" ")
      .map((word, index) => `\x03${String(index + 16)}${word}`)
      .join("\x02 \x02"),
  );
  say(`\x02${words}\x02 שלום \x1Fעולם`);
  say("not bold");
  await screen.shows("│ not bold");
  const rows = messageRows(screen).map((row) => row.split("│ ")[1] ?? "");
  const first = rows.findIndex((row) => row.startsWith("the quick"));
  const second = rows.findIndex((row, index) => index > first && row.startsWith("the quick"));
  assert.ok(second - first > 1, rows.join("\n"));
  assert.deepEqual(rows.slice(second, 2 * second - first), rows.slice(first, second));
  assert.deepEqual(screen.looksOf("not bold"), all("", "not bold"));
  const third = rows.findIndex((row, index) => index > second && row.startsWith("the quick"));
  assert.deepEqual(rows.slice(third, third + second - first - 1), rows.slice(first, second - 1));
});

test("what would be unseen is seen, on a dark ground and a light one", async (t) => {
  const { port } = await runServer(t, withoutTls);
  const screen = await openScreen(t, `Alice@127.0.0.1:${port}`, { columns: 100 });
  const { say } = await enterIrc(port);
  say("\x0301,01hidden\x0F \x0301black\x0F \x0300white\x0F");
  await screen.shows("│ hidden black white");
  const [hidden, dark, light] = ["hidden", "black", "white"].map((text) => screen.looksOf(text)[0]);
  assert.match(hidden ?? "", /^(?!16 )\d+ on 16$/);
  assert.notEqual(dark, "16");
  assert.equal(light, "231");
  // The terminal says that it is white.
  screen.type("\x1B]11;rgb:ffff/ffff/ffff\x1B\\");
  await screen.until(() => screen.looksOf("white")[0] !== "231" && screen.looksOf("black")[0] === "16");
});

test("a mention is one however its letters are coloured, and what is searched for is found", async (t) => {
  const { port } = await runServer(t, withoutTls);
  const screen = await openScreen(t, `Alice@127.0.0.1:${port}`, { columns: 100 });
  const { say } = await enterIrc(port);
  say("\x0304Al\x02ice\x03, the \x1Ffo\x1Fx is here");
  await screen.shows("┃ Alice, the fox is here");
  screen.type("\x12the fox\r");
  await screen.until(() => screen.looksOf("the fox").every((look) => look.includes("on ")));
  screen.type("\x1B");
  await screen.until(() => !screen.looksOf("the fox")[0]?.includes("on "));
  screen.type("/search fox\r");
  await screen.shows("1 message for 'fox'");
  await screen.shows("Ivy: Alice, the fox is here");
  assert.ok(screen.looksOf("fox is")[0]?.includes("on "));
  screen.type("/search alice\r");
  await screen.shows("1 message for 'alice'");
});

test("actions, private messages, topics and lines of one message are formatted, and netcat has them bare", async (t) => {
  const { port } = await runServer(t, withoutTls);
  const netcat = await LineClient.enter(port, "Ned");
  const screen = await openScreen(t, `Alice@127.0.0.1:${port}`, { columns: 120 });
  const { irc, say } = await enterIrc(port);
  say("\x01ACTION waves \x02wildly\x02\x01");
  irc.send("PRIVMSG Alice :for \x1Dyou\x1D alone", "PRIVMSG Ned :for \x1Dyou\x1D alone");
  irc.send(
    "BATCH +1 draft/multiline #lobby",
    "@batch=1 PRIVMSG #lobby :one \x02strong",
    "@batch=1 PRIVMSG #lobby :",
    "@batch=1 PRIVMSG #lobby :line\x02 and more",
    "BATCH -1",
  );
  await screen.shows("│ line and more");
  assert.deepEqual(screen.looksOf("wildly"), all("bold", "wildly"));
  assert.ok(screen.looksOf("you alone")[0]?.includes("italic"));
  assert.deepEqual(
    [screen.looksOf("strong")[0], screen.looksOf("line and")[0], screen.looksOf("and more")[0]],
    ["bold", "bold", ""],
  );
  await netcat.until(
    /\* Ivy waves wildly\n.*\[PM from Ivy\] for you alone\n.*Ivy: one strong\n.*Ivy: line and more\n/,
  );

  irc.send("JOIN #garden");
  await irc.until("366");
  irc.send("TOPIC #garden :\x0304Roses\x03 and \x02more");
  await irc.until("TOPIC");
  screen.type("/join #garden\r");
  await screen.until(({ rows: [title = ""] }) => title.startsWith("#garden · Roses and more"));
  assert.ok(screen.looksOf("Roses")[0]?.endsWith("196"));
  assert.ok(screen.looksOf("more")[0]?.includes("bold"));
  netcat.send("/join #garden");
  await netcat.until("It is about: Roses and more\n");
});

test("the plain client shows looks on a terminal", async (t) => {
  const { port } = await runServer(t, withoutTls);
  const terminal = await enterPlain(t, port, { columns: 100 });
  const { say } = await enterIrc(port);
  say(everything);
  await terminal.shows("both hex end");
  for (const [text, expected] of looks) assert.deepEqual(terminal.looksOf(text), all(expected, text), text);
  terminal.type("/history\r");
  await terminal.shows("end of history");
  assert.equal(terminal.rows.filter((row) => row.includes("both hex end")).length, 2);
  assert.equal(terminal.raw.split("\x1B[1mbold\x1B[0m").length, 3);
});

for (const [what, env] of [
  ["a dumb terminal", { TERM: "dumb" }],
  ["a terminal without colours", { NO_COLOR: "1" }],
] as const) {
  test(`the plain client shows bare texts on ${what}`, async (t) => {
    const { port } = await runServer(t, withoutTls);
    const terminal = new Terminal(t, [...plainClient, `Alice@127.0.0.1:${port}`], {
      env: { ...screenEnvironment(t), ...env },
    });
    await terminal.shows("Online Users (1): Alice");
    const { say } = await enterIrc(port);
    say("\x02\x0304loud\x0F and \x16quiet");
    await terminal.shows("Ivy: loud and quiet");
    assert.doesNotMatch(terminal.raw, /\x1B\[[\d;]*m|[\x02-\x06\x0E-\x1A]/);
  });
}

test("the plain client shows bare texts on a pipe", async (t) => {
  const { port } = await runServer(t, withoutTls);
  const child = spawn(plainClient[0] ?? "", [...plainClient.slice(1), `Alice@127.0.0.1:${port}`], {
    env: { ...process.env, TERM: "xterm-256color", NO_COLOR: "" },
  });
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  const { say, irc } = await enterIrc(port);
  t.after(() => child.kill());
  if (!output.includes("Welcome")) await once(child.stdout, "data");
  say("\x02loud\x02 end");
  while (!output.includes("end")) await once(child.stdout, "data");
  assert.match(output, /Ivy: loud end\n/);
  child.stdin.end();
  await once(child, "exit");
  irc.socket.destroy();
});

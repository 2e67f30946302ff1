import assert from "node:assert/strict";
import { hostname } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { LineClient } from "../support/line-client.ts";
import { runServer } from "../support/running-server.ts";
import { PlainPerson } from "./plain-person.ts";
import { inputOf, openScreen } from "./screen-people.ts";
import { Terminal } from "./terminal.ts";

test("at the plain client one sees nothing of whom one ignores, also after the connection was lost", async (t) => {
  const { port } = await runServer(t);
  const ann = await PlainPerson.enter(t, { port, name: "Ann" });
  const bob = await LineClient.enter(port, "Bob");
  const carl = await LineClient.enter(port, "Carl");
  ann.send("/ignore bob", "/ignore", "/ignore Zed", "/unignore Zed", "/ignore bob");
  await ann.until(/You ignore Bob from now on.*You ignore Bob \(a guest\)/s);
  await ann.until(
    /You ignore Zed from now on\. Nobody of that name is here.*You do not ignore Zed any more/s,
  );
  await ann.until("It is so already");
  bob.send("hidden 1", "/pm Ann hidden 2");
  carl.send("shown 1");
  await ann.until("Carl: shown 1");
  ann.cut();
  await ann.until("Reconnected");
  bob.send("hidden 3");
  carl.send("shown 2");
  await ann.until("Carl: shown 2");
  ann.send("/history", "/search hidden");
  await ann.until(/Carl: shown 1\n[^\n]*Carl: shown 2\n--- end of history/);
  await ann.until(/hidden[^\n]*\n[^]*$/);
  assert.doesNotMatch(ann.received, /hidden \d/);
});

test("at the full screen nothing that is ignored is shown, nor counted, nor read back", async (t) => {
  const { port } = await runServer(t);
  const bob = await LineClient.enter(port, "Bob");
  const carl = await LineClient.enter(port, "Carl");
  bob.send(...Array.from({ length: 60 }, (_, index) => `of before ${index}`));
  await carl.until("of before 59");
  carl.send("and this");
  await bob.until("and this");
  const alice = await openScreen(t, `Alice@127.0.0.1:${port}`, { columns: 100, rows: 20 });
  await alice.shows("of before 59");
  alice.type("/ign\t Bob\r");
  await alice.shows("You ignore Bob from now on");
  bob.send("Alice: hidden", "/pm Alice hidden");
  carl.send("shown");
  await alice.shows("│ shown");
  assert.ok(!alice.rows.some((row) => row.includes("hidden")), alice.rows.join("\n"));
  const again = await openScreen(t, `Again@127.0.0.1:${port}`, { columns: 100, rows: 20 });
  await again.shows("│ shown");
  again.type("/ignore Bob\r");
  await again.shows("You ignore Bob from now on");
  again.type("/ignore\r");
  await again.shows("You ignore Bob (a guest)");
  again.type("/unignore bob\r");
  await again.shows("You do not ignore Bob any more");
});

test("a password is neither shown nor kept at the full screen, and can be changed there", async (t) => {
  const { port } = await runServer(t);
  const alice = await openScreen(t, `Alice@127.0.0.1:${port}`, { columns: 100, rows: 20 });
  alice.type("/register sesame");
  await alice.until(() => inputOf(alice) === "Alice> /register ••••••");
  alice.type("\r");
  await alice.shows("The name Alice is yours from now on");
  const other = await LineClient.connect(port);
  other.send("Alice", "sesame");
  await other.until("Welcome to the chat server, Alice!");
  alice.type("/password sesame open-sesame");
  await alice.until(() => inputOf(alice) === "Alice> /password •••••• •••••••••••");
  alice.type("\u001b[D\u001b[D!");
  await alice.until(() => inputOf(alice) === "Alice> /password •••••• ••••••••••••");
  alice.type("\r");
  await alice.shows("Your password is changed");
  await other.until("Your password was changed elsewhere");
  alice.type("/devices\r");
  await alice.shows(`roomful on ${hostname()} (this one)`);
  alice.type("\u001b[A");
  await alice.until(() => inputOf(alice) === "Alice> /devices");
  alice.type("\u001b[A");
  await alice.until(() => inputOf(alice) === "Alice> /devices");
  assert.ok(!alice.rows.some((row) => row.includes("sesame")), alice.rows.join("\n"));
  const later = await LineClient.connect(port);
  later.send("Alice", "open-sesa!me");
  await later.until("Welcome to the chat server, Alice!");
  later.send("/password open-sesa!me sesame");
  await alice.shows("This device was signed out: The password was changed");
});

test("a password is not among the lines that the plain client brings back", async (t) => {
  const { port } = await runServer(t);
  const runner = join(import.meta.dirname, "join.ts");
  const terminal = new Terminal(t, [process.execPath, runner, `Alice@127.0.0.1:${port}`], { rows: 30 });
  await terminal.until(({ rows }) => rows.at(-1) === "You:");
  terminal.type("hello\r/register sesame\r");
  await terminal.shows("is yours from now on");
  terminal.type("/password sesame open-sesame\r");
  await terminal.shows("Your password is changed");
  await terminal.until(({ rows }) => rows.at(-1) === "You:");
  terminal.type("\u001b[A");
  await terminal.until(({ rows }) => rows.at(-1) === "You: hello");
});

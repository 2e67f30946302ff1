import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { LineClient } from "../support/line-client.ts";
import { type RunningServer, runServer } from "../support/running-server.ts";
import { inputOf, messageRows, program, screenEnvironment, statusRow } from "./screen-people.ts";
import { Terminal } from "./terminal.ts";

async function register(port: number, name: string): Promise<void> {
  const client = await LineClient.enter(port, name);
  client.send("/register sesame", "/join #den");
  await client.until("You made #den");
  client.send("/quit");
  await client.untilEnd();
}

function open(
  context: TestContext,
  server: RunningServer,
  how: { readonly env: Env; readonly plain?: boolean; readonly name?: string },
): Terminal {
  const options = how.plain === true ? ["--plain"] : [];
  const address = `${how.name ?? "Ann"}@127.0.0.1:${server.port}`;
  return new Terminal(context, [...program, ...options, address], { env: how.env, columns: 110 });
}

type Env = Readonly<Record<string, string>>;

/** What is left on the disk. */
function remembered(env: Env): string {
  return readFileSync(join(env["XDG_STATE_HOME"] ?? "", "roomful", "servers.json"), "utf8");
}

test("at the full screen one signs in once with a password that nobody sees, and is known from then on", async (t) => {
  const server = await runServer(t);
  await register(server.port, "Ann");
  const env = screenEnvironment(t);
  const ann = open(t, server, { env });
  await ann.until(
    () => inputOf(ann) === "'Ann' has a password. An empty line: another name\nPassword of Ann:",
  );
  ann.type("wrong one");
  await ann.until(() => inputOf(ann).endsWith("Password of Ann: •••••••••"));
  ann.type("\r");
  await ann.until(() =>
    inputOf(ann).startsWith("That account and password do not belong together\nPassword of Ann:"),
  );
  ann.type("sesame\r");
  await ann.shows("● connected");
  await ann.shows("#den");
  assert.ok(!ann.raw.includes("sesame") && !ann.raw.includes("wrong one"));
  ann.type("\x1B[A");
  ann.type("x");
  await ann.until(() => inputOf(ann) === "Ann> x");
  ann.type("\x03\x03");
  assert.equal(await ann.exit, 0);
  assert.ok(!remembered(env).includes("sesame"));

  const again = open(t, server, { env, name: "ann" });
  await again.shows("● connected");
  await again.shows("#den");
  again.type("here again\r");
  await again.until(() => messageRows(again).some((row) => row.includes("✓│ here again")));
});

test("an empty line in place of the password goes on to another name", async (t) => {
  const server = await runServer(t);
  await register(server.port, "Ann");
  const ann = open(t, server, { env: screenEnvironment(t) });
  await ann.shows("Password of Ann:");
  ann.type("\r");
  await ann.shows("Your name:");
  ann.type("Anna\r");
  await ann.until(() => inputOf(ann) === "Anna>");
});

test("after the third wrong password it is asked for again, on a new connection", async (t) => {
  const server = await runServer(t, { settings: { guesses: { free: 9, longestWaitMs: 900_000 } } });
  await register(server.port, "Ann");
  const ann = open(t, server, { env: screenEnvironment(t) });
  await ann.shows("Password of Ann:");
  for (const wrong of ["one", "two", "three"]) {
    ann.type(wrong);
    await ann.until(() => inputOf(ann).endsWith("•".repeat(wrong.length)));
    ann.type("\r");
    await ann.until(() => inputOf(ann).endsWith("do not belong together\nPassword of Ann:"));
  }
  ann.type("sesame\r");
  await ann.shows("● connected");
});

test("who makes a name his own at the full screen is known at his next visit, and after a restart", async (t) => {
  const first = await runServer(t);
  const env = screenEnvironment(t);
  const ann = open(t, first, { env });
  await ann.shows("● connected");
  ann.type("/register sesame ann@example.org\r");
  await ann.shows("The name Ann is yours from now on");
  ann.type("\x1B[A");
  ann.type("x");
  await ann.until(() => inputOf(ann) === "Ann> x");
  ann.type("\x03\x03");
  assert.equal(await ann.exit, 0);
  const again = open(t, first, { env });
  await again.shows("● connected");
  again.type("\x03");
  await again.exit;
  const plain = open(t, first, { env, plain: true });
  await plain.until(({ rows }) => rows.at(-1) === "You:");
});

test("the plain client asks for the password and does not show it, and comes back by itself after a lost connection", async (t) => {
  const server = await runServer(t);
  await register(server.port, "Ann");
  const env = screenEnvironment(t);
  const ann = open(t, server, { env, plain: true });
  const question = "The password of Ann (an empty line for another username):";
  await ann.until(({ rows }) => rows.at(-1) === question);
  ann.type("not this\r");
  await ann.until(({ rows }) => rows.at(-1) === question && rows.at(-2)?.includes("do not belong") === true);
  ann.type("sesame");
  ann.type("\r");
  await ann.until(({ rows }) => rows.at(-1) === "You:");
  assert.ok(!ann.raw.includes("sesame") && !ann.raw.includes("not this"));
  await ann.shows("You are in #den as well");
  ann.type("\x1B[A");
  ann.type("hello\r");
  const bob = await LineClient.enter(server.port, "Bob");
  await bob.until("Ann: hello");
  ann.type("\x03");
  assert.equal(await ann.exit, 0);
  assert.ok(!remembered(env).includes("sesame"));
  const again = open(t, server, { env, plain: true });
  await again.until(({ rows }) => rows.at(-1) === "You:");
  await again.shows("You are in #den as well");
});

test("what arrives while the password is typed does not show it either", async (t) => {
  const first = await runServer(t);
  await register(first.port, "Ann");
  const ann = open(t, first, { env: screenEnvironment(t), plain: true });
  await ann.shows("The password of Ann");
  ann.type("sesa");
  ann.resize(40, 10);
  ann.type("me\r");
  await ann.until(({ rows }) => rows.at(-1) === "You:");
  assert.ok(!ann.raw.includes("sesa"));
  assert.ok(statusRow(ann) === -1);
});

import assert from "node:assert/strict";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { Terminal } from "./client/terminal.ts";
import {
  consoleView,
  conversationSettings,
  holdConversation,
  type Person,
  views,
} from "./support/conversation.ts";
import { LineClient, timeless } from "./support/line-client.ts";
import { runServer } from "./support/running-server.ts";

const program = join(import.meta.dirname, "..", "bin/roomful.js");

class AtNetcat implements Person {
  readonly client: LineClient;

  constructor(client: LineClient) {
    this.client = client;
  }

  says(line: string): void {
    this.client.send(line);
  }

  async sees(text: string, times = 1): Promise<void> {
    await this.client.until(new RegExp(`(?:${text.replaceAll(/[()[\].?]/g, "\\$&")}\n[^]*){${times}}`));
  }

  async out(): Promise<void> {
    await this.client.untilEnd();
  }
}

/** Somebody in our client, who is asked for his name, at a terminal of his own. */
class AtTerminal implements Person {
  readonly terminal: Terminal;

  private constructor(context: TestContext, port: number) {
    this.terminal = new Terminal(context, [
      process.execPath,
      program,
      "join",
      "--plain",
      `127.0.0.1:${port}`,
    ]);
  }

  static async enter(context: TestContext, options: { port: number; name: string }): Promise<AtTerminal> {
    const person = new AtTerminal(context, options.port);
    await person.terminal.shows("Enter your username:");
    person.says(options.name);
    await person.settled();
    return person;
  }

  says(line: string): void {
    this.terminal.type(`${line}\r`);
  }

  async sees(text: string, times = 1): Promise<void> {
    await this.terminal.until(({ rows }) => rows.filter((row) => row.endsWith(text)).length >= times);
  }

  /** Resolves when the prompt stands below what was said. */
  async settled(): Promise<void> {
    await this.terminal.until(({ rows }) => rows.at(-1) === "You:");
  }

  async out(): Promise<void> {
    assert.equal(await this.terminal.exit, 0);
  }
}

function consoleLines(console: string): readonly string[] {
  return timeless(console)
    .replaceAll(/127\.0\.0\.1:\d+/g, "ADDRESS")
    .split("\n");
}

test("three people at netcat hold the classic conversation, each sees exactly his own view of it", async (t) => {
  const { port, console } = await runServer(t, { settings: conversationSettings });
  const enter = async (name: string) => new AtNetcat(await LineClient.enter(port, name));
  const { alice, bob, charlie } = await holdConversation(enter);
  const sent = (view: readonly string[]) => [...view.filter((line) => !line.startsWith("You: ")), ""];
  const shown = (received: string) => timeless(received).split("\n");
  assert.deepEqual(shown(await alice.client.settled()), sent(views.alice));
  assert.deepEqual(shown(bob.client.received), sent(views.bob));
  assert.deepEqual(shown(await charlie.client.settled()), sent(views.charlie));
  assert.deepEqual(consoleLines(console()), [...consoleView, ""]);
});

test("three people in our client hold it, each screen shows it as the seed has it, and so does the console", async (t) => {
  const { port, console } = await runServer(t, { settings: conversationSettings });
  const enter = (name: string) => AtTerminal.enter(t, { port, name });
  const { alice, bob, charlie } = await holdConversation(enter);
  await alice.settled();
  await charlie.settled();
  // What the seed does not know is told once, with the first visit: the server's certificate.
  const certificate = /Its certificate is new here[^\n]*\n {2}[\dA-F:]{48}\n {2}[\dA-F:]{47}\n/;
  const shown = ({ terminal }: AtTerminal) =>
    timeless(terminal.rows.join("\n")).replace(certificate, "").split("\n");
  const opening = (name: string) => [
    `Enter your username: ${name}`,
    `Connecting to server at 127.0.0.1:${port}...`,
    "✓ Connected successfully!",
    "",
  ];
  assert.deepEqual(shown(alice), [...opening("Alice"), ...views.alice, "You:"]);
  assert.deepEqual(shown(bob), [...opening("Bob"), ...views.bob]);
  assert.deepEqual(shown(charlie), [...opening("Charlie"), ...views.charlie, "You:"]);
  assert.deepEqual(consoleLines(console()), [...consoleView, ""]);
});

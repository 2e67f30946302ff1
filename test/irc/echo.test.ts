import assert from "node:assert/strict";
import { test } from "node:test";
import { runServer } from "../support/running-server.ts";
import { commandOf, IrcClient } from "./client.ts";

const asking = ["message-tags", "server-time", "batch", "labeled-response", "echo-message"] as const;

/** What was said, as a line without its tags. */
function said(lines: readonly string[]): readonly string[] {
  return lines
    .filter((line) => ["PRIVMSG", "NOTICE", "JOIN", "PART"].includes(commandOf(line)))
    .map((line) => line.replace(/^@\S+ /, "").replace(/^:(\w+)!\S+ /, "$1 "));
}

test("who comes in, speaks and goes with one write sees each echo once and in its place", async (context) => {
  const { port } = await runServer(context);
  const bob = await IrcClient.enter(port, "Bob", ...asking);
  await bob.ask("JOIN #tea");
  const ann = await IrcClient.enter(port, "Ann", ...asking);
  const lines = await ann.ask(
    "JOIN #tea",
    "PRIVMSG #tea :one",
    "@label=x PRIVMSG #tea :two",
    "NOTICE #tea :three",
    "PART #tea",
    "PRIVMSG #tea :four",
  );
  const spoken = ["Ann PRIVMSG #tea :one", "Ann PRIVMSG #tea :two", "Ann NOTICE #tea :three"];
  assert.deepEqual(said(lines), ["Ann JOIN #tea", ...spoken, "Ann PART #tea"]);
  const heard = await bob.ask();
  assert.deepEqual(said(heard), ["Ann JOIN #tea", ...spoken, "Ann PART #tea"]);
  const one = (line: string): boolean => line.endsWith(":one");
  assert.equal(lines.find(one), heard.find(one), "the echo is what the others are told");
  assert.match(lines.find((line) => line.endsWith(":two")) ?? "", /^@label=x;/);
});

test("who speaks in a room without being in it has his echo all the same", async (context) => {
  const { port } = await runServer(context);
  const bob = await IrcClient.enter(port, "Bob");
  await bob.ask("JOIN #tea", "MODE #tea -n");
  const ann = await IrcClient.enter(port, "Ann", ...asking, "draft/chathistory");
  assert.deepEqual(said(await ann.ask("PRIVMSG #tea :from outside")), ["Ann PRIVMSG #tea :from outside"]);
  const tagged = await ann.ask("@+draft/typing=active TAGMSG #tea");
  assert.deepEqual(
    tagged.map((line) => line.replace(/^@\S+ :\S+ /, "")),
    ["TAGMSG #tea"],
  );
  const inAndOut = await ann.ask("JOIN #tea", "PART #tea", "PRIVMSG #tea :again");
  assert.deepEqual(said(inAndOut), ["Ann JOIN #tea", "Ann PART #tea", "Ann PRIVMSG #tea :again"]);
});

test("where all speak at once, each hears the others once, and himself where he asked for that", async (context) => {
  const { port } = await runServer(context);
  const sets: readonly (readonly string[])[] = [
    [],
    ["echo-message"],
    ["server-time", "multi-prefix"],
    asking,
    ["away-notify"],
    asking,
  ];
  const count = 50;
  const clients = await Promise.all(sets.map((set, index) => IrcClient.enter(port, `c${index}`, ...set)));
  for (const client of clients) await client.ask("JOIN #tea");
  const texts = Array.from({ length: count }, (_, index) => `PRIVMSG #tea :${index}`);
  const first = await Promise.all(clients.map((client) => client.ask(...texts)));
  const rest = await Promise.all(clients.map((client) => client.ask()));
  for (const [index, set] of sets.entries()) {
    const lines = said([...first[index]!, ...rest[index]!]).filter((line) => line.includes("PRIVMSG"));
    for (const [other] of sets.entries()) {
      const isHeard = other !== index || set.includes("echo-message");
      const own = lines.filter((line) => line.startsWith(`c${other} `));
      assert.deepEqual(
        own,
        isHeard ? texts.map((text) => `c${other} ${text}`) : [],
        `c${index} of c${other}`,
      );
    }
  }
});

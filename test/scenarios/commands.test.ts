import assert from "node:assert/strict";
import test from "node:test";
import { commandTable } from "../../src/protocols/line/commands.ts";
import { LineClient, timeless } from "../support/line-client.ts";
import { runServer } from "../support/running-server.ts";

const rule = "=".repeat(50);

/** Every command under each of its names, what follows it, and the whole answer to who asks. */
const answers: readonly (readonly [names: string, rest: string, answer: readonly string[]])[] = [
  ["/pm /msg /w /whisper /tell", " bob psst", ["T [PM to Bob] psst"]],
  ["/me", " waves", []],
  ["/list /who /users /names", "", [rule, "Online Users (2): Bob, Ann", rule]],
  ["/list /who /users /names", " a", [rule, "Online Users (1): Ann", rule]],
  ["/history", " 1", ["--- the last message ---", "T * Ann waves", "--- end of history, up to #1 ---"]],
  ["/since", " 0", ["--- messages after #0 ---", "#1 T * Ann waves", "--- end of history ---"]],
  ["/search /find", " nothing", ["--- no message for 'nothing' ---"]],
  [
    "/help /h /?",
    "",
    [
      "Commands:",
      "  /pm <username> <message>  Send a private message",
      "  /me <action>              Say what you do: '/me waves'",
      "  /list [beginning]         Show who is online",
      "  /history [count]          Show the last messages",
      "  /since <number>           Show the messages after the one with this number",
      "  /search <words>           Find messages that hold all these words",
      "  /help [command]           Show this help, or more about a command",
      "  /quit                     Leave the chat",
      "Anything else is said to everybody. To begin it with '/', type '//'",
      "The operator of this server can see private messages on its console",
    ],
  ],
  [
    "/help /h /?",
    " pm",
    [
      "Usage: /pm <username> <message>",
      "Send a private message",
      "Nobody else in the chat is shown it. The username may be written in any case.",
      "Also: /msg, /w, /whisper, /tell",
      "The operator of this server can see private messages on its console",
    ],
  ],
  [
    "/help",
    " /exit",
    [
      "Usage: /quit",
      "Leave the chat",
      "What you sent before it is still delivered.",
      "Also: /exit, /q, /bye",
    ],
  ],
];

const partings = ["/quit", "/exit", "/q", "/bye"];

test("Commands: every one is carried out, under every name that it has", async (t) => {
  const { port } = await runServer(t, { settings: { joinHistory: 0 } });
  const bob = await LineClient.enter(port, "Bob");
  const ann = await LineClient.enter(port, "Ann");
  await bob.until("Ann has joined the chat");
  bob.clear();
  const tried = new Set<string>();
  for (const [names, rest, answer] of answers) {
    for (const name of names.split(" ")) {
      tried.add(name);
      ann.clear();
      ann.send(`${name}${rest}`);
      // A page of history is read elsewhere, and what is asked later may be answered before it.
      await ann.until(answer.at(-1)?.replace("T ", "") ?? "");
      const expected = answer.map((line) => `${line}\n`).join("");
      assert.equal(timeless(await ann.settled()), expected, `${name}${rest}`);
    }
  }
  assert.equal(timeless(await bob.settled()), `${"T [PM from Ann] psst\n".repeat(5)}T * Ann waves\n`);
  ann.close();
  await bob.until("Ann has left the chat");
  for (const name of partings) {
    tried.add(name);
    const person = await LineClient.enter(port, "Carl");
    person.clear();
    person.send("see you", name, "never said");
    await bob.until("Carl has left the chat");
    assert.equal(await person.untilEnd(), "", name);
    assert.match(timeless(await bob.settled()), /T Carl: see you\nT \[SYSTEM\] Carl has left the chat\n$/);
    bob.clear();
  }
  const names = commandTable.flatMap((entry) => [entry.name, ...entry.aliases]);
  assert.deepEqual([...tried].sort(), names.map((name) => `/${name}`).sort());
});

const wrongForms: readonly (readonly [typed: string, answer: string])[] = [
  ["/pm Bob", "Usage: /pm <username> <message>"],
  ["/me", "Usage: /me <action>"],
  ["/list a b", "Usage: /list [beginning]"],
  ["/history 0", "Usage: /history [count]"],
  ["/history all", "Usage: /history [count]"],
  ["/since", "Usage: /since <number>"],
  ["/since yesterday", "Usage: /since <number>"],
  ["/search", "Usage: /search <words>"],
  ["/help pm list", "Usage: /help [command]"],
  ["/help dance", "Unknown command: /dance. Type '/help' for commands"],
  ["/exit now", "Usage: /quit"],
  ["/", "Unknown command: /. Type '/help' for commands"],
];

test("Commands: a wrong form is answered with the right one, and nobody else hears of it", async (t) => {
  const { port } = await runServer(t);
  const bob = await LineClient.enter(port, "Bob");
  const ann = await LineClient.enter(port, "Ann");
  await bob.until("Ann has joined the chat");
  bob.clear();
  for (const [typed, answer] of wrongForms) {
    ann.clear();
    ann.send(typed);
    assert.equal(timeless(await ann.settled()), `T [ERROR] ${answer}\n`, typed);
  }
  assert.equal(await bob.settled(), "");
});

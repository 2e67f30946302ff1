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
      "  /pm <username> <message>      Send a private message",
      "  /me <action>                  Say what you do: '/me waves'",
      "  /list [beginning]             Show who is online",
      "  /history [count]              Show the last messages",
      "  /since <number>               Show the messages after the one with this number",
      "  /search <words>               Find messages that hold all these words",
      "  /join #room [password]        Come into a room, or make it",
      "  /leave [#room] [words]        Leave a room",
      "  /room [#room]                 Look at another of your rooms",
      "  /rooms                        Show what rooms there are",
      "  /topic [#room] [text]         Show or set what a room is about",
      "  /invite [#room] <username>    Ask somebody into a room",
      "  /kick [#room] <username> [reason]  Remove somebody from a room",
      "  /ban [#room] <pattern>        Keep somebody out of a room",
      "  /unban [#room] <pattern>      Let somebody in again",
      "  /op [#room] <username>        Make somebody an operator of a room",
      "  /deop [#room] <username>      Make somebody no operator any more",
      "  /voice [#room] <username>     Let somebody speak in a moderated room",
      "  /devoice [#room] <username>   Take a voice back",
      "  /set [#room] <setting> <value>  Change how a room is run",
      "  /rename [#room] <#new-name>   Call a room otherwise",
      "  /nick <username>              Be called otherwise",
      "  /away [words]                 Be away; without words, be back again",
      "  /whois <username>             Show who somebody is",
      "  /register <password> [<email>]  Keep your name for good",
      "  /login <username> <password>  Be who you are registered as",
      "  /help [command]               Show this help, or more about a command",
      "  /quit                         Leave the chat",
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

const garden = ["T [SYSTEM] You are in #garden", rule, "Online Users (2): Bob, Ann", rule];

/** As `answers`, of Ann, where Bob runs a room that she comes into; `undo` is sent before the next. */
const inRooms: readonly (readonly [names: string, rest: string, answer: readonly string[], undo?: string])[] =
  [
    ["/rooms /channels", "", [rule, "Rooms (2):", "#lobby (2)", "#garden (1): Roses", rule]],
    ["/join /j", " #garden", [garden[0]!, "T [SYSTEM] It is about: Roses", ...garden.slice(1)], "/leave"],
    ["/join", " #garden sesame", [garden[0]!, "T [SYSTEM] It is about: Roses", ...garden.slice(1)]],
    [
      "/leave /part",
      " See you",
      ["T [SYSTEM] You left #garden", "T [SYSTEM] You look at #lobby now"],
      "/join #garden",
    ],
    ["/room", " #lobby", ["T [SYSTEM] You look at #lobby now"], "/room #garden"],
    ["/op", " Bob", ["T [ERROR] You must be an operator of '#garden' for that"], "#garden may I?"],
    ["/topic", " Lilies", ["T [SYSTEM] Ann set the topic: Lilies"]],
    [
      "/topic",
      "",
      [
        rule,
        "Room #garden (2)",
        "Topic, by Ann: Lilies",
        "Settings: members-only, topic-locked",
        "Run by: Bob (operator), Ann (operator)",
        rule,
      ],
    ],
    ["/topic", " -", ["T [SYSTEM] Ann took the topic away"]],
    ["/set", " moderated on", ["T [SYSTEM] Ann made the room moderated"], "/set moderated off"],
    ["/deop", " Bob", ["T [SYSTEM] Ann made Bob no longer an operator"]],
    ["/voice", " Bob", ["T [SYSTEM] Ann made Bob a speaker"]],
    ["/devoice", " Bob", ["T [SYSTEM] Ann made Bob no longer a speaker"]],
    ["/kick", " Bob Enough", ["T [SYSTEM] Ann removed Bob: Enough"]],
    ["/ban", " Bob", ["T [SYSTEM] Ann banned bob!*@*"]],
    ["/unban", " bob", ["T [SYSTEM] Ann unbanned bob!*@*"]],
    ["/invite", " #garden Bob", ["T [SYSTEM] You invited Bob to #garden"]],
    ["/rename", " #orchard", ["T [SYSTEM] Ann renamed the room to #orchard"]],
    ["/rename", " #orchard #garden", ["T [SYSTEM] Ann renamed the room to #garden"]],
    ["/nick /name", " Anna", ["T [SYSTEM] You are now called Anna"], "/nick Ann"],
    ["/away", " Lunch", ["T [SYSTEM] You are away: Lunch"]],
    ["/away", "", ["T [SYSTEM] You are back"]],
    ["/whois", " bob", [rule, "Bob (Bob!line@HOST)", "A guest", "Here since T", "In #lobby", rule]],
    [
      "/login /identify",
      " Bob wrong-password",
      ["T [ERROR] That account and password do not belong together"],
    ],
    ["/register", " a-long-password", ["T [SYSTEM] The name Ann is yours from now on"]],
    ["/login /identify", " Ann a-long-password", ["T [SYSTEM] You are signed in as Ann"]],
  ];

const partings = ["/quit", "/exit", "/q", "/bye"];

const tried = new Set<string>();

test("Commands: every one of rooms, names and accounts is carried out, under every name that it has", async (t) => {
  const { port } = await runServer(t, { settings: { joinHistory: 0 } });
  const bob = await LineClient.enter(port, "Bob");
  bob.send("/join #garden", "/topic Roses");
  await bob.until("Bob set the topic: Roses");
  const ann = await LineClient.enter(port, "Ann");
  for (const [names, rest, answer, undo] of inRooms) {
    for (const name of names.split(" ")) {
      tried.add(name);
      ann.clear();
      ann.send(`${name}${rest}`);
      await ann.until(answer.at(-1)?.replace("T ", "") ?? "");
      const shown = timeless(await ann.settled()).replace(/@\w+\.hidden\)/, "@HOST)");
      assert.equal(shown, answer.map((line) => `${line}\n`).join(""), `${name}${rest}`);
      if (undo === undefined) continue;
      ann.send(undo);
      await ann.settled();
      if (undo !== "#garden may I?") continue;
      bob.send("/op Ann");
      await ann.until("Bob made Ann an operator");
    }
  }
});

test("Commands: every one that is none of rooms is carried out, and each that there is was tried", async (t) => {
  const { port } = await runServer(t, { settings: { joinHistory: 0 } });
  const bob = await LineClient.enter(port, "Bob");
  const ann = await LineClient.enter(port, "Ann");
  await bob.until("Ann has joined the chat");
  bob.clear();
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
  ["/join", "Usage: /join #room [password]"],
  ["/join #a b c", "Usage: /join #room [password]"],
  ["/room #a #b", "Usage: /room [#room]"],
  ["/rooms now", "Usage: /rooms"],
  ["/invite", "Usage: /invite [#room] <username>"],
  ["/invite #room", "Usage: /invite [#room] <username>"],
  ["/invite Bob Carl", "Usage: /invite [#room] <username>"],
  ["/kick #room", "Usage: /kick [#room] <username> [reason]"],
  ["/ban", "Usage: /ban [#room] <pattern>"],
  ["/unban a b", "Usage: /unban [#room] <pattern>"],
  ["/op", "Usage: /op [#room] <username>"],
  ["/deop", "Usage: /deop [#room] <username>"],
  ["/voice a b", "Usage: /voice [#room] <username>"],
  ["/devoice", "Usage: /devoice [#room] <username>"],
  ["/set", "Usage: /set [#room] <setting> <value>"],
  ["/set moderated", "Usage: /set [#room] <setting> <value>"],
  ["/set moderated maybe", "Usage: /set [#room] <setting> <value>"],
  ["/set limit none", "Usage: /set [#room] <setting> <value>"],
  ["/set limit 0", "Usage: /set [#room] <setting> <value>"],
  ["/set colour red", "Usage: /set [#room] <setting> <value>"],
  ["/rename", "Usage: /rename [#room] <#new-name>"],
  ["/rename #a #b #c", "Usage: /rename [#room] <#new-name>"],
  ["/nick", "Usage: /nick <username>"],
  ["/nick a b", "Usage: /nick <username>"],
  ["/whois", "Usage: /whois <username>"],
  ["/register", "Usage: /register <password> [<email>]"],
  ["/login Ann", "Usage: /login <username> <password>"],
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

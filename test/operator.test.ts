import assert from "node:assert/strict";
import test from "node:test";
import { LineClient, timeless } from "./support/line-client.ts";
import { Operator } from "./support/operator.ts";

const rule = "=".repeat(60);
const banUsage = "Usage: ban ADDRESS [minutes (1 to 9999999)] [reason]";

test("the terminal shows the banner first, takes the operator's commands, and people see what they do", async (t) => {
  const operator = await Operator.start(t);
  const alice = await operator.admits("Alice");
  const bob = await operator.admits("Bob");
  await operator.types("list", "Online Users (2): Alice, Bob");
  await operator.types("say Lunch at noon", "T [BROADCAST] SYSTEM: Lunch at noon");
  await operator.types("KICK bob no shouting", "Bob was removed");
  await bob.untilEnd();
  await alice.until("Bob has left the chat");
  await operator.types(
    "ban 127.0.0.1 5 come back later",
    "127.0.0.1 is banned until UNTIL (come back later); 1 connection ended",
  );
  await alice.untilEnd();
  await operator.types("bans", "127.0.0.1 is banned until UNTIL (come back later)");
  const banned = await LineClient.connect(operator.port);
  await banned.untilEnd();
  await operator.terminal.shows("Rejected");
  await operator.types("unban 127.0.0.1", "127.0.0.1 may come in again");
  await operator.types("bans", "Nobody is banned");
  const charlie = await operator.admits("Charlie");
  operator.terminal.type("stop\r");
  const farewell = await charlie.untilEnd();
  charlie.close();
  assert.equal(await operator.terminal.exit, 0);

  const events = (received: string) =>
    timeless(received)
      .split(`${"=".repeat(50)}\n`)
      .at(-1);
  assert.equal(
    events(alice.received),
    [
      "T [SYSTEM] Bob has joined the chat",
      "T [SYSTEM] Lunch at noon",
      "T [SYSTEM] Bob has left the chat",
      "T [SYSTEM] You are banned from this server: come back later",
      "",
    ].join("\n"),
  );
  assert.equal(
    events(bob.received),
    "T [SYSTEM] Lunch at noon\nT [SYSTEM] You were removed from the chat: no shouting\n",
  );
  assert.equal(timeless(banned.received), "T [SYSTEM] You are banned from this server: come back later\n");
  assert.match(timeless(farewell), /T \[SYSTEM\] Server is shutting down\n$/);
  assert.deepEqual(operator.screen, [
    rule,
    "              MULTI-CLIENT CHAT SERVER",
    rule,
    "Server IP: 127.0.0.1",
    "Port: PORT",
    "Status: Listening for connections...",
    rule,
    "Come in from anywhere on this network:",
    "  browser      http://127.0.0.1:PORT/",
    "  netcat       nc 127.0.0.1 PORT",
    "  our client   npm run join -- NAME@127.0.0.1:PORT",
    "  IRC          server 127.0.0.1, port PORT, room #lobby (docs/using.md)",
    "  programs     ws://127.0.0.1:PORT/chat (docs/websocket.md)",
    "TLS is spoken on the same port. The certificate's SHA-256 fingerprint:",
    "  FINGERPRINT",
    "  FINGERPRINT",
    "",
    "[INFO] New connection attempt from ADDRESS",
    "T [JOIN] Alice joined from ADDRESS",
    "[INFO] Active clients: 1",
    "[INFO] New connection attempt from ADDRESS",
    "T [JOIN] Bob joined from ADDRESS",
    "[INFO] Active clients: 2",
    "list",
    "Online Users (2): Alice, Bob",
    "say Lunch at noon",
    "T [BROADCAST] SYSTEM: Lunch at noon",
    "KICK bob no shouting",
    "T [LEAVE] Bob left the chat",
    "[INFO] Active clients: 1",
    "Bob was removed",
    "ban 127.0.0.1 5 come back later",
    "T [LEAVE] Alice left the chat",
    "[INFO] Active clients: 0",
    "127.0.0.1 is banned until UNTIL (come back later); 1 connection ended",
    "bans",
    "127.0.0.1 is banned until UNTIL (come back later)",
    "[INFO] New connection attempt from ADDRESS",
    "[INFO] Rejected ADDRESS: 127.0.0.1 is banned",
    "unban 127.0.0.1",
    "127.0.0.1 may come in again",
    "bans",
    "Nobody is banned",
    "[INFO] New connection attempt from ADDRESS",
    "T [JOIN] Charlie joined from ADDRESS",
    "[INFO] Active clients: 1",
    "stop",
    "[INFO] Shutting down",
    "T [LEAVE] Charlie left the chat",
    "[INFO] Active clients: 0",
  ]);
});

test("what the operator types wrongly is answered with what is wanted, and does nothing", async (t) => {
  const operator = await Operator.start(t);
  const alice = await operator.admits("Alice");
  const answers: readonly (readonly [string, string])[] = [
    ["kick", "Usage: kick NAME [reason]"],
    ["kick Zed", "User 'Zed' is not online"],
    ["ban", banUsage],
    ["ban Alice", banUsage],
    ["ban 127.0.0.1 0", banUsage],
    ["ban 127.0.0.1 99999999 spam", banUsage],
    ["unban", "Usage: unban ADDRESS"],
    ["unban 127.0.0.1 5", "Usage: unban ADDRESS"],
    ["unban 127.0.0.1", "127.0.0.1 was not banned"],
    ["bans 127.0.0.1", "Usage: bans"],
    ["list A", "Usage: list"],
    ["say", "Usage: say TEXT"],
    ["stop shouting, Alice", "Usage: stop"],
    ["hello all", "Unknown command: hello. Type 'help' for commands"],
    ["bans", "Nobody is banned"],
    ["list", "Online Users (1): Alice"],
  ];
  for (const [line, answer] of answers) assert.equal(await operator.asks(line), answer, line);
  assert.equal((await alice.settled()).split("Online Users (1): Alice\n")[1], `${"=".repeat(50)}\n`);
});

test("help lists every command; the end of the input ends nothing, and Ctrl-C ends the server with 0", async (t) => {
  const operator = await Operator.start(t);
  await operator.types("help", "help                              this list");
  const { rows } = operator.terminal;
  const words = rows.slice(rows.indexOf("help") + 1).map((row) => row.split(" ")[0]);
  assert.deepEqual(words, ["kick", "ban", "unban", "bans", "list", "say", "reload", "stop", "help"]);
  operator.terminal.type("\u0004");
  const alice = await operator.admits("Alice");
  operator.terminal.type("\u0003");
  assert.match(timeless(await alice.untilEnd()), /T \[SYSTEM\] Server is shutting down\n$/);
  alice.close();
  assert.equal(await operator.terminal.exit, 0);
});

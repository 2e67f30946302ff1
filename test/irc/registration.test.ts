import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { readMotd } from "../../src/cli/motd-file.ts";
import { LineClient } from "../support/line-client.ts";
import { runServer } from "../support/running-server.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { TurnedClock } from "../support/turned-clock.ts";
import { IrcClient } from "./client.ts";

test("a nick in use is refused in whatever case, and another one may be tried on the same connection", async (t) => {
  const { port } = await runServer(t);
  await IrcClient.enter(port, "Ann");
  const second = await IrcClient.connect(port);
  const refused = await second.ask("NICK ann", "USER ann 0 * :Ann");
  assert.deepEqual(refused, [
    ":roomful.local 433 * ann :Username 'ann' is already in use. Choose another one",
  ]);
  for (const nick of ["ANN", "aNN", "anN", "AnN", "ann"]) {
    assert.match((await second.ask(`NICK ${nick}`))[0] ?? "", / 433 \* /);
  }
  second.send("NICK Bob");
  await second.until("001");
});

test("what comes too early, or cannot be, is answered by its numeric, and nobody is disconnected", async (t) => {
  const { port } = await runServer(t);
  const ann = await IrcClient.connect(port);
  const early = await ann.ask("JOIN :", "PRIVMSG bob :hi", "WHOIS bob", "AWAY :lunch", "NONSENSE");
  assert.deepEqual(early, Array(5).fill(":roomful.local 451 * :You have not registered"));
  const refused = await ann.ask(
    "NICK",
    "NICK :two words",
    "NICK #ann",
    `NICK ${"a".repeat(33)}`,
    "USER ann 0 *",
    "USER  0 * :Ann",
    "USER ann 0 * :",
    "PASS",
    "PING",
    "PING :",
  );
  const numerics = refused.map((line) => line.split(" ").slice(1, 4).join(" "));
  assert.deepEqual(numerics, [
    "431 * :No",
    "432 * *",
    "432 * #ann",
    `432 * ${"a".repeat(33)}`,
    "461 * USER",
    "461 * USER",
    "461 * USER",
    "461 * PASS",
    "461 * PING",
    "409 * :No",
  ]);
  ann.send("NICK Ann", "USER ann 0 * :Ann");
  await ann.until("422");
  assert.deepEqual(await ann.ask("USER ann 0 * :Ann", "PASS x", "NONSENSE", "WHOIS"), [
    ":roomful.local 462 Ann :You may not reregister",
    ":roomful.local 462 Ann :You may not reregister",
    ":roomful.local 421 Ann NONSENSE :Unknown command",
    ":roomful.local 431 Ann :No nickname given",
  ]);
});

test("one's nick is changed aloud, in its case too, and not at all where it is the same", async (t) => {
  const { port } = await runServer(t);
  const ann = await IrcClient.enter(port, "Ann");
  const bob = await IrcClient.enter(port, "Bob");
  await ann.ask("JOIN #a");
  await bob.ask("JOIN #a");
  await ann.until("JOIN");
  const [source] = /^:Ann(\S+) JOIN/.exec((await ann.ask("PART #a", "JOIN #a"))[1] ?? "") ?? [""];
  assert.notEqual(source, "");
  assert.deepEqual(await ann.ask("NICK Ann"), []);
  const lower = await ann.ask("NICK ann");
  assert.deepEqual(lower, [source.replace(" JOIN", " NICK ann")]);
  assert.equal(await bob.until("NICK"), lower[0]);
  assert.deepEqual(
    (await ann.ask("NICK bob", "NICK :", "NICK ann!", "NICK Carl")).map((line) =>
      line.split(" ").slice(1, 4),
    ),
    [
      ["433", "ann", "bob"],
      ["431", "ann", ":No"],
      ["432", "ann", "ann!"],
      ["NICK", "Carl"],
    ],
  );
  assert.match(await bob.until("NICK"), /^:ann!~Ann@\S+ NICK Carl$/);
  // The name is free again.
  await IrcClient.enter(port, "Ann");
});

test("others see under which nick somebody came in, whatever he is called a moment later", async (t) => {
  const { port } = await runServer(t);
  const bob = await IrcClient.enter(port, "Bob");
  const ann = await IrcClient.enter(port, "Ann");
  await bob.ask("JOIN #a");
  await ann.ask("JOIN #a", "NICK Zoe", "AWAY :x");
  assert.deepEqual(
    (await bob.ask()).map((line) => line.replace(/!\S+/, "")),
    [":Ann JOIN #a", ":Ann NICK Zoe"],
  );
});

test("QUIT before one has come in gets ERROR and the end", async (t) => {
  const { port } = await runServer(t);
  const ann = await IrcClient.connect(port);
  ann.send("NICK Ann", "QUIT :bye");
  assert.deepEqual(await ann.untilEnd(), [":roomful.local ERROR :Closing link: Goodbye"]);
});

test("who leaves is answered by ERROR, and the others are told why", async (t) => {
  const { port } = await runServer(t);
  const ann = await IrcClient.enter(port, "Ann");
  const bob = await IrcClient.enter(port, "Bob");
  await bob.ask("JOIN #a");
  await ann.ask("JOIN #a");
  ann.send("QUIT :gone fishing");
  assert.deepEqual(await ann.untilEnd(), [":roomful.local ERROR :Closing link: Goodbye"]);
  assert.match(await bob.until("QUIT"), /^:Ann!~Ann@\S+ QUIT :Quit: gone fishing$/);
});

/** How somebody goes, and what the others are told: https://modern.ircdocs.horse/#quit-message */
const partings: readonly (readonly [how: string, words: string])[] = [
  ["QUIT", "Quit: "],
  ["QUIT :", "Quit: "],
  ["QUIT :gone fishing", "Quit: gone fishing"],
  ["without a word", "Connection closed"],
];

test("the others are told why somebody went, whether he says so or not", async (t) => {
  const { port } = await runServer(t);
  const bob = await IrcClient.enter(port, "Bob");
  await bob.ask("JOIN #a");
  const carl = await LineClient.enter(port, "Carl");
  carl.send("/join a");
  await carl.until("You are in #a");
  for (const [how, words] of partings) {
    const ann = await IrcClient.enter(port, "Ann");
    await ann.ask("JOIN #a");
    if (how.startsWith("QUIT")) ann.send(how);
    else ann.close();
    assert.match(await bob.until("QUIT"), new RegExp(`^:Ann!~Ann@\\S+ QUIT :${words}$`), how);
  }
  carl.send("/list");
  const told = await carl.until(/Online Users \(2\)[^]*Online Users \(2\)/);
  assert.equal(told.match(/Ann has left the chat\n/g)?.length, 3);
  assert.match(told, /Ann has left the chat: gone fishing\n/);
});

test("where there is a password it has to be given, and right", async (t) => {
  const { port } = await runServer(t, { settings: { connectionPassword: "sesame" } });
  for (const pass of [[], ["PASS wrong"]]) {
    const client = await IrcClient.connect(port);
    client.send(...pass, "NICK Ann", "USER ann 0 * :Ann");
    assert.deepEqual(await client.untilEnd(), [
      ":roomful.local 464 Ann :Password incorrect",
      ":roomful.local ERROR :Closing link: Bad password",
    ]);
  }
  const client = await IrcClient.connect(port);
  assert.deepEqual(
    (await client.ask("PING x", "PASS", "PASS :")).slice(1),
    Array(2).fill(":roomful.local 461 * PASS :Not enough parameters"),
  );
  client.send("PASS wrong", "PASS sesame", "NICK Ann", "USER ann 0 * :Ann");
  await client.until("001");
});

test("who does not come in in time is told so", async (t) => {
  const clock = new TurnedClock(7000);
  const { port } = await runServer(t, { clock, settings: { loginMs: 7000 } });
  const ann = await IrcClient.connect(port);
  await ann.ask("NICK Ann");
  clock.turn();
  assert.match(
    (await ann.untilEnd()).join("\n"),
    /^:roomful.local ERROR :Closing link: No username came in time/,
  );
});

test("the message of the day is a file's lines, and one is welcomed with it", async (t) => {
  const file = join(temporaryFolder(t), "motd");
  writeFileSync(file, `Be kind.\n\n${"long ".repeat(200)}\n`);
  const { port } = await runServer(t, { settings: { motd: readMotd(file) } });
  const ann = await IrcClient.connect(port);
  ann.send("NICK Ann", "USER ann 0 * :Ann");
  await ann.until("375");
  assert.deepEqual((await ann.ask()).slice(0, 2), [
    ":roomful.local 372 Ann :- Be kind.",
    ":roomful.local 372 Ann :- ",
  ]);
  const lines = await ann.ask("MOTD");
  assert.equal(lines[0], ":roomful.local 375 Ann :- roomful.local Message of the day - ");
  assert.equal(lines.at(-1), ":roomful.local 376 Ann :End of /MOTD command.");
  assert.ok(lines.every((line) => Buffer.byteLength(line) <= 510));
  assert.deepEqual(await ann.ask("MOTD elsewhere.example"), [
    ":roomful.local 402 Ann elsewhere.example :No such server",
  ]);
});

test("a file that is no message of the day", (t) => {
  const file = join(temporaryFolder(t), "motd");
  assert.equal(readMotd(file), undefined);
  writeFileSync(file, "x".repeat(65_537));
  assert.equal(readMotd(file), undefined);
  writeFileSync(file, "a\r\nb\0c\rd");
  assert.deepEqual(readMotd(file), ["a", "b\uFFFDc", "d"]);
});

import assert from "node:assert/strict";
import test from "node:test";
import { commandNames } from "../../src/server/irc/commands.ts";
import { runServer } from "../support/running-server.ts";
import { IrcClient, plain } from "./client.ts";

test("LUSERS counts people, and who comes in is told", async (t) => {
  const { port } = await runServer(t);
  const ann = await IrcClient.connect(port);
  ann.send("NICK Ann", "USER ann 0 * :Ann");
  const counts = [
    "251 :There are 1 users and 0 invisible on 1 servers",
    "252 0 :operator(s) online",
    "253 0 :unknown connection(s)",
    "254 0 :channels formed",
    "255 :I have 1 clients and 0 servers",
    "265 1 1 :Current local users 1, max 1",
    "266 1 1 :Current global users 1, max 1",
  ];
  await ann.until("005");
  await ann.until(/ 005 (?!.* 005 )/);
  const welcome = plain(await ann.ask());
  assert.deepEqual(
    welcome.filter((line) => line.startsWith("2")),
    counts,
  );
  const bob = await IrcClient.enter(port, "Bob");
  const someone = await IrcClient.connect(port);
  await someone.ask("NICK Carl");
  bob.send("QUIT");
  await bob.untilEnd();
  assert.deepEqual(plain(await ann.ask("LUSERS")), [
    ...counts.slice(0, 2),
    "253 1 :unknown connection(s)",
    ...counts.slice(3, 5),
    "265 1 2 :Current local users 1, max 2",
    "266 1 2 :Current global users 1, max 2",
  ]);
});

test("the server says of itself what is asked, where it is meant", async (t) => {
  const { port } = await runServer(t, { settings: { adminContact: "ann@example.org", networkName: "Hill" } });
  const ann = await IrcClient.enter(port, "Ann");
  const ask = async (line: string): Promise<string> => plain(await ann.ask(line)).join("\n");
  for (const target of ["", " roomful.local", " roomful.*", " ann"]) {
    assert.match(await ask(`VERSION${target}`), /^351 roomful-\S+ roomful\.local :Hill\n005 /);
    assert.match(
      await ask(`TIME${target}`),
      /^391 roomful\.local T 0 :\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/,
    );
    assert.match(
      await ask(`ADMIN${target}`),
      /^256 roomful\.local :Administrative info\n257 :Hill\n258 :roomful-\S+\n259 :ann@example\.org$/,
    );
    assert.match(await ask(`INFO${target}`), /^371 :roomful-[^\n]+\n371 :[^\n]+\n374 :End of INFO list$/);
    assert.match(await ask(`MOTD${target}`), /^422 :/);
  }
  for (const command of ["VERSION", "TIME", "ADMIN", "INFO", "MOTD", "STATS u"]) {
    assert.equal(await ask(`${command} elsewhere.example`), "402 elsewhere.example :No such server");
  }
  const link = "364 * roomful.local :0 Hill";
  assert.equal(await ask("LINKS"), `${link}\n365 * :End of /LINKS list`);
  assert.equal(await ask("LINKS room*"), `${link}\n365 room* :End of /LINKS list`);
  assert.equal(await ask("LINKS elsewhere.*"), "365 elsewhere.* :End of /LINKS list");
  assert.equal(await ask("LINKS roomful.local *"), `${link}\n365 * :End of /LINKS list`);
  assert.equal(await ask("LINKS elsewhere.example *"), "402 elsewhere.example :No such server");
  assert.equal(await ask("LUSERS * elsewhere.example"), "402 elsewhere.example :No such server");
  assert.match(await ask("LUSERS * roomful.local"), /^251 /);
  assert.equal(await ask("SUMMON ann"), "445 :SUMMON has been disabled");
  assert.equal(await ask("USERS"), "446 :USERS has been disabled");
  assert.match(await ask("STATS u"), /^242 :Server Up 0 days \d\d:\d\d:\d\d\n219 u :End of \/STATS report$/);
  assert.equal(await ask("STATS c"), "219 c :End of /STATS report");
});

test("HELP explains every command, and says where it knows nothing", async (t) => {
  const { port } = await runServer(t);
  const ann = await IrcClient.enter(port, "Ann");
  for (const help of ["HELP", "HELPOP"]) {
    const index = plain(await ann.ask(help));
    assert.equal(index[0], "704 * :The commands of this server");
    assert.equal(index[1], "705 * :");
    assert.equal(index.at(-1), "706 * :HELP <command> explains one of them");
    const words = index.slice(2, -1).flatMap((line) => line.replace(/^705 \* :/, "").split(" "));
    assert.deepEqual(words, [...commandNames].sort());
  }
  assert.deepEqual(plain(await ann.ask("HELP privmsg", "HELP :no such thing", "HELP nothing")), [
    "704 PRIVMSG :The command PRIVMSG",
    "705 PRIVMSG :",
    "705 PRIVMSG :PRIVMSG <nick or channel> <text>",
    "706 PRIVMSG :says something to somebody, or in a channel",
    "524 * :No help available on this topic",
    "524 nothing :No help available on this topic",
  ]);
});

test("what the server supports is told again when it is asked for", async (t) => {
  const { port } = await runServer(t);
  const ann = await IrcClient.enter(port, "Ann");
  const tokens = plain(await ann.ask("ISUPPORT"));
  assert.ok(tokens.every((line) => /^005 .* :are supported by this server$/.test(line)));
  assert.match(tokens.join(" "), / NETWORK=Roomful /);
  const early = await IrcClient.connect(port);
  assert.match((await early.ask("PING x", "ISUPPORT")).join("\n"), / 451 \* :/);
  const lines = await early.ask("CAP REQ :batch draft/extended-isupport", "ISUPPORT");
  assert.match(lines[1] ?? "", /^:roomful\.local BATCH \+b1 draft\/isupport$/);
  assert.ok(lines.slice(2, -1).every((line) => line.startsWith("@batch=b1 :roomful.local 005 * ")));
  assert.equal(lines.at(-1), ":roomful.local BATCH -b1");
  early.send("NICK Bob", "USER bob 0 * :Bob", "CAP END");
  await early.until("BATCH");
  assert.match(await early.until("BATCH"), / BATCH -b2$/);
});

import assert from "node:assert/strict";
import test from "node:test";
import { LineClient, timeless } from "../support/line-client.ts";
import { runServer } from "../support/running-server.ts";
import { IrcClient, plain } from "./client.ts";

/** With hosts and times in one form. */
function told(lines: readonly string[]): readonly string[] {
  return plain(lines).map((line) =>
    line
      .replaceAll(/[0-9a-f]{12}\.hidden/g, "host")
      .replace(/^@\S+ /, "")
      .replace(/^:(\w+)!\S+ /, ":$1 "),
  );
}

test("who is away is told so, and so is who writes to him or asks for him", async (t) => {
  const { port } = await runServer(t);
  const ann = await IrcClient.enter(port, "Ann");
  const bob = await IrcClient.enter(port, "Bob");
  assert.deepEqual(told(await ann.ask("AWAY :out for lunch")), ["306 :You have been marked as being away"]);
  assert.deepEqual(told(await bob.ask("PRIVMSG ann :hi", "NOTICE ann :hi", "USERHOST ann bob nobody")), [
    "301 Ann :out for lunch",
    "302 :Ann=-~Ann@host Bob=+~Bob@host",
  ]);
  assert.ok(told(await bob.ask("WHOIS Ann")).includes("301 Ann :out for lunch"));
  assert.deepEqual(told(await bob.ask("WHO Ann")), [
    "352 * ~Ann host roomful.local Ann G :0 Ann himself",
    "315 Ann :End of WHO list",
  ]);
  assert.deepEqual(told(await ann.ask()), [":Bob PRIVMSG Ann :hi", ":Bob NOTICE Ann :hi"]);
  for (const back of ["AWAY", "AWAY :"]) {
    assert.deepEqual(told(await ann.ask(back)), ["305 :You are no longer marked as being away"]);
  }
  assert.deepEqual(await bob.ask("PRIVMSG ann :back?"), []);
});

test("at netcat it is said as well that somebody is away", async (t) => {
  const { port } = await runServer(t);
  const ann = await IrcClient.enter(port, "Ann");
  const carl = await LineClient.enter(port, "Carl");
  await ann.ask("AWAY :lunch");
  carl.clear();
  carl.send("/pm Ann hi");
  assert.equal(timeless(await carl.settled()), "T [PM to Ann] hi\nT [SYSTEM] Ann is away: lunch\n");
});

test("members of one's rooms who ask for it are told that one is away, and that one comes in so", async (t) => {
  const { port } = await runServer(t);
  const ann = await IrcClient.enter(port, "Ann");
  const bob = await IrcClient.enter(port, "Bob", "away-notify");
  const carl = await IrcClient.enter(port, "Carl");
  for (const client of [ann, bob, carl]) await client.ask("JOIN #a");
  await bob.until(/Carl\S+ JOIN/);
  await ann.ask("AWAY :lunch", "AWAY");
  assert.deepEqual(told(await bob.ask()), [":Ann AWAY :lunch", ":Ann AWAY"]);
  assert.deepEqual(told(await carl.ask()), []);
  await ann.ask("AWAY :tea", "PART #a", "JOIN #a");
  assert.deepEqual(told(await bob.ask()), [
    ":Ann AWAY :tea",
    ":Ann PART #a",
    ":Ann JOIN #a",
    ":Ann AWAY :tea",
  ]);
});

test("who has negotiated it says that he is away before he has come in", async (t) => {
  const { port } = await runServer(t);
  const bob = await IrcClient.enter(port, "Bob");
  const ann = await IrcClient.connect(port);
  const early = await ann.ask("CAP REQ draft/pre-away", "AWAY :on my way");
  assert.equal(early.at(-1), ":roomful.local 306 * :You have been marked as being away");
  ann.send("NICK Ann", "USER ann 0 * :Ann", "CAP END");
  await ann.until("422");
  assert.deepEqual(told(await bob.ask("PRIVMSG Ann :hi")), ["301 Ann :on my way"]);
});

test("what one says of oneself can be changed, and who has negotiated it is told", async (t) => {
  const { port } = await runServer(t);
  const ann = await IrcClient.enter(port, "Ann", "setname", "standard-replies");
  const bob = await IrcClient.enter(port, "Bob", "setname");
  const carl = await IrcClient.enter(port, "Carl");
  for (const client of [ann, bob, carl]) await client.ask("JOIN #a");
  await bob.until(/Carl\S+ JOIN/);
  await ann.ask();
  assert.deepEqual(told(await ann.ask("SETNAME :Ann of the Hills")), [":Ann SETNAME :Ann of the Hills"]);
  assert.deepEqual(told(await bob.ask()), [":Ann SETNAME :Ann of the Hills"]);
  assert.deepEqual(told(await carl.ask()), []);
  assert.ok(told(await bob.ask("WHOIS Ann")).includes("311 Ann ~Ann host * :Ann of the Hills"));
  const failed = [
    ":roomful.local FAIL SETNAME INVALID_REALNAME :What you say of yourself must have 1 to 390 bytes",
  ];
  assert.deepEqual(await ann.ask("SETNAME :"), failed);
  assert.deepEqual(await ann.ask(`SETNAME :${"ö".repeat(196)}`), failed);
  assert.deepEqual(told(await carl.ask("SETNAME :Carl the Bold")), []);
  assert.deepEqual(told(await bob.ask()), [":Carl SETNAME :Carl the Bold"]);
});

test("ISON tells who of some is here", async (t) => {
  const { port } = await runServer(t);
  const ann = await IrcClient.enter(port, "Ann");
  await IrcClient.enter(port, "Bob");
  assert.deepEqual(told(await ann.ask("ISON bob nobody ANN", "ISON :bob ann", "ISON nobody", "ISON")), [
    "303 :Bob Ann",
    "303 :Bob Ann",
    "303 :",
    "461 ISON :Not enough parameters",
  ]);
});

test("WHO finds people by channel, nick and mask", async (t) => {
  const { port } = await runServer(t);
  const ann = await IrcClient.enter(port, "Ann");
  const bob = await IrcClient.enter(port, "Bob", "multi-prefix");
  await ann.ask("JOIN #a", "AWAY :x");
  await bob.ask("JOIN #a");
  const annsLine = "352 #a ~Ann host roomful.local Ann G@ :0 Ann himself";
  const bobsLine = "352 #a ~Bob host roomful.local Bob H :0 Bob himself";
  const end = (mask: string): string => `315 ${mask} :End of WHO list`;
  const both = [annsLine, bobsLine];
  const tries: readonly (readonly [string, readonly string[]])[] = [
    ["#a", [...both, end("#a")]],
    ["#A", [...both, end("#A")]],
    ["#none", [end("#none")]],
    ["aNN", [annsLine, end("aNN")]],
    ["An*", [annsLine, end("An*")]],
    ["?ob", [bobsLine, end("?ob")]],
    ["*himself", [...both, end("*himself")]],
    ["*!~Bob@*", [bobsLine, end("*!~Bob@*")]],
    ["* o", [end("*")]],
    ["0", [...both, end("0")]],
    ["", [...both, end("*")]],
    ["roomful.*", [...both, end("roomful.*")]],
    ["*.hidden", [...both, end("*.hidden")]],
    ["B?b", [bobsLine, end("B?b")]],
    ["~B*", [bobsLine, end("~B*")]],
    ["nobody", [end("nobody")]],
  ];
  for (const [asked, expected] of tries)
    assert.deepEqual(told(await bob.ask(`WHO ${asked}`)), expected, asked);
  await ann.until(/Bob\S+ JOIN/);
});

test("WHO with fields gives just those, in the order of the specification", async (t) => {
  const { port } = await runServer(t);
  const ann = await IrcClient.enter(port, "Ann");
  const bob = await IrcClient.enter(port, "Bob");
  await ann.ask("JOIN #a");
  await bob.ask("JOIN #a");
  const idle = (line: string): string => line.replace(/ H@? \d+ /, " H L ");
  const tries: readonly (readonly [string, string])[] = [
    ["Ann %tcuihsnflar,123", "354 123 #a ~Ann 255.255.255.255 host roomful.local Ann H L 0 :Ann himself"],
    ["Bob %rni", "354 127.0.0.1 Bob :Bob himself"],
    ["Ann %na", "354 Ann 0"],
    ["Ann %tn,0", "354 0 Ann"],
  ];
  for (const [asked, expected] of tries) {
    const [line = "", end] = told(await bob.ask(`WHO ${asked}`));
    assert.equal(idle(line), expected);
    assert.equal(end, `315 ${asked.split(" ")[0]} :End of WHO list`);
  }
});

test("who is invisible is found by name and by who shares a channel with him, and by no mask", async (t) => {
  const { port } = await runServer(t);
  const ann = await IrcClient.enter(port, "Ann");
  const bob = await IrcClient.enter(port, "Bob");
  await ann.ask("MODE Ann +i");
  const found = async (mask: string): Promise<boolean> =>
    (await bob.ask(`WHO ${mask}`)).some((line) => line.includes(" 352 "));
  assert.equal(await found("An*"), false);
  assert.equal(await found("Ann"), true);
  await ann.ask("JOIN #a");
  await bob.ask("JOIN #a");
  assert.equal(await found("An*"), true);
  assert.match((await bob.ask("LUSERS"))[0] ?? "", /251 Bob :There are 1 users and 1 invisible on 1 servers/);
});

test("who is invisible is shown in a channel to who is in it himself, and to operators", async (t) => {
  const { port } = await runServer(t, { settings: { operator: { name: "boss", password: "sesame" } } });
  const ann = await IrcClient.enter(port, "Ann");
  await ann.ask("JOIN #a", "MODE Ann +i");
  const bob = await IrcClient.enter(port, "Bob");
  await bob.ask("JOIN #a");
  const carl = await IrcClient.enter(port, "Carl");
  const seen = async (client: IrcClient): Promise<string> => {
    const lines = plain(await client.ask("NAMES #a", "WHO #a", "WHOIS Ann"));
    const names = lines.find((line) => line.startsWith("353"))?.split(":")[1] ?? "";
    const listed = lines.filter((line) => line.startsWith("352")).map((line) => line.split(" ")[5]);
    const channels = lines.find((line) => line.startsWith("319"))?.split(":")[1] ?? "";
    return [names, listed.join(" "), channels].join(" / ");
  };
  assert.equal(await seen(bob), "@Ann Bob / Ann Bob / @#a");
  assert.equal(await seen(carl), "Bob / Bob / ");
  await carl.ask("OPER boss sesame");
  assert.equal(await seen(carl), "@Ann Bob / Ann Bob / @#a");
});

test("WHOIS tells of somebody what everybody may know, and of oneself what is one's own", async (t) => {
  const { port } = await runServer(t);
  const ann = await IrcClient.enter(port, "Ann");
  const bob = await IrcClient.enter(port, "Bob");
  await ann.ask("JOIN #a", "JOIN #secret", "MODE Ann +B");
  const times = (lines: readonly string[]): readonly string[] =>
    told(lines).map((line) => line.replace(/^(317 \w+) \d+/, "$1 S"));
  const head = [
    "311 Ann ~Ann host * :Ann himself",
    "319 Ann :@#a @#secret",
    "312 Ann roomful.local :Roomful",
  ];
  const tail = ["317 Ann S T :seconds idle, signon time", "318 ann :End of /WHOIS list"];
  const bot = "335 Ann :is a bot on Roomful";
  for (const asked of ["ann", "roomful.local ann", "*.local ann", "ann ann", "Bob ann"]) {
    assert.deepEqual(times(await bob.ask(`WHOIS ${asked}`)), [...head, bot, ...tail], asked);
  }
  assert.deepEqual(times(await ann.ask("WHOIS ann")), [
    ...head,
    bot,
    "338 Ann ~Ann@127.0.0.1 127.0.0.1 :Is actually using host",
    "379 Ann :is using modes +B",
    ...tail,
  ]);
  assert.deepEqual(told(await bob.ask("WHOIS nobody", "WHOIS elsewhere.example ann", "WHOIS")), [
    "401 nobody :No such nick/channel",
    "318 nobody :End of /WHOIS list",
    "402 elsewhere.example :No such server",
    "431 :No nickname given",
  ]);
  const several = told(await bob.ask("WHOIS Bob,nobody,Ann")).map((line) =>
    line.split(" ").slice(0, 2).join(" "),
  );
  assert.deepEqual(
    several.filter((line) => /^(311|401|318)/.test(line)),
    ["311 Bob", "401 nobody", "311 Ann", "318 Bob,nobody,Ann"],
  );
});

test("WHOWAS tells of those who are gone or are called otherwise, the last first", async (t) => {
  const { port } = await runServer(t);
  const bob = await IrcClient.enter(port, "Bob");
  for (const name of ["one", "two", "three"]) {
    const ann = await IrcClient.connect(port);
    ann.send("NICK Ann", `USER ann 0 * :Ann ${name}`);
    await ann.until("422");
    ann.send("QUIT");
    await ann.untilEnd();
  }
  const asked = async (params: string): Promise<readonly string[]> =>
    told(await bob.ask(`WHOWAS ${params}`)).filter((line) => !line.startsWith("312"));
  const was = (name: string): string => `314 Ann ~ann host * :Ann ${name}`;
  const end = "369 ann :End of WHOWAS";
  assert.deepEqual(await asked("ann"), [was("three"), was("two"), was("one"), end]);
  assert.deepEqual(await asked("ann 2"), [was("three"), was("two"), end]);
  for (const all of ["0", "-1", "x"]) assert.equal((await asked(`ann ${all}`)).length, 4);
  assert.deepEqual(await asked("nobody"), [
    "406 nobody :There was no such nickname",
    "369 nobody :End of WHOWAS",
  ]);
  assert.deepEqual(told(await bob.ask("WHOWAS")), ["431 :No nickname given"]);
  assert.match(
    (await bob.ask("WHOWAS ann 1"))[1] ?? "",
    / 312 Bob Ann roomful\.local :\w{3}, \d\d \w{3} \d{4} /,
  );
  await bob.ask("NICK BOB", "NICK Carl");
  assert.deepEqual(
    told(await bob.ask("WHOWAS bob")).filter((line) => line.startsWith("314")),
    ["314 BOB ~Bob host * :Bob himself"],
  );
});

test("one's modes are shown and changed by oneself alone", async (t) => {
  const { port } = await runServer(t);
  const ann = await IrcClient.enter(port, "Ann");
  await IrcClient.enter(port, "Bob");
  assert.deepEqual(
    told(
      await ann.ask(
        "MODE ann",
        "MODE Ann +iB",
        "MODE Ann",
        "MODE Ann +i",
        "MODE Ann +w-B",
        "MODE Ann +xi-wQ",
        "MODE Ann +or",
        "MODE Bob",
        "MODE Bob +i",
        "MODE nobody +i",
        "MODE Ann",
      ),
    ),
    [
      "221 +",
      ":Ann MODE Ann +iB",
      "221 +Bi",
      ":Ann MODE Ann +w-B",
      ":Ann MODE Ann -w",
      "501 :Unknown MODE flag",
      "502 :Cant change mode for other users",
      "502 :Cant change mode for other users",
      "401 nobody :No such nick/channel",
      "221 +i",
    ],
  );
});

test("guests send nothing in private to who takes it from people with an account only", async (t) => {
  const { port } = await runServer(t);
  const ann = await IrcClient.enter(port, "Ann");
  const bob = await IrcClient.enter(port, "Bob");
  await ann.ask("MODE Ann +R");
  assert.deepEqual(told(await bob.ask("PRIVMSG Ann :hi", "NOTICE Ann :hi")), [
    "477 Ann :'Ann' takes private messages only from people with an account",
  ]);
  assert.deepEqual(told(await ann.ask()), []);
  await ann.ask("MODE Ann -R");
  assert.deepEqual(told(await bob.ask("PRIVMSG Ann :hi")), []);
  assert.deepEqual(told(await ann.ask()), [":Bob PRIVMSG Ann :hi"]);
});

test("a bot is marked in WHO and by a tag", async (t) => {
  const { port } = await runServer(t);
  const ann = await IrcClient.enter(port, "Ann");
  const bob = await IrcClient.enter(port, "Bob", "message-tags");
  await ann.ask("MODE Ann +B");
  assert.match((await bob.ask("WHO Ann"))[0] ?? "", / Ann HB :0 /);
  await ann.ask("PRIVMSG Bob :beep");
  assert.match(await bob.until("PRIVMSG"), /^@(\S+;)?bot(;\S+)? :Ann!/);
});

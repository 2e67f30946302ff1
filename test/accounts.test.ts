import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { databaseName } from "../src/storage/data-folder.ts";
import { IrcClient, plain } from "./irc/client.ts";
import { LineClient, timeless } from "./support/line-client.ts";
import { runServer } from "./support/running-server.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

/** Somebody makes an account of his name, and stays. */
async function registered(port: number, name: string, password = "sesame"): Promise<LineClient> {
  const client = await LineClient.enter(port, name);
  client.send(`/register ${password}`);
  await client.until(`The name ${name} is yours from now on`);
  return client;
}

async function signedIn(port: number, name: string, password = "sesame"): Promise<LineClient> {
  const client = await LineClient.connect(port);
  client.send(name, password);
  await client.until(/Online Users \(\d+\): [^\n]*\n={50}\n/);
  return client;
}

async function leave(client: LineClient): Promise<void> {
  client.send("/quit");
  await client.untilEnd();
}

test("a name that was registered is its owner's, who is asked for the password, across restarts too", async (context) => {
  const dataFolder = join(temporaryFolder(context), "data");
  const first = await runServer(context, { dataFolder });
  await leave(await registered(first.port, "Ann"));
  const stranger = await LineClient.connect(first.port);
  stranger.send("ann");
  await stranger.until("belongs to somebody with a password");
  stranger.send("guess");
  await stranger.until("That account and password do not belong together");
  await first.stop();
  const { port } = await runServer(context, { dataFolder });
  const ann = await LineClient.connect(port);
  ann.send("ANN");
  await ann.until(/belongs to somebody with a password[^\n]*\nIts password [^\n]*: $/);
  ann.send("sesame");
  await ann.until("Welcome to the chat server, ANN!");
  assert.match(await whois(ann, "ann"), /Signed in as Ann/);
});

test("why a name cannot be registered", async (context) => {
  const { port } = await runServer(context);
  const ann = await registered(port, "ann");
  ann.send("/register other");
  await ann.until("You are signed in as 'ann' already");
  const bob = await LineClient.enter(port, "bob");
  bob.send("/register abc");
  await bob.until("That password is too short: at least 4 characters");
  bob.send("/register", "/register a b c", "/register sesame nowhere");
  await bob.until(/Usage: \/register .*Usage: \/register .*'nowhere' cannot be an email address/s);
  bob.send("/nick Ann");
  await bob.until("Username 'Ann' belongs to somebody with a password");
});

test("an account that cannot be stored is not made, and its name is free", async (context) => {
  const { port, dataFolder } = await runServer(context, { settings: { storeBusyMs: 0 } });
  const ann = await LineClient.enter(port, "ann");
  const other = new DatabaseSync(join(dataFolder, databaseName));
  context.after(() => other.close());
  other.exec("BEGIN IMMEDIATE");
  ann.send("/register sesame");
  await ann.until("The server's storage is in use by another program. Nothing was stored");
  other.exec("ROLLBACK");
  assert.match(await whois(ann, "ann"), /A guest/);
  await leave(ann);
  await leave(await registered(port, "Ann", "another"));
  await signedIn(port, "ann", "another");
});

test("wrong passwords are slowed down for a pair of account and address, at both places where they are given", async (context) => {
  const { port } = await runServer(context, { settings: { guesses: { free: 2, longestWaitMs: 900_000 } } });
  await leave(await registered(port, "ann"));
  const guest = await LineClient.enter(port, "guest");
  guest.send("/login ann one");
  await guest.until("do not belong together");
  const other = await LineClient.connect(port);
  other.send("ann", "two");
  await other.until("do not belong together");
  other.send("sesame");
  await other.until(/There were too many wrong passwords\. Try again in \d+ s/);
  guest.send("/login ann sesame");
  await guest.until("There were too many wrong passwords");
  await leave(await registered(port, "bob"));
  guest.send("/login bob sesame");
  await guest.until("You are signed in as bob");
});

test("several devices are one person, who sees his own lines, and rooms outlive connections", async (context) => {
  const { port } = await runServer(context);
  const one = await registered(port, "ann");
  one.send("/join #den");
  await one.until("You made #den");
  const two = await signedIn(port, "ann");
  await two.until("You are in #den as well");
  const bob = await LineClient.enter(port, "bob");
  assert.match(bob.received, /Online Users \(2\): ann, bob/);
  one.send("/join #lobby", "from one");
  await two.until("ann: from one");
  bob.send("/pm ann hello");
  await Promise.all([one.until("[PM from bob] hello"), two.until("[PM from bob] hello")]);
  two.send("/pm bob hi");
  await one.until("[PM to bob] hi");
  await leave(one);
  bob.clear();
  await bob.settled();
  assert.doesNotMatch(bob.received, /ann has left/);
  await leave(two);
  await bob.until("ann has left the chat");
  const again = await signedIn(port, "ann");
  await again.until("You are in #den as well");
});

test("a guest who turns out to be somebody is him, in his rooms and in those that the guest was in", async (context) => {
  const { port } = await runServer(context);
  const ann = await registered(port, "ann");
  ann.send("/join #den");
  await ann.until("You made #den");
  await leave(ann);
  const bob = await LineClient.enter(port, "bob");
  const guest = await LineClient.enter(port, "guest");
  guest.send("/join #other");
  await guest.until("You made #other");
  guest.send("/login ann sesame");
  await guest.until(/You are signed in as ann.*You are in #den/s);
  assert.match(
    await whois(bob, "guest"),
    /Signed in as ann\n.*\nIn #den \(operator\), #lobby, #other \(operator\)\n/,
  );
  // A second guest becomes the same person, who is here by now: the guest is gone, and his name is free.
  const second = await LineClient.enter(port, "second");
  await bob.until("second has joined");
  bob.clear();
  second.send("/login ann sesame");
  await second.until("You are now called guest");
  await bob.until("second has left the chat");
  assert.match(await bob.settled(), /^\S+ \[SYSTEM\] second has left the chat\n$/);
  await LineClient.enter(port, "second");
});

test("to sign in once more changes nothing", async (context) => {
  const { port } = await runServer(context);
  const ann = await registered(port, "ann");
  const bob = await LineClient.enter(port, "bob");
  await ann.until("bob has joined");
  ann.clear();
  ann.send("/login Ann sesame", "/list");
  await ann.until("Online Users");
  assert.match(
    timeless(await ann.settled()),
    /^T \[SYSTEM\] You are signed in as ann\n=+\nOnline Users \(2\): ann, bob\n=+\n$/,
  );
  assert.equal(await bob.settled().then((text) => text.includes("ann has")), false);
});

test("what is said to who is away waits for him, and he is given it once, across a restart too", async (context) => {
  const dataFolder = join(temporaryFolder(context), "data");
  const first = await runServer(context, { dataFolder });
  const ann = await registered(first.port, "ann");
  const bob = await LineClient.enter(first.port, "bob");
  ann.send("/pm bob seen");
  await bob.until("[PM from ann] seen");
  await leave(ann);
  await bob.until("ann has left");
  bob.send("/pm Ann one", "/me waves", "/pm ann two", "/pm zed three");
  await bob.until(
    /\[PM to ann\] one\n.*ann is not here, and is given it on coming in\n(.*\n)*.*\[PM to ann\] two\n/,
  );
  await bob.until("User 'zed' is not online");
  await first.stop();
  const { port } = await runServer(context, { dataFolder });
  const back = await signedIn(port, "ann");
  await back.until("end of what was kept");
  assert.match(
    timeless(back.received),
    /--- 2 messages were kept for you ---\nT \[PM from bob\] one\nT \[PM from bob\] two\n--- end of what was kept ---\n/,
  );
  assert.doesNotMatch(back.received, /seen/);
  const phone = await signedIn(port, "ann");
  await phone.settled();
  await leave(back);
  await leave(phone);
  const later = await signedIn(port, "ann");
  assert.doesNotMatch((await phone.untilEnd()) + (await later.settled()), /PM from/);
});

test("what waited is given by whichever way one comes in", async (context) => {
  const { port } = await runServer(context);
  await leave(await registered(port, "ann"));
  const bob = await LineClient.enter(port, "bob");
  bob.send("/pm ann one");
  await bob.until("[PM to ann] one");
  const guest = await IrcClient.enter(port, "guest", "sasl");
  const secret = Buffer.from("\0ann\0sesame").toString("base64");
  const answers = plain(await guest.ask("AUTHENTICATE PLAIN", `AUTHENTICATE ${secret}`));
  assert.equal(answers.at(-1), ":bob PRIVMSG ann :one");
  guest.send("QUIT");
  await guest.untilEnd();
  const carl = await IrcClient.enter(port, "carl");
  assert.deepEqual(plain(await carl.ask("PRIVMSG ann :two")), [
    "301 ann :is not here, and is given it on coming in",
  ]);
  const irc = await IrcClient.connect(port);
  await irc.ask(
    "CAP REQ sasl",
    "NICK ann",
    "USER ann 0 * :Ann",
    "AUTHENTICATE PLAIN",
    `AUTHENTICATE ${secret}`,
  );
  irc.send("CAP END");
  await irc.until("422");
  assert.deepEqual(plain(await irc.ask()), [":carl PRIVMSG ann :two"]);
});

test("messages of so many people wait for one, and no more", async (context) => {
  const { port } = await runServer(context, { settings: { maxWaiting: 1 } });
  await leave(await registered(port, "ann"));
  const bob = await LineClient.enter(port, "bob");
  bob.send("/pm ann one", "/pm ann two");
  await bob.until("[PM to ann] two");
  const carl = await LineClient.enter(port, "carl");
  carl.send("/pm ann three");
  await carl.until("messages from too many people wait for him already");
  const back = await signedIn(port, "ann");
  await back.until("2 messages were kept for you");
});

async function whois(client: LineClient, name: string): Promise<string> {
  client.clear();
  client.send(`/whois ${name}`);
  return await client.until(/={50}\n(?:.*\n)+={50}\n/);
}

import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { databaseName } from "../src/storage/data-folder.ts";
import { IrcClient, plain } from "./irc/client.ts";
import { LineClient, timeless } from "./support/line-client.ts";
import { runServer } from "./support/running-server.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { WebSocketClient } from "./support/websocket-client.ts";

const old = "sesame";
const next = "open-sesame";

async function registered(port: number, name = "Ann"): Promise<LineClient> {
  const client = await LineClient.enter(port, name);
  client.send(`/register ${old}`);
  await client.until("is yours from now on");
  client.clear();
  return client;
}

async function signedIn(port: number, password: string): Promise<LineClient> {
  const client = await LineClient.connect(port);
  client.send("Ann", password);
  await client.until("Welcome to the chat server, Ann!");
  return client;
}

async function refusalOf(port: number, hello: { password?: string; token?: string }): Promise<string> {
  const client = await WebSocketClient.connect(port);
  client.send({ type: "hello", version: 1, name: "Ann", ...hello });
  return (await client.next("refused")).reason;
}

test("at netcat: the new password is the one by every door from then on, across a restart, and others are told", async (context) => {
  const dataFolder = join(temporaryFolder(context), "data");
  const first = await runServer(context, { dataFolder });
  const ann = await registered(first.port);
  const other = await signedIn(first.port, old);
  other.clear();
  ann.send(`/password ${old} ${next}`);
  await ann.until("[SYSTEM] Your password is changed\n");
  await other.until("[SYSTEM] Your password was changed elsewhere\n");
  assert.equal(timeless(await other.settled()), "T [SYSTEM] Your password was changed elsewhere\n");
  assert.equal(await refusalOf(first.port, { password: old }), "wrong-password");
  const irc = await IrcClient.enter(first.port, "guest");
  assert.deepEqual(plain(await irc.ask(`NS IDENTIFY Ann ${old}`)), [
    ":NickServ NOTICE guest :That account and password do not belong together",
  ]);
  assert.match(plain(await irc.ask(`NS IDENTIFY Ann ${next}`)).join("\n"), /You are signed in as Ann/);
  await first.stop();
  const { port } = await runServer(context, { dataFolder });
  const later = await LineClient.connect(port);
  later.send("Ann", old);
  await later.until("do not belong together");
  later.send(next);
  await later.until("Welcome to the chat server, Ann!");
});

test("why a password is not changed, and it is the old one then", async (context) => {
  const { port } = await runServer(context, { settings: { guesses: { free: 2, longestWaitMs: 900_000 } } });
  const guest = await LineClient.enter(port, "Guest");
  guest.send(`/password ${old} ${next}`, "/password one", "/password a b c");
  await guest.until(/You have no account here.*Usage: \/password <old> <new>.*Usage: \/password/s);
  const ann = await registered(port);
  ann.send(`/password ${old} abc`);
  await ann.until("That password is too short");
  ann.send(`/password wrong ${next}`);
  await ann.until("do not belong together");
  await signedIn(port, old);
  ann.send(`/password guess ${next}`);
  await ann.until(/do not belong together[^]*do not belong together/);
  ann.send(`/password ${old} ${next}`);
  await ann.until(/There were too many wrong passwords\. Try again in \d+ s/);
  const stranger = await LineClient.connect(port);
  stranger.send("Ann", old);
  await stranger.until("There were too many wrong passwords");
});

test("other devices are signed out and told, the one that asks is not", async (context) => {
  const { port } = await runServer(context);
  await registered(port);
  const { client: laptop, welcome: own } = await WebSocketClient.enter(port, {
    name: "Ann",
    password: old,
    device: "laptop",
  });
  const phone = await WebSocketClient.enter(port, { name: "Ann", password: old, device: "phone" });
  const without = await WebSocketClient.enter(port, { name: "Ann", password: old });
  laptop.send({ type: "password", request: 1, old, new: next });
  const changed = await laptop.next("password-changed");
  assert.deepEqual([changed.request, changed.signedOut], [1, 1]);
  assert.equal((await phone.client.next("password-changed")).signedOut, undefined);
  const closing = await phone.client.next("closing");
  assert.deepEqual(
    [closing.reason, closing.text],
    ["signed-out", "This device was signed out: The password was changed"],
  );
  assert.equal((await without.client.next("password-changed")).request, undefined);
  assert.equal(await refusalOf(port, { token: phone.welcome.token }), "name-registered");
  laptop.send({ type: "devices", request: 2 });
  const { devices } = await laptop.next("devices");
  assert.deepEqual(
    devices.map(({ name, isOwn }) => [name, isOwn]),
    [["laptop", true]],
  );
  laptop.socket.terminate();
  const { welcome } = await WebSocketClient.enter(port, { name: "Ann", token: own.token });
  assert.equal(welcome.you.name, "Ann");
});

test("a password that cannot be stored is not changed", async (context) => {
  const { port, dataFolder } = await runServer(context, { settings: { storeBusyMs: 0 } });
  const ann = await registered(port);
  await WebSocketClient.enter(port, { name: "Ann", password: old, device: "phone" });
  const other = new DatabaseSync(join(dataFolder, databaseName));
  context.after(() => other.close());
  other.exec("BEGIN IMMEDIATE");
  ann.send(`/password ${old} ${next}`);
  await ann.until("The server's storage is in use by another program. Nothing was stored");
  other.exec("ROLLBACK");
  await signedIn(port, old);
  ann.send("/devices");
  await ann.until(/Devices \(1\):\n {2}[0-9a-f]{8} {2}phone \(used last /);
});

test("over an unprotected connection from another machine a password is not changed", async (context) => {
  const address = Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .find(({ internal, family }) => !internal && family === "IPv4")?.address;
  if (address === undefined) {
    context.skip("this machine has no address but its own");
    return;
  }
  const { port } = await runServer(context, { settings: { host: undefined } });
  const away = await LineClient.connect(port, address);
  away.send("Ann");
  await away.until("Welcome to the chat server, Ann!");
  away.send(`/register ${old}`, `/password ${old} ${next}`);
  await away.until(/Passwords are not taken over an unprotected.*You have no account here/s);
  await registered(port, "Bob");
  const { welcome } = await WebSocketClient.enter(port, { name: "Bob", password: old, device: "phone" });
  const far = await WebSocketClient.connect(port, address);
  far.send({ type: "hello", version: 1, name: "Bob", token: welcome.token });
  await far.next("welcome");
  far.send({ type: "password", request: 1, old, new: next });
  assert.equal((await far.next("refused")).reason, "clear-password");
});

test("at netcat and by IRC one sees where one stays signed in, and signs devices out", async (context) => {
  const { port } = await runServer(context);
  const ann = await registered(port);
  const one = await WebSocketClient.enter(port, { name: "Ann", password: old, device: "one" });
  const two = await WebSocketClient.enter(port, { name: "Ann", password: old, device: "two" });
  ann.send("/devices");
  const listed = await ann.until(
    /Devices \(2\):\n(?: {2}[0-9a-f]{8} {2}(?:one|two) \(used last [^\n]*\)\n){2}/,
  );
  const idOf = (name: string): string => new RegExp(`([0-9a-f]{8}) {2}${name}`).exec(listed)?.[1] ?? "";
  ann.send("/forget nothing", "/forget 0", `/forget ${idOf("one")}`);
  await ann.until(/You are not signed in on a device 'nothing'.*device '0'.*Devices \(1\):/s);
  assert.equal((await one.client.next("closing")).reason, "signed-out");
  const irc = await IrcClient.enter(port, "guest");
  assert.match(plain(await irc.ask("NS DEVICES"))[0] ?? "", /You have no account here/);
  await irc.ask(`NS IDENTIFY Ann ${old}`);
  const [title = "", line = ""] = plain(await irc.ask("PRIVMSG NickServ :devices"));
  assert.match(title, /Devices \(1\):$/);
  assert.match(line, / two \(used last /);
  assert.match(plain(await irc.ask(`NS FORGET ${idOf("two")}`)).join(), /You stay signed in nowhere/);
  assert.equal((await two.client.next("closing")).reason, "signed-out");
  assert.match(plain(await irc.ask("NS FORGET")).join(), /FORGET <device>/);
});

test("by IRC, NickServ changes the password", async (context) => {
  const { port } = await runServer(context);
  const ann = await registered(port);
  const irc = await IrcClient.enter(port, "guest");
  await irc.ask(`NS IDENTIFY Ann ${old}`);
  const say = async (text: string): Promise<string> =>
    plain(await irc.ask(`PRIVMSG NickServ :${text}`)).join("\n");
  assert.match(await say("PASSWD one"), /PASSWD <old> <new>$/);
  assert.match(await say(`passwd wrong ${next}`), /do not belong together$/);
  assert.match(await say(`PASSWD ${old} ${next}`), /:NickServ NOTICE \S+ :Your password is changed$/);
  await ann.until("Your password was changed elsewhere");
  ann.send(`/password ${next} ${old}`);
  await ann.until("Your password is changed");
  assert.deepEqual(plain(await irc.ask()), [":NickServ NOTICE Ann :Your password was changed elsewhere"]);
  assert.match(await say("HELP"), /PASSWD <old> <new>.*\n.*DEVICES.*\n.*FORGET <device>/);
});

import assert from "node:assert/strict";
import test from "node:test";
import type { Settings } from "../../src/server/settings.ts";
import { LineClient, timeless } from "../support/line-client.ts";
import { runServer } from "../support/running-server.ts";
import { IrcClient, plain } from "./client.ts";

const settings: Partial<Settings> = { operator: { name: "boss", password: "sesame" } };

async function enterAsOperator(port: number): Promise<IrcClient> {
  const client = await IrcClient.enter(port, "Root");
  assert.deepEqual(plain(await client.ask("OPER boss sesame")), [
    "381 :You are now an IRC operator",
    ":Root MODE Root +o",
  ]);
  return client;
}

test("OPER takes the right name and password alone, and not any number of guesses", async (t) => {
  const { port, consoleShows } = await runServer(t, {
    settings: { ...settings, guesses: { free: 3, longestWaitMs: 60_000 } },
  });
  const ann = await IrcClient.enter(port, "Ann", "standard-replies");
  const wrong = "464 :Password incorrect";
  assert.deepEqual(plain(await ann.ask("OPER boss wrong", "OPER nobody sesame", "OPER boss")), [
    wrong,
    wrong,
    "461 OPER :Not enough parameters",
  ]);
  const more = plain(await ann.ask("OPER boss a", "OPER boss b", "OPER boss sesame"));
  assert.deepEqual(more.slice(0, 2), [wrong, wrong]);
  assert.match(
    more[2] ?? "",
    /FAIL OPER RATE_LIMITED :There were too many wrong passwords\. Try again in \d+ s/,
  );
  await consoleShows(/Ann gave a wrong password for OPER/);
});

test("where there is no operator nobody becomes one", async (t) => {
  const { port } = await runServer(t);
  const ann = await IrcClient.enter(port, "Ann");
  assert.deepEqual(plain(await ann.ask("OPER undefined undefined", "OPER  :")), [
    "464 :Password incorrect",
    "461 OPER :Not enough parameters",
  ]);
});

test("an operator is shown as one until he gives it up", async (t) => {
  const { port } = await runServer(t, { settings });
  const root = await enterAsOperator(port);
  const ann = await IrcClient.enter(port, "Ann");
  assert.ok(plain(await ann.ask("WHOIS Root")).includes("313 Root :is an IRC operator"));
  assert.match((await ann.ask("WHO * o"))[0] ?? "", / Root H\* :0 /);
  assert.match(plain(await ann.ask("LUSERS"))[1] ?? "", /252 1 /);
  assert.match(plain(await root.ask("WHOIS Ann")).join("\n"), /338 Ann ~Ann@127\.0\.0\.1 127\.0\.0\.1 :/);
  assert.deepEqual(plain(await root.ask("MODE Root -o")), [":Root MODE Root -o"]);
  assert.deepEqual(plain(await root.ask("KILL Ann :x")), [
    "481 :Permission Denied- You're not an IRC operator",
  ]);
});

test("what is for operators is refused to everybody else", async (t) => {
  const { port } = await runServer(t, { settings });
  const ann = await IrcClient.enter(port, "Ann");
  const bob = await IrcClient.enter(port, "Bob");
  const commands = ["KILL Bob :x", "WALLOPS :hi", "REHASH", "CONNECT a.b", "SQUIT a.b", "DIE", "RESTART"];
  for (const command of commands) {
    assert.deepEqual(
      plain(await ann.ask(command)),
      ["481 :Permission Denied- You're not an IRC operator"],
      command,
    );
  }
  assert.deepEqual(plain(await ann.ask("KILL", "CONNECT")), [
    "461 KILL :Not enough parameters",
    "461 CONNECT :Not enough parameters",
  ]);
  assert.deepEqual(await bob.ask(), []);
});

test("KILL ends somebody's connections by whatever door, and everybody sees why", async (t) => {
  const { port, consoleShows } = await runServer(t, { settings });
  const root = await enterAsOperator(port);
  const ann = await IrcClient.enter(port, "Ann");
  const bob = await IrcClient.enter(port, "Bob");
  const carl = await LineClient.enter(port, "Carl");
  for (const client of [ann, bob]) await client.ask("JOIN #a");
  await ann.ask();
  assert.deepEqual(plain(await root.ask("KILL bob :no shouting", "KILL nobody :x", "KILL Carl :bye")), [
    "401 nobody :No such nick/channel",
  ]);
  assert.match(await ann.until("QUIT"), /^:Bob!\S+ QUIT :Killed \(Root \(no shouting\)\)$/);
  const [kill = "", quit = "", error = ""] = (await bob.untilEnd()).slice(-3);
  assert.match(kill, /^:Root!\S+ KILL Bob :no shouting$/);
  assert.match(quit, /^:Bob!\S+ QUIT :Killed \(Root \(no shouting\)\)$/);
  assert.match(error, / ERROR :Closing link: .*Killed \(Root \(no shouting\)\)$/);
  assert.match(timeless(await carl.untilEnd()), /You were removed from the chat: Killed \(Root \(bye\)\)\n$/);
  await consoleShows(/Bob was removed by Root \(no shouting\)/);
  assert.deepEqual(plain(await root.ask("KILL roomful.local :x")), ["483 :You cant kill a server!"]);
  await IrcClient.enter(port, "Dan").then((dan) => dan.ask("JOIN #a"));
  assert.deepEqual(await root.ask("KILL Dan"), []);
  assert.match(await ann.until("QUIT"), /^:Dan!\S+ QUIT :Killed \(Root\)$/);
});

test("WALLOPS reaches those who want it", async (t) => {
  const { port } = await runServer(t, { settings });
  const root = await enterAsOperator(port);
  const ann = await IrcClient.enter(port, "Ann");
  const bob = await IrcClient.enter(port, "Bob");
  await ann.ask("MODE Ann +w");
  assert.deepEqual(await root.ask("WALLOPS :lunch at noon"), []);
  assert.deepEqual(plain(await ann.ask()), [":Root WALLOPS :lunch at noon"]);
  assert.deepEqual(await bob.ask(), []);
});

test("REHASH has the configuration read again; there is no other server, and none is stopped from here", async (t) => {
  let reread = 0;
  const { port } = await runServer(t, { settings, reread: () => (reread += 1) });
  const root = await enterAsOperator(port);
  assert.deepEqual(plain(await root.ask("REHASH", "CONNECT a.b", "SQUIT a.b :x", "DIE", "RESTART")), [
    "382 config.toml :Rehashing",
    "402 a.b :No such server",
    "402 a.b :No such server",
    "723 die :Insufficient oper privileges.",
    "723 restart :Insufficient oper privileges.",
  ]);
  assert.equal(reread, 1);
});

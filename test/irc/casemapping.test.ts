import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { LineClient } from "../support/line-client.ts";
import { runServer } from "../support/running-server.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { WebSocketClient } from "../support/websocket-client.ts";
import { IrcClient, plain } from "./client.ts";

/** Pairs that are one name, or two: https://modern.ircdocs.horse/#casemapping-parameter */
const pairs = [
  { casemapping: "ascii", one: "Foo", other: "fOO", isSame: true },
  { casemapping: "ascii", one: "foo[", other: "foo{", isSame: false },
  { casemapping: "rfc1459", one: "Foo[]\\^", other: "fOO{}|^", isSame: true },
  { casemapping: "rfc1459", one: "foo^", other: "foo~", isSame: true },
  { casemapping: "rfc1459-strict", one: "foo]", other: "foo}", isSame: true },
  { casemapping: "rfc1459-strict", one: "foo^", other: "foo~", isSame: false },
] as const;

for (const { casemapping, one, other, isSame } of pairs) {
  test(`${one} and ${other} are ${isSame ? "one nick" : "two nicks"} in ${casemapping}`, async (t) => {
    const { port } = await runServer(t, { settings: { casemapping } });
    const first = await IrcClient.enter(port, one);
    const bob = await IrcClient.enter(port, "bob");
    assert.ok((await bob.ask("ISUPPORT")).some((line) => line.includes(` CASEMAPPING=${casemapping} `)));
    const shown = isSame ? one : "nobody";
    assert.deepEqual(plain(await bob.ask(`ISON ${other}`)), [isSame ? `303 :${one}` : "303 :"]);
    assert.equal((await bob.ask(`MONITOR + ${other}`))[0]?.includes(` 730 bob :${shown}!`), isSame);
    assert.equal(plain(await bob.ask(`WHO ${other}`)).length, isSame ? 2 : 1);
    const [answer] = plain(await bob.ask(`NICK ${other}`));
    if (isSame) assert.match(answer ?? "", /^433 /);
    else assert.equal(answer, `:bob NICK ${other}`);
    // His own nick he may write as he likes.
    const [own] = plain(await first.ask(isSame ? `NICK ${other}` : `NICK ${one}`));
    assert.equal(own, isSame ? `:${one} NICK ${other}` : undefined);
  });

  test(`#${one} and #${other} are ${isSame ? "one channel" : "two channels"} in ${casemapping}`, async (t) => {
    const { port } = await runServer(t, { settings: { casemapping } });
    const ann = await IrcClient.enter(port, "ann");
    await ann.ask(`JOIN #${one}`);
    const bob = await IrcClient.enter(port, "bob");
    const [joined] = plain(await bob.ask(`JOIN #${other}`));
    assert.equal(joined, `:bob JOIN #${isSame ? one : other}`);
    const names = plain(await bob.ask(`NAMES #${other}`))[0];
    assert.equal(names, isSame ? `353 = #${one} :@ann bob` : `353 = #${other} :@bob`);
    assert.deepEqual(plain(await ann.ask()).length, isSame ? 1 : 0);
    assert.deepEqual(plain(await bob.ask(`PART #${other}`)), [`:bob PART #${isSame ? one : other}`]);
  });
}

test("bans, accounts and what was a name are found in either form", async (t) => {
  const { port } = await runServer(t, { settings: { casemapping: "rfc1459" } });
  const ann = await IrcClient.enter(port, "ann");
  await ann.ask("JOIN #a");
  assert.deepEqual(plain(await ann.ask("MODE #a +b X[*!*@*", "MODE #a +b x{*!*@*")), [
    ":ann MODE #a +b x{*!*@*",
  ]);
  const bob = await IrcClient.enter(port, "x[y");
  assert.deepEqual(plain(await bob.ask("JOIN #a")), ["474 #a :Cannot join channel (+b)"]);
  await ann.ask("MODE #a -b X{*");
  assert.deepEqual(plain(await bob.ask("JOIN #a"))[0], ":x[y JOIN #a");
  assert.match(plain(await bob.ask("PRIVMSG NickServ :REGISTER sesame")).join(), /900 .* x\[y /);
  await bob.ask("NICK bob");
  await ann.ask("MODE #a +b ~a:X{Y");
  assert.equal(plain(await bob.ask("PRIVMSG #a :hi")).at(-1), "404 #a :Cannot send to channel (+b)");
  assert.equal(plain(await ann.ask("WHOWAS X{y"))[0]?.startsWith("314 x[y "), true);
  bob.close();
  const again = await IrcClient.connect(port);
  await again.ask("CAP REQ :sasl", "NICK new", "USER new 0 * :New");
  const response = Buffer.from("\0X{Y\0sesame").toString("base64");
  const answers = await again.ask("AUTHENTICATE PLAIN", `AUTHENTICATE ${response}`);
  assert.match(answers.join("\n"), / 900 new \S+ x\[y /);
});

test("at netcat as well a room is found in either form", async (t) => {
  const { port } = await runServer(t, { settings: { casemapping: "rfc1459" } });
  const ann = await LineClient.enter(port, "ann");
  ann.send("/join a[");
  await ann.until("You made #a[");
  ann.send("/join b");
  await ann.until("You made #b");
  const bob = await IrcClient.enter(port, "bob");
  await bob.ask("JOIN #A{");
  ann.send("#A{ hello");
  assert.match(await bob.until("PRIVMSG"), / PRIVMSG #a\[ :hello$/);
});

test("a program that sends once more is told that it was stored, in whatever form it names somebody", async (t) => {
  const { port } = await runServer(t, { settings: { casemapping: "rfc1459" } });
  const ann = await LineClient.enter(port, "Ann[");
  const { client } = await WebSocketClient.enter(port, { name: "bob" });
  for (const to of ["@Ann[", "@ann{"] as const) {
    client.send({ type: "send", counter: 1, to, kind: "text", text: "psst" });
    const { stream, number } = await client.next("ack");
    assert.deepEqual([stream.startsWith("dm:"), number], [true, 1], to);
  }
  assert.equal((await ann.settled()).split("psst").length, 2);
});

test("a data folder keeps the casemapping that it was made with, and another one is refused", async (t) => {
  const dataFolder = join(temporaryFolder(t), "data");
  const first = await runServer(t, { dataFolder, settings: { casemapping: "rfc1459" } });
  const ann = await IrcClient.enter(first.port, "ann");
  await ann.ask("PRIVMSG NickServ :REGISTER sesame", "JOIN #a[");
  await first.stop();
  for (const casemapping of ["ascii", "rfc1459-strict"] as const) {
    await assert.rejects(runServer(t, { dataFolder, settings: { casemapping } }), {
      name: "StartError",
      message: `Cannot use --casemapping: "${casemapping}" is another one, the data folder ${JSON.stringify(dataFolder)} was made with rfc1459, and keeps that`,
    });
  }
  const again = await runServer(t, { dataFolder, settings: { casemapping: "rfc1459" } });
  const bob = await IrcClient.enter(again.port, "bob");
  assert.deepEqual(plain(await bob.ask("JOIN #A{"))[0], ":bob JOIN #a[");
});

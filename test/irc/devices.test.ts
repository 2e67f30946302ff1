import assert from "node:assert/strict";
import { test } from "node:test";
import { runServer } from "../support/running-server.ts";
import { IrcClient, plain } from "./client.ts";

const sesame = Buffer.from("\0ann\0sesame").toString("base64");

/** A connection that shows before it comes in that it is Ann's, and wants to be called `nick`. */
async function signedIn(
  port: number,
  nick: string,
  ...capabilities: readonly string[]
): Promise<{ readonly client: IrcClient; readonly welcome: string }> {
  const client = await IrcClient.connect(port);
  client.send(
    "CAP LS 302",
    `CAP REQ :${["sasl", ...capabilities].join(" ")}`,
    `NICK ${nick}`,
    "USER ann 0 * :Ann",
  );
  client.send("AUTHENTICATE PLAIN", `AUTHENTICATE ${sesame}`);
  await client.until("903");
  client.send("CAP END");
  const welcome = await client.until("001");
  await client.until("422");
  return { client, welcome: plain([welcome])[0] ?? "" };
}

async function registered(port: number): Promise<IrcClient> {
  const ann = await IrcClient.enter(port, "ann");
  ann.send("REGISTER * * sesame");
  await ann.until("REGISTER");
  return ann;
}

/** Without tags, and of a source only the nick. */
function bare(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replace(/^@\S+ /, "").replace(/^:(\w+)![^ ]+ /, ":$1 "));
}

test("who has an account is called what he asks for, and comes back into his rooms as what he was", async (context) => {
  const { port } = await runServer(context);
  const first = await registered(port);
  await first.ask("JOIN #tea");
  first.send("QUIT");
  await first.untilEnd();
  const bob = await IrcClient.enter(port, "bob", "account-tag", "extended-join");
  await bob.ask("JOIN #tea");
  const { client, welcome } = await signedIn(port, "annie");
  assert.equal(welcome, "001 :Welcome to the Roomful Network, annie");
  const names = await client.until("353");
  assert.match(names, / = #tea :.*@annie/);
  const [joined = "", mode, ...rest] = await bob.ask();
  assert.match(joined, /^@account=ann :annie!~ann@\S+ JOIN #tea ann :Ann$/);
  assert.deepEqual([mode, ...rest], [":roomful.local MODE #tea +o annie"]);
  await client.ask();
  assert.deepEqual(bare(await client.ask("PRIVMSG ann :to the account")), [
    ":annie PRIVMSG annie :to the account",
  ]);
});

test("connections of one account are one person, whatever each of them does", async (context) => {
  const { port } = await runServer(context);
  const desk = await registered(port);
  await desk.ask("JOIN #tea");
  const bob = await IrcClient.enter(port, "bob");
  await bob.ask("JOIN #tea");
  const { client: phone, welcome } = await signedIn(port, "other", "message-tags");
  assert.equal(welcome, "001 :Welcome to the Roomful Network, ann");
  await phone.until("366");
  await desk.ask();
  /** By which connection, what is sent, and what the other one is shown of it. */
  const deeds: readonly (readonly [by: IrcClient, line: string, shown: readonly string[]])[] = [
    [phone, "PRIVMSG #tea :one", [":ann PRIVMSG #tea :one"]],
    [desk, "PRIVMSG #tea :two", [":ann PRIVMSG #tea :two"]],
    [phone, "PRIVMSG bob :three", [":ann PRIVMSG bob :three"]],
    [desk, "@+x=1 TAGMSG bob", [":ann TAGMSG bob"]],
    [phone, "@+x=1 TAGMSG bob", []],
    [desk, "PRIVMSG ann :four", [":ann PRIVMSG ann :four"]],
    [phone, "NICK anna", [":ann NICK anna"]],
    [desk, "PART #tea :bye", [":anna PART #tea :bye"]],
    [desk, "JOIN #new", [":anna JOIN #new", "353", "366"]],
    [phone, "TOPIC #new :green", [":anna TOPIC #new :green"]],
  ];
  for (const [by, line, shown] of deeds) {
    await by.ask(line);
    const other = by === phone ? desk : phone;
    const got = bare(await other.ask()).map((one) => /^:\S+ (353|366) /.exec(one)?.[1] ?? one);
    assert.deepEqual(got, shown, line);
  }
  await bob.ask();
  bob.send("PRIVMSG anna :to all of you");
  for (const client of [desk, phone])
    assert.match(await client.until("PRIVMSG"), / PRIVMSG anna :to all of you$/);
  // Who is here by one connection still has not gone.
  desk.send("QUIT :bye");
  await desk.untilEnd();
  assert.deepEqual(await bob.ask(), []);
});

test("a guest who turns out to be somebody who is here does not see himself go", async (context) => {
  const { port } = await runServer(context);
  const ann = await registered(port);
  await ann.ask("JOIN #tea");
  const guest = await IrcClient.enter(port, "guest", "chghost");
  await guest.ask("JOIN #tea", "JOIN #own");
  const bob = await IrcClient.enter(port, "bob");
  await bob.ask("JOIN #tea");
  await guest.ask();
  await ann.ask();
  const told = bare(await guest.ask("AUTHENTICATE PLAIN", `AUTHENTICATE ${sesame}`));
  assert.deepEqual(
    told.slice(-2).map((line) => line.replace(/ [0-9a-f.]+hidden$/, " host")),
    [":guest CHGHOST ~ann host", ":guest NICK ann"],
  );
  assert.ok(
    told.every((line) => !line.includes(" QUIT ")),
    told.join("\n"),
  );
  assert.deepEqual(bare(await bob.ask()), [":guest QUIT :Connection closed"]);
  assert.deepEqual(
    bare(await ann.ask()).map((line) => /^:\S+ (353|366) /.exec(line)?.[1] ?? line),
    [":guest QUIT :Connection closed", ":ann JOIN #own", "353", "366"],
  );
  assert.deepEqual(bare(await guest.ask("PRIVMSG #tea :here")), []);
  assert.match(await ann.until("PRIVMSG"), /^:ann!~ann@\S+ PRIVMSG #tea :here$/);
});

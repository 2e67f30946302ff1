import assert from "node:assert/strict";
import { test } from "node:test";
import { runServer } from "../support/running-server.ts";
import { IrcClient, plain } from "./client.ts";

const capabilities = [
  "message-tags",
  "batch",
  "draft/chathistory",
  "draft/event-playback",
  "echo-message",
  "invite-notify",
] as const;

/** What a client is told, without tags and the references of batches. */
function untagged(lines: readonly string[]): readonly string[] {
  return plain(lines.map((line) => line.replace(/^@\S+ /, ""))).filter((line) => !/BATCH [+-]/.test(line));
}

test("SILENCE: one's own list, each change echoed, and what is no nick refused", async (context) => {
  const { port } = await runServer(context, { settings: { maxIgnored: 2 } });
  const ann = await IrcClient.connect(port);
  ann.send("CAP LS 302", "NICK Ann", "USER ann 0 * :Ann", "CAP END");
  const greeting = await ann.until(/ 005 .*SILENCE=/);
  assert.match(greeting, / SILENCE=2 /);
  await ann.until("422");
  await IrcClient.enter(port, "Bob");
  assert.deepEqual(plain(await ann.ask("SILENCE")), ["272 Ann :End of Silence List"]);
  assert.deepEqual(plain(await ann.ask("SILENCE +bob!*@*")), [":Ann SILENCE +Bob!*@*"]);
  assert.deepEqual(plain(await ann.ask("SILENCE +zed,-nobody")), [
    ":Ann SILENCE +zed!*@*",
    ":roomful.local NOTICE Ann :SILENCE failed: You do not ignore 'nobody'",
  ]);
  assert.deepEqual(plain(await ann.ask("SILENCE +bob")), [], "it is so already");
  assert.deepEqual(plain(await ann.ask("SILENCE Ann")), [
    "271 Ann Bob!*@*",
    "271 Ann zed!*@*",
    "272 Ann :End of Silence List",
  ]);
  assert.deepEqual(plain(await ann.ask("SILENCE +third")), ["511 third :Your silence list is full"]);
  assert.deepEqual(plain(await ann.ask("SILENCE -ZED")), [":Ann SILENCE -zed!*@*"]);
  for (const mask of ["*!*@evil.example", "b?b", "Bob!~u@*", "*"]) {
    const [refusal = ""] = plain(await ann.ask(`SILENCE +${mask}`));
    assert.match(refusal, /SILENCE failed: Only a nick can be silenced here/, mask);
  }
  assert.match(plain(await ann.ask("SILENCE Bob"))[0] ?? "", /Only your own list is shown/);
  assert.match(plain(await ann.ask("SILENCE +Bob pP"))[0] ?? "", /There are no kinds of silence/);
  assert.match(plain(await ann.ask("SILENCE +ann"))[0] ?? "", /You cannot ignore yourself/);
  assert.match(plain(await ann.ask("SILENCE +b:c,+#x"))[1] ?? "", /^432 .*#x/);
});

test("who is silenced is neither heard, nor felt typing, nor invites; that he comes and goes is told", async (context) => {
  const { port } = await runServer(context);
  const [ann, bob, carl] = await Promise.all(
    ["Ann", "Bob", "Carl"].map((nick) => IrcClient.enter(port, nick, ...capabilities)),
  );
  assert.ok(ann !== undefined && bob !== undefined && carl !== undefined);
  for (const client of [bob, carl, ann]) {
    client.send("JOIN #tea");
    await client.until("366");
  }
  await Promise.all([ann, bob, carl].map((client) => client.ask()));
  await ann.ask("SILENCE +Bob");
  await bob.ask(
    "PRIVMSG #tea :hidden",
    "NOTICE #tea :hidden",
    "PRIVMSG #tea :\x01ACTION hides\x01",
    "@+typing=active TAGMSG #tea",
    "@+typing=active TAGMSG Ann",
    "PRIVMSG Ann :hidden",
    "NOTICE Ann :hidden",
    "PRIVMSG @#tea :hidden",
    "JOIN #den",
    "INVITE Ann #den",
    "INVITE Zed #tea",
  );
  assert.equal(untagged(await carl.ask()).length, 4, "others are told");
  assert.deepEqual(untagged(await ann.ask()), []);
  await bob.ask("TOPIC #tea :Hot", "NICK Rob", "PRIVMSG #tea :hidden", "MODE #tea +v Carl");
  assert.deepEqual(untagged(await ann.ask()), [
    ":Bob TOPIC #tea :Hot",
    ":Bob NICK Rob",
    ":Rob MODE #tea +v Carl",
  ]);
  await bob.ask("PART #tea :parting words");
  await carl.until(/ PART #tea :parting words/);
  assert.deepEqual(untagged(await ann.ask()), [":Rob PART #tea"], "without what he says to part");
  await bob.ask("JOIN #tea");
  bob.send("QUIT :last words");
  await carl.until(/ QUIT :Quit: last words/);
  assert.deepEqual(untagged(await ann.ask()), [":Rob JOIN #tea", ":Rob QUIT :"]);
});

test("what is silenced counts for no page of history: as many are given as were asked for", async (context) => {
  const { port } = await runServer(context);
  const ann = await IrcClient.enter(port, "Ann", ...capabilities);
  const bob = await IrcClient.enter(port, "Bob", ...capabilities);
  for (const client of [ann, bob]) {
    client.send("JOIN #tea");
    await client.until("366");
  }
  await ann.ask("PRIVMSG #tea :one", "PRIVMSG #tea :two");
  for (let index = 0; index < 5; index += 1) await bob.ask(`PRIVMSG #tea :noise ${index}`);
  await ann.ask("PRIVMSG #tea :three");
  await bob.ask("PRIVMSG #tea :noise", "PRIVMSG Ann :noise");
  const sent = await ann.ask("CHATHISTORY AROUND #tea timestamp=2000-01-01T00:00:00.000Z 50");
  const idOf = (text: string): string =>
    /msgid=([^;\s]+)/.exec(sent.find((line) => line.endsWith(`:${text}`)) ?? "")?.[1] ?? "";
  await ann.ask("SILENCE +Bob");
  const texts = async (request: string): Promise<readonly string[]> =>
    untagged(await ann.ask(`CHATHISTORY ${request}`)).map((line) => line.slice(line.indexOf(" :") + 2));
  assert.deepEqual(await texts("LATEST #tea * 2"), ["two", "three"]);
  assert.deepEqual(await texts(`BEFORE #tea msgid=${idOf("three")} 2`), ["one", "two"]);
  assert.deepEqual(await texts(`AFTER #tea msgid=${idOf("two")} 1`), ["three"]);
  assert.deepEqual(await texts(`AROUND #tea msgid=${idOf("noise 2")} 4`), ["one", "two", "three"]);
  assert.deepEqual(await texts(`BETWEEN #tea msgid=${idOf("one")} msgid=${idOf("noise")} 2`), [
    "two",
    "three",
  ]);
  assert.deepEqual(await texts("LATEST Bob * 10"), []);
  const range = "timestamp=2000-01-01T00:00:00.000Z timestamp=2200-01-01T00:00:00.000Z";
  assert.deepEqual(
    untagged(await ann.ask(`CHATHISTORY TARGETS ${range} 10`)).map((line) => line.split(" ")[3]),
    ["#tea"],
  );
  const plainClient = await IrcClient.enter(port, "Carl");
  await plainClient.ask("SILENCE +Bob");
  const joined = await plainClient.ask("JOIN #tea");
  const replayed = joined.filter((line) => line.includes("PRIVMSG")).map((line) => line.split(" ").at(-1));
  assert.deepEqual(replayed, ["one", "two", "three"]);
});

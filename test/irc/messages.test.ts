import assert from "node:assert/strict";
import { test } from "node:test";
import { LineClient, timeless } from "../support/line-client.ts";
import { runServer } from "../support/running-server.ts";
import { IrcTalker, shown } from "./talker.ts";

/** Ann and Bob in #tea. */
async function twoInRoom(
  port: number,
  caps: readonly string[] = [],
  others: readonly string[] = caps,
): Promise<readonly [IrcTalker, IrcTalker]> {
  const ann = await IrcTalker.register(port, "Ann", caps);
  await ann.ask("JOIN #tea");
  const bob = await IrcTalker.register(port, "Bob", others);
  await bob.ask("JOIN #tea");
  await ann.settled();
  return [ann, bob];
}

const refused: readonly (readonly [line: string, answers: readonly string[]])[] = [
  ["PRIVMSG", ["411 Ann No recipient given (PRIVMSG)"]],
  ["PRIVMSG #tea", ["412 Ann No text to send"]],
  ["PRIVMSG #tea :", ["412 Ann No text to send"]],
  ["PRIVMSG Nobody :hi", ["401 Ann Nobody No such nick/channel"]],
  ["PRIVMSG #nowhere :hi", ["403"]],
  ["PRIVMSG #closed :hi", ["404 Ann #closed Cannot send to channel"]],
  ["PRIVMSG #tea,Bob,Ann,#tea,Eve :hi", ["407"]],
  ["TAGMSG", ["461 Ann TAGMSG Not enough parameters"]],
  ["@+typing=active TAGMSG Nobody", ["401 Ann Nobody No such nick/channel"]],
  ["@+typing=active TAGMSG #nowhere", ["403"]],
  ["@+typing=active TAGMSG #closed", ["404 Ann #closed Cannot send to channel"]],
];

test("what cannot be sent is answered by its numeric", async (context) => {
  const { port } = await runServer(context);
  const [ann] = await twoInRoom(port, ["message-tags"]);
  const eve = await IrcTalker.register(port, "Eve");
  await eve.ask("JOIN #closed");
  for (const [line, answers] of refused) {
    const got = (await ann.ask(line)).filter(({ command }) => /^\d{3}$/.test(command)).map(shown);
    assert.equal(got.length, answers.length, `${line}: ${got.join(" | ")}`);
    for (const [index, answer] of answers.entries())
      assert.match(got[index] ?? "", new RegExp(`^${escaped(answer)}`));
  }
});

test("a notice is never answered", async (context) => {
  const { port } = await runServer(context);
  const [ann] = await twoInRoom(port);
  for (const line of ["NOTICE", "NOTICE #tea", "NOTICE Nobody :hi", "NOTICE #nowhere :hi"]) {
    assert.deepEqual((await ann.ask(line)).map(shown), [], line);
  }
});

test("one message goes to several, and to oneself", async (context) => {
  const { port } = await runServer(context);
  const [ann, bob] = await twoInRoom(port);
  assert.deepEqual((await ann.ask("PRIVMSG #tea,Bob,Ann :hello there")).map(shown), [
    "PRIVMSG Ann hello there",
  ]);
  assert.deepEqual((await bob.settled()).map(shown), ["PRIVMSG #tea hello there", "PRIVMSG Bob hello there"]);
});

test("a message to oneself comes twice to who sees what he says, and once with the label", async (context) => {
  const { port } = await runServer(context);
  const ann = await IrcTalker.register(port, "Ann", ["echo-message", "batch", "labeled-response"]);
  const got = await ann.ask("@label=x PRIVMSG Ann :hi");
  assert.deepEqual(got.map(shown), ["PRIVMSG Ann hi", "PRIVMSG Ann hi"]);
  assert.deepEqual(
    got.map(({ tags }) => tags.get("label")),
    [undefined, "x"],
  );
});

test("an echo comes when asked for, once the message is durable, with the id that others see", async (context) => {
  const { port } = await runServer(context);
  const caps = ["echo-message", "message-tags", "batch", "labeled-response", "server-time"];
  const [ann, bob] = await twoInRoom(port, caps);
  const [echo, ...rest] = await ann.ask("@label=7 PRIVMSG #tea :hi");
  assert.deepEqual(rest, []);
  const heard = await bob.until("PRIVMSG");
  assert.equal(echo?.tags.get("label"), "7");
  assert.equal(echo?.source, heard.source);
  for (const tag of ["msgid", "time"]) {
    assert.ok((heard.tags.get(tag) ?? "").length > 0);
    assert.equal(echo?.tags.get(tag), heard.tags.get(tag));
  }
  assert.equal(heard.tags.has("label"), false);
});

test("clients' own tags pass to who knows tags, are kept with the message, and others are taken off", async (context) => {
  const { port } = await runServer(context);
  const [ann, bob] = await twoInRoom(port, ["message-tags"]);
  const plain = await IrcTalker.register(port, "Carl");
  await plain.ask("JOIN #tea");
  ann.send("@+example.com/a=1\\:2;+draft/reply=abc;evil=1;cuts=1;msgid=forged PRIVMSG #tea :hi");
  const heard = await bob.until("PRIVMSG");
  assert.equal(shown(heard), "PRIVMSG #tea hi");
  assert.equal(heard.tags.get("+example.com/a"), "1;2");
  assert.equal(heard.tags.get("+draft/reply"), "abc");
  assert.equal(heard.tags.has("evil"), false);
  assert.notEqual(heard.tags.get("msgid"), "forged");
  assert.equal((await plain.until("PRIVMSG")).tags.size, 0);
  const late = await IrcTalker.register(port, "Dan", ["message-tags"]);
  late.send("JOIN #tea");
  assert.equal((await late.until("PRIVMSG")).tags.get("+example.com/a"), "1;2");
});

test("tags without a text pass to who knows tags, and are never kept", async (context) => {
  const { port } = await runServer(context);
  const [ann, bob] = await twoInRoom(port, ["message-tags", "echo-message"]);
  const carl = await IrcTalker.register(port, "Carl");
  await carl.ask("JOIN #tea");
  const dan = await LineClient.enter(port, "Dan");
  const [echo] = (await ann.ask("@+typing=active TAGMSG #tea")).filter(({ command }) => command === "TAGMSG");
  const heard = await bob.until("TAGMSG");
  assert.equal(shown(heard), "TAGMSG #tea");
  assert.equal(heard.tags.get("+typing"), "active");
  assert.equal(echo?.tags.get("msgid"), heard.tags.get("msgid"));
  ann.send("@+typing=done TAGMSG Bob", "TAGMSG Dan", "TAGMSG Carl");
  assert.equal(shown(await bob.until("TAGMSG")), "TAGMSG Bob");
  assert.deepEqual((await carl.settled()).map(shown), []);
  assert.doesNotMatch(await dan.settled(), /typing|TAGMSG/);
  const late = await IrcTalker.register(port, "Eve", ["message-tags"]);
  assert.ok((await late.ask("JOIN #tea")).every(({ command }) => command !== "TAGMSG"));
});

test("who runs a channel is spoken to alone, and it is never kept", async (context) => {
  const { port } = await runServer(context);
  const [ann, bob] = await twoInRoom(port, ["message-tags"]);
  const carl = await IrcTalker.register(port, "Carl", ["echo-message"]);
  await carl.ask("JOIN #tea");
  await ann.ask("MODE #tea +o Ann");
  await bob.settled();
  assert.deepEqual(
    (await carl.ask("PRIVMSG @#tea :help", "PRIVMSG +#tea :\x01ACTION waves\x01")).map(shown).slice(-2),
    ["PRIVMSG @#tea help", "PRIVMSG +#tea \x01ACTION waves\x01"],
  );
  const heard = await ann.until("PRIVMSG");
  assert.equal(shown(heard), "PRIVMSG @#tea help");
  assert.match(heard.source ?? "", /^Carl!/);
  assert.ok(heard.tags.has("msgid"));
  carl.send("NOTICE @#tea :psst", "PRIVMSG @#nowhere :x", "PRIVMSG @#tea :");
  assert.equal(shown(await ann.until("NOTICE")), "NOTICE @#tea psst");
  await carl.until("403");
  await carl.until("412");
  assert.deepEqual((await bob.settled()).map(shown), []);
  const late = await IrcTalker.register(port, "Eve");
  assert.ok(
    (await late.ask("JOIN #tea")).every(({ command }) => command !== "PRIVMSG" && command !== "NOTICE"),
  );
});

test("tags longer than they may be are refused, and nothing of the line is delivered", async (context) => {
  const { port } = await runServer(context);
  const [ann, bob] = await twoInRoom(port, ["message-tags"]);
  const longest = "x".repeat(4094 - "+a=".length);
  assert.equal(
    (await ann.ask(`@+a=${longest}y PRIVMSG #tea :no`)).map(shown).join(),
    "417 Ann Input line was too long",
  );
  ann.send(`@+a=${longest} PRIVMSG #tea :yes`);
  const heard = await bob.until("PRIVMSG");
  assert.equal(shown(heard), "PRIVMSG #tea yes");
  assert.equal(heard.tags.get("+a"), longest);
});

test("who sends too fast is told so", async (context) => {
  const { port } = await runServer(context, { settings: { flood: { burst: 10, perSecond: 1 } } });
  const ann = await IrcTalker.register(port, "Ann", ["standard-replies"]);
  ann.send(...Array.from({ length: 20 }, () => "PRIVMSG Ann :hi"));
  const told = await ann.until("FAIL");
  assert.deepEqual(told.params.slice(0, 2), ["PRIVMSG", "RATE_LIMITED"]);
});

test("an action, formatting and CTCP pass between IRC clients; at netcat they are words, and CTCP is nothing", async (context) => {
  const { port } = await runServer(context);
  const [ann, bob] = await twoInRoom(port);
  await ann.ask("JOIN #lobby");
  await bob.ask("JOIN #lobby");
  const carl = await LineClient.enter(port, "Carl");
  // Without words it is no action that any other door could show.
  await ann.ask("PRIVMSG Bob :\x01ACTION\x01", "PRIVMSG Bob : ");
  assert.equal((await bob.until("PRIVMSG")).params[1], "\x01ACTION\x01");
  assert.equal((await bob.until("PRIVMSG")).params[1], " ");
  const lines = ["\x01ACTION waves\x01", "\x02bold\x02 and \x0304,05red", "a \x01 in it", "bell\x07"];
  ann.send(...lines.map((line) => `PRIVMSG #lobby :${line}`), "PRIVMSG Carl,#lobby,Bob :\x01VERSION\x01");
  for (const line of lines.slice(0, 3)) assert.equal((await bob.until("PRIVMSG")).params[1], line);
  assert.equal((await bob.until("PRIVMSG")).params[1], "bell\uFFFD");
  for (const asked of ["#lobby", "Bob"])
    assert.deepEqual((await bob.until("PRIVMSG")).params, [asked, "\x01VERSION\x01"]);
  bob.send("NOTICE Ann :\x01VERSION a client\x01");
  assert.equal((await ann.until("NOTICE")).params[1], "\x01VERSION a client\x01");
  ann.send("PRIVMSG Carl :\x01PING 1\x01", "PRIVMSG #lobby :goodbye");
  const shownThere = timeless(await carl.until("goodbye"));
  const said = [
    "T * Ann waves",
    "T Ann: bold and red",
    "T Ann: a  in it",
    "T Ann: bell\uFFFD",
    "T Ann: goodbye",
  ];
  assert.ok(shownThere.endsWith(said.map((line) => `${line}\n`).join("")), shownThere);
  carl.send("/history");
  assert.doesNotMatch(await carl.until("end of history"), /VERSION|PING/);
  await bob.until("PRIVMSG");
  carl.send("/me bows");
  assert.equal((await bob.until("PRIVMSG")).params[1], "\x01ACTION bows\x01");
});

test("a text longer than a line is cut between characters, each piece with an id of its own", async (context) => {
  const { port } = await runServer(context);
  const ann = await IrcTalker.register(port, "Ann", ["message-tags"]);
  await ann.ask("JOIN #lobby");
  const carl = await LineClient.enter(port, "Carl");
  const text = "\u{1F600}".repeat(300);
  carl.send(text, "end");
  const pieces: string[] = [];
  const ids = new Set<string | undefined>();
  for (;;) {
    const { params, tags, source } = await ann.until("PRIVMSG");
    ids.add(tags.get("msgid"));
    if (params[1] === "end") break;
    assert.ok(Buffer.byteLength(`:${source} PRIVMSG #lobby :${params[1]}\r\n`) <= 512);
    pieces.push(params[1] ?? "");
  }
  assert.ok(pieces.length > 1);
  assert.equal(pieces.join(""), text);
  assert.equal(ids.size, pieces.length + 1);
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

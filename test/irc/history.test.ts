import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { IrcMessage } from "../../src/protocols/irc/message.ts";
import { type Clock, systemClock } from "../../src/server/clock.ts";
import { LineClient } from "../support/line-client.ts";
import { type RunningServer, type RunningServerOptions, runServer } from "../support/running-server.ts";
import { IrcTalker, shown } from "./talker.ts";

const caps = [
  "batch",
  "server-time",
  "message-tags",
  "echo-message",
  "draft/chathistory",
  "labeled-response",
  "standard-replies",
];

interface Said {
  readonly id: string;
  readonly time: string;
  readonly text: string;
}

/** A server whose time of day stands still until it is turned. */
async function server(
  context: TestContext,
  options: RunningServerOptions = {},
): Promise<RunningServer & { readonly turn: (ms: number) => void }> {
  let now = Date.parse("2026-11-25T14:30:00.123Z");
  const { monotonic, after } = systemClock;
  const clock: Clock = { now: () => now, monotonic, after };
  const running = await runServer(context, { clock, ...options });
  return { ...running, turn: (ms) => void (now += ms) };
}

/** Says so many things, `1`, `2` …, a second apart. */
async function talk(
  client: IrcTalker,
  turn: (ms: number) => void,
  { target = "#tea", count = 9 } = {},
): Promise<readonly Said[]> {
  const said: Said[] = [];
  for (let n = 1; n <= count; n += 1) {
    client.send(`PRIVMSG ${target} :${n}`);
    const { tags } = await client.until("PRIVMSG");
    said.push({ id: tags.get("msgid") ?? "", time: tags.get("time") ?? "", text: String(n) });
    turn(1000);
  }
  return said;
}

/** What a batch of this type and target holds; that it is one is checked. */
function inBatch(messages: readonly IrcMessage[], type: string, target?: string): readonly IrcMessage[] {
  const [first, last] = [messages[0], messages.at(-1)];
  assert.equal(first?.command, "BATCH", messages.map(shown).join(" | "));
  const [reference = "", ...what] = first.params;
  assert.deepEqual(what, target === undefined ? [type] : [type, target]);
  assert.equal(last === undefined ? "" : shown(last), `BATCH -${reference.slice(1)}`);
  const content = messages.slice(1, -1);
  for (const { tags } of content) assert.equal(tags.get("batch"), reference.slice(1));
  return content;
}

function texts(messages: readonly IrcMessage[]): string {
  return messages.map(({ params }) => params.at(-1)).join(" ");
}

test("a part of a channel's history is asked for by time and by id", async (context) => {
  const { port, turn } = await server(context);
  const ann = await IrcTalker.register(port, "Ann", caps);
  await ann.ask("JOIN #tea");
  const said = await talk(ann, turn);
  const asked: readonly (readonly [query: string, expected: string])[] = [
    ["LATEST #tea * 3", "7 8 9"],
    ["LATEST #TEA * 100", "1 2 3 4 5 6 7 8 9"],
    ["LATEST #tea {7} 5", "8 9"],
    ["LATEST #tea {3} 2", "8 9"],
    ["BEFORE #tea {4} 2", "2 3"],
    ["BEFORE #tea {1} 2", ""],
    ["BEFORE #tea {3} 100", "1 2"],
    ["AFTER #tea {4} 2", "5 6"],
    ["AFTER #tea {9} 2", ""],
    ["AROUND #tea {5} 3", "4 5 6"],
    ["AROUND #tea {5} 1", "5"],
    ["AROUND #tea {9} 4", "6 7 8 9"],
    ["AROUND #tea {1} 4", "1 2 3 4"],
    ["BETWEEN #tea {2} {6} 10", "3 4 5"],
    ["BETWEEN #tea {6} {2} 10", "3 4 5"],
    ["BETWEEN #tea {2} {6} 2", "3 4"],
    ["BETWEEN #tea {6} {2} 2", "4 5"],
    ["BETWEEN #tea {2} {2} 2", ""],
  ];
  for (const [query, expected] of asked) {
    for (const selector of ["id", "time"] as const) {
      const line = query.replace(/\{(\d)\}/g, (_, n: string) => {
        const { id, time } = said[Number(n) - 1]!;
        return selector === "id" ? `msgid=${id}` : `timestamp=${time}`;
      });
      const got = inBatch(await ann.ask(`CHATHISTORY ${line}`), "chathistory", "#tea");
      assert.equal(texts(got), expected, line);
    }
  }
  const [whole] = inBatch(await ann.ask("CHATHISTORY LATEST #tea * 1"), "chathistory", "#tea");
  assert.equal(whole?.tags.get("msgid"), said[8]?.id);
  assert.equal(whole?.tags.get("time"), said[8]?.time);
  assert.match(whole?.source ?? "", /^Ann!~Ann@\w+\.hidden$/);
  const labeled = await ann.ask("@label=a CHATHISTORY LATEST #tea * 2");
  assert.deepEqual(
    labeled.map(({ tags }) => tags.get("label")),
    ["a", undefined, undefined, undefined],
  );
});

test("a conversation's history is of both sides, also with somebody who is gone, and of nobody else", async (context) => {
  const { port, turn } = await server(context);
  const ann = await IrcTalker.register(port, "Ann", caps);
  const bob = await IrcTalker.register(port, "Bob", caps);
  await talk(ann, turn, { target: "Bob", count: 2 });
  bob.send("PRIVMSG Ann :3");
  await bob.settled();
  await ann.settled();
  const eve = await IrcTalker.register(port, "Eve", caps);
  for (const [client, target, expected] of [
    [ann, "bob", "Bob 1|Bob 2|Ann 3"],
    [bob, "Ann", "Bob 1|Bob 2|Ann 3"],
    [eve, "Ann", ""],
    [eve, "Nobody", ""],
  ] as const) {
    const got = inBatch(await client.ask(`CHATHISTORY LATEST ${target} * 9`), "chathistory", target);
    assert.equal(got.map(({ params }) => params.join(" ")).join("|"), expected);
  }
  bob.send("QUIT");
  await bob.until("ERROR");
  const gone = inBatch(await ann.ask("CHATHISTORY LATEST Bob * 9"), "chathistory", "Bob");
  assert.equal(texts(gone), "1 2 3");
  // Another guest of that name is somebody else.
  const other = await IrcTalker.register(port, "Bob", caps);
  assert.deepEqual(inBatch(await other.ask("CHATHISTORY LATEST Ann * 9"), "chathistory", "Ann"), []);
});

test("what cannot be read is refused by its code", async (context) => {
  const { port, turn } = await server(context);
  const ann = await IrcTalker.register(port, "Ann", caps);
  await ann.ask("JOIN #tea");
  const [first] = await talk(ann, turn, { count: 1 });
  const eve = await IrcTalker.register(port, "Eve", caps);
  const time = "timestamp=2026-01-01T00:00:00.000Z";
  for (const [line, expected] of [
    ["LATEST #tea * 5", "FAIL CHATHISTORY INVALID_TARGET LATEST #tea"],
    [`AFTER #tea msgid=${first?.id} 5`, "FAIL CHATHISTORY INVALID_TARGET AFTER #tea"],
    ["LATEST #nowhere * 5", "FAIL CHATHISTORY INVALID_TARGET LATEST #nowhere"],
    ["LATEST a,b * 5", "FAIL CHATHISTORY INVALID_TARGET LATEST a,b"],
    [`BEFORE Ann msgid=${first?.id} 5`, "FAIL CHATHISTORY MESSAGE_ERROR BEFORE Ann"],
    ["BEFORE Ann msgid=no/id 5", "FAIL CHATHISTORY MESSAGE_ERROR BEFORE Ann"],
    ["LATEST #tea * 0", "FAIL CHATHISTORY INVALID_PARAMS LATEST 0"],
    ["LATEST #tea", "FAIL CHATHISTORY INVALID_PARAMS LATEST"],
    ["SIDEWAYS #tea * 5", "FAIL CHATHISTORY INVALID_PARAMS SIDEWAYS"],
    [`TARGETS ${time}`, "FAIL CHATHISTORY INVALID_PARAMS TARGETS"],
    ["", "FAIL CHATHISTORY INVALID_PARAMS"],
  ] as const) {
    const [answer, ...rest] = await eve.ask(`CHATHISTORY ${line}`);
    assert.deepEqual(rest, []);
    assert.ok(
      answer !== undefined && shown(answer).startsWith(expected),
      `${line}: ${answer && shown(answer)}`,
    );
  }
});

test("who leaves a channel reads it no more", async (context) => {
  const { port, turn } = await server(context);
  const ann = await IrcTalker.register(port, "Ann", caps);
  const bob = await IrcTalker.register(port, "Bob", caps);
  await ann.ask("JOIN #tea");
  await bob.ask("JOIN #tea");
  await ann.settled();
  await talk(ann, turn, { count: 2 });
  assert.equal(
    texts(inBatch((await bob.ask("CHATHISTORY LATEST #tea * 9")).slice(2), "chathistory", "#tea")),
    "1 2",
  );
  const [, answer] = await bob.ask("PART #tea", "CHATHISTORY LATEST #tea * 9");
  assert.match(answer === undefined ? "" : shown(answer), /^FAIL CHATHISTORY INVALID_TARGET/);
});

test("channels and conversations are listed by when something was last said", async (context) => {
  const { port, turn } = await server(context);
  const ann = await IrcTalker.register(port, "Ann", caps);
  await ann.ask("JOIN #tea,#milk,#quiet");
  const bob = await IrcTalker.register(port, "Bob", caps);
  await bob.ask("JOIN #other");
  const [tea] = await talk(ann, turn, { target: "#tea", count: 1 });
  const [bobs] = await talk(ann, turn, { target: "Bob", count: 1 });
  const [milk] = await talk(ann, turn, { target: "#milk", count: 1 });
  await talk(bob, turn, { target: "#other", count: 1 });
  const all = [`#tea ${tea?.time}`, `Bob ${bobs?.time}`, `#milk ${milk?.time}`];
  const [early, late] = ["2000-01-01T00:00:00.000Z", "2100-01-01T00:00:00.000Z"];
  for (const [from, to, limit, expected] of [
    [early, late, 10, all],
    [late, early, 10, all],
    [early, late, 1, all.slice(0, 1)],
    [late, early, 1, all.slice(2)],
    [tea?.time, milk?.time, 10, all.slice(1, 2)],
    [early, tea?.time, 10, []],
  ] as const) {
    const answer = await ann.ask(`CHATHISTORY TARGETS timestamp=${from} timestamp=${to} ${limit}`);
    const got = inBatch(answer, "draft/chathistory-targets").map(shown);
    assert.deepEqual(
      got,
      expected.map((line) => `CHATHISTORY TARGETS ${line}`),
    );
  }
});

test("what happened to a channel is in its history for who can take it", async (context) => {
  const { port, turn } = await server(context);
  const ann = await IrcTalker.register(port, "Ann", [...caps, "draft/event-playback"]);
  const bob = await IrcTalker.register(port, "Bob", caps);
  await ann.ask("JOIN #tea");
  await bob.ask("JOIN #tea");
  ann.send("TOPIC #tea :green", "MODE #tea +v Bob");
  await ann.settled();
  await bob.settled();
  await talk(ann, turn, { count: 1 });
  const whole = inBatch(await ann.ask("CHATHISTORY LATEST #tea * 9"), "chathistory", "#tea");
  assert.deepEqual(whole.filter(({ command }) => command !== "MODE").map(shown), [
    "TOPIC #tea green",
    "PRIVMSG #tea 1",
  ]);
  await bob.until("PRIVMSG");
  const said = inBatch(await bob.ask("CHATHISTORY LATEST #tea * 1"), "chathistory", "#tea");
  assert.deepEqual(said.map(shown), ["PRIVMSG #tea 1"]);
});

test("tags without a message are in the history of events, but those of the moment, and can be taken back", async (context) => {
  const { port } = await server(context);
  const able = [...caps, "draft/event-playback", "draft/message-redaction"];
  const ann = await IrcTalker.register(port, "Ann", able);
  const bob = await IrcTalker.register(port, "Bob", caps);
  const dan = await LineClient.enter(port, "Dan");
  for (const client of [ann, bob]) await client.ask("JOIN #tea");
  dan.send("/join #tea");
  await dan.settled();
  await ann.settled();
  const lines = ["PRIVMSG #tea :hello", "@+draft/react=👍 TAGMSG #tea", "@+x=1 TAGMSG #tea"];
  bob.send(...lines, "@+typing=active TAGMSG #tea", "TAGMSG #tea", "@+x=2 TAGMSG @#tea");
  await bob.settled();
  const reaction = await ann.until("TAGMSG");
  await ann.settled();
  const whole = inBatch(await ann.ask("CHATHISTORY LATEST #tea * 9"), "chathistory", "#tea");
  assert.deepEqual(whole.map(shown), ["PRIVMSG #tea hello", "TAGMSG #tea", "TAGMSG #tea"]);
  assert.equal(whole[1]?.tags.get("+draft/react"), "👍");
  assert.equal(whole[1].tags.get("msgid"), reaction.tags.get("msgid"));
  assert.equal(whole[2]?.tags.get("+x"), "1");
  const said = inBatch(await bob.ask("CHATHISTORY LATEST #tea * 9"), "chathistory", "#tea");
  assert.deepEqual(said.map(shown), ["PRIVMSG #tea hello"]);
  // At netcat there is of it what people can read.
  const atNetcat = await dan.settled();
  assert.match(atNetcat, / Bob: hello\n\S+ \[SYSTEM\] Bob reacted: 👍\n$/);
  bob.send(`REDACT #tea ${reaction.tags.get("msgid") ?? ""}`);
  await ann.until("REDACT");
  const left = inBatch(await ann.ask("CHATHISTORY LATEST #tea * 9"), "chathistory", "#tea");
  assert.deepEqual(
    left.map(({ command }) => command),
    ["PRIVMSG", "TAGMSG", "REDACT"],
  );
});

test("tags without a message wait for nobody", async (context) => {
  const { port } = await server(context);
  const ann = await IrcTalker.register(port, "Ann", caps);
  await ann.ask("REGISTER * * sesame");
  ann.send("QUIT");
  const bob = await IrcTalker.register(port, "Bob", caps);
  bob.send("@+draft/react=x TAGMSG Ann");
  assert.equal(shown(await bob.until("401")).startsWith("401 Bob Ann"), true);
});

test("who comes in is shown the last messages, with their time in the text where there is no tag for it", async (context) => {
  const { port, turn } = await server(context);
  const ann = await IrcTalker.register(port, "Ann", caps);
  await ann.ask("JOIN #tea");
  await talk(ann, turn, { count: 2 });
  const plain = await IrcTalker.register(port, "Bob");
  const shownToPlain = await plain.ask("JOIN #tea");
  const [before, after, ...others] = shownToPlain.filter(({ command }) => command === "NOTICE");
  assert.match(
    before?.params[1] ?? "",
    /^--- the last 2 messages, since \w+ \d+ \w+ \d{4} \d\d:\d\d:\d\d ---$/,
  );
  assert.equal(after?.params[1], "--- end of history ---");
  assert.deepEqual(others, []);
  const toPlain = shownToPlain.filter(({ command }) => command === "PRIVMSG");
  for (const [index, { params, source }] of toPlain.entries()) {
    assert.match(params[1] ?? "", new RegExp(`^\\[\\d\\d:\\d\\d:\\d\\d\\] ${index + 1}$`));
    assert.match(source ?? "", /^Ann!/);
  }
  assert.equal(toPlain.length, 2);
  const timed = await IrcTalker.register(port, "Carl", ["server-time", "batch"]);
  const entered = await timed.ask("JOIN #tea");
  const batch = entered.slice(entered.findIndex(({ command }) => command === "BATCH"));
  const replayed = inBatch(batch, "chathistory", "#tea");
  assert.equal(texts(replayed), "1 2");
  assert.ok(replayed.every(({ tags }) => tags.has("time")));
  const asking = await IrcTalker.register(port, "Dan", caps);
  assert.ok((await asking.ask("JOIN #tea")).every(({ command }) => command !== "PRIVMSG"));
});

test("how far one has read is kept, moves forward only, and is told to the same person's connections", async (context) => {
  const { port, turn } = await server(context);
  const ann = await IrcTalker.register(port, "Ann", [...caps, "draft/read-marker"]);
  const entered = (await ann.ask("JOIN #tea")).map(({ command }) => command);
  assert.ok(entered.indexOf("MARKREAD") > entered.indexOf("JOIN"));
  assert.ok(entered.indexOf("MARKREAD") < entered.indexOf("366"));
  const bob = await IrcTalker.register(port, "Bob", [...caps, "draft/read-marker"]);
  await bob.ask("JOIN #other");
  const said = await talk(ann, turn, { count: 2 });
  const at = (n: number): string => `timestamp=${said[n - 1]?.time}`;
  for (const [line, expected] of [
    ["MARKREAD #tea", "MARKREAD #tea *"],
    [`MARKREAD #TEA ${at(2)}`, `MARKREAD #tea ${at(2)}`],
    [`MARKREAD #tea ${at(1)}`, `MARKREAD #tea ${at(2)}`],
    ["MARKREAD #tea", `MARKREAD #tea ${at(2)}`],
    [`MARKREAD Zoe ${at(1)}`, `MARKREAD Zoe ${at(1)}`],
    ["MARKREAD zoe", `MARKREAD zoe ${at(1)}`],
    ["MARKREAD", "FAIL MARKREAD NEED_MORE_PARAMS Missing parameters"],
    ["MARKREAD #tea *", "FAIL MARKREAD INVALID_PARAMS * Invalid parameters"],
    [`MARKREAD #nowhere ${at(1)}`, "FAIL MARKREAD INVALID_PARAMS #nowhere Invalid parameters"],
    [`MARKREAD #other ${at(1)}`, "FAIL MARKREAD INVALID_PARAMS #other Invalid parameters"],
  ] as const) {
    assert.deepEqual((await ann.ask(line)).map(shown), [expected], line);
  }
  // It is nobody else's to know.
  assert.deepEqual((await bob.ask("JOIN #tea")).filter(({ command }) => command === "MARKREAD").map(shown), [
    "MARKREAD #tea *",
  ]);
});

test("a message is taken back by who said it and by who runs the channel, and is gone from history", async (context) => {
  const { port, turn } = await server(context);
  const redacting = [...caps, "draft/message-redaction"];
  const ann = await IrcTalker.register(port, "Ann", redacting);
  await ann.ask("JOIN #tea");
  const bob = await IrcTalker.register(port, "Bob", redacting);
  await bob.ask("JOIN #tea");
  const plain = await IrcTalker.register(port, "Carl", caps);
  await plain.ask("JOIN #tea");
  await ann.settled();
  const said = await talk(bob, turn, { count: 3 });
  await ann.settled();
  const [anns] = await talk(ann, turn, { count: 1 });
  await bob.settled();
  await ann.settled();
  await plain.settled();
  for (const [client, line, expected] of [
    [bob, `REDACT #tea ${anns?.id}`, `FAIL REDACT REDACT_FORBIDDEN #tea ${anns?.id}`],
    [bob, "REDACT #tea none", "FAIL REDACT UNKNOWN_MSGID #tea none"],
    [bob, "REDACT #tea no/id", "FAIL REDACT UNKNOWN_MSGID #tea no/id"],
    [bob, `REDACT #nowhere ${said[0]?.id}`, "FAIL REDACT INVALID_TARGET #nowhere"],
    [bob, `REDACT Nobody ${said[0]?.id}`, "FAIL REDACT INVALID_TARGET Nobody"],
    [bob, `REDACT Ann ${said[0]?.id}`, `FAIL REDACT UNKNOWN_MSGID Ann ${said[0]?.id}`],
    [bob, "REDACT #tea", "461 Bob REDACT"],
    [bob, `REDACT #tea ${said[0]?.id} :a slip`, `REDACT #tea ${said[0]?.id} a slip`],
    [ann, `REDACT #tea ${said[1]?.id}`, `REDACT #tea ${said[1]?.id}`],
    [ann, `REDACT #tea ${said[1]?.id}`, `FAIL REDACT UNKNOWN_MSGID #tea ${said[1]?.id}`],
  ] as const) {
    const answer = (await client.ask(line))
      .map(shown)
      .filter((one) => !one.endsWith("a slip") || client === bob);
    assert.equal(answer.length, 1, `${line}: ${answer.join(" | ")}`);
    assert.ok(answer[0]?.startsWith(expected), `${line}: ${answer[0]}`);
  }
  const toBob = await bob.until("REDACT");
  assert.equal(shown(toBob), `REDACT #tea ${said[1]?.id}`);
  assert.match(toBob.source ?? "", /^Ann!/);
  assert.deepEqual((await plain.settled()).map(shown), []);
  assert.equal(texts(inBatch(await plain.ask("CHATHISTORY LATEST #tea * 9"), "chathistory", "#tea")), "3 1");
});

test("a removal is shown at netcat, and what is left of the message in its history", async (context) => {
  const { port } = await runServer(context);
  const ann = await IrcTalker.register(port, "Ann", [...caps, "draft/message-redaction"]);
  await ann.ask("JOIN #lobby");
  const dan = await LineClient.enter(port, "Dan");
  ann.send("PRIVMSG #lobby :my password is 123");
  const { tags } = await ann.until("PRIVMSG");
  ann.send(`REDACT #lobby ${tags.get("msgid")} :oh no`);
  await dan.until(/\[SYSTEM\] Ann removed a message: oh no\n/);
  const late = await LineClient.enter(port, "Eve");
  const seen = await late.settled();
  assert.match(seen, /\[SYSTEM\] a message of Ann was removed\n/);
  assert.doesNotMatch(seen, /password/);
});

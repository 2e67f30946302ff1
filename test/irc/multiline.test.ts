import assert from "node:assert/strict";
import { test } from "node:test";
import type { IrcMessage } from "../../src/protocols/irc/message.ts";
import { systemClock } from "../../src/server/clock.ts";
import { LineClient, timeless } from "../support/line-client.ts";
import { runServer } from "../support/running-server.ts";
import { IrcTalker, shown } from "./talker.ts";

const caps = [
  "batch",
  "draft/multiline",
  "message-tags",
  "echo-message",
  "labeled-response",
  "standard-replies",
];

/** What a client sends for a message of these lines; one that begins with `+` goes on where the line before ends. */
function batchOf(lines: readonly string[], { target = "#lobby", tags = "" } = {}): readonly string[] {
  return [
    `${tags}BATCH +1 draft/multiline ${target}`,
    ...lines.map((line) =>
      line.startsWith("+")
        ? `@batch=1;draft/multiline-concat PRIVMSG ${target} :${line.slice(1)}`
        : `@batch=1 PRIVMSG ${target} :${line}`,
    ),
    "BATCH -1",
  ];
}

function linesOf(messages: readonly IrcMessage[]): readonly string[] {
  return messages
    .filter(({ command }) => command === "PRIVMSG")
    .map(({ params, tags }) => (tags.has("draft/multiline-concat") ? "+" : "") + params.at(-1));
}

test("the limits stand with the capability", async (context) => {
  const { port } = await runServer(context, { settings: { maxMultilineBytes: 1000, maxLines: 7 } });
  const client = await IrcTalker.connect(port);
  client.send("CAP LS 302");
  const isListed = ({ params }: IrcMessage): boolean =>
    params.at(-1)?.split(" ").includes("draft/multiline=max-bytes=1000,max-lines=7") === true;
  await client.until(isListed);
});

test("a line of a message is no action where the message is none, and the words of an action are cut between characters", async (context) => {
  const { port } = await runServer(context);
  const ann = await IrcTalker.register(port, "Ann", caps);
  const bob = await IrcTalker.register(port, "Bob", caps);
  const plain = await IrcTalker.register(port, "Carl", []);
  for (const client of [ann, bob, plain]) await client.ask("JOIN #lobby");
  const dan = await LineClient.enter(port, "Dan");
  ann.send(...batchOf(["one", "\x01ACTION waves\x01"]));
  ann.send(
    ...batchOf(["\x01ACTION \u{1F600}\u{1F600}\u{1F600}\u{1F600}", "+\u{1F600}\x01"]),
    "PRIVMSG #lobby :end",
  );
  const shownThere = timeless(await dan.until("Ann: end\n"));
  assert.match(
    shownThere,
    /T Ann: one\nT Ann: \uFFFDACTION waves\nT \* Ann (?:\u{1F600}){5}\nT Ann: end\n$/u,
  );
  for (const client of [bob, plain]) {
    const texts = linesOf(await client.settled());
    assert.deepEqual(texts, [
      "one",
      "\uFFFDACTION waves\x01",
      `\x01ACTION ${"\u{1F600}".repeat(5)}\x01`,
      "end",
    ]);
  }
});

test("a message of several lines is one, and arrives as its lines came", async (context) => {
  const { port } = await runServer(context);
  const [ann, bob, plain] = await Promise.all([
    IrcTalker.register(port, "Ann", caps),
    IrcTalker.register(port, "Bob", caps),
    IrcTalker.register(port, "Carl", ["message-tags"]),
  ]);
  for (const client of [ann, bob, plain]) await client.ask("JOIN #lobby");
  for (const client of [ann, bob, plain]) await client.settled();
  const dan = await LineClient.enter(port, "Dan");
  const lines = ["hello", "", "how is ", "+everyone?"];
  ann.send(...batchOf(lines, { tags: "@label=x;+example.com/a=b " }));
  const echo = await ann.settled();
  const heard = await bob.settled();
  for (const [messages, label] of [
    [echo, "x"],
    [heard, undefined],
  ] as const) {
    const [first, ...rest] = messages.filter(({ command }) => command !== "JOIN");
    assert.deepEqual(first?.params.slice(1), ["draft/multiline", "#lobby"]);
    assert.match(first?.source ?? "", /^Ann!/);
    assert.ok(first?.tags.has("msgid"));
    assert.equal(first?.tags.get("+example.com/a"), "b");
    assert.equal(first?.tags.get("label"), label);
    assert.deepEqual(linesOf(rest), lines);
    for (const line of rest.slice(0, -1)) {
      assert.equal(`+${line.tags.get("batch")}`, first?.params[0]);
      assert.equal(line.tags.has("msgid"), false);
    }
    assert.equal(`-${first?.params[0]?.slice(1)}`, rest.at(-1)?.params[0]);
  }
  const toPlain = (await plain.settled()).filter(({ command }) => command === "PRIVMSG");
  assert.deepEqual(linesOf(toPlain), ["hello", "how is ", "everyone?"]);
  assert.deepEqual(
    toPlain.map(({ tags }) => tags.has("msgid")),
    [true, false, false],
  );
  assert.match(timeless(await dan.until(/everyone\?\n/)), /T Ann: hello\nT Ann: how is everyone\?\n$/);
});

test("a message of several lines to somebody, in history, and taken as one", async (context) => {
  const { port } = await runServer(context);
  const history = [...caps, "draft/chathistory"];
  const ann = await IrcTalker.register(port, "Ann", history);
  const bob = await IrcTalker.register(port, "Bob", ["batch", "draft/chathistory"]);
  ann.send(...batchOf(["one", "two"], { target: "Bob" }));
  await ann.settled();
  assert.deepEqual(linesOf(await bob.settled()), ["one", "two"]);
  const [outer, inner, ...rest] = await ann.ask("CHATHISTORY LATEST Bob * 1");
  assert.deepEqual(outer?.params.slice(1), ["chathistory", "Bob"]);
  assert.equal(inner?.tags.get("batch"), outer?.params[0]?.slice(1));
  assert.deepEqual(linesOf(rest), ["one", "two"]);
  assert.deepEqual(linesOf(await bob.ask("CHATHISTORY LATEST Ann * 1")), ["one", "two"]);
});

test("a long text of another door comes as one message to who knows that", async (context) => {
  const { port } = await runServer(context);
  const ann = await IrcTalker.register(port, "Ann", caps);
  await ann.ask("JOIN #lobby");
  const dan = await LineClient.enter(port, "Dan");
  const text = "word ".repeat(300).trim();
  dan.send(text);
  await ann.until("BATCH");
  const pieces: string[] = [];
  for (
    let message = await ann.until(() => true);
    message.command === "PRIVMSG";
    message = await ann.until(() => true)
  ) {
    assert.equal(message.tags.has("draft/multiline-concat"), pieces.length > 0);
    pieces.push(message.params.at(-1) ?? "");
  }
  assert.equal(pieces.join(""), text);
  assert.ok(pieces.length > 1);
});

const wrong: readonly (readonly [what: string, lines: readonly string[], answer: string])[] = [
  ["too many lines", batchOf(["a", "b", "c", "d"]), "FAIL BATCH MULTILINE_MAX_LINES 3"],
  ["too many bytes", batchOf(["a".repeat(300), "b".repeat(300)]), "FAIL BATCH MULTILINE_MAX_BYTES 512"],
  ["nothing in it", ["BATCH +1 draft/multiline #lobby", "BATCH -1"], "FAIL BATCH MULTILINE_INVALID"],
  ["blank lines", batchOf(["", ""]), "FAIL BATCH MULTILINE_INVALID"],
  [
    "another target",
    ["BATCH +1 draft/multiline #lobby", "@batch=1 PRIVMSG #tea :a", "@batch=1 PRIVMSG #lobby :b", "BATCH -1"],
    "FAIL BATCH MULTILINE_INVALID_TARGET #lobby #tea",
  ],
  ["no batch", ["BATCH +1 unheard-of #lobby"], "FAIL BATCH MULTILINE_INVALID"],
  ["not open", ["@batch=9 PRIVMSG #lobby :a"], "FAIL BATCH MULTILINE_INVALID"],
  ["nobody there", batchOf(["a", "b"], { target: "Nobody" }), "401 Ann Nobody"],
  ["a channel that there is not", batchOf(["a", "b"], { target: "#none" }), "403 Ann #none"],
];

test("what is wrong with a batch is told once, and nothing of it is delivered", async (context) => {
  const { port } = await runServer(context, { settings: { maxMultilineBytes: 512, maxLines: 3 } });
  const ann = await IrcTalker.register(port, "Ann", caps);
  const bob = await IrcTalker.register(port, "Bob");
  await ann.ask("JOIN #lobby");
  await bob.ask("JOIN #lobby");
  await ann.settled();
  for (const [what, lines, expected] of wrong) {
    const [answer, ...rest] = await ann.ask(`@label=y ${lines[0]}`.replace("y @", "y;"), ...lines.slice(1));
    assert.deepEqual(rest.map(shown), [], what);
    assert.ok(
      answer !== undefined && shown(answer).startsWith(expected),
      `${what}: ${answer && shown(answer)}`,
    );
    assert.equal(answer.tags.get("label"), "y", what);
  }
  assert.deepEqual((await bob.settled()).map(shown), []);
  assert.deepEqual((await ann.ask("PRIVMSG Ann :on it goes")).map(shown), [
    "PRIVMSG Ann on it goes",
    "PRIVMSG Ann on it goes",
  ]);
});

test("a batch that is left open is given up, and said so", async (context) => {
  let giveUp: () => void = () => undefined;
  const clock = {
    ...systemClock,
    after: (ms: number, action: () => void): ReturnType<typeof systemClock.after> => {
      if (ms !== 60_000) return systemClock.after(ms, action);
      giveUp = action;
      return { cancel: () => undefined };
    },
  };
  // The time for a name is as long.
  const { port } = await runServer(context, { clock, settings: { loginMs: 61_000 } });
  const ann = await IrcTalker.register(port, "Ann", caps);
  ann.send("@label=x BATCH +1 draft/multiline Ann", "@batch=1 PRIVMSG Ann :a", "PING all-there");
  await ann.until("PONG");
  giveUp();
  const answer = await ann.until("FAIL");
  assert.deepEqual(answer.params.slice(0, 3), ["BATCH", "TIMEOUT", "1"]);
  assert.equal(answer.tags.get("label"), "x");
  ann.send("BATCH +2 draft/multiline Ann", "@batch=2 TOPIC #lobby", "PING all-there");
  await ann.until("PONG");
  giveUp();
  assert.deepEqual((await ann.settled()).map(shown), [], "What is wrong with it was told already.");
});

test("a batch in which something was wrong can be ended, however fast it came", async (context) => {
  let passedMs = 0;
  const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + passedMs };
  const { port } = await runServer(context, { clock, settings: { flood: { burst: 8, perSecond: 0.001 } } });
  const ann = await IrcTalker.register(port, "Ann", caps);
  const line = "@batch=1 PRIVMSG Ann :a";
  ann.send("BATCH +1 draft/multiline Ann", "@batch=1 TOPIC #x", ...Array<string>(8).fill(line), "BATCH -1");
  ann.send("WHOIS Ann");
  await ann.until(({ params }) => params[0] === "WHOIS" && params[1] === "RATE_LIMITED");
  passedMs = 1_000_000_000;
  ann.send("WHOIS Ann");
  await ann.until("318");
});

test("the lines of one message do not count against the limit of a flood", async (context) => {
  const { port } = await runServer(context, { settings: { flood: { burst: 15, perSecond: 1 } } });
  const ann = await IrcTalker.register(port, "Ann", caps);
  ann.send(
    ...batchOf(
      Array.from({ length: 50 }, (_, index) => `line ${index}`),
      { target: "Ann" },
    ),
  );
  const heard: string[] = [];
  while (heard.length < 50)
    heard.push(...linesOf([await ann.until(({ command }) => command === "PRIVMSG" || command === "FAIL")]));
  assert.equal(heard[49], "line 49");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { runServer } from "../support/running-server.ts";
import { IrcClient } from "./client.ts";

const capabilities = ["labeled-response", "batch", "message-tags"];

/**
 * What is sent with a label, and what comes with it: one line, or the numerics and commands of a batch, which holds
 * them between the line that opens and the one that closes it.
 */
const answers: readonly (readonly [line: string, first: RegExp, batched?: readonly string[]])[] = [
  ["PING x", /^PONG roomful\.local :x$/],
  ["PONG x", /^ACK$/],
  ["JOIN #tea", /^ACK$/],
  ["JOIN #new", /^BATCH \+\w+ labeled-response$/, ["JOIN", "353", "366"]],
  ["PART #new :bye", /^PART #new :bye$/],
  ["WHOIS bob", /^BATCH \+\w+ labeled-response$/, ["311", "319", "312", "317", "318"]],
  ["PRIVMSG bob :hi", /^ACK$/],
  ["NOTICE bob :hi", /^ACK$/],
  ["TAGMSG bob", /^ACK$/],
  ["@+x=1 TAGMSG #tea", /^ACK$/],
  ["PRIVMSG nobody :hi", /^401 ann nobody :/],
  ["NOTICE nobody :hi", /^ACK$/],
  ["PRIVMSG #tea,bob,nobody :hi", /^401 ann nobody :/],
  ["TOPIC #tea :green", /^TOPIC #tea :green$/],
  ["AWAY :gone", /^306 /],
  ["AWAY", /^305 /],
  ["MODE ann", /^221 /],
  ["DANCE", /^421 ann DANCE :/],
  ["PRIVMSG", /^411 /],
  ["CAP LIST", /^CAP ann LIST :/],
  ["CHATHISTORY LATEST bob * 1", /^BATCH \+\w+ chathistory bob$/, ["PRIVMSG"]],
  ["CHATHISTORY DANCE", /^FAIL CHATHISTORY INVALID_PARAMS DANCE :/],
  ["METADATA * LIST", /^BATCH \+\w+ metadata \*$/, []],
  ["MARKREAD #tea", /^MARKREAD #tea \*$/],
  ["PRIVMSG NickServ :HELP", /^BATCH \+\w+ labeled-response$/, Array<string>(11).fill("NOTICE")],
  ["NICK anna", /^NICK :?anna$/],
];

/** What stands before the rest of a line, which is neither a tag nor the source. */
function bare(line: string): string {
  return line.replace(/^@\S+ /, "").replace(/^:\S+ /, "");
}

function tag(line: string, key: string): string | undefined {
  const tags = /^@(\S+) /.exec(line)?.[1] ?? "";
  return tags.split(";").flatMap((one) => (one.startsWith(`${key}=`) ? [one.slice(key.length + 1)] : []))[0];
}

test("a label stands on one message, which is the answer or the batch that holds it", async (context) => {
  const { port } = await runServer(context);
  const ann = await IrcClient.enter(port, "ann", ...capabilities);
  const bob = await IrcClient.enter(port, "bob", ...capabilities);
  for (const client of [ann, bob]) await client.ask("JOIN #tea");
  await ann.ask();
  let number = 0;
  for (const [line, first, batched] of answers) {
    number += 1;
    const label = `l${number}`;
    const sent = line.startsWith("@") ? `@label=${label};${line.slice(1)}` : `@label=${label} ${line}`;
    const got = await ann.ask(sent);
    const labeled = got.filter((one) => tag(one, "label") !== undefined);
    assert.deepEqual(
      labeled.map((one) => tag(one, "label")),
      [label],
      got.join("\n"),
    );
    assert.match(bare(labeled[0] ?? ""), first);
    if (batched === undefined) {
      assert.equal(got.length, 1, got.join("\n"));
      continue;
    }
    const reference =
      bare(got[0] ?? "")
        .split(" ")[1]
        ?.slice(1) ?? "";
    assert.equal(bare(got.at(-1) ?? ""), `BATCH -${reference}`);
    const within = got.slice(1, -1);
    assert.deepEqual(
      within.map((one) => bare(one).split(" ")[0]),
      batched,
      line,
    );
    for (const one of within) assert.equal(tag(one, "batch"), reference, one);
  }
  for (const line of await bob.ask()) assert.equal(tag(line, "label"), undefined, line);
});

test("who is echoed gets his label with the echo, and a message to himself once without", async (context) => {
  const { port } = await runServer(context);
  const ann = await IrcClient.enter(port, "ann", ...capabilities, "echo-message");
  const [came, echo, ...rest] = await ann.ask("@label=1;+x=y PRIVMSG ann :me");
  assert.deepEqual(rest, []);
  assert.equal(tag(came ?? "", "label"), undefined);
  assert.equal(tag(echo ?? "", "label"), "1");
  for (const line of [came ?? "", echo ?? ""]) {
    assert.equal(bare(line), "PRIVMSG ann :me");
    assert.equal(tag(line, "+x"), "y");
  }
  assert.equal(tag(came ?? "", "msgid"), tag(echo ?? "", "msgid"));
  const tags = await ann.ask("@label=2;+x=z TAGMSG ann");
  assert.deepEqual(
    tags.map((line) => [bare(line), tag(line, "label"), tag(line, "+x")]),
    [
      ["TAGMSG ann", undefined, "z"],
      ["TAGMSG ann", "2", "z"],
    ],
  );
});

test("without batches, or longer than it may be, a label is nothing", async (context) => {
  const { port } = await runServer(context);
  const ann = await IrcClient.enter(port, "ann", "labeled-response");
  assert.deepEqual(await ann.ask("@label=1 PONG x", "@label=2 PING x"), [
    ":roomful.local PONG roomful.local :x",
  ]);
  const bob = await IrcClient.enter(port, "bob", ...capabilities);
  assert.deepEqual(await bob.ask(`@label=${"l".repeat(65)} PONG x`, `@label=${"l".repeat(64)} PONG x`), [
    `@label=${"l".repeat(64)} :roomful.local ACK`,
  ]);
});

test("who gives labels up is still answered all that he asked before, with the label of then", async (context) => {
  const { port } = await runServer(context);
  const ann = await IrcClient.enter(port, "ann", ...capabilities);
  const got = await ann.ask("@label=1 NAMES bad,#lobby", "CAP REQ :-labeled-response", "@label=3 PING x");
  assert.equal(tag(got[0] ?? "", "label"), "1");
  const reference = tag(got[1] ?? "", "batch");
  assert.deepEqual(
    got.map((line) => bare(line).split(" ").slice(0, 3).join(" ")),
    [
      `BATCH +${reference} labeled-response`,
      "366 ann bad",
      "366 ann #lobby",
      `BATCH -${reference}`,
      "CAP ann ACK",
      "PONG roomful.local :x",
    ],
  );
  assert.equal(tag(got.at(-1) ?? "", "label"), undefined);
});

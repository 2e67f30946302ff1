import assert from "node:assert/strict";
import { test } from "node:test";
import { runServer } from "../support/running-server.ts";
import { commandOf, IrcClient } from "./client.ts";

/** One after the other: what is sent, and what it is answered by. */
const negotiations: Readonly<Record<string, readonly (readonly [line: string, ...answers: string[]])[]>> = {
  "what is asked for is given whole, or not at all": [
    ["CAP REQ :echo-message server-time", "CAP * ACK :echo-message server-time"],
    ["CAP REQ :multi-prefix nonsense", "CAP * NAK :multi-prefix nonsense"],
    ["CAP REQ :MULTI-PREFIX", "CAP * NAK :MULTI-PREFIX"],
    ["CAP LIST", "CAP * LIST :server-time echo-message"],
    ["CAP REQ :-echo-message multi-prefix", "CAP * ACK :-echo-message multi-prefix"],
    ["CAP LIST", "CAP * LIST :server-time multi-prefix"],
    ["CAP REQ :-nonsense", "CAP * NAK :-nonsense"],
    ["CAP REQ :-server-time -multi-prefix", "CAP * ACK :-server-time -multi-prefix"],
    ["CAP LIST", "CAP * LIST :"],
  ],
  "who understands version 302 is told of changes, and cannot be without that": [
    ["CAP REQ :cap-notify", "CAP * ACK :cap-notify"],
    ["CAP REQ :-cap-notify", "CAP * ACK :-cap-notify"],
    ["CAP LIST", "CAP * LIST :"],
    ["CAP LS 302"],
    ["CAP LIST", "CAP * LIST :cap-notify"],
    ["CAP REQ :-cap-notify", "CAP * NAK :-cap-notify"],
  ],
  "what is no subcommand": [
    ["CAP DANCE", "410 * DANCE :Invalid CAP command"],
    ["CAP REQ", "410 * REQ :Invalid CAP command"],
    ["CAP", "461 * CAP :Not enough parameters"],
  ],
};

for (const [name, steps] of Object.entries(negotiations)) {
  test(`capabilities: ${name}`, async (context) => {
    const { port } = await runServer(context);
    const client = await IrcClient.connect(port);
    for (const [line, ...answers] of steps) {
      const got = (await client.ask(line)).filter((answer) => !answer.includes(" LS "));
      assert.deepEqual(
        got,
        answers.map((answer) => `:roomful.local ${answer}`),
        line,
      );
    }
  });
}

test("nobody comes in while he negotiates, and who is in may go on with it", async (context) => {
  const { port } = await runServer(context);
  const ann = await IrcClient.connect(port);
  assert.deepEqual((await ann.ask("CAP REQ :server-time", "NICK ann", "USER ann 0 * :Ann")).length, 1);
  ann.send("CAP END");
  await ann.until("422");
  const later = await ann.ask("CAP LS 302", "CAP END", "CAP REQ :-server-time", "PRIVMSG ann :hi");
  assert.match(later[0] ?? "", /^:roomful\.local CAP ann LS (\* )?:/);
  assert.deepEqual(
    later.slice(-2).map((line) => line.replace(/^:\S+ /, "")),
    ["CAP ann ACK :-server-time", "PRIVMSG ann :hi"],
  );
  const bob = await IrcClient.connect(port);
  bob.send("CAP END", "NICK bob", "USER bob 0 * :Bob");
  await bob.until("422");
});

test("a list that is longer than a line goes on in the next, and values are for who understands them", async (context) => {
  const { port } = await runServer(context);
  const modern = await IrcClient.connect(port);
  const lines = await modern.ask("CAP LS 302");
  assert.ok(lines.length > 1);
  for (const [index, line] of lines.entries()) {
    assert.match(line, index + 1 < lines.length ? /^:\S+ CAP \* LS \* :/ : /^:\S+ CAP \* LS :/);
    assert.ok(Buffer.byteLength(`${line}\r\n`) <= 512);
  }
  const words = lines.flatMap((line) => line.split(" :")[1]?.split(" ") ?? []);
  assert.ok(words.includes("sasl=PLAIN,SCRAM-SHA-256"), words.join(" "));
  const old = await IrcClient.connect(port);
  const plainWords = (await old.ask("CAP LS")).flatMap((line) => line.split(" :")[1]?.split(" ") ?? []);
  assert.deepEqual(
    plainWords,
    words.map((word) => word.split("=")[0]).filter((word) => word !== "draft/no-implicit-names"),
  );
  // So long a request is answered whole.
  await modern.ask(`NICK ${"a".repeat(32)}`);
  const all = plainWords.join(" ");
  const answers = await modern.ask(`CAP REQ :${all}`);
  assert.ok(answers.every((line) => line.includes(" ACK :") && Buffer.byteLength(line) <= 510));
  assert.equal(answers.map((line) => line.split(" :")[1]).join(" "), all);
});

for (const name of ["no-implicit-names", "draft/no-implicit-names"]) {
  test(`${name}: who comes in asks for the names himself`, async (context) => {
    const { port } = await runServer(context);
    const ann = await IrcClient.enter(port, "ann", name);
    assert.deepEqual(commands(await ann.ask("JOIN #tea")), ["JOIN"]);
    assert.deepEqual(commands(await ann.ask("NAMES #tea")), ["353", "366"]);
    assert.deepEqual(commands(await ann.ask(`CAP REQ :-${name}`, "JOIN #new")), [
      "CAP",
      "JOIN",
      "353",
      "366",
    ]);
  });
}

function commands(lines: readonly string[]): readonly string[] {
  return lines.map(commandOf);
}

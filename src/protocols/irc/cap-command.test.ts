import assert from "node:assert/strict";
import { test } from "node:test";
import { type CapCommand, capMessages, capWord, parseCap } from "./cap-command.ts";
import { formatMessage } from "./message.ts";

const commands: readonly (readonly [readonly string[], CapCommand])[] = [
  [["LS", "302"], { kind: "ls", version: 302 }],
  [["ls", "307"], { kind: "ls", version: 307 }],
  [["LS"], { kind: "ls", version: 0 }],
  [["LS", "3O2"], { kind: "ls", version: 0 }],
  [["LS", "-1"], { kind: "ls", version: 0 }],
  [["LIST"], { kind: "list" }],
  [["REQ", "sasl -batch"], { kind: "req", list: "sasl -batch" }],
  [["REQ", ""], { kind: "req", list: "" }],
  [["REQ"], { kind: "invalid", subcommand: "REQ" }],
  [["END"], { kind: "end" }],
  [["ACK", "sasl"], { kind: "invalid", subcommand: "ACK" }],
  [["Foo"], { kind: "invalid", subcommand: "Foo" }],
  [[], { kind: "invalid", subcommand: "" }],
];

for (const [params, expected] of commands) {
  test(`CAP ${params.join(" ")}`, () => {
    assert.deepEqual(parseCap(params), expected);
  });
}

test("values are for who understands them", () => {
  assert.equal(capWord("sasl", "PLAIN", 302), "sasl=PLAIN");
  assert.equal(capWord("sasl", "PLAIN", 0), "sasl");
  assert.equal(capWord("batch", undefined, 302), "batch");
  assert.equal(capWord("batch", "", 302), "batch");
});

function written(
  subcommand: "LS" | "LIST" | "ACK",
  version: number,
  words: readonly string[],
): readonly string[] {
  return capMessages({ subcommand, client: "dan", version }, words, "irc.example.com").map((message) =>
    formatMessage(message).trimEnd(),
  );
}

const start = ":irc.example.com CAP dan";

test("a list on one line, and an empty one", () => {
  assert.deepEqual(written("LS", 302, ["batch", "sasl=PLAIN"]), [`${start} LS :batch sasl=PLAIN`]);
  assert.deepEqual(written("LS", 302, []), [`${start} LS :`]);
  assert.deepEqual(written("ACK", 302, ["-batch"]), [`${start} ACK :-batch`]);
});

const long = Array.from({ length: 60 }, (_, index) => `example.com/cap-${index}`);

test("a list on several lines says that more will come, to who understands it", () => {
  const lines = written("LS", 302, long);
  assert.ok(lines.length > 1);
  for (const line of lines.slice(0, -1)) assert.ok(line.startsWith(`${start} LS * :`), line);
  assert.ok(lines.at(-1)?.startsWith(`${start} LS :`));
  for (const line of lines) assert.ok(Buffer.byteLength(line) <= 510);
  assert.deepEqual(
    lines.flatMap((line) => line.slice(line.indexOf(" :") + 2).split(" ")),
    long,
  );
});

test("what is acknowledged on several lines has no such mark, and neither has what an old client is told", () => {
  for (const line of [...written("ACK", 302, long), ...written("LS", 0, long)])
    assert.ok(!line.includes(" * "), line);
});

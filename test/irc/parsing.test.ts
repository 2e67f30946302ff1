import assert from "node:assert/strict";
import { test } from "node:test";
import { runServer } from "../support/running-server.ts";
import { IrcClient, plain } from "./client.ts";

const told = (text: string): readonly string[] => [`:ann PRIVMSG ann :${text}`];

/** What is sent, and what comes of it: https://modern.ircdocs.horse/#message-format */
const lines: readonly (readonly [line: string, answers: readonly string[]])[] = [
  ["PRIVMSG ann :hello there", told("hello there")],
  ["PRIVMSG ann hello there", told("hello")],
  ["privmsg ANN :lower", told("lower")],
  ["   PRIVMSG   ann   :  spaces  ", told("  spaces  ")],
  ["PRIVMSG ann ::)", told(":)")],
  ["PRIVMSG ann : ", told(" ")],
  ["PRIVMSG :ann", ["412 :No text to send"]],
  [`PRIVMSG ann ${Array(40).fill("x").join(" ")}`, told("x")],
  [":bob!bob@host PRIVMSG ann :as somebody else", told("as somebody else")],
  [":ann PRIVMSG ann :as oneself", told("as oneself")],
  ["@a=b;c PRIVMSG ann :with tags", told("with tags")],
  ["@a=b :bob PRIVMSG ann :with both", told("with both")],
  ["", []],
  ["    ", []],
  [":bob", []],
  [":", []],
  ["@a=b", []],
  ["PRIVMSG ann :a\rb", []],
  ["PRIVMSG ann :a\0b", []],
  ["NONSENSE", ["421 NONSENSE :Unknown command"]],
  ["nonsense a b :c d", ["421 NONSENSE :Unknown command"]],
  ["001 ann :hello", ["421 001 :Unknown command"]],
  ["PRIVMSG\tann\t:x", ["421 PRIVMSG\tANN\t:X :Unknown command"]],
  ["JOIN", ["461 JOIN :Not enough parameters"]],
  ["JOIN :", ["461 JOIN :Not enough parameters"]],
  ["JOIN ,", ["461 JOIN :Not enough parameters"]],
  ["PART :", ["461 PART :Not enough parameters"]],
  ["PRIVMSG , :x", ["411 :No recipient given (PRIVMSG)"]],
  ["NAMES :", ["366 * :End of /NAMES list"]],
  ["NAMES ,", ["366 * :End of /NAMES list"]],
  [`PRIVMSG ann :${"x".repeat(510 - 13)}`, told("x".repeat(497))],
  [`PRIVMSG ann :${"x".repeat(510 - 12)}`, ["417 :Input line was too long"]],
  ["PING :a b", [":roomful.local PONG roomful.local :a b"]],
  ["PING a b", [":roomful.local PONG roomful.local :a"]],
  ["PONG a", []],
];

test("lines are taken apart by the grammar, and each is answered", async (t) => {
  const { port } = await runServer(t);
  const ann = await IrcClient.enter(port, "ann");
  for (const [line, answers] of lines) {
    const got = plain(await ann.ask(line)).map((text) => text.replace(/ :(x{200,})$/, " :$1"));
    // A text that does not fit on a line with its source comes as several.
    const whole = got.length > 1 && got.every((text) => text.startsWith(":ann PRIVMSG ann :"));
    const joined = whole ? [got.map((text, index) => (index === 0 ? text : text.slice(18))).join("")] : got;
    assert.deepEqual(joined, answers, JSON.stringify(line));
  }
});

/** Bytes that are no UTF-8, and what they are answered by: IRCv3 utf8-only. */
const bad: readonly (readonly [line: Buffer, command: string])[] = [
  [Buffer.from("PRIVMSG ann :caf\xe9", "latin1"), "PRIVMSG"],
  [Buffer.from("TOPIC #a :\xff\xfe", "latin1"), "TOPIC"],
  [Buffer.from("NICK caf\xe9", "latin1"), "NICK"],
  [Buffer.from("FOO\xff bar", "latin1"), "*"],
];

test("what is no UTF-8 is refused before and after one has come in, and nothing of it is taken", async (t) => {
  const { port } = await runServer(t);
  const early = await IrcClient.connect(port);
  // FAIL has this code by a specification, and so needs no capability.
  await early.ask("CAP LS 302");
  early.socket.write(Buffer.from("USER ann 0 * :caf\xe9\r\n", "latin1"));
  assert.match(await early.until("FAIL"), /^:roomful\.local FAIL USER INVALID_UTF8 :/);
  early.send("USER ann 0 * :Ann", "NICK ann", "CAP END");
  await early.until("422");
  assert.ok((await early.ask("ISUPPORT")).some((line) => line.includes(" UTF8ONLY ")));
  for (const [line, command] of bad) {
    early.socket.write(Buffer.concat([line, Buffer.from("\r\n")]));
    assert.match(
      await early.until("FAIL"),
      new RegExp(` FAIL ${command.replace("*", "\\*")} INVALID_UTF8 :`),
    );
  }
  assert.deepEqual(
    plain(await early.ask("WHOIS ann"))[0],
    `311 ann ~ann ${hostOf(await early.ask("WHOIS ann"))} * :Ann`,
  );
});

function hostOf([line = ""]: readonly string[]): string {
  return line.split(" ")[5] ?? "";
}

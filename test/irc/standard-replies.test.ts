import assert from "node:assert/strict";
import { test } from "node:test";
import { runServer } from "../support/running-server.ts";
import { IrcClient } from "./client.ts";

/** What is sent by somebody in #tea who knows nothing of standard replies, and what he is told without the text. */
const told: readonly (readonly [line: string, answer: string])[] = [
  ["CHATHISTORY", "FAIL CHATHISTORY INVALID_PARAMS"],
  ["CHATHISTORY DANCE #tea * 1", "FAIL CHATHISTORY INVALID_PARAMS DANCE"],
  ["CHATHISTORY LATEST", "FAIL CHATHISTORY INVALID_PARAMS LATEST"],
  ["CHATHISTORY LATEST #tea", "FAIL CHATHISTORY INVALID_PARAMS LATEST"],
  ["CHATHISTORY LATEST #tea *", "FAIL CHATHISTORY INVALID_PARAMS LATEST"],
  ["CHATHISTORY LATEST #tea * 0", "FAIL CHATHISTORY INVALID_PARAMS LATEST 0"],
  ["CHATHISTORY LATEST #tea * x", "FAIL CHATHISTORY INVALID_PARAMS LATEST x"],
  ["CHATHISTORY BEFORE #tea yesterday 1", "FAIL CHATHISTORY INVALID_PARAMS BEFORE yesterday"],
  ["CHATHISTORY BEFORE #tea msgid=none 1", "FAIL CHATHISTORY MESSAGE_ERROR BEFORE #tea"],
  ["CHATHISTORY LATEST #nowhere * 1", "FAIL CHATHISTORY INVALID_TARGET LATEST #nowhere"],
  ["CHATHISTORY TARGETS a b 1", "FAIL CHATHISTORY INVALID_PARAMS TARGETS a"],
  ["MARKREAD", "FAIL MARKREAD NEED_MORE_PARAMS"],
  ["MARKREAD #tea *", "FAIL MARKREAD INVALID_PARAMS *"],
  ["MARKREAD #tea timestamp=2026", "FAIL MARKREAD INVALID_PARAMS timestamp=2026"],
  ["REDACT #tea none", "FAIL REDACT UNKNOWN_MSGID #tea none"],
  ["REDACT #nowhere none", "FAIL REDACT INVALID_TARGET #nowhere"],
  ["REDACT nobody none", "FAIL REDACT INVALID_TARGET nobody"],
  ["METADATA * DANCE", "FAIL METADATA SUBCOMMAND_INVALID DANCE"],
  ["METADATA nobody LIST", "FAIL METADATA INVALID_TARGET nobody"],
  ["METADATA * SET $key$ x", "FAIL METADATA KEY_INVALID $key$"],
  ["METADATA * SET key", "FAIL METADATA KEY_NOT_SET * key"],
  ["METADATA bob SET key x", "FAIL METADATA KEY_NO_PERMISSION bob key"],
  ["SETNAME :", "FAIL SETNAME INVALID_REALNAME"],
  ["RENAME #tea #lobby", "FAIL RENAME CHANNEL_NAME_IN_USE #tea #lobby"],
  ["RENAME #tea tea", "FAIL RENAME CANNOT_RENAME #tea tea"],
  ["REGISTER * * x", "FAIL REGISTER WEAK_PASSWORD ann"],
  ["REGISTER * nonsense sesame", "FAIL REGISTER INVALID_EMAIL ann"],
  ["REGISTER bob * sesame", "FAIL REGISTER ACCOUNT_NAME_MUST_BE_NICK bob"],
  ["VERIFY ann 123", "FAIL VERIFY INVALID_CODE ann"],
  ["PRIVMSG bob :\xFF", "FAIL PRIVMSG INVALID_UTF8"],
  ["\xFF", "FAIL * INVALID_UTF8"],
];

test("a command whose specification has standard replies is answered by them, asked for or not", async (context) => {
  const { port } = await runServer(context);
  const ann = await IrcClient.enter(port, "ann");
  await IrcClient.enter(port, "bob");
  await ann.ask("JOIN #tea");
  for (const [line, answer] of told) {
    // Bytes as they stand: what is no UTF-8 is sent as that.
    ann.socket.write(Buffer.from(`${line}\r\n`, "latin1"));
    assert.deepEqual(
      (await ann.ask()).map((one) => one.split(" :")[0]),
      [`:roomful.local ${answer}`],
      line,
    );
  }
});

test("what other commands fail for is told in words to who has not asked for standard replies", async (context) => {
  const { port } = await runServer(context, { settings: { flood: { burst: 2, perSecond: 1 } } });
  const lines = ["PRIVMSG bob :1", "PRIVMSG bob :2", "PRIVMSG bob :3", "PRIVMSG bob :4", "PRIVMSG bob :5"];
  const old = await IrcClient.connect(port);
  old.send("NICK ann", "USER ann 0 * :Ann");
  await old.until("422");
  old.send(...lines);
  assert.match(
    await old.until("NOTICE"),
    /^:roomful\.local NOTICE ann :PRIVMSG failed: You are sending too fast/,
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { formatMessage, type OutgoingMessage } from "./message.ts";
import { numeric } from "./numerics.ts";

const source = "irc.example.com";
const line = (message: OutgoingMessage): string => formatMessage({ ...message, source }).slice(0, -2);

const replies: readonly (readonly [OutgoingMessage, string])[] = [
  [numeric("ERR_NOSUCHNICK", "dan", ["bob"]), "401 dan bob :No such nick/channel"],
  [numeric("ERR_NOSUCHNICK", "*", ["bob"], "Not here"), "401 * bob :Not here"],
  [numeric("RPL_WELCOME", "dan", [], "Welcome dan"), "001 dan :Welcome dan"],
  [numeric("RPL_TOPIC", "dan", ["#a"], "Tea"), "332 dan #a :Tea"],
  [numeric("RPL_TOPICWHOTIME", "dan", ["#a", "bob", "1487418032"]), "333 dan #a bob 1487418032"],
  [numeric("RPL_ISUPPORT", "dan", ["A=1", "B"]), "005 dan A=1 B :are supported by this server"],
  [numeric("RPL_CHANNELMODEIS", "dan", ["#a", "+ikl", "key", "10"]), "324 dan #a +ikl key 10"],
  [numeric("RPL_WHOISUSER", "dan", ["bob", "~u", "h", "*"], "Bob B."), "311 dan bob ~u h * :Bob B."],
  [numeric("RPL_NAMREPLY", "dan", ["=", "#a"], "@dan bob"), "353 dan = #a :@dan bob"],
  [numeric("RPL_WHOSPCRPL", "dan", ["#a", "bob"], "Bob B."), "354 dan #a bob :Bob B."],
  [numeric("RPL_WHOSPCRPL", "dan", ["#a", "bob"]), "354 dan #a bob"],
  [numeric("RPL_MONLIST", "dan", [], "a,b"), "732 dan :a,b"],
  [numeric("ERR_NOSUCHCHANNEL", "dan", ["two words"]), "403 dan * :No such channel"],
  [numeric("ERR_UNKNOWNERROR", "dan", ["PACK", "BOX"], "No box"), "400 dan PACK BOX :No box"],
];

for (const [message, expected] of replies) {
  test(expected, () => {
    assert.equal(line(message), `:${source} ${expected}`);
  });
}

test("what a numeric takes is known before it runs", () => {
  // @ts-expect-error its parameter is missing
  numeric("ERR_NOSUCHNICK", "dan", []);
  // @ts-expect-error one parameter too many
  numeric("ERR_NOSUCHNICK", "dan", ["bob", "carl"]);
  // @ts-expect-error it has no text of its own
  numeric("RPL_TOPIC", "dan", ["#a"]);
  // @ts-expect-error it has no text at all
  numeric("RPL_CREATIONTIME", "dan", ["#a", "1"], "text");
  // @ts-expect-error there is none of this name
  assert.throws(() => numeric("RPL_NOTHING", "dan", []));
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { plain } from "./client.ts";
import { type Conversations, inChannel, playEach } from "./conversation.ts";

const notIn = "474 #a :Cannot join channel (+b)";
const notSaid = "404 #a :Cannot send to channel (+b)";
const entered = [":eve JOIN #a", "353 = #a :@ann bob eve", "366 #a :End of /NAMES list"] as const;

/** Who may not come in, and who may not speak: https://modern.ircdocs.horse/#ban-channel-mode */
const conversations: Conversations = {
  "the bans are shown to everybody who may know of the channel, the other lists to who runs it": [
    ["ann", "MODE #a +beI x y z", ":ann MODE #a +beI x!*@* y!*@* z!*@*"],
    ["bob", "MODE #a +b", "367 #a x!*@* ann T", "368 #a :End of channel ban list"],
    ["eve", "MODE #a +b", "367 #a x!*@* ann T", "368 #a :End of channel ban list"],
    ["eve", "MODE #a b", "367 #a x!*@* ann T", "368 #a :End of channel ban list"],
    ["eve", "MODE #a -b", "367 #a x!*@* ann T", "368 #a :End of channel ban list"],
    ["eve", "MODE #a +e", "442 #a :You're not on that channel"],
    ["bob", "MODE #a +I", "482 #a :You must be an operator of '#a' for that"],
    ["ann", "MODE #a +s", ":ann MODE #a +s"],
    ["eve", "MODE #a +b", "403 #a :There is no room '#a'"],
    ["eve", "MODE #none +b", "403 #none :There is no room '#none'"],
  ],
  "a mask is made whole, in whatever case and with as many wildcards as it has": [
    ["ann", "MODE #a +b E?E*!*@**", ":ann MODE #a +b e?e*!*@**"],
    ["eve", "JOIN #a", notIn],
    ["ann", "MODE #a -b e?e*!*@**", ":ann MODE #a -b e?e*!*@**"],
    ["ann", "MODE #a +b *!*EVE@*.hidden", ":ann MODE #a +b *!*eve@*.hidden"],
    ["eve", "JOIN #a", notIn],
    ["ann", "MODE #a +e eve", ":ann MODE #a +e eve!*@*"],
    ["eve", "JOIN #a", ...entered],
    ["eve", "PRIVMSG #a :hi"],
  ],
  "who is banned in the channel says nothing, and keeps his nick, but with a voice": [
    ["ann", "MODE #a +b bob", ":ann MODE #a +b bob!*@*"],
    ["bob", "PRIVMSG #a :hi", notSaid],
    ["bob", "NOTICE #a :hi"],
    ["bob", "NICK rob", "435 rob #a :Cannot change nickname while banned on channel"],
    ["bob", "NICK BOB", "435 BOB #a :Cannot change nickname while banned on channel"],
    ["ann", "MODE #a +v bob", ":ann MODE #a +v bob"],
    ["bob", "PRIVMSG #a :hi"],
    ["bob", "NICK rob", ":bob NICK rob"],
  ],
  "a ban by the account: EXTBAN and IRCv3 account-extban": [
    [
      "eve",
      "PRIVMSG NickServ :REGISTER sesame",
      "900 eve!~eve@host eve :You are now logged in as eve",
      ":NickServ NOTICE eve :The name eve is yours from now on",
    ],
    ["ann", "MODE #a +b ~account:EVE", ":ann MODE #a +b ~a:eve"],
    ["ann", "MODE #a +b ~a:eve"],
    ["ann", "MODE #a +b", "367 #a ~a:eve ann T", "368 #a :End of channel ban list"],
    ["eve", "NICK eva", ":eve NICK eva"],
    ["eve", "JOIN #a", notIn],
    ["ann", "MODE #a -b ~a:EVE", ":ann MODE #a -b ~a:eve"],
    ["ann", "MODE #a +bi ~a:zed", ":ann MODE #a +bi ~a:zed"],
    ["eve", "JOIN #a", "473 #a :Cannot join channel (+i)"],
    ["ann", "MODE #a +I ~a:eve", ":ann MODE #a +I ~a:eve"],
    ["eve", "JOIN #a", ":eva JOIN #a", "353 = #a :@ann bob eva", "366 #a :End of /NAMES list"],
    ["ann", "MODE #a +be eva ~a:eve", ":ann MODE #a +be eva!*@* ~a:eve"],
    ["eve", "PRIVMSG #a :hi"],
  ],
  "a mute lets in and not speak": [
    ["ann", "MODE #a +b ~m:eve", ":ann MODE #a +b ~m:eve!*@*"],
    ["eve", "JOIN #a", ...entered],
    ["eve", "PRIVMSG #a :hi", notSaid],
    ["ann", "MODE #a +e ~m:*!~eve@*", ":ann MODE #a +e ~m:*!~eve@*"],
    ["eve", "PRIVMSG #a :hi"],
    ["ann", "MODE #a -e+v ~m:*!~eve@* eve", ":ann MODE #a -e+v ~m:*!~eve@* eve"],
    ["eve", "PRIVMSG #a :hi"],
    ["ann", "MODE #a -v eve", ":ann MODE #a -v eve"],
    ["eve", "PRIVMSG #a :hi", notSaid],
  ],
  "an invitation opens the channel once, whatever keeps people out": [
    ["ann", "MODE #a +bikl *!*@* beer 1", ":ann MODE #a +bikl *!*@* * 1"],
    ["eve", "JOIN #a", notIn],
    ["ann", "INVITE eve #a", "341 eve #a"],
    ["eve", "JOIN #a", ":ann INVITE eve #a", ...entered],
    ["eve", "PART #a", ":eve PART #a"],
    ["eve", "JOIN #a", notIn],
  ],
};

playEach(conversations);

test("the lists of a channel hold as many masks as MAXLIST says, and one more is refused", async (context) => {
  const { ann } = await inChannel(context);
  const [, max = ""] = / MAXLIST=beI:(\d+) /.exec((await ann.ask("ISUPPORT")).join("\n")) ?? [];
  const count = Number(max);
  for (let made = 0; made < count; made += 20) {
    const masks = Array.from({ length: 20 }, (_, index) => `m${made + index}`);
    await ann.ask(`MODE #a +${"b".repeat(20)} ${masks.join(" ")}`);
  }
  const full = /^478 #a [be] :/;
  assert.match(plain(await ann.ask("MODE #a +b more"))[0] ?? "", full);
  assert.match(plain(await ann.ask("MODE #a +e more"))[0] ?? "", full);
  assert.deepEqual(plain(await ann.ask("MODE #a -b+b m0 more")), [":ann MODE #a -b+b m0!*@* more!*@*"]);
});

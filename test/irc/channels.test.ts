import assert from "node:assert/strict";
import { test } from "node:test";
import { LineClient } from "../support/line-client.ts";
import { runServer } from "../support/running-server.ts";
import { IrcClient, plain } from "./client.ts";
import { type Conversations, inChannel, playEach } from "./conversation.ts";

const conversations: Conversations = {
  "modes are shown, and changed by who runs the channel": [
    ["ann", "MODE #a", "324 #a +nt", "329 #a T"],
    ["bob", "MODE #a +m", "482 #a :You must be an operator of '#a' for that"],
    ["eve", "MODE #a +m", "442 #a :You're not on that channel"],
    ["ann", "MODE #none", "403 #none :There is no room '#none'"],
    ["ann", "TOPIC a :x", "403 a :No such channel"],
    ["ann", "MODE #a +m-t", ":ann MODE #a +m-t"],
    ["ann", "MODE #a +m"],
    ["ann", "MODE #A +kl-m beer 20", ":ann MODE #a +kl-m * 20"],
    ["ann", "MODE #a", "324 #a +kln beer 20", "329 #a T"],
    ["eve", "MODE #a", "324 #a +ln 20", "329 #a T"],
    ["ann", "MODE #a -lk *", ":ann MODE #a -lk *"],
    ["ann", "MODE #a +C", ":ann MODE #a +C"],
    ["bob", "PRIVMSG #a :\x01VERSION\x01", "404 #a :Cannot send to channel (+C)"],
    ["bob", "PRIVMSG #a :\x01ACTION waves\x01"],
  ],
  "of several modes those that may be are changed": [
    [
      "ann",
      "MODE #a +oZmvl bob zed many",
      "472 Z :is unknown mode char to me",
      "696 #a l many :A limit is a number of people (1 to 1000000)",
      ":ann MODE #a +om bob",
      "401 zed :No such nick/channel",
    ],
    ["ann", "MODE #a -m+v eve", ":ann MODE #a -m", "441 eve #a :They aren't on that channel"],
    [
      "ann",
      "MODE #a +k :a b",
      "696 #a k * :A key has no spaces and commas, does not begin with a colon, and has at most 32 characters",
    ],
    ["ann", "MODE #a +l 0", "696 #a l 0 :A limit is a number of people (1 to 1000000)"],
    ["ann", "MODE #a +o"],
    ["ann", "MODE #a +v-v+bb-bl+l bob bob x x x 5 5", ":ann MODE #a +v-v+b-b+l bob bob x!*@* x!*@* 5"],
    ["ann", "MODE #a +k-k+s-s a b", ":ann MODE #a +k-k+s-s * *"],
    ["bob", "MODE #a -o bob", ":bob MODE #a -o bob"],
    ["bob", "MODE #a +o-v+t ann ann", "482 #a :You must be an operator of '#a' for that"],
  ],
  "the lists of masks": [
    ["ann", "MODE #a b", "368 #a :End of channel ban list"],
    ["ann", "MODE #a +bb eve *!*@example.org", ":ann MODE #a +bb eve!*@* *!*@example.org"],
    ["ann", "MODE #a +b EVE"],
    ["ann", "MODE #a +e eve!~eve", ":ann MODE #a +e eve!~eve@*"],
    [
      "bob",
      "MODE #a +b",
      "367 #a eve!*@* ann T",
      "367 #a *!*@example.org ann T",
      "368 #a :End of channel ban list",
    ],
    ["ann", "MODE #a e", "348 #a eve!~eve@* ann T", "349 #a :End of channel exception list"],
    ["ann", "MODE #a I", "347 #a :End of Channel Invite Exception List"],
    ["bob", "MODE #a I", "482 #a :You must be an operator of '#a' for that"],
    ["ann", "MODE #a -e eve!~eve@*", ":ann MODE #a -e eve!~eve@*"],
    ["eve", "JOIN #a", "474 #a :Cannot join channel (+b)"],
    ["ann", "MODE #a -b eve", ":ann MODE #a -b eve!*@*"],
    ["ann", "MODE #a +i", ":ann MODE #a +i"],
    ["eve", "JOIN #a", "473 #a :Cannot join channel (+i)"],
    ["ann", "MODE #a +I eve", ":ann MODE #a +I eve!*@*"],
    ["ann", "MODE #a +I", "346 #a eve!*@* ann T", "347 #a :End of Channel Invite Exception List"],
    ["eve", "JOIN #a", ":eve JOIN #a", "353 = #a :@ann bob eve", "366 #a :End of /NAMES list"],
  ],
  "why one may not come in": [
    ["ann", "MODE #a +k beer", ":ann MODE #a +k *"],
    ["eve", "JOIN #a", "475 #a :Cannot join channel (+k)"],
    ["eve", "JOIN #a wine", "475 #a :Cannot join channel (+k)"],
    ["ann", "MODE #a -k+l x 2", ":ann MODE #a -k+l * 2"],
    ["eve", "JOIN #a", "471 #a :Cannot join channel (+l)"],
    ["ann", "MODE #a -l+R", ":ann MODE #a -l+R"],
    ["eve", "JOIN #a", "477 #a :Cannot join channel (+R): you must be logged in"],
    ["eve", "JOIN a", "403 a :No such channel"],
    ["eve", "JOIN #", "403 # :No such channel"],
    ["eve", "JOIN", "461 JOIN :Not enough parameters"],
    ["ann", "JOIN #a"],
    ["ann", "MODE #a -R+k beer", ":ann MODE #a -R+k *"],
    [
      "eve",
      "JOIN #b,#A x,beer",
      ":eve JOIN #b",
      "353 = #b :@eve",
      "366 #b :End of /NAMES list",
      ":eve JOIN #a",
      "353 = #a :@ann bob eve",
      "366 #a :End of /NAMES list",
    ],
  ],
  leaving: [
    ["eve", "PART #a", "442 #a :You're not on that channel"],
    ["eve", "PART #none", "403 #none :There is no room '#none'"],
    ["bob", "PART #a :so long", ":bob PART #a :so long"],
    ["ann", "JOIN #b", ":ann JOIN #b", "353 = #b :@ann", "366 #b :End of /NAMES list"],
    ["ann", "PART #a,#b", ":ann PART #a", ":ann PART #b"],
  ],
  topics: [
    ["eve", "TOPIC #a", "331 #a :No topic is set"],
    ["eve", "TOPIC #a :mine", "442 #a :You're not on that channel"],
    ["bob", "TOPIC #a :mine", "482 #a :You must be an operator of '#a' for that"],
    ["ann", "TOPIC #a :ours", ":ann TOPIC #a :ours"],
    ["bob", "TOPIC #A", "332 #a :ours", "333 #a ann T"],
    [
      "eve",
      "JOIN #a",
      ":eve JOIN #a",
      "332 #a :ours",
      "333 #a ann T",
      "353 = #a :@ann bob eve",
      "366 #a :End of /NAMES list",
    ],
    ["ann", "TOPIC #a :", ":ann TOPIC #a :"],
    ["ann", "TOPIC #a", "331 #a :No topic is set"],
    ["ann", "TOPIC #none", "403 #none :There is no room '#none'"],
  ],
  "hidden channels": [
    ["ann", "MODE #a +s", ":ann MODE #a +s"],
    ["eve", "LIST", "321 Channel :Users  Name", "323 :End of /LIST"],
    ["eve", "LIST #a", "321 Channel :Users  Name", "323 :End of /LIST"],
    ["eve", "NAMES #a", "366 #a :End of /NAMES list"],
    ["eve", "TOPIC #a", "403 #a :There is no room '#a'"],
    ["eve", "MODE #a", "403 #a :There is no room '#a'"],
    [
      "bob",
      "NAMES #a,#none",
      "353 @ #a :@ann bob",
      "366 #a :End of /NAMES list",
      "366 #none :End of /NAMES list",
    ],
    ["bob", "LIST #a", "321 Channel :Users  Name", "322 #a 2 :", "323 :End of /LIST"],
  ],
  "lists of channels": [
    ["ann", "TOPIC #a :all things", ":ann TOPIC #a :all things"],
    ["eve", "JOIN #other", ":eve JOIN #other", "353 = #other :@eve", "366 #other :End of /NAMES list"],
    [
      "eve",
      "LIST",
      "321 Channel :Users  Name",
      "322 #a 2 :all things",
      "322 #other 1 :",
      "323 :End of /LIST",
    ],
    // Nobody is in it.
    ["eve", "LIST #lobby", "321 Channel :Users  Name", "322 #lobby 0 :", "323 :End of /LIST"],
    ["eve", "LIST #a,#other >1", "321 Channel :Users  Name", "322 #a 2 :all things", "323 :End of /LIST"],
    ["eve", "LIST <1", "321 Channel :Users  Name", "322 #lobby 0 :", "323 :End of /LIST"],
    ["eve", "LIST C>5", "321 Channel :Users  Name", "323 :End of /LIST"],
    ["eve", "LIST >1", "321 Channel :Users  Name", "322 #a 2 :all things", "323 :End of /LIST"],
    ["eve", "LIST <2,>0", "321 Channel :Users  Name", "322 #other 1 :", "323 :End of /LIST"],
    ["eve", "LIST *TH*", "321 Channel :Users  Name", "322 #other 1 :", "323 :End of /LIST"],
    ["eve", "LIST !#o*,>0", "321 Channel :Users  Name", "322 #a 2 :all things", "323 :End of /LIST"],
    ["eve", "LIST #A,#none", "321 Channel :Users  Name", "322 #a 2 :all things", "323 :End of /LIST"],
    ["eve", "LIST T<5", "321 Channel :Users  Name", "322 #a 2 :all things", "323 :End of /LIST"],
    ["eve", "LIST T>5", "321 Channel :Users  Name", "323 :End of /LIST"],
    [
      "eve",
      "LIST C<5",
      "321 Channel :Users  Name",
      "322 #a 2 :all things",
      "322 #other 1 :",
      "323 :End of /LIST",
    ],
  ],
  "a room is over when the last one in it is removed, and whoever comes then makes it anew": [
    ["bob", "PART #a", ":bob PART #a"],
    ["ann", "MODE #a +i", ":ann MODE #a +i"],
    ["ann", "KICK #a ann", ":ann KICK #a ann :ann"],
    ["eve", "JOIN #a", ":eve JOIN #a", "353 = #a :@eve", "366 #a :End of /NAMES list"],
  ],
  removing: [
    ["bob", "KICK #a ann", "482 #a :You must be an operator of '#a' for that"],
    ["eve", "KICK #a ann", "442 #a :You're not on that channel"],
    ["ann", "KICK #none bob", "403 #none :There is no room '#none'"],
    ["ann", "KICK #a eve", "441 eve #a :They aren't on that channel"],
    ["ann", "KICK #a zed", "401 zed :No such nick/channel"],
    ["ann", "KICK #a", "461 KICK :Not enough parameters"],
    ["ann", "KICK #a,#b,#c bob,eve", "461 KICK :Not enough parameters"],
    [
      "ann",
      "KICK #a bob,eve :not you",
      ":ann KICK #a bob :not you",
      "441 eve #a :They aren't on that channel",
    ],
    ["bob", "PRIVMSG #a :still here?", ":ann KICK #a bob :not you", "404 #a :Cannot send to channel"],
    ["bob", "JOIN #a", ":bob JOIN #a", "353 = #a :@ann bob", "366 #a :End of /NAMES list"],
    ["ann", "KICK #a BOB", ":bob JOIN #a", ":ann KICK #a bob :ann"],
  ],
  inviting: [
    ["bob", "INVITE eve #a", "341 eve #a"],
    ["eve", "INVITE bob #a", ":bob INVITE eve #a", "442 #a :You're not on that channel"],
    ["ann", "MODE #a +i", ":ann MODE #a +i"],
    ["bob", "INVITE eve #a", ":ann MODE #a +i", "482 #a :You must be an operator of '#a' for that"],
    ["ann", "INVITE bob #a", "443 bob #a :is already on channel"],
    ["ann", "INVITE zed #a", "401 zed :No such nick/channel"],
    ["ann", "INVITE eve #none", "403 #none :There is no room '#none'"],
    ["ann", "INVITE eve", "461 INVITE :Not enough parameters"],
    ["eve", "INVITE", "336 #a", "337 :End of /INVITE list"],
    ["eve", "JOIN #a", ":eve JOIN #a", "353 = #a :@ann bob eve", "366 #a :End of /NAMES list"],
    ["eve", "INVITE", "337 :End of /INVITE list"],
  ],
  renaming: [
    ["bob", "RENAME #a #b :because", "482 #a :You must be an operator of '#a' for that"],
    ["eve", "RENAME #a #b", "442 #a :You're not on that channel"],
    ["ann", "RENAME #none #b", "403 #none :There is no room '#none'"],
    ["ann", "RENAME #a", "461 RENAME :Not enough parameters"],
    [
      "ann",
      "RENAME #a #LOBBY",
      "FAIL RENAME CHANNEL_NAME_IN_USE #a #LOBBY :There is a room '#LOBBY' already",
    ],
    ["ann", "RENAME #a b", "FAIL RENAME CANNOT_RENAME #a b :A channel's name begins with #"],
  ],
};

playEach(conversations);

test("everybody is told what becomes of a channel, whatever his door", async (context) => {
  const { port, ann, bob } = await inChannel(context);
  const carl = await LineClient.enter(port, "carl");
  carl.send("/join a");
  await carl.until("You are in #a");
  await ann.ask();
  await bob.ask();
  const lines = ["TOPIC #a :new", "MODE #a +v bob", "KICK #a carl :enough", "PRIVMSG #a :so", "PART #a :bye"];
  for (const line of lines) await ann.ask(line);
  assert.deepEqual(
    plain(await bob.ask()).filter((line) => line.startsWith(":ann")),
    [
      ":ann TOPIC #a :new",
      ":ann MODE #a +v bob",
      ":ann KICK #a carl :enough",
      ":ann PRIVMSG #a :so",
      ":ann PART #a :bye",
    ],
  );
  assert.match(
    await carl.until("You are not in #a any more"),
    /ann set the topic: new\n.*ann made bob a speaker\n.*ann removed carl: enough\n/s,
  );
});

test("a message of many masks is told in as many as it needs", async (context) => {
  const { ann, bob } = await inChannel(context);
  const masks = Array.from({ length: 90 }, (_, index) => `m${index}`);
  await ann.ask(`MODE #a +${"b".repeat(masks.length)} ${masks.join(" ")}`);
  const told = (await bob.ask()).filter((line) => line.includes(" MODE #a "));
  assert.ok(told.length >= 5 && told.every((line) => Buffer.byteLength(`${line}\r\n`) <= 512));
  assert.deepEqual(
    told.flatMap((line) => line.split(" ").slice(4)),
    masks.map((mask) => `${mask}!*@*`),
  );
});

test("who asked for it sees whom others invite", async (context) => {
  const { port, ann, bob, eve } = await inChannel(context, "invite-notify");
  await bob.ask("INVITE eve #a");
  assert.deepEqual(plain(await ann.ask()).at(-1), ":bob INVITE eve #a");
  assert.deepEqual(plain(await eve.ask()), [":bob INVITE eve #a"]);
  const carl = await LineClient.enter(port, "carl");
  carl.send("/away out");
  await carl.until("You are away");
  assert.deepEqual(plain(await bob.ask("INVITE carl #a")), ["341 carl #a", "301 carl :out"]);
  await carl.until("bob invites you to #a");
});

test("a renamed channel is the same one, and who knows nothing of that comes into the new one", async (context) => {
  const { port, ann, bob } = await inChannel(context, "draft/channel-rename", "standard-replies");
  const carl = await IrcClient.enter(port, "carl", "extended-join");
  await carl.ask("JOIN #a");
  await ann.ask("TOPIC #a :ours");
  await carl.ask();
  await bob.ask();
  await ann.ask();
  assert.deepEqual(plain(await ann.ask("RENAME #a #b :because", "PRIVMSG #b :hi")), [
    ":ann RENAME #a #b :because",
  ]);
  assert.deepEqual(plain(await bob.ask()), [":ann RENAME #a #b :because", ":ann PRIVMSG #b :hi"]);
  assert.deepEqual(plain(await carl.ask()), [
    ":carl PART #a :because",
    ":carl JOIN #b * :carl himself",
    ":ann PRIVMSG #b :hi",
    "332 #b :ours",
    "333 #b ann T",
    "353 = #b :@ann bob carl",
    "366 #b :End of /NAMES list",
  ]);
  assert.deepEqual(plain(await ann.ask("RENAME #b #B")), [":ann RENAME #b #B :"]);
  assert.deepEqual(await carl.ask(), []);
  const refused = await ann.ask("RENAME #B #lobby", "RENAME #B #a,b", "JOIN #lobby", "RENAME #lobby #c");
  assert.deepEqual(
    refused.filter((line) => line.includes(" FAIL ")).map((line) => line.split(" :")[0]),
    [
      ":roomful.local FAIL RENAME CHANNEL_NAME_IN_USE #B #lobby",
      ":roomful.local FAIL RENAME CANNOT_RENAME #B #a,b",
      ":roomful.local FAIL RENAME CANNOT_RENAME #lobby #c",
    ],
  );
});

test("names are worded as one has asked for", async (context) => {
  const { port, ann } = await inChannel(context);
  await ann.ask("MODE #a +v ann");
  const dan = await IrcClient.enter(port, "dan", "multi-prefix", "userhost-in-names");
  const [, names] = await dan.ask("JOIN #a");
  assert.match(names ?? "", / 353 dan = #a :@\+ann!~ann@\S+ bob!~bob@\S+ dan!~dan@\S+$/);
  const none = await IrcClient.enter(port, "none", "draft/no-implicit-names");
  assert.deepEqual(plain(await none.ask("JOIN #a")), [":none JOIN #a"]);
  assert.deepEqual(plain(await none.ask("NAMES #a")), [
    "353 = #a :@ann bob dan none",
    "366 #a :End of /NAMES list",
  ]);
  assert.deepEqual(plain(await none.ask("NAMES")), ["366 * :End of /NAMES list"]);
});

test("one is in so many channels at most, and out of all by JOIN 0", async (context) => {
  const { port } = await runServer(context, { settings: { maxRoomsEach: 2 } });
  const ann = await IrcClient.enter(port, "ann");
  const answers = plain(await ann.ask("JOIN #a,#b,#c")).filter((line) => / JOIN |^405/.test(line));
  assert.deepEqual(answers, [
    ":ann JOIN #a",
    ":ann JOIN #b",
    "405 #c :You are in 2 rooms already, and cannot be in more",
  ]);
  assert.deepEqual(plain(await ann.ask("JOIN 0")), [":ann PART #a", ":ann PART #b"]);
});

test("a topic that another door lets be longer fits on a line of IRC", async (context) => {
  const { port } = await runServer(context);
  const ann = await LineClient.enter(port, "ann");
  ann.send("/join a");
  await ann.until("You made #a");
  ann.send(`/topic ${"ä".repeat(600)}`);
  await ann.until("set the topic");
  const bob = await IrcClient.enter(port, "bob");
  const [, topic] = await bob.ask("JOIN #a");
  assert.match(topic ?? "", /^:roomful\.local 332 bob #a :ä{200,}…$/);
  assert.ok(Buffer.byteLength(`${topic}\r\n`) <= 512);
});

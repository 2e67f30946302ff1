import assert from "node:assert/strict";
import test from "node:test";
import { runServer } from "../support/running-server.ts";
import { IrcClient, plain } from "./client.ts";

const capabilities = ["draft/metadata-2", "batch", "standard-replies"];

async function enter(port: number, nick: string): Promise<IrcClient> {
  return IrcClient.enter(port, nick, ...capabilities).then(async (client) => {
    await client.ask();
    return client;
  });
}

/** With the references of batches in one form. */
function told(lines: readonly string[]): readonly string[] {
  return plain(
    lines.map((line) =>
      line
        .replace(/^@batch=\w+ /, "")
        .replace(/^:roomful\.local BATCH ([+-])\w+/, "BATCH $1")
        .replace(/^:roomful\.local (?=FAIL|METADATA)/, ""),
    ),
  );
}

function batch(type: string, ...lines: readonly string[]): readonly string[] {
  return [`BATCH + ${type}`, ...lines, "BATCH -"];
}

test("what one says of oneself is set, shown, listed and removed", async (t) => {
  const { port } = await runServer(t);
  const ann = await enter(port, "Ann");
  const bob = await enter(port, "Bob");
  assert.deepEqual(told(await ann.ask("METADATA * SET URL :http://a.example/ x")), [
    "761 * url * :http://a.example/ x",
  ]);
  assert.deepEqual(told(await ann.ask("METADATA Ann SET example.com/mood fine")), [
    "761 Ann example.com/mood * :fine",
  ]);
  assert.deepEqual(told(await bob.ask("METADATA ann GET url nothing $url$ Example.com/Mood")), [
    ...batch(
      "metadata ann",
      "761 ann url * :http://a.example/ x",
      "766 ann nothing :key not set",
      "FAIL METADATA KEY_INVALID $url$ :That cannot be a key",
      "761 ann example.com/mood * :fine",
    ),
  ]);
  assert.deepEqual(told(await bob.ask("METADATA ann LIST")), [
    ...batch("metadata ann", "761 ann url * :http://a.example/ x", "761 ann example.com/mood * :fine"),
  ]);
  assert.deepEqual(told(await ann.ask("METADATA * SET url", "METADATA * SET url")), [
    "766 * url :key not set",
    "FAIL METADATA KEY_NOT_SET * url :Nothing is said under 'url'",
  ]);
  assert.deepEqual(told(await ann.ask("METADATA * CLEAR", "METADATA * LIST")), [
    ...batch("metadata *", "766 * example.com/mood :key not set"),
    ...batch("metadata *"),
  ]);
});

test("an empty value is one, and what is said once more is no news", async (t) => {
  const { port } = await runServer(t);
  const ann = await enter(port, "Ann");
  const bob = await enter(port, "Bob");
  for (const client of [ann, bob]) await client.ask("JOIN #a", "METADATA * SUB mood");
  await ann.ask();
  assert.deepEqual(told(await ann.ask("METADATA * SET mood :", "METADATA * SET mood :")), [
    "761 * mood * :",
    "761 * mood * :",
  ]);
  assert.deepEqual(told(await bob.ask()), [":Ann METADATA Ann mood * :"]);
  assert.deepEqual(told(await bob.ask("METADATA Ann GET mood")), batch("metadata Ann", "761 Ann mood * :"));
});

test("what may not be is refused with its code", async (t) => {
  const { port } = await runServer(t, {
    settings: { metadataKeys: 1, metadataValueBytes: 8, metadataRate: { burst: 3, perSecond: 1 } },
  });
  const ann = await enter(port, "Ann");
  const bob = await enter(port, "Bob");
  await ann.ask("JOIN #a", "JOIN #secret", "MODE #secret +s");
  const tries: readonly (readonly [string, string | RegExp])[] = [
    [
      "METADATA nobody LIST",
      "FAIL METADATA INVALID_TARGET nobody :There is nobody and no room called 'nobody'",
    ],
    ["METADATA #none LIST", /^FAIL METADATA INVALID_TARGET #none :/],
    ["METADATA $a:user SET url x", /^FAIL METADATA INVALID_TARGET \$a:user :/],
    [
      "METADATA Ann SET url x",
      "FAIL METADATA KEY_NO_PERMISSION Ann url :You cannot change what is said there",
    ],
    ["METADATA #a SET url x", /^FAIL METADATA KEY_NO_PERMISSION #a url :/],
    ["METADATA Ann CLEAR", /^FAIL METADATA KEY_NO_PERMISSION Ann \* :/],
    ["METADATA Ann SUB url", /^FAIL METADATA INVALID_TARGET Ann :/],
    ["METADATA * SET $url$ x", "FAIL METADATA KEY_INVALID $url$ :That cannot be a key"],
    ["METADATA * destr0y", "FAIL METADATA SUBCOMMAND_INVALID destr0y :There is no such subcommand"],
    ["METADATA * SET", "461 METADATA :Not enough parameters"],
    ["METADATA *", "461 METADATA :Not enough parameters"],
    ["METADATA * SET url 123456789", /^FAIL METADATA VALUE_INVALID :That value is too long: at most 8 bytes/],
    ["METADATA * SET url 12345678", "761 * url * :12345678"],
    [
      "METADATA * SET more x",
      "FAIL METADATA LIMIT_REACHED * :There are 1 keys already, and there cannot be more",
    ],
    ["METADATA * SET url x", /^FAIL METADATA RATE_LIMITED \* url 1 :You are sending too fast/],
  ];
  for (const [asked, expected] of tries) {
    const [line = "", ...rest] = told(await bob.ask(asked));
    assert.deepEqual(rest, [], asked);
    if (typeof expected === "string") assert.equal(line, expected);
    else assert.match(line, expected);
  }
});

test("subscriptions are counted, listed and ended", async (t) => {
  const { port } = await runServer(t, { settings: { metadataSubscriptions: 3 } });
  const ann = await enter(port, "Ann");
  assert.deepEqual(told(await ann.ask("METADATA * SUBS")), batch("metadata-subs"));
  assert.deepEqual(told(await ann.ask("METADATA * SUB avatar $url$ AVATAR url")), [
    "770 avatar avatar url",
    "FAIL METADATA KEY_INVALID $url$ :That cannot be a key",
  ]);
  assert.deepEqual(told(await ann.ask("METADATA * SUB url mood one two")), [
    "770 url mood",
    "FAIL METADATA TOO_MANY_SUBS one :You have subscribed to too many keys",
  ]);
  assert.deepEqual(told(await ann.ask("METADATA * SUBS")), batch("metadata-subs", "772 avatar url mood"));
  assert.deepEqual(told(await ann.ask("METADATA * UNSUB mood nothing", "METADATA * SUBS")), [
    "771 mood nothing",
    ...batch("metadata-subs", "772 avatar url"),
  ]);
});

test("who has subscribed is told of changes in his rooms, and of those whom he watches", async (t) => {
  const { port } = await runServer(t);
  const ann = await enter(port, "Ann");
  const bob = await enter(port, "Bob");
  const carl = await enter(port, "Carl");
  await bob.ask("METADATA * SUB url");
  await carl.ask("METADATA * SUB mood");
  await ann.ask("METADATA * SET url far");
  assert.deepEqual(told(await bob.ask()), []);
  for (const client of [ann, bob, carl]) await client.ask("JOIN #a");
  for (const client of [ann, bob]) await client.ask();
  await ann.ask("METADATA * SUB url", "METADATA * SET url near", "METADATA * SET url");
  assert.deepEqual(told(await bob.ask()), [":Ann METADATA Ann url * :near", ":Ann METADATA Ann url *"]);
  await ann.ask("METADATA #a SET url room", "METADATA #a SET mood calm");
  assert.deepEqual(told(await bob.ask()), [":Ann METADATA #a url * :room"]);
  assert.deepEqual(told(await carl.ask()), [":Ann METADATA #a mood * :calm"]);
  await ann.ask("PART #a");
  await bob.until("PART");
  await ann.ask("METADATA * SET url away");
  assert.deepEqual(told(await bob.ask()), []);
  assert.deepEqual(
    told(await bob.ask("MONITOR + ann")).slice(1),
    batch("metadata Ann", "METADATA Ann url * :away"),
  );
  await ann.ask("METADATA * SET url still");
  assert.deepEqual(told(await bob.ask()), [":Ann METADATA Ann url * :still"]);
});

test("who comes into a room, or subscribes, is shown what there is; and who asks for it", async (t) => {
  const { port } = await runServer(t);
  const ann = await enter(port, "Ann");
  const bob = await enter(port, "Bob");
  await ann.ask("JOIN #a", "METADATA * SET url mine", "METADATA #a SET url ours", "METADATA * SET mood fine");
  await bob.ask("METADATA * SUB url");
  const shown = batch("metadata #a", "METADATA #a url * :ours", "METADATA Ann url * :mine");
  const joined = told(await bob.ask("JOIN #a"));
  assert.deepEqual(joined.slice(-shown.length), shown);
  assert.deepEqual(told(await bob.ask("METADATA #a SYNC")), shown);
  assert.deepEqual(
    told(await bob.ask("METADATA Ann SYNC")),
    batch("metadata Ann", "METADATA Ann url * :mine"),
  );
  assert.deepEqual(told(await bob.ask("METADATA * SUB mood")), [
    "770 mood",
    ...batch("metadata *", "METADATA Ann mood * :fine"),
  ]);
});

test("of a room in which much is said one is told to ask later", async (t) => {
  const { port } = await runServer(t, { settings: { metadataKeys: 300, metadataRate: undefined } });
  const ann = await enter(port, "Ann");
  const bob = await enter(port, "Bob");
  await ann.ask("JOIN #a", ...Array.from({ length: 201 }, (_, index) => `METADATA * SET k${index} v`));
  await bob.ask("METADATA * SUB k7");
  assert.equal(told(await bob.ask("JOIN #a")).at(-1), "774 #a 4");
  assert.deepEqual(told(await bob.ask("METADATA #a SYNC")), batch("metadata #a", "METADATA Ann k7 * :v"));
});

test("it can be said before one has come in, and is told once one has", async (t) => {
  const { port } = await runServer(t);
  const bob = await enter(port, "Bob");
  const ann = await IrcClient.connect(port);
  assert.match(
    (await ann.ask("CAP LS 302")).join(" "),
    /draft\/metadata-2=before-connect,max-subs=50,max-keys=20,max-value-bytes=300/,
  );
  assert.match((await ann.ask("METADATA * SET a b")).join(" "), / 451 /);
  await ann.ask(`CAP REQ :${capabilities.join(" ")}`);
  assert.deepEqual(
    told(await ann.ask("METADATA * SET url early", "METADATA * SUB mood", "METADATA bob LIST")),
    [
      "761 * url * :early",
      "770 mood",
      "FAIL METADATA INVALID_TARGET bob :There is nobody and no room called 'bob'",
    ],
  );
  ann.send("NICK Ann", "USER ann 0 * :Ann", "CAP END");
  await ann.until("005");
  const greeting = told(await ann.ask()).filter((line) => !/^(00|25|26)/.test(line));
  assert.deepEqual(greeting, [
    ...batch("metadata Ann", "METADATA Ann url * :early"),
    "422 :MOTD File is missing",
  ]);
  assert.deepEqual(
    told(await bob.ask("METADATA Ann GET url")),
    batch("metadata Ann", "761 Ann url * :early"),
  );
  assert.deepEqual(told(await ann.ask("METADATA * SUBS")), batch("metadata-subs", "772 mood"));
});

test("for an account and for rooms it is kept, for guests while they are here", async (t) => {
  const first = await runServer(t);
  const guest = await enter(first.port, "Guest");
  await guest.ask("METADATA * SET url mine");
  guest.send("QUIT");
  await guest.untilEnd();
  const again = await enter(first.port, "Guest");
  assert.deepEqual(told(await again.ask("METADATA * LIST")), batch("metadata *"));
  await again.ask("JOIN #kept", "METADATA #kept SET url ours");
  await first.stop();
  const second = await runServer(t, { dataFolder: first.dataFolder });
  const ann = await enter(second.port, "Ann");
  assert.deepEqual(
    told(await ann.ask("METADATA #kept LIST")),
    batch("metadata #kept", "761 #kept url * :ours"),
  );
});

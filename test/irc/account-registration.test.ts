import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { LineClient } from "../support/line-client.ts";
import { type RunningServer, runServer } from "../support/running-server.ts";
import { commandOf, IrcClient, plain } from "./client.ts";

const capabilities = ["standard-replies", "draft/account-registration"];

async function here(
  context: TestContext,
  nick: string,
): Promise<RunningServer & { readonly client: IrcClient }> {
  const server = await runServer(context);
  return { ...server, client: await IrcClient.enter(server.port, nick, ...capabilities) };
}

/** Without its words for people. */
function codes(lines: readonly string[]): readonly string[] {
  return plain(lines).map((line) => line.replace(/^:roomful\.local /, "").split(" :")[0] ?? "");
}

test("an account has the name that one has, and outlives the connection", async (context) => {
  const { client, port } = await here(context, "Ann");
  assert.deepEqual(
    plain(await client.ask("REGISTER * * sesame")).map((line) => line.replace(/\S+!\S+/, "SOURCE")),
    [
      ":roomful.local REGISTER SUCCESS Ann :The name Ann is yours from now on",
      "900 SOURCE Ann :You are now logged in as Ann",
    ],
  );
  assert.deepEqual(codes(await client.ask("REGISTER ann * sesame")), [
    "FAIL REGISTER ALREADY_AUTHENTICATED Ann",
  ]);
  assert.deepEqual(codes(await client.ask("VERIFY Ann 1")), ["FAIL VERIFY ALREADY_AUTHENTICATED Ann"]);
  client.send("QUIT");
  await client.untilEnd();
  const netcat = await LineClient.connect(port);
  netcat.send("ann", "sesame");
  await netcat.until("Welcome to the chat server, ann!");
});

test("why there can be no such account", async (context) => {
  const { client, port } = await here(context, "ann");
  const refused: Readonly<Record<string, string>> = {
    "REGISTER bob * sesame": "FAIL REGISTER ACCOUNT_NAME_MUST_BE_NICK bob",
    "REGISTER * * abc": "FAIL REGISTER WEAK_PASSWORD ann",
    "REGISTER * * :se\x07same": "FAIL REGISTER UNACCEPTABLE_PASSWORD ann",
    "REGISTER * nowhere sesame": "FAIL REGISTER INVALID_EMAIL ann",
    "REGISTER * *": "461 REGISTER",
    "VERIFY ann 1": "FAIL VERIFY INVALID_CODE ann",
  };
  for (const [line, code] of Object.entries(refused)) {
    assert.deepEqual(codes(await client.ask(line)), [code], line);
  }
  const early = await IrcClient.connect(port);
  const answers = await early.ask(
    "CAP REQ standard-replies",
    "NICK bob",
    "REGISTER * * sesame",
    "VERIFY bob 1",
  );
  assert.deepEqual(codes(answers).slice(1), [
    "FAIL REGISTER COMPLETE_CONNECTION_REQUIRED",
    "FAIL VERIFY COMPLETE_CONNECTION_REQUIRED",
  ]);
  assert.match((await early.ask("CAP LS 302")).join(" "), /draft\/account-registration( |$)/);
});

test("where it is allowed, an account can be made before one comes in", async (context) => {
  const { port } = await runServer(context, { settings: { registersBeforeConnect: true } });
  const ann = await IrcClient.connect(port);
  assert.match((await ann.ask("CAP LS 302")).join(" "), /draft\/account-registration=before-connect( |$)/);
  const early = await ann.ask(
    "CAP REQ standard-replies",
    "REGISTER * * sesame",
    "NICK ann",
    "REGISTER * * sesame",
  );
  assert.deepEqual(codes(early).slice(1), [
    "FAIL REGISTER NEED_NICK *",
    "REGISTER SUCCESS ann",
    "900 ann!*@* ann",
  ]);
  const bob = await IrcClient.connect(port);
  const taken = await bob.ask("CAP REQ standard-replies", "NICK ANN", "REGISTER * * other");
  assert.deepEqual(codes(taken).slice(1), ["FAIL REGISTER ACCOUNT_EXISTS ANN"]);
  ann.send("USER ann 0 * :Ann", "CAP END");
  await ann.until("422");
  assert.ok(codes(await ann.ask("WHOIS ann")).includes("330 ann ann"));
});

test("who must give a password to come in makes no account without it", async (context) => {
  const settings = { registersBeforeConnect: true, connectionPassword: "door" };
  const { port } = await runServer(context, { settings });
  const ann = await IrcClient.connect(port);
  const answers = await ann.ask("CAP REQ standard-replies", "NICK ann", "REGISTER * * sesame");
  assert.deepEqual(codes(answers).slice(1), ["FAIL REGISTER COMPLETE_CONNECTION_REQUIRED"]);
});

test("an email address is needed where the server says so", async (context) => {
  const { port } = await runServer(context, { settings: { requiresEmail: true } });
  const ann = await IrcClient.enter(port, "ann", ...capabilities);
  assert.match((await ann.ask("CAP LS 302")).join(" "), /draft\/account-registration=email-required( |$)/);
  assert.deepEqual(codes(await ann.ask("REGISTER * * sesame")), ["FAIL REGISTER INVALID_EMAIL ann"]);
  assert.equal(codes(await ann.ask("REGISTER * ann@example.org sesame"))[0], "REGISTER SUCCESS ann");
  const bob = await LineClient.enter(port, "bob");
  bob.send("/register sesame");
  await bob.until("An account needs an email address here");
  bob.send("/register sesame bob@example.org");
  await bob.until("The name bob is yours from now on");
});

test("of many who want one name at once one gets it, and nobody else comes in under it meanwhile", async (context) => {
  const { port } = await runServer(context, { settings: { registersBeforeConnect: true } });
  const many = await Promise.all(Array.from({ length: 5 }, () => IrcClient.connect(port)));
  const guest = await IrcClient.connect(port);
  for (const client of many) client.send("CAP REQ standard-replies", "NICK ann", "REGISTER * * sesame");
  // The password is being hashed when this has arrived.
  for (const client of many) await client.until("CAP");
  assert.deepEqual((await guest.ask("NICK Ann", "USER ann 0 * :Ann")).map(commandOf), ["433"]);
  const results = await Promise.all(many.map((client) => client.until(/ REGISTER /)));
  assert.deepEqual(
    codes(results).toSorted((one, other) => one.localeCompare(other)),
    [...Array(4).fill("FAIL REGISTER ACCOUNT_EXISTS ann"), "REGISTER SUCCESS ann"],
  );
});

test("NickServ does the same for clients that know no better", async (context) => {
  const { client, port } = await here(context, "ann");
  const bob = await IrcClient.enter(port, "bob");
  const conversation: readonly (readonly [IrcClient, string, ...string[]])[] = [
    [client, "PRIVMSG NickServ :REGISTER", ":NickServ NOTICE ann :REGISTER <password> [<email>]"],
    [client, "PRIVMSG NickServ :info", ":NickServ NOTICE ann :ann is a guest"],
    [client, "NS register abc", ":NickServ NOTICE ann :That password is too short: at least 4 characters"],
    [
      client,
      "privmsg nickserv :register sesame ann@example.org",
      "900 SOURCE ann :You are now logged in as ann",
      ":NickServ NOTICE ann :The name ann is yours from now on",
    ],
    [client, "NickServ REGISTER sesame", ":NickServ NOTICE ann :You are signed in as 'ann' already"],
    [bob, "PRIVMSG NickServ :INFO Ann", ":NickServ NOTICE bob :ann is signed in as ann"],
    [bob, "PRIVMSG NickServ :INFO zed", ":NickServ NOTICE bob :User 'zed' is not online"],
    [
      bob,
      "PRIVMSG NickServ :identify ann wrong",
      ":NickServ NOTICE bob :That account and password do not belong together",
    ],
    [bob, "PRIVMSG NickServ :dance", ":NickServ NOTICE bob :There is no dance. Write HELP for what there is"],
    [bob, "NOTICE NickServ :REGISTER sesame"],
  ];
  for (const [who, line, ...answers] of conversation) {
    const got = plain(await who.ask(line)).map((text) => text.replace(/^900 \S+/, "900 SOURCE"));
    assert.deepEqual(got, answers, line);
  }
  assert.ok(
    (await bob.ask("PRIVMSG NickServ :HELP")).some((line) => line.includes("IDENTIFY [<name>] <password>")),
  );
  client.send("QUIT");
  await client.untilEnd();
  assert.deepEqual(
    plain(await bob.ask("PRIVMSG NickServ :IDENTIFY ann sesame")).map((line) => line.split(" :")[1]),
    ["You are now logged in as ann", "You are signed in as ann"],
  );
});

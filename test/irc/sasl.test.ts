import assert from "node:assert/strict";
import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { test } from "node:test";
import { LineClient } from "../support/line-client.ts";
import { runServer } from "../support/running-server.ts";
import { commandOf, IrcClient, plain } from "./client.ts";

const success = [
  "900 ann!*@* ann :You are now logged in as ann",
  "903 :SASL authentication successful",
  "904 :SASL authentication failed",
];

/** Somebody on the line door makes an account of his name, and goes. */
async function registered(port: number, name: string, password: string): Promise<void> {
  const client = await LineClient.enter(port, name);
  client.send(`/register ${password}`);
  await client.until("is yours from now on");
  client.send("/quit");
  await client.untilEnd();
}

function plainly(name: string, password: string, actingAs = ""): string {
  return Buffer.from(`${actingAs}\0${name}\0${password}`).toString("base64");
}

/** As many as it takes, with what ends them. */
function chunks(encoded: string): readonly string[] {
  const lines = encoded.match(/.{1,400}/g) ?? [];
  return [...lines, ...(encoded.length % 400 === 0 ? ["+"] : [])].map((chunk) => `AUTHENTICATE ${chunk}`);
}

async function beginning(port: number, nick = "ann"): Promise<IrcClient> {
  const client = await IrcClient.connect(port);
  await client.ask("CAP LS 302", "CAP REQ :sasl", `NICK ${nick}`);
  return client;
}

test("a password opens the account, before one comes in", async (context) => {
  const { port } = await runServer(context);
  await registered(port, "ann", "sesame");
  const ann = await beginning(port);
  assert.deepEqual(await ann.ask("AUTHENTICATE plain"), [":roomful.local AUTHENTICATE +"]);
  const answers = await ann.ask(`AUTHENTICATE ${plainly("Ann", "sesame", "ann")}`);
  assert.deepEqual(plain(answers), success.slice(0, 2));
  ann.send("USER ann 0 * :Ann", "CAP END");
  await ann.until("422");
  const whois = plain(await ann.ask("WHOIS ann"));
  assert.ok(whois.includes("330 ann ann :is logged in as"), whois.join("\n"));
});

/** `900` with the account, and the other numerics. */
function outcomes(lines: readonly string[]): string {
  return lines
    .map((line) => (line.endsWith(" AUTHENTICATE +") ? "+" : line))
    .map((line) => (commandOf(line) === "900" ? `900 ${line.split(" ")[4]}` : commandOf(line)))
    .join(" ");
}

test("who is signed in may sign in again, as somebody else only before he has come in", async (context) => {
  const { port } = await runServer(context);
  await registered(port, "ann", "sesame");
  await registered(port, "bob", "thyme");
  const ann = await beginning(port);
  const signIn = async (name: string, password: string): Promise<string> =>
    outcomes(await ann.ask("AUTHENTICATE PLAIN", `AUTHENTICATE ${plainly(name, password)}`));
  assert.equal(await signIn("bob", "thyme"), "+ 900 bob 903");
  assert.equal(await signIn("ann", "sesame"), "+ 900 ann 903");
  assert.equal(await signIn("ann", "wrong"), "+ 904");
  ann.send("USER ann 0 * :Ann", "CAP END");
  await ann.until("422");
  const account = async (): Promise<readonly string[]> =>
    plain(await ann.ask("WHOIS ann")).filter((line) => line.startsWith("330"));
  assert.deepEqual(await account(), ["330 ann ann :is logged in as"]);
  assert.equal(await signIn("ann", "sesame"), "+ 900 ann 903");
  assert.equal(await signIn("ann", "wrong"), "+ 904");
  assert.equal(await signIn("bob", "thyme"), "+ 907");
  assert.deepEqual(await account(), ["330 ann ann :is logged in as"]);
});

/** A long name and password, so that the response has exactly this length in Base64. */
for (const length of [400, 800]) {
  test(`a right response of ${length} bytes, which fills its chunks`, async (context) => {
    const { port } = await runServer(context);
    // In UTF-8 such a name has three bytes for each character.
    const name = length === 400 ? "ann" : "あいうえおかきくけこさしすせそ";
    const bytes = (length / 4) * 3 - 2 - 2 * Buffer.byteLength(name);
    const password = "p".repeat(bytes);
    await registered(port, name, password);
    const response = plainly(name, password, name);
    assert.equal(response.length, length);
    const ann = await beginning(port, name);
    const lines = chunks(response);
    assert.equal(lines.at(-1), "AUTHENTICATE +");
    assert.equal(outcomes(await ann.ask("AUTHENTICATE PLAIN", ...lines)), `+ 900 ${name} 903`);
  });
}

/** What is sent after the capability, and the numerics that come of it; a `+` is an empty challenge. */
const exchanges: Readonly<Record<string, readonly (readonly [lines: readonly string[], answers: string])[]>> =
  {
    "a wrong password, and then the right one": [
      [["AUTHENTICATE PLAIN", `AUTHENTICATE ${plainly("ann", "wrong")}`], "+ 904"],
      [["AUTHENTICATE PLAIN", `AUTHENTICATE ${plainly("ann", "sesame")}`], "+ 900 903"],
    ],
    "an account that there is not": [
      [["AUTHENTICATE PLAIN", `AUTHENTICATE ${plainly("zed", "sesame")}`], "+ 904"],
    ],
    "acting as somebody else": [
      [["AUTHENTICATE PLAIN", `AUTHENTICATE ${plainly("ann", "sesame", "bob")}`], "+ 904"],
    ],
    "what is no Base64": [
      [["AUTHENTICATE PLAIN", "AUTHENTICATE ****"], "+ 904"],
      [["AUTHENTICATE PLAIN", "AUTHENTICATE AAA"], "+ 904"],
    ],
    "what is no message of the mechanism": [
      [["AUTHENTICATE PLAIN", "AUTHENTICATE +"], "+ 904"],
      [["AUTHENTICATE SCRAM-SHA-256", `AUTHENTICATE ${plainly("ann", "sesame")}`], "+ 904"],
    ],
    "to stop": [
      [["AUTHENTICATE PLAIN", "AUTHENTICATE *"], "+ 906"],
      [["AUTHENTICATE *"], "906"],
      [["AUTHENTICATE PLAIN", `AUTHENTICATE ${plainly("ann", "sesame")}`], "+ 900 903"],
    ],
    "unknown mechanisms": [
      [["AUTHENTICATE EXTERNAL"], "908 904"],
      [["AUTHENTICATE"], "461"],
    ],
    "a chunk that is too long": [[["AUTHENTICATE PLAIN", `AUTHENTICATE ${"A".repeat(401)}`], "+ 905"]],
    "too many chunks": [
      [["AUTHENTICATE PLAIN", ...Array(11).fill(`AUTHENTICATE ${"A".repeat(400)}`)], "+ 905"],
    ],
    "a response of several chunks": [
      [["AUTHENTICATE PLAIN", ...chunks(plainly("ann", "x".repeat(295)))], "+ 904"],
      [["AUTHENTICATE PLAIN", ...chunks(plainly("ann", "x".repeat(400)))], "+ 904"],
      [["AUTHENTICATE PLAIN", ...chunks(plainly("ann", "sesame"))], "+ 900 903"],
    ],
  };

for (const [name, steps] of Object.entries(exchanges)) {
  test(`signing in: ${name}`, async (context) => {
    const { port } = await runServer(context);
    await registered(port, "ann", "sesame");
    const client = await beginning(port);
    for (const [lines, answers] of steps) {
      const got = (await client.ask(...lines)).map((line) =>
        line.endsWith(" AUTHENTICATE +") ? "+" : commandOf(line),
      );
      assert.equal(got.join(" "), answers, lines.join(" / "));
    }
  });
}

test("who comes in before he has signed in is told so, and is a guest", async (context) => {
  const { port } = await runServer(context);
  await registered(port, "ann", "sesame");
  const bob = await beginning(port, "bob");
  const answers = await bob.ask("USER bob 0 * :Bob", "AUTHENTICATE PLAIN", "CAP END");
  assert.deepEqual(answers.map(commandOf).slice(0, 3), ["AUTHENTICATE", "906", "001"]);
  const ann = await beginning(port);
  const refused = await ann.ask("USER ann 0 * :Ann", "CAP END");
  assert.deepEqual(
    plain(refused),
    [":roomful.local 433 * ann :Username 'ann' belongs to somebody with a password. Choose another one"].map(
      (line) => plain([line])[0],
    ),
  );
});

test("SCRAM shows both sides that the other one knows the password", async (context) => {
  const { port } = await runServer(context);
  await registered(port, "ann", "sesame");
  const ann = await beginning(port);
  const { answers, verifies } = await scram(ann, "ann", "sesame");
  assert.deepEqual(plain(answers), success.slice(0, 2));
  assert.ok(verifies);
  const bob = await beginning(port, "bob");
  assert.deepEqual((await scram(bob, "ann", "wrong")).answers.map(commandOf), ["904"]);
  assert.deepEqual((await scram(bob, "zed", "sesame")).answers.map(commandOf), ["904"]);
});

test("SCRAM goes by the new password as soon as there is one", async (context) => {
  const { port } = await runServer(context);
  await registered(port, "ann", "sesame");
  const ann = await LineClient.connect(port);
  ann.send("ann", "sesame", "/password sesame open-sesame");
  await ann.until("Your password is changed");
  const one = await beginning(port, "one");
  assert.deepEqual((await scram(one, "ann", "sesame")).answers.map(commandOf), ["904"]);
  const two = await beginning(port, "two");
  assert.ok((await scram(two, "ann", "open-sesame")).verifies);
});

test("who does not trust the server's proof has not signed in", async (context) => {
  const { port } = await runServer(context);
  await registered(port, "ann", "sesame");
  const bob = await beginning(port, "bob");
  assert.deepEqual((await scram(bob, "ann", "sesame", "*")).answers.map(commandOf), ["906"]);
  bob.send("USER bob 0 * :Bob", "CAP END");
  await bob.until("422");
  assert.ok(!plain(await bob.ask("WHOIS bob")).some((line) => line.startsWith("330")));
});

test("too many wrong guesses wait, by whichever mechanism, and a right proof does not show itself then", async (context) => {
  const { port } = await runServer(context, { settings: { guesses: { free: 2, longestWaitMs: 900_000 } } });
  await registered(port, "ann", "sesame");
  const guesser = await beginning(port, "eve");
  await scram(guesser, "ann", "one");
  await guesser.ask("AUTHENTICATE PLAIN", `AUTHENTICATE ${plainly("ann", "two")}`);
  const { answers, verifies } = await scram(guesser, "ann", "sesame");
  assert.match(answers.at(-1) ?? "", / 904 eve :.*There were too many wrong passwords/);
  assert.equal(verifies, undefined);
});

test("somebody who is here turns out to be who he says, and others who want to know are told", async (context) => {
  const { port } = await runServer(context);
  await registered(port, "ann", "sesame");
  const bob = await IrcClient.enter(port, "bob", "account-notify", "extended-join", "account-tag");
  await bob.ask("JOIN #a");
  const other = await IrcClient.enter(port, "other", "sasl");
  await other.ask("JOIN #a");
  const joined = plain(await bob.ask());
  assert.deepEqual(joined, [":other JOIN #a * :other himself"]);
  const answers = await other.ask("AUTHENTICATE PLAIN", `AUTHENTICATE ${plainly("ann", "sesame")}`);
  assert.deepEqual(answers.map(commandOf), ["AUTHENTICATE", "900", "903"]);
  await other.ask("PRIVMSG #a :hi");
  assert.match(
    (await bob.ask()).join("\n"),
    /^@account=ann :other!\S+ ACCOUNT ann\n@account=ann :other!\S+ PRIVMSG #a :hi$/,
  );
  assert.deepEqual(plain(await other.ask("PART #a", "JOIN #a")).slice(1, 2), [":other JOIN #a"]);
  assert.match((await bob.ask()).join("\n"), / JOIN #a ann :other himself$/);
});

test("what one may sign in by is listed", async (context) => {
  const { port } = await runServer(context);
  const client = await IrcClient.connect(port);
  const listed = (await client.ask("CAP LS 302")).join(" ");
  assert.match(listed, / sasl=PLAIN,SCRAM-SHA-256 /);
  const old = await IrcClient.connect(port);
  assert.match((await old.ask("CAP LS")).join(" "), / sasl /);
});

/** What comes after the client's last message; `verifies`: whether the server has shown that it knows the password. */
async function scram(
  client: IrcClient,
  account: string,
  password: string,
  last = "+",
): Promise<{ readonly answers: readonly string[]; readonly verifies: boolean | undefined }> {
  const bare = `n=${account},r=${randomBytes(12).toString("base64")}`;
  const [, answer] = await client.ask("AUTHENTICATE SCRAM-SHA-256", `AUTHENTICATE ${base64(`n,,${bare}`)}`);
  const first = challengeOf(answer);
  const [, nonce = "", salt = "", iterations = ""] = /^r=(.*),s=(.*),i=(\d+)$/.exec(first) ?? [];
  const salted = pbkdf2Sync(password, Buffer.from(salt, "base64"), Number(iterations), 32, "sha256");
  const clientKey = hmac(salted, "Client Key");
  const withoutProof = `c=biws,r=${nonce}`;
  const said = `${bare},${first},${withoutProof}`;
  const signature = hmac(createHash("sha256").update(clientKey).digest(), said);
  const proof = Buffer.from(clientKey.map((byte, index) => byte ^ signature[index]!)).toString("base64");
  const answers = await client.ask(`AUTHENTICATE ${base64(`${withoutProof},p=${proof}`)}`);
  if (answers.length !== 1 || commandOf(answers[0]!) !== "AUTHENTICATE")
    return { answers, verifies: undefined };
  const expected = `v=${hmac(hmac(salted, "Server Key"), said).toString("base64")}`;
  return {
    answers: await client.ask(`AUTHENTICATE ${last}`),
    verifies: challengeOf(answers[0]) === expected,
  };
}

function challengeOf(line = ""): string {
  return Buffer.from(line.split(" ").at(-1) ?? "", "base64").toString();
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

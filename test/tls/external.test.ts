import assert from "node:assert/strict";
import test from "node:test";
import { generate } from "selfsigned";
import { IrcClient } from "../irc/client.ts";
import { runServer } from "../support/running-server.ts";
import { connectTls } from "../support/tls-socket.ts";

interface Credentials {
  readonly cert: string;
  readonly key: string;
  /** As OpenSSL shows it. */
  readonly fingerprint: string;
}

async function credentials(): Promise<Credentials> {
  const made = await generate([{ name: "commonName", value: "somebody" }], { keyType: "ec", curve: "P-256" });
  const { X509Certificate } = await import("node:crypto");
  return { cert: made.cert, key: made.private, fingerprint: new X509Certificate(made.cert).fingerprint256 };
}

async function come(port: number, shown: Credentials | undefined, nick: string): Promise<IrcClient> {
  const options = shown === undefined ? {} : { cert: shown.cert, key: shown.key };
  return IrcClient.over(await connectTls(port, options)).comeIn(nick);
}

/** Signs in before coming in; resolves to the numerics of the answer. */
async function external(port: number, shown: Credentials | undefined, response = "+"): Promise<string> {
  const options = shown === undefined ? {} : { cert: shown.cert, key: shown.key };
  const client = IrcClient.over(await connectTls(port, options));
  client.send("CAP LS 302", "NICK guest", "USER g 0 * :g", "CAP REQ sasl", "AUTHENTICATE EXTERNAL");
  await client.until("AUTHENTICATE");
  client.send(`AUTHENTICATE ${response}`);
  const line = await client.until(/ (?:903|904) /);
  client.close();
  return / (903|904) /.exec(line)?.[1] ?? "";
}

const own = (name: string): string => Buffer.from(name).toString("base64");
const written = (lines: readonly string[]): string =>
  lines.filter((line) => line.includes("NickServ")).join("\n");

test("who has named a certificate of his signs in by showing it, and by no other", async (t) => {
  const { port } = await runServer(t, { settings: { addressLimit: 100 } });
  const [mine, other] = await Promise.all([credentials(), credentials()]);
  const ann = await come(port, mine, "Ann");
  assert.match(written(await ann.ask("PRIVMSG NickServ :CERT")), /no account/);
  ann.send("PRIVMSG NickServ :REGISTER sesame");
  await ann.until("900");
  assert.equal(await external(port, mine), "904");
  const fingerprint = mine.fingerprint.replaceAll(":", "").toLowerCase();
  assert.match(
    written(await ann.ask("PRIVMSG NickServ :CERT ADD")),
    new RegExp(`${fingerprint}, which you show now`),
  );
  const whois = await ann.ask("WHOIS Ann");
  assert.ok(
    whois.some((line) => line.includes(` 276 Ann Ann :has client certificate fingerprint ${fingerprint}`)),
  );
  assert.ok(whois.some((line) => / 671 Ann Ann :/.test(line)));
  assert.equal(await external(port, mine), "903");
  assert.equal(await external(port, mine, own("ann")), "903");
  assert.equal(await external(port, mine, own("Bob")), "904");
  assert.equal(await external(port, other), "904");
  assert.equal(await external(port, undefined), "904");
  // One more, as it is written elsewhere.
  assert.match(
    written(await ann.ask(`PRIVMSG NickServ :CERT ADD ${other.fingerprint}`)),
    /Certificates \(2\)/,
  );
  assert.equal(await external(port, other), "903");
  assert.match(
    written(await ann.ask(`PRIVMSG NickServ :CERT DEL ${mine.fingerprint}`)),
    /Certificates \(1\)/,
  );
  assert.equal(await external(port, mine), "904");
  assert.match(written(await ann.ask(`PRIVMSG NickServ :CERT DEL ${mine.fingerprint}`)), /not one by which/);
  assert.match(written(await ann.ask("PRIVMSG NickServ :CERT ADD 1234")), /SHA-256, in hexadecimal/);
  const bob = await come(port, other, "Bob");
  bob.send("PRIVMSG NickServ :REGISTER sesame");
  await bob.until("900");
  assert.match(
    written(await bob.ask("PRIVMSG NickServ :CERT ADD")),
    /Somebody else signs in by that certificate/,
  );
  const whoisOfOthers = await bob.ask("WHOIS Ann");
  assert.ok(!whoisOfOthers.some((line) => line.includes(" 276 ")));
});

test("certificates are kept over a restart, and over another password", async (t) => {
  const first = await runServer(t);
  const mine = await credentials();
  const ann = await come(first.port, mine, "Ann");
  ann.send("PRIVMSG NickServ :REGISTER sesame");
  await ann.until("900");
  await ann.ask("PRIVMSG NickServ :CERT ADD");
  ann.send("PRIVMSG NickServ :PASSWD sesame open-sesame");
  await ann.until(/password/i);
  await first.stop();
  const second = await runServer(t, { dataFolder: first.dataFolder });
  assert.equal(await external(second.port, mine), "903");
});

test("EXTERNAL is offered under TLS alone", async (t) => {
  const { port } = await runServer(t);
  const clear = await IrcClient.connect(port);
  clear.send("CAP LS 302");
  assert.match(await clear.until("CAP"), / sasl=PLAIN,SCRAM-SHA-256 /);
  clear.send("NICK Ann", "USER a 0 * :a", "CAP REQ sasl", "AUTHENTICATE EXTERNAL");
  assert.match(await clear.until("908"), / PLAIN,SCRAM-SHA-256 :/);
  await clear.until("904");
  const secure = IrcClient.over(await connectTls(port));
  secure.send("CAP LS 302");
  assert.match(await secure.until("CAP"), / sasl=PLAIN,EXTERNAL,SCRAM-SHA-256 /);
});

test("clients are told to come by TLS where the operator wants that, and cannot ask for it", async (t) => {
  const { port } = await runServer(t, { settings: { stsSeconds: 2_592_000 } });
  for (const socket of [undefined, await connectTls(port)]) {
    const client = socket === undefined ? await IrcClient.connect(port) : IrcClient.over(socket);
    client.send("CAP LS 302");
    assert.match(await client.until("CAP"), new RegExp(` :?sts=port=${port},duration=2592000(?: |$)`));
    client.send("CAP REQ sts");
    await client.until(/ NAK :sts/);
  }
  const old = await IrcClient.connect(port);
  old.send("CAP LS");
  assert.doesNotMatch(await old.until("CAP"), /sts/);
  const { port: other } = await runServer(t);
  const untold = await IrcClient.connect(other);
  untold.send("CAP LS 302");
  assert.doesNotMatch(await untold.until("CAP"), /sts/);
});

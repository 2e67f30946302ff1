import assert from "node:assert/strict";
import test from "node:test";
import { LineClient } from "../support/line-client.ts";
import { runServer } from "../support/running-server.ts";
import { IrcClient, plain } from "./client.ts";

/** With hosts in one form. */
function told(lines: readonly string[]): readonly string[] {
  return plain(lines).map((line) => line.replaceAll(/[0-9a-f]{12}\.hidden/g, "host"));
}

test("MONITOR tells who of a list is here, and shows the list", async (t) => {
  const { port } = await runServer(t);
  const ann = await IrcClient.enter(port, "Ann");
  await IrcClient.enter(port, "Bob");
  assert.deepEqual(told(await ann.ask("MONITOR + bob,Carl,*!*@*,bob,,NickServ")), [
    "730 :Bob!~Bob@host",
    "731 :Carl,NickServ",
  ]);
  assert.deepEqual(told(await ann.ask("MONITOR L")), ["732 :bob,Carl,NickServ", "733 :End of MONITOR list"]);
  assert.deepEqual(told(await ann.ask("MONITOR s")), ["730 :Bob!~Bob@host", "731 :Carl,NickServ"]);
  assert.deepEqual(told(await ann.ask("MONITOR - CARL,nobody", "MONITOR L")), [
    "732 :bob,NickServ",
    "733 :End of MONITOR list",
  ]);
  assert.deepEqual(told(await ann.ask("MONITOR C", "MONITOR L", "MONITOR S")), ["733 :End of MONITOR list"]);
  const wrong = "461 MONITOR :Not enough parameters";
  assert.deepEqual(told(await ann.ask("MONITOR", "MONITOR +", "MONITOR x")), [wrong, wrong, wrong]);
});

test("of no more names than the limit, and which do not fit is said", async (t) => {
  const { port } = await runServer(t, { settings: { maxMonitored: 3 } });
  const ann = await IrcClient.enter(port, "Ann");
  assert.deepEqual(
    told(await ann.ask("MONITOR + a,b,c,d,e", "MONITOR + A,d", "MONITOR - a", "MONITOR + f")),
    ["731 :a,b,c", "734 3 d,e :Monitor list is full.", "731 :A", "734 3 d :Monitor list is full.", "731 :f"],
  );
  assert.match((await IrcClient.connect(port).then((client) => enterAll(client))).join("\n"), / MONITOR=3 /);
});

async function enterAll(client: IrcClient): Promise<readonly string[]> {
  client.send("NICK Zoe", "USER zoe 0 * :Zoe");
  return client.ask();
}

test("a long list is told in lines that are no longer than they may be", async (t) => {
  const { port } = await runServer(t);
  const ann = await IrcClient.enter(port, "Ann");
  const names = Array.from({ length: 30 }, (_, index) => `${"x".repeat(28)}${index}`);
  for (const part of [names.slice(0, 15), names.slice(15)]) await ann.ask(`MONITOR + ${part.join(",")}`);
  const lines = await ann.ask("MONITOR L");
  assert.ok(lines.length > 2 && lines.every((line) => Buffer.byteLength(line) <= 510));
  const listed = lines.slice(0, -1).flatMap((line) => (line.split(" :")[1] ?? "").split(","));
  assert.deepEqual(listed, names);
});

test("who watches is told of coming, of another name and of going, by whatever door", async (t) => {
  const { port } = await runServer(t);
  const ann = await IrcClient.enter(port, "Ann");
  await ann.ask("MONITOR + bob,carl");
  const bob = await LineClient.enter(port, "Bob");
  assert.match(await ann.until("730"), / 730 Ann :Bob!line@/);
  bob.send("/nick BOB", "/nick Carl");
  await bob.until("now called Carl");
  assert.deepEqual(told(await ann.ask()), ["731 :BOB", "730 :Carl!line@host"]);
  bob.close();
  assert.deepEqual(told([await ann.until("731")]), ["731 :Carl"]);
  await ann.ask("MONITOR - bob");
  const again = await IrcClient.enter(port, "Bob");
  again.send("QUIT");
  await again.untilEnd();
  assert.deepEqual(await ann.ask(), []);
});

test("who has negotiated it is told what those he watches say of themselves, once", async (t) => {
  const { port } = await runServer(t);
  const capabilities = ["extended-monitor", "away-notify", "setname", "account-notify"];
  const ann = await IrcClient.enter(port, "Ann", ...capabilities);
  const carl = await IrcClient.enter(port, "Carl", ...capabilities.slice(1));
  const bob = await IrcClient.enter(port, "Bob");
  for (const watcher of [ann, carl]) await watcher.ask("MONITOR + bob");
  await bob.ask("AWAY :tea", "AWAY", "SETNAME :Bob the Builder");
  assert.deepEqual(plain(await ann.ask()), [":Bob AWAY :tea", ":Bob AWAY", ":Bob SETNAME :Bob the Builder"]);
  assert.deepEqual(await carl.ask(), []);
  await ann.ask("JOIN #a");
  await bob.ask("JOIN #a", "AWAY :tea");
  assert.deepEqual(plain(await ann.ask()), [":Bob JOIN #a", ":Bob AWAY :tea"]);
});

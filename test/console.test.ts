import assert from "node:assert/strict";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text as textOf } from "node:stream/consumers";
import test, { type TestContext } from "node:test";
import { runPlainClient } from "../src/client/plain.ts";
import { LineClient, timeless } from "./support/line-client.ts";
import { ServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { WebSocketClient } from "./support/websocket-client.ts";

const operatorSees = "The operator of this server can see private messages on its console";

function start(context: TestContext, args: readonly string[]): Promise<ServerProcess> {
  return ServerProcess.start(context, { dataFolder: join(temporaryFolder(context), "data"), args });
}

/** Somebody is refused, two people come and talk, and the server ends. Resolves to what its console showed. */
async function visit(server: ServerProcess): Promise<string> {
  const ann = await LineClient.connect(server.port);
  ann.send("PM");
  await ann.until("is reserved");
  ann.send("Ann");
  await ann.until("Online Users (1): Ann");
  const { client: bob } = await WebSocketClient.enter(server.port, { name: "Bob" });
  await ann.until("Bob has joined");
  ann.send('"quoted" \\ \u001b[2J', "/me waves", "/pm Bob secret");
  await ann.until("[PM to Bob] secret");
  bob.socket.close();
  await ann.until("Bob has left");
  ann.close();
  await server.until(/Ann left the chat|"leave".*"Ann"/);
  assert.deepEqual(await server.end("SIGTERM"), { code: 0, signal: null });
  return server.console;
}

test("--log json prints an object a line, and nothing else, for everything that happens", async (t) => {
  const console = await visit(await start(t, ["--log", "json"]));
  const records = console
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as LogLine);
  const address = "ADDRESS";
  assert.deepEqual(records.map(constant), [
    { level: "info", event: "info", time: "TIME", text: "Listening on port N" },
    { level: "info", event: "info", time: "TIME", text: "TLS certificate: SHA-256 FINGERPRINT" },
    { level: "info", event: "attempt", time: "TIME", address },
    { level: "info", event: "rejected", time: "TIME", reason: "name refused (name-reserved)", address },
    { level: "info", event: "join", time: "TIME", name: "Ann", address, active: 1 },
    { level: "info", event: "attempt", time: "TIME", address },
    { level: "info", event: "join", time: "TIME", name: "Bob", address, active: 2 },
    { ...said, event: "broadcast", text: '"quoted" \\ \uFFFD[2J', action: false },
    { ...said, event: "broadcast", text: "waves", action: true },
    { ...said, event: "private", to: "Bob", text: "secret", action: false },
    { level: "info", event: "leave", time: "TIME", name: "Bob", active: 1 },
    { level: "info", event: "leave", time: "TIME", name: "Ann", active: 0 },
    { level: "info", event: "info", time: "TIME", text: "Shutting down" },
  ]);
});

const said = { level: "info", time: "TIME", name: "Ann" };

interface LogLine {
  readonly time: string;
  readonly address?: string;
  readonly text?: string;
}

/** The record without what differs from time to time. */
function constant(record: LogLine): object {
  const { time, address, text, ...rest } = record;
  assert.equal(time, new Date(time).toISOString());
  if (address !== undefined) assert.match(address, /^127\.0\.0\.1:\d+$/);
  return {
    ...rest,
    time: "TIME",
    ...(address !== undefined && { address: "ADDRESS" }),
    ...(text !== undefined && {
      text: text.replace(/ \d+$/, " N").replace(/(?:[\dA-F]{2}:){31}[\dA-F]{2}$/, "FINGERPRINT"),
    }),
  };
}

for (const format of ["text", "json"]) {
  test(`--console-private hide keeps private words off the console, and all else on it: --log ${format}`, async (t) => {
    const console = await visit(await start(t, ["--console-private", "hide", "--log", format]));
    assert.doesNotMatch(console, /secret/);
    assert.match(console, /waves/);
    if (format === "text") assert.match(timeless(console), /^T \[PM\] Ann -> Bob: \(hidden\)$/m);
    else assert.match(console, /^\{.*"event":"private".*"text":"\(hidden\)".*\}$/m);
  });
}

for (const [shown, sees] of [
  ["show", true],
  ["hide", false],
] as const) {
  test(`with --console-private ${shown} /help, at netcat and in our client, ${sees ? "says" : "does not say"} that the operator sees private messages`, async (t) => {
    const server = await start(t, ["--console-private", shown]);
    const ann = await LineClient.enter(server.port, "Ann");
    for (const asked of ["/help", "/help pm"]) {
      ann.clear();
      ann.send(asked);
      const lines = (await ann.settled()).split("\n");
      assert.equal(lines.includes(operatorSees), sees, asked);
      assert.ok(lines.some((line) => line.includes("/pm <username> <message>")));
    }
    const [input, output] = [new PassThrough(), new PassThrough()];
    const screen = textOf(output);
    input.end("/help\n");
    const exit = await runPlainClient({ host: "127.0.0.1", port: server.port, name: "Bob", input, output });
    output.end();
    assert.equal(exit, 0);
    assert.equal((await screen).split("\n").includes(operatorSees), sees, "in our client");
  });
}

test("the console shows what is said and done in all rooms, or of those that are not open only that it was", async (t) => {
  for (const shown of ["show", "hide"]) {
    const server = await start(t, ["--console-private", shown]);
    const ann = await LineClient.enter(server.port, "Ann");
    ann.send(
      "/join #open",
      "aloud",
      "/topic Roses",
      "/join #shut",
      "/set hidden on",
      "in secret",
      "/topic Thorns",
    );
    await ann.until("Ann set the topic: Thorns");
    ann.close();
    await server.until(/Ann left the chat/);
    const lines = timeless(server.console)
      .split("\n")
      .filter((line) => /^T \[(?:BROADCAST|ROOM)\]/.test(line));
    const text = (words: string) => (shown === "show" ? words : "(hidden)");
    assert.deepEqual(lines, [
      "T [BROADCAST] #open Ann: aloud",
      "T [ROOM] #open Ann set the topic: Roses",
      `T [ROOM] #shut Ann set ${text("+s")}`,
      `T [BROADCAST] #shut Ann: ${text("in secret")}`,
      `T [ROOM] #shut Ann set the topic: ${text("Thorns")}`,
    ]);
    await server.end("SIGTERM");
  }
});

test("a room that is over with what is done to it is called by its name", async (t) => {
  const server = await start(t, []);
  const ann = await LineClient.enter(server.port, "Ann");
  ann.send("/join #garden", "/set invited on", "/kick Ann enough");
  await ann.until("You are not in #garden any more");
  await server.until(/#garden Ann removed Ann: enough\n/);
  ann.close();
});

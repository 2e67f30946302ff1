import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { LineClient } from "./support/line-client.ts";
import { roomful } from "./support/roomful-command.ts";
import { runServer } from "./support/running-server.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { WebSocketClient } from "./support/websocket-client.ts";

test("wrong settings are refused with a sentence that names the option, the value and what is wanted", async (t) => {
  const data = join(temporaryFolder(t), "data");
  const cases: readonly (readonly [readonly string[], Record<string, string>, string])[] = [
    [["--port", "70000"], {}, 'Cannot read --port: "70000" is not a port (0 to 65535)'],
    [[], { ROOMFUL_PORT: "x" }, 'Cannot read ROOMFUL_PORT: "x" is not a port (0 to 65535)'],
    [
      ["--flood-limit", "fast"],
      {},
      'Cannot read --flood-limit: "fast" is not "off" or two numbers like 20/5 (1 to 100000 each)',
    ],
    [["--colour"], {}, "Cannot read the command line: Unknown option '--colour'. --help lists the options"],
    [
      ["--prompt-after", "-1"],
      {},
      "Cannot read the command line: Option '--prompt-after' argument is ambiguous. --help lists the options",
    ],
    [["now"], {}, 'Cannot read the command line: "now" is no option. --help lists the options'],
  ];
  for (const [args, env, sentence] of cases) {
    const result = await roomful(["serve", "--data", data, ...args], { env });
    assert.deepEqual(result, { code: 2, stdout: "", stderr: `roomful: ${sentence}\n` });
  }
});

test("a port or a data folder in use stops the start with a sentence", async (t) => {
  const { port, dataFolder } = await runServer(t);
  const other = join(temporaryFolder(t), "data");
  const busyPort = await roomful(["serve", "--host", "127.0.0.1", "--port", String(port), "--data", other]);
  assert.equal(busyPort.code, 1);
  assert.equal(
    busyPort.stderr,
    `roomful: Cannot listen on --port: ${port} is in use by another program; choose another, or end that one\n`,
  );
  const busyFolder = await roomful(["serve", "--host", "127.0.0.1", "--port", "0", "--data", dataFolder]);
  assert.equal(busyFolder.code, 1);
  assert.match(busyFolder.stderr, /^roomful: Cannot use --data: ".*" is in use by another server\n$/);
});

test("help lists every option and version is the package's", async () => {
  const help = await roomful(["serve", "--help"]);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /--address-limit COUNT\|off .*\[256\]/);
  const version = await roomful(["--version"]);
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
  const unknown = await roomful(["dance"]);
  assert.deepEqual(unknown, {
    code: 2,
    stdout: "",
    stderr:
      'roomful: Cannot run "dance": it is no command (serve, config, doctor, join, export, backup, restore, compact, retention)\n',
  });
});

test("export beside a running server prints the room in order, and private messages only when asked", async (t) => {
  const { port, dataFolder } = await runServer(t);
  const alice = await LineClient.enter(port, "Alice");
  const { client: bob } = await WebSocketClient.enter(port, { name: "Bob" });
  alice.send("one", "/me counts", "/pm Bob secret");
  await alice.until("[PM to Bob] secret");
  bob.send({ type: "send", counter: 1, to: "#lobby", kind: "text", text: "three" });
  await bob.next("ack");
  const exported = await roomful(["export", "--data", dataFolder]);
  assert.equal(exported.code, 0);
  const events = exported.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    events.map((event) => [event["stream"], event["number"], event["kind"], event["text"]]),
    [
      ["#lobby", 1, "text", "one"],
      ["#lobby", 2, "action", "counts"],
      ["#lobby", 3, "text", "three"],
    ],
  );
  assert.match(exported.stderr, /Exported 3 messages of 1 streams/);
  const all = await roomful(["export", "--data", dataFolder, "--private", "--format", "text"]);
  assert.match(
    all.stdout,
    /^#lobby #1 \S+ Alice: one\n#lobby #2 \S+ \* Alice counts\n#lobby #3 \S+ Bob: three\ndm:\S+ #1 \S+ Alice -> Bob: secret\n$/,
  );
});

test("export calls rooms by their names, says what happened to them, and prints one alone", async (t) => {
  const { port, dataFolder } = await runServer(t);
  const alice = await LineClient.enter(port, "Alice");
  const bob = await LineClient.enter(port, "Bob");
  alice.send("In the lobby", "/join #garden", "/topic Roses", "In the garden", "/set moderated on");
  await alice.until("made the room moderated");
  bob.send("/join #garden");
  await alice.until("Bob has joined #garden");
  alice.send("/kick Bob Too loud", "/rename #Orchard", "/join #closed", "/set hidden on", "Gone", "/leave");
  await alice.until("You left #closed");
  const text = await roomful(["export", "--data", dataFolder, "--format", "text"]);
  const lines = text.stdout.replaceAll(/\d{4}-\S+Z/g, "T").replaceAll(/room:\w+/g, "room:ID");
  const orchard = [
    "#Orchard #1 T * Alice set the topic: Roses",
    "#Orchard #2 T Alice: In the garden",
    "#Orchard #3 T * Alice made the room moderated",
    "#Orchard #4 T * Alice removed Bob: Too loud",
    "#Orchard #5 T * Alice renamed the room to #Orchard",
  ];
  assert.deepEqual(
    lines.trim().split("\n").toSorted(),
    [
      "#lobby #1 T Alice: In the lobby",
      ...orchard,
      "room:ID #1 T * Alice hid the room",
      "room:ID #2 T Alice: Gone",
    ].toSorted(),
  );
  for (const name of ["#Orchard", "orchard"]) {
    const one = await roomful(["export", "--data", dataFolder, "--format", "text", "--room", name]);
    assert.deepEqual(
      one.stdout
        .replaceAll(/\d{4}-\S+Z/g, "T")
        .trim()
        .split("\n"),
      orchard,
      name,
    );
  }
  const closed = /^(room:\w+) /m.exec(text.stdout)?.[1] ?? "";
  const json = await roomful(["export", "--data", dataFolder, "--room", closed]);
  const events = json.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    events.map(({ stream, room, kind, text: said }) => [stream, room, kind, said]),
    [
      [closed, closed, "mode", "+s"],
      [closed, closed, "text", "Gone"],
    ],
  );
  assert.deepEqual(await roomful(["export", "--data", dataFolder, "--room", "garden"]), {
    code: 2,
    stdout: "",
    stderr: 'roomful: Cannot export "garden": nothing was said in a room of this name\n',
  });
  const dry = await roomful(["retention", "--keep-messages", "2", "--data", dataFolder]);
  assert.match(dry.stdout, /^#Orchard: 3 of 5 messages, up to #3 of /m);
});

test("the client sends the lines of a pipe, waits until they are stored, and ends", async (t) => {
  const { port } = await runServer(t);
  const bob = await LineClient.enter(port, "Bob");
  const result = await roomful(["join", `build@127.0.0.1:${port}`], { input: "one\ntwo\n" });
  assert.equal(result.code, 0);
  assert.doesNotMatch(result.stdout + result.stderr, /\u001b/);
  await bob.until(/build: one\n.*build: two\n/);
  const refused = await roomful(["join", "build@127.0.0.1:1"], { input: "" });
  assert.equal(refused.code, 1);
  assert.doesNotMatch(refused.stdout + refused.stderr, /\n\s+at /);
});

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "smol-toml";
import { environmentName } from "../src/cli/options.ts";
import { serveOptions } from "../src/cli/serve-options.ts";
import { LineClient } from "./support/line-client.ts";
import { type CommandResult, roomful } from "./support/roomful-command.ts";
import { ServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

/** A folder with a config file in it, for a user who has nothing else. */
function withFile(context: TestContext, text: string) {
  const folder = temporaryFolder(context);
  const file = join(folder, "mine.toml");
  writeFileSync(file, text);
  const env = { HOME: folder, XDG_CONFIG_HOME: "", XDG_DATA_HOME: "" };
  const config = (args: readonly string[] = [], more: Record<string, string> = {}): Promise<CommandResult> =>
    roomful(["config", ...args], { env: { ...env, ...more } });
  return { folder, file, env, config };
}

/** Every option, each in the form in which a file has it, and none as it is by default. */
const everything = `
host = "127.0.0.1"
port = 0
data = "DATA"
workers = 2
max-line = 512
flood-limit = "9/3"
address-limit = "off"
server-name = "chat.example.org"
network-name = "Example"
casemapping = "rfc1459"
password = "sesame"
motd = ${JSON.stringify(fileURLToPath(new URL("../package.json", import.meta.url)))}
multiline-bytes = 5000
multiline-lines = 50
admin = "ann@example.org"
oper = "boss:sesame"
clear-passwords = "always"
linger = 5
sts = "30"
register-before-connect = "on"
register-email = "required"
min-password = 8
password-checks = 1
password-queue = 0
guess-limit = "3/60"
address-guess-limit = "off"
prompt-after = 3
detection-timeout = 0.5
login-timeout = 7
stall-timeout = 8
drain-timeout = 9
heartbeat = 10
max-backlog = 4096
max-rooms = 5
max-rooms-each = 6
max-waiting = 7
max-ignored = 7
max-monitored = 7
metadata-keys = 8
metadata-value = 9
metadata-subs = 10
metadata-rate = "11/2"
keep-empty-rooms = 3
join-history = 0
max-page = 50
search-hits = 5
search-rows = 1000
search-time = 2
search-waiting = 3
memory-history = 100
pause-above = 11
refuse-above = 12
store-busy-timeout = 0
keep-messages = 1000
keep-for = 30
disk-warn = "off"
disk-stop = "1MiB"
allow-host = ["chat", "example.org"]
tls = "required"
tls-cert = "cert.pem"
tls-key = "key.pem"
acme = []
acme-email = "ann@example.org"
acme-directory = "https://ca.example/directory"
acme-challenge = "tls-alpn-01"
proxy-from = ["10.0.0.0/8"]
monitor-from = ["10.0.0.0/8"]
console-private = "hide"
log = "json"
`;

test("a server runs with what a config file says", async (t) => {
  const { folder, file } = withFile(t, `max-line = 64 # the shortest\nlog = "text"\n`);
  const args = ["--config", file];
  const server = await ServerProcess.start(t, { dataFolder: join(folder, "data"), args });
  const alice = await LineClient.enter(server.port, "Alice");
  alice.send("x".repeat(65));
  await alice.until("64 bytes");
});

test("each option can stand in the file, and what config prints is a file that says the same", async (t) => {
  const { file, config, folder } = withFile(t, everything);
  const written = parse(everything);
  assert.deepEqual(Object.keys(written).sort(), Object.keys(serveOptions).sort());
  const { code, stdout } = await config(["--config", file]);
  assert.equal(code, 0);
  assert.deepEqual(parse(stdout), written);
  for (const [index, line] of everything.split("\n").entries()) {
    if (line !== "")
      assert.match(stdout, new RegExp(`^${line.split(" ")[0]} = .* # file, line ${index + 1}$`, "m"));
  }
  const copy = join(folder, "copy.toml");
  writeFileSync(copy, stdout);
  assert.deepEqual(parse((await config(["--config", copy])).stdout), written);
});

test("config says for each value whether it is from the command line, the environment, the file or the default", async (t) => {
  const { file, config, folder } = withFile(t, "port = 1\nmax-page = 2\njoin-history = 3\n");
  const environment = { ROOMFUL_PORT: "4", ROOMFUL_MAX_PAGE: "5", ROOMFUL_CONFIG: file };
  const { stdout, stderr } = await config(["--port", "6"], environment);
  assert.equal(stderr, "");
  const lines = stdout.split("\n").map((line) => line.replaceAll(/ {2,}/g, "  "));
  assert.equal(lines[0], `# file: ${JSON.stringify(file)}`);
  for (const line of [
    "port = 6  # command line",
    "max-page = 5  # environment ROOMFUL_MAX_PAGE",
    "join-history = 3  # file, line 3",
    "max-line = 2048  # default",
    "allow-host = []  # default",
    "# host is not set  # default",
    `data = ${JSON.stringify(join(folder, ".local/share/roomful"))}  # default`,
  ]) {
    assert.ok(lines.includes(line), `${line} is not in ${stdout}`);
  }
});

test("the file in the user's config folder is read unasked, and may be missing", async (t) => {
  const { folder, config } = withFile(t, "");
  const own = join(folder, ".config", "roomful");
  const without = await config();
  assert.equal(
    without.stdout.split("\n")[0],
    `# file: ${JSON.stringify(join(own, "config.toml"))}, which does not exist`,
  );
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, "config.toml"), "port = 7\n");
  assert.match((await config()).stdout, /^port = 7 .*# file, line 1$/m);
  const xdg = join(folder, "xdg");
  mkdirSync(join(xdg, "roomful"), { recursive: true });
  writeFileSync(join(xdg, "roomful", "config.toml"), "port = 8\n");
  assert.match((await config([], { XDG_CONFIG_HOME: xdg })).stdout, /^port = 8 .*# file, line 1$/m);
});

test("what a file cannot say is refused with its place, its value and what is wanted", async (t) => {
  const cases: readonly (readonly [string, string])[] = [
    ["\nport = 70000", "Cannot read port in FILE, line 2: 70000 is not a port (0 to 65535)"],
    [
      'port = "80"',
      'Cannot read port in FILE, line 1: "80" is not a port (0 to 65535); a number is written without quotes',
    ],
    ["max-page = true", "Cannot read max-page in FILE, line 1: true is not a number of messages (1 to 5000)"],
    ["host = 127", "Cannot read host in FILE, line 1: 127 is not an address; it is written in quotes"],
    [
      'flood-limit = "fast"',
      'Cannot read flood-limit in FILE, line 1: "fast" is not "off" or two numbers like 20/5 (1 to 100000 each)',
    ],
    [
      'allow-host = "a"',
      'Cannot read allow-host in FILE, line 1: "a" is not a list of names; it is written like ["one", "two"]',
    ],
    ['allow-host = ["a,b"]', 'Cannot read allow-host in FILE, line 1: ["a,b"] is not a list of names'],
    [
      "login-timeout = 1979-05-27",
      "Cannot read login-timeout in FILE, line 1: 1979-05-27 is not a number of seconds (0.1 to 86400)",
    ],
    ["# x\nmax_line = 99", 'Cannot read FILE, line 2: "max_line" is no option; did you mean max-line?'],
    ["hartbeat = 9", 'Cannot read FILE, line 1: "hartbeat" is no option; did you mean heartbeat?'],
    ["colour = 1", 'Cannot read FILE, line 1: "colour" is no option; roomful serve --help lists the options'],
    [
      "[server]\nport = 1",
      'Cannot read FILE, line 1: "server" is no option; roomful serve --help lists the options',
    ],
    ["[port]\nx = 1", "Cannot read port in FILE, line 1: a table is not a port (0 to 65535)"],
    [
      "constructor = 1",
      'Cannot read FILE, line 1: "constructor" is no option; roomful serve --help lists the options',
    ],
  ];
  for (const [text, sentence] of cases) {
    const { file, config } = withFile(t, text);
    const expected = `roomful: ${sentence.replace("FILE", JSON.stringify(file))}\n`;
    assert.deepEqual(await config(["--config", file]), { code: 2, stdout: "", stderr: expected });
  }
});

test("a file that is no TOML, or that was named and is not there, stops the start", async (t) => {
  const { file, env, folder } = withFile(t, 'port = 1\nlog = "text\n');
  const serve = (more: Record<string, string>) => roomful(["serve"], { env: { ...env, ...more } });
  const broken = await serve({ ROOMFUL_CONFIG: file });
  assert.equal(broken.code, 2);
  assert.match(
    broken.stderr,
    /^roomful: Cannot read the config file ".*mine\.toml", line 2, column \d+: .+\n$/,
  );
  const missing = join(folder, "missing.toml");
  assert.deepEqual(await serve({ ROOMFUL_CONFIG: missing }), {
    code: 2,
    stdout: "",
    stderr: `roomful: Cannot read the config file ${JSON.stringify(missing)}: it does not exist\n`,
  });
  writeFileSync(file, Buffer.from([0x23, 0xff]));
  assert.match((await serve({ ROOMFUL_CONFIG: file })).stderr, /: it is not text in UTF-8\n$/);
  assert.match((await serve({ ROOMFUL_CONFIG: folder })).stderr, /: it is a folder\n$/);
});

test("a value in the file is read as it is in the environment", async (t) => {
  const { file, config } = withFile(t, everything);
  const fromFile = parse((await config(["--config", file])).stdout);
  const environment = Object.fromEntries(
    Object.entries(fromFile).map(([name, value]) => {
      return [environmentName(name), [value as string | number | string[]].flat().join(",")];
    }),
  );
  assert.deepEqual(parse((await config([], environment)).stdout), fromFile);
});

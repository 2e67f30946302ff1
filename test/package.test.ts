import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import test, { type TestContext } from "node:test";
import { LineClient } from "./support/line-client.ts";
import { measure } from "./support/metrics.ts";
import { repository, ServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { WebSocketClient } from "./support/websocket-client.ts";

const path = [dirname(process.execPath), process.env["PATH"]].join(delimiter);

/** Runs a program to its end; fails where it does. */
function run(
  [file = "", ...args]: readonly string[],
  where: { readonly folder: string; readonly home: string },
): string {
  const env = { PATH: path, HOME: where.home };
  const { status, stdout, stderr } = spawnSync(file, args, { cwd: where.folder, env, encoding: "utf8" });
  assert.equal(status, 0, `${file} ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout;
}

/** Packs the project and installs it in an empty folder, with no network and nothing in npm's cache. */
function install(t: TestContext): string {
  const folder = temporaryFolder(t);
  const [home, elsewhere] = [join(folder, "home"), join(folder, "elsewhere")];
  for (const made of [home, elsewhere]) mkdirSync(made);
  const output = run(["npm", "pack", "--silent", "--pack-destination", home], { folder: repository, home });
  const tarball = output.trim().split("\n").at(-1) ?? "";
  run(["npm", "install", "--offline", "--no-audit", "--no-fund", join(home, tarball)], {
    folder: elsewhere,
    home,
  });
  return elsewhere;
}

test("the package runs where it is installed: compiled, with what it needs and nothing else", async (t) => {
  const folder = install(t);
  const home = temporaryFolder(t);
  const program = join(folder, "node_modules/.bin/roomful");

  await t.test("it brings neither a Node nor what the tests need", () => {
    const packages = readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."));
    assert.deepEqual(packages, ["roomful"]);
    const installed = join(folder, "node_modules/roomful");
    const lock = JSON.parse(readFileSync(join(repository, "package-lock.json"), "utf8")) as {
      readonly packages: Readonly<Record<string, { readonly inBundle?: boolean }>>;
    };
    const bundled = Object.entries(lock.packages).flatMap(([place, { inBundle }]) =>
      inBundle === true ? [place.replace("node_modules/", "")] : [],
    );
    const files = readdirSync(installed, { recursive: true, encoding: "utf8" });
    // Packages of packages stand in theirs, and those of a scope in its folder.
    const brought = files.flatMap((file) => {
      const [, place] =
        /^node_modules\/((?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/@]+)\/package\.json$/.exec(file) ?? [];
      return place === undefined ? [] : [place];
    });
    assert.deepEqual(brought.sort(), bundled.sort());
    assert.ok(!bundled.some((name) => name.startsWith("node-")));
    assert.ok(files.includes("dist/cli.js"));
    assert.deepEqual(
      files
        .filter((name) => !name.startsWith("node_modules/"))
        .filter((name) => /(?<!\.d)\.ts$/.test(name) || name.includes(".test.")),
      [],
    );
    const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as Record<
      string,
      unknown
    >;
    for (const field of ["optionalDependencies", "os", "cpu"])
      assert.equal(manifest[field], undefined, field);
  });

  for (const workers of [1, 3]) {
    await t.test(`people chat over it, with ${workers} for --workers`, async (context) => {
      const data = join(temporaryFolder(context), "data");
      const options = ["--host", "127.0.0.1", "--port", "0", "--data", data, "--workers", String(workers)];
      const server = await ServerProcess.start(context, {
        dataFolder: data,
        command: ["env", `PATH=${path}`, program, "serve", "--prompt-after", "60", ...options],
      });
      const page = await fetch(`http://127.0.0.1:${server.port}/`, { headers: { accept: "text/html" } });
      assert.match(await page.text(), /<script type="module"[^>]* src="\/assets\/[^"]+\.js"/);
      const ann = await LineClient.enter(server.port, "Ann");
      const { client: bob } = await WebSocketClient.enter(server.port, { name: "Bob" });
      ann.send("hello from elsewhere");
      const { event } = await bob.next("event");
      assert.equal(event.text, "hello from elsewhere");
      bob.send({ type: "send", counter: 1, to: "#lobby", kind: "text", text: "hello back" });
      await ann.until("Bob: hello back");
      const { values } = await measure(server.port);
      assert.equal(values.get('roomful_messages_total{door="line",kind="text"}'), 1);
      assert.deepEqual(await server.end("SIGTERM"), { code: 0, signal: null });
      assert.equal(server.errors, "");
      const exported = run([program, "export", "--data", data, "--format", "text"], { folder, home });
      assert.match(exported, /Ann: hello from elsewhere\n.*Bob: hello back\n$/);
    });
  }

  await t.test("it says its version and its options", () => {
    assert.match(run([program, "--version"], { folder, home }), /^\d+\.\d+\.\d+\n$/);
    assert.match(run([program, "serve", "--help"], { folder, home }), /--monitor-from/);
  });

  await t.test("an old Node says one sentence", () => {
    const old = join(home, "old.cjs");
    writeFileSync(
      old,
      `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "22.21.0" } });`,
    );
    const args = ["--require", old, program, "serve"];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    assert.deepEqual([status, stdout], [1, ""]);
    assert.equal(
      stderr,
      "roomful: Cannot run on Node 22.21.0: Node 24.16 or newer, or 26.1 or newer, is needed\n",
    );
  });
});

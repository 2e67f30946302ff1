import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { runServer } from "./support/running-server.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const page = `<!doctype html><title>Roomful</title>${"<p>words</p>".repeat(100)}`;
const script = `console.log("${"hello ".repeat(1000)}");`;
const icon = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
const accept = "text/html,application/xhtml+xml";

/** A server with a web client of four files. */
async function serve(t: TestContext): Promise<number> {
  const webFolder = temporaryFolder(t);
  mkdirSync(join(webFolder, "assets"));
  writeFileSync(join(webFolder, "index.html"), page);
  writeFileSync(join(webFolder, "assets", "main-D3adB33f.js"), script);
  writeFileSync(join(webFolder, "icon.png"), icon);
  writeFileSync(join(webFolder, "manifest.webmanifest"), "{}");
  return (await runServer(t, { settings: { webFolder } })).port;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

function get(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    asked.on("error", reject);
    asked.end();
  });
}

test("a browser is shown the page, and anything else is told how to come in", async (t) => {
  const port = await serve(t);
  const shown = await get(port, "/", { accept });
  assert.equal(shown.status, 200);
  assert.equal(shown.headers["content-type"], "text/html; charset=utf-8");
  assert.equal(shown.body.toString(), page);
  const told = await get(port, "/", { accept: "*/*" });
  assert.match(told.body.toString(), new RegExp(`browser +http://127\\.0\\.0\\.1:${port}/\n +netcat`));
});

test("the page runs nothing but its own script, and talks to nobody but its server", async (t) => {
  const port = await serve(t);
  const { headers } = await get(port, "/", { accept });
  const policy = String(headers["content-security-policy"]);
  assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'self';/);
  assert.match(
    policy,
    new RegExp(`connect-src 'self' ws://127\\.0\\.0\\.1:${port} wss://127\\.0\\.0\\.1:${port};`),
  );
  assert.doesNotMatch(policy, /unsafe|\*/);
  assert.equal(headers["x-content-type-options"], "nosniff");
  assert.equal(headers["referrer-policy"], "no-referrer");
});

test("files are compressed as is asked, and kept by their names or asked for again", async (t) => {
  const port = await serve(t);
  const path = "/assets/main-D3adB33f.js";
  const unpack = { br: brotliDecompressSync, gzip: gunzipSync } as const;
  for (const [asked, encoding] of [
    ["gzip, deflate, br, zstd", "br"],
    ["gzip, br;q=0", "gzip"],
  ] as const) {
    const { headers, body } = await get(port, path, { "accept-encoding": asked });
    assert.equal(headers["content-encoding"], encoding);
    assert.equal(headers["content-type"], "text/javascript; charset=utf-8");
    assert.equal(headers["cache-control"], "public, max-age=31536000, immutable");
    assert.equal(Number(headers["content-length"]), body.length);
    assert.ok(body.length < script.length / 10);
    assert.equal(unpack[encoding](body).toString(), script);
  }
  const plain = await get(port, path);
  assert.equal(plain.headers["content-encoding"], undefined);
  assert.equal(plain.body.toString(), script);
  const image = await get(port, "/icon.png", { "accept-encoding": "br" });
  assert.equal(image.headers["content-encoding"], undefined);
  assert.deepEqual(image.body, icon);
  const first = await get(port, "/", { accept, "accept-encoding": "br" });
  assert.equal(first.headers["cache-control"], "no-cache");
  const again = await get(port, "/", { accept, "if-none-match": String(first.headers.etag) });
  assert.equal(again.status, 304);
  assert.equal(again.body.length, 0);
  assert.equal((await get(port, "/", { accept, "if-none-match": '"another"' })).status, 200);
});

test("HEAD has the headers of GET, and no body", async (t) => {
  const port = await serve(t);
  const got = await get(port, "/", { accept });
  const { status, headers, body } = await get(port, "/", { accept }, "HEAD");
  assert.equal(status, 200);
  assert.equal(body.length, 0);
  for (const name of ["content-type", "content-length", "etag", "content-security-policy"]) {
    assert.equal(headers[name], got.headers[name], name);
  }
});

test("what is no file of the page is not found, wherever it points", async (t) => {
  const port = await serve(t);
  const paths = [
    "/index.html",
    "/assets/",
    "/assets/other.js",
    "/../package.json",
    "/%2e%2e/package.json",
    "/__proto__",
  ];
  for (const path of paths) assert.equal((await get(port, path, { accept })).status, 404, path);
});

test("where the page was not built a browser is told how to come in", async (t) => {
  const { port } = await runServer(t, { settings: { webFolder: join(temporaryFolder(t), "none") } });
  const { status, headers, body } = await get(port, "/", { accept });
  assert.equal(status, 200);
  assert.equal(headers["content-type"], "text/plain; charset=utf-8");
  assert.match(body.toString(), /npm run build:web/);
});

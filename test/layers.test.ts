import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import test from "node:test";

const root = resolve(import.meta.dirname, "..");

/** What each layer may import besides itself. `node` stands for Node's own modules, `npm` for packages. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  chat: [],
  protocols: ["chat"],
  storage: ["chat", "node"],
  server: ["chat", "protocols", "storage", "node", "npm"],
  client: ["chat", "protocols", "node", "npm"],
  web: ["chat", "protocols", "client", "npm"],
  cli: ["chat", "protocols", "storage", "server", "client", "node", "npm"],
  "cli.ts": ["cli", "node"],
};

interface Import {
  readonly from: string;
  readonly layer: string;
  readonly to: string;
}

function sources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".test.ts"))
    .map((name) => join(root, folder, name));
}

function layerOf(file: string): string {
  return relative(join(root, "src"), file).split("/")[0] ?? "";
}

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(file, "utf8");
  const specifiers = [...text.matchAll(/(?:from\s+|import\s+|import\(|new URL\()"([^"]+)"/g)].map(
    (match) => match[1] ?? "",
  );
  return specifiers
    .filter((specifier) => !specifier.endsWith(".json"))
    .map((specifier) => {
      const from = relative(root, file);
      if (specifier.startsWith("node:")) return { from, layer: layerOf(file), to: "node" };
      if (!specifier.startsWith(".")) return { from, layer: layerOf(file), to: "npm" };
      return { from, layer: layerOf(file), to: layerOf(resolve(file, "..", specifier)) };
    });
}

const all = sources("src").flatMap(importsOf);

test("imports point one way: each layer uses only those below it", () => {
  const wrong = all.filter(({ layer, to }) => to !== layer && mayImport[layer]?.includes(to) !== true);
  assert.deepEqual(wrong, []);
  assert.ok(all.length > 100, `only ${all.length} imports were found: the search is broken`);
});

test("the core uses no clock, no chance and nothing of Node", () => {
  const forbidden =
    /\b(?:Date\.now|new Date|performance|Math\.random|crypto|process|Buffer|setTimeout|setInterval|setImmediate)\b/;
  for (const file of sources("src/chat")) {
    const code = readFileSync(file, "utf8").replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    assert.doesNotMatch(code, forbidden, relative(root, file));
  }
});

test("only the entry file touches the environment, signals and the process's end", () => {
  for (const file of sources("src")) {
    if (file === join(root, "src", "cli.ts")) continue;
    const text = readFileSync(file, "utf8");
    assert.doesNotMatch(text, /process\.(?:env|exit|on\(|argv|stdin|stdout)/, relative(root, file));
  }
});

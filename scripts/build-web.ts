// `npm run build:web`: builds the web client, and changes in `web/` only what is another file than before, each at once.
// A server that starts meanwhile finds one build or the other whole.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { build } from "vite";

const root = join(import.meta.dirname, "..");
const target = join(root, "web");

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
}

function isSame(one: string, bytes: Buffer): boolean {
  try {
    return readFileSync(one).equals(bytes);
  } catch {
    return false;
  }
}

mkdirSync(target, { recursive: true });
const built = mkdtempSync(join(root, "web-"));
try {
  await build({ configFile: join(root, "vite.config.ts"), logLevel: "warn", build: { outDir: built } });
  const files = filesBelow(built);
  // The page comes last: what it names is there by then.
  const order = [...files].sort((one, other) => +(one === "index.html") - +(other === "index.html"));
  for (const file of order) {
    const bytes = readFileSync(join(built, file));
    const place = join(target, file);
    if (isSame(place, bytes)) continue;
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(`${place}.new`, bytes);
    renameSync(`${place}.new`, place);
  }
  for (const file of filesBelow(target)) if (!files.includes(file)) rmSync(join(target, file));
} finally {
  rmSync(built, { recursive: true });
}

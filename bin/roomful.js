#!/usr/bin/env node
// Old syntax on purpose: an old Node must get as far as the sentence below.
var version = process.versions.node.split(".").map(Number);
var isNewEnough =
  (version[0] === 24 && version[1] >= 16) || (version[0] === 26 && version[1] >= 1) || version[0] > 26;
if (!isNewEnough) {
  process.stderr.write(
    "roomful: Cannot run on Node " +
      process.versions.node +
      ": Node 24.16 or newer, or 26.1 or newer, is needed\n",
  );
  process.exit(1);
}
void Promise.all([import("node:fs"), import("node:module"), import("node:os"), import("node:path")]).then(
  function (modules) {
    var fs = modules[0];
    var path = modules[3];
    // What was compiled at one start need not be compiled at the next. In a folder of this user's own: what
    // others can write to, as they can below /tmp, would be run.
    var cache = process.env.XDG_CACHE_HOME || path.join(modules[2].homedir(), ".cache");
    var folder = path.join(cache, "roomful");
    modules[1].enableCompileCache(folder);
    // The threads start with the environment, and look for it there.
    process.env.NODE_COMPILE_CACHE = process.env.NODE_COMPILE_CACHE || folder;
    // The checked-out project runs its sources as they are; the package holds them compiled.
    var source = new URL("../src/cli.ts", import.meta.url);
    return import(fs.existsSync(source) ? source.href : new URL("../dist/cli.js", import.meta.url).href);
  },
);

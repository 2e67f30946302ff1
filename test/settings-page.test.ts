import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { settingsPage } from "../scripts/generate-settings.ts";

test("docs/settings.md says what the command line reads", () => {
  const page = readFileSync(join(import.meta.dirname, "..", "docs", "settings.md"), "utf8");
  assert.equal(page, settingsPage());
});

import assert from "node:assert/strict";
import test from "node:test";
import type { Page } from "playwright-core";
import { Stage } from "./browser.ts";

const maxScriptBytes = 40_000;

interface Fetched {
  readonly path: string;
  /** As it came over the network; 0 where it was kept. */
  readonly bytes: number;
}

test("what is fetched before anything is clicked is small, and kept for the next time", async (t) => {
  const stage = await Stage.set(t);
  const person = await stage.person();
  const first = await person.open();
  await first.enter("Alice");
  await first.say("hello");
  await first.sees("hello");
  const fetched = await scriptsAndStyles(first.page);
  const scripts = fetched.filter(({ path }) => path.endsWith(".js"));
  const bytes = scripts.reduce((sum, script) => sum + script.bytes, 0);
  assert.ok(bytes > 0 && bytes < maxScriptBytes, JSON.stringify(fetched));
  t.diagnostic(`${bytes} bytes of scripts`);
  for (const { path } of fetched) assert.match(path, /^\/assets\/[\w-]+-[\w-]{8}\.(?:js|css)$/);

  const second = await person.open();
  await second.box.waitFor();
  assert.deepEqual(
    await scriptsAndStyles(second.page),
    fetched.map(({ path }) => ({ path, bytes: 0 })),
  );
});

test("what is needed later is fetched then", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice");
  const before = await scriptsAndStyles(alice.page);
  await alice.press("Control+k");
  await alice.dialog.waitFor();
  assert.ok((await scriptsAndStyles(alice.page)).length > before.length);
});

function scriptsAndStyles(page: Page): Promise<readonly Fetched[]> {
  return page.evaluate(`performance.getEntriesByType("resource")
    .map(({ name, transferSize }) => ({ path: new URL(name).pathname, bytes: transferSize }))
    .filter(({ path }) => /\\.(?:js|css)$/.test(path))`);
}

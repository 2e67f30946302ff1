import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { databaseName } from "../../src/storage/data-folder.ts";
import { changeDatabase, fillFolder } from "../support/filled-folder.ts";
import { LineClient } from "../support/line-client.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { Stage } from "./browser.ts";
import type { ChatPage } from "./chat-page.ts";

const stored = 10_000;

test("one scrolls back through ten thousand messages to the first, and nothing jumps", async (t) => {
  const dataFolder = join(temporaryFolder(t), "data");
  await fillFolder(dataFolder, stored);
  // Of many heights.
  changeDatabase(
    join(dataFolder, databaseName),
    "UPDATE events SET text = substr(text, 1, 20 + (number * 37) % 220)",
  );
  const stage = await Stage.set(t, { dataFolder });
  const alice = await stage.visit();
  await alice.page.evaluate(`
    globalThis.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    }).observe({ type: "longtask" });`);
  await alice.enter("Alice");
  await alice.sees(`filled ${stored} `);
  let first = await firstNumber(alice);
  let pages = 0;
  while (first > 1) {
    const moved = await scrollUp(alice);
    assert.ok(moved <= 1, `At message ${first} a row jumped by ${moved} pixels`);
    const next = await firstNumber(alice);
    assert.ok(next < first, `Nothing comes before message ${first}`);
    first = next;
    pages += 1;
  }
  await alice.sees(/filled 1 /);
  t.diagnostic(`${pages} steps; the longest task took ${String(await alice.page.evaluate("longest"))} ms`);

  // All of it is there: to the end and back to the beginning without asking the server again.
  await alice.press("Escape");
  await alice.sees(`filled ${stored} `);
  const bob = await LineClient.enter(stage.port, "Bob");
  bob.send("still here");
  await alice.sees("still here");
  await alice.scrollToTop();
  await alice.sees(/filled 1 /);
});

test("a row that is in sight keeps its place when others come below it", async (t) => {
  const dataFolder = join(temporaryFolder(t), "data");
  await fillFolder(dataFolder, 300);
  const stage = await Stage.set(t, { dataFolder });
  const alice = await stage.enter("Alice");
  const bob = await LineClient.enter(stage.port, "Bob");
  await alice.sees("filled 300 ");
  for (let turn = 0; turn < 5; turn += 1) {
    assert.ok((await scrollUp(alice)) <= 1, "A row jumped");
  }
  const middle = alice.rows.filter({ hasText: "filled" }).nth(Math.floor((await alice.rows.count()) / 2));
  const [words = ""] = /filled \d+ /.exec((await middle.textContent()) ?? "") ?? [];
  const place = alice.row(words);
  const before = await place.boundingBox();
  bob.send(...Array.from({ length: 20 }, (_, index) => `Line ${index}`));
  await alice.page.getByRole("button", { name: "20 new", exact: true }).waitFor();
  assert.deepEqual(await place.boundingBox(), before);
});

/** The number of the first message that is on the page. */
async function firstNumber(page: ChatPage): Promise<number> {
  const text = await page.rows.filter({ hasText: "filled" }).first().textContent();
  return Number(/filled (\d+) /.exec(text ?? "")?.[1]);
}

/**
 * Scrolls up as far as there is something, and waits until older messages are there, or there are none. Resolves to
 * how far the row that was in sight then has moved meanwhile, in pixels: the most in any frame.
 */
async function scrollUp(page: ChatPage): Promise<number> {
  return page.list.evaluate(async (list): Promise<number> => {
    const window = list.ownerDocument.defaultView;
    const frame = () => new Promise((resolve) => window.requestAnimationFrame(resolve));
    list.scrollTop = 0;
    const edge: number = list.getBoundingClientRect().top;
    const atEdge = () =>
      [...list.querySelectorAll("article")].find((each) => {
        const { top, bottom } = each.getBoundingClientRect();
        return top <= edge + 1 && bottom > edge;
      });
    // What is in sight there is drawn when the page has heard of it.
    for (let frames = 0; frames < 600 && atEdge() === undefined; frames += 1) await frame();
    const row = atEdge();
    const place: number = row.getBoundingClientRect().top;
    let moved = 0;
    let quiet = 0;
    for (let frames = 0; frames < 600 && quiet < 3; frames += 1) {
      await frame();
      quiet = list.getAttribute("aria-busy") === "true" ? 0 : quiet + 1;
      moved = Math.max(moved, Math.abs(row.isConnected ? row.getBoundingClientRect().top - place : Infinity));
    }
    return moved;
  });
}

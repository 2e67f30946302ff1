import assert from "node:assert/strict";
import test from "node:test";
import axe, { type AxeResults } from "axe-core";
import { oneLiners } from "../hostile/texts.ts";
import { LineClient } from "../support/line-client.ts";
import { RoomTalker } from "../support/room-talker.ts";
import { Stage } from "./browser.ts";
import type { ChatPage } from "./chat-page.ts";
import { closeScene, comeIntoLivelyLobby, scenes, sizes } from "./scenes.ts";

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Nothing on the page is in anybody's way; what differs between light and dark are its colours alone. */
async function judge({ page }: ChatPage, where: string): Promise<void> {
  const found: string[] = [];
  for (const [colorScheme, runOnly] of [
    ["light", { type: "tag", values: tags }],
    ["dark", { type: "rule", values: ["color-contrast"] }],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations }: AxeResults = await page.evaluate(
      `axe.run({ runOnly: ${JSON.stringify(runOnly)}, resultTypes: ["violations"] })`,
    );
    for (const { id, nodes } of violations) {
      for (const { html, failureSummary } of nodes)
        found.push(`${colorScheme}: ${id}: ${html}\n${failureSummary}`);
    }
  }
  assert.deepEqual(found, [], where);
}

for (const viewport of sizes) {
  test(`nothing is in anybody's way on a page of ${viewport.width} pixels`, async (t) => {
    const stage = await Stage.set(t);
    const owner = await RoomTalker.enter(t, stage.port, { name: "Carol" });
    await owner.gets("signed-in", { type: "register", password: "correct horse" });
    const alice = await stage.visit({ viewport, hasTouch: viewport.width < 1000 });
    await alice.page.evaluate(axe.source);
    await t.test("name", () => judge(alice, "name"));
    await alice.nameBox.fill("Carol");
    await alice.press("Enter");
    await alice.passwordBox.waitFor();
    await t.test("password", () => judge(alice, "password"));
    await alice.page.getByRole("button", { name: "Another name" }).click();
    await comeIntoLivelyLobby(stage, alice);
    for (const [name, open] of Object.entries(scenes)) {
      await t.test(name, async () => {
        await open(alice);
        await judge(alice, name);
      });
      await closeScene(alice);
    }
  });
}

test("whatever somebody says, nothing is in anybody's way", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice");
  await alice.page.evaluate(axe.source);
  const bob = await LineClient.enter(stage.port, "Bob");
  for (const [index, text] of oneLiners.entries()) bob.send(`${index} ${text}`);
  bob.send("that is all");
  await alice.sees("that is all");
  await judge(alice, "among hostile texts");
});

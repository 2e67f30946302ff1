import assert from "node:assert/strict";
import test from "node:test";
import { LineClient } from "../support/line-client.ts";
import { Stage } from "./browser.ts";

test("commands are completed by keys and by a click", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice");
  await alice.type("/to");
  await alice.completions.filter({ hasText: "/topic" }).filter({ hasText: "what a room is about" }).waitFor();
  await alice.press("Tab");
  assert.equal(await alice.box.inputValue(), "/topic ");
  await alice.type("Roses");
  await alice.press("Enter");
  await alice.box.fill("");
  await alice.type("/re");
  await alice.completions.filter({ hasText: "/rename" }).click();
  assert.equal(await alice.box.inputValue(), "/rename ");
  await alice.hasFocus(alice.box);
  await alice.box.fill("");
  await alice.type("/re");
  await alice.completions.first().waitFor();
  await alice.press("ArrowDown");
  await alice.press("ArrowDown");
  const chosen = await alice.completions.and(alice.page.getByRole("option", { selected: true })).innerText();
  assert.equal(
    await alice.box.getAttribute("aria-activedescendant"),
    await alice.page.getByRole("option", { selected: true }).getAttribute("id"),
  );
  await alice.press("Enter");
  assert.ok(chosen.startsWith((await alice.box.inputValue()).trim()), chosen);
  await alice.box.fill("");
  await alice.type("/re");
  await alice.completions.first().waitFor();
  await alice.press("Escape");
  await alice.completions.first().waitFor({ state: "hidden" });
  assert.equal(await alice.box.inputValue(), "/re");
});

test("a whole command needs one Enter", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice");
  await alice.type("/rooms");
  await alice.press("Enter");
  await alice.sees("#lobby");
  await alice.type("/nosuch thing");
  await alice.press("Enter");
  await alice.sees("Unknown command: /nosuch");
});

test("emoji are found by their names and in the picker", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice");
  await alice.type("good :thumbsu");
  await alice.completions.filter({ hasText: "👍" }).first().waitFor();
  await alice.press("Tab");
  await alice.until(() => alice.box.inputValue(), "good 👍");
  await alice.page.getByRole("button", { name: "Emoji" }).click();
  await alice.hasFocus(alice.dialog.getByRole("searchbox", { name: "Search emoji" }));
  await alice.type("tada");
  await alice.dialog.getByRole("button", { name: "tada", exact: true }).click();
  await alice.until(() => alice.box.inputValue(), "good 👍🎉");
  await alice.hasFocus(alice.box);
  await alice.page.getByRole("button", { name: "Emoji" }).click();
  await alice.hasFocus(alice.dialog.getByRole("searchbox", { name: "Search emoji" }));
  await alice.press("Escape");
  await alice.hasFocus(alice.box);
  await alice.press("Enter");
  await alice.endsWith("Alice: good 👍🎉");
});

test("names are completed by Tab and after an @, rooms after a #", async (t) => {
  const stage = await Stage.set(t);
  await LineClient.enter(stage.port, "Robert");
  await LineClient.enter(stage.port, "Roberta");
  const alice = await stage.enter("Alice");
  await alice.type("rob");
  await alice.press("Tab");
  await alice.until(() => alice.completions.allTextContents(), ["Robert:", "Roberta:"]);
  await alice.press("ArrowDown");
  await alice.press("Enter");
  assert.equal(await alice.box.inputValue(), "Roberta: ");
  await alice.type("and @rob");
  await alice.until(() => alice.completions.allTextContents(), ["@Robert", "@Roberta"]);
  await alice.completions.first().click();
  assert.equal(await alice.box.inputValue(), "Roberta: and @Robert ");
  await alice.type("in #lo");
  await alice.press("Tab");
  assert.equal(await alice.box.inputValue(), "Roberta: and @Robert in #lobby ");
});

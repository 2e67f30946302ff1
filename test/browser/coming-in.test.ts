import assert from "node:assert/strict";
import test from "node:test";
import { LineClient } from "../support/line-client.ts";
import { Stage } from "./browser.ts";

test("there is one box for the name, and then one writes", async (t) => {
  const stage = await Stage.set(t);
  const page = await stage.visit();
  await page.nameBox.waitFor();
  await page.page.keyboard.type("Alice");
  await page.page.keyboard.press("Enter");
  await page.box.waitFor();
  const bob = await LineClient.enter(stage.port, "Bob");
  await page.page.keyboard.type("Hello, Bob");
  await page.page.keyboard.press("Enter");
  await bob.until("Alice: Hello, Bob");
  await page.shows("Hello, Bob");
  assert.equal(await page.page.title(), "#lobby · Roomful");
});

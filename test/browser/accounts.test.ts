import test from "node:test";
import { LineClient } from "../support/line-client.ts";
import { Stage } from "./browser.ts";

test("a name is kept with a password in the settings, and one comes in with it in another browser", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice");
  await alice.page.getByRole("button", { name: "Alice: settings" }).click();
  await alice.dialog.getByLabel("Keep this name for good").fill("correct horse");
  await alice.dialog.getByRole("button", { name: "Register" }).click();
  await alice.sees("The name Alice is yours from now on");
  await alice.page.reload();
  await alice.box.waitFor();

  const elsewhere = await stage.visit();
  await elsewhere.nameBox.fill("Alice");
  await elsewhere.press("Enter");
  await elsewhere.hasFocus(elsewhere.passwordBox);
  await elsewhere.type("correct horse");
  await elsewhere.press("Enter");
  await elsewhere.box.waitFor();
  await alice.say("from the first");
  await elsewhere.sees("from the first");
  await elsewhere.peopleAre("Alice");
});

test("one's name is changed in the settings", async (t) => {
  const stage = await Stage.set(t);
  const bob = await LineClient.enter(stage.port, "Bob");
  const alice = await stage.enter("Alice");
  await alice.page.getByRole("button", { name: "Alice: settings" }).click();
  await alice.dialog.getByRole("textbox", { name: "Your name" }).fill("Alicia");
  await alice.press("Enter");
  await bob.until("Alice is now called Alicia");
  await alice.sees("You are now called Alicia");
  await alice.peopleAre("Alicia", "Bob");
  await alice.page.reload();
  await alice.page.getByRole("button", { name: "Alicia: settings" }).waitFor();
});

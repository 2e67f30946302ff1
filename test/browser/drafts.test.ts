import test from "node:test";
import { Stage } from "./browser.ts";

test("what was begun in a room stays there, over a reload too", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice");
  await alice.say("/join #garden");
  await alice.sees("You made #garden");
  await alice.type("about the roses");
  await alice.goTo("#lobby");
  await alice.until(() => alice.box.inputValue(), "");
  await alice.type("good morn");
  await alice.goTo("#garden");
  await alice.until(() => alice.box.inputValue(), "about the roses");
  await alice.page.reload();
  await alice.goTo("#garden");
  await alice.until(() => alice.box.inputValue(), "about the roses");
  await alice.goTo("#lobby");
  await alice.until(() => alice.box.inputValue(), "good morn");
  await alice.hasFocus(alice.box);
  await alice.press("End");
  await alice.type("ing");
  await alice.press("Enter");
  await alice.endsWith("Alice: good morning");
  await alice.page.reload();
  await alice.sees("good morning");
  await alice.until(() => alice.box.inputValue(), "");
});

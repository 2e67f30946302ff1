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

test("what is typed at once after a change of room is said there", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice");
  await alice.say("/join #garden");
  await alice.sees("You made #garden");
  // The page is not drawn between the two lines, as on a slow machine, but before the second Enter.
  await alice.page.evaluate(`(async () => {
    const box = document.activeElement;
    const write = (line) => {
      box.value = line;
      box.dispatchEvent(new InputEvent("input", { bubbles: true }));
    };
    const send = () => box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    write("/room #lobby");
    send();
    write("hello, lobby");
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    send();
  })()`);
  await alice.page.getByRole("main", { name: "#lobby" }).waitFor();
  await alice.endsWith("Alice: hello, lobby");
  await alice.goTo("#garden");
  await alice.until(() => alice.box.inputValue(), "");
});

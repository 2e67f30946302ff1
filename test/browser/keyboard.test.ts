import assert from "node:assert/strict";
import test from "node:test";
import { LineClient } from "../support/line-client.ts";
import { Stage } from "./browser.ts";

test("rooms are gone through, found and left by keys", async (t) => {
  const stage = await Stage.set(t);
  const bob = await LineClient.enter(stage.port, "Bob");
  const alice = await stage.enter("Alice");
  const isIn = (name: string) => alice.page.getByRole("main", { name, exact: true }).waitFor();
  await alice.type("/join #garden");
  await alice.press("Enter");
  await alice.sees("You made #garden");
  await alice.press("Alt+ArrowUp");
  await isIn("#lobby");
  await alice.hasFocus(alice.box);
  await alice.press("Alt+ArrowDown");
  await isIn("#garden");
  bob.send("new in the lobby");
  await alice.places.filter({ hasText: "#lobby" }).getByText("1 new").waitFor();
  await alice.press("Alt+a");
  await isIn("#lobby");

  await alice.press("Control+k");
  await alice.hasFocus(alice.dialog.getByRole("combobox"));
  await alice.type("gar");
  await alice.dialog.getByRole("option", { name: "#garden" }).waitFor();
  await alice.press("Enter");
  await isIn("#garden");
  await alice.hasFocus(alice.box);
  await alice.press("Control+k");
  await alice.hasFocus(alice.dialog.getByRole("combobox"));
  await alice.type("bo");
  await alice.dialog.getByRole("option", { name: "Bob" }).waitFor();
  await alice.press("Enter");
  await isIn("Bob");
  await alice.hasFocus(alice.box);
});

test("messages are gone through and answered by keys", async (t) => {
  const stage = await Stage.set(t);
  const bob = await LineClient.enter(stage.port, "Bob");
  const alice = await stage.enter("Alice");
  bob.send("one", "two", "three");
  await alice.sees("three");
  await alice.press("ArrowUp");
  await alice.hasFocus(alice.row("three"));
  await alice.press("ArrowUp");
  await alice.hasFocus(alice.row("two"));
  await alice.press("ArrowUp");
  await alice.press("ArrowDown");
  await alice.press("r");
  await alice.hasFocus(alice.box);
  await alice.type("about two");
  await alice.press("Enter");
  const answer = alice.row("about two").getByRole("button", { name: "In answer to Bob" });
  assert.match((await answer.textContent()) ?? "", /two/);
  await alice.press("ArrowUp");
  await alice.press("Home");
  await alice.press("Escape");
  await alice.hasFocus(alice.box);
});

test("many messages are gone through by keys, those too that are not on the page", async (t) => {
  const stage = await Stage.set(t);
  const bob = await LineClient.enter(stage.port, "Bob");
  const alice = await stage.enter("Alice");
  bob.send(...Array.from({ length: 80 }, (_, index) => `Line ${index}.`));
  await alice.sees("Line 79.");
  await alice.press("ArrowUp");
  await alice.hasFocus(alice.row("Line 79."));
  for (let presses = 0; presses < 60; presses += 1) await alice.press("ArrowUp");
  await alice.hasFocus(alice.row("Line 19."));
  await alice.press("End");
  await alice.hasFocus(alice.row("Line 79."));
  await alice.press("Home");
  await alice.press("ArrowDown");
  await alice.press("Escape");
  await alice.press("Escape");
  await alice.until(() => alice.isAtEnd(), true);
});

test("a dialog has the keys while it is open, and gives the focus back", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice");
  const names = [
    "Join or make a room",
    "Alice: settings",
    "Search messages",
    "Search for a room or a person",
  ];
  for (const name of names) {
    const opener = alice.page.getByRole("button", { name });
    await opener.focus();
    await alice.press("Enter");
    await alice.dialog.waitFor();
    for (let presses = 0; presses < 25; presses += 1) await alice.press("Tab");
    assert.equal(await alice.page.locator("main :focus, nav :focus, aside :focus").count(), 0, name);
    await alice.press("Escape");
    await alice.dialog.waitFor({ state: "hidden" });
    await alice.hasFocus(opener);
  }
  await alice.box.focus();
  await alice.press("?");
  await alice.dialog.getByRole("heading", { name: "Keys and commands" }).waitFor();
  await alice.press("Escape");
  await alice.hasFocus(alice.box);
  assert.equal(await alice.box.inputValue(), "");
});

test("all of the page is reached by Tab", async (t) => {
  const stage = await Stage.set(t);
  const bob = await LineClient.enter(stage.port, "Bob");
  const alice = await stage.enter("Alice");
  bob.send("one", "two");
  await alice.sees("two");
  const reached = new Set<string>();
  for (let presses = 0; presses < 30; presses += 1) {
    await alice.press("Tab");
    const focused = alice.page.locator(":focus");
    if ((await focused.count()) > 0) reached.add((await focused.ariaSnapshot()).split("\n")[0] ?? "");
  }
  for (const wanted of [
    /textbox "Message to/,
    /button "Alice: settings"/,
    /button "Bob"/,
    /button "Emoji"/,
    /article/,
  ]) {
    assert.ok(
      [...reached].some((each) => wanted.test(each)),
      `${String(wanted)} in ${[...reached].join("\n")}`,
    );
  }
});

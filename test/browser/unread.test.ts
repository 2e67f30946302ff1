import assert from "node:assert/strict";
import test from "node:test";
import { LineClient } from "../support/line-client.ts";
import { Stage } from "./browser.ts";

test("what is said in another room is counted there and in the title, until it is looked at", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice");
  const bob = await LineClient.enter(stage.port, "Bob");
  await alice.say("/join #garden");
  await alice.sees("You made #garden");
  bob.send("one", "two", "Alice: three");
  const lobby = alice.places.filter({ hasText: "#lobby" });
  await lobby.getByText("3 new, and you are mentioned").waitFor();
  await alice.until(() => alice.page.title(), "(3) #garden · Roomful");
  await alice.goTo("#lobby");
  await alice.endsWith("Bob: one", "Bob: two", "Bob: Alice: three");
  await alice.row("one").getByText("New", { exact: true }).waitFor();
  await alice.until(() => alice.page.title(), "#lobby · Roomful");
  assert.equal(await lobby.innerText(), "#lobby");
});

test("what is said while nobody looks is counted and marked, once", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice");
  const bob = await LineClient.enter(stage.port, "Bob");
  await alice.sees("Bob joined");
  await alice.lookAway();
  bob.send("one", "two");
  await alice.until(() => alice.page.title(), "(2) #lobby · Roomful");
  await alice.lookBack();
  await alice.until(() => alice.page.title(), "#lobby · Roomful");
  await alice.row("one").getByText("New", { exact: true }).waitFor();
  await alice.lookAway();
  bob.send("three");
  await alice.until(() => alice.page.title(), "(1) #lobby · Roomful");
  await alice.row("three").getByText("New", { exact: true }).waitFor();
  assert.equal(await alice.list.getByText("New", { exact: true }).count(), 1);
});

test("who has scrolled back is told how much is new, and gets there by a click and by Escape", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice");
  const bob = await LineClient.enter(stage.port, "Bob");
  bob.send(...Array.from({ length: 100 }, (_, index) => `Line ${index}`));
  await alice.sees("Line 99");
  await alice.scrollToTop();
  await alice.sees("Line 0");
  bob.send("something new");
  await alice.page.getByRole("button", { name: "1 new", exact: true }).click();
  await alice.endsWith("Bob: something new");
  await alice.hasFocus(alice.box);
  await alice.press("PageUp");
  const button = alice.page.getByRole("button", { name: "To the newest" });
  await button.waitFor();
  await alice.press("Escape");
  await button.waitFor({ state: "hidden" });
  await alice.until(() => alice.isAtEnd(), true);
});

test("what came while one was away is marked and counted when the page is loaded again", async (t) => {
  const stage = await Stage.set(t);
  const person = await stage.person();
  const before = await person.open();
  await before.enter("Alice");
  const bob = await LineClient.enter(stage.port, "Bob");
  bob.send("seen");
  await before.sees("seen");
  await before.page.close();
  bob.send("not seen");
  await bob.settled();
  const again = await person.open();
  await again.row("not seen").getByText("New", { exact: true }).waitFor();
  assert.equal(
    await again
      .row(/(?<!not )seen/)
      .getByText("New", { exact: true })
      .count(),
    0,
  );
});

test("at the end one stays at the end, whatever comes and however the page is sized", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice");
  const bob = await LineClient.enter(stage.port, "Bob");
  bob.send(...Array.from({ length: 60 }, (_, index) => `Line ${index} ${"and so on ".repeat(index)}`));
  await alice.sees("Line 59");
  await alice.until(() => alice.isAtEnd(), true);
  await alice.page.setViewportSize({ width: 500, height: 600 });
  await alice.until(() => alice.isAtEnd(), true);
  await alice.page.setViewportSize({ width: 1300, height: 900 });
  bob.send("the last");
  await alice.sees("the last");
  await alice.until(() => alice.isAtEnd(), true);
});

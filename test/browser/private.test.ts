import test from "node:test";
import { LineClient } from "../support/line-client.ts";
import { Stage } from "./browser.ts";

test("private conversations are kept apart, counted, and found again after the page is loaded anew", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice");
  const bob = await LineClient.enter(stage.port, "Bob");
  const carol = await LineClient.enter(stage.port, "Carol");
  bob.send("/pm Alice hello from Bob", "/pm Alice and again");
  carol.send("/pm Alice hello from Carol");
  const counts = (name: string, count: number) =>
    alice.places.filter({ hasText: name }).getByText(`${count} new`).waitFor();
  await counts("Bob", 2);
  await counts("Carol", 1);
  await alice.until(() => alice.page.title(), "(3) #lobby · Roomful");
  await alice.row(/hello from/).waitFor({ state: "detached" });
  await alice.goTo("Bob");
  await alice.endsWith("Bob: hello from Bob", "Bob: and again");
  await alice.say("hello to Bob");
  await bob.until(/\[PM from Alice\][^\n]*hello to Bob/);
  await alice.until(() => alice.page.title(), "(1) Bob · Roomful");

  await alice.page.reload();
  await alice.goTo("Bob");
  await alice.endsWith("Bob: hello from Bob", "Bob: and again", "Alice: hello to Bob");
  await alice.goTo("Carol");
  await alice.endsWith("Carol: hello from Carol");
  carol.send("/quit");
  await carol.untilEnd();
  await alice.say("gone?");
  await alice.sees(/not (?:online|here)|Carol.*(?:away|gone|later)/);
});

test("a person of the room is written to privately by a click", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice");
  const bob = await stage.enter("Bob");
  await alice.people.getByRole("button", { name: "Bob" }).click();
  await alice.dialog.getByRole("button", { name: "Talk privately" }).click();
  await alice.page.getByRole("main", { name: "Bob", exact: true }).waitFor();
  await alice.hasFocus(alice.box);
  await alice.type("psst");
  await alice.press("Enter");
  await bob.goTo("Alice");
  await bob.endsWith("Alice: psst");
  await alice.places.filter({ hasText: "Bob" }).hover();
  await alice.page.getByRole("button", { name: "Close Bob" }).click();
  await alice.page.getByRole("main", { name: "#lobby" }).waitFor();
  await bob.say("are you there?");
  await alice.places.filter({ hasText: "Bob" }).getByText("1 new").waitFor();
});

import assert from "node:assert/strict";
import test from "node:test";
import { LineClient } from "../support/line-client.ts";
import { RoomTalker } from "../support/room-talker.ts";
import { Stage } from "./browser.ts";

test("there is one box for the name, and then one writes", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.visit();
  await alice.nameBox.waitFor();
  assert.equal(await alice.page.getByRole("textbox").count(), 1);
  await alice.type("Alice");
  await alice.press("Enter");
  await alice.box.waitFor();
  const bob = await LineClient.enter(stage.port, "Bob");
  await alice.type("Hello, Bob");
  await alice.press("Enter");
  await bob.until("Alice: Hello, Bob\n");
  await alice.sees("Hello, Bob");
  assert.equal(await alice.page.title(), "#lobby · Roomful");
});

test("a name that may not be is refused with the reason, and stays to be changed", async (t) => {
  const stage = await Stage.set(t);
  await LineClient.enter(stage.port, "Bob");
  const alice = await stage.visit();
  await alice.nameBox.fill("bob");
  await alice.press("Enter");
  await alice.problem.filter({ hasText: "already" }).waitFor();
  assert.equal(await alice.nameBox.inputValue(), "bob");
  await alice.hasFocus(alice.nameBox);
  await alice.type("Bobby");
  await alice.press("Enter");
  await alice.box.waitFor();
});

test("a name with a password is asked for it, and again where it is wrong", async (t) => {
  const stage = await Stage.set(t);
  const owner = await RoomTalker.enter(t, stage.port, { name: "Carol" });
  await owner.gets("signed-in", { type: "register", password: "correct horse" });
  owner.client.socket.terminate();
  const carol = await stage.visit();
  await carol.nameBox.fill("Carol");
  await carol.press("Enter");
  await carol.passwordBox.waitFor();
  await carol.type("wrong horse");
  await carol.press("Enter");
  await carol.problem.filter({ hasText: /\w/ }).waitFor();
  await carol.hasFocus(carol.passwordBox);
  await carol.type("correct horse");
  await carol.press("Enter");
  await carol.box.waitFor();
  await carol.peopleAre("Carol");
});

test("with another name than the one with a password one comes in without", async (t) => {
  const stage = await Stage.set(t);
  const owner = await RoomTalker.enter(t, stage.port, { name: "Carol" });
  await owner.gets("signed-in", { type: "register", password: "correct horse" });
  owner.client.socket.terminate();
  const carla = await stage.visit();
  await carla.nameBox.fill("Carol");
  await carla.press("Enter");
  await carla.passwordBox.waitFor();
  await carla.page.getByRole("button", { name: "Another name" }).click();
  await carla.enter("Carla");
});

test("who leaves is asked for a name again, and does not come in by loading the page", async (t) => {
  const stage = await Stage.set(t);
  const bob = await LineClient.enter(stage.port, "Bob");
  const alice = await stage.enter("Alice");
  await alice.say("/quit");
  await bob.until("Alice has left");
  await alice.nameBox.waitFor();
  await alice.page.reload();
  await alice.nameBox.waitFor();
  assert.equal(await alice.nameBox.inputValue(), "Alice");
});

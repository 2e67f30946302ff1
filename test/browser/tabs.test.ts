import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { LineClient } from "../support/line-client.ts";
import { TurnedClock } from "../support/turned-clock.ts";
import { Stage } from "./browser.ts";

const lingerMs = 20_000;

async function withTwoTabs(t: TestContext) {
  const clock = new TurnedClock(lingerMs);
  const stage = await Stage.set(t, { clock, settings: { lingerMs } });
  const bob = await LineClient.enter(stage.port, "Bob");
  const person = await stage.person();
  const one = await person.open();
  await one.enter("Alice");
  const two = await person.open();
  await two.box.waitFor();
  return { clock, bob, one, two };
}

test("two tabs are one person, and both show all, what is said in the other one too", async (t) => {
  const { bob, one, two } = await withTwoTabs(t);
  await one.say("from the first");
  await two.sees("from the first");
  await two.say("from the second");
  bob.send("from Bob");
  for (const tab of [one, two]) {
    await tab.endsWith("Alice: from the first", "Alice: from the second", "Bob: from Bob");
    await tab.peopleAre("Alice", "Bob");
  }
  await one.say("/pm Bob psst");
  await two.goTo("Bob");
  await two.endsWith("Alice: psst");
});

test("who closes one of two tabs has not left; who closes both has, after a while", async (t) => {
  const { clock, bob, one, two } = await withTwoTabs(t);
  await one.page.close();
  await clock.awaited();
  clock.turn();
  await two.say("still here");
  await bob.until("Alice: still here");
  assert.doesNotMatch(await bob.settled(), /Alice has left/);
  await two.page.close();
  await clock.awaited();
  assert.doesNotMatch(await bob.settled(), /Alice has left/);
  clock.turn();
  await bob.until("Alice has left");
});

test("who loads the page again has not left", async (t) => {
  const { clock, bob, one, two } = await withTwoTabs(t);
  await two.page.close();
  await clock.awaited();
  clock.turn();
  await one.page.reload();
  await one.box.waitFor();
  clock.turn();
  await one.say("still here");
  await bob.until("Alice: still here");
  assert.doesNotMatch(await bob.settled(), /Alice has (?:left|joined)[^]*Alice has/);
});

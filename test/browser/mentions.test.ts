import assert from "node:assert/strict";
import test from "node:test";
import { LineClient } from "../support/line-client.ts";
import { Stage } from "./browser.ts";
import type { ChatPage } from "./chat-page.ts";

/** Has the page keep what it would show above other windows, and whether it asked to be allowed to. */
const keepsNotifications = `
  globalThis.shown = [];
  globalThis.asked = 0;
  globalThis.Notification = class extends EventTarget {
    static get permission() { return globalThis.asked > 0 ? "granted" : "default"; }
    static requestPermission() { globalThis.asked += 1; return Promise.resolve("granted"); }
    constructor(title, { body }) { super(); globalThis.shown.push(title + ": " + body); }
    close() {}
  };`;

const asked = (page: ChatPage): Promise<number> => page.page.evaluate("globalThis.asked");
const shown = (page: ChatPage): Promise<readonly string[]> => page.page.evaluate("globalThis.shown");

test("who is named is shown so, and nobody is told otherwise", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice");
  const bob = await LineClient.enter(stage.port, "Bob");
  bob.send("ask alice about it", "the chalice is broken");
  await alice.sees("chalice");
  const colour = (text: string): Promise<string> =>
    alice
      .row(text)
      .evaluate((row): string => row.ownerDocument.defaultView.getComputedStyle(row).backgroundColor);
  assert.notEqual(await colour("ask alice"), await colour("chalice"));
});

test("notifications are asked for where they are switched on, and shown while nobody looks", async (t) => {
  const stage = await Stage.set(t);
  const person = await stage.person();
  await person.context.addInitScript({ content: keepsNotifications });
  const alice = await person.open();
  await alice.enter("Alice");
  const bob = await LineClient.enter(stage.port, "Bob");
  await alice.sees("Bob joined");
  await alice.lookAway();
  bob.send("Alice: one");
  await alice.sees("Alice: one");
  assert.deepEqual([await asked(alice), await shown(alice)], [0, []]);
  await alice.lookBack();

  await alice.page.getByRole("button", { name: "Alice: settings" }).click();
  await alice.dialog.getByRole("checkbox", { name: /Notify me/ }).click();
  await alice.until(() => alice.dialog.getByRole("checkbox", { name: /Notify me/ }).isChecked(), true);
  assert.equal(await asked(alice), 1);
  await alice.press("Escape");
  bob.send("Alice: two");
  await alice.sees("Alice: two");
  assert.deepEqual(await shown(alice), []);
  await alice.lookAway();
  bob.send("Alice: three", "nothing for anybody", "/pm Alice four");
  await alice.until(() => shown(alice), ["Bob: Alice: three", "Bob: four"]);
});

import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import type { Locator } from "playwright-core";
import { databaseName } from "../../src/storage/data-folder.ts";
import { IrcClient } from "../irc/client.ts";
import { changeDatabase, fillFolder } from "../support/filled-folder.ts";
import { LineClient } from "../support/line-client.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { Stage } from "./browser.ts";

const dayMs = 86_400_000;

test("what one says in a row stands under one name, and what is stored under its day", async (t) => {
  const dataFolder = join(temporaryFolder(t), "data");
  // At noon, so that no clock of a test's comes near the end of a day.
  const noon = new Date().setHours(12, 0, 0, 0);
  await fillFolder(dataFolder, 4, noon - dayMs);
  const old = new Date(2024, 1, 29, 12).getTime();
  changeDatabase(join(dataFolder, databaseName), `UPDATE events SET at = ${old} WHERE number <= 2`);
  const stage = await Stage.set(t, { dataFolder });
  const alice = await stage.enter("Alice");
  await alice.say("One", "Two");
  const bob = await LineClient.enter(stage.port, "Bob");
  bob.send("Three");
  await alice.sees("Three");
  const names = alice.rows.getByRole("button", { name: /^(?:Filler|Alice|Bob)$/ });
  await alice.until(() => names.allTextContents(), ["Filler", "Filler", "Alice", "Bob"]);
  const dividers = alice.list.getByText(/^(?:\w+day, .*|Today|Yesterday)$/);
  assert.deepEqual(await dividers.allTextContents(), ["Thursday, February 29, 2024", "Yesterday", "Today"]);
  assert.match((await alice.row("Three").getByRole("time").textContent()) ?? "", /^\d\d:\d\d$/);
});

test("a reply shows what it answers, and leads there", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice");
  const ira = await IrcClient.enter(stage.port, "Ira", "message-tags");
  await ira.ask("JOIN #lobby");
  ira.send("PRIVMSG #lobby :Shall we eat?");
  const question = alice.row("Shall we eat?");
  await question.hover();
  await question.getByRole("button", { name: "Reply to Ira" }).click();
  await alice.hasFocus(alice.box);
  await alice.type("At one");
  await alice.press("Enter");
  await alice.row("At one").getByRole("button", { name: "In answer to Ira" }).waitFor();
  const told = await ira.until(/PRIVMSG #lobby :At one$/);
  const [, id] = /\+(?:draft\/)?reply=([^; ]+)/.exec(told) ?? [];
  assert.ok(id, told);
  ira.send(`@+draft/reply=${id} PRIVMSG #lobby :At two`);
  const answer = alice.row("At two").getByRole("button", { name: "In answer to Ira" });
  assert.equal(await answer.textContent(), "In answer to Ira Shall we eat?");
  await alice.say(...Array.from({ length: 60 }, (_, index) => `Line ${index}`));
  await alice.sees("Line 59");
  await alice.scrollToTop();
  await answer.click();
  await alice.until(() => isInSight(alice.row(/^(?!.*In answer).*Shall we eat\?/)), true);
});

test("an answer that is begun is given up by Escape", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice");
  const ira = await IrcClient.enter(stage.port, "Ira", "message-tags");
  await ira.ask("JOIN #lobby");
  ira.send("PRIVMSG #lobby :Shall we eat?");
  await alice.row("Shall we eat?").getByRole("button", { name: "Reply to Ira" }).click();
  await alice.page.getByRole("button", { name: "Do not answer it" }).waitFor();
  await alice.press("Escape");
  await alice.page.getByRole("button", { name: "Do not answer it" }).waitFor({ state: "hidden" });
  await alice.type("By the way");
  await alice.press("Enter");
  const told = await ira.until(/PRIVMSG #lobby :By the way$/);
  assert.doesNotMatch(told, /reply/);
});

test("several lines are one message, shown line by line", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice");
  const bob = await stage.enter("Bob");
  await alice.type("Roses");
  await alice.press("Shift+Enter");
  await alice.type("  are red");
  await alice.press("Enter");
  for (const page of [alice, bob]) await page.endsWith("Alice: Roses\n  are red");
  assert.equal(await alice.box.inputValue(), "");
});

test("formatting of IRC's is shown, and not its codes", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice");
  const ira = await IrcClient.enter(stage.port, "Ira");
  await ira.ask("JOIN #lobby");
  ira.send(
    "PRIVMSG #lobby :\x02bold\x02 \x1ditalic\x1d \x1funder\x1f \x1estruck\x1e \x11mono\x11 \x0304,01red\x03 plain",
  );
  await alice.endsWith("Ira: bold italic under struck mono red plain");
  const styleOf = (word: string, property: string): Promise<string> =>
    alice.page
      .getByText(word, { exact: true })
      .evaluate(
        (element, name): string => element.ownerDocument.defaultView.getComputedStyle(element)[name],
        property,
      );
  assert.ok(Number(await styleOf("bold", "fontWeight")) >= 600);
  assert.equal(await styleOf("italic", "fontStyle"), "italic");
  assert.match(await styleOf("under", "textDecorationLine"), /underline/);
  assert.match(await styleOf("struck", "textDecorationLine"), /line-through/);
  assert.match(await styleOf("mono", "fontFamily"), /mono/i);
  assert.match(await styleOf("red", "color"), /^rgb\((2\d\d), \d{1,3}, \d{1,3}\)$/);
  assert.equal(await styleOf("red", "backgroundColor"), "rgb(0, 0, 0)");
});

test("addresses are links to another page, which is told nothing of this one", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice");
  const bob = await LineClient.enter(stage.port, "Bob");
  bob.send("See (https://example.org/a_(b)?c=d&e#f), javascript:alert(1) and http://[.");
  const row = alice.row("See (");
  await row.waitFor();
  const links = row.getByRole("link");
  assert.deepEqual(await links.allTextContents(), ["https://example.org/a_(b)?c=d&e#f"]);
  assert.equal(await links.getAttribute("href"), "https://example.org/a_(b)?c=d&e#f");
  assert.equal(await links.getAttribute("target"), "_blank");
  assert.match((await links.getAttribute("rel")) ?? "", /noopener noreferrer/);
});

test("a message that was taken back is shown no more, and its place is", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice");
  const ira = await IrcClient.enter(
    stage.port,
    "Ira",
    "message-tags",
    "echo-message",
    "draft/message-redaction",
  );
  await ira.ask("JOIN #lobby");
  ira.send("PRIVMSG #lobby :my secret", "PRIVMSG #lobby :and more");
  await alice.sees("my secret", "and more");
  const [, id] = /msgid=([^; ]+)/.exec(await ira.until(/PRIVMSG #lobby :my secret$/)) ?? [];
  ira.send(`REDACT #lobby ${id}`);
  await alice.row("my secret").waitFor({ state: "detached" });
  await alice.endsWith("Ira: a message of Ira was removed", "Ira: and more", "Ira: Ira removed a message");
});

test("a reaction is told of as at the other doors", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice");
  const ira = await IrcClient.enter(stage.port, "Ira", "message-tags");
  await ira.ask("JOIN #lobby");
  await alice.say("I baked a cake");
  const [, id] = /msgid=([^; ]+)/.exec(await ira.until(/PRIVMSG #lobby :I baked a cake$/)) ?? [];
  ira.send(`@+draft/react=🎂;+draft/reply=${id} TAGMSG #lobby`);
  await alice.sees("Ira reacted: 🎂");
});

/** Whether all of it is in sight. */
function isInSight(row: Locator): Promise<boolean> {
  return row.evaluate((element): boolean => {
    const { top, bottom } = element.getBoundingClientRect();
    const list = element.closest("[role=feed]").getBoundingClientRect();
    return top >= list.top && bottom <= list.bottom;
  });
}

import assert from "node:assert/strict";
import test from "node:test";
import axe from "axe-core";
import { IrcClient } from "../irc/client.ts";
import { LineClient } from "../support/line-client.ts";
import { Stage } from "./browser.ts";
import type { ChatPage } from "./chat-page.ts";

const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What breaks the rules on a page as it is now, each with where it stands. */
async function violations({ page }: ChatPage): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  // What moves is not looked at half-way.
  await page.evaluate("Promise.all(document.getAnimations().map((animation) => animation.finished))");
  return page.evaluate(
    `axe.run({ runOnly: { type: "tag", values: ${JSON.stringify(standards)} } }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ": " + html + failureSummary)))`,
  );
}

const widths = { phone: 390, tablet: 820, wide: 1440 } as const;

for (const colorScheme of ["light", "dark"] as const) {
  for (const [what, width] of Object.entries(widths)) {
    test(`everything can be read and reached, ${colorScheme}, as wide as a ${what}`, async (t) => {
      const stage = await Stage.set(t);
      const look = { colorScheme, viewport: { width, height: 800 } };
      const alice = await stage.visit(look);
      const isFine = async (where: string): Promise<void> => {
        assert.deepEqual(await violations(alice), [], where);
      };
      await isFine("where one's name is asked for");
      await alice.enter("Alice");
      const bob = await LineClient.enter(stage.port, "Bob");
      const ira = await IrcClient.enter(stage.port, "Ira", "message-tags");
      await ira.ask("JOIN #lobby");
      await alice.say("hello", "two\nlines", "/me waves", "/topic x");
      bob.send("Hi Alice, look at https://example.org/", "/me nods", "مرحبا", "/pm Alice psst");
      ira.send("PRIVMSG #lobby :\x02bold\x02 \x0304red\x03 \x0308,01yellow on black\x03");
      await alice.sees("Bob nods", "bold red", "must be an operator");
      await alice.row("Hi Alice").hover();
      await isFine("among messages");
      await alice.press("Control+k");
      await alice.dialog.waitFor();
      await isFine("where one goes elsewhere");
      await alice.press("Escape");
      await alice.press("Control+Shift+F");
      await alice.dialog.getByRole("searchbox").fill("hello");
      await alice.press("Enter");
      await alice.dialog.getByText("1 message").waitFor();
      await isFine("among what was found");
      await alice.press("Escape");
      await alice.box.press("?");
      await alice.dialog.waitFor();
      await isFine("in the help");
      await alice.press("Escape");
      await alice.row("Bob nods").getByRole("button", { name: "Bob", exact: true }).click();
      await alice.dialog.waitFor();
      await isFine("about a person");
      await alice.dialog.getByRole("button", { name: "Talk privately" }).click();
      await alice.sees("psst");
      await isFine("in private");
      await alice.box.pressSequentially("/");
      await alice.completions.first().waitFor();
      await isFine("with completions");
      await alice.press("Escape");
      await alice.box.fill("");
      await alice.page.getByRole("button", { name: "Emoji" }).click();
      await alice.page.getByRole("dialog", { name: "Emoji" }).getByRole("button").first().waitFor();
      await isFine("among emoji");
      await alice.press("Escape");
      if (width === widths.phone) {
        await alice.page.getByRole("button", { name: /^Rooms/ }).click();
        await isFine("in the drawer of rooms");
      }
      await alice.page.getByRole("button", { name: "Alice: settings" }).click();
      await alice.dialog.waitFor();
      await isFine("in the settings");
      await alice.press("Escape");
      if (width === widths.phone) await alice.page.getByRole("button", { name: /^Rooms/ }).click();
      await alice.page.getByRole("button", { name: "Join or make a room" }).click();
      await alice.dialog.waitFor();
      await isFine("where rooms are joined");
      await alice.press("Escape");
    });
  }
}

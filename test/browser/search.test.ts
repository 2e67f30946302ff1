import { join } from "node:path";
import test from "node:test";
import { fillFolder } from "../support/filled-folder.ts";
import { LineClient } from "../support/line-client.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { Stage } from "./browser.ts";

test("what is searched for is found wherever one may read, and shown in its place", async (t) => {
  const dataFolder = join(temporaryFolder(t), "data");
  await fillFolder(dataFolder, 600);
  const stage = await Stage.set(t, { dataFolder });
  const alice = await stage.enter("Alice");
  await alice.say("/join #garden", "the needle is in the garden", "/room #lobby");
  await alice.press("Control+Shift+F");
  await alice.hasFocus(alice.dialog.getByRole("searchbox"));
  await alice.type("needle");
  await alice.press("Enter");
  const hits = alice.dialog.getByRole("listitem");
  await hits.filter({ hasText: "the needle is in the garden" }).getByText("#garden").waitFor();
  await hits.getByRole("button", { name: "Show it there" }).click();
  await alice.page.getByRole("main", { name: "#garden" }).waitFor();
  await alice.dialog.waitFor({ state: "hidden" });

  await alice.page.getByRole("button", { name: "Search messages" }).click();
  await alice.dialog.getByRole("searchbox").fill('"filled 17"');
  await alice.press("Enter");
  await hits.filter({ hasText: "filled 17 " }).getByText("filled 16 ").waitFor();
  await hits.getByRole("button", { name: "Show it there" }).click();
  await alice.page.getByRole("main", { name: "#lobby" }).waitFor();
  await alice.sees(/filled 17 /, /filled 18 /);
  await alice.page.getByRole("button", { name: "To the newest" }).click();
  await alice.sees("filled 600 ");
});

test("by the command it is searched for as well, and that there is nothing is said", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice");
  const bob = await LineClient.enter(stage.port, "Bob");
  bob.send("There is a needle in this haystack");
  await alice.sees("haystack");
  await alice.say("/search needle from:Bob");
  await alice.dialog.getByRole("listitem").filter({ hasText: "haystack" }).waitFor();
  await alice.dialog.getByRole("searchbox").fill("pin");
  await alice.press("Enter");
  await alice.dialog
    .getByRole("status")
    .filter({ hasText: /no message|nothing/i })
    .waitFor();
});

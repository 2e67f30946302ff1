import test from "node:test";
import { LineClient } from "../support/line-client.ts";
import { Stage } from "./browser.ts";
import type { ChatPage } from "./chat-page.ts";

/** A browser says by itself that it cannot connect. */
const mayComplain = /WebSocket connection to|ERR_CONNECTION|ERR_INTERNET/;

test("what is said on both sides while there is no network is there once, in order, when there is one", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice", { mayComplain });
  const bob = await LineClient.enter(stage.port, "Bob");
  await alice.say("before");
  await bob.until("Alice: before");
  await alice.page.context().setOffline(true);
  bob.send("meanwhile, one");
  await alice.say("meanwhile, two", "meanwhile, three");
  await alice.row("three").getByText("Not sent yet").waitFor();
  bob.send("meanwhile, four");
  await bob.settled();
  await alice.page.context().setOffline(false);
  await bob.until("Alice: meanwhile, three");
  await alice.row("three").getByText("Not sent yet").waitFor({ state: "hidden" });
  bob.send("after");
  await alice.sees("after");
  await alice.until(
    async () => said(await alice.lines()),
    [
      "Alice: before",
      "Bob: meanwhile, one",
      "Bob: meanwhile, four",
      "Alice: meanwhile, two",
      "Alice: meanwhile, three",
      "Bob: after",
    ],
  );
});

test("that there is no network is said, and what waits is counted", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice", { mayComplain });
  await alice.page.context().setOffline(true);
  await alice.connection.filter({ hasText: "There is no network" }).waitFor();
  await alice.say("meanwhile");
  await alice.connection.filter({ hasText: "1 waiting to be sent" }).waitFor();
  await alice.page.context().setOffline(false);
  await alice.row("meanwhile").getByText("Not sent yet").waitFor({ state: "hidden" });
  await alice.until(() => alice.connection.textContent(), "");
});

test("a server that is stopped and started again is come back to, with nothing lost and nothing twice", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice", { mayComplain });
  const bob = await LineClient.enter(stage.port, "Bob");
  await alice.say("before");
  await bob.until("Alice: before");
  await stage.stop();
  await alice.connection.filter({ hasText: "Not connected" }).waitFor();
  await alice.say("meanwhile");
  await alice.connection.filter({ hasText: "1 waiting to be sent" }).waitFor();
  await stage.startAgain();
  const carol = await LineClient.enter(stage.port, "Carol");
  await alice.page
    .getByRole("button", { name: "Try now" })
    .click({ timeout: 1000 })
    .catch(() => undefined);
  await carol.until("Alice: meanwhile");
  await alice.until(async () => said(await alice.lines()), ["Alice: before", "Alice: meanwhile"]);
  await alice.until(() => alice.connection.textContent(), "");
});

test("what waits when the page is loaded again is sent once, whether the server had it or not", async (t) => {
  const stage = await Stage.set(t);
  const person = await stage.person();
  let lost: "nothing" | "answers" | "everything" = "nothing";
  await person.context.routeWebSocket(/\/chat$/, (page) => {
    const server = page.connectToServer();
    page.onMessage((frame) => lost === "everything" || server.send(frame));
    server.onMessage((frame) => lost !== "nothing" || page.send(frame));
  });
  const alice = await person.open();
  await alice.enter("Alice");
  const bob = await LineClient.enter(stage.port, "Bob");
  await alice.sees("Bob joined");
  for (const [loss, text] of [
    ["answers", "had"],
    ["everything", "had not"],
  ] as const) {
    lost = loss;
    await alice.say(text);
    await alice.row(text).getByText("Not sent yet").waitFor();
    lost = "nothing";
    await alice.page.reload();
    await bob.until(`Alice: ${text}\n`);
    await alice.sees(text);
    await alice.row(text).getByText("Not sent yet").waitFor({ state: "hidden" });
  }
  bob.send("that is all");
  await alice.sees("that is all");
  const all = ["Alice: had", "Alice: had not", "Bob: that is all"];
  await alice.until(async () => said(await alice.lines()), all);
  const carol = await stage.enter("Carol");
  await carol.until(async () => said(await carol.lines()), all);
});

/** What people said. */
function said(lines: Awaited<ReturnType<ChatPage["lines"]>>): readonly string[] {
  return lines.filter((line) => /^\w+: /.test(line));
}

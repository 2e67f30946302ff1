import test from "node:test";
import { IrcClient } from "../irc/client.ts";
import { LineClient } from "../support/line-client.ts";
import { Stage } from "./browser.ts";

test("two browsers, netcat and IRC are in one room, and see of each other all that is done there", async (t) => {
  const stage = await Stage.set(t);
  const alice = await stage.enter("Alice");
  await alice.say("/join #garden");
  await alice.sees("You made #garden");
  const bob = await stage.enter("Bob");
  await bob.page.getByRole("button", { name: "Join or make a room" }).click();
  await bob.dialog.getByRole("button", { name: /#garden/ }).click();
  await alice.sees("Bob joined");
  const ned = await LineClient.enter(stage.port, "Ned");
  ned.send("/join #garden");
  await alice.sees("Ned joined");
  await bob.sees("Ned joined");
  const ira = await IrcClient.enter(stage.port, "Ira");
  await ira.ask("JOIN #garden");
  await alice.sees("Ira joined");
  await bob.sees("Ira joined");
  for (const page of [alice, bob]) await page.peopleAre("@operator: Alice", "Bob", "Ira", "Ned");

  await t.test("messages", async () => {
    await alice.say("from a browser");
    await ned.until("Alice: from a browser\n");
    await ira.until(/^:Alice!\S+ PRIVMSG #garden :from a browser$/);
    ned.send("from netcat");
    await ira.until(/^:Ned!\S+ PRIVMSG #garden :from netcat$/);
    ira.send("PRIVMSG #garden :from IRC");
    for (const page of [alice, bob])
      await page.endsWith("Alice: from a browser", "Ned: from netcat", "Ira: from IRC");
  });

  await t.test("actions", async () => {
    await bob.say("/me waves");
    await ned.until("* Bob waves");
    await ira.until(/PRIVMSG #garden :\x01ACTION waves\x01$/);
    ira.send("PRIVMSG #garden :\x01ACTION nods\x01");
    for (const page of [alice, bob]) await page.sees("Bob waves", "Ira nods");
  });

  await t.test("private messages, which nobody else is shown", async () => {
    await alice.say("/pm Ned psst");
    await ned.until(/\[PM from Alice\][^\n]*psst/);
    await alice.page.getByRole("main", { name: "Ned", exact: true }).waitFor();
    await alice.sees("psst");
    ned.send("/pm Bob and you");
    await bob.places.filter({ hasText: "Ned" }).filter({ hasText: "1" }).waitFor();
    ira.send("PRIVMSG Bob :from IRC to you");
    await bob.places.filter({ hasText: "Ira" }).filter({ hasText: "1" }).waitFor();
    await bob.goTo("Ira");
    await bob.until(() => bob.lines(), ["Ira: from IRC to you"]);
    await bob.goTo("#garden");
    await alice.goTo("#garden");
  });

  await t.test("names", async () => {
    await alice.say("/nick Alicia");
    await ned.until("Alice is now called Alicia");
    await ira.until(/^:Alice!\S+ NICK :?Alicia$/);
    await bob.sees("Alice is now called Alicia");
    ira.send("NICK Irina");
    for (const page of [alice, bob]) {
      await page.sees("Ira is now called Irina");
      await page.people.filter({ hasText: "Irina" }).waitFor();
    }
  });

  await t.test("topics", async () => {
    await alice.say("/topic Roses and beans");
    await ned.until("Roses and beans");
    await ira.until(/TOPIC #garden :Roses and beans$/);
    for (const { page } of [alice, bob])
      await page.getByRole("main").getByText("Roses and beans", { exact: true }).waitFor();
  });

  await t.test("leaving, and being removed", async () => {
    ned.send("/leave #garden off to bed");
    for (const page of [alice, bob]) await page.sees("Ned (off to bed) left");
    await alice.people.filter({ hasText: "Irina" }).getByRole("button").click();
    await alice.dialog.getByRole("button", { name: "Remove from #garden" }).click();
    await ira.until(/^:Alicia!\S+ KICK #garden Irina/);
    await bob.sees(/Irina.*removed|removed.*Irina/);
    await alice.say("/kick Bob enough");
    await bob.sees("You are not in #garden any more");
    await alice.peopleAre("@operator: Alicia");
  });
});

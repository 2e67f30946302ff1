import assert from "node:assert/strict";
import test from "node:test";
import { LineClient } from "../support/line-client.ts";
import { runServer } from "../support/running-server.ts";
import { exportReceiver, type Receiver, receivers } from "./receivers.ts";
import { type Sender, senders, ways } from "./senders.ts";
import { oneLiners } from "./texts.ts";

/** So many at a time, so that the last of them is still on a screen with the others. */
const chunk = 25;

/** All of it in one, as short as names, topics and parting words may be. */
const everything = oneLiners.filter((text) => text.length <= 2 || text.includes("\x1b")).join("");
const words = [everything, "\x1b[2J\u202e\x9b31m<b>%s", ":root!r@h PRIVMSG #lobby :forged"];

type Reading = Pick<Receiver, "texts" | "raw" | "harmful" | "forged" | "shows">;

function numbered({ texts }: Sender): readonly string[] {
  return texts.map((text, index) => `${index} before ${text} after`);
}

/** What he said is there as it is to be there: each text in its place, on its one line. */
async function judgeTexts(receiver: Reading, who: Sender, where: string): Promise<void> {
  const shown = await receiver.texts(who.name);
  const { kept } = who;
  if (shown === undefined || kept === undefined) return;
  const said = shown.filter((text) => /^\d+ before /.test(text) && !text.startsWith("999 before "));
  assert.deepEqual(
    said,
    numbered(who).map((text) => receiver.shows(kept(text))),
    where,
  );
}

/** Nothing that it was given does harm, or is what nobody said. */
async function judgeAll({ raw, harmful, forged }: Reading, where: string): Promise<void> {
  const given = await raw();
  const found = harmful.exec(given);
  const around = JSON.stringify(given.slice((found?.index ?? 0) - 200, (found?.index ?? 0) + 100));
  assert.equal(found?.[0], undefined, `${where}: ${around}`);
  if (forged !== undefined) assert.doesNotMatch(given, forged, where);
}

test("what is sent by any door is read harmless at every other one", async (t) => {
  const server = await runServer(t, {
    settings: { maxPageEvents: 500, maxLineBytes: 16_384, joinHistory: 0, maxRoomsEach: 100 },
  });
  const { port, dataFolder } = server;
  const victim = await LineClient.enter(port, "Victim");
  t.after(() => victim.close());
  const at = new Map<string, Receiver>();
  for (const [place, receiver] of Object.entries(receivers)) at.set(place, await receiver(t, server));
  const everywhere = (act: (receiver: Receiver, place: string) => Promise<void>): Promise<unknown> =>
    Promise.all(Array.from(at, ([place, receiver]) => act(receiver, place)));
  const there: Sender[] = [];

  for (const [door, sender] of Object.entries(senders)) {
    await t.test(`from ${door}`, async () => {
      const who = await sender(t, server);
      there.push(who);
      if (who.stage !== "#lobby") await everywhere((receiver) => receiver.comeInto(who.stage));
      const texts = numbered(who);
      for (let from = 0; from < texts.length; from += chunk) {
        for (const text of texts.slice(from, from + chunk)) await who.say(text);
        await who.say(`999 before part ${from} after`);
        await everywhere((receiver) => receiver.until(`part ${from} after`));
      }
      for (const text of who.linedTexts ?? []) await who.say(`999 before ${text} after`);
      for (const { name } of at.values()) {
        if (name !== undefined) await who.tell(name, texts.join(" ").slice(0, 400));
      }
      await who.say("999 before told after");
      await everywhere((receiver) => receiver.until("told after"));
      await everywhere((receiver, place) => judgeTexts(receiver, who, `from ${door} at ${place}`));

      // What one is called, does and leaves with.
      for (const way of ways) {
        const act = who.can[way];
        if (act === undefined) continue;
        for (const text of words) {
          if (way === "kick") {
            victim.send(`/join ${who.stage}`);
            await victim.settled();
          }
          await act(text);
        }
      }
      await everywhere((receiver) => receiver.lookAround(who.name, who.stage));
      victim.send(`#lobby that is all from ${door}`);
      await everywhere((receiver) => receiver.until(`that is all from ${door}`));
      await everywhere((receiver, place) => judgeAll(receiver, `from ${door} at ${place}`));
    });
  }

  await t.test("in an export", async () => {
    const exported = await exportReceiver(dataFolder);
    for (const who of there) await judgeTexts(exported, who, `from ${who.name} in an export`);
    await judgeAll(exported, "in an export");
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Deed } from "./deed.ts";
import { clock, type Door, garden } from "./participant.ts";
import { Party } from "./party.ts";

test("by every door all that happens is shown at each other door", async (context) => {
  const party = await Party.begin(context);
  const { participants } = party;
  let isFine = true;
  const step = (name: string, take: () => Promise<void>): Promise<void> =>
    context.test(name, { skip: isFine ? false : "it ended before" }, async () => {
      isFine = false;
      await take();
      isFine = true;
    });

  await step("in the lobby", async () => {
    for (const actor of participants) {
      await party.happens(actor, { kind: "say", room: "#lobby", text: "Hello, здравствуйте, 你好 👋" });
      await party.happens(actor, { kind: "act", room: "#lobby", text: "waves" });
    }
  });

  await step("in private, each to each", async () => {
    for (const actor of participants) {
      for (const other of participants) {
        if (other !== actor)
          await party.happens(actor, {
            kind: "tell",
            to: other.name,
            text: `between ${actor.name} and ${other.name}`,
          });
      }
    }
  });

  await party.allJoin(garden);
  for (const [index, actor] of participants.entries()) {
    const next = participants[(index + 1) % participants.length]!;
    await step(`in another room, by ${actor.name} (${actor.door})`, async () => {
      const { name } = actor;
      const deeds: readonly Deed[] = [
        { kind: "say", room: garden, text: "roses" },
        { kind: "act", room: garden, text: "digs" },
        { kind: "topic", room: garden, text: `What ${name} grows` },
        { kind: "kick", room: garden, who: next.name, text: "mind the bed" },
        { kind: "invite", room: garden, who: next.name },
      ];
      await party.happens(actor, { kind: "made-operator", by: clock });
      for (const deed of deeds) await party.happens(actor, deed);
      const topic = `What ${name} grows`;
      await party.happens(next, { kind: "join", room: garden }, { topic });
      await party.saysLong(actor);
      await party.happens(actor, { kind: "away", text: "lunch" });
      const absence: Readonly<Record<Door, string>> = {
        netcat: `T [SYSTEM] ${name} is away: lunch`,
        plain: `T [SYSTEM] ${name} is away: lunch`,
        full: `*: ${name} is away: lunch`,
        irc: `301 ${name} :lunch`,
        framework: `${name} is away (lunch)`,
      };
      await party.happens(next, { kind: "tell", to: name, text: "when?" }, { own: [absence[next.door]] });
      await party.happens(actor, { kind: "back" });
      await party.happens(actor, { kind: "rename", to: `${name}2` });
      await party.happens(actor, { kind: "rename", to: name });
      await party.happens(actor, { kind: "leave", room: garden, text: "tea" });
      await party.happens(actor, { kind: "join", room: garden }, { topic });
      await party.happens(actor, { kind: "quit" });
      await party.happens(actor, { kind: "come" });
      await party.happens(actor, { kind: "join", room: garden }, { topic });
    });
  }

  await step("in the lobby, from where one looks at another room, in several lines", async () => {
    const visitor = await party.visitor();
    const shownTo = await party.visitorSays(visitor, ["one", "", "  two  "]);
    const expected: Readonly<Record<Door, readonly string[]>> = {
      netcat: ["#lobby T Mia: one", "#lobby T Mia:   two"],
      plain: ["#lobby T Mia: one", "#lobby T Mia:   two"],
      full: [],
      irc: [":Mia PRIVMSG #lobby :one", ":Mia PRIVMSG #lobby :  two  "],
      framework: ["#lobby <Mia> one", "#lobby <Mia>   two  "],
    };
    for (const [{ name, door }, lines] of shownTo)
      assert.deepEqual(
        lines.map((line) => line.trimEnd()),
        expected[door].map((line) => line.trimEnd()),
        `${name} (${door})`,
      );
  });
});

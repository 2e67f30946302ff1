import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { LineClient } from "../support/line-client.ts";
import { ServerProcess } from "../support/server-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import type { Deed } from "./deed.ts";
import {
  AtFramework,
  AtFullScreen,
  AtIrc,
  AtNetcat,
  AtPlain,
  clock,
  garden,
  type Participant,
} from "./participant.ts";
import { type Happening, shown } from "./shown.ts";

const debug = process.env["TOGETHER_DEBUG"] !== undefined;

class Party {
  readonly participants: readonly Participant[];
  readonly #port: number;
  readonly #clock: LineClient;
  #fence = 0;

  private constructor(participants: readonly Participant[], port: number, clockLine: LineClient) {
    this.participants = participants;
    this.#port = port;
    this.#clock = clockLine;
  }

  static async begin(context: TestContext): Promise<Party> {
    const dataFolder = join(temporaryFolder(context), "data");
    const { port } = await ServerProcess.start(context, { dataFolder });
    const clockLine = await LineClient.enter(port, clock);
    context.after(() => clockLine.close());
    const participants = [
      new AtNetcat(context, "Nina"),
      new AtFramework(context, "Ivan"),
      new AtPlain(context, "Paul"),
      new AtIrc(context, "Rita"),
      new AtFullScreen(context, "Fred"),
      new AtNetcat(context, "Nils"),
    ];
    for (const participant of participants) await participant.comeIn(port);
    const party = new Party(participants, port, clockLine);
    await party.fence();
    return party;
  }

  /** What comes after this is shown to everybody after all that was done before. Resolves to what each was shown since the last. */
  async fence(
    present: readonly Participant[] = this.participants,
  ): Promise<ReadonlyMap<Participant, readonly string[]>> {
    this.#fence += 1;
    const fence = this.#fence;
    this.#clock.send(...present.map(({ name }) => `/pm ${name} fence ${fence}`));
    const shownTo = new Map<Participant, readonly string[]>();
    for (const participant of present) shownTo.set(participant, await participant.between(fence));
    return shownTo;
  }

  /** Somebody does something, and everybody is shown just what the table says. */
  async happens(actor: Participant, happening: Happening, more: Extra = {}): Promise<void> {
    const { name } = actor;
    await this.#make(actor, happening);
    const isGone = happening.kind === "quit";
    const newName = happening.kind === "rename" ? happening.to : name;
    // What is waited for is addressed by the new name.
    actor.name = newName;
    const present = this.participants.filter((one) => !isGone || one !== actor);
    const shownTo = await this.fence(present);
    actor.name = name;
    for (const [observer, lines] of shownTo) {
      const what = `${happening.kind} by ${name} (${actor.door}), shown to ${observer.name} (${observer.door})`;
      if (debug) console.log(what, lines);
      if (observer === actor && !isTold(happening, actor)) continue;
      const expected = [
        ...shown(happening, actor, observer),
        ...(observer === actor ? (more.own ?? []) : []),
      ];
      assert.deepEqual(lines, expected, what);
    }
    actor.name = newName;
  }

  async #make(actor: Participant, happening: Happening): Promise<void> {
    switch (happening.kind) {
      case "come":
        await actor.comeIn(this.#port);
        break;
      case "quit":
        actor.quit();
        await this.#clock.until(`] [SYSTEM] ${actor.name} has left the chat`);
        this.#clock.clear();
        return;
      case "made-operator":
        this.#clock.send(`/op ${actor.name}`);
        return;
      default:
        actor.do(happening);
    }
    const done = `done ${this.#fence + 1}`;
    actor.do({ kind: "tell", to: clock, text: done });
    await this.#clock.until(`] ${done}\n`);
    this.#clock.clear();
  }

  /** They all go to another room, which they look at from then on. */
  async allJoin(room: string): Promise<void> {
    this.#clock.send(`/join ${room}`);
    await this.#clock.until(`You made ${room}`);
    for (const participant of this.participants) {
      participant.do({ kind: "join", room });
      await this.#clock.until(`${participant.name} has joined ${room}`);
    }
    await this.fence();
  }
}

interface Extra {
  /** What the actor is shown beside that. */
  readonly own?: readonly string[];
}

/** Whether what one is shown of one's own doing is in the table. */
function isTold(happening: Happening, actor: Participant): boolean {
  if (happening.kind === "join" || happening.kind === "come") return false;
  // The room is taken off the screen.
  return !(happening.kind === "leave" && actor.door === "full");
}

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
      await party.happens(next, { kind: "join", room: garden });
      await party.happens(actor, { kind: "away", text: "lunch" });
      const isTold: Readonly<Record<Participant["door"], string>> = {
        netcat: `T [SYSTEM] ${name} is away: lunch`,
        plain: `T [SYSTEM] ${name} is away: lunch`,
        full: `*: ${name} is away: lunch`,
        irc: `301 ${name} :lunch`,
        framework: `${name} is away (lunch)`,
      };
      await party.happens(next, { kind: "tell", to: name, text: "when?" }, { own: [isTold[next.door]] });
      await party.happens(actor, { kind: "back" });
      await party.happens(actor, { kind: "rename", to: `${name}2` });
      await party.happens(actor, { kind: "rename", to: name });
      await party.happens(actor, { kind: "leave", room: garden, text: "tea" });
      await party.happens(actor, { kind: "join", room: garden });
      await party.happens(actor, { kind: "quit" });
      await party.happens(actor, { kind: "come" });
      await party.happens(actor, { kind: "join", room: garden });
    });
  }
});

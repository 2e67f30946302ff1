import assert from "node:assert/strict";
import test from "node:test";
import { RoomTalker } from "../support/room-talker.ts";
import { runServer } from "../support/running-server.ts";
import { type Actor, doors } from "./actors.ts";

/** What somebody can do in a room, as others see that it was done, or as he is shown it. */
interface Trial {
  readonly ann: RoomTalker;
  readonly actor: Actor;
  readonly room: string;
  readonly stream: string;
}

let lastWord = 0;

/** A word that stands nowhere else. */
function newWord(): string {
  lastWord += 1;
  return `plugh${lastWord}`;
}

const rights: Readonly<Record<string, (trial: Trial) => Promise<boolean>>> = {
  "read live": async ({ ann, actor, room }) => {
    const word = newWord();
    await actor.shown();
    await ann.says(room, word);
    return (await actor.shown()).includes(word);
  },
  "read history": async ({ ann, actor, room, stream }) => {
    const word = newWord();
    await ann.says(room, word);
    await actor.shown();
    await actor.history(room, stream);
    return (await actor.shown()).includes(word);
  },
  speak: async ({ ann, actor, room }) => {
    const word = newWord();
    await actor.say(room, word);
    const heard = await ann.texts();
    const { received } = ann.client;
    const there = received.some(
      (message) =>
        message.type === "event" && message.event.stream !== "#lobby" && message.event.text === word,
    );
    assert.ok(there || !heard.includes(word) || !actor.speaksFromOutside, "it is said there or nowhere");
    return there;
  },
  "set the topic": async ({ ann, actor, room }) => {
    const word = newWord();
    await actor.topic(room, word);
    return (await ann.gets("room", { type: "room", room })).room.topic?.text === word;
  },
  "come in": async ({ ann, actor, room }) => {
    await actor.join(room);
    const { online } = await ann.gets("online", { type: "list", room });
    const isIn = online.names.includes(actor.name);
    if (isIn) await actor.leave(room);
    return isIn;
  },
  "see that it is there": async ({ actor, room }) => {
    await actor.shown();
    await actor.rooms();
    await actor.whois("Ann");
    return (await actor.shown()).includes(room);
  },
};

interface Loss {
  /** Whether one is in the room at first, and what is set there. */
  readonly inside: boolean;
  readonly before?: string;
  /** What Ann sets, with `@` for his name; after that he is removed or not. */
  readonly modes?: string;
  readonly kick?: boolean;
  readonly lost: readonly (keyof typeof rights)[];
  readonly kept: readonly (keyof typeof rights)[];
}

const losses: Readonly<Record<string, Loss>> = {
  "one is removed": {
    inside: true,
    before: "-t",
    kick: true,
    lost: ["read live", "read history", "speak", "set the topic"],
    kept: ["come in", "see that it is there"],
  },
  "one is banned and removed": {
    inside: true,
    modes: "+b @",
    kick: true,
    lost: ["read live", "read history", "speak", "come in"],
    kept: ["see that it is there"],
  },
  "one is banned": { inside: true, modes: "+b @", lost: ["speak"], kept: ["read live", "read history"] },
  "the room is moderated": {
    inside: true,
    modes: "+m",
    lost: ["speak"],
    kept: ["read live", "read history"],
  },
  "one's voice is taken": {
    inside: true,
    before: "+mv @",
    modes: "-v @",
    lost: ["speak"],
    kept: ["read live"],
  },
  "one is no operator any more": {
    inside: true,
    before: "+o @",
    modes: "-o @",
    lost: ["set the topic"],
    kept: ["read live", "speak"],
  },
  "the topic is left to operators": {
    inside: true,
    before: "-t",
    modes: "+t",
    lost: ["set the topic"],
    kept: ["speak"],
  },
  "the room is closed to words from outside": {
    inside: false,
    before: "-n",
    modes: "+n",
    lost: ["speak"],
    kept: ["come in"],
  },
  "the room is for accounts only": {
    inside: false,
    modes: "+R",
    lost: ["come in"],
    kept: ["see that it is there"],
  },
  "the room is for invited people only": {
    inside: false,
    modes: "+i",
    lost: ["come in"],
    kept: ["see that it is there"],
  },
  "the room has a password": {
    inside: false,
    modes: "+k secret",
    lost: ["come in"],
    kept: ["see that it is there"],
  },
  "the room is full": { inside: false, modes: "+l 1", lost: ["come in"], kept: ["see that it is there"] },
  "the room is hidden": { inside: false, modes: "+s", lost: ["see that it is there"], kept: ["come in"] },
  "the room is hidden and one is removed": {
    inside: true,
    before: "+s",
    kick: true,
    lost: ["read live", "see that it is there"],
    kept: ["come in"],
  },
  // Who is in stays in: what a room asks for is asked of who comes.
  "the room one is in is for accounts only": {
    inside: true,
    modes: "+R",
    lost: [],
    kept: ["read live", "read history", "speak"],
  },
};

for (const [door, enter] of Object.entries(doors)) {
  test(`at the ${door} door what is lost in the middle of a conversation is lost at once`, async (t) => {
    const { port } = await runServer(t);
    const ann = await RoomTalker.enter(t, port, { name: "Ann" });
    for (const [index, [what, loss]] of Object.entries(losses).entries()) {
      await t.test(what, async () => {
        const actor = await enter(t, port, { name: `p${index}` });
        const room = `#room-${index}`;
        const { entry } = await ann.gets("room-entered", { type: "join", room });
        const trial = { ann, actor, room, stream: entry.room.stream };
        const set = async (modes: string): Promise<void> => {
          await ann.gets("happened", { type: "modes", room, modes: modes.replace("@", actor.name) });
        };
        const can = async (right: keyof typeof rights): Promise<boolean> =>
          (await rights[right]?.(trial)) === true;
        if (loss.inside) await actor.join(room);
        if (loss.before !== undefined) await set(loss.before);
        const has =
          loss.inside || actor.speaksFromOutside ? loss.lost : loss.lost.filter((right) => right !== "speak");
        for (const right of has) {
          // Who is in need not come in, and coming in is followed by leaving.
          if (loss.inside && right === "come in") continue;
          assert.equal(await can(right), true, `${right} before ${what}`);
        }
        if (loss.modes !== undefined) await set(loss.modes);
        if (loss.kick === true) await ann.gets("happened", { type: "kick", room, name: actor.name });
        for (const right of loss.lost) assert.equal(await can(right), false, `${right} after ${what}`);
        for (const right of loss.kept) assert.equal(await can(right), true, `${right} after ${what}`);
      });
    }
  });
}

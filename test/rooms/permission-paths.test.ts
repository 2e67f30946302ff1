import assert from "node:assert/strict";
import test, { type TestContext } from "node:test";
import { IrcClient } from "../irc/client.ts";
import { RoomTalker } from "../support/room-talker.ts";
import { roomful } from "../support/roomful-command.ts";
import { runServer } from "../support/running-server.ts";
import { type Actor, doors, password } from "./actors.ts";

/** Who reads: three outside, three inside. */
const roles = ["outsider", "kicked", "server operator", "member", "banned member", "operator"] as const;
type Role = (typeof roles)[number];

/** How a room is run, by its modes. */
const kinds = {
  plain: "",
  hidden: "+s",
  "invite-only": "+i",
  "accounts only": "+R",
  "with a password": "+k secret",
};
type Kind = keyof typeof kinds;

const paths = ["live", "history", "resume", "search", "names", "rooms", "whois", "joining"] as const;
type Path = (typeof paths)[number];

/**
 * In the columns the roles, in their order. `.`: it is shown; `x`: it is not; `-`: does not apply. Who is outside may
 * see that a room is there, but no hidden one; nobody outside reads, whatever he is.
 */
const read = { live: "xxx...", history: "xxx...", resume: "xxx...", search: "xxx..." };
const seen = { names: "......", rooms: "......", whois: "......" };
const unseen = { names: "xx....", rooms: "xx....", whois: "xx...." };
const table: Readonly<Record<Kind, Readonly<Record<Path, string>>>> = {
  plain: { ...read, ...seen, joining: "...---" },
  hidden: { ...read, ...unseen, joining: "...---" },
  "invite-only": { ...read, ...seen, joining: "xx.---" },
  "accounts only": { ...read, ...seen, joining: "x..---" },
  "with a password": { ...read, ...seen, joining: "xx.---" },
};

const roomOf = (kind: Kind): string => `#${kind.replaceAll(" ", "-")}-room`;
/** What is said in it, before and after the readers came. */
const wordOf = (kind: Kind): string => `xyzzy${Object.keys(kinds).indexOf(kind)}`;

interface Scene {
  readonly ann: RoomTalker;
  readonly bob: RoomTalker;
  readonly streams: ReadonlyMap<Kind, string>;
  /** The conversation of Ann and Bob. */
  readonly conversation: string;
  readonly readers: readonly { readonly role: Role; readonly door: string; readonly actor: Actor }[];
  readonly dataFolder: string;
}

async function readerAt(
  t: TestContext,
  port: number,
  { door, role }: { door: keyof typeof doors; role: Role },
): Promise<Actor> {
  const name = `${door.slice(0, 1)}-${role.replaceAll(" ", "-")}`;
  const enter = doors[door];
  if (role === "outsider") return enter(t, port, { name });
  if (role !== "server operator" || door === "irc") {
    const actor = await enter(t, port, { name });
    await actor.register();
    if (role === "server operator") await actor.oper?.();
    return actor;
  }
  // One becomes an operator at the IRC door alone, and is it at all of them.
  const helper = await IrcClient.enter(port, name);
  t.after(() => helper.close());
  helper.send(`REGISTER * * :${password}`);
  await helper.until("900");
  helper.send("OPER root secret");
  await helper.until("381");
  return enter(t, port, { name, password });
}

async function makeScene(t: TestContext): Promise<Scene> {
  const operator = { name: "root", password: "secret" };
  const { port, dataFolder } = await runServer(t, { settings: { operator, guesses: undefined } });
  const ann = await RoomTalker.enter(t, port, { name: "Ann" });
  const bob = await RoomTalker.enter(t, port, { name: "Bob" });
  const streams = new Map<Kind, string>();
  for (const kind of Object.keys(kinds) as Kind[]) {
    const { entry } = await ann.gets("room-entered", { type: "join", room: roomOf(kind) });
    streams.set(kind, entry.room.stream);
  }
  const readers: { role: Role; door: string; actor: Actor }[] = [];
  for (const door of Object.keys(doors) as (keyof typeof doors)[]) {
    for (const role of roles) readers.push({ role, door, actor: await readerAt(t, port, { door, role }) });
  }
  for (const kind of streams.keys()) {
    const room = roomOf(kind);
    for (const { role, actor } of readers) {
      if (role === "outsider" || role === "server operator") continue;
      await actor.join(room);
      if (role === "operator") await ann.gets("happened", { type: "modes", room, modes: `+o ${actor.name}` });
      if (role === "kicked") await ann.gets("happened", { type: "kick", room, name: actor.name });
      if (role === "banned member")
        await ann.gets("happened", { type: "modes", room, modes: `+b ${actor.name}` });
    }
    if (kinds[kind] !== "") await ann.gets("happened", { type: "modes", room, modes: kinds[kind] });
  }
  for (const { actor } of readers) await actor.shown();
  for (const kind of streams.keys()) {
    assert.equal(await ann.says(roomOf(kind), `${wordOf(kind)} live`), "ack");
  }
  const [one, other] = [ann.welcome.you.id, bob.welcome.you.id].toSorted();
  await ann.says("@Bob", "xyzzy9 in private");
  return { ann, bob, streams, conversation: `dm:${one}:${other}`, readers, dataFolder };
}

/** Goes a path; what it showed is among what is shown. `undefined`: there is no such path at that door. */
function walk(
  actor: Actor,
  path: Exclude<Path, "joining">,
  where: { room: string; streams: readonly string[] },
): (() => Promise<void>) | undefined {
  const { room, streams } = where;
  const { names, resume, search } = actor;
  switch (path) {
    case "live":
      return async () => undefined;
    case "history":
      return () => actor.history(room, streams[0] ?? "");
    case "resume":
      return resume && (() => resume(streams));
    case "search":
      return (
        search &&
        (async () => {
          for (let number = 0; number < 10; number += 1) await search(`xyzzy${number}`);
        })
      );
    case "names":
      return names && (() => names(room));
    case "rooms":
      return () => actor.rooms();
    case "whois":
      return () => actor.whois("Ann");
  }
}

test("what may be read of a room is one rule, on every path, at every door, for everybody", {
  timeout: 120_000,
}, async (t) => {
  const scene = await makeScene(t);
  const { ann, streams, conversation, readers } = scene;
  /** What was said live, once, since each kind has its own word. */
  const live = new Map<Actor, string>();
  for (const { actor } of readers) live.set(actor, await actor.shown());

  const allStreams = [...streams.values(), conversation];
  for (const path of paths) {
    await t.test(path, async () => {
      for (const { actor, door, role } of readers) {
        const resumed = path === "resume" && actor.resume !== undefined;
        if (resumed) await actor.resume?.(allStreams);
        const back = resumed ? await actor.shown() : "";
        for (const kind of streams.keys()) {
          const expected = table[kind][path][roles.indexOf(role)];
          const room = roomOf(kind);
          const what = `${path} of a room that is ${kind}, for ${role} at ${door}`;
          if (path === "joining") {
            if (expected === "-") continue;
            await actor.join(room);
            const shown = await actor.shown();
            const { online } = await ann.gets("online", { type: "list", room });
            assert.equal(online.names.includes(actor.name), expected === ".", what);
            assert.equal(shown.includes(`${wordOf(kind)} live`), expected === ".", `${what}: ${shown}`);
            if (expected === ".") await actor.leave(room);
            continue;
          }
          let shown = path === "live" ? (live.get(actor) ?? "") : back;
          if (path !== "live" && path !== "resume") {
            const go = walk(actor, path, { room, streams: [streams.get(kind) ?? ""] });
            if (go === undefined) continue;
            await go();
            shown = await actor.shown();
          } else if (path === "resume" && !resumed) continue;
          const isAbout = path === "names" || path === "rooms" || path === "whois";
          // Who is told that there is none is told it of the name that he gave; what is there has Ann in it.
          const trace = path === "names" ? /\bAnn\b/ : new RegExp(isAbout ? room : `${wordOf(kind)} live`);
          assert.equal(trace.test(shown), expected === ".", `${what}: ${shown}`);
        }
      }
    });
  }

  await t.test("a private conversation is its two people's alone", async () => {
    for (const { actor, door, role } of readers) {
      for (const path of ["live", "history", "search", "resume"] as const) {
        for (const room of ["Ann", conversation]) {
          await walk(actor, path, { room, streams: [conversation] })?.();
        }
        const shown = await actor.shown();
        assert.ok(!shown.includes("in private"), `${path} for ${role} at ${door}: ${shown}`);
      }
    }
    const page = await scene.bob.ask({ type: "history", stream: conversation });
    assert.match(JSON.stringify(page), /xyzzy9 in private/);
  });

  await t.test("who runs the machine exports any room, alone", async () => {
    for (const kind of streams.keys()) {
      const { stdout } = await roomful(["export", "--room", roomOf(kind), "--data", scene.dataFolder]);
      assert.match(stdout, new RegExp(`${wordOf(kind)} live`));
      for (const other of streams.keys()) {
        if (other !== kind) assert.ok(!stdout.includes(wordOf(other)), `${other} in ${kind}`);
      }
    }
  });
});

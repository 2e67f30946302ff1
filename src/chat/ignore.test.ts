import assert from "node:assert/strict";
import { test } from "node:test";
import { PeopledChat } from "../../test/support/peopled-chat.ts";
import { become, giveAccount } from "./become.ts";
import type { CleanText, EventKind, MessageId, PersonId, StoredEvent, StreamId } from "./event.ts";
import { ignoredBy } from "./ignore.ts";
import { parseName } from "./name.ts";
import type { Person } from "./roster.ts";

class Scene extends PeopledChat {
  readonly ann = this.enter("Ann");

  /** Ann asks for it: what comes of it. */
  asks(kind: "ignore" | "unignore", name: string): string {
    const decision = this.does(this.ann, { kind, name });
    return decision.kind === "refused" ? decision.refusal.reason : decision.kind;
  }

  get list(): readonly string[] {
    return ignoredBy(this.chat, this.ann.id).map(({ name, isGuest }) => (isGuest ? `${name}?` : name));
  }

  ignores({ author }: Person): boolean {
    return this.chat.ignoring.ignores(this.ann.id, author);
  }

  renames(person: Person, name: string): void {
    const was = person.author;
    assert.equal(this.does(person, { kind: "rename", name }).kind, "renamed");
    if (person.account === undefined) this.chat.ignoring.follow(was, person.author);
  }
}

function nameOf(text: string) {
  const name = parseName(text);
  assert.ok(!("reason" in name));
  return name;
}

test("who is ignored is so whatever he is called, in any case, and until he is not any more", () => {
  const scene = new Scene();
  const bob = scene.enter("Bob");
  assert.equal(scene.asks("ignore", "bOB"), "ignoring");
  assert.deepEqual(scene.list, ["Bob?"]);
  assert.ok(scene.ignores(bob));
  scene.renames(bob, "Rob");
  assert.ok(scene.ignores(bob));
  assert.deepEqual(scene.list, ["Rob?"]);
  assert.equal(scene.asks("ignore", "Rob"), "nothing");
  assert.equal(scene.asks("unignore", "Bob"), "not-ignored");
  assert.equal(scene.asks("unignore", "rob"), "ignoring");
  assert.ok(!scene.ignores(bob));
  assert.deepEqual(scene.list, []);
});

test("why somebody cannot be ignored, or not ignored any more", () => {
  const scene = new Scene({ maxIgnored: 2 });
  assert.equal(scene.asks("ignore", "ANN"), "ignoring-oneself");
  assert.equal(scene.asks("ignore", "no name"), "name-white-space");
  assert.equal(scene.asks("ignore", "SYSTEM"), "name-reserved");
  assert.equal(scene.asks("unignore", "Bob"), "not-ignored");
  scene.asks("ignore", "one");
  scene.asks("ignore", "two");
  assert.equal(scene.asks("ignore", "ONE"), "nothing");
  assert.equal(scene.asks("ignore", "three"), "too-many-ignored");
  scene.asks("unignore", "one");
  assert.equal(scene.asks("ignore", "three"), "ignoring");
});

test("a guest who comes back under his name is ignored, and cannot shake it off by another one then", () => {
  const scene = new Scene();
  scene.asks("ignore", scene.enter("Bob", { id: "bob-1" }).name.shown);
  scene.leaves(scene.chat.roster.find("Bob")!);
  const again = scene.enter("BOB", { id: "bob-2" });
  assert.ok(scene.ignores(again));
  scene.renames(again, "Rob");
  assert.ok(scene.ignores(again));
  assert.deepEqual(scene.list, ["Rob?"]);
  assert.ok(!scene.ignores(scene.enter("Bob", { id: "bob-3" })), "the name is anybody's again");
});

test("a guest who makes an account of his name, or has one, is ignored as that", () => {
  const scene = new Scene();
  const bob = scene.enter("Bob");
  const eve = scene.enter("Eve");
  scene.asks("ignore", "Bob");
  scene.asks("ignore", "Eve");
  const was = bob.author;
  giveAccount(scene.chat, bob, { person: bob.id, name: nameOf("Bob") });
  scene.chat.ignoring.follow(was, bob.author);
  scene.renames(bob, "Rob");
  assert.ok(scene.ignores(bob));
  assert.deepEqual(scene.list, ["Eve?", "Rob"]);
  const holder = { person: "evelyn" as PersonId, name: nameOf("Evelyn") };
  scene.chat.accounts.add(holder);
  const before = eve.author;
  const became = become(scene.chat, eve.sessions[0] ?? 0, holder);
  assert.ok(became !== undefined);
  scene.chat.ignoring.follow(before, became.person.author);
  assert.ok(scene.ignores(became.person));
  assert.equal(scene.asks("unignore", "evelyn"), "ignoring");
  assert.deepEqual(scene.list, ["Rob"]);
});

test("somebody with an account is ignored when he is not here as well, and by the account's name", () => {
  const scene = new Scene();
  scene.chat.accounts.add({ person: "bob" as PersonId, name: nameOf("Bob") });
  assert.equal(scene.asks("ignore", "bob"), "ignoring");
  assert.deepEqual(scene.list, ["Bob"]);
  assert.ok(scene.ignores(scene.enter("Bob", { account: true })));
});

test("a guest's list becomes that of his account, as far as there is room in it", () => {
  const scene = new Scene();
  scene.asks("ignore", "one");
  scene.asks("ignore", "two");
  const person = "anna" as PersonId;
  scene.chat.ignoring.set(person, [{ name: "ONE", person: undefined }]);
  scene.chat.ignoring.handOver(scene.ann.id, person, 2);
  assert.deepEqual(
    scene.chat.ignoring.of(person).map(({ name }) => name),
    ["ONE", "two"],
  );
});

test("a guest finds his list when he comes back by his token, but not for ever", () => {
  const scene = new Scene();
  scene.asks("ignore", "Bob");
  scene.leaves(scene.ann);
  const ann = scene.enter("Ann");
  assert.deepEqual(ignoredBy(scene.chat, ann.id), [{ name: "Bob", isGuest: true }]);
  scene.leaves(ann);
  for (let index = 0; index < 1000; index += 1) {
    const guest = `guest-${index}` as PersonId;
    scene.chat.ignoring.set(guest, [{ name: "Bob", person: undefined }]);
    scene.chat.ignoring.left(guest);
  }
  assert.deepEqual(ignoredBy(scene.chat, ann.id), []);
  assert.equal(scene.chat.ignoring.ignorersOf({ id: "x" as PersonId, name: "Bob" }).length, 1000);
});

test("what is said is hidden, and what happens is not", () => {
  const scene = new Scene();
  scene.asks("ignore", "Bob");
  const hides = (kind: EventKind, stream = "#lobby"): boolean => {
    const event: StoredEvent = {
      stream: stream as StreamId,
      number: 1,
      id: "m" as MessageId,
      at: 1,
      kind,
      from: { id: "b" as PersonId, name: "Bob" },
      to: undefined,
      text: "words" as CleanText,
      replyTo: undefined,
      threadRoot: undefined,
      clientTags: undefined,
    };
    const [shown] = scene.chat.ignoring.shown(scene.ann.id, [event]);
    assert.equal(shown?.number, 1, "each has its place");
    assert.deepEqual([shown.kind, shown.text], shown.kind === "ignored" ? ["ignored", ""] : [kind, "words"]);
    return shown.kind === "ignored";
  };
  const hidden: readonly EventKind[] = ["text", "action", "notice", "removed"];
  const shown: readonly EventKind[] = ["topic", "kick", "mode", "room-name", "announcement", "removal"];
  for (const kind of hidden) assert.ok(hides(kind), kind);
  for (const kind of shown) assert.ok(!hides(kind), kind);
  assert.ok(hides("removal", "dm:a:b"), "of one's own messages, in private");
});

test("an invitation from who is ignored opens nothing, and he cannot tell", () => {
  const scene = new Scene();
  const bob = scene.enter("Bob");
  const den = scene.joins(bob, "#den");
  scene.asks("ignore", "Bob");
  assert.equal(scene.does(bob, { kind: "invite", room: "#den", name: "Ann" }).kind, "invited");
  assert.ok(!den.invited.has(scene.ann.id));
  scene.asks("unignore", "Bob");
  scene.does(bob, { kind: "invite", room: "#den", name: "Ann" });
  assert.ok(den.invited.has(scene.ann.id));
});

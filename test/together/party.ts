import assert from "node:assert/strict";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { IrcClient } from "../irc/client.ts";
import { LineClient } from "../support/line-client.ts";
import { ServerProcess } from "../support/server-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import {
  AtFramework,
  AtFullScreen,
  AtIrc,
  AtNetcat,
  AtPlain,
  clock,
  type Door,
  garden,
  type Participant,
} from "./participant.ts";
import { type Happening, shown } from "./shown.ts";

/** Everybody, one by each door, and a second one each by netcat's and IRC's under TLS, in a server of their own. */
export class Party {
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
      new AtNetcat(context, "Nina", "clear"),
      new AtFramework(context, "Ivan", "clear"),
      new AtPlain(context, "Paul"),
      new AtIrc(context, "Rita"),
      new AtFullScreen(context, "Fred"),
      new AtNetcat(context, "Nils", "TLS"),
      new AtFramework(context, "Tess", "TLS"),
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
    actor.name = newName;
    const shownTo = await this.fence(this.participants.filter((one) => !isGone || one !== actor));
    // The table is told who it was that was called otherwise.
    actor.name = name;
    for (const [observer, lines] of shownTo) {
      const what = `${happening.kind} by ${name} (${actor.door}), shown to ${observer.name} (${observer.door})`;
      if (observer !== actor || isTold(happening, actor)) {
        const added = observer === actor ? (more.own ?? []) : [];
        assert.deepEqual(lines, [...shown(happening, actor, observer), ...added], what);
      } else if (happening.kind === "join") {
        assertCameIn(actor, lines, more.topic ?? "");
      }
    }
    actor.name = newName;
  }

  /** Somebody says more than fits in a line of IRC. */
  async saysLong(actor: Participant): Promise<void> {
    await this.#make(actor, { kind: "say", room: garden, text: longText(actor) });
    for (const [observer, lines] of await this.fence()) assertLong(observer, actor, lines);
  }

  /** A visitor comes to the lobby, with a client that knows messages of several lines. */
  async visitor(): Promise<IrcClient> {
    const visitor = await IrcClient.enter(this.#port, "Mia", "batch", "draft/multiline", "message-tags");
    visitor.send("JOIN #lobby");
    await this.#done((text) => visitor.send(`PRIVMSG ${clock} :${text}`));
    await this.fence();
    return visitor;
  }

  /** A visitor says something in the lobby, in so many lines. */
  async visitorSays(
    visitor: IrcClient,
    lines: readonly string[],
  ): Promise<ReadonlyMap<Participant, readonly string[]>> {
    visitor.send(
      "BATCH +1 draft/multiline #lobby",
      ...lines.map((line) => `@batch=1 PRIVMSG #lobby :${line}`),
      "BATCH -1",
    );
    await this.#done((text) => visitor.send(`PRIVMSG ${clock} :${text}`));
    return this.fence();
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
    await this.#done((text) => actor.do({ kind: "tell", to: clock, text }));
  }

  /** Resolves when all has been done that somebody asked for before he tells that he is done. */
  async #done(tell: (text: string) => void): Promise<void> {
    const text = `done ${this.#fence + 1}`;
    tell(text);
    await this.#clock.until(`] ${text}\n`);
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
  /** What the room that he comes into is about. */
  readonly topic?: string;
}

/** Whether what one is shown of one's own doing is in the table. */
function isTold(happening: Happening, actor: Participant): boolean {
  if (happening.kind === "join" || happening.kind === "come") return false;
  // The room is taken off the screen.
  return !(happening.kind === "leave" && actor.door === "full");
}

/** Who comes into a room is shown what it is about, who is there, and what was said. */
function assertCameIn({ name, door }: Participant, lines: readonly string[], topic: string): void {
  const beginnings: Readonly<Record<Door, readonly RegExp[]>> = {
    netcat: [
      /^T \[SYSTEM\] You are in #garden$/,
      /^T \[SYSTEM\] It is about: (.*)$/,
      /^=+$/,
      /^Online Users \(8\): .*\bClock\b/,
    ],
    plain: [
      /^T \[SYSTEM\] You are in #garden$/,
      /^T \[SYSTEM\] It is about: (.*)$/,
      /^=+$/,
      /^Online Users \(8\): .*\bClock\b/,
    ],
    full: [],
    irc: [
      / JOIN #garden$/,
      /^332 #garden :(.*)$/,
      /^333 #garden \w+ T$/,
      /^353 = #garden :.*@Clock\b/,
      /^366 /,
      /NOTICE #garden :--- the last/,
    ],
    framework: [/ joins #garden$/, /^#garden is about: (.*)$/, /^#garden [<*]/],
  };
  const all = lines.join("\n");
  for (const [index, expected] of beginnings[door].entries()) {
    const [line, about = topic] = expected.exec(lines[index] ?? "") ?? [];
    assert.ok(line !== undefined, `${name} (${door}) was not shown ${String(expected)} in\n${all}`);
    assert.equal(about, topic);
  }
  const digs: Readonly<Record<Door, RegExp>> = {
    netcat: /^T \* \w+ digs$/m,
    plain: /^T \* \w+ digs$/m,
    full: /^\*: \w+ digs$/m,
    irc: /^:\w+ PRIVMSG #garden :\x01ACTION \[\d\d:\d\d:\d\d\] digs\x01$/m,
    framework: /^#garden \* \w+ digs$/m,
  };
  assert.match(all, digs[door], `${name} (${door})`);
}

/** Longer than an IRC line can be, where it is not an IRC client that says it. */
function longText({ door }: Participant): string {
  return "long слово 👋 ".repeat(door === "irc" || door === "framework" ? 15 : 50).trim();
}

/** One message, in as many lines as it took. */
function assertLong(observer: Participant, actor: Participant, lines: readonly string[]): void {
  const text = longText(actor);
  const say = { kind: "say", room: garden, text } as const;
  const whole = shown(say, actor, observer);
  const [empty = ""] = shown({ ...say, text: "" }, actor, observer);
  const pieces = lines.map((line) => line.slice(empty.length));
  assert.ok(
    lines.every((line) => line.startsWith(empty)),
    lines.join("\n"),
  );
  assert.equal(pieces.join(""), whole.length === 0 ? "" : text, `${observer.name} (${observer.door})`);
  const isCut = observer.door === "irc" || observer.door === "framework";
  if (!isCut) assert.deepEqual(lines, whole);
}

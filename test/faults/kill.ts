import assert from "node:assert/strict";
import { join } from "node:path";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { lobby, type StoredEvent } from "../../src/chat/event.ts";
import { Cleanup, type Undoing } from "../support/cleanup.ts";
import { ServerProcess } from "../support/server-process.ts";
import { readHeads, readStored } from "../support/stored.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type Crowd, LinePerson, WebSocketPerson } from "./kill-clients.ts";

export interface KillOptions {
  readonly rounds: number;
  /** Called after each round. */
  readonly progress?: (line: string) => void;
}

/** What was seen, beside that nothing was wrong. */
export interface KillReport {
  readonly rounds: number;
  readonly stored: number;
  readonly acknowledged: number;
  readonly shown: number;
  readonly privateMessages: number;
  readonly retries: number;
  /** Retries of sends that turned out to be stored already. */
  readonly killsInsideCommits: number;
  /** Messages of the line door that were written and, never having been shown to anybody, are not stored. */
  readonly lostUnseen: number;
}

const counts = { lineObservers: 8, lineSenders: 10, observers: 8, senders: 14, privateSenders: 10 } as const;
const leastAcks = 100;
const mostAcks = 500;

/** Settles everything within this time after the last restart, or it is wrong. */
const settleMs = 60_000;

/**
 * Kills a server under load over and over, and judges what is stored by what its clients wrote down.
 * Throws an `AssertionError` that says what was lost, doubled, reordered or changed.
 */
export async function killUnderLoad(undoing: Undoing, options: KillOptions): Promise<KillReport> {
  const dataFolder = join(temporaryFolder(undoing), "data");
  const troubles: string[] = [];
  const load = new Load(troubles);
  let killsInsideCommits = 0;
  for (let round = 1; round <= options.rounds; round += 1) {
    const server = await ServerProcess.start(undoing, { dataFolder });
    load.talking = true;
    await load.enter(server.port);
    const how = await load.momentToKill(round);
    server.child.kill("SIGKILL");
    load.talking = false;
    await server.exited;
    await load.gone();
    // What is stored and was shown to nobody: the process died after the commit and before the publishing.
    const unseen = (readHeads(dataFolder).get(lobby) ?? 0) - load.highestSeen;
    assert.ok(unseen >= 0, `${-unseen} messages were shown or acknowledged and are not stored`);
    if (unseen > 0) killsInsideCommits += 1;
    assert.deepEqual(troubles, []);
    options.progress?.(
      `round ${round} of ${options.rounds}: killed ${how}, ${load.highestSeen} messages seen, ` +
        `${unseen} stored and not seen yet`,
    );
  }
  const server = await ServerProcess.start(undoing, { dataFolder });
  await load.enter(server.port);
  await load.settled(() => readHeads(dataFolder).get(lobby) ?? 0);
  await load.toldAll(readStored(dataFolder));
  load.leave();
  await server.end("SIGTERM");
  assert.deepEqual(troubles, []);
  return { rounds: options.rounds, killsInsideCommits, ...judge(load, readStored(dataFolder)) };
}

/** Fifty people, and what they say. */
class Load implements Crowd {
  talking = false;
  readonly lines: readonly LinePerson[];
  readonly websockets: readonly WebSocketPerson[];
  readonly #partners: readonly string[];
  readonly #troubles: string[];
  #texts = 0;
  #acks = 0;
  #watch: (() => void) | undefined;
  #watchWrites: (() => void) | undefined;

  constructor(troubles: string[]) {
    this.#troubles = troubles;
    const people = <T>(count: number, prefix: string, make: (name: string) => T): T[] =>
      Array.from({ length: count }, (_, index) => make(`${prefix}${index}`));
    this.lines = [
      ...people(counts.lineObservers, "linereader", (name) => new LinePerson(name, this, false)),
      ...people(counts.lineSenders, "linewriter", (name) => new LinePerson(name, this, true)),
    ];
    this.websockets = [
      ...people(counts.observers, "reader", (name) => new WebSocketPerson(name, this, "not")),
      ...people(counts.senders, "writer", (name) => new WebSocketPerson(name, this, "room")),
      ...people(counts.privateSenders, "friend", (name) => new WebSocketPerson(name, this, "both")),
    ];
    this.#partners = people(counts.privateSenders, "friend", (name) => name);
  }

  /** The highest number of the room that anybody was shown or got acknowledged. */
  get highestSeen(): number {
    const acknowledged = this.websockets.flatMap(({ sent }) =>
      sent.flatMap(({ ack }) => (ack?.stream === lobby ? [ack.number] : [])),
    );
    const shown = this.websockets.map(({ heads }) => heads.get(lobby) ?? 0);
    return [...acknowledged, ...shown].reduce((one, other) => Math.max(one, other), 0);
  }

  newText(who: string): string {
    this.#texts += 1;
    return `message ${this.#texts} of ${who}`;
  }

  partner(who: string): string | undefined {
    const others = this.#partners.filter((name) => name !== who);
    return others[Math.floor(Math.random() * others.length)];
  }

  wrote(): void {
    this.#watchWrites?.();
  }

  acknowledged(): void {
    this.#acks += 1;
    this.#watch?.();
  }

  wrong(what: string): void {
    this.#troubles.push(what);
  }

  async enter(port: number): Promise<void> {
    await Promise.all([...this.lines, ...this.websockets].map((client) => client.enter(port)));
  }

  async gone(): Promise<void> {
    await Promise.all([...this.lines, ...this.websockets].map((client) => client.gone()));
  }

  leave(): void {
    for (const client of [...this.lines, ...this.websockets]) client.leave();
  }

  /** A random moment under load; every other one follows a send as closely as can be. */
  async momentToKill(round: number): Promise<string> {
    const acks = leastAcks + Math.floor(Math.random() * (mostAcks - leastAcks));
    const from = this.#acks;
    await within("enough acknowledgements", (resolve) => {
      this.#watch = () => {
        if (this.#acks - from >= acks) resolve();
      };
    });
    this.#watch = undefined;
    if (round % 2 === 0) {
      const ms = Math.random() * 10;
      await new Promise((resolve) => setTimeout(resolve, ms));
      return `after ${acks} acknowledgements and ${ms.toFixed(1)} ms`;
    }
    await within("a send", (resolve) => {
      this.#watchWrites = resolve;
    });
    this.#watchWrites = undefined;
    // Long enough for the send to get to the commit, not for the commit to get back: a spin, since no timer is so fine.
    const us = Math.random() * 2500;
    const start = performance.now();
    while (performance.now() - start < us / 1000);
    return `${us.toFixed(0)} µs after a send`;
  }

  /** Everything is acknowledged, and everybody was shown all of the room. */
  async settled(head: () => number): Promise<void> {
    const deadline = Date.now() + settleMs;
    for (;;) {
      const open = this.websockets.flatMap(({ unacknowledged }) => unacknowledged);
      const stored = head();
      const behind = this.websockets.filter(({ heads }) => (heads.get(lobby) ?? 0) < stored);
      if (open.length === 0 && behind.length === 0) return;
      if (Date.now() > deadline) {
        const names = behind.map(({ name }) => name).join(", ");
        assert.fail(`${open.length} sends are not acknowledged, and not at #${stored}: ${names}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Everybody was shown all that is stored; whom a message goes to may be told of it after its sender. */
  async toldAll(stored: ReadonlyMap<string, readonly StoredEvent[]>): Promise<void> {
    const deadline = Date.now() + settleMs;
    const isTold = (person: WebSocketPerson): boolean =>
      isDeepStrictEqual(ownConversations(person, stored), person.heads);
    // Where somebody never is, the judgement says what he lacks.
    while (!this.websockets.every(isTold) && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** Compares what is stored with what the clients wrote down. */
function judge(
  load: Load,
  stored: ReadonlyMap<string, readonly StoredEvent[]>,
): Omit<KillReport, "rounds" | "killsInsideCommits"> {
  const byText = new Map<string, StoredEvent>();
  for (const [stream, events] of stored) {
    for (const [index, event] of events.entries()) {
      assert.equal(event.number, index + 1, `${stream} has a hole`);
      assert.ok(!byText.has(event.text), `"${event.text}" is stored twice`);
      byText.set(event.text, event);
    }
  }
  const said = new Set<string>();
  let acknowledged = 0;
  for (const person of load.websockets) {
    for (const { ack, text } of person.sent) {
      said.add(text);
      const event = byText.get(text);
      assert.ok(event !== undefined, `"${text}" was acknowledged and is not stored`);
      const { stream, number, id, from } = event;
      assert.deepEqual({ stream, number, id }, { stream: ack?.stream, number: ack?.number, id: ack?.id });
      assert.equal(from.name, person.name);
      acknowledged += 1;
    }
  }
  let shown = 0;
  for (const person of load.websockets) {
    for (const event of person.shown) {
      const found = byText.get(event.text);
      assert.ok(found !== undefined, `"${event.text}" was shown to ${person.name} and is not stored`);
      const { stream, number, id, at, kind, from, to, text } = found;
      assert.deepEqual(event, { stream, number, id, at, kind, from, ...(to && { to }), text });
      shown += 1;
    }
    assert.deepEqual(
      ownConversations(person, stored),
      person.heads,
      `${person.name} was shown less than all`,
    );
  }
  for (const person of load.lines) for (const text of person.sent) said.add(text);
  for (const text of byText.keys()) assert.ok(said.has(text), `"${text}" is stored, and nobody said it`);
  for (const person of load.lines) {
    for (const { lines } of person.visits) shown += judgeLines(person.name, lines, stored.get(lobby) ?? []);
  }
  const events = [...stored.values()].flat();
  return {
    stored: events.length,
    acknowledged,
    shown,
    privateMessages: events.filter((event) => event.to !== undefined).length,
    retries: load.websockets.reduce((sum, { retries }) => sum + retries, 0),
    lostUnseen: said.size - byText.size,
  };
}

/** The room and everything that is stored of what somebody wrote and was written privately, with the heads. */
function ownConversations(
  person: WebSocketPerson,
  stored: ReadonlyMap<string, readonly StoredEvent[]>,
): ReadonlyMap<string, number> {
  const heads = new Map<string, number>();
  for (const stream of person.heads.keys()) heads.set(stream, stored.get(stream)?.length ?? 0);
  for (const [stream, events] of stored) {
    const { from, to } = events[0] ?? {};
    if (from?.name === person.name || to?.name === person.name) heads.set(stream, events.length);
  }
  return heads;
}

const spoken = /^\[\d\d:\d\d:\d\d\] (\w+): (message \d+ of \w+)$/;
const historyEnd = /^--- end of history, up to #(\d+) ---$/;

/** What one visit at the line door showed is the room from the end of the history on, without one's own. */
function judgeLines(name: string, lines: readonly string[], room: readonly StoredEvent[]): number {
  const end = lines.findIndex((line) => historyEnd.test(line));
  const head = Number(historyEnd.exec(lines[end] ?? "")?.[1] ?? 0);
  const spokenOf = (some: readonly string[]): readonly string[] =>
    some.flatMap((line) => {
      const [, speaker, text] = spoken.exec(line) ?? [];
      return speaker === undefined ? [] : [`${speaker}: ${text}`];
    });
  const history = spokenOf(lines.slice(0, end + 1));
  const live = spokenOf(lines.slice(end + 1));
  const as = ({ from, text }: StoredEvent): string => `${from.name}: ${text}`;
  assert.deepEqual(history, room.slice(head - history.length, head).map(as));
  const others = room.slice(head).filter(({ from }) => from.name !== name);
  assert.deepEqual(live, others.slice(0, live.length).map(as), `${name} was shown another order`);
  return history.length + live.length;
}

/** Rejects where it takes too long. */
function within(what: string, start: (resolve: () => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`Waited in vain for ${what}`)), settleMs);
    start(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { rounds: { type: "string", default: "30" } } });
  const report = await Cleanup.around((cleanup) =>
    killUnderLoad(cleanup, {
      rounds: Number(values.rounds),
      progress: (line) => process.stdout.write(`${line}\n`),
    }),
  );
  process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
}

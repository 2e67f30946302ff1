import { Chat, type Command, type Decision, operator } from "../chat/chat.ts";
import {
  type Author,
  lobby,
  type NewEvent,
  type PersonId,
  partiesOf,
  type StoredEvent,
  type StreamId,
} from "../chat/event.ts";
import type { Refusal } from "../chat/refusal.ts";
import type { OnlineList, SessionId } from "../chat/roster.ts";
import { cleanText } from "../chat/text.ts";
import type { ClosingReason } from "../protocols/websocket/messages.ts";
import { maxPositionHeads } from "../protocols/websocket/parse.ts";
import type { NotStored, Outcome } from "../storage/journal.ts";
import type { Store, StreamHead } from "../storage/store.ts";
import { type Address, addressKey } from "./address.ts";
import type { Clock } from "./clock.ts";
import { Feed } from "./feed.ts";
import type { Gatekeeper } from "./gatekeeper.ts";
import { type Bearer, Ids, ResumeTokens } from "./ids.ts";
import type { Ask, Gone, Seen, Tag, Tell } from "./link.ts";
import type { Log } from "./log.ts";
import { Outlet, refusalOf, refusalOfFault } from "./outlet.ts";
import { PresenceNotices } from "./presence-notices.ts";
import { Reading } from "./reading.ts";
import { Retries } from "./retries.ts";
import type { Settings } from "./settings.ts";

type Of<Kind extends Ask["kind"]> = Extract<Ask, { kind: Kind }>;

/** Why messages are refused, for the operator. */
const troubles: Readonly<Record<Exclude<NotStored, "mismatch">, string>> = {
  full: "no space is left on the disk of the data folder",
  busy: "another program holds the database",
  failing: "the disk or the database fails",
  unknown: "a commit failed, and what became of it is being looked up",
};

const noConversations: readonly (readonly [StreamId, number])[] = [];

/** What the hub knows of a connection. */
interface Session {
  readonly id: SessionId;
  readonly address: Address;
  /** Whose resume token it came with, or was given. */
  bearer: Bearer | undefined;
  /** The highest counter that this session's device has used. */
  lastCounter: number;
  /** Sends that may have been stored before; made with the first of them. */
  retries: Retries | undefined;
  /** What it asked that the store has not answered yet. */
  unanswered: number;
  /** It has said all it had to say, and leaves when it is answered. */
  finished: boolean;
  gone: boolean;
}

export interface HubOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly gatekeeper: Gatekeeper;
  readonly log: Log;
  /** Takes what becomes visible, in order. */
  readonly deliver: (tells: readonly Tell[]) => void;
}

/**
 * The deciding side. It takes what connections ask, has the chat decide, puts everything that will be seen
 * into the journal's one order, and hands it on when the journal releases it: messages once they are durable,
 * everything else (comings and goings, answers) in its place between them.
 */
export class Hub {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #settings: Settings;
  readonly #gatekeeper: Gatekeeper;
  readonly #log: Log;
  readonly #deliver: (tells: readonly Tell[]) => void;
  readonly #chat: Chat;
  readonly #feed: Feed;
  readonly #outlet: Outlet;
  readonly #reading: Reading;
  readonly #notices: PresenceNotices;
  readonly #ids = new Ids();
  readonly #tokens: ResumeTokens;
  readonly #sessions = new Map<SessionId, Session>();
  /** Of those who are here and have any: the private conversations, and their heads. */
  readonly #conversations = new Map<PersonId, Map<StreamId, number>>();
  /** The heads of private conversations that moved since the last heartbeat, by the people who are told. */
  readonly #moved = new Map<PersonId, Map<StreamId, number>>();
  /** People whose conversations are being looked up, with how many of their sessions wait for that. */
  readonly #lookedUp = new Map<PersonId, number>();
  /** Where the private events of people go who are being given what they missed. */
  readonly #watching = new Map<PersonId, Set<StoredEvent[]>>();
  #held = false;
  /** What keeps messages from being stored at the moment. */
  #trouble: keyof typeof troubles | undefined;

  private constructor(options: HubOptions, feed: Feed) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#settings = options.settings;
    this.#gatekeeper = options.gatekeeper;
    this.#log = options.log;
    this.#deliver = options.deliver;
    this.#chat = new Chat({ maxTextBytes: options.settings.maxLineBytes });
    this.#feed = feed;
    this.#tokens = new ResumeTokens(options.store.identity.tokenSecret);
    const { store, clock, deliver } = options;
    this.#outlet = new Outlet(store, { clock, deliver, released: () => this.#hold() });
    this.#reading = new Reading({ store, feed, outlet: this.#outlet, clock, settings: options.settings });
    this.#notices = new PresenceNotices(clock, {
      tell: (tell) => this.#outlet.tell(tell),
      inOrder: (action) => this.#outlet.inOrder(action),
    });
  }

  static async open(options: HubOptions): Promise<Hub> {
    const feed = await Feed.open(options.store, lobby, options.settings.feedEvents);
    const hub = new Hub(options, feed);
    hub.#beat();
    return hub;
  }

  /** What one turn of the front brought. */
  receive(asks: readonly Ask[]): void {
    for (const ask of asks) this.#ask(ask);
    this.#hold();
    this.#outlet.flush();
  }

  /** Resolves when everything that was asked so far has been decided, stored and handed on. */
  async drained(): Promise<void> {
    await this.#outlet.drained();
  }

  /** Says something to everybody, as the operator. Resolves to what became of it. */
  announce(text: string): Promise<Refusal | undefined> {
    const clean = cleanText(text, this.#settings.maxLineBytes);
    if (!clean.ok) return Promise.resolve(clean.refusal);
    const at = this.#outlet.now();
    const event: NewEvent = {
      stream: lobby,
      id: this.#ids.message(at),
      at,
      kind: "announcement",
      from: operator,
      to: undefined,
      text: clean.text,
      replyTo: undefined,
      threadRoot: undefined,
      retry: undefined,
    };
    return new Promise((resolve) => {
      this.#outlet.append(event, (outcome) => {
        this.#noteTrouble(outcome);
        if (outcome.kind === "not-stored") {
          resolve(refusalOf(outcome.why));
          return;
        }
        this.#publish(outcome, undefined, []);
        resolve(undefined);
      });
      this.#outlet.flush();
    });
  }

  /** Ends the connections of somebody. `undefined` where nobody of that name is here. */
  kick(name: string, text: string | undefined): string | undefined {
    const person = this.#chat.roster.find(name);
    if (person === undefined) return undefined;
    for (const session of person.sessions) this.#close(session, "kicked", text);
    this.#outlet.flush();
    return person.name.shown;
  }

  /** Ends the connections that come from an address (see `addressKey`); how many there were. */
  closeAddress(key: string, text: string | undefined): number {
    const there = [...this.#sessions.values()].filter(
      (session) => !session.gone && addressKey(session.address.host) === key,
    );
    for (const session of there) this.#close(session.id, "banned", text);
    this.#outlet.flush();
    return there.length;
  }

  /** Who is here. */
  online(): OnlineList {
    return this.#chat.roster.list();
  }

  #ask(ask: Ask): void {
    if (ask.kind === "opened") {
      this.#opened(ask);
      return;
    }
    const session = this.#sessions.get(ask.session);
    if (session === undefined || session.gone) {
      if (ask.kind === "closed") this.#sessions.delete(ask.session);
      return;
    }
    switch (ask.kind) {
      case "enter":
        this.#enter(session, ask);
        return;
      case "send":
        this.#send(session, ask);
        return;
      case "list": {
        const { tag } = ask;
        const online = this.#chat.roster.list(ask.beginning);
        this.#outlet.afterwards({ kind: "online", session: session.id, tag, online });
        return;
      }
      case "history":
        this.#history(session, ask);
        return;
      case "catch-up":
        this.#catchUp(session, ask.seen);
        return;
      case "note":
        this.#outlet.afterwards({
          kind: "note",
          session: session.id,
          at: this.#outlet.now(),
          note: ask.note,
        });
        return;
      case "closed":
        this.#closed(session, ask);
        return;
    }
  }

  #opened(ask: Of<"opened">): void {
    const session: Session = {
      id: ask.session,
      address: ask.address,
      bearer: undefined,
      lastCounter: 0,
      retries: undefined,
      unanswered: 0,
      finished: false,
      gone: false,
    };
    this.#sessions.set(session.id, session);
    this.#log({ kind: "attempt", address: ask.address });
    const denial = this.#gatekeeper.admit(ask.address.host, this.#clock.now());
    if (denial === undefined) return;
    this.#log({ kind: "rejected", address: ask.address, reason: denial.explanation });
    this.#close(session.id, denial.reason, denial.text);
  }

  #enter(session: Session, ask: Of<"enter">): void {
    const bearer = ask.token === undefined ? undefined : this.#tokens.verify(ask.token);
    if (bearer === undefined) {
      session.bearer = { person: this.#ids.person(), device: this.#ids.device() };
      this.#admit(session, ask, []);
      return;
    }
    session.bearer = bearer;
    const { person } = bearer;
    // From here on what is said to this person is noted, so that nothing falls between the look-up and the entry.
    this.#lookedUp.set(person, (this.#lookedUp.get(person) ?? 0) + 1);
    const heads = this.#conversations.get(person) ?? new Map<StreamId, number>();
    this.#conversations.set(person, heads);
    const known = Promise.all([this.#store.lastCounter(bearer.device), this.#store.conversations(person)]);
    known
      .then(
        ([lastCounter, conversations]) => {
          for (const { stream, head } of conversations) {
            heads.set(stream, Math.max(head, heads.get(stream) ?? 0));
          }
          session.lastCounter = lastCounter;
          if (!session.gone) this.#admit(session, ask, conversations);
        },
        (error: unknown) => this.#outlet.refuse(session.id, refusalOfFault(error)),
      )
      .finally(() => {
        const others = (this.#lookedUp.get(person) ?? 1) - 1;
        if (others === 0) this.#lookedUp.delete(person);
        else this.#lookedUp.set(person, others);
        this.#outlet.inOrder(() => this.#forgetConversations(person));
      });
  }

  /** What is said to somebody who is neither here nor coming in is the store's to know. */
  #forgetConversations(person: PersonId): void {
    if (this.#chat.roster.byId(person) === undefined && !this.#lookedUp.has(person)) {
      this.#conversations.delete(person);
    }
  }

  /** Decides on an entry, with what the store knows of the person at hand. */
  #admit(session: Session, ask: Of<"enter">, conversations: readonly StreamHead[]): void {
    const { bearer } = session;
    if (bearer === undefined) return;
    const decision = this.#decide(session, { kind: "enter", person: bearer.person, name: ask.name });
    if (decision.kind === "refused") {
      const address = session.address;
      this.#log({ kind: "rejected", address, reason: `name refused (${decision.refusal.reason})` });
      this.#outlet.refuse(session.id, decision.refusal);
      return;
    }
    if (decision.kind !== "entered") return;
    const { person } = decision;
    for (const replaced of decision.replaces) this.#forget(replaced, "taken-over", undefined);
    this.#chat.apply(decision);
    const online = this.#chat.roster.list();
    const active = this.#chat.roster.size;
    const at = this.#outlet.now();
    this.#outlet.barrier(() => {
      const heads = this.#headsFor(person.id);
      const resumed = ask.position !== undefined && ask.position.epoch === this.#store.identity.epoch;
      const claimed = resumed ? seenOf(ask.position.seen, heads) : heads;
      const floors = [{ stream: lobby, floor: this.#feed.floor }, ...conversations];
      const gone = resumed ? goneOf(claimed, floors) : [];
      this.#outlet.tell({
        kind: "entered",
        session: session.id,
        person: person.author,
        token: ask.door === "websocket" ? this.#tokens.issue(bearer) : "",
        epoch: this.#store.identity.epoch,
        resumed,
        gone,
        seen: withoutGone(claimed, gone),
        heads: newestOf(heads),
        online,
        recent: resumed ? [] : this.#feed.last(this.#settings.joinHistory),
        at,
      });
      if (!decision.first) return;
      this.#log({ kind: "join", at, name: person.name.shown, address: session.address, active });
      this.#notices.joined(person, session.id, at);
    });
  }

  #send(session: Session, ask: Of<"send">): void {
    const mayBeRetry = ask.counter !== undefined && ask.counter <= session.lastCounter;
    if (!mayBeRetry && (session.retries === undefined || session.retries.waiting === 0)) {
      this.#accept(session, ask);
      return;
    }
    if (this.#isOverloaded(session)) {
      this.#outlet.refuse(session.id, { reason: "overloaded" }, tagOf(ask.counter));
      return;
    }
    session.retries ??= new Retries(session.bearer?.device ?? "", {
      store: this.#store,
      outlet: this.#outlet,
      accept: (send) => this.#accept(session, send),
      answered: () => this.#answered(session),
    });
    session.unanswered += 1;
    session.retries.add(ask);
  }

  #accept(session: Session, ask: Of<"send">): void {
    if (session.gone) return;
    if (this.#isOverloaded(session)) {
      this.#outlet.refuse(session.id, { reason: "overloaded" }, tagOf(ask.counter));
      return;
    }
    const { counter } = ask;
    const device = session.bearer?.device;
    const draft = {
      kind: ask.action ? ("action" as const) : ("text" as const),
      text: ask.text,
      replyTo: ask.replyTo,
      threadRoot: ask.threadRoot,
      retry: counter === undefined || device === undefined ? undefined : { device, counter },
    };
    const command: Command = ask.to.startsWith("@")
      ? { kind: "tell", to: ask.to.slice(1), draft }
      : { kind: "say", stream: ask.to, draft };
    const decision = this.#decide(session, command);
    if (decision.kind === "refused") {
      this.#outlet.refuse(session.id, decision.refusal, tagOf(counter));
      return;
    }
    if (decision.kind !== "said") return;
    if (counter !== undefined) session.lastCounter = Math.max(session.lastCounter, counter);
    const { event } = decision;
    // Who leaves before it is durable is shown it all the same: it comes before the last words to him.
    const addressees = event.to === undefined ? [] : this.#sessionsOf([event.from, event.to]);
    this.#outlet.append(event, (outcome) => this.#said({ session, addressees, counter }, outcome));
  }

  /** A message has its outcome: it becomes visible, or its sender is told. */
  #said(
    {
      session,
      addressees,
      counter,
    }: {
      readonly session: Session;
      readonly addressees: readonly SessionId[];
      readonly counter: number | undefined;
    },
    outcome: Outcome,
  ): void {
    this.#noteTrouble(outcome);
    if (outcome.kind === "not-stored") {
      const refusal = refusalOf(outcome.why);
      this.#outlet.tell({
        kind: "refused",
        session: session.id,
        at: this.#clock.now(),
        refusal,
        tag: tagOf(counter),
      });
      return;
    }
    this.#publish(outcome, session.id, addressees);
    this.#outlet.tell({ kind: "ack", session: session.id, event: outcome.event, counter });
  }

  /** The operator is told when messages begin to be refused for the store's sake, and when that is over. */
  #noteTrouble(outcome: Outcome): void {
    const trouble = outcome.kind === "not-stored" && outcome.why !== "mismatch" ? outcome.why : undefined;
    if (trouble === this.#trouble || (outcome.kind === "not-stored" && trouble === undefined)) return;
    this.#trouble = trouble;
    const text =
      trouble === undefined ? "Messages are stored again" : `Messages cannot be stored: ${troubles[trouble]}`;
    this.#log({ kind: "warning", text });
  }

  #publish(
    outcome: Extract<Outcome, { event: unknown }>,
    speaker: SessionId | undefined,
    addressees: readonly SessionId[],
  ): void {
    if (outcome.kind === "repeated") return;
    const { event } = outcome;
    const { at, text } = event;
    const name = event.from.name;
    const action = event.kind === "action";
    if (event.to === undefined) {
      this.#feed.push(event);
      this.#outlet.tell({ kind: "event", event, speaker });
      this.#log({ kind: "broadcast", at, name, text, action });
      return;
    }
    const parties = [event.from, event.to];
    for (const party of parties) {
      this.#noteConversation(party.id, event);
      for (const list of this.#watching.get(party.id) ?? []) list.push(event);
    }
    for (const session of new Set([...addressees, ...this.#sessionsOf(parties)])) {
      if (session !== speaker) this.#outlet.tell({ kind: "private", session, event });
    }
    this.#log({ kind: "private", at, name, to: event.to.name, text, action });
  }

  #sessionsOf(people: readonly Author[]): readonly SessionId[] {
    return people.flatMap((person) => this.#chat.roster.byId(person.id)?.sessions ?? []);
  }

  /** Only of people who are here, or coming in: those of the others are the store's to know. */
  #noteConversation(person: PersonId, { stream, number }: StoredEvent): void {
    const heads = this.#conversations.get(person);
    if (heads !== undefined) heads.set(stream, number);
    else if (this.#chat.roster.byId(person) !== undefined) {
      this.#conversations.set(person, new Map([[stream, number]]));
    }
    const moved = this.#moved.get(person);
    if (moved !== undefined) moved.set(stream, number);
    else this.#moved.set(person, new Map([[stream, number]]));
  }

  #history(session: Session, ask: Of<"history">): void {
    if (!this.#chat.mayRead(session.id, ask.stream as StreamId)) {
      this.#outlet.refuse(session.id, { reason: "no-such-stream", stream: ask.stream }, ask.tag);
      return;
    }
    session.unanswered += 1;
    this.#reading.history(ask, () => this.#answered(session));
  }

  #answered(session: Session): void {
    session.unanswered -= 1;
    if (session.finished && session.unanswered === 0 && !session.gone) {
      this.#end(session, { reason: undefined, text: undefined });
    }
  }

  /** Hands a session the next part of what it missed, in its place in the order. */
  #catchUp(session: Session, seen: Seen): void {
    this.#outlet.barrier(() => {
      const person = this.#chat.personOf(session.id);
      if (person === undefined) return;
      this.#reading.missed(session.id, {
        seen,
        heads: this.#headsFor(person.id),
        online: () => this.#chat.roster.list(),
        again: () => this.receive([{ kind: "catch-up", session: session.id, seen }]),
        watch: (list) => this.#watch(person.id, list),
      });
    });
  }

  #watch(person: PersonId, list: StoredEvent[]): () => void {
    const lists = this.#watching.get(person) ?? new Set();
    this.#watching.set(person, lists.add(list));
    return () => {
      if (lists.delete(list) && lists.size === 0) this.#watching.delete(person);
    };
  }

  #closed(session: Session, ask: Of<"closed">): void {
    if (ask.why !== undefined) this.#log({ kind: "rejected", address: session.address, reason: ask.why });
    if (ask.finished) {
      session.finished = true;
      if (session.unanswered === 0) this.#end(session, { reason: undefined, text: undefined });
      return;
    }
    this.#leave(session);
    this.#sessions.delete(session.id);
  }

  /** Ends a session from here; its person leaves with it. */
  #close(id: SessionId, reason: ClosingReason, text: string | undefined): void {
    const session = this.#sessions.get(id);
    if (session !== undefined && !session.gone) this.#end(session, { reason, text });
  }

  /** The last words come before the others hear of the leaving: nobody is told that he himself has left. */
  #end(
    session: Session,
    how: { readonly reason: ClosingReason | undefined; readonly text: string | undefined },
  ): void {
    this.#outlet.afterwards({ kind: "close", session: session.id, at: this.#outlet.now(), ...how });
    this.#leave(session);
  }

  /** Ends a session whose person stays, by another one. */
  #forget(id: SessionId, reason: ClosingReason, text: string | undefined): void {
    const session = this.#sessions.get(id);
    if (session === undefined) return;
    session.gone = true;
    this.#gatekeeper.release(session.address.host);
    this.#outlet.afterwards({ kind: "close", session: id, at: this.#outlet.now(), reason, text });
  }

  #leave(session: Session): void {
    session.gone = true;
    this.#gatekeeper.release(session.address.host);
    const decision = this.#decide(session, { kind: "leave" });
    if (decision.kind !== "left") return;
    this.#chat.apply(decision);
    if (!decision.last) return;
    const { person } = decision;
    const active = this.#chat.roster.size;
    const at = this.#outlet.now();
    this.#outlet.barrier(() => {
      this.#forgetConversations(person.id);
      this.#log({ kind: "leave", at, name: person.name.shown, active });
      this.#notices.left(person, at);
    });
  }

  #decide(session: Session, command: Command): Decision {
    const at = this.#outlet.now();
    return this.#chat.decide(session.id, command, { at, id: this.#ids.message(at) });
  }

  /** The heads of everything that a person may read. */
  #headsFor(person: PersonId): Map<StreamId, number> {
    return new Map<StreamId, number>([
      [lobby, this.#feed.head],
      ...(this.#conversations.get(person) ?? noConversations),
    ]);
  }

  /** Reading pauses while the journal is behind: the load then waits in the senders' own sockets. */
  #hold(): void {
    // Questions count as well: their answers wait in the same order.
    const pending = Math.max(this.#outlet.pendingEvents, this.#outlet.waiting);
    const { pauseAbove } = this.#settings;
    if (this.#held ? pending > pauseAbove / 2 : pending <= pauseAbove) return;
    this.#held = !this.#held;
    this.#deliver([{ kind: this.#held ? "hold" : "release" }]);
  }

  #isOverloaded(session: Session): boolean {
    const pending = this.#outlet.pendingEvents + (session.retries?.waiting ?? 0);
    return pending >= this.#settings.refuseAboveEvents;
  }

  #beat(): void {
    this.#clock.after(this.#settings.heartbeatMs, () => {
      const at = this.#outlet.now();
      this.#outlet.barrier(() => {
        this.#outlet.tell({ kind: "heartbeat", at, heads: new Map([[lobby, this.#feed.head]]) });
        // Only what moved: somebody may have thousands of conversations.
        for (const [person, heads] of this.#moved) {
          for (const session of this.#chat.roster.byId(person)?.sessions ?? []) {
            this.#outlet.tell({ kind: "private-heartbeat", session, at, heads });
          }
        }
        this.#moved.clear();
      });
      this.#outlet.flush();
      this.#beat();
    });
  }
}

/** What a client says it saw, within what there is. Conversations that it never heard of are new to it. */
function seenOf(claimed: Seen, heads: Seen): Seen {
  return new Map(
    [...heads].map(([stream, head]) => [
      stream,
      Math.min(claimed.get(stream) ?? (partiesOf(stream) ? 0 : head), head),
    ]),
  );
}

/** A welcome names no more heads than a position may: the room's and those of the newest conversations. */
function newestOf(heads: ReadonlyMap<StreamId, number>): Seen {
  const surplus = heads.size - maxPositionHeads;
  if (surplus <= 0) return heads;
  return new Map([...heads].filter(([stream], index) => stream === lobby || index > surplus));
}

/** What of each stream was not seen and no longer exists. */
function goneOf(seen: Seen, floors: readonly Pick<StreamHead, "stream" | "floor">[]): readonly Gone[] {
  return floors.flatMap(({ stream, floor }) => {
    const number = seen.get(stream) ?? 0;
    return number < floor ? [{ stream, from: number + 1, to: floor }] : [];
  });
}

/** What is gone counts as seen. */
function withoutGone(seen: Seen, gone: readonly Gone[]): Seen {
  if (gone.length === 0) return seen;
  return new Map([...seen, ...gone.map(({ stream, to }): [StreamId, number] => [stream, to])]);
}

function tagOf(counter: number | undefined): Tag | undefined {
  return counter === undefined ? undefined : { counter };
}

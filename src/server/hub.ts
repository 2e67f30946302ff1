import { Chat, type Command, type Decision } from "../chat/chat.ts";
import { lobby, type PersonId, type StreamId } from "../chat/event.ts";
import type { Refusal } from "../chat/refusal.ts";
import type { OnlineList, SessionId } from "../chat/roster.ts";
import type { ClosingReason } from "../protocols/websocket/messages.ts";
import type { Store, StreamHead } from "../storage/store.ts";
import { addressKey } from "./address.ts";
import type { Clock } from "./clock.ts";
import { Conversations } from "./conversations.ts";
import type { DiskWatch } from "./disk-watch.ts";
import type { Feed } from "./feed.ts";
import type { Gatekeeper } from "./gatekeeper.ts";
import { HubMetrics } from "./hub-metrics.ts";
import { Ids, ResumeTokens } from "./ids.ts";
import type { Ask, Seen, Tell } from "./link.ts";
import type { Log } from "./log.ts";
import type { Sample } from "./metrics-text.ts";
import { Outlet, refusalOfFault } from "./outlet.ts";
import { goneOf, newestOf, seenOf, withoutGone } from "./positions.ts";
import { PresenceNotices } from "./presence-notices.ts";
import { Reading } from "./reading.ts";
import { Searching } from "./searching.ts";
import type { Session } from "./session.ts";
import type { Settings } from "./settings.ts";
import { Speech } from "./speech.ts";

type Of<Kind extends Ask["kind"]> = Extract<Ask, { kind: Kind }>;

export interface HubOptions {
  readonly store: Store;
  readonly feed: Feed;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly gatekeeper: Gatekeeper;
  readonly disk: Pick<DiskWatch, "isStopped" | "grew">;
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
  readonly #searching: Searching;
  readonly #notices: PresenceNotices;
  readonly #ids = new Ids();
  readonly #tokens: ResumeTokens;
  readonly #sessions = new Map<SessionId, Session>();
  readonly #conversations: Conversations;
  readonly #speech: Speech;
  readonly #metrics = new HubMetrics();
  #held = false;

  private constructor(options: HubOptions) {
    const { feed } = options;
    this.#store = options.store;
    this.#clock = options.clock;
    // One object for all parts of this side, which `change` keeps up to date.
    const settings = { ...options.settings };
    this.#settings = settings;
    this.#gatekeeper = options.gatekeeper;
    this.#log = options.log;
    this.#deliver = options.deliver;
    this.#chat = new Chat({ maxTextBytes: options.settings.maxLineBytes });
    this.#feed = feed;
    this.#conversations = new Conversations((person) => this.#chat.roster.byId(person) !== undefined);
    this.#tokens = new ResumeTokens(options.store.identity.tokenSecret);
    const { store, clock, deliver } = options;
    this.#outlet = new Outlet(store, {
      clock,
      deliver,
      released: () => this.#hold(),
      metrics: this.#metrics,
    });
    this.#reading = new Reading({ store, feed, outlet: this.#outlet, clock, settings });
    this.#searching = new Searching({
      store,
      outlet: this.#outlet,
      settings,
      clock,
      metrics: this.#metrics,
    });
    this.#speech = new Speech({
      store,
      feed,
      settings,
      clock,
      log: options.log,
      disk: options.disk,
      metrics: this.#metrics,
      chat: this.#chat,
      ids: this.#ids,
      outlet: this.#outlet,
      conversations: this.#conversations,
      decide: (session, command) => this.#decide(session, command),
      answered: (session) => this.#answered(session),
    });
    this.#notices = new PresenceNotices(clock, {
      tell: (tell) => this.#outlet.tell(tell),
      inOrder: (action) => this.#outlet.inOrder(action),
    });
  }

  static open(options: HubOptions): Hub {
    const hub = new Hub(options);
    hub.#beat();
    return hub;
  }

  /** What one turn of the front brought. */
  receive(asks: readonly Ask[]): void {
    this.#speech.arrived();
    for (const ask of asks) this.#ask(ask);
    this.#hold();
    this.#outlet.flush();
  }

  change(settings: Settings): void {
    Object.assign(this.#settings, settings);
  }

  /** Resolves when everything that was asked so far has been decided, stored and handed on. */
  async drained(): Promise<void> {
    await this.#outlet.drained();
  }

  /** Says something to everybody, as the operator. Resolves to what became of it. */
  announce(text: string): Promise<Refusal | undefined> {
    return this.#speech.announce(text);
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

  /** Why messages cannot be stored at the moment; `undefined` where they can. */
  trouble(): Promise<string | undefined> {
    return this.#speech.trouble();
  }

  /** What it counted, and how things stand. */
  samples(): readonly Sample[] {
    return [
      ...this.#metrics.samples(),
      { metric: "roomful_people_online", value: this.#chat.roster.size },
      { metric: "roomful_pending_messages", value: this.#outlet.pendingEvents },
      { metric: "roomful_waiting", value: this.#outlet.waiting },
      { metric: "roomful_reading_paused", value: this.#held ? 1 : 0 },
    ];
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
        this.#speech.send(session, ask);
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
      case "search":
        this.#search(session, ask);
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
      door: "line",
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
    session.door = ask.door;
    const bearer = ask.token === undefined ? undefined : this.#tokens.verify(ask.token);
    if (bearer === undefined) {
      session.bearer = { person: this.#ids.person(), device: this.#ids.device() };
      this.#admit(session, ask, []);
      return;
    }
    session.bearer = bearer;
    const { person } = bearer;
    this.#conversations.beginLookUp(person);
    const known = Promise.all([this.#store.lastCounter(bearer.device), this.#store.conversations(person)]);
    known
      .then(
        ([lastCounter, conversations]) => {
          this.#conversations.found(person, conversations);
          session.lastCounter = lastCounter;
          if (!session.gone) this.#admit(session, ask, conversations);
        },
        (error: unknown) => this.#outlet.refuse(session.id, refusalOfFault(error)),
      )
      .finally(() => {
        this.#conversations.endLookUp(person);
        this.#outlet.inOrder(() => this.#conversations.forget(person));
      });
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

  #history(session: Session, ask: Of<"history">): void {
    if (!this.#chat.mayRead(session.id, ask.stream as StreamId)) {
      this.#outlet.refuse(session.id, { reason: "no-such-stream", stream: ask.stream }, ask.tag);
      return;
    }
    session.unanswered += 1;
    this.#reading.history(ask, () => this.#answered(session));
  }

  #search(session: Session, ask: Of<"search">): void {
    const person = this.#chat.personOf(session.id);
    if (person === undefined) return;
    session.unanswered += 1;
    this.#searching.search(ask, {
      reader: person.id,
      // Who may read what is known when everything before has been released.
      streams: () =>
        [...this.#headsFor(person.id).keys()].filter((stream) => this.#chat.mayRead(session.id, stream)),
      answered: () => this.#answered(session),
    });
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
        watch: (list) => this.#conversations.watch(person.id, list),
      });
    });
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
      this.#conversations.forget(person.id);
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
    return new Map<StreamId, number>([[lobby, this.#feed.head], ...this.#conversations.headsOf(person)]);
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

  #beat(): void {
    this.#clock.after(this.#settings.heartbeatMs, () => {
      const at = this.#outlet.now();
      this.#outlet.barrier(() => {
        this.#outlet.tell({ kind: "heartbeat", at, heads: new Map([[lobby, this.#feed.head]]) });
        // Only what moved: somebody may have thousands of conversations.
        for (const [person, heads] of this.#conversations.takeMoved()) {
          for (const session of this.#chat.roster.byId(person)?.sessions ?? []) {
            this.#outlet.tell({ kind: "private-heartbeat", session, at, heads });
          }
        }
      });
      this.#outlet.flush();
      this.#beat();
    });
  }
}

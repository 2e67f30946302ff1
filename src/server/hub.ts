import { Chat, type ChatLimits } from "../chat/chat.ts";
import type { Command, Decision, Entry } from "../chat/command.ts";
import { lobby, type PersonId, type StreamId } from "../chat/event.ts";
import { ignoreRecords } from "../chat/ignore-record.ts";
import { isPassing, recordOf, takeRecord } from "../chat/record.ts";
import type { Refusal } from "../chat/refusal.ts";
import type { Room } from "../chat/room.ts";
import { memberRecords, roomKey, roomRecords } from "../chat/room-record.ts";
import { listOf, type OnlineList, type SessionId } from "../chat/roster.ts";
import { wordsOf } from "../chat/text.ts";
import type { ClosingReason } from "../protocols/websocket/messages.ts";
import type { Store, StreamHead } from "../storage/store.ts";
import { type AccountMeans, Accounts, mayBeClear } from "./accounts.ts";
import { addressKey } from "./address.ts";
import { Asides } from "./asides.ts";
import type { Clock } from "./clock.ts";
import { Conversations } from "./conversations.ts";
import { Deeds } from "./deeds.ts";
import type { DiskWatch } from "./disk-watch.ts";
import type { Feeds } from "./feeds.ts";
import type { Gatekeeper } from "./gatekeeper.ts";
import { HubMetrics } from "./hub-metrics.ts";
import { type Bearer, Ids, ResumeTokens } from "./ids.ts";
import { ignorersOf } from "./ignorers.ts";
import type { Ask, RoomEntry, Seen, Tell } from "./link.ts";
import type { Log } from "./log.ts";
import { Looking } from "./looking.ts";
import { LookingBack } from "./looking-back.ts";
import { Metadata } from "./metadata.ts";
import type { Sample } from "./metrics-text.ts";
import { Operators } from "./operators.ts";
import { Outlet, refusalOfFault } from "./outlet.ts";
import { goneOf, newestOf, seenOf, withoutGone } from "./positions.ts";
import { PresenceNotices, passing } from "./presence-notices.ts";
import { ReadMarkers } from "./read-markers.ts";
import { Reading } from "./reading.ts";
import { RecordKeeper } from "./record-keeper.ts";
import { tagOfRoom } from "./room-views.ts";
import { Searching } from "./searching.ts";
import type { Session } from "./session.ts";
import type { Settings } from "./settings.ts";
import { Speech } from "./speech.ts";
import { StreamFinder } from "./stream-finder.ts";
import { type FoundWaiting, WaitingMessages } from "./waiting-messages.ts";
import { Watching } from "./watching.ts";

/** How often it is looked for rooms that nobody has been in for too long. */
const emptyRoomsMs = 3_600_000;

type Of<Kind extends Ask["kind"]> = Extract<Ask, { kind: Kind }>;

export interface HubOptions {
  readonly store: Store;
  readonly feeds: Feeds;
  readonly clock: Clock;
  readonly settings: Settings;
  readonly gatekeeper: Gatekeeper;
  readonly disk: Pick<DiskWatch, "isStopped" | "grew">;
  readonly log: Log;
  /** Reads the configuration again. */
  readonly reread: () => void;
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
  readonly #feeds: Feeds;
  readonly #outlet: Outlet;
  readonly #reading: Reading;
  readonly #searching: Searching;
  readonly #notices: PresenceNotices;
  readonly #ids = new Ids();
  readonly #tokens: ResumeTokens;
  readonly #sessions = new Map<SessionId, Session>();
  readonly #conversations: Conversations;
  readonly #speech: Speech;
  readonly #deeds: Deeds;
  readonly #looking: Looking;
  readonly #lookingBack: LookingBack;
  readonly #operators: Operators;
  readonly #watching: Watching;
  #accounts!: Accounts;
  #waiting!: WaitingMessages;
  #markers!: ReadMarkers;
  #asides!: Asides;
  #metadata!: Metadata;
  readonly #records: RecordKeeper;
  readonly #metrics = new HubMetrics();
  #held = false;
  /** Sessions that are not gone. */
  #connections = 0;

  private constructor(options: HubOptions) {
    const { feeds } = options;
    this.#store = options.store;
    this.#clock = options.clock;
    // One object for all parts of this side, which `change` keeps up to date.
    const settings = { ...options.settings };
    this.#settings = settings;
    this.#gatekeeper = options.gatekeeper;
    this.#log = options.log;
    this.#deliver = options.deliver;
    this.#chat = new Chat(limitsOf(settings), settings.casemapping);
    this.#records = new RecordKeeper({
      of: (key) => recordOf(this.#chat, key),
      take: (key, value) => takeRecord(this.#chat, key, value),
      isPassing: (key) => isPassing(this.#chat, key),
    });
    this.#feeds = feeds;
    this.#conversations = new Conversations((person) => this.#chat.roster.byId(person) !== undefined);
    this.#tokens = new ResumeTokens(options.store.identity.tokenSecret);
    const { store, clock, deliver } = options;
    this.#outlet = new Outlet(store, {
      clock,
      deliver,
      released: () => this.#hold(),
      metrics: this.#metrics,
    });
    this.#reading = new Reading({ store, feeds, outlet: this.#outlet, clock, settings });
    this.#searching = new Searching({
      store,
      outlet: this.#outlet,
      settings,
      clock,
      metrics: this.#metrics,
    });
    this.#speech = new Speech({
      store,
      feeds,
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
      keepFor: (person, stream, at) => this.#waiting.put(person, stream, at),
    });
    this.#notices = new PresenceNotices(clock, {
      tell: (tell) => this.#outlet.tell(tell),
      inOrder: (action) => this.#outlet.inOrder(action),
    });
    this.#looking = new Looking({
      chat: this.#chat,
      addressOf: ({ sessions }) => this.#sessions.get(sessions[0] ?? 0)?.address.host,
      isSecure: ({ sessions }) => sessions.every((id) => this.#sessions.get(id)?.security !== undefined),
      certificateOf: ({ sessions }) =>
        sessions.flatMap((id) => this.#sessions.get(id)?.security?.certificate ?? []).at(-1),
      connections: () => this.#connections,
    });
    this.#watching = new Watching({
      chat: this.#chat,
      outlet: this.#outlet,
      settings,
      shown: (session, names) => this.#metadata.watched(session, names),
    });
    this.#operators = new Operators({
      chat: this.#chat,
      outlet: this.#outlet,
      settings,
      clock,
      log: options.log,
      mayBeClear: (session) => mayBeClear(session, settings),
      end: (id, words, by) => {
        const session = this.#sessions.get(id);
        if (session === undefined || session.gone) return;
        session.partingWords = words;
        this.#end(session, { reason: "kicked", text: words, by });
      },
      reread: options.reread,
    });
    this.#deeds = new Deeds({
      chat: this.#chat,
      feeds,
      settings,
      outlet: this.#outlet,
      records: this.#records,
      notices: this.#notices,
      speech: this.#speech,
      decide: (session, command) => this.#decide(session, command),
      readUpTo: (person, room) => this.#markers.get(person, room.stream),
      looking: this.#looking,
      watching: this.#watching,
      cameIn: (session, room) => this.#metadata.joined(session, room),
      wantsMembers: (id) => this.#sessions.get(id)?.door === "irc",
      await: (session, what) => this.#await(session, what),
    });
    this.#lookingBack = new LookingBack({
      chat: this.#chat,
      store,
      feeds,
      settings,
      outlet: this.#outlet,
      finder: new StreamFinder(this.#chat, store),
      answered: (session) => this.#answered(session),
    });
  }

  /** Rejects with `StoreFault` where the rooms cannot be read. */
  static async open(options: HubOptions): Promise<Hub> {
    const hub = new Hub(options);
    hub.#markers = await ReadMarkers.open(options.store);
    hub.#asides = hub.#makeAsides();
    hub.#metadata = await Metadata.open({
      store: options.store,
      chat: hub.#chat,
      outlet: hub.#outlet,
      watching: hub.#watching,
      settings: hub.#settings,
      clock: hub.#clock,
    });
    hub.#waiting = await WaitingMessages.open({
      store: options.store,
      conversations: hub.#conversations,
      settings: hub.#settings,
    });
    hub.#accounts = await Accounts.open(hub.#accountMeans());
    for (const kind of [roomRecords, memberRecords, ignoreRecords]) {
      for (const { key, value } of await options.store.records(kind)) takeRecord(hub.#chat, key, value);
    }
    hub.#beat();
    hub.#closeEmptyRooms();
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
    this.#chat.limits = limitsOf(settings);
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
    return listOf(this.#chat.roster.everybody(), "");
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
    // Who has said all there was to say is not gone before that is done; whose connection is lost is gone at once.
    if (session.later !== undefined && (ask.kind !== "closed" || ask.finished)) {
      session.later.push(ask);
      return;
    }
    switch (ask.kind) {
      case "secured":
        session.security = { certificate: ask.certificate };
        return;
      case "enter":
        this.#enter(session, ask);
        return;
      case "send":
        this.#speech.send(session, ask);
        return;
      case "signal":
        this.#asides.signal(session, ask);
        return;
      case "remove":
        this.#asides.remove(session, ask);
        return;
      case "mark-read":
        this.#asides.markRead(session, ask);
        return;
      case "look-back":
        this.#lookingBack.lookBack(session, ask);
        return;
      case "look-for-talk":
        this.#lookingBack.lookForTalk(session, ask);
        return;
      case "register":
        this.#accounts.register(session, ask);
        return;
      case "sign-in":
        this.#accounts.signIn(session, ask);
        return;
      case "scram":
        this.#accounts.scram(session, ask);
        return;
      case "certificates":
        this.#accounts.certificates(session, ask);
        return;
      case "devices":
        this.#accounts.devices(session, ask);
        return;
      case "change-password":
        this.#accounts.changePassword(session, ask);
        return;
      case "do":
        this.#deeds.do(session, ask.deed, ask.tag);
        return;
      case "look":
        this.#look(session, ask);
        return;
      case "watch": {
        const answer = this.#watching.change(session.id, ask.change);
        const at = this.#outlet.now();
        this.#outlet.afterwards({ kind: "answer", session: session.id, at, tag: ask.tag, answer });
        if (ask.change.kind === "add") {
          const names = answer.watched.map(({ name }) => name);
          this.#outlet.barrier(() => this.#metadata.watched(session.id, names));
        }
        return;
      }
      case "metadata":
        this.#metadata.do(session, ask);
        return;
      case "operate":
        this.#operators.operate(session, ask);
        return;
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
      isLocal: ask.isLocal,
      security: undefined,
      door: "line",
      bearer: undefined,
      client: "",
      lingers: false,
      lingering: undefined,
      account: undefined,
      lastCounter: 0,
      retries: undefined,
      later: undefined,
      partingWords: undefined,
      device: undefined,
      token: undefined,
      unanswered: 0,
      finished: false,
      gone: false,
    };
    this.#sessions.set(session.id, session);
    this.#connections += 1;
    this.#log({ kind: "attempt", address: ask.address });
    const denial = this.#gatekeeper.admit(ask.address.host, this.#clock.now());
    if (denial === undefined) return;
    this.#log({ kind: "rejected", address: ask.address, reason: denial.explanation });
    this.#close(session.id, denial.reason, denial.text);
  }

  #enter(session: Session, ask: Of<"enter">): void {
    session.door = ask.door;
    session.lingers = ask.lingers === true;
    const bearer = this.#bearerOf(session, ask);
    if (bearer === undefined) {
      session.bearer = { person: this.#ids.person(), device: this.#ids.device() };
      session.client = clientOf(session.bearer, ask);
      this.#admit(session, ask, { conversations: [], waiting: undefined });
      return;
    }
    session.bearer = bearer;
    session.client = clientOf(bearer, ask);
    const { person } = bearer;
    this.#conversations.beginLookUp(person);
    const found = session.account === undefined ? undefined : this.#waiting.find(person);
    const known = Promise.all([
      this.#store.lastCounter(session.client),
      this.#store.conversations(person),
      found,
      ...[...this.#chat.rooms.of(person)].map(({ stream }) => this.#feeds.fill(stream)),
    ]);
    known
      .then(
        ([lastCounter, conversations, waiting]) => {
          this.#conversations.found(person, conversations);
          session.lastCounter = lastCounter;
          if (session.gone) waiting?.giveUp();
          else this.#admit(session, ask, { conversations, waiting });
        },
        (error: unknown) => {
          found?.then(
            (waiting) => waiting.giveUp(),
            () => undefined,
          );
          this.#outlet.refuse(session.id, refusalOfFault(error), ask.tag);
        },
      )
      .finally(() => {
        this.#conversations.endLookUp(person);
        this.#outlet.inOrder(() => this.#conversations.forget(person));
      });
  }

  /** Who somebody is by his account or by his token. */
  #bearerOf(session: Session, ask: Of<"enter">): Bearer | undefined {
    if (session.account !== undefined) {
      session.device ??= this.#ids.device();
      return { person: session.account.person, device: session.device };
    }
    if (ask.token === undefined) return undefined;
    const device = this.#accounts.signInByToken(session, ask.token);
    if (device !== undefined) return device;
    const bearer = this.#tokens.verify(ask.token);
    // Whose account it became is asked for the password, or for a token that can be taken back.
    return bearer === undefined || this.#accounts.byPerson(bearer.person) !== undefined ? undefined : bearer;
  }

  /** Decides on an entry, with what the store knows of the person at hand. */
  #admit(
    session: Session,
    ask: Of<"enter">,
    known: { readonly conversations: readonly StreamHead[]; readonly waiting: FoundWaiting | undefined },
  ): void {
    const { bearer } = session;
    if (bearer === undefined) return;
    const decision = this.#decide(session, { kind: "enter", entry: this.#entryOf(session, bearer, ask) });
    if (decision.kind !== "entered") known.waiting?.giveUp();
    if (decision.kind === "refused") {
      const address = session.address;
      this.#log({ kind: "rejected", address, reason: `name refused (${decision.refusal.reason})` });
      this.#outlet.refuse(session.id, decision.refusal, ask.tag);
      return;
    }
    if (decision.kind !== "entered") return;
    const { person, first } = decision;
    const { author } = person;
    for (const replaced of decision.replaces) this.#forget(replaced, "taken-over", undefined);
    this.#chat.apply(decision);
    this.#metadata.entered(session.id, person);
    this.#looking.came();
    const active = this.#chat.roster.size;
    const at = this.#outlet.now();
    const rooms = [...this.#chat.rooms.of(person.id)];
    if (rooms.length > 1) rooms.sort((one, other) => +other.isLobby - +one.isLobby);
    const entries = rooms.map((room) => this.#deeds.entryOf(room, person));
    const others = person.sessions.filter((id) => id !== session.id);
    const isNew = decision.lobby;
    const who = passing(person);
    const waited = known.waiting?.take();
    this.#outlet.barrier(() => {
      const heads = this.#headsFor(person.id, rooms);
      const resumed = ask.position !== undefined && ask.position.epoch === this.#store.identity.epoch;
      const claimed = resumed ? seenOf(ask.position.seen, heads) : heads;
      const floors = (): Parameters<typeof goneOf>[1] => [
        ...rooms.map(({ stream }) => ({ stream, floor: this.#feeds.get(stream).floor })),
        ...known.conversations,
      ];
      const gone = resumed ? goneOf(claimed, floors()) : [];
      const whole = entries.map((entry) => this.#deeds.withHistory(entry, person.id, { isResumed: resumed }));
      this.#outlet.tell({
        kind: "entered",
        session: session.id,
        tag: ask.tag,
        person: author,
        token: ask.door === "websocket" ? (session.token ?? this.#tokens.issue(bearer)) : "",
        epoch: this.#store.identity.epoch,
        resumed,
        gone,
        seen: withoutGone(claimed, gone),
        heads: newestOf(heads),
        rooms: whole,
        metadata: this.#metadata.of(person.id),
        counts: ask.door === "irc" ? this.#looking.counts() : undefined,
        at,
      });
      this.#tellOthers(
        others,
        whole.find(({ room }) => room.stream === isNew?.stream),
        at,
      );
      const events = this.#chat.ignoring.shown(person.id, waited?.events() ?? []);
      if (events.length > 0) this.#outlet.tell({ kind: "waited", session: session.id, at, events });
      if (first) this.#watching.came({ author });
      if (first) this.#log({ kind: "join", at, name: author.name, address: session.address, active });
      for (const room of first ? rooms : isNew === undefined ? [] : [isNew]) {
        const member = { ...who, roles: room.rolesOf(person.id) };
        this.#notices.joined(member, { room: room.stream, except: person.sessions, at });
      }
    });
    if (waited !== undefined && waited.changes.length > 0) {
      this.#outlet.record(waited.changes, () => undefined);
    }
  }

  /** The other sessions of somebody stand in the lobby as well, where one of them does. */
  #tellOthers(sessions: readonly SessionId[], entry: RoomEntry | undefined, at: number): void {
    if (entry === undefined) return;
    for (const session of sessions)
      this.#outlet.tell({ kind: "room-entered", session, at, tag: undefined, entry });
  }

  #entryOf(session: Session, { person }: Bearer, ask: Of<"enter">): Entry {
    const sessions = this.#chat.roster.byId(person)?.sessions ?? [];
    return {
      person,
      name: ask.name,
      account: session.account?.name.shown,
      user: ask.user,
      host: this.#tokens.cloak(addressKey(session.address.host)),
      realName: wordsOf(ask.realName),
      isBot: false,
      away: ask.away === undefined || ask.away === "" ? undefined : wordsOf(ask.away),
      lobby: ask.door !== "irc",
      replaces: sessions.filter((id) => this.#sessions.get(id)?.client === session.client),
    };
  }

  #history(session: Session, ask: Of<"history">): void {
    const stream = this.#chat.rooms.find(ask.stream)?.stream ?? (ask.stream as StreamId);
    const mayRead = (): boolean => this.#chat.mayRead(session.id, stream);
    const person = this.#chat.personOf(session.id);
    if (person === undefined || !mayRead()) {
      this.#outlet.refuse(session.id, { reason: "no-such-stream", stream: ask.stream }, ask.tag);
      return;
    }
    session.unanswered += 1;
    this.#reading.history(
      { ...ask, stream },
      {
        mayRead,
        ignoring: this.#chat.ignoring,
        reader: person.id,
        answered: () => this.#answered(session),
      },
    );
  }

  #search(session: Session, ask: Of<"search">): void {
    const person = this.#chat.personOf(session.id);
    if (person === undefined) return;
    session.unanswered += 1;
    this.#searching.search(ask, {
      reader: person.id,
      unheard: () => this.#chat.ignoring.unheardBy(person.id),
      // Who may read what is known when everything before has been released.
      streams: () =>
        [...this.#headsFor(person.id, this.#chat.rooms.of(person.id)).keys()].filter((stream) =>
          this.#chat.mayRead(session.id, stream),
        ),
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
      // A room that he comes into meanwhile he is told of in its place, with what is to be seen of it.
      const rooms = (): Room[] =>
        [...this.#chat.rooms.of(person.id)].filter(({ stream }) => seen.has(stream));
      this.#reading.missed(session.id, {
        seen,
        heads: this.#headsFor(person.id, rooms()),
        mayRead: (stream) => this.#chat.mayRead(session.id, stream),
        shown: (events) => this.#chat.ignoring.shown(person.id, events),
        online: () => rooms().map((room) => ({ room: tagOfRoom(room), online: room.people() })),
        again: () => this.receive([{ kind: "catch-up", session: session.id, seen }]),
        watch: (list) => this.#conversations.watch(person.id, list),
      });
    });
  }

  #closed(session: Session, ask: Of<"closed">): void {
    session.partingWords ??= ask.text && wordsOf(ask.text);
    if (ask.why !== undefined) this.#log({ kind: "rejected", address: session.address, reason: ask.why });
    if (ask.finished) {
      session.finished = true;
      if (session.unanswered === 0) this.#end(session, { reason: undefined, text: undefined });
      return;
    }
    const isLost = ask.why === undefined && this.#chat.personOf(session.id) !== undefined;
    if (isLost && session.lingers && this.#settings.lingerMs > 0) {
      this.#linger(session);
      return;
    }
    this.#leave(session);
    this.#sessions.delete(session.id);
  }

  /** Its person stays for a while, and for good where the same client comes back in time. */
  #linger(session: Session): void {
    this.#connections -= 1;
    session.lingering = this.#clock.after(this.#settings.lingerMs, () => {
      if (session.gone) return;
      this.#leave(session);
      this.#outlet.flush();
    });
  }

  /** Ends a session from here; its person leaves with it. */
  #close(id: SessionId, reason: ClosingReason, text: string | undefined): void {
    const session = this.#sessions.get(id);
    if (session !== undefined && !session.gone) this.#end(session, { reason, text });
  }

  /** The last words come before the others hear of the leaving: nobody is told that he himself has left. */
  #end(session: Session, how: Pick<Extract<Tell, { kind: "close" }>, "reason" | "text" | "by">): void {
    this.#outlet.afterwards({ kind: "close", session: session.id, at: this.#outlet.now(), ...how });
    this.#leave(session);
  }

  /** Ends a session whose person stays, by another one. */
  #forget(id: SessionId, reason: ClosingReason, text: string | undefined): void {
    const session = this.#sessions.get(id);
    if (session === undefined) return;
    this.#goneFrom(session);
    this.#outlet.afterwards({ kind: "close", session: id, at: this.#outlet.now(), reason, text });
  }

  #goneFrom(session: Session): void {
    session.gone = true;
    if (session.lingering === undefined) {
      this.#connections -= 1;
    } else {
      session.lingering.cancel();
      this.#sessions.delete(session.id);
    }
    this.#watching.forget(session.id);
    this.#metadata.forget(session.id);
    this.#gatekeeper.release(session.address.host);
  }

  #leave(session: Session): void {
    this.#goneFrom(session);
    const decision = this.#decide(session, { kind: "leave" });
    if (decision.kind !== "left") return;
    if (decision.last) this.#lastLeft(decision, session.partingWords);
    else this.#chat.apply(decision);
  }

  /** Somebody is gone, and so may be rooms that nobody else was in. */
  #lastLeft(decision: Extract<Decision, { kind: "left" }>, text: string | undefined): void {
    const { person } = decision;
    this.#metadata.left(person);
    this.#looking.left(person, this.#outlet.now());
    const rooms = [...this.#chat.rooms.of(person.id)];
    const left = person.account === undefined ? rooms : [];
    const keys = left.filter((room) => !room.isLobby && room.members.size === 1).map(roomKey);
    const at = this.#outlet.now();
    const changed = this.#records.change(keys, () => {
      this.#chat.apply(decision);
      for (const room of left) this.#chat.tidy(room, at);
    });
    const active = this.#chat.roster.size;
    const tell = (): void => {
      if (person.account === undefined) this.#forgetGuest(person.id);
      else this.#conversations.forget(person.id);
      this.#log({ kind: "leave", at, name: person.name.shown, active });
      this.#watching.left(person.name.shown);
      const words = text === undefined ? {} : { text, hiddenFrom: ignorersOf(this.#chat, person.author) };
      const where = { rooms: rooms.map(({ stream }) => stream), except: [], at };
      this.#notices.left(passing(person), { ...where, ...words });
      for (const room of rooms) if (room.present.size === 0) this.#feeds.empty(room.stream);
    };
    if (changed.toStore.length === 0) {
      this.#outlet.barrier(tell);
      return;
    }
    this.#outlet.record(changed.toStore, (outcome) => {
      this.#records.settled(changed, outcome.kind === "stored");
      if (outcome.kind === "stored" || outcome.why !== "unknown") tell();
    });
  }

  #decide(session: Session, command: Command): Decision {
    const at = this.#outlet.now();
    const newStream = (): StreamId => this.#ids.room();
    return this.#chat.decide(session.id, command, { at, id: this.#ids.message(at), newStream });
  }

  /** The heads of everything that a person may read, rooms first. */
  #headsFor(person: PersonId, rooms: Iterable<Room>): Map<StreamId, number> {
    const heads = new Map<StreamId, number>();
    for (const { stream } of rooms) heads.set(stream, this.#feeds.get(stream).head);
    for (const [stream, head] of this.#conversations.headsOf(person)) heads.set(stream, head);
    return heads;
  }

  #closeEmptyRooms(): void {
    this.#deeds.closeEmptyRooms(this.#outlet.now());
    this.#metadata.tidy();
    this.#outlet.flush();
    this.#clock.after(emptyRoomsMs, () => this.#closeEmptyRooms());
  }

  #makeAsides(): Asides {
    return new Asides({
      chat: this.#chat,
      store: this.#store,
      ids: this.#ids,
      outlet: this.#outlet,
      speech: this.#speech,
      finder: new StreamFinder(this.#chat, this.#store),
      markers: this.#markers,
      decide: (session, command) => this.#decide(session, command),
      answered: (session) => this.#answered(session),
    });
  }

  #accountMeans(): AccountMeans {
    return {
      store: this.#store,
      chat: this.#chat,
      outlet: this.#outlet,
      deeds: this.#deeds,
      notices: this.#notices,
      watching: this.#watching,
      metadata: this.#metadata,
      settings: this.#settings,
      clock: this.#clock,
      ids: this.#ids,
      close: (id, text) => this.#close(id, "signed-out", text),
      sessions: this.#sessions,
      await: (session, what) => this.#await(session, what),
      forgetGuest: (guest) => this.#forgetGuest(guest),
      lookUp: async (person) => {
        this.#conversations.beginLookUp(person);
        const release = (): void => {
          this.#conversations.endLookUp(person);
          this.#outlet.inOrder(() => this.#conversations.forget(person));
        };
        try {
          this.#conversations.found(person, await this.#store.conversations(person));
          const fills = [...this.#chat.rooms.of(person)].map(({ stream }) => this.#feeds.fill(stream));
          await Promise.all(fills);
          return { release, waiting: await this.#waiting.find(person) };
        } catch (error) {
          release();
          throw error;
        }
      },
    };
  }

  /** What a session asks from now on waits until a promise is resolved, which never rejects. */
  #await(session: Session, what: Promise<void>): void {
    const later: Ask[] = [];
    session.later = later;
    void what.then(() => {
      session.later = undefined;
      this.receive(later);
    });
  }

  #forgetGuest(guest: PersonId): void {
    this.#conversations.forget(guest);
    this.#markers.forget(guest);
  }

  #look(session: Session, { query, tag }: Of<"look">): void {
    const person = this.#chat.personOf(session.id);
    if (person === undefined) return;
    const answer = this.#looking.answer(person, query);
    if ("reason" in answer) {
      this.#outlet.refuse(session.id, answer, tag);
      return;
    }
    this.#outlet.afterwards({ kind: "answer", session: session.id, at: this.#outlet.now(), tag, answer });
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
        this.#outlet.tell({ kind: "heartbeat", at, heads: new Map([[lobby, this.#feeds.lobby.head]]) });
        // Only what moved: somebody may have thousands of conversations, and there may be as many rooms.
        for (const room of this.#feeds.takeMoved()) {
          this.#outlet.tell({ kind: "room-head", at, room, head: this.#feeds.get(room).head });
        }
        for (const [person, heads] of this.#conversations.takeMoved()) {
          for (const session of this.#chat.roster.byId(person)?.sessions ?? []) {
            this.#outlet.tell({ kind: "heads", session, at, heads });
          }
        }
      });
      this.#outlet.flush();
      this.#beat();
    });
  }
}

function limitsOf(settings: Settings): ChatLimits {
  const { maxLineBytes, maxMultilineBytes, maxLines, maxRooms, maxRoomsEach, maxIgnored } = settings;
  return { maxTextBytes: maxLineBytes, maxMultilineBytes, maxLines, maxRooms, maxRoomsEach, maxIgnored };
}

/** A device is one client, or in a browser one for each tab. */
function clientOf({ device }: Bearer, { tab }: Of<"enter">): string {
  return tab === undefined ? device : `${device}/${tab}`;
}

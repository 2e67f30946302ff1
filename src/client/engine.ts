import { lobby, type MessageId } from "../chat/event.ts";
import type { RefusalReason } from "../chat/refusal.ts";
import { ownRefusalText } from "../protocols/own-refusal-text.ts";
import {
  type ClientMessage,
  costOf,
  protocolVersion,
  type ServerMessage,
  type WireEvent,
  websocketPath,
} from "../protocols/websocket/messages.ts";
import { showServerAddress } from "./address.ts";
import { Backoff, defaultBackoff } from "./backoff.ts";
import { type Clock, systemClock, type Timer } from "./clock.ts";
import { Connection } from "./connection.ts";
import type { EndReason, EngineEvent, ServerOf } from "./engine-event.ts";
import {
  defaultOutboxLimit,
  defaultPatienceMs,
  defaultRetryAfterMs,
  type EngineOptions,
  finalReasons,
  passingNameRefusals,
  passingSendRefusals,
  passwordRefusals,
  type QuitOptions,
  type SendOptions,
  silentHeartbeats,
  stableMs,
} from "./engine-options.ts";
import { Intake } from "./intake.ts";
import type { Welcome } from "./order.ts";
import { type Ask, Outbox, type Send } from "./outbox.ts";
import { Pace } from "./pace.ts";
import type { Question } from "./questions.ts";
import { Rooms } from "./rooms.ts";
import { unsendable } from "./unsendable.ts";

type Phase = "new" | "connecting" | "greeting" | "unnamed" | "live" | "waiting" | "leaving" | "closed";
type TimerName = "reconnect" | "pump" | "patience";

/**
 * One person's place in a chat, over as many connections as it takes. It sends each thing once and in order,
 * tells each event once and in order, and says when the connection is lost and when it is back. Until the first
 * welcome nothing is tried twice: a server that cannot be reached is the end.
 */
export class Engine {
  readonly #options: EngineOptions;
  readonly #clock: Clock;
  readonly #backoff: Backoff;
  readonly #outbox: Outbox;
  readonly #pace = new Pace();
  readonly #intake: Intake;
  readonly #rooms: Rooms;
  readonly #timers = new Map<TimerName, Timer>();
  #phase: Phase = "new";
  #connection: Connection | undefined;
  #name: string;
  /** What the next hello gives, until it is welcomed. */
  #password: string | undefined;
  #isSignedIn = false;
  #welcome: Welcome | undefined;
  #liveSince = 0;
  /** Another name went out on a connection on which one had been refused. */
  #greetsAgain = false;
  #lastCounter: number;
  #lastRequest = 0;
  #quitting: Required<QuitOptions> | undefined;
  #leavers: (() => void)[] = [];
  #roomSeekers: (() => void)[] = [];

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#name = options.name;
    this.#lastCounter = (options.firstCounter ?? 1) - 1;
    this.#clock = options.clock ?? systemClock;
    this.#backoff = new Backoff(options.backoff ?? defaultBackoff, options.random ?? Math.random);
    this.#outbox = new Outbox(options.outboxLimit ?? defaultOutboxLimit);
    for (const send of options.unsent ?? []) this.#resend(send);
    this.#intake = new Intake({
      tell: (event) => this.#tell(event),
      ask: (question) => this.#question(question),
      maybeOwn: (event) =>
        event.from.id === this.#welcome?.you.id &&
        this.#outbox.mayHaveSent(event, this.#rooms.nameOf(event.stream)),
    });
    this.#rooms = new Rooms({
      tell: (event) => this.#tell(event),
      intake: this.#intake,
      outbox: this.#outbox,
      nextRequest: () => this.#nextRequest(),
    });
  }

  /** Begins to connect. To be called once. */
  start(): void {
    this.#connect();
  }

  /** Whether what is asked now goes out as soon as the pace allows; otherwise it waits for a connection. */
  get live(): boolean {
    return this.#phase === "live";
  }

  /** Whether the name was found to be one's own here, by its password or by making it so. */
  get isSignedIn(): boolean {
    return this.#isSignedIn;
  }

  /** Whether a text may have several lines, as far as it is known. */
  get takesLines(): boolean {
    return this.#welcome === undefined || (this.#welcome.limits.maxLines ?? 1) > 1;
  }

  /** The sends that are not answered yet, in order. */
  get unsent(): readonly Send[] {
    return this.#outbox.sends();
  }

  /** How many asks are not answered yet. */
  get waiting(): number {
    return this.#outbox.size;
  }

  /** The counter of the send that is taken next. */
  get nextCounter(): number {
    return this.#lastCounter + 1;
  }

  /** Resolves when the outbox takes more, or when all is over. */
  async room(): Promise<void> {
    if (!this.#outbox.full || this.#phase === "closed") return;
    await new Promise<void>((resolve) => this.#roomSeekers.push(resolve));
  }

  /** Tries another name after `name-refused`. */
  rename(name: string): void {
    this.#comeIn(name, undefined);
  }

  /** Gives the password of the name after `name-refused` that wants it; `false`: it is not wanted now. */
  signIn(password: string): boolean {
    return this.#comeIn(this.#name, password);
  }

  #comeIn(name: string, password: string | undefined): boolean {
    if (this.#phase !== "unnamed") return false;
    this.#name = name;
    this.#password = password;
    if (this.#connection === undefined) {
      this.#connect();
      return true;
    }
    this.#greetsAgain = true;
    this.#greet();
    return true;
  }

  /**
   * Says something to a room, or to somebody by name. It waits where it cannot go out now, and is stored once.
   * `false`: the outbox is full or all is over, and it was not taken.
   */
  send(text: string, options: SendOptions = {}): boolean {
    const to = options.to === undefined ? (options.room ?? lobby) : `@${options.to}`;
    const kind = options.action === true ? "action" : "text";
    // Ids are the server's own, from its events.
    const reply = options.replyTo === undefined ? {} : { replyTo: options.replyTo as MessageId };
    const counter = this.nextCounter;
    if (!this.#add({ type: "send", counter, to, kind, text, ...reply })) return false;
    this.#lastCounter += 1;
    this.#pump();
    return true;
  }

  /** Asks for something else. It has its place among the sends; `false` as for `send`. */
  ask(question: Question): boolean {
    const { device } = this.#options;
    const own = question.type === "register" && device !== undefined ? { device } : {};
    if (!this.#add({ ...question, ...own, request: this.#nextRequest() })) return false;
    this.#pump();
    return true;
  }

  /**
   * Asks for a page of a stream's history, the room's where none is given: the events after a number, or the last
   * ones. Otherwise as `ask`.
   */
  history(options: Partial<Omit<Extract<Ask, { type: "history" }>, "type" | "request">>): boolean {
    return this.ask({ type: "history", stream: lobby, ...options });
  }

  /** Looks for messages, as a person types it. Otherwise as `ask`. */
  search(query: string): boolean {
    return this.ask({ type: "search", query });
  }

  /** Leaves when everything asked has its answer, or the patience is over. Resolves after `closed` was told. */
  async quit(options: QuitOptions = {}): Promise<void> {
    if (this.#phase === "closed") return;
    const left = new Promise<void>((resolve) => this.#leavers.push(resolve));
    this.#quitting ??= { patienceMs: defaultPatienceMs, eachAnswer: false, ...options };
    if (this.#outbox.size === 0 || this.#phase === "new" || this.#phase === "unnamed") this.#leave();
    else this.#arm("patience", this.#quitting.patienceMs, () => this.#leave());
    await left;
  }

  /** Waits no longer before it tries to come back. */
  tryNow(): void {
    if (this.#phase !== "waiting") return;
    this.#disarm("reconnect");
    this.#connect();
  }

  /** Leaves at once, whatever waits. */
  stop(): void {
    this.#end("left", "");
  }

  /** It may have been stored already: the server knows it by its counter. */
  #resend(send: Send): void {
    if (this.#outbox.add(send)) this.#lastCounter = Math.max(this.#lastCounter, send.counter);
  }

  #add(ask: Ask): boolean {
    return this.#phase !== "closed" && this.#phase !== "leaving" && this.#outbox.add(ask);
  }

  #nextRequest(): number {
    this.#lastRequest += 1;
    return this.#lastRequest;
  }

  #connect(): void {
    this.#phase = "connecting";
    this.#greetsAgain = false;
    const { secure } = this.#options;
    this.#connection = new Connection({
      url: `${secure === true ? "wss" : "ws"}://${showServerAddress(this.#options)}${websocketPath}`,
      clock: this.#clock,
      openSocket: this.#options.openSocket,
      onOpen: () => this.#greet(),
      onMessage: (message) => this.#receive(message),
      onLost: (why, { isFinal }) => {
        if (isFinal) this.#end("untrusted", `Cannot join ${showServerAddress(this.#options)}: ${why}`);
        else this.#lost(why);
      },
    });
    this.#tell({ kind: "connecting" });
  }

  #greet(): void {
    this.#phase = "greeting";
    const { position } = this.#intake;
    const { device, tab, lingers } = this.#options;
    const password = this.#password;
    const token = this.#welcome?.token ?? this.#options.tokenOf?.(this.#name);
    this.#connection?.write({
      type: "hello",
      version: protocolVersion,
      name: this.#name,
      ...(token === undefined ? {} : { token }),
      ...(tab === undefined ? {} : { tab }),
      ...(lingers === undefined ? {} : { lingers }),
      ...(password === undefined ? {} : { password, ...(device === undefined ? {} : { device }) }),
      ...(position === undefined ? {} : { position }),
    });
  }

  #receive(message: ServerMessage): void {
    switch (message.type) {
      case "welcome":
        this.#welcomed(message);
        return;
      case "caught-up":
        this.#tell({
          kind: "caught-up",
          online: message.online,
          rooms: new Map((message.rooms ?? []).map(({ stream, online }) => [stream, online])),
        });
        this.#intake.caughtUp();
        return;
      case "gone":
        this.#intake.gone(message);
        return;
      case "event":
        this.#rooms.event(message.event);
        this.#intake.event(message.event);
        return;
      case "ack":
        this.#acknowledged(message);
        return;
      case "refused":
        this.#refused(message);
        return;
      case "joined":
      case "left":
        this.#presence(message);
        return;
      case "renamed":
        this.#tell({ kind: "renamed", at: message.at, from: message.from, person: message.person });
        return;
      case "own-name":
        this.#answer(message, () => this.#named(message));
        return;
      case "room-entered":
        this.#answer(message, (ask) => this.#rooms.entered(message, ask));
        return;
      case "room-left":
        this.#answer(message, () => this.#rooms.left(message));
        return;
      case "invited":
        this.#tell({ kind: "invited", at: message.at, by: message.by, room: message.room });
        return;
      case "happened":
        this.#answer(message, (ask) => this.#happened(message.event, ask));
        return;
      case "signed-in":
        this.#answer(message, () => this.#signedIn(message));
        return;
      // Who is away is told where it is asked for.
      case "person-changed":
        return;
      case "password-changed":
        this.#answer(message, (ask) => {
          if (ask !== undefined) this.#tell({ kind: "answer", ask, answer: message });
          else this.#tell({ kind: "password-changed", at: message.at });
        });
        return;
      case "done":
      case "rooms":
      case "room":
      case "person":
      case "ignored":
      case "devices":
        this.#answer(message, (ask) => {
          if (ask !== undefined) this.#tell({ kind: "answer", ask, answer: message });
        });
        return;
      case "page":
        this.#paged(message);
        return;
      case "found":
        this.#answer(message, (ask) => {
          if (ask?.type === "search") this.#tell({ kind: "found", ask, found: message });
        });
        return;
      case "online":
        this.#answer(message, (ask) => {
          if (ask?.type === "list") this.#tell({ kind: "online", ask, online: message.online });
        });
        return;
      case "heartbeat":
        // An answer under way may bring what the heads announce.
        if (!this.#outbox.underway) this.#intake.noticeHoles(message.heads);
        this.#measure();
        return;
      case "closing":
        this.#closing(message);
        return;
    }
  }

  /** With each heartbeat, which wakes us anyway. */
  #measure(): void {
    const { onLatency } = this.#options;
    if (onLatency !== undefined) this.#connection?.ping(onLatency);
  }

  #closing({ reason, text, at }: ServerOf<"closing">): void {
    if (this.#phase === "leaving") {
      this.#end("left", "");
      return;
    }
    // While a name is thought about, a connection that is closed costs nothing: the name goes to another one.
    if (this.#phase !== "unnamed" || finalReasons.has(reason))
      this.#tell({ kind: "closing", reason, text, at });
    if (finalReasons.has(reason)) this.#end(reason, text);
    else this.#lost(text, reason);
  }

  #welcomed(welcome: Welcome): void {
    const before = this.#welcome;
    const again = before !== undefined;
    const samePerson = before === undefined || before.you.id === welcome.you.id;
    this.#welcome = welcome;
    this.#name = welcome.you.name;
    this.#isSignedIn ||= this.#password !== undefined;
    this.#password = undefined;
    this.#phase = "live";
    this.#liveSince = this.#clock.monotonic();
    this.#connection?.watch(welcome.limits.heartbeatMs * silentHeartbeats);
    this.#pace.adopt(welcome.limits.flood, this.#liveSince);
    const { continued, go } = this.#intake.begin(welcome, samePerson);
    const { uncertain } = this.#outbox;
    this.#tell({ kind: "connected", welcome, again, continued, samePerson, uncertain });
    this.#rooms.begin(welcome);
    go();
    this.#measure();
    this.#pump();
    if (this.#quitting !== undefined && this.#outbox.size === 0) this.#leave();
  }

  #presence({ type: kind, at, stream, people, count, text }: ServerOf<"joined" | "left">): void {
    this.#tell({ kind, at, stream, people, count, text });
  }

  #named({ at, name }: ServerOf<"own-name">): void {
    this.#name = name;
    this.#tell({ kind: "own-name", at, name });
  }

  #signedIn({ at, account, token }: ServerOf<"signed-in">): void {
    // The welcome follows.
    if (this.#phase !== "live") return;
    this.#isSignedIn = true;
    if (token !== undefined && this.#welcome !== undefined) this.#welcome = { ...this.#welcome, token };
    this.#tell({ kind: "signed-in", at, account, token });
  }

  #happened(event: WireEvent, ask: Ask | undefined): void {
    this.#rooms.event(event);
    this.#intake.acknowledged(event, () => {
      if (ask !== undefined) this.#tell({ kind: "happened", ask, event });
    });
  }

  /** Takes in what may be the answer to something asked for. */
  #answer(message: { readonly request?: number }, take: (ask: Ask | undefined) => void): void {
    const { request } = message;
    const ask = request === undefined ? undefined : this.#outbox.settle({ request });
    take(ask);
    if (ask !== undefined) this.#answered();
  }

  #acknowledged(ack: ServerOf<"ack">): void {
    const send = this.#outbox.settle({ counter: ack.counter });
    this.#intake.acknowledged(ack, () => {
      if (send?.type === "send") this.#tell({ kind: "ack", send, ack });
    });
    this.#answered();
  }

  #refused(refused: ServerOf<"refused">): void {
    const { reason, text } = refused;
    if (this.#phase === "greeting") {
      this.#refusedEntry(reason, text);
      return;
    }
    if (this.#intake.refused(refused)) return;
    if (passingSendRefusals.has(reason) && this.#outbox.postpone(refused, reason !== "too-fast")) {
      this.#pace.hold(refused.retryAfterMs ?? defaultRetryAfterMs, this.#clock.monotonic());
      this.#pump();
      return;
    }
    const ask = this.#outbox.settle(refused);
    if (this.#rooms.refused(refused)) this.#answered();
    else this.#refuse(ask, { reason, text });
  }

  #refuse(ask: Ask | undefined, why: { readonly reason: RefusalReason; readonly text: string }): void {
    if (ask?.type === "send") this.#intake.notStored();
    this.#tell({ kind: "refused", ask, ...why });
    this.#answered();
  }

  #refusedEntry(reason: RefusalReason, text: string): void {
    const passing = this.#welcome !== undefined && passingNameRefusals.has(reason);
    const isOfPassword = this.#password !== undefined;
    if ((!reason.startsWith("name-") && !isOfPassword) || passing) {
      this.#lost(text);
      return;
    }
    this.#phase = "unnamed";
    this.#password = undefined;
    this.#connection?.unhurried();
    const wantsPassword = passwordRefusals.has(reason);
    this.#tell({ kind: "name-refused", name: this.#name, reason, text, wantsPassword });
  }

  #paged(page: ServerOf<"page">): void {
    if (this.#intake.page(page)) return;
    const ask = this.#outbox.settle(page);
    if (ask?.type === "history") this.#tell({ kind: "page", ask, page });
    this.#answered();
  }

  /** The connection is of no use any more. */
  #lost(why: string, reason: EndReason = "unreachable"): void {
    const phase = this.#phase;
    this.#disconnect();
    // A name that is still being thought about goes to a connection of its own.
    if (phase === "unnamed") return;
    const done = this.#quitting !== undefined && this.#outbox.size === 0;
    if (phase === "leaving" || done) {
      this.#end("left", "");
      return;
    }
    // The server had closed it when the next name came.
    if (phase === "greeting" && this.#greetsAgain) {
      this.#connect();
      return;
    }
    if (this.#welcome === undefined) {
      const where = showServerAddress(this.#options);
      this.#end(reason, reason === "unreachable" ? `Cannot join ${where}: ${why}` : why);
      return;
    }
    const lost = phase === "live";
    if (lost && this.#clock.monotonic() - this.#liveSince >= stableMs) this.#backoff.reset();
    this.#phase = "waiting";
    const inMs = this.#backoff.next();
    this.#arm("reconnect", inMs, () => this.#connect());
    this.#tell({ kind: "reconnecting", inMs, why, lost });
  }

  #disconnect(): void {
    this.#connection?.drop();
    this.#connection = undefined;
    this.#disarm("reconnect");
    this.#disarm("pump");
    this.#intake.disconnected();
    this.#outbox.disconnected();
  }

  #end(reason: EndReason, text: string): void {
    if (this.#phase === "closed") return;
    this.#disconnect();
    this.#disarm("patience");
    this.#intake.letGo();
    this.#phase = "closed";
    const unsent = this.#outbox.sends();
    this.#options.onEvent({ kind: "closed", reason, text, unsent, uncertain: this.#outbox.uncertain });
    for (const resolve of [...this.#leavers, ...this.#roomSeekers]) resolve();
  }

  /** Something has its answer: the next one's turn. */
  #answered(): void {
    for (const resolve of this.#roomSeekers.splice(0)) resolve();
    if (this.#quitting?.eachAnswer === true)
      this.#arm("patience", this.#quitting.patienceMs, () => this.#leave());
    this.#pump();
    if (this.#quitting !== undefined && this.#outbox.size === 0) this.#leave();
  }

  #pump(): void {
    const ask = this.#outbox.next();
    if (ask === undefined || this.#phase !== "live") return;
    if (this.#isUnsendable(ask)) return;
    const now = this.#clock.monotonic();
    const cost = costOf(ask);
    const waitMs = this.#pace.waitMs(now, cost);
    if (waitMs > 0) {
      this.#arm("pump", waitMs, () => this.#pump());
      return;
    }
    this.#connection?.write(ask);
    this.#pace.spend(now, cost);
    this.#outbox.sent();
  }

  /** What is beyond the server's limits is refused here, since its frame could be beyond a limit too. */
  #isUnsendable(ask: Ask): boolean {
    const refusal = this.#welcome && unsendable(ask, this.#welcome.limits);
    if (refusal === undefined) return false;
    this.#outbox.settle(ask);
    this.#refuse(ask, { reason: refusal.reason, text: ownRefusalText(refusal) });
    return true;
  }

  #leave(): void {
    if (this.#phase === "leaving") return;
    if (this.#phase !== "live") {
      this.#end("left", "");
      return;
    }
    this.#phase = "leaving";
    this.#disarm("patience");
    this.#connection?.write({ type: "quit" });
    this.#connection?.close();
  }

  #question(question: Omit<Extract<ClientMessage, { type: "history" }>, "type" | "request">): number {
    const request = this.#nextRequest();
    this.#connection?.write({ type: "history", request, ...question });
    this.#pace.spend(this.#clock.monotonic());
    return request;
  }

  #tell(event: EngineEvent): void {
    if (this.#phase !== "closed") this.#options.onEvent(event);
  }

  #arm(name: TimerName, ms: number, action: () => void): void {
    this.#disarm(name);
    this.#timers.set(name, this.#clock.after(ms, action));
  }

  #disarm(name: TimerName): void {
    this.#timers.get(name)?.cancel();
    this.#timers.delete(name);
  }
}

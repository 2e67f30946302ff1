import { type Chat, operator } from "../chat/chat.ts";
import type { Command, Decision } from "../chat/command.ts";
import { type Author, isRoom, isSpeech, lobby, type NewEvent, type StoredEvent } from "../chat/event.ts";
import { isHideable } from "../chat/ignore-lists.ts";
import type { Refusal } from "../chat/refusal.ts";
import { isClosed, type Room } from "../chat/room.ts";
import type { SessionId } from "../chat/roster.ts";
import { cleanText } from "../chat/text.ts";
import type { NotStored, Outcome } from "../storage/journal.ts";
import { type RecordChange, type Store, StoreFault } from "../storage/store.ts";
import type { Clock } from "./clock.ts";
import type { Conversations } from "./conversations.ts";
import type { DiskWatch } from "./disk-watch.ts";
import type { Feeds } from "./feeds.ts";
import type { HubMetrics } from "./hub-metrics.ts";
import type { Ids } from "./ids.ts";
import { ignorersIn } from "./ignorers.ts";
import type { Ask, Tag } from "./link.ts";
import type { Log } from "./log.ts";
import type { MessageDoor, MessageKind } from "./metrics.ts";
import { type Outlet, refusalOf } from "./outlet.ts";
import { Retries } from "./retries.ts";
import type { Session } from "./session.ts";
import type { Settings } from "./settings.ts";
import type { WaitingMessages } from "./waiting-messages.ts";

type Send = Extract<Ask, { kind: "send" }>;

/** Why messages are refused, for the operator. */
const troubles: Readonly<Record<Exclude<NotStored, "mismatch">, string>> = {
  full: "no space is left on the disk of the data folder",
  busy: "another program holds the database",
  failing: "the disk or the database fails",
  unknown: "a commit failed, and what became of it is being looked up",
};

export interface SpeechMeans {
  readonly store: Store;
  readonly chat: Chat;
  readonly decide: (session: Session, command: Command) => Decision;
  readonly ids: Ids;
  readonly outlet: Outlet;
  readonly feeds: Feeds;
  readonly conversations: Conversations;
  readonly settings: Settings;
  readonly disk: Pick<DiskWatch, "isStopped" | "grew">;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: HubMetrics;
  /** As `WaitingMessages.put`. */
  readonly keepFor: WaitingMessages["put"];
  /** Called when what may be a retry has been looked up. */
  readonly answered: (session: Session) => void;
}

/** What is said: from being asked for, by way of the store, to becoming visible. */
export class Speech {
  readonly #means: SpeechMeans;
  readonly #outlet: Outlet;
  /** What keeps messages from being stored at the moment. */
  #trouble: keyof typeof troubles | undefined;
  #trying: Promise<void> | undefined;
  /** When what is being decided on arrived. */
  #arrival: number;

  constructor(means: SpeechMeans) {
    this.#means = means;
    this.#outlet = means.outlet;
    this.#arrival = means.clock.monotonic();
  }

  /** What is asked from now on arrived now. Called once a batch. */
  arrived(): void {
    this.#arrival = this.#means.clock.monotonic();
  }

  /**
   * Why messages cannot be stored at the moment; `undefined` where they can. While there was trouble with the last
   * one it is tried anew: where a monitor keeps people away from a server, nobody else would find that it is over.
   */
  async trouble(): Promise<string | undefined> {
    if (this.#outlet.pendingEvents >= this.#means.settings.refuseAboveEvents) {
      return "Too many messages wait to be stored (--refuse-above)";
    }
    if (this.#means.disk.isStopped) return "Messages are refused: the disk is nearly full (--disk-stop)";
    if (this.#trouble !== undefined) {
      this.#trying ??= this.#tryStoring().finally(() => (this.#trying = undefined));
      await this.#trying;
    }
    return this.#trouble === undefined ? undefined : `Messages cannot be stored: ${troubles[this.#trouble]}`;
  }

  async #tryStoring(): Promise<void> {
    try {
      await this.#means.store.tryWriting();
      this.#setTrouble(undefined);
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      this.#setTrouble(error.outcome === "unknown" ? "unknown" : error.reason);
    }
  }

  /** Says something to everybody, as the operator. Resolves to what became of it. */
  announce(text: string): Promise<Refusal | undefined> {
    const clean = cleanText(text, { maxBytes: this.#means.settings.maxLineBytes });
    if (!clean.ok) return Promise.resolve(clean.refusal);
    if (this.#means.disk.isStopped) return Promise.resolve({ reason: "storage-full" });
    const arrival = this.#means.clock.monotonic();
    const at = this.#outlet.now();
    const event: NewEvent = {
      stream: lobby,
      id: this.#means.ids.message(at),
      at,
      kind: "announcement",
      from: operator,
      to: undefined,
      text: clean.text,
      replyTo: undefined,
      threadRoot: undefined,
      clientTags: undefined,
      retry: undefined,
    };
    return new Promise((resolve) => {
      this.#outlet.append(event, (outcome) => {
        this.#noteTrouble(outcome);
        if (outcome.kind === "not-stored") {
          resolve(refusalOf(outcome.why));
          return;
        }
        this.#count(outcome, "operator", arrival);
        this.#publish(outcome, {
          speaker: undefined,
          tag: undefined,
          addressees: [],
          room: this.#means.chat.rooms.lobby,
        });
        resolve(undefined);
      });
      this.#outlet.flush();
    });
  }

  /** Why nothing more is taken from a session at the moment; `undefined` where it is. */
  overload(session: Session): Refusal | undefined {
    const pending = this.#outlet.pendingEvents + (session.retries?.waiting ?? 0);
    return pending >= this.#means.settings.refuseAboveEvents ? { reason: "overloaded" } : undefined;
  }

  /** As `overload`, for what takes space on the disk. */
  refusalFor(session: Session): Refusal | undefined {
    const overload = this.overload(session);
    if (overload !== undefined) return overload;
    return this.#means.disk.isStopped ? { reason: "storage-full" } : undefined;
  }

  /** What a session says. */
  send(session: Session, ask: Send): void {
    const mayBeRetry = ask.counter !== undefined && ask.counter <= session.lastCounter;
    if (!mayBeRetry && (session.retries === undefined || session.retries.waiting === 0)) {
      this.#accept(session, ask);
      return;
    }
    const overload = this.overload(session);
    if (overload !== undefined) {
      this.#outlet.refuse(session.id, overload, tagOf(ask));
      return;
    }
    session.retries ??= new Retries(session.client, {
      store: this.#means.store,
      outlet: this.#outlet,
      streamOf: (room) => this.#means.chat.rooms.find(room)?.stream ?? room,
      fold: this.#means.chat.fold,
      accept: (send) => this.#accept(session, send),
      answered: () => this.#means.answered(session),
    });
    session.unanswered += 1;
    session.retries.add(ask);
  }

  #accept(session: Session, ask: Send): void {
    if (session.gone) return;
    const refusal = this.refusalFor(session);
    if (refusal !== undefined) {
      this.#outlet.refuse(session.id, refusal, tagOf(ask));
      return;
    }
    const { counter } = ask;
    const draft = {
      kind: ask.speech,
      text: ask.text,
      replyTo: ask.replyTo,
      threadRoot: ask.threadRoot,
      clientTags: ask.clientTags,
      form: ask.form,
      retry: counter === undefined ? undefined : { device: session.client, counter },
    };
    const command: Command = ask.to.startsWith("@")
      ? { kind: "tell", to: ask.to.slice(1), draft, toOneself: session.door === "irc" }
      : { kind: "say", room: ask.to, draft };
    const decision = this.#means.decide(session, command);
    if (decision.kind === "refused") {
      this.#outlet.refuse(session.id, decision.refusal, tagOf(ask));
      return;
    }
    if (decision.kind !== "said") return;
    const { event } = decision;
    const changes = this.#kept(event);
    if (changes === undefined) {
      const name = event.to?.name ?? "";
      this.#outlet.refuse(session.id, { reason: "too-much-waits", name }, tagOf(ask));
      return;
    }
    if (counter !== undefined) session.lastCounter = Math.max(session.lastCounter, counter);
    this.#means.chat.apply(decision);
    this.#means.disk.grew(event.text.length);
    // Who leaves before it is durable is shown it all the same: it comes before the last words to him.
    const isPrivate = event.to !== undefined;
    const addressees = isPrivate ? this.#sessionsOf([event.from, event.to]) : [];
    const isKept = changes.length > 0;
    const said = {
      session,
      addressees,
      room: decision.room,
      tag: tagOf(ask),
      isKept,
      arrival: this.#arrival,
    };
    this.#outlet.append(event, (outcome) => this.#said(said, outcome), changes);
  }

  /** What is stored with a message so that it waits for who is not here; `undefined` where it cannot. */
  #kept({ to, stream, at }: NewEvent): readonly RecordChange[] | undefined {
    if (to === undefined || isRoom(stream) || this.#means.chat.roster.byId(to.id) !== undefined) return [];
    return this.#means.keepFor(to.id, stream, at);
  }

  /** Something happens to a room or a message, as a session asked for. `then` is called once everybody was told. */
  happen(
    { event, room, others }: Extract<Decision, { kind: "said" }>,
    asked: {
      readonly session: Session;
      readonly tag: Tag | undefined;
      readonly changes: readonly RecordChange[];
    },
    then: (outcome: Outcome) => void,
  ): void {
    const { session, tag, changes } = asked;
    const said = { session, addressees: [], room, tag, others, arrival: this.#arrival };
    this.#outlet.append(
      event,
      (outcome) => {
        this.#said(said, outcome);
        then(outcome);
      },
      changes,
    );
  }

  /** A message has its outcome: it becomes visible, or its sender is told. */
  #said(
    {
      session,
      addressees,
      room,
      tag,
      others,
      isKept,
      arrival,
    }: {
      readonly session: Session;
      readonly addressees: readonly SessionId[];
      /** Where it was said; it may be gone by now. */
      readonly room: Room | undefined;
      readonly tag: Tag | undefined;
      readonly others?: readonly Refusal[] | undefined;
      readonly isKept?: boolean;
      readonly arrival: number;
    },
    outcome: Outcome,
  ): void {
    this.#noteTrouble(outcome);
    if (outcome.kind === "not-stored") {
      const refusal = refusalOf(outcome.why);
      this.#outlet.tell({ kind: "refused", session: session.id, at: this.#outlet.now(), refusal, tag });
      return;
    }
    this.#count(outcome, session.door, arrival);
    this.#publish(outcome, { speaker: session.id, tag, addressees, room });
    const { event } = outcome;
    const away = event.to && this.#means.chat.roster.byId(event.to.id)?.away;
    this.#outlet.tell({
      kind: "ack",
      session: session.id,
      event,
      tag,
      room: room?.name.shown,
      others,
      isKept,
      away,
    });
  }

  /** The operator is told when messages begin to be refused for the store's sake, and when that is over. */
  #noteTrouble(outcome: Outcome): void {
    const trouble = outcome.kind === "not-stored" && outcome.why !== "mismatch" ? outcome.why : undefined;
    if (outcome.kind === "not-stored" && trouble === undefined) return;
    this.#setTrouble(trouble);
  }

  #setTrouble(trouble: keyof typeof troubles | undefined): void {
    if (trouble === this.#trouble) return;
    this.#trouble = trouble;
    const text =
      trouble === undefined ? "Messages are stored again" : `Messages cannot be stored: ${troubles[trouble]}`;
    this.#means.log({ kind: "warning", text });
  }

  #count({ kind, event }: Extract<Outcome, { event: unknown }>, door: MessageDoor, arrival: number): void {
    if (kind === "repeated") return;
    this.#means.metrics.said(door, messageKindOf(event), this.#means.clock.monotonic() - arrival);
  }

  #publish(
    outcome: Extract<Outcome, { event: unknown }>,
    {
      speaker,
      tag,
      addressees,
      room,
    }: {
      readonly speaker: SessionId | undefined;
      readonly tag: Tag | undefined;
      readonly addressees: readonly SessionId[];
      readonly room: Room | undefined;
    },
  ): void {
    if (outcome.kind === "repeated") return;
    const { event } = outcome;
    const { at, text } = event;
    const name = event.from.name;
    const action = event.kind === "action";
    if (event.to === undefined || isRoom(event.stream)) {
      this.#means.feeds.push(event);
      if (event.kind === "removal") this.#means.feeds.remove(event.stream, event.replyTo);
      this.#outlet.tell({ kind: "event", event, speaker, tag, hiddenFrom: this.#hiddenFrom(event) });
      this.#logInRoom(event, room);
      return;
    }
    const parties = [event.from, event.to];
    for (const party of parties) this.#means.conversations.note(party.id, event);
    for (const session of new Set([...addressees, ...this.#sessionsOf(parties)])) {
      // To oneself it comes as from anybody else.
      if (session !== speaker || event.from.id === event.to.id) {
        const reader = this.#means.chat.personOf(session)?.id;
        const isOwn = reader === event.from.id;
        const [shown = event] = reader === undefined ? [] : this.#means.chat.ignoring.shown(reader, [event]);
        this.#outlet.tell({ kind: "private", session, event: shown, isOwn });
      }
    }
    if (isSpeech(event.kind)) this.#means.log({ kind: "private", at, name, to: event.to.name, text, action });
  }

  /** The sessions in its room that are not shown an event. */
  #hiddenFrom(event: StoredEvent): readonly SessionId[] | undefined {
    const { chat } = this.#means;
    const room = isHideable(event) ? chat.rooms.byStream(event.stream) : undefined;
    const sessions = room === undefined ? [] : ignorersIn(chat, room, event.from);
    return sessions.length === 0 ? undefined : sessions;
  }

  #logInRoom(event: StoredEvent, room: Room | undefined): void {
    const { at, from, kind, stream, text, to } = event;
    const name = room?.name.shown ?? stream;
    const closed = stream === lobby ? {} : { isClosed: room === undefined || isClosed(room) };
    const where = stream === lobby ? {} : { room: name, ...closed };
    if (kind === "removed" || kind === "signal") return;
    if (isSpeech(kind)) {
      this.#means.log({ kind: "broadcast", at, name: from.name, text, action: kind === "action", ...where });
    } else {
      this.#means.log({
        kind: "room",
        at,
        room: name,
        what: kind,
        by: from.name,
        text,
        ...(to && { to: to.name }),
        ...closed,
      });
    }
  }

  #sessionsOf(people: readonly Author[]): readonly SessionId[] {
    return people.flatMap((person) => this.#means.chat.roster.byId(person.id)?.sessions ?? []);
  }
}

function tagOf({ counter, tag }: Send): Tag | undefined {
  return counter === undefined ? tag : { counter };
}

function messageKindOf({ stream, kind }: StoredEvent): MessageKind {
  if (!isRoom(stream)) return "private";
  switch (kind) {
    case "topic":
    case "kick":
    case "mode":
    case "room-name":
    case "removal":
    case "removed":
    case "signal":
      return "room";
    case "text":
    case "action":
    case "notice":
    case "announcement":
      return kind;
  }
}

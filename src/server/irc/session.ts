import { foldOf } from "../../chat/casemapping.ts";
import type { MessageId, PresentAuthor, StreamId } from "../../chat/event.ts";
import { parseName } from "../../chat/name.ts";
import type { Refusal } from "../../chat/refusal.ts";
import type { SessionId } from "../../chat/roster.ts";
import {
  type Capability,
  type CapabilitySet,
  hasCapability,
  inEffect,
  noCapabilities,
} from "../../protocols/irc/capabilities.ts";
import { labeled } from "../../protocols/irc/labels.ts";
import type { OutgoingMessage } from "../../protocols/irc/message.ts";
import { type NumericName, numeric } from "../../protocols/irc/numerics.ts";
import { formatSource } from "../../protocols/irc/source.ts";
import { formatStandardReply, isForEverybody } from "../../protocols/irc/standard-replies.ts";
import type { Audience } from "../audience.ts";
import { type Connection, hold } from "../connection.ts";
import type { DoorContext } from "../front.ts";
import type { Ask, PersonalTell, Present, Tag } from "../link.ts";
import type { Settings } from "../settings.ts";
import type { IrcFraming } from "./dialect.ts";
import type { OpenBatch } from "./multiline.ts";
import type { Sasl } from "./sasl.ts";
import { sourceOf } from "./words.ts";

type NumericRest<Name extends NumericName> =
  Parameters<typeof numeric<Name>> extends readonly [unknown, unknown, ...infer Rest] ? Rest : never;

/** How the answer to an ask is worded. */
export type Wording = (tell: PersonalTell) => readonly OutgoingMessage[];

/** One command of the client's, until everything that it asked for is answered. */
interface Operation {
  label: string | undefined;
  /** Asks that have no answer yet. */
  waiting: number;
  /** Held back where they are to be labeled together. */
  readonly replies: OutgoingMessage[];
  /** Whether the command has been carried out as far as it can be without answers. */
  isBegun: boolean;
}

interface Pending {
  readonly operation: Operation;
  word: Wording;
}

const nothing: Wording = () => [];

/** Where somebody is with coming in. */
export type Stage = "registering" | "entering" | "here" | "finished";

/** What one connection is on the IRC door, and what its commands have at hand. */
export class IrcSession {
  readonly connection: Connection;
  readonly context: DoorContext;
  readonly #framing: IrcFraming;
  stage: Stage = "registering";
  /** What one is called, or wants to be. */
  nick: string | undefined;
  user: string | undefined;
  realName = "";
  /** What one said of being away before one has come in. */
  away: string | undefined;
  /** What `PASS` gave. */
  password: string | undefined;
  /** The connection's person as others see him; known once he is here. */
  #self: PresentAuthor | undefined;
  /** Those that were asked for. */
  capabilities: CapabilitySet = noCapabilities;
  /** Those of them that do something. */
  effective: CapabilitySet = noCapabilities;
  /** What `CAP LS` was given, and whether the negotiation goes on. */
  capVersion = 0;
  isNegotiating = false;
  /** What one has proved to be before coming in. */
  #provedAccount: string | undefined;
  /** Lines that come one by one and are one message. */
  batch: OpenBatch | undefined;
  /** A signing in that has begun. */
  sasl: Sasl | undefined;
  readonly #word: (session: IrcSession, tell: PersonalTell) => readonly OutgoingMessage[];
  /** By the ids of the asks; made with the first of them, and let go with the last. */
  #pending: Map<number, Pending> | undefined;
  #lastId = 0;
  #operation: Operation | undefined;
  /** What is being put together for a tell; `undefined`: it is written at once. */
  #gathered: OutgoingMessage[] | undefined;
  #lastBatch = 0;
  #awaited: number | undefined;

  /** `word`: how tells are worded that no command words itself. */
  constructor(
    connection: Connection,
    means: {
      readonly context: DoorContext;
      readonly word: (session: IrcSession, tell: PersonalTell) => readonly OutgoingMessage[];
      readonly framing: IrcFraming;
    },
  ) {
    this.connection = connection;
    this.context = means.context;
    this.#framing = means.framing;
    this.#word = means.word;
  }

  get settings(): Settings {
    return this.context.settings;
  }

  /** What stands before the server's own messages. */
  get server(): string {
    return this.settings.serverName;
  }

  /** Whether two names are one here. */
  isSame(one: string, other: string): boolean {
    const fold = foldOf(this.settings.casemapping);
    return fold(one) === fold(other);
  }

  /** What numerics call the client: its nick once it has one. */
  get client(): string {
    return this.nick ?? "*";
  }

  get id(): SessionId {
    return this.connection.id;
  }

  /** The account that one is signed in to. */
  get account(): string | undefined {
    return this.#self === undefined ? this.#provedAccount : this.#self.account;
  }

  /** `nick!user@host`, with `*` for what is not known before one is here. */
  get source(): string {
    return this.#self === undefined
      ? formatSource({ nick: this.client, user: this.user ?? "*", host: "*" })
      : sourceOf(this.#self);
  }

  /** Who one is, as the members of rooms are told of him; only when one is here. */
  get self(): Present {
    if (this.#self === undefined) throw new Error("Cannot say who this is: he has not come in");
    return { ...this.#self, realName: this.realName };
  }

  setCapabilities(set: CapabilitySet): void {
    this.capabilities = set;
    this.effective = inEffect(set);
    this.context.setDialect(this.connection, this.context.irc.for(set, this.#framing));
  }

  /** Why this cannot be a name, as far as that can be said without knowing who is here. */
  nameProblem(text: string): Refusal | undefined {
    const name = parseName(text);
    return "reason" in name ? name : undefined;
  }

  /** How many whole seconds have passed since an instant. */
  secondsSince(at: number): number {
    return Math.max(0, Math.floor((this.context.clock.now() - at) / 1000));
  }

  /** The id of a message as a client gives it, or that of a later part of it; `undefined` where it cannot be one. */
  messageId(text: string | undefined): MessageId | undefined {
    const [, id] = /^([A-Za-z0-9._-]{1,64}?)(?:\.\d+)?$/.exec(text ?? "") ?? [];
    return id as MessageId | undefined;
  }

  /** A text that may be a channel's name. */
  channelName(text: string): string | undefined {
    return text.startsWith("#") && text.length > 1 ? text : undefined;
  }

  /** Asks to come in under the nick at hand. What is sent meanwhile waits for the answer. */
  enter(word: Wording): void {
    this.connection.hold(hold.entry);
    this.ask(
      (tag) => ({
        kind: "enter",
        session: this.id,
        tag,
        door: "irc",
        name: this.nick ?? "",
        user: this.user ?? "~user",
        realName: this.realName,
        away: this.away,
        token: undefined,
        position: undefined,
      }),
      word,
    );
  }

  /** Leaves, with parting words; what was asked before is answered first. */
  quit(text: string | undefined): void {
    if (this.stage === "finished") return;
    this.stage = "finished";
    this.context.ask({ kind: "closed", session: this.id, finished: true, why: undefined, text });
  }

  /** Ends a connection whose person has not come in. */
  endWith(why: string): void {
    this.stage = "finished";
    this.#emit([{ command: "ERROR", text: `Closing link: ${why}` }]);
    this.context.reject(this.connection, { reason: undefined, why });
  }

  has(capability: Capability): boolean {
    return hasCapability(this.effective, capability);
  }

  roomOf(stream: StreamId): Audience | undefined {
    return this.connection.rooms.find((room) => room.stream === stream);
  }

  /** A reference for a batch that this connection has not been told of. */
  newBatch(): string {
    this.#lastBatch += 1;
    return `b${this.#lastBatch.toString(36)}`;
  }

  /** Carries out one command, whose answers belong together. */
  carryOut(label: string | undefined, act: () => void): void {
    // Decided once: with this command the capability may be given up.
    const answered = this.has("labeled-response") ? label : undefined;
    const operation: Operation = { label: answered, waiting: 0, replies: [], isBegun: false };
    this.#operation = operation;
    try {
      act();
    } finally {
      this.#operation = undefined;
      operation.isBegun = true;
      this.#finishIfDone(operation);
    }
  }

  /** The label of the command at hand, which is not answered with it any more. */
  takeLabel(): string | undefined {
    const operation = this.#operation;
    const label = operation?.label;
    if (operation !== undefined) operation.label = undefined;
    return label;
  }

  /** Answers the command at hand; the source is the server's where a message has none. */
  reply(...messages: readonly OutgoingMessage[]): void {
    const operation = this.#operation;
    if (operation === undefined) {
      this.#emit(messages);
    } else if (operation.label !== undefined) {
      operation.replies.push(...messages);
    } else if (this.#pending === undefined) {
      this.#emit(messages);
    } else {
      this.replyInOrder(...messages);
    }
  }

  /** As `reply`, after the answers to what was asked before, and after all that the hub has told anybody by then. */
  replyInOrder(...messages: readonly OutgoingMessage[]): void {
    this.ask(
      () => this.#noteOf(this.#lastId),
      () => messages,
    );
  }

  numeric<Name extends NumericName>(name: Name, ...rest: NumericRest<Name>): OutgoingMessage {
    return (numeric as (name: NumericName, client: string, ...rest: readonly unknown[]) => OutgoingMessage)(
      name,
      this.client,
      ...rest,
    );
  }

  /** A standard reply; a notice for clients that do not know them from the command's specification either. */
  fail(command: string, code: string, context: readonly string[], description: string): OutgoingMessage {
    if (this.has("standard-replies") || isForEverybody({ command, code })) {
      return formatStandardReply({ kind: "FAIL", command, code, context, description });
    }
    return { command: "NOTICE", params: [this.client], text: `${command} failed: ${description}` };
  }

  /** Asks the hub something that the command at hand needs, and words the answer. */
  ask(make: (tag: Tag) => Ask, word: Wording = (tell) => this.#word(this, tell)): void {
    const operation = this.#operation;
    if (operation === undefined) throw new Error("Cannot ask: no command is being carried out");
    this.#lastId += 1;
    const tag: Tag = { irc: this.#lastId };
    operation.waiting += 1;
    this.#await({ operation, word });
    this.context.ask(make(tag));
  }

  /** As `ask`; what the client sends meanwhile waits for the answer. */
  askAlone(make: (tag: Tag) => Ask, word: Wording): void {
    this.connection.hold(hold.look);
    this.ask(make, word);
    this.#awaited = this.#lastId;
  }

  /** Whether an answer is awaited that nothing goes on without. */
  get isAwaiting(): boolean {
    return this.#awaited !== undefined;
  }

  /** The words for what this connection is told, as lines. */
  worded(tell: PersonalTell): readonly string[] {
    this.#gathered = [];
    this.#take(tell);
    const id = tagOf(tell);
    const pending = id === undefined ? undefined : this.#pending?.get(id);
    if (id === undefined || pending === undefined) {
      this.#emit(this.#word(this, tell));
    } else {
      this.#answered(id);
      if (id === this.#awaited) this.#awaited = undefined;
      const { operation, word } = pending;
      const messages = word(tell);
      operation.waiting -= 1;
      if (operation.label !== undefined) operation.replies.push(...messages);
      else this.#emit(messages);
      this.#finishIfDone(operation);
    }
    const lines = this.#gathered.map((message) => this.context.irc.line(message));
    this.#gathered = undefined;
    return lines;
  }

  /** As `DoorSession` has it: an echo that has no label is what everybody is told. */
  takesForAnswer(tag: Tag | undefined): boolean {
    if (!this.has("echo-message") || typeof tag !== "object" || !("irc" in tag)) return false;
    const pending = this.#pending?.get(tag.irc);
    if (pending === undefined || pending.operation.label !== undefined) return false;
    pending.word = nothing;
    return true;
  }

  /** Writes at once, before what is asked for is answered. */
  write(...messages: readonly OutgoingMessage[]): void {
    this.#emit(messages);
  }

  /** Keeps what a tell says of the connection's person. */
  #take(tell: PersonalTell): void {
    if (tell.kind === "entered" || tell.kind === "own-name") {
      this.#self = tell.person;
      this.nick = tell.person.name;
    } else if (tell.kind === "signed-in") {
      this.#provedAccount = tell.account;
      if (this.#self !== undefined) this.#self = { ...this.#self, account: tell.account };
    }
  }

  /** Writes at once, or with what is being worded. */
  #emit(messages: readonly OutgoingMessage[]): void {
    if (messages.length === 0) return;
    if (this.#gathered !== undefined) {
      this.#gathered.push(...messages);
      return;
    }
    const lines = messages.map((message) => this.context.irc.line(message));
    this.connection.write(this.connection.dialect.pack(lines).bytes);
  }

  #finishIfDone(operation: Operation): void {
    const { label, waiting, isBegun, replies } = operation;
    if (label === undefined || waiting > 0 || !isBegun) return;
    const batch = { reference: this.newBatch(), source: this.server };
    const messages = labeled(label, replies.splice(0), batch);
    if (this.#pending === undefined || this.#gathered !== undefined) {
      this.#emit(messages);
      return;
    }
    // In its place behind what was asked before.
    this.#lastId += 1;
    const unlabeled: Operation = { ...operation, label: undefined, replies: [], waiting: 1 };
    this.#await({ operation: unlabeled, word: () => messages });
    this.context.ask(this.#noteOf(this.#lastId));
  }

  /** The ask with the last id is to be answered. */
  #await(pending: Pending): void {
    this.#pending ??= new Map();
    this.#pending.set(this.#lastId, pending);
  }

  #answered(id: number): void {
    this.#pending?.delete(id);
    if (this.#pending?.size === 0) this.#pending = undefined;
  }

  #noteOf(id: number): Ask {
    return { kind: "note", session: this.connection.id, note: { kind: "irc", id } };
  }
}

/** Which ask a tell answers. */
function tagOf(tell: PersonalTell): number | undefined {
  if (tell.kind === "note") return tell.note.kind === "irc" ? tell.note.id : undefined;
  const tag = "tag" in tell ? tell.tag : undefined;
  return typeof tag === "object" && "irc" in tag ? tag.irc : undefined;
}

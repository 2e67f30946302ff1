import { AccountNames } from "./account-names.ts";
import { type Casemapping, foldOf } from "./casemapping.ts";
import type { Circumstances, Command, Decision, Draft, Entry } from "./command.ts";
import { decideDeed } from "./deeds.ts";
import {
  type Author,
  type CleanText,
  conversationOf,
  type Instant,
  isSpeech,
  type NewEvent,
  type PersonId,
  type PresentAuthor,
  partiesOf,
  type StoredEvent,
  type StreamId,
} from "./event.ts";
import { IgnoreLists } from "./ignore-lists.ts";
import { type Fold, parseName } from "./name.ts";
import { mayRead, maySee, removeRefusal, sayRefusal, tellRefusal } from "./permission.ts";
import type { Refusal } from "./refusal.ts";
import { isClosed, type Room } from "./room.ts";
import { applyEffect } from "./room-effect.ts";
import { Rooms } from "./rooms.ts";
import { newPerson, type Person, Roster, type SessionId } from "./roster.ts";
import { cleanText, type TextForm, withoutHostile } from "./text.ts";

/** The operator's voice in the lobby. Its id is no person's, since those are made at random. */
export const operator: PresentAuthor = {
  id: "operator" as PersonId,
  name: "SYSTEM",
  user: "operator",
  host: "roomful",
  account: undefined,
  isBot: false,
};

export interface ChatLimits {
  readonly maxTextBytes: number;
  /** Of a text of several lines, all together. */
  readonly maxMultilineBytes: number;
  readonly maxLines: number;
  /** How many rooms there may be, and in how many of them one may be. */
  readonly maxRooms: number;
  readonly maxRoomsEach: number;
  /** How many somebody may ignore. */
  readonly maxIgnored: number;
}

/**
 * Who is here, what rooms there are, and who may do what. Pure: deciding changes nothing, applying a decision is
 * the only change, and neither knows of sockets, clocks or storage.
 */
export class Chat {
  /** How the names of people, rooms and accounts are told apart. */
  readonly fold: Fold;
  readonly roster: Roster;
  readonly rooms: Rooms;
  readonly accounts: AccountNames;
  readonly ignoring: IgnoreLists;
  limits: ChatLimits;
  readonly #sessions = new Map<SessionId, Person>();

  constructor(limits: ChatLimits, casemapping: Casemapping = "ascii") {
    this.limits = limits;
    this.fold = foldOf(casemapping);
    this.roster = new Roster(this.fold);
    this.rooms = new Rooms(this.fold);
    this.accounts = new AccountNames(this.fold);
    this.ignoring = new IgnoreLists(this.accounts, casemapping);
  }

  /** How many sessions the people who are here have. */
  get sessionCount(): number {
    return this.#sessions.size;
  }

  personOf(session: SessionId): Person | undefined {
    return this.#sessions.get(session);
  }

  /** Who is called so: somebody who is here, or who has an account. */
  authorOf(typed: string): Author | undefined {
    return this.roster.find(typed)?.author ?? this.accounts.authorOf(typed);
  }

  /** What somebody who is here, or has an account, is called now. */
  nameOf(person: PersonId): string | undefined {
    return (this.roster.byId(person)?.name ?? this.accounts.nameOf(person))?.shown;
  }

  decide(session: SessionId, command: Command, circumstances: Circumstances): Decision {
    if (command.kind === "enter") return this.#enter(session, command.entry, circumstances);
    const person = this.#sessions.get(session);
    if (person === undefined) return { kind: "nothing" };
    switch (command.kind) {
      case "leave":
        return { kind: "left", session, person, last: person.sessions.length === 1 };
      case "say":
        return this.#say(person, command, circumstances);
      case "tell": {
        const holder = this.accounts.authorOf(command.to);
        const here = this.roster.find(command.to) ?? (holder && this.roster.byId(holder.id));
        // Whoever has an account is given it when he comes in, where it is something to read.
        const to = here?.author ?? (command.draft.kind === "signal" ? undefined : holder);
        if (to === undefined) return refused({ reason: "not-online", name: command.to });
        if (to.id === person.id && command.toOneself !== true) return refused({ reason: "to-oneself" });
        const refusal = here && tellRefusal(here, person);
        if (refusal !== undefined) return refused(refusal);
        const stream = conversationOf(person.id, to.id);
        return this.#message({ stream, by: person, to, draft: command.draft, circumstances });
      }
      case "signal":
        return this.#signal(person, command);
      case "remove":
        return this.#remove(person, command, circumstances);
      case "join":
      case "part":
      case "topic":
      case "invite":
      case "kick":
      case "modes":
      case "rename-room":
      case "rename":
      case "away":
      case "describe":
      case "traits":
      case "ignore":
      case "unignore":
        return decideDeed(this, person, command, circumstances);
    }
  }

  /** These sessions are somebody else's from now on: the guest `from` turned out to be `to`. */
  move(sessions: readonly SessionId[], from: Person, to: Person): void {
    from.sessions = from.sessions.filter((id) => !sessions.includes(id));
    if (from.sessions.length === 0) this.roster.remove(from);
    to.sessions = [...to.sessions, ...sessions];
    for (const session of sessions) this.#sessions.set(session, to);
    if (this.roster.byId(to.id) === undefined) this.roster.add(to);
  }

  /** Makes true what was decided. */
  apply(decision: Decision): void {
    switch (decision.kind) {
      case "entered":
        this.#entered(decision);
        return;
      case "left":
        this.#sessions.delete(decision.session);
        decision.person.sessions = decision.person.sessions.filter((id) => id !== decision.session);
        if (decision.last) this.#gone(decision.person);
        return;
      case "said":
        decision.by.lastSpoke = decision.event.at;
        if (decision.room !== undefined && decision.effect !== undefined) {
          applyEffect(this, decision.room, decision.effect);
        }
        return;
      case "joined": {
        const { person, room, roles } = decision;
        if (decision.created) this.rooms.add(room);
        this.rooms.join(room, person.id, roles);
        room.came(person);
        room.emptySince = undefined;
        return;
      }
      case "parted":
        this.rooms.leave(decision.room, decision.person.id);
        decision.room.went(decision.person);
        return;
      case "invited":
        // From whom one ignores there is nothing to take.
        if (!this.ignoring.ignores(decision.to.id, decision.by.author)) decision.room.invite(decision.to.id);
        return;
      case "renamed": {
        const { person, name, author } = decision;
        this.roster.rename(person, name);
        person.author = author;
        for (const room of this.rooms.of(person.id)) room.renamed();
        return;
      }
      case "changed":
        this.#changed(decision);
        return;
      case "ignoring":
        this.ignoring.set(decision.person.id, decision.entries);
        return;
      case "signalled":
      case "refused":
      case "nothing":
        return;
    }
  }

  /** A room that nobody is in any more is closed where nobody could come in either. */
  tidy(room: Room, at: Instant): void {
    if (room.isLobby || room.members.size > 0) return;
    if (isClosed(room)) this.rooms.remove(room);
    else room.emptySince = at;
  }

  /** Whether a session may read a stream: that of a room, or a private conversation of its own person. */
  mayRead(session: SessionId, stream: StreamId): boolean {
    const person = this.#sessions.get(session);
    if (person === undefined) return false;
    const room = this.rooms.byStream(stream);
    return room === undefined ? partiesOf(stream)?.includes(person.id) === true : mayRead(room, person);
  }

  #enter(session: SessionId, entry: Entry, { at }: Circumstances): Decision {
    if (this.#sessions.has(session)) return { kind: "nothing" };
    const present = this.roster.byId(entry.person);
    // Who is here already is called what he is called, and is away or not, whatever another device of his says.
    if (present !== undefined && entry.account !== undefined) return this.#entry(session, present, entry);
    const name = parseName(entry.name, this.fold);
    if ("reason" in name) return refused(name);
    const refusal = this.accounts.claim(entry.person, name) ?? this.roster.claim(entry.person, name);
    if (refusal !== undefined) return refused(refusal);
    if (present !== undefined) return this.#entry(session, present, entry);
    const { person: id, account, user, host, realName, isBot } = entry;
    const author = { id, name: name.shown, user, host, account, isBot };
    const person = newPerson({ id, name, author, account, realName, away: entry.away, isBot, since: at });
    return this.#entry(session, person, entry);
  }

  #entry(session: SessionId, person: Person, entry: Entry): Decision {
    const joins = entry.lobby && !this.rooms.lobby.members.has(person.id);
    return {
      kind: "entered",
      session,
      person,
      replaces: entry.replaces,
      first: person.sessions.length === 0,
      lobby: joins ? this.rooms.lobby : undefined,
    };
  }

  #changed({ person, change }: Extract<Decision, { kind: "changed" }>): void {
    switch (change.kind) {
      case "away":
        person.away = change.text;
        return;
      case "realName":
        person.realName = change.text;
        return;
      case "traits":
        for (const { trait, on } of change.changes) this.roster.setTrait(person, trait, on);
        if (person.author.isBot !== person.isBot) person.author = { ...person.author, isBot: person.isBot };
        return;
    }
  }

  #entered(decision: Extract<Decision, { kind: "entered" }>): void {
    const { person, session, replaces, first } = decision;
    for (const replaced of replaces) this.#sessions.delete(replaced);
    // Not spread: V8 leaves room behind that, and most have one session for ever.
    person.sessions = person.sessions.filter((id) => !replaces.includes(id)).concat(session);
    this.#sessions.set(session, person);
    if (decision.lobby !== undefined) {
      this.rooms.join(decision.lobby, person.id, 0);
      decision.lobby.came(person);
    }
    if (!first) return;
    this.ignoring.came(person.id);
    this.roster.add(person);
    for (const room of this.rooms.of(person.id)) room.came(person);
  }

  /** Membership outlives connections for accounts, not for guests. */
  #gone(person: Person): void {
    this.roster.remove(person);
    if (person.account === undefined) this.ignoring.left(person.id);
    for (const room of this.rooms.of(person.id)) {
      room.went(person);
      if (person.account === undefined || room.isLobby) this.rooms.leave(room, person.id);
    }
  }

  #say(
    person: Person,
    command: { readonly room: string; readonly draft: Draft },
    circumstances: Circumstances,
  ): Decision {
    const room = this.#roomToSpeakIn(person, command.room, command.draft.text);
    if ("reason" in room) return refused(room);
    const said = this.#message({
      stream: room.stream,
      by: person,
      to: undefined,
      draft: command.draft,
      circumstances,
    });
    return said.kind === "said" ? { ...said, room } : said;
  }

  #roomToSpeakIn(person: Person, name: string, text: string): Room | Refusal {
    const room = this.rooms.find(name);
    if (room === undefined) return { reason: "no-such-room", room: name };
    const refusal = sayRefusal(room, person, text);
    if (refusal === undefined) return room;
    return maySee(room, person) ? refusal : { reason: "no-such-room", room: name };
  }

  #signal(by: Person, command: Extract<Command, { kind: "signal" }>): Decision {
    const to = this.#signalTarget(by, command.to, command.text ?? "");
    if ("reason" in to) return refused(to);
    if (command.text === undefined) return { kind: "signalled", by, to, text: undefined };
    const text = cleanText(command.text, { maxBytes: this.limits.maxTextBytes, formatting: true });
    return text.ok ? { kind: "signalled", by, to, text: text.text } : refused(text.refusal);
  }

  #signalTarget(by: Person, to: string, text: string): Room | Person | Refusal {
    if (!to.startsWith("@")) return this.#roomToSpeakIn(by, to, text);
    const person = this.roster.find(to.slice(1));
    if (person === undefined) return { reason: "not-online", name: to.slice(1) };
    return tellRefusal(person, by) ?? person;
  }

  #remove(by: Person, command: Extract<Command, { kind: "remove" }>, { at, id }: Circumstances): Decision {
    const { message, text } = command;
    const room = this.rooms.byStream(message.stream);
    if (!isSpeech(message.kind) && message.kind !== "signal")
      return refused({ reason: "no-such-message", id: message.id });
    const refusal = removeRefusal(room, by, message);
    if (refusal !== undefined) return refused(refusal);
    const event: NewEvent = {
      stream: message.stream,
      id,
      at,
      kind: "removal",
      from: by.author,
      to: otherParty(message, by.id),
      text: withoutHostile(text) as NewEvent["text"],
      replyTo: message.id,
      threadRoot: undefined,
      clientTags: undefined,
      retry: undefined,
    };
    return { kind: "said", event, by, room, effect: undefined };
  }

  #message(what: {
    readonly stream: StreamId;
    readonly by: Person;
    readonly to: Author | undefined;
    readonly draft: Draft;
    readonly circumstances: Circumstances;
  }): Decision {
    const { draft, stream, by } = what;
    const { at, id } = what.circumstances;
    const isEmpty = draft.kind === "signal" && draft.text === "";
    const text = isEmpty
      ? ({ ok: true, text: "" as CleanText } as const)
      : cleanText(draft.text, this.#formOf(draft));
    if (!text.ok) return refused(text.refusal);
    const event: NewEvent = {
      stream,
      id,
      at,
      kind: draft.kind,
      from: by.author,
      to: what.to,
      text: text.text,
      replyTo: draft.replyTo,
      threadRoot: draft.threadRoot,
      clientTags: draft.clientTags,
      retry: draft.retry,
    };
    return { kind: "said", event, by, room: undefined, effect: undefined };
  }

  #formOf({ form }: Draft): TextForm {
    const { maxTextBytes, maxMultilineBytes, maxLines } = this.limits;
    const formatting = form?.formatting === true;
    return form?.lines === true
      ? { maxBytes: maxMultilineBytes, maxLines, formatting }
      : { maxBytes: maxTextBytes, formatting };
  }
}

/** Of a private message the one who is not `person`. */
function otherParty({ from, to }: StoredEvent, person: PersonId): Author | undefined {
  return from.id === person ? to : to && from;
}

function refused(refusal: Refusal): Decision {
  return { kind: "refused", refusal };
}

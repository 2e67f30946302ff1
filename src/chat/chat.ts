import { AccountNames } from "./account-names.ts";
import type { Circumstances, Command, Decision, Draft, Entry } from "./command.ts";
import { decideDeed } from "./deeds.ts";
import {
  type Author,
  conversationOf,
  type Instant,
  lobby,
  type NewEvent,
  type PersonId,
  type PresentAuthor,
  partiesOf,
  type StreamId,
} from "./event.ts";
import { parseName } from "./name.ts";
import { mayRead, sayRefusal } from "./permission.ts";
import type { Refusal } from "./refusal.ts";
import { isClosed, type Room } from "./room.ts";
import { applyEffect } from "./room-effect.ts";
import { Rooms } from "./rooms.ts";
import { type Person, Roster, type SessionId } from "./roster.ts";
import { cleanText } from "./text.ts";

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
  /** How many rooms there may be, and in how many of them one may be. */
  readonly maxRooms: number;
  readonly maxRoomsEach: number;
}

/**
 * Who is here, what rooms there are, and who may do what. Pure: deciding changes nothing, applying a decision is
 * the only change, and neither knows of sockets, clocks or storage.
 */
export class Chat {
  readonly roster: Roster = new Roster();
  readonly rooms: Rooms = new Rooms();
  readonly accounts: AccountNames = new AccountNames();
  limits: ChatLimits;
  readonly #sessions = new Map<SessionId, Person>();

  constructor(limits: ChatLimits) {
    this.limits = limits;
  }

  personOf(session: SessionId): Person | undefined {
    return this.#sessions.get(session);
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
        const other = this.roster.find(command.to);
        if (other === undefined) return refused({ reason: "not-online", name: command.to });
        if (other.id === person.id) return refused({ reason: "to-oneself" });
        const stream = conversationOf(person.id, other.id);
        return this.#message({ stream, by: person, to: other.author, draft: command.draft, circumstances });
      }
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
        const { person, room, roles, at } = decision;
        if (decision.created) this.rooms.add(room);
        this.rooms.join(room, { person: person.id, roles, since: at });
        room.came(person);
        room.emptySince = undefined;
        return;
      }
      case "parted":
        this.rooms.leave(decision.room, decision.person.id);
        decision.room.went(decision.person);
        return;
      case "invited":
        decision.room.invited.add(decision.to.id);
        return;
      case "renamed": {
        const { person, name, author } = decision;
        this.roster.rename(person, name);
        person.author = author;
        for (const room of this.rooms.of(person.id)) room.renamed();
        return;
      }
      case "changed":
        if (decision.change.kind === "away") decision.person.away = decision.change.text;
        else decision.person.realName = decision.change.text;
        return;
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
    // Who is here already is called what he is called, whatever another device of his says.
    if (present !== undefined && entry.account !== undefined) return this.#entry(session, present, entry);
    const name = parseName(entry.name);
    if ("reason" in name) return refused(name);
    const refusal = this.accounts.claim(entry.person, name) ?? this.roster.claim(entry.person, name);
    if (refusal !== undefined) return refused(refusal);
    if (present !== undefined) return this.#entry(session, present, entry);
    const { person: id, account, user, host, realName, isBot } = entry;
    const author = { id, name: name.shown, user, host, account, isBot };
    return this.#entry(
      session,
      {
        id,
        name,
        author,
        sessions: [],
        account,
        realName,
        away: undefined,
        isBot,
        isOperator: false,
        since: at,
        lastSpoke: at,
      },
      entry,
    );
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

  #entered(decision: Extract<Decision, { kind: "entered" }>): void {
    const { person, session, replaces, first } = decision;
    for (const replaced of replaces) this.#sessions.delete(replaced);
    person.sessions = [...person.sessions.filter((id) => !replaces.includes(id)), session];
    this.#sessions.set(session, person);
    if (decision.lobby !== undefined) {
      this.rooms.join(decision.lobby, { person: person.id, roles: 0, since: person.since });
      decision.lobby.came(person);
    }
    if (!first) return;
    this.roster.add(person);
    for (const room of this.rooms.of(person.id)) room.came(person);
  }

  /** Membership outlives connections for accounts, not for guests. */
  #gone(person: Person): void {
    this.roster.remove(person);
    for (const room of [...this.rooms.of(person.id)]) {
      room.went(person);
      if (person.account === undefined || room.isLobby) this.rooms.leave(room, person.id);
    }
  }

  #say(
    person: Person,
    command: { readonly room: string; readonly draft: Draft },
    circumstances: Circumstances,
  ): Decision {
    const room = command.room === lobby ? this.rooms.lobby : this.rooms.find(command.room);
    if (room === undefined) return refused({ reason: "no-such-room", room: command.room });
    const refusal = sayRefusal(room, person, command.draft.text);
    if (refusal !== undefined) return refused(refusal);
    const said = this.#message({
      stream: room.stream,
      by: person,
      to: undefined,
      draft: command.draft,
      circumstances,
    });
    return said.kind === "said" ? { ...said, room } : said;
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
    const text = cleanText(draft.text, this.limits.maxTextBytes);
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
      retry: draft.retry,
    };
    return { kind: "said", event, by, room: undefined, effect: undefined };
  }
}

function refused(refusal: Refusal): Decision {
  return { kind: "refused", refusal };
}

import type { Chat } from "../chat/chat.ts";
import type { Command, Decision, Deed, RoomEffect } from "../chat/command.ts";
import type { Author, Instant, PersonId } from "../chat/event.ts";
import { ignoreKey } from "../chat/ignore-record.ts";
import type { Refusal } from "../chat/refusal.ts";
import { isClosed, type Room } from "../chat/room.ts";
import { isPassing, memberKey, recordOf, roomKey } from "../chat/room-record.ts";
import type { Person, SessionId } from "../chat/roster.ts";
import type { RecordOutcome } from "../storage/journal.ts";
import type { Feeds } from "./feeds.ts";
import { ignorersIn } from "./ignorers.ts";
import type { PersonTell, RoomEntry, Tag, Tell } from "./link.ts";
import type { Looking } from "./looking.ts";
import { type Outlet, refusalOf, refusalOfFault } from "./outlet.ts";
import { type PresenceNotices, passing } from "./presence-notices.ts";
import type { Changed, RecordKeeper } from "./record-keeper.ts";
import { membersOf, tagOfRoom, viewOfRoom } from "./room-views.ts";
import type { Session } from "./session.ts";
import type { Settings } from "./settings.ts";
import type { Speech } from "./speech.ts";
import { isShownTo } from "./wanted-pages.ts";
import type { Watching } from "./watching.ts";

export interface DeedMeans {
  readonly chat: Chat;
  readonly decide: (session: Session, command: Command) => Decision;
  readonly outlet: Outlet;
  readonly feeds: Feeds;
  readonly records: RecordKeeper;
  readonly notices: PresenceNotices;
  readonly looking: Looking;
  readonly watching: Watching;
  readonly speech: Speech;
  readonly settings: Settings;
  /** Up to when somebody has read in a room. */
  readonly readUpTo: (person: PersonId, room: Room) => Instant | undefined;
  /** A session has been told that it is in a room. */
  readonly cameIn: (session: SessionId, room: Room) => void;
  /** Whether a session is to be told of each who is in a room. */
  readonly wantsMembers: (session: SessionId) => boolean;
  /** Has what a session asks wait until a promise is resolved. */
  readonly await: (session: Session, what: Promise<void>) => void;
}

interface Asked {
  readonly session: Session;
  readonly tag: Tag | undefined;
}

/** What is done beside coming, going and speaking: rooms come and go, people in them, and how both are called. */
export class Deeds {
  readonly #means: DeedMeans;

  constructor(means: DeedMeans) {
    this.#means = means;
  }

  do(session: Session, deed: Deed, tag: Tag | undefined): void {
    const room = deed.kind === "join" ? this.#means.chat.rooms.find(deed.room) : undefined;
    if (room !== undefined && !this.#means.feeds.isFilled(room.stream)) {
      // Who comes in is shown the last messages, in one step with what follows them.
      const filled = this.#means.feeds.fill(room.stream).then(
        () => this.#decide({ session, tag }, deed),
        (error: unknown) => this.#means.outlet.refuse(session.id, refusalOfFault(error), tag),
      );
      this.#means.await(session, filled);
      return;
    }
    this.#decide({ session, tag }, deed);
  }

  /** What somebody finds who comes in: who is there and how it is run as of now. */
  entryOf(
    room: Room,
    person: Person,
    how: { readonly created: boolean } = { created: false },
  ): Omit<RoomEntry, "recent" | "head"> {
    return {
      room: viewOfRoom(room, { asker: person, roster: this.#means.chat.roster }),
      created: how.created,
      roles: room.rolesOf(person.id),
      online: room.people(),
      members: person.sessions.some(this.#means.wantsMembers) ? membersOf(room, person) : undefined,
      readUpTo: this.#means.readUpTo(person.id, room),
    };
  }

  /** As `entryOf`, with what was said there up to now, as `reader` is shown it; only while something is being released. */
  withHistory(
    entry: Omit<RoomEntry, "recent" | "head">,
    reader: PersonId,
    how: { readonly isResumed: boolean } = { isResumed: false },
  ): RoomEntry {
    const { chat, feeds, settings } = this.#means;
    const feed = feeds.get(entry.room.stream);
    const last = how.isResumed ? [] : feed.last(settings.joinHistory, isShownTo(chat.ignoring, reader));
    // Much of it may be hidden.
    const most = Math.max(settings.joinHistory, settings.maxPageEvents);
    return { ...entry, recent: chat.ignoring.shown(reader, last.slice(-most)), head: feed.head };
  }

  /** Somebody who has an account now, or whose account is in more rooms, stays in them when he is not here. */
  keep(person: Person, rooms: Iterable<Room>): void {
    const { outlet } = this.#means;
    const { chat } = this.#means;
    const keys = Array.from(rooms, (room) => memberKey(room, person.id));
    const changes = keys
      .filter((key) => !isPassing(chat, key))
      .map((key) => ({ key, value: recordOf(chat.rooms, key) }));
    if (changes.length === 0) return;
    // He is in the rooms all the same; where it cannot be stored, it is with the next change.
    outlet.record(changes, () => undefined);
  }

  /** Somebody is from now on who he was not: those who ignored him go on doing so. */
  follow(was: Author, is: Author): void {
    const { chat } = this.#means;
    const keys = chat.ignoring.ignorersOf(was).map(ignoreKey);
    if (keys.length === 0) return;
    this.#changeRecords(keys, () => chat.ignoring.follow(was, is));
  }

  /** Somebody who was a guest ignores as the one with an account whom he ignored as that; `is` may be the same. */
  keepIgnoring(was: PersonId, is: PersonId): void {
    const { chat, settings } = this.#means;
    if (chat.ignoring.of(was).length === 0) return;
    this.#changeRecords([ignoreKey(is)], () => chat.ignoring.handOver(was, is, settings.maxIgnored));
    if (chat.roster.byId(was) === undefined) chat.ignoring.left(was);
  }

  /** It counts all the same where it cannot be stored. */
  #changeRecords(keys: readonly string[], apply: () => void): void {
    const { records, outlet } = this.#means;
    const changed = records.change(keys, apply);
    if (changed.toStore.length === 0) {
      records.settled(changed, true);
      return;
    }
    outlet.record(changed.toStore, (outcome) => records.settled(changed, outcome.kind === "stored"));
  }

  /** Tells somebody's rooms what is new about him; only while something is being released. */
  tellPerson(person: Person, what: PersonTell["what"], at: Instant): void {
    this.#tellNews(this.#newsOf(person, what), at);
  }

  /** What somebody's rooms are to be told of him, as he is now. */
  #newsOf(
    person: Person,
    what: PersonTell["what"],
    except: readonly SessionId[] = person.sessions,
  ): Omit<PersonTell, "at"> {
    const rooms = [...this.#means.chat.rooms.of(person.id)].map(({ stream }) => stream);
    const { author, realName, away } = person;
    return { kind: "person", rooms, what, person: { ...author, realName }, away, except };
  }

  #tellNews(news: Omit<PersonTell, "at">, at: Instant): void {
    this.#means.outlet.tell({ ...news, at });
    this.#means.watching.changed(news);
  }

  /** Closes what has been empty for too long; guests are in no room any more when a server starts. */
  closeEmptyRooms(at: Instant): void {
    const { chat, records, outlet, settings } = this.#means;
    const empty = [...chat.rooms.all()].filter((room) => room.members.size === 0 && !room.isLobby);
    for (const room of empty) {
      const isOver = at - (room.emptySince ?? at) >= settings.keepEmptyRoomsMs;
      if (!isOver && room.emptySince !== undefined && !isClosed(room)) continue;
      const changed = records.change([roomKey(room)], () => {
        if (isOver) chat.rooms.remove(room);
        else chat.tidy(room, at);
      });
      outlet.record(changed.toStore, (outcome) => records.settled(changed, outcome.kind === "stored"));
    }
  }

  #decide(asked: Asked, deed: Deed): void {
    const { session, tag } = asked;
    if (session.gone) return;
    const { speech } = this.#means;
    const decision = this.#means.decide(session, deed);
    const takesSpace = decision.kind === "said" || (decision.kind === "joined" && decision.created);
    const refusal = takesSpace ? speech.refusalFor(session) : speech.overload(session);
    if (refusal !== undefined && decision.kind !== "refused") {
      this.#refuse(asked, refusal, undefined);
      return;
    }
    switch (decision.kind) {
      case "refused":
        this.#refuse(asked, decision.refusal, decision.others);
        return;
      case "nothing":
        this.#tellAfterwards((at) => ({
          kind: "done",
          session: session.id,
          at,
          tag,
          done: { kind: "nothing" },
        }));
        return;
      case "said":
        this.#happened(asked, decision);
        return;
      case "joined":
        this.#joined(asked, decision);
        return;
      case "parted":
        this.#parted(asked, decision);
        return;
      case "invited":
        this.#invited(asked, decision);
        return;
      case "renamed":
        this.#renamed(asked, decision);
        return;
      case "changed":
        this.#changed(asked, decision);
        return;
      case "ignoring":
        this.#ignoring(asked, decision);
        return;
      case "signalled":
      case "entered":
      case "left":
        throw new Error(`Cannot do '${deed.kind}': it came to '${decision.kind}'`);
    }
  }

  #refuse({ session, tag }: Asked, refusal: Refusal, others: readonly Refusal[] | undefined): void {
    const at = this.#means.outlet.now();
    this.#means.outlet.afterwards({ kind: "refused", session: session.id, at, refusal, tag, others });
  }

  #happened(asked: Asked, decision: Extract<Decision, { kind: "said" }>): void {
    const { room, effect } = decision;
    if (room === undefined || effect === undefined) return;
    const { chat, records, speech, feeds } = this.#means;
    const keys = [roomKey(room), ...peopleOf(effect).map((id) => memberKey(room, id))];
    const removed = effect.kind === "kick" ? chat.roster.byId(effect.target) : undefined;
    const changed = records.change(keys, () => {
      chat.apply(decision);
      if (effect.kind === "kick") chat.tidy(room, decision.event.at);
    });
    speech.happen(decision, { ...asked, changes: changed.toStore }, (outcome) => {
      records.settled(changed, outcome.kind !== "not-stored");
      if (outcome.kind === "not-stored" || effect.kind !== "kick") return;
      if (removed !== undefined) {
        this.#tellLeft(removed, { room, why: "removed", text: decision.event.text, tagged: undefined });
      }
      if (room.present.size === 0) feeds.empty(room.stream);
    });
  }

  #joined(asked: Asked, decision: Extract<Decision, { kind: "joined" }>): void {
    const { chat, records, notices, outlet, cameIn } = this.#means;
    const { person, room, created } = decision;
    const wasEmpty = room.members.size === 0 && !room.isLobby;
    const wasInvited = room.invited.has(person.id);
    // Who comes into a room that may yet turn out not to have been made has it made as well.
    const isNews = created || wasEmpty || records.isUnsettled(roomKey(room));
    const keys = [...(isNews ? [roomKey(room)] : []), memberKey(room, person.id)];
    const changed = records.change(keys, () => chat.apply(decision));
    const entry = this.entryOf(room, person, { created });
    const who = passing(person);
    const sessions = person.sessions;
    let wasUndone = false;
    const undone = (): void => {
      wasUndone = true;
      if (wasInvited) room.invite(person.id);
    };
    this.#store(asked, { changed, undone }, () => {
      // A guest who was told that it could not be done is left at that when it turns out that it was.
      if (wasUndone && chat.rooms.byStream(room.stream)?.members.has(person.id) !== true) return;
      const at = outlet.now();
      const whole = this.withHistory(entry, person.id);
      for (const session of sessions) {
        const tag = session === asked.session.id ? asked.tag : undefined;
        outlet.tell({ kind: "room-entered", session, at, tag, entry: whole });
        cameIn(session, room);
      }
      notices.joined(who, { room: room.stream, except: sessions, at });
    });
  }

  #parted(asked: Asked, decision: Extract<Decision, { kind: "parted" }>): void {
    const { chat, records, notices, outlet, feeds } = this.#means;
    const { person, room, text } = decision;
    const who = passing(person);
    const isLast = room.members.size === 1 && !room.isLobby;
    const keys = [...(isLast ? [roomKey(room)] : []), memberKey(room, person.id)];
    const changed = records.change(keys, () => {
      chat.apply(decision);
      chat.tidy(room, outlet.now());
    });
    this.#store(asked, { changed }, () => {
      const at = outlet.now();
      const words = text === "" ? {} : { text, hiddenFrom: ignorersIn(chat, room, who) };
      notices.parted(who, { room: room.stream, except: person.sessions, at, ...words });
      this.#tellLeft(person, { room, why: "parted", text, tagged: asked });
      if (room.present.size === 0) feeds.empty(room.stream);
    });
  }

  #invited({ session, tag }: Asked, decision: Extract<Decision, { kind: "invited" }>): void {
    const { chat, outlet } = this.#means;
    const { room, by, to } = decision;
    chat.apply(decision);
    const invited = tagOfRoom(room);
    const author = by.author;
    const done = { kind: "invited", room: invited, name: to.name.shown, away: to.away } as const;
    outlet.barrier(() => {
      const at = outlet.now();
      outlet.tell({ kind: "done", session: session.id, at, tag, done });
      // Who ignores him is told nothing, and he is not told of that.
      for (const one of chat.ignoring.ignores(to.id, author) ? [] : to.sessions)
        outlet.tell({ kind: "invited", session: one, at, room: invited, by: author });
      const except = [...by.sessions, ...to.sessions, ...ignorersIn(chat, room, author)];
      const { name } = done;
      outlet.tell({ kind: "invitation", at, room: room.stream, by: author, name, except });
    });
  }

  #renamed(asked: Asked, decision: Extract<Decision, { kind: "renamed" }>): void {
    const { chat, outlet, looking, watching } = this.#means;
    const { person, from, author } = decision;
    const isOther = chat.fold(from.name) !== decision.name.fold;
    if (isOther) looking.left(person, outlet.now());
    chat.apply(decision);
    // Of guests the name is ignored as well.
    if (person.account === undefined) this.follow(from, author);
    const rooms = [...chat.rooms.of(person.id)].map(({ stream }) => stream);
    outlet.barrier(() => {
      const at = outlet.now();
      const { sessions } = person;
      outlet.tell({ kind: "renamed", at, rooms, from, person: author, except: sessions });
      for (const session of sessions) {
        const tag = session === asked.session.id ? asked.tag : undefined;
        outlet.tell({ kind: "own-name", session, at, tag, from, person: author });
      }
      if (isOther) {
        watching.left(from.name);
        watching.came({ author });
      }
    });
  }

  #changed({ session, tag }: Asked, decision: Extract<Decision, { kind: "changed" }>): void {
    this.#means.chat.apply(decision);
    const { change, person } = decision;
    const done = change.kind === "realName" ? { kind: "real-name" as const, text: change.text } : change;
    const news = done.kind === "traits" ? undefined : this.#newsOf(person, done.kind, [session.id]);
    this.#means.outlet.barrier(() => {
      const at = this.#means.outlet.now();
      this.#means.outlet.tell({ kind: "done", session: session.id, at, tag, done });
      if (news !== undefined) this.#tellNews(news, at);
    });
  }

  #ignoring(asked: Asked, decision: Extract<Decision, { kind: "ignoring" }>): void {
    const { chat, records, outlet } = this.#means;
    const { person, name, on, isHere } = decision;
    const changed = records.change([ignoreKey(person.id)], () => chat.apply(decision));
    this.#store(asked, { changed }, () => {
      const done = { kind: "ignoring", name, on, isHere } as const;
      const { session, tag } = asked;
      outlet.tell({ kind: "done", session: session.id, at: outlet.now(), tag, done });
    });
  }

  #tellLeft(
    person: Person,
    how: {
      readonly room: Room;
      readonly why: "parted" | "removed";
      readonly text: string;
      readonly tagged: Asked | undefined;
    },
  ): void {
    const { outlet } = this.#means;
    const { room, why, text, tagged } = how;
    const at = outlet.now();
    for (const session of person.sessions) {
      const tag = session === tagged?.session.id ? tagged.tag : undefined;
      outlet.tell({ kind: "room-left", session, at, tag, room: tagOfRoom(room), why, text });
    }
  }

  /** `then` is called in its place in the order, unless there was something to store and it could not be. */
  #store(
    { session, tag }: Asked,
    { changed, undone }: { readonly changed: Changed; readonly undone?: () => void },
    then: () => void,
  ): void {
    const { outlet, records } = this.#means;
    if (changed.toStore.length === 0) {
      records.settled(changed, true);
      outlet.barrier(then);
      return;
    }
    outlet.record(changed.toStore, (outcome: RecordOutcome) => {
      records.settled(changed, outcome.kind === "stored");
      if (outcome.kind === "stored") {
        then();
        return;
      }
      undone?.();
      const refusal = refusalOf(outcome.why);
      outlet.tell({ kind: "refused", session: session.id, at: outlet.now(), refusal, tag });
    });
  }

  #tellAfterwards(make: (at: Instant) => Tell): void {
    this.#means.outlet.barrier(() => this.#means.outlet.tell(make(this.#means.outlet.now())));
  }
}

/** Whose membership an effect changes. */
function peopleOf(effect: RoomEffect): readonly PersonId[] {
  if (effect.kind === "kick") return [effect.target];
  if (effect.kind !== "modes") return [];
  return effect.changes.flatMap((change) => (change.kind === "role" ? [change.target] : []));
}

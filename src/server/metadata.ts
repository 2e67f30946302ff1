import type { Chat } from "../chat/chat.ts";
import type { PersonId, StreamId } from "../chat/event.ts";
import { describeRefusal, maySee } from "../chat/permission.ts";
import type { Refusal } from "../chat/refusal.ts";
import type { Room } from "../chat/room.ts";
import type { Person, SessionId } from "../chat/roster.ts";
import { utf8Length, withoutHostile } from "../chat/text.ts";
import type { Store } from "../storage/store.ts";
import type { Clock } from "./clock.ts";
import { FloodLimit } from "./flood-limit.ts";
import type { Answer, Ask, MetadataAct, MetadataEntry, ShownMetadata, Tell } from "./link.ts";
import { type Outlet, refusalOf } from "./outlet.ts";
import { RecordKeeper } from "./record-keeper.ts";
import type { Session } from "./session.ts";
import type { Settings } from "./settings.ts";
import type { Watching } from "./watching.ts";

type Request = Extract<Ask, { kind: "metadata" }>;
type MetadataAnswer = Extract<Answer, { kind: "metadata" }>;
type Change = Extract<MetadataAct, { kind: "set" | "clear" }>;
/** Most say nothing of themselves, and where nobody does, nobody is looked for. */
const none: readonly MetadataEntry[] = [];

type Values = Map<string, string>;

export interface MetadataMeans {
  readonly store: Store;
  readonly chat: Chat;
  readonly outlet: Outlet;
  readonly watching: Watching;
  readonly settings: Settings;
  readonly clock: Clock;
}

/** Of whom something is said: his key here, what he is called, and whether it outlives his being here. */
interface Subject {
  readonly key: string;
  readonly name: string;
  readonly isKept: boolean;
  readonly of: Room | Person | undefined;
}

/** Everything is kept in JSON, as a list of pairs, under the key of whom it is said of. */
const metadataRecords = "metadata/";
/** Who comes into a room with more than that is told to ask for it. */
const maxShownAtOnce = 200;

/**
 * What people and rooms say of themselves in keys and values, and who wants to know of which keys: IRCv3 metadata.
 * Kept for accounts and rooms; of guests while they are here. Of who has not come in yet it is said of his session.
 */
export class Metadata {
  readonly #means: MetadataMeans;
  readonly #values = new Map<string, Values>();
  readonly #records: RecordKeeper;
  /** What each session wants to know of, and the other way round. */
  readonly #subscriptions = new Map<SessionId, Set<string>>();
  readonly #subscribers = new Map<string, Set<SessionId>>();
  /** How often sessions may change something; made with the first change. */
  readonly #rates = new Map<SessionId, FloodLimit>();

  private constructor(means: MetadataMeans) {
    this.#means = means;
    this.#records = new RecordKeeper({
      of: (key) => this.#recordOf(key),
      take: (key, value) => this.#take(key, value),
    });
  }

  static async open(means: MetadataMeans): Promise<Metadata> {
    const metadata = new Metadata(means);
    for (const { key, value } of await means.store.records(metadataRecords)) metadata.#take(key, value);
    return metadata;
  }

  do(session: Session, ask: Request): void {
    const { outlet } = this.#means;
    const { act, tag, target } = ask;
    const subject = this.#subjectOf(session, target);
    if (subject === undefined) {
      outlet.refuse(session.id, { reason: "no-such-target", target }, tag);
      return;
    }
    const refusal = this.#refusal(session, act, subject);
    if (refusal !== undefined) {
      outlet.refuse(session.id, refusal, tag);
      return;
    }
    if (act.kind === "set" || act.kind === "clear") {
      this.#change(session, { ...ask, act }, subject);
      return;
    }
    const answer = this.#answer(session, act, subject);
    outlet.afterwards({ kind: "answer", session: session.id, at: outlet.now(), tag, answer });
    if (act.kind === "subscribe") {
      const keys = new Set(act.keys);
      outlet.barrier(() => this.#show(session.id, { about: "*", subjects: this.#reach(session.id), keys }));
    }
  }

  /** What somebody says of himself. */
  of(person: PersonId): readonly MetadataEntry[] {
    return this.#values.size === 0 ? none : entriesOf(this.#values.get(personKey(person)));
  }

  /** Somebody has come in: what was said of his session is said of him. */
  entered(session: SessionId, person: Person): void {
    const early = this.#values.size === 0 ? undefined : this.#values.get(sessionKey(session));
    if (early === undefined) return;
    this.#values.delete(sessionKey(session));
    const key = personKey(person.id);
    const all = [...(this.#values.get(key) ?? []), ...early];
    this.#values.set(key, new Map([...new Map(all)].slice(0, this.#means.settings.metadataKeys)));
    if (this.#means.chat.accounts.has(person.id)) this.keep(person.id);
  }

  /** Somebody has an account from now on. */
  keep(person: PersonId): void {
    const key = personKey(person);
    const value = this.#recordOf(key);
    // It is said all the same; where it cannot be stored, it is with the next change.
    if (value !== undefined) this.#means.outlet.record([{ key, value }], () => undefined);
  }

  forget(session: SessionId): void {
    for (const key of this.#subscriptions.get(session) ?? []) this.#unsubscribe(session, key);
    this.#rates.delete(session);
    this.#values.delete(sessionKey(session));
  }

  /** Somebody is not here any more. */
  left(person: Person): void {
    if (!this.#means.chat.accounts.has(person.id)) this.#values.delete(personKey(person.id));
  }

  /** A session's person has come into a room; only while something is being released. */
  joined(session: SessionId, room: Room): void {
    const keys = this.#subscriptions.get(session);
    if (keys === undefined) return;
    const subjects = [
      subjectOfRoom(room),
      ...[...room.present].map((person) => this.#subjectOfPerson(person)),
    ];
    const count = subjects.reduce((sum, { key }) => sum + (this.#values.get(key)?.size ?? 0), 0);
    if (count <= maxShownAtOnce) {
      this.#show(session, { about: room.name.shown, subjects, keys });
      return;
    }
    this.#means.outlet.tell({ kind: "metadata-later", session, room: room.name.shown });
  }

  /** Those whom somebody watches are here; as above. */
  watched(session: SessionId, names: readonly string[]): void {
    const keys = this.#subscriptions.get(session);
    if (keys === undefined) return;
    const people = names.flatMap((name) => this.#means.chat.roster.find(name) ?? []);
    for (const person of people) {
      const subjects = [this.#subjectOfPerson(person)];
      this.#show(session, { about: person.name.shown, subjects, keys });
    }
  }

  /** Of rooms that are no more nothing is kept. */
  tidy(): void {
    const { chat, outlet } = this.#means;
    for (const key of this.#values.keys()) {
      const stream = key.startsWith(roomsPart) ? key.slice(roomsPart.length) : undefined;
      if (stream === undefined || chat.rooms.byStream(stream as StreamId) !== undefined) continue;
      this.#values.delete(key);
      outlet.record([{ key, value: undefined }], () => undefined);
    }
  }

  #refusal(session: Session, act: MetadataAct, subject: Subject): Refusal | undefined {
    const { settings } = this.#means;
    const own = this.#ownSubject(session);
    switch (act.kind) {
      case "get":
      case "list":
      case "sync":
        return undefined;
      case "subscribe":
      case "unsubscribe":
      case "subscriptions":
        return own.key === subject.key ? undefined : { reason: "no-such-target", target: subject.name };
      case "clear":
        return this.#changeRefusal(session, subject);
      case "set": {
        const refusal = this.#changeRefusal(session, subject);
        if (refusal !== undefined) return refusal;
        const values = this.#values.get(subject.key);
        const { key, value } = act;
        if (value === undefined) {
          return values?.has(key) === true ? undefined : { reason: "metadata-not-set", key };
        }
        if (utf8Length(value) > settings.metadataValueBytes) {
          return { reason: "metadata-too-long", maxBytes: settings.metadataValueBytes };
        }
        const isFull = values !== undefined && !values.has(key) && values.size >= settings.metadataKeys;
        return isFull ? { reason: "metadata-full", max: settings.metadataKeys } : undefined;
      }
    }
  }

  #changeRefusal(session: Session, { of, key }: Subject): Refusal | undefined {
    const { chat, clock, settings } = this.#means;
    const person = chat.personOf(session.id);
    if (person !== undefined && of !== undefined) {
      const refusal = describeRefusal(of, person);
      if (refusal !== undefined) return refusal;
    } else if (key !== sessionKey(session.id)) {
      return { reason: "metadata-forbidden" };
    }
    if (settings.metadataRate === undefined) return undefined;
    const now = clock.monotonic();
    const rate = this.#rates.get(session.id) ?? new FloodLimit(settings.metadataRate, now);
    this.#rates.set(session.id, rate);
    const retryAfterMs = rate.take(now);
    return retryAfterMs === 0 ? undefined : { reason: "too-fast", retryAfterMs };
  }

  #change(session: Session, ask: Request & { readonly act: Change }, subject: Subject): void {
    const { outlet } = this.#means;
    const { act, tag } = ask;
    const changed: readonly MetadataEntry[] =
      act.kind === "set"
        ? [{ key: act.key, value: act.value && withoutHostile(act.value) }]
        : entriesOf(this.#values.get(subject.key)).map(({ key }) => ({ key, value: undefined }));
    const before = this.#values.get(subject.key);
    const isNews = changed.filter(({ key, value }) => before?.get(key) !== value);
    const apply = (): void => this.#apply(subject.key, changed);
    const then = (): void => {
      const answer: MetadataAnswer = { kind: "metadata", entries: changed, refused: undefined };
      outlet.tell({ kind: "answer", session: session.id, at: outlet.now(), tag, answer });
      this.#tellSubscribers(session.id, subject, isNews);
    };
    if (!subject.isKept) {
      apply();
      outlet.barrier(then);
      return;
    }
    const record = this.#records.change([subject.key], apply);
    outlet.record(record.toStore, (outcome) => {
      this.#records.settled(record, outcome.kind === "stored");
      if (outcome.kind === "stored") then();
      else {
        const refusal = refusalOf(outcome.why);
        outlet.tell({ kind: "refused", session: session.id, at: outlet.now(), refusal, tag });
      }
    });
  }

  #apply(subject: string, changed: readonly MetadataEntry[]): void {
    const values: Values = this.#values.get(subject) ?? new Map();
    for (const { key, value } of changed) {
      if (value === undefined) values.delete(key);
      else values.set(key, value);
    }
    if (values.size === 0) this.#values.delete(subject);
    else this.#values.set(subject, values);
  }

  #answer(session: Session, act: Exclude<MetadataAct, Change>, { key, of }: Subject): MetadataAnswer {
    const values = this.#values.get(key);
    switch (act.kind) {
      case "get":
        return answerOf(act.keys.map((wanted) => ({ key: wanted, value: values?.get(wanted) })));
      case "list":
        return answerOf(entriesOf(values));
      case "subscribe":
        return this.#subscribe(session.id, act.keys);
      case "unsubscribe":
        for (const wanted of act.keys) this.#unsubscribe(session.id, wanted);
        return answerOf(act.keys.map(withoutValue));
      case "subscriptions":
        return answerOf(Array.from(this.#subscriptions.get(session.id) ?? [], withoutValue));
      case "sync": {
        const members = of !== undefined && "members" in of ? [...of.present] : [];
        const subjects = members.map((person) => this.#subjectOfPerson(person));
        const own = { key, name: nameOf(of), isKept: false, of };
        const keys = this.#subscriptions.get(session.id) ?? new Set();
        return { ...answerOf([]), shown: this.#wanted([own, ...subjects], keys) };
      }
    }
  }

  #subscribe(session: SessionId, keys: readonly string[]): MetadataAnswer {
    const held = this.#subscriptions.get(session) ?? new Set();
    for (const [index, key] of keys.entries()) {
      if (!held.has(key) && held.size >= this.#means.settings.metadataSubscriptions) {
        return { ...answerOf(keys.slice(0, index).map(withoutValue)), refused: key };
      }
      this.#subscriptions.set(session, held.add(key));
      this.#subscribers.set(key, (this.#subscribers.get(key) ?? new Set()).add(session));
    }
    return answerOf(keys.map(withoutValue));
  }

  #unsubscribe(session: SessionId, key: string): void {
    const keys = this.#subscriptions.get(session);
    if (keys?.delete(key) && keys.size === 0) this.#subscriptions.delete(session);
    const sessions = this.#subscribers.get(key);
    if (sessions?.delete(session) && sessions.size === 0) this.#subscribers.delete(key);
  }

  /** Who wants to know of a key, and may know of whom it is said, is told; who changed it knows. */
  #tellSubscribers(asker: SessionId, subject: Subject, changed: readonly MetadataEntry[]): void {
    const { chat, outlet } = this.#means;
    const by = chat.personOf(asker)?.author;
    for (const entry of changed) {
      for (const session of this.#subscribers.get(entry.key) ?? []) {
        if (session === asker || !this.#reaches(session, subject)) continue;
        const tell: Tell = {
          kind: "metadata",
          session,
          at: outlet.now(),
          by,
          about: nameOf(subject.of),
          shown: [{ target: nameOf(subject.of), ...entry }],
        };
        outlet.tell(tell);
      }
    }
  }

  #reaches(session: SessionId, { of }: Subject): boolean {
    const { chat, watching } = this.#means;
    const person = chat.personOf(session);
    if (person === undefined || of === undefined) return false;
    if ("members" in of) return of.members.has(person.id);
    if (of.id === person.id || watching.isWatched(of.name.shown, session)) return true;
    const rooms = chat.rooms.of(of.id);
    return [...chat.rooms.of(person.id)].some((room) => rooms.has(room));
  }

  /** Of whom a session is told: its person's rooms, and who is in them. */
  #reach(session: SessionId): readonly Subject[] {
    const { chat } = this.#means;
    const person = chat.personOf(session);
    if (person === undefined) return [];
    const rooms = [...chat.rooms.of(person.id)];
    const people = new Set(rooms.flatMap((room) => [...room.present]));
    return [...rooms.map(subjectOfRoom), ...[...people].map((one) => this.#subjectOfPerson(one))];
  }

  #show(
    session: SessionId,
    what: {
      readonly about: string;
      readonly subjects: readonly Subject[];
      readonly keys: ReadonlySet<string>;
    },
  ): void {
    const { outlet } = this.#means;
    const { about, subjects, keys } = what;
    const shown = this.#wanted(subjects, keys);
    if (shown.length === 0) return;
    outlet.tell({ kind: "metadata", session, at: outlet.now(), by: undefined, about, shown });
  }

  #wanted(subjects: readonly Subject[], keys: ReadonlySet<string>): readonly ShownMetadata[] {
    return subjects.flatMap((subject) =>
      entriesOf(this.#values.get(subject.key))
        .filter(({ key }) => keys.has(key))
        .map((entry) => ({ target: subject.name, ...entry })),
    );
  }

  #subjectOf(session: Session, target: string): Subject | undefined {
    const { chat } = this.#means;
    if (target === "*") return this.#ownSubject(session);
    const person = chat.personOf(session.id);
    if (person === undefined) return undefined;
    if (target.startsWith("#")) {
      const room = chat.rooms.find(target);
      return room !== undefined && maySee(room, person) ? subjectOfRoom(room) : undefined;
    }
    const other = chat.roster.find(target);
    return other && this.#subjectOfPerson(other);
  }

  #ownSubject({ id }: Session): Subject {
    const person = this.#means.chat.personOf(id);
    if (person !== undefined) return this.#subjectOfPerson(person);
    return { key: sessionKey(id), name: "*", isKept: false, of: undefined };
  }

  #subjectOfPerson(person: Person): Subject {
    const isKept = this.#means.chat.accounts.has(person.id);
    return { key: personKey(person.id), name: person.name.shown, isKept, of: person };
  }

  #recordOf(key: string): string | undefined {
    const values = this.#values.get(key);
    return values && JSON.stringify([...values]);
  }

  #take(key: string, value: string | undefined): void {
    if (value === undefined) this.#values.delete(key);
    else this.#values.set(key, new Map(JSON.parse(value) as [string, string][]));
  }
}

const roomsPart = `${metadataRecords}rooms/`;

function subjectOfRoom(room: Room): Subject {
  return { key: `${roomsPart}${room.stream}`, name: room.name.shown, isKept: true, of: room };
}

function personKey(person: PersonId): string {
  return `${metadataRecords}people/${person}`;
}

function sessionKey(session: SessionId): string {
  return `${metadataRecords}sessions/${session}`;
}

function nameOf(of: Subject["of"]): string {
  return of === undefined ? "*" : of.name.shown;
}

function entriesOf(values: Values | undefined): readonly MetadataEntry[] {
  return Array.from(values ?? [], ([key, value]) => ({ key, value }));
}

function answerOf(entries: readonly MetadataEntry[]): MetadataAnswer {
  return { kind: "metadata", entries, refused: undefined };
}

function withoutValue(key: string): MetadataEntry {
  return { key, value: undefined };
}

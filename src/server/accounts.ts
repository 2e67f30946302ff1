import type { AccountHolder } from "../chat/account-names.ts";
import { become, giveAccount } from "../chat/become.ts";
import type { Chat } from "../chat/chat.ts";
import type { CleanText, Instant, PersonId } from "../chat/event.ts";
import { type Fold, parseName } from "../chat/name.ts";
import { type Password, parsePassword } from "../chat/password.ts";
import type { Refusal } from "../chat/refusal.ts";
import type { SessionId } from "../chat/roster.ts";
import { withoutHostile } from "../chat/text.ts";
import type { Store } from "../storage/store.ts";
import { AccountCertificates } from "./account-certificates.ts";
import { addressKey } from "./address.ts";
import type { Clock } from "./clock.ts";
import type { Deeds } from "./deeds.ts";
import { Devices } from "./devices.ts";
import { GuessLimit } from "./guess-limit.ts";
import type { Bearer, Ids } from "./ids.ts";
import type { Ask, Proof, Tag } from "./link.ts";
import type { Metadata } from "./metadata.ts";
import { type Outlet, refusalOf, refusalOfFault } from "./outlet.ts";
import { PasswordChanges } from "./password-changes.ts";
import { Passwords, type StoredPassword } from "./passwords.ts";
import { comingBack, type PresenceNotices, passing } from "./presence-notices.ts";
import { NobodysScram } from "./scram.ts";
import type { Session } from "./session.ts";
import type { Settings } from "./settings.ts";
import type { FoundWaiting } from "./waiting-messages.ts";
import type { Watching } from "./watching.ts";

type Of<Kind extends Ask["kind"]> = Extract<Ask, { kind: Kind }>;

/** What is kept of an account, in JSON under `accounts/<fold>`. */
interface AccountRecord {
  readonly name: string;
  readonly person: PersonId;
  readonly created: Instant;
  readonly email?: string | undefined;
  readonly password: StoredPassword;
  /** By which one signs in as well, by their fingerprints. */
  readonly certificates?: readonly string[] | undefined;
}

export interface Account extends AccountHolder {
  readonly record: AccountRecord;
}

/** A proof that can be tried until it is right. */
export type Guess = Exclude<Proof, { readonly kind: "certificate" }>;

/** What there is to know of somebody who is about to be here. */
interface LookUp {
  readonly waiting: FoundWaiting;
  /** To be called when he is, or will not be. */
  readonly release: () => void;
}

export interface AccountMeans {
  readonly store: Store;
  readonly chat: Chat;
  readonly outlet: Outlet;
  readonly deeds: Deeds;
  readonly notices: PresenceNotices;
  readonly watching: Watching;
  readonly metadata: Metadata;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Ends a session whose device was signed out; `text`: why. */
  readonly close: (session: SessionId, text: string | undefined) => void;
  readonly sessions: ReadonlyMap<SessionId, Session>;
  /** Has what a session asks wait until a promise is resolved. */
  readonly await: (session: Session, what: Promise<void>) => void;
  /** A guest is nobody any more; only while something is being released. */
  readonly forgetGuest: (guest: PersonId) => void;
  /** Has the private conversations of somebody at hand, until what it resolves to is called. */
  readonly lookUp: (person: PersonId) => Promise<LookUp>;
}

const accountRecords = "accounts/";
/** RFC 5321, section 4.5.3.1.3, without the brackets. */
const maxEmailUnits = 254;
/** What a device is called is cut off there. */
const maxDeviceName = 64;

/** Who has an account: how one comes to it, and shows that it is one's own. */
export class Accounts {
  readonly #means: AccountMeans;
  readonly #byFold = new Map<string, Account>();
  readonly #byPerson = new Map<PersonId, Account>();
  /** Names whose accounts are being made. */
  readonly #inTheMaking = new Set<string>();
  readonly #passwords: Passwords;
  readonly #guesses: GuessLimit;
  readonly #nobodys: NobodysScram;
  readonly #devices: Devices;
  readonly #changes: PasswordChanges;
  readonly #certificates: AccountCertificates;
  /** People whose accounts are being changed. */
  readonly #underWay = new Set<PersonId>();

  private constructor(means: AccountMeans, devices: Devices) {
    this.#means = means;
    this.#devices = devices;
    const { settings, store } = means;
    this.#passwords = new Passwords({ atOnce: settings.passwordChecks, waiting: settings.passwordQueue });
    this.#guesses = new GuessLimit({ pair: settings.guesses, address: settings.addressGuesses });
    this.#nobodys = new NobodysScram(store.identity.tokenSecret);
    const change = {
      ...means,
      underWay: this.#underWay,
      accountOf: (person: PersonId) => this.#byPerson.get(person),
      record: (account: Account) => ({ key: keyOf(account), value: JSON.stringify(account.record) }),
      changed: (account: Account) => this.#add(account),
    };
    this.#certificates = new AccountCertificates(change);
    this.#changes = new PasswordChanges({
      ...change,
      devices,
      passwords: this.#passwords,
      guess: (session, proof) => this.#guess(session, proof),
    });
  }

  static async open(means: AccountMeans): Promise<Accounts> {
    const accounts = new Accounts(means, await Devices.open(means.store));
    for (const { value } of await means.store.records(accountRecords)) {
      const account = accountOf(JSON.parse(value) as AccountRecord, means.chat.fold);
      if (account !== undefined) accounts.#add(account);
    }
    return accounts;
  }

  byPerson(person: PersonId): Account | undefined {
    return this.#byPerson.get(person);
  }

  /** Makes an account of the name that one has, or would come in under. */
  register(session: Session, ask: Of<"register">): void {
    const { tag } = ask;
    const { chat, settings } = this.#means;
    const person = chat.personOf(session.id);
    const isSignedIn = person?.account ?? session.account?.name.shown;
    if (isSignedIn !== undefined) {
      this.#refuse(session, tag, { reason: "already-signed-in", account: isSignedIn });
      return;
    }
    const name = parseName(ask.name ?? person?.name.shown ?? "", chat.fold);
    const id = person?.id ?? this.#means.ids.person();
    if ("reason" in name) {
      this.#refuse(session, tag, name);
      return;
    }
    const refusal = this.#registrationRefusal(session, ask, { person: id, name });
    const password = refusal ?? parsePassword(ask.password, settings.minPasswordCharacters);
    if (typeof password !== "string") {
      this.#refuse(session, tag, password);
      return;
    }
    const holder = { person: id, name };
    this.#inTheMaking.add(name.fold);
    chat.accounts.reserve(holder);
    const made = this.#passwords.prepare(password).then((prepared) => {
      if ("reason" in prepared) {
        this.#notMade(holder);
        this.#refuse(session, tag, prepared);
        return;
      }
      const created = this.#means.outlet.now();
      const record = { name: name.shown, person: id, created, email: ask.email, password: prepared };
      this.#store(session, { ...holder, record }, ask);
    });
    this.#means.await(session, made);
  }

  /** Takes up who says that he is somebody, and shows it. */
  signIn(session: Session, ask: Of<"sign-in">): void {
    const { proof, tag } = ask;
    const { chat } = this.#means;
    if (proof.kind === "certificate") {
      this.#signInByCertificate(session, proof, tag);
      return;
    }
    const known = chat.personOf(session.id)?.account;
    if (known !== undefined && chat.fold(known) !== chat.fold(proof.account)) {
      this.#refuse(session, tag, { reason: "already-signed-in", account: known });
      return;
    }
    if (proof.kind === "password" && !mayBeClear(session, this.#means.settings)) {
      this.#refuse(session, tag, { reason: "clear-password" });
      return;
    }
    const signedIn = this.#signIn(session, proof, ask).catch((error: unknown) => {
      this.#refuse(session, tag, refusalOfFault(error));
    });
    this.#means.await(session, signedIn);
  }

  /** Whose device a session comes from, by its token; `undefined` where it is no device's, or not any more. */
  signInByToken(session: Session, token: string): Bearer | undefined {
    const { outlet } = this.#means;
    const used = this.#devices.use(token, outlet.now());
    const account = used && this.#byPerson.get(used.device.person);
    if (used === undefined || account === undefined) return undefined;
    if (used.changes.length > 0) outlet.record(used.changes, () => undefined);
    session.account = account;
    session.device = used.device.id;
    session.token = token;
    return { person: account.person, device: used.device.id };
  }

  /** Shows the devices on which somebody is signed in, the one used last first; before that signs one of them out. */
  devices(session: Session, { tag, revoke }: Of<"devices">): void {
    const { chat, outlet } = this.#means;
    const person = chat.personOf(session.id);
    if (person?.account === undefined) {
      this.#refuse(session, tag, { reason: "not-signed-in" });
      return;
    }
    const revoked = revoke === undefined ? undefined : this.#devices.find(revoke, person.id);
    if (revoke !== undefined && revoked === undefined) {
      this.#refuse(session, tag, { reason: "no-such-device", device: revoke });
      return;
    }
    const changes = revoked === undefined ? [] : this.#devices.revoke(revoked);
    const tell = (): void => {
      const devices = this.#devices.of(person.id).map(({ id, name, createdAt, lastUsedAt }) => {
        return { id, name, createdAt, lastUsedAt, isOwn: id === session.device };
      });
      const answer = { kind: "devices", devices } as const;
      outlet.tell({ kind: "answer", session: session.id, at: outlet.now(), tag, answer });
    };
    if (changes.length === 0) {
      outlet.barrier(tell);
      return;
    }
    outlet.record(changes, tell);
    for (const other of this.#means.sessions.values()) {
      if (other.device === revoked?.id && !other.gone && other.id !== session.id) {
        this.#means.close(other.id, undefined);
      }
    }
  }

  changePassword(session: Session, ask: Of<"change-password">): void {
    this.#changes.change(session, ask);
  }

  scram(session: Session, { account, tag }: Of<"scram">): void {
    const fold = this.#means.chat.fold(account);
    const credentials = this.#byFold.get(fold)?.record.password.scram ?? this.#nobodys.credentials(fold);
    this.#means.outlet.afterwards({ kind: "scram", session: session.id, tag, credentials });
  }

  /** TLS has proved that the client has the certificate's key; there is nothing to guess. */
  #signInByCertificate(
    session: Session,
    { account: wanted }: Extract<Proof, { kind: "certificate" }>,
    tag: Tag | undefined,
  ): void {
    const { chat } = this.#means;
    const holder = this.#certificates.holderOf(session);
    const account = holder && this.#byPerson.get(holder);
    if (account === undefined || (wanted !== undefined && chat.fold(wanted) !== account.name.fold)) {
      this.#refuse(session, tag, { reason: "unknown-certificate" });
      return;
    }
    const known = chat.personOf(session.id)?.account;
    if (known !== undefined && chat.fold(known) !== account.name.fold) {
      this.#refuse(session, tag, { reason: "already-signed-in", account: known });
      return;
    }
    const signedIn = this.#proved(session, account, { tag, device: undefined }).catch((error: unknown) => {
      this.#refuse(session, tag, refusalOfFault(error));
    });
    this.#means.await(session, signedIn);
  }

  certificates(session: Session, ask: Of<"certificates">): void {
    this.#certificates.answer(session, ask);
    this.#means.outlet.flush();
  }

  /** Why a proof is none, or `undefined`; a wrong one counts as a guess. */
  async #guess(session: Session, proof: Guess): Promise<Refusal | undefined> {
    const { clock } = this.#means;
    const fold = this.#means.chat.fold(proof.account);
    const guess = { account: fold, address: addressKey(session.address.host) };
    const retryAfterMs = this.#guesses.take(guess, clock.monotonic());
    if (retryAfterMs > 0) return { reason: "too-many-guesses", retryAfterMs };
    const refusal = await this.#check(proof, this.#byFold.get(fold));
    if (refusal === undefined || refusal.reason === "overloaded") {
      this.#guesses.giveBack(guess, clock.monotonic());
    }
    return refusal;
  }

  async #signIn(session: Session, proof: Guess, ask: Of<"sign-in">): Promise<void> {
    const { tag } = ask;
    const refusal = await this.#guess(session, proof);
    const account = this.#byFold.get(this.#means.chat.fold(proof.account));
    if (refusal !== undefined || account === undefined) {
      this.#refuse(session, tag, refusal ?? { reason: "wrong-password" });
      return;
    }
    if (session.gone) return;
    if (proof.kind === "scram" && proof.isCheck) {
      const { outlet } = this.#means;
      const done = { kind: "nothing" } as const;
      outlet.inOrder(() => outlet.tell({ kind: "done", session: session.id, at: outlet.now(), tag, done }));
      return;
    }
    await this.#proved(session, account, ask);
  }

  /** Somebody has shown that an account is his. */
  async #proved(
    session: Session,
    account: Account,
    { tag, device }: Pick<Of<"sign-in">, "tag" | "device">,
  ): Promise<void> {
    if (this.#means.chat.personOf(session.id) === undefined) {
      this.#signInAtTheDoor(session, account, { tag, device });
      return;
    }
    const { release, waiting } = await this.#means.lookUp(account.person);
    this.#become(session, account, { tag, waiting });
    release();
  }

  async #check(proof: Guess, account: Account | undefined): Promise<Refusal | undefined> {
    if (proof.kind === "scram") return proof.isProved ? undefined : { reason: "wrong-password" };
    const password = parsePassword(proof.password);
    if (typeof password !== "string") return { reason: "wrong-password" };
    const check = await this.#passwords.check(password, account?.record.password);
    switch (check.kind) {
      case "right":
        if (check.outdated && account !== undefined) void this.#renew(account, password);
        return undefined;
      case "wrong":
        return { reason: "wrong-password" };
      case "refused":
        return check.refusal;
    }
  }

  /** A password that was stored as used to be right is stored as is right today. */
  async #renew(account: Account, password: Password): Promise<void> {
    const prepared = await this.#passwords.prepare(password);
    if ("reason" in prepared) return;
    // Another password may have taken its place meanwhile, or be about to.
    if (this.#byPerson.get(account.person) !== account || this.#underWay.has(account.person)) return;
    const record = { ...account.record, password: prepared };
    const change = { key: keyOf(account), value: JSON.stringify(record) };
    this.#means.outlet.record([change], (outcome) => {
      if (outcome.kind === "stored") this.#add({ ...account, record });
    });
    this.#means.outlet.flush();
  }

  #signInAtTheDoor(
    session: Session,
    account: Account,
    { tag, device }: Pick<Of<"sign-in">, "tag" | "device">,
  ): void {
    session.account = account;
    const { outlet } = this.#means;
    const tell = (): void => this.#tellSignedIn(session, account, { tag, isNew: false });
    if (device === undefined) outlet.barrier(tell);
    else this.#keepSignedIn(session, account, { device, told: tell });
    outlet.flush();
  }

  /** `told` is called when the device is stored; where that cannot be, it is signed in for this once. */
  #keepSignedIn(
    session: Session,
    account: Account,
    { device, told }: { readonly device: string; readonly told: () => void },
  ): void {
    const issued = this.#newDevice(session, account, device);
    this.#means.outlet.record(issued.changes, (outcome) => {
      if (outcome.kind === "stored") {
        this.#devices.add(issued.device);
        session.token = issued.token;
      }
      told();
    });
  }

  /** A session of our own client's stays signed in on its device. */
  #newDevice(session: Session, account: Account, called: string): ReturnType<Devices["issue"]> {
    const { ids, outlet } = this.#means;
    session.device = session.bearer?.device ?? ids.device();
    const name = withoutHostile(called.slice(0, maxDeviceName)) as CleanText;
    return this.#devices.issue({ id: session.device, person: account.person, name }, outlet.now());
  }

  /** A guest who is here turns out to be somebody. */
  #become(
    session: Session,
    account: Account,
    { tag, waiting }: { readonly tag: Tag | undefined; readonly waiting: FoundWaiting },
  ): void {
    const { chat, outlet, deeds, notices, watching, metadata } = this.#means;
    const from = chat.personOf(session.id)?.author;
    if (from?.id === account.person) {
      // He is that already, and has shown it once more.
      waiting.giveUp();
      outlet.inOrder(() => this.#tellSignedIn(session, account, { tag, isNew: false }));
      return;
    }
    const became = become(chat, session.id, account);
    if (became === undefined || from === undefined) {
      waiting.giveUp();
      return;
    }
    const { person, was, entered, joined, wasHere } = became;
    deeds.keepIgnoring(was.id, person.id);
    deeds.follow(from, person.author);
    if (was.sessions.length === 0) metadata.left(was);
    const entries = entered.map((room) => deeds.entryOf(room, person));
    deeds.keep(person, joined);
    const waited = waiting.take();
    outlet.barrier(() => {
      const at = outlet.now();
      if (was.sessions.length === 0) this.#means.forgetGuest(was.id);
      this.#tellSignedIn(session, account, { tag, isNew: false });
      if (!wasHere) {
        deeds.tellPerson(person, "account", at);
      } else {
        if (was.sessions.length === 0) {
          const rooms = [...chat.rooms.of(person.id)].map(({ stream }) => stream);
          watching.left(was.name.shown);
          notices.left(passing(was), { rooms, except: [session.id], at, text: undefined });
        }
        outlet.tell({
          kind: "own-name",
          session: session.id,
          at,
          tag: undefined,
          from,
          person: person.author,
        });
        for (const room of joined) {
          notices.joined(comingBack(person, room), { room: room.stream, except: person.sessions, at });
          const entry = deeds.withHistory(deeds.entryOf(room, person), person.id);
          for (const other of person.sessions) {
            if (other !== session.id) {
              outlet.tell({ kind: "room-entered", session: other, at, tag: undefined, entry });
            }
          }
        }
      }
      for (const entry of entries) {
        outlet.tell({
          kind: "room-entered",
          session: session.id,
          at,
          tag: undefined,
          entry: deeds.withHistory(entry, person.id),
        });
      }
      if (!wasHere) {
        for (const room of entered) {
          notices.joined(comingBack(person, room), { room: room.stream, except: person.sessions, at });
        }
      }
      const events = chat.ignoring.shown(person.id, waited.events());
      if (events.length > 0) outlet.tell({ kind: "waited", session: session.id, at, events });
    });
    if (waited.changes.length > 0) outlet.record(waited.changes, () => undefined);
    outlet.flush();
  }

  #registrationRefusal(
    session: Session,
    { email }: Of<"register">,
    { person, name }: AccountHolder,
  ): Refusal | undefined {
    const { chat, settings } = this.#means;
    if (!mayBeClear(session, settings)) return { reason: "clear-password" };
    if (email === undefined && settings.requiresEmail) return { reason: "email-needed" };
    if (email !== undefined && !isEmail(email)) return { reason: "email-unusable", email };
    if (this.#byFold.has(name.fold) || this.#inTheMaking.has(name.fold)) {
      return { reason: "account-exists", name: name.shown };
    }
    return chat.roster.claim(person, name) ?? chat.accounts.claim(person, name);
  }

  #store(session: Session, account: Account, { tag, device }: Of<"register">): void {
    const { chat, outlet, deeds, metadata } = this.#means;
    const change = { key: keyOf(account), value: JSON.stringify(account.record) };
    outlet.record([change], (outcome) => {
      if (outcome.kind === "not-stored") {
        // Where it may turn out to have been stored, the name is kept for it.
        if (outcome.why !== "unknown") this.#notMade(account);
        const refusal = refusalOf(outcome.why);
        outlet.tell({ kind: "refused", session: session.id, at: outlet.now(), refusal, tag });
        return;
      }
      this.#inTheMaking.delete(account.name.fold);
      this.#add(account);
      const person = chat.personOf(session.id);
      if (person === undefined) {
        session.account = account;
      } else {
        const was = person.author;
        giveAccount(chat, person, account);
        deeds.keepIgnoring(person.id, person.id);
        deeds.follow(was, person.author);
        deeds.keep(person, chat.rooms.of(person.id));
        metadata.keep(person.id);
      }
      const tell = (): void => {
        this.#tellSignedIn(session, account, { tag, isNew: true });
        if (person !== undefined) deeds.tellPerson(person, "account", outlet.now());
      };
      if (device === undefined) tell();
      else this.#keepSignedIn(session, account, { device, told: tell });
    });
    outlet.flush();
  }

  #tellSignedIn(
    session: Session,
    account: Account,
    { tag, isNew }: { readonly tag: Tag | undefined; readonly isNew: boolean },
  ): void {
    const at = this.#means.outlet.now();
    const name = account.name.shown;
    const { token } = session;
    const person = this.#means.chat.personOf(session.id)?.id;
    this.#means.outlet.tell({
      kind: "signed-in",
      session: session.id,
      at,
      tag,
      account: name,
      isNew,
      person,
      token,
    });
  }

  /** The account is not made, and its name is free again. */
  #notMade(holder: AccountHolder): void {
    this.#inTheMaking.delete(holder.name.fold);
    this.#means.chat.accounts.remove(holder);
  }

  #add(account: Account): void {
    this.#certificates.know(account, this.#byPerson.get(account.person));
    this.#byFold.set(account.name.fold, account);
    this.#byPerson.set(account.person, account);
    this.#means.chat.accounts.add(account);
  }

  #refuse(session: Session, tag: Tag | undefined, refusal: Refusal): void {
    this.#means.outlet.refuse(session.id, refusal, tag);
    this.#means.outlet.flush();
  }
}

/** Whether a password may come from there as it is: what crosses the network unprotected is everybody's to read. */
export function mayBeClear({ isLocal, security }: Session, settings: Settings): boolean {
  return isLocal || security !== undefined || settings.clearPasswords === "always";
}

/** So much of it is looked at as no address lacks. Nothing is sent to it. */
function isEmail(text: string): boolean {
  return text.length <= maxEmailUnits && /^[^\s@]+@[^\s@]+$/.test(text) && withoutHostile(text) === text;
}

function keyOf(account: AccountHolder): string {
  return `${accountRecords}${encodeURIComponent(account.name.fold)}`;
}

function accountOf(record: AccountRecord, fold: Fold): Account | undefined {
  const name = parseName(record.name, fold);
  return "reason" in name ? undefined : { person: record.person, name, record };
}

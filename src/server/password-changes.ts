import type { Chat } from "../chat/chat.ts";
import type { PersonId } from "../chat/event.ts";
import { type Password, parsePassword } from "../chat/password.ts";
import type { Refusal } from "../chat/refusal.ts";
import type { SessionId } from "../chat/roster.ts";
import type { RecordChange } from "../storage/store.ts";
import { type Account, type Guess, mayBeClear } from "./accounts.ts";
import type { Device } from "./device-tokens.ts";
import { type Devices, erasureOf } from "./devices.ts";
import type { Ask, Tag } from "./link.ts";
import { type Outlet, refusalOf, refusalOfFault } from "./outlet.ts";
import type { Passwords } from "./passwords.ts";
import type { Session } from "./session.ts";
import type { Settings } from "./settings.ts";

type Change = Extract<Ask, { kind: "change-password" }>;

interface PasswordChangeMeans {
  readonly chat: Chat;
  readonly outlet: Outlet;
  readonly settings: Settings;
  readonly sessions: ReadonlyMap<SessionId, Session>;
  readonly devices: Devices;
  readonly passwords: Passwords;
  readonly accountOf: (person: PersonId) => Account | undefined;
  /** Why a proof is none; a wrong one counts as a guess. */
  readonly guess: (session: Session, proof: Guess) => Promise<Refusal | undefined>;
  /** What there is to store of an account. */
  readonly record: (account: Account) => RecordChange;
  /** An account is stored with another password. */
  readonly changed: (account: Account) => void;
  /** Ends a session whose device was signed out; `text`: why. */
  readonly close: (session: SessionId, text: string | undefined) => void;
  /** People whose accounts are being changed. */
  readonly underWay: Set<PersonId>;
  /** Has what a session asks wait until a promise is resolved. */
  readonly await: (session: Session, what: Promise<void>) => void;
}

/** People have other passwords from now on, with which their other devices are signed out. */
export class PasswordChanges {
  readonly #means: PasswordChangeMeans;

  constructor(means: PasswordChangeMeans) {
    this.#means = means;
  }

  /** Has another password be that of the account that one is signed in to. */
  change(session: Session, ask: Change): void {
    const { chat, settings, accountOf } = this.#means;
    const person = chat.personOf(session.id);
    const account = person && accountOf(person.id);
    if (account === undefined) {
      this.#refuse(session, ask.tag, { reason: "not-signed-in" });
      return;
    }
    const password =
      this.#refusal(session, account) ?? parsePassword(ask.after, settings.minPasswordCharacters);
    if (typeof password !== "string") {
      this.#refuse(session, ask.tag, password);
      return;
    }
    const { underWay } = this.#means;
    underWay.add(account.person);
    const changed = this.#change(session, account, { ask, password })
      .catch((error: unknown) => this.#refuse(session, ask.tag, refusalOfFault(error)))
      .finally(() => underWay.delete(account.person));
    this.#means.await(session, changed);
  }

  #refusal(session: Session, account: Account): Refusal | undefined {
    if (!mayBeClear(session, this.#means.settings)) return { reason: "clear-password" };
    // Of two at once nobody would know which one holds.
    return this.#means.underWay.has(account.person) ? { reason: "overloaded" } : undefined;
  }

  async #change(
    session: Session,
    account: Account,
    { ask, password }: { readonly ask: Change; readonly password: Password },
  ): Promise<void> {
    const { devices, guess, passwords } = this.#means;
    const proof = { kind: "password", account: account.name.shown, password: ask.before } as const;
    const refusal = await guess(session, proof);
    const prepared = refusal ?? (await passwords.prepare(password));
    if ("reason" in prepared) {
      this.#refuse(session, ask.tag, prepared);
      return;
    }
    const others = devices.of(account.person).filter(({ id }) => id !== session.device);
    const next = { ...account, record: { ...account.record, password: prepared } };
    await this.#store(session, next, { tag: ask.tag, others });
  }

  /** Resolves when it is known what became of it. */
  #store(
    session: Session,
    account: Account,
    what: { readonly tag: Tag | undefined; readonly others: readonly Device[] },
  ): Promise<void> {
    const { outlet, record, changed } = this.#means;
    return new Promise((resolve) => {
      outlet.record([record(account), ...what.others.map(erasureOf)], (outcome) => {
        if (outcome.kind === "stored") {
          changed(account);
          this.#tell(session, account.person, what);
        } else {
          const refusal = refusalOf(outcome.why);
          outlet.tell({ kind: "refused", session: session.id, at: outlet.now(), refusal, tag: what.tag });
        }
        outlet.flush();
        resolve();
      });
      outlet.flush();
    });
  }

  /** All sessions are told; those of devices whose tokens are taken back end. */
  #tell(
    session: Session,
    person: PersonId,
    { tag, others }: { readonly tag: Tag | undefined; readonly others: readonly Device[] },
  ): void {
    const { outlet, chat, sessions, devices, close } = this.#means;
    const at = outlet.now();
    for (const device of others) devices.revoke(device);
    const signedOut = new Set(others.map(({ id }) => id));
    outlet.tell({ kind: "password-changed", session: session.id, at, tag, signedOut: signedOut.size });
    for (const id of chat.roster.byId(person)?.sessions ?? []) {
      const other = sessions.get(id);
      if (other === undefined || other === session || other.gone) continue;
      outlet.tell({ kind: "password-changed", session: id, at, tag: undefined, signedOut: undefined });
      if (other.device !== undefined && signedOut.has(other.device)) close(id, "The password was changed");
    }
  }

  #refuse(session: Session, tag: Tag | undefined, refusal: Refusal): void {
    this.#means.outlet.refuse(session.id, refusal, tag);
    this.#means.outlet.flush();
  }
}

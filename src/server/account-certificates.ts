import type { Chat } from "../chat/chat.ts";
import type { PersonId } from "../chat/event.ts";
import type { Refusal } from "../chat/refusal.ts";
import type { RecordChange } from "../storage/store.ts";
import type { Account } from "./accounts.ts";
import type { Ask, Tag } from "./link.ts";
import { type Outlet, refusalOf } from "./outlet.ts";
import type { Session } from "./session.ts";

type Asked = Extract<Ask, { kind: "certificates" }>;

/** Somebody may sign in by so many; with one more the oldest goes. */
const maxCertificatesEach = 10;

interface CertificateMeans {
  readonly chat: Chat;
  readonly outlet: Outlet;
  readonly accountOf: (person: PersonId) => Account | undefined;
  /** What there is to store of an account. */
  readonly record: (account: Account) => RecordChange;
  /** An account is stored with other certificates. */
  readonly changed: (account: Account) => void;
  /** People whose accounts are being changed: of two changes at once one would be lost. */
  readonly underWay: Set<PersonId>;
}

/** By which certificates of TLS people sign in to their accounts: SASL EXTERNAL (RFC 4422, appendix A). */
export class AccountCertificates {
  readonly #means: CertificateMeans;
  readonly #holders = new Map<string, PersonId>();

  constructor(means: CertificateMeans) {
    this.#means = means;
  }

  /** Who signs in by the certificate that a session showed. */
  holderOf({ security }: Session): PersonId | undefined {
    return security?.certificate === undefined ? undefined : this.#holders.get(security.certificate);
  }

  /** An account is there, or is another one than before. */
  know(account: Account, before: Account | undefined): void {
    for (const fingerprint of before?.record.certificates ?? []) this.#holders.delete(fingerprint);
    for (const fingerprint of account.record.certificates ?? [])
      this.#holders.set(fingerprint, account.person);
  }

  /** Lists one's certificates, where asked to after one was added or removed. */
  answer(session: Session, { change, tag }: Asked): void {
    const { chat, outlet, accountOf, underWay } = this.#means;
    const person = chat.personOf(session.id);
    const account = person && accountOf(person.id);
    if (account === undefined) {
      outlet.refuse(session.id, { reason: "not-signed-in" }, tag);
      return;
    }
    const { certificates = [] } = account.record;
    const next = change === undefined ? certificates : this.#changed(session, certificates, change);
    if ("reason" in next) {
      outlet.refuse(session.id, next, tag);
    } else if (change === undefined) {
      this.#tell(session, certificates, tag);
    } else if (underWay.has(account.person)) {
      outlet.refuse(session.id, { reason: "overloaded" }, tag);
    } else {
      this.#store(session, { ...account, record: { ...account.record, certificates: next } }, tag);
    }
  }

  #changed(
    { security }: Session,
    certificates: readonly string[],
    { kind, fingerprint = security?.certificate }: NonNullable<Asked["change"]>,
  ): readonly string[] | Refusal {
    if (fingerprint === undefined) return { reason: "no-certificate" };
    const others = certificates.filter((other) => other !== fingerprint);
    if (kind === "remove") {
      return others.length === certificates.length ? { reason: "unknown-certificate" } : others;
    }
    return this.#holders.has(fingerprint) && others.length === certificates.length
      ? { reason: "certificate-taken" }
      : [...others, fingerprint].slice(-maxCertificatesEach);
  }

  #store(session: Session, account: Account, tag: Tag): void {
    const { outlet, record, changed, underWay } = this.#means;
    underWay.add(account.person);
    outlet.record([record(account)], (outcome) => {
      underWay.delete(account.person);
      if (outcome.kind === "stored") {
        changed(account);
        this.#tell(session, account.record.certificates ?? [], tag);
      } else {
        const refusal = refusalOf(outcome.why);
        outlet.tell({ kind: "refused", session: session.id, at: outlet.now(), refusal, tag });
      }
      outlet.flush();
    });
    outlet.flush();
  }

  #tell(session: Session, certificates: readonly string[], tag: Tag): void {
    const { outlet } = this.#means;
    const answer = { kind: "certificates", certificates, own: session.security?.certificate } as const;
    outlet.afterwards({ kind: "answer", session: session.id, at: outlet.now(), tag, answer });
  }
}

import type { KeyObject } from "node:crypto";
import type { Instant } from "../../chat/event.ts";
import { AcmeError } from "./acme-error.ts";
import { type Directory, directoryOf, parseDocument, problemOf, quoted } from "./document.ts";
import { type ExchangeAnswer, type ExchangeMeans, exchange } from "./exchange.ts";
import { jwkOf, type Signer, signedBody } from "./jws.ts";

const badNonce = "urn:ietf:params:acme:error:badNonce";
const maxNonces = 3;

export interface Account {
  readonly key: KeyObject;
  /** `undefined`: the authority is told none. */
  readonly email: string | undefined;
}

/** A certificate authority, spoken to as the owner of an account (RFC 8555). One request at a time. */
export class Authority {
  readonly directory: Directory;
  readonly #key: KeyObject;
  readonly #means: ExchangeMeans;
  #signer: Signer;
  #nonce: string | undefined;

  private constructor(directory: Directory, key: KeyObject, means: ExchangeMeans) {
    this.directory = directory;
    this.#key = key;
    this.#means = means;
    this.#signer = { jwk: jwkOf(key) };
  }

  /**
   * Finds the account of the key, or makes it and agrees to the authority's terms.
   *
   * @throws AcmeError, as all of these.
   */
  static async open(url: string, account: Account, means: ExchangeMeans): Promise<Authority> {
    const answer = await exchange({ method: "GET", url }, means);
    if (!isGood(answer)) throw problemIn(answer, means.clock.now());
    const authority = new Authority(directoryOf(parseDocument(answer.body)), account.key, means);
    const contact = account.email === undefined ? {} : { contact: [`mailto:${account.email}`] };
    const made = await authority.post(authority.directory.newAccount, {
      termsOfServiceAgreed: true,
      ...contact,
    });
    authority.#signer = { kid: locationOf(made) };
    return authority;
  }

  /** Sends what is signed; without a `payload` it asks for what is there. */
  async post(url: string, payload?: object): Promise<ExchangeAnswer> {
    for (let nonces = 1; ; nonces += 1) {
      const nonce = this.#nonce ?? (await this.#newNonce());
      this.#nonce = undefined;
      const body = signedBody(this.#key, { url, nonce, signer: this.#signer }, payload);
      const answer = await exchange({ method: "POST", url, body }, this.#means);
      this.#nonce = nonceOf(answer);
      if (isGood(answer)) return answer;
      const problem = problemIn(answer, this.#means.clock.now());
      // A nonce may have grown old meanwhile; each answer brings another.
      if (problem.type !== badNonce || nonces === maxNonces) throw problem;
    }
  }

  async #newNonce(): Promise<string> {
    const answer = await exchange({ method: "HEAD", url: this.directory.newNonce }, this.#means);
    const nonce = nonceOf(answer);
    if (nonce === undefined) throw new AcmeError("gave no nonce where it had to");
    return nonce;
  }
}

/** Where the authority put what it was asked to make. */
export function locationOf({ headers: { location } }: ExchangeAnswer): string {
  if (location === undefined) throw new AcmeError("did not say where it put what it made");
  return location;
}

const longestRetryMs = 7 * 86_400_000;

/** For how long the authority does not want to be asked again. */
export function retryAfterMs({ headers }: ExchangeAnswer, now: Instant): number | undefined {
  const given = headers["retry-after"];
  if (given === undefined) return undefined;
  const ms = /^\d+$/.test(given) ? Number(given) * 1000 : Date.parse(given) - now;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), longestRetryMs);
}

function isGood({ status }: ExchangeAnswer): boolean {
  return status >= 200 && status < 300;
}

function nonceOf({ headers }: ExchangeAnswer): string | undefined {
  const nonce = headers["replay-nonce"];
  return typeof nonce === "string" ? nonce : undefined;
}

function problemIn(answer: ExchangeAnswer, now: Instant): AcmeError {
  const retry = { retryAfterMs: retryAfterMs(answer, now) };
  const problem = asProblem(answer.body);
  if (problem === undefined) {
    return new AcmeError(`answered with status ${answer.status}: ${quoted(answer.body)}`, retry);
  }
  return new AcmeError(`said ${quoted(problem.detail)} (${problem.type})`, { type: problem.type, ...retry });
}

function asProblem(body: string): ReturnType<typeof problemOf> {
  try {
    return problemOf(parseDocument(body));
  } catch (error) {
    if (!(error instanceof AcmeError)) throw error;
    return undefined;
  }
}

import type { KeyObject } from "node:crypto";
import type { Certificate } from "../tls/certificate.ts";
import { AcmeError } from "./acme-error.ts";
import { type Authority, locationOf, retryAfterMs } from "./authority.ts";
import { requestCertificate } from "./certificate-request.ts";
import { type ChallengeAnswer, type ChallengeKind, challengeCertificate } from "./challenge.ts";
import {
  type Authorization,
  authorizationOf,
  type Challenge,
  type Document,
  type Order,
  orderOf,
  type Problem,
  parseDocument,
  quoted,
} from "./document.ts";
import type { ExchangeMeans } from "./exchange.ts";
import { keyAuthorization } from "./jws.ts";

/** How long the authority may take for each of its decisions, and how often it is asked meanwhile. */
const decisionMs = 300_000;
const firstPauseMs = 500;
const longestPauseMs = 30_000;

export interface OrderOptions extends ExchangeMeans {
  /** The first is the subject. */
  readonly domains: readonly string[];
  readonly challenge: ChallengeKind;
  /** The account's. */
  readonly key: KeyObject;
  /** Has these answered, and no others; resolves when they are. */
  readonly publish: (answers: readonly ChallengeAnswer[]) => Promise<void>;
}

/** One certificate, from the order to its download. */
export class CertificateOrder {
  readonly #authority: Authority;
  readonly #options: OrderOptions;

  constructor(authority: Authority, options: OrderOptions) {
    this.#authority = authority;
    this.#options = options;
  }

  /** @throws AcmeError */
  async obtain(): Promise<Certificate> {
    const { domains, publish } = this.#options;
    const identifiers = domains.map((value) => ({ type: "dns", value }));
    const placed = await this.#authority.post(this.#authority.directory.newOrder, { identifiers });
    const url = locationOf(placed);
    try {
      await this.#authorize(orderOf(parseDocument(placed.body)).authorizations);
    } finally {
      await publish([]);
    }
    const ready = await this.#settled(url, orderOf, ["pending"]);
    requireStatus(ready, "ready");
    const request = await requestCertificate(domains);
    await this.#authority.post(ready.finalize, { csr: request.der });
    const issued = await this.#settled(url, orderOf, ["ready", "processing"]);
    requireStatus(issued, "valid");
    if (issued.certificate === undefined) throw new AcmeError("did not say where the certificate is");
    const { body } = await this.#authority.post(issued.certificate);
    return { chain: body, key: request.key };
  }

  /** Shows the authority that each name leads here. */
  async #authorize(urls: readonly string[]): Promise<void> {
    const waiting: { readonly url: string; readonly challenge: Challenge }[] = [];
    const answers: ChallengeAnswer[] = [];
    for (const url of urls) {
      const authorization = authorizationOf(parseDocument((await this.#authority.post(url)).body));
      if (authorization.status === "valid") continue;
      const challenge = this.#choose(authorization);
      waiting.push({ url, challenge });
      answers.push(await this.#answer(authorization.domain, challenge));
    }
    await this.#options.publish(answers);
    for (const { challenge } of waiting) await this.#authority.post(challenge.url, {});
    for (const { url } of waiting) {
      const { status, domain, challenges } = await this.#settled(url, authorizationOf, ["pending"]);
      if (status === "valid") continue;
      const problem = challenges.find(({ error }) => error !== undefined)?.error;
      throw refused(`does not take it that ${domain} leads here`, { status, problem });
    }
  }

  #choose({ domain, challenges }: Authorization): Challenge {
    const wanted = this.#options.challenge;
    const challenge = challenges.find(({ type }) => type === wanted);
    if (challenge === undefined) {
      const offered = quoted(challenges.map(({ type }) => type).join(", "));
      throw new AcmeError(`offers ${offered} for ${domain}, and ${wanted} is wanted (--acme-challenge)`);
    }
    // It becomes a part of a path.
    if (!/^[\w-]+$/.test(challenge.token)) throw new AcmeError(`gave ${quoted(challenge.token)} for a token`);
    return challenge;
  }

  async #answer(domain: string, { token }: Challenge): Promise<ChallengeAnswer> {
    const { challenge, key, clock } = this.#options;
    const authorization = keyAuthorization(token, key);
    switch (challenge) {
      case "http-01":
        return { kind: "http-01", token, keyAuthorization: authorization };
      case "tls-alpn-01": {
        const certificate = await challengeCertificate(domain, authorization, clock.now());
        return { kind: "tls-alpn-01", domain, certificate };
      }
    }
  }

  /** Asks until the authority has decided. */
  async #settled<T extends { readonly status: string }>(
    url: string,
    parse: (document: Document) => T,
    undecided: readonly string[],
  ): Promise<T> {
    const { clock } = this.#options;
    const start = clock.monotonic();
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      const answer = await this.#authority.post(url);
      const found = parse(parseDocument(answer.body));
      if (!undecided.includes(found.status)) return found;
      const wantedMs = Math.max(pauseMs, retryAfterMs(answer, clock.now()) ?? 0);
      if (clock.monotonic() - start + wantedMs > decisionMs) {
        throw new AcmeError(`has not decided within ${decisionMs / 1000} seconds (${quoted(found.status)})`);
      }
      await this.#pause(wantedMs);
    }
  }

  async #pause(ms: number): Promise<void> {
    const { clock, signal } = this.#options;
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const end = (): void => {
        timer.cancel();
        reject(signal.reason);
      };
      const timer = clock.after(ms, () => {
        signal.removeEventListener("abort", end);
        resolve();
      });
      signal.addEventListener("abort", end, { once: true });
    });
  }
}

function requireStatus({ status, error }: Order, wanted: string): void {
  if (status !== wanted) throw refused("does not issue it", { status, problem: error });
}

function refused(
  what: string,
  { status, problem }: { readonly status: string; readonly problem: Problem | undefined },
): AcmeError {
  if (problem === undefined) return new AcmeError(`${what}: its status is ${quoted(status)}`);
  return new AcmeError(`${what}: ${quoted(problem.detail)} (${problem.type})`, { type: problem.type });
}

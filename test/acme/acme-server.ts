import { type KeyObject, randomBytes, webcrypto } from "node:crypto";
import EventEmitter, { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import * as x509 from "@peculiar/x509";
import type { Undoing } from "../support/cleanup.ts";
import { CertificateAuthority, type Lifetime, ninetyDays } from "./certificate-authority.ts";
import { publicKeyOf, readSigned, type SignedRequest, thumbprintOf } from "./signed-request.ts";
import { validations } from "./validation.ts";

/** What goes wrong when an order comes in, or is finished. */
export type Trouble =
  | { readonly kind: "refusal"; readonly status: number; readonly type: string; readonly detail: string }
  | { readonly kind: "rate-limit"; readonly detail: string; readonly retryAfter: string }
  | { readonly kind: "nonsense"; readonly body: string }
  | { readonly kind: "redirect"; readonly location: string }
  | { readonly kind: "too-much" }
  | { readonly kind: "silence" }
  | { readonly kind: "other-names" }
  | { readonly kind: "other-key" };

interface Account {
  readonly url: string;
  readonly key: KeyObject;
  readonly thumbprint: string;
  readonly contact: unknown;
}

interface Challenge {
  readonly type: keyof typeof validations;
  readonly url: string;
  readonly token: string;
  error?: { readonly type: string; readonly detail: string };
}

interface Authorization {
  readonly url: string;
  readonly domain: string;
  readonly challenges: readonly Challenge[];
  status: "pending" | "valid" | "invalid";
}

interface Order {
  readonly url: string;
  readonly account: Account;
  readonly domains: readonly string[];
  readonly authorizations: readonly Authorization[];
  status: "pending" | "ready" | "processing" | "valid" | "invalid";
  certificate: string;
}

interface Answer {
  readonly status: number;
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

const subjectAlternativeName = "2.5.29.17";
const errors = "urn:ietf:params:acme:error:";

/** A request that an authority refuses. */
class Refusal extends Error {
  readonly answer: Answer;

  constructor(type: string, detail: string, { status = 400, headers = {} } = {}) {
    super(detail);
    this.answer = { status, headers, body: { type: `${errors}${type}`, detail, status } };
  }
}

/** A certificate authority as RFC 8555 has it, small but honest: what it checks, it really checks. */
export class AcmeServer {
  readonly authority: CertificateAuthority;
  /** Each request's method and path, in order. */
  readonly requests: string[] = [];
  /** Emits each of them as it comes. */
  readonly asked = new EventEmitter();
  /** What went wrong in itself. */
  readonly faults: unknown[] = [];
  readonly accounts: Account[] = [];
  trouble: Trouble | undefined;
  lifetime: Lifetime = ninetyDays;
  /** So many of the next requests are told that their nonce is too old. */
  staleNonces = 1;
  /** So often it says first, to `finalize` and to who asks, that it works on the certificate; and when to ask again. */
  processing = 0;
  retryAfter = "1";
  /** Where challenges are looked for. */
  host = "127.0.0.1";
  /** Resolves to the port at which challenges are looked for. */
  port: PromiseWithResolvers<number> = Promise.withResolvers();
  readonly #listener: Server;
  readonly #nonces = new Set<string>();
  readonly #orders: Order[] = [];

  private constructor(authority: CertificateAuthority, listener: Server) {
    this.authority = authority;
    this.#listener = listener;
    listener.on("request", (request: IncomingMessage, response: ServerResponse) => {
      this.#respond(request, response).catch((error: unknown) => this.faults.push(error));
    });
  }

  /** Starts one on the loopback, which this process trusts. */
  static async start(undoing: Undoing): Promise<AcmeServer> {
    const authority = await CertificateAuthority.make();
    const { chain, key } = await authority.issue(["localhost"]);
    const server = new AcmeServer(authority, createServer({ cert: chain, key }));
    server.#listener.listen(0, "127.0.0.1");
    await once(server.#listener, "listening");
    setDefaultCACertificates([...getCACertificates("default"), authority.pem]);
    undoing.after(() => {
      server.#listener.close();
      server.#listener.closeAllConnections();
    });
    return server;
  }

  get directory(): string {
    return this.#url("directory");
  }

  /** How many certificates were ordered. */
  get orders(): number {
    return this.#orders.length;
  }

  #url(path: string): string {
    return `https://localhost:${(this.#listener.address() as AddressInfo).port}/${path}`;
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "").slice(1);
    const body = await text(request);
    this.requests.push(`${request.method} /${path}`);
    this.asked.emit(`${request.method} /${path}`);
    const trouble = this.trouble;
    if (path === "new-order" && trouble?.kind === "silence") return;
    if (path === "new-order" && trouble?.kind === "too-much") {
      response.writeHead(201);
      // Whoever reads on forever reads forever.
      const more = (): void => {
        if (!response.destroyed) response.write(Buffer.alloc(65_536, " "), () => setImmediate(more));
      };
      more();
      return;
    }
    const { status, headers, body: said } = await this.#answer(request, { path, body });
    const type = status < 400 ? "application/json" : "application/problem+json";
    response.writeHead(status, {
      "Content-Type": typeof said === "string" ? "application/pem-certificate-chain" : type,
      "Cache-Control": "no-store",
      ...(path === "directory" ? {} : { "Replay-Nonce": this.#newNonce() }),
      ...headers,
    });
    response.end(typeof said === "object" ? JSON.stringify(said) : said);
  }

  async #answer(
    { method, headers }: IncomingMessage,
    { path, body }: { readonly path: string; readonly body: string },
  ): Promise<Answer> {
    try {
      if (path === "directory" && method === "GET") return { status: 200, body: this.#directory() };
      if (path === "new-nonce" && method === "HEAD") return { status: 200 };
      if (method !== "POST") throw new Refusal("malformed", `${method} is not for /${path}`, { status: 405 });
      if (headers["content-type"] !== "application/jose+json") {
        throw new Refusal("malformed", "another type", { status: 415 });
      }
      return await this.#post(path, readSigned(body));
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      this.faults.push(error);
      return new Refusal("serverInternal", String(error), { status: 500 }).answer;
    }
  }

  #directory(): object {
    const names = { newNonce: "new-nonce", newAccount: "new-account", newOrder: "new-order" };
    return Object.fromEntries(Object.entries(names).map(([name, path]) => [name, this.#url(path)]));
  }

  async #post(path: string, request: SignedRequest): Promise<Answer> {
    if (request.url !== this.#url(path)) throw new Refusal("unauthorized", "signed for another URL");
    if (!this.#nonces.delete(request.nonce)) throw new Refusal("badNonce", "that nonce is not known");
    if (path === "new-account") return this.#newAccount(request);
    if (this.staleNonces > 0) {
      this.staleNonces -= 1;
      throw new Refusal("badNonce", "that nonce is too old");
    }
    const account = this.accounts.find(({ url }) => url === request.kid);
    if (account === undefined || !request.isSignedBy(account.key)) {
      throw new Refusal("unauthorized", "no account signed this", { status: 401 });
    }
    if (path === "new-order") return this.#newOrder(account, request);
    const url = this.#url(path);
    for (const order of this.#orders.filter(({ account: its }) => its === account)) {
      if (url === order.url) return this.#showOrder(order);
      if (url === `${order.url}/finalize`) return this.#finalize(order, request);
      if (url === `${order.url}/certificate`) return { status: 200, body: order.certificate };
      for (const authorization of order.authorizations) {
        if (url === authorization.url) return { status: 200, body: shown(authorization) };
        const challenge = authorization.challenges.find((one) => one.url === url);
        if (challenge !== undefined) return this.#challenged(order, { authorization, challenge });
      }
    }
    throw new Refusal("malformed", "there is nothing here", { status: 404 });
  }

  #newAccount(request: SignedRequest): Answer {
    const { jwk, payload } = request;
    if (jwk === undefined || !request.isSignedBy(publicKeyOf(jwk))) {
      throw new Refusal("malformed", "not signed by its key");
    }
    const known = this.accounts.find(({ thumbprint }) => thumbprint === thumbprintOf(jwk));
    if (known !== undefined)
      return { status: 200, body: { status: "valid" }, headers: { Location: known.url } };
    if (payload?.["termsOfServiceAgreed"] !== true) throw new Refusal("userActionRequired", "the terms");
    const url = this.#url(`account/${this.accounts.length + 1}`);
    const account = {
      url,
      key: publicKeyOf(jwk),
      thumbprint: thumbprintOf(jwk),
      contact: payload["contact"],
    };
    this.accounts.push(account);
    return { status: 201, body: { status: "valid" }, headers: { Location: url } };
  }

  #newOrder(account: Account, { payload }: SignedRequest): Answer {
    const { trouble } = this;
    switch (trouble?.kind) {
      case "refusal":
        throw new Refusal(trouble.type, trouble.detail, { status: trouble.status });
      case "rate-limit":
        throw new Refusal("rateLimited", trouble.detail, {
          status: 429,
          headers: { "Retry-After": trouble.retryAfter },
        });
      case "nonsense":
        return { status: 201, body: trouble.body, headers: { Location: this.#url("nowhere") } };
      case "redirect":
        return { status: 307, headers: { Location: trouble.location } };
      case undefined:
      case "too-much":
      case "silence":
      case "other-names":
      case "other-key":
    }
    const identifiers = payload?.["identifiers"] as readonly {
      readonly type: string;
      readonly value: string;
    }[];
    if (!identifiers.every(({ type }) => type === "dns")) throw new Refusal("malformed", "not DNS");
    const domains = identifiers.map(({ value }) => value);
    const url = this.#url(`order/${this.#orders.length + 1}`);
    const authorizations = domains.map((domain, index) => {
      const own = `${url}/authorization/${index + 1}`;
      const types = Object.keys(validations) as (keyof typeof validations)[];
      const challenges = types.map((type) => ({ type, url: `${own}/${type}`, token: newToken() }));
      return { url: own, domain, challenges, status: "pending" as const };
    });
    const order: Order = { url, account, domains, authorizations, status: "pending", certificate: "" };
    this.#orders.push(order);
    return { ...this.#showOrder(order), status: 201, headers: { Location: url } };
  }

  #showOrder(order: Order): Answer {
    const { url, domains, authorizations } = order;
    const isLate = order.status === "valid" && this.processing > 0;
    if (isLate) this.processing -= 1;
    const body = {
      status: isLate ? "processing" : order.status,
      identifiers: domains.map((value) => ({ type: "dns", value })),
      authorizations: authorizations.map((authorization) => authorization.url),
      finalize: `${url}/finalize`,
      ...(order.status === "valid" && !isLate && { certificate: `${url}/certificate` }),
    };
    return { status: 200, body, headers: isLate ? { "Retry-After": this.retryAfter } : {} };
  }

  async #challenged(
    order: Order,
    { authorization, challenge }: { readonly authorization: Authorization; readonly challenge: Challenge },
  ): Promise<Answer> {
    const { token, type } = challenge;
    const { domain } = authorization;
    const keyAuthorization = `${token}.${order.account.thumbprint}`;
    const { host } = this;
    const sought = { host, port: await this.port.promise, domain, token, keyAuthorization };
    const problem = await validations[type](sought).catch((error: unknown) => String(error));
    authorization.status = problem === undefined ? "valid" : "invalid";
    if (problem !== undefined) {
      challenge.error = { type: `${errors}unauthorized`, detail: problem };
      order.status = "invalid";
    } else if (order.authorizations.every(({ status }) => status === "valid")) order.status = "ready";
    return { status: 200, body: { type, token, url: challenge.url, status: authorization.status } };
  }

  async #finalize(order: Order, { payload }: SignedRequest): Promise<Answer> {
    if (order.status !== "ready") throw new Refusal("orderNotReady", order.status, { status: 403 });
    const csr = new x509.Pkcs10CertificateRequest(Buffer.from(String(payload?.["csr"]), "base64url"));
    if (!(await csr.verify(webcrypto))) throw new Refusal("badCSR", "not signed by its key");
    const extension = csr.getExtension(subjectAlternativeName);
    const names =
      extension === null ? [] : new x509.SubjectAlternativeNameExtension(extension.rawData).names.toJSON();
    const wanted = order.domains.map((value) => ({ type: "dns", value }));
    if (JSON.stringify(names) !== JSON.stringify(wanted)) throw new Refusal("badCSR", "other names");
    const { key } = order.account;
    if (key.export({ type: "spki", format: "der" }).equals(Buffer.from(csr.publicKey.rawData))) {
      throw new Refusal("badCSR", "the account's own key");
    }
    const { kind } = this.trouble ?? {};
    const domains = kind === "other-names" ? ["elsewhere.example"] : order.domains;
    order.certificate =
      kind === "other-key"
        ? (await this.authority.issue(domains, this.lifetime)).chain
        : await this.authority.certify(csr.publicKey, domains, this.lifetime);
    order.status = "valid";
    return this.#showOrder(order);
  }

  #newNonce(): string {
    const nonce = newToken();
    this.#nonces.add(nonce);
    return nonce;
  }
}

function shown({ status, domain, challenges }: Authorization): object {
  return { status, identifier: { type: "dns", value: domain }, challenges };
}

function newToken(): string {
  return randomBytes(16).toString("base64url");
}

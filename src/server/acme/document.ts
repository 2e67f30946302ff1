import { AcmeError } from "./acme-error.ts";

/** What an authority says as JSON: nothing in it is known to be what it should be. */
export type Document = Readonly<Record<string, unknown>>;

/** https://www.rfc-editor.org/rfc/rfc8555#section-7.1.1 */
export interface Directory {
  readonly newNonce: string;
  readonly newAccount: string;
  readonly newOrder: string;
}

/** https://www.rfc-editor.org/rfc/rfc8555#section-7.1.3 */
export interface Order {
  readonly status: string;
  readonly authorizations: readonly string[];
  readonly finalize: string;
  /** Where the certificate is; there once the order is `valid`. */
  readonly certificate: string | undefined;
  readonly error: Problem | undefined;
}

/** https://www.rfc-editor.org/rfc/rfc8555#section-7.1.4 */
export interface Authorization {
  readonly status: string;
  readonly domain: string;
  readonly challenges: readonly Challenge[];
}

export interface Challenge {
  readonly type: string;
  readonly url: string;
  readonly token: string;
  readonly error: Problem | undefined;
}

/** https://www.rfc-editor.org/rfc/rfc7807 */
export interface Problem {
  readonly type: string;
  readonly detail: string;
}

/** @throws AcmeError, as all of these. */
export function parseDocument(body: string): Document {
  try {
    const value: unknown = JSON.parse(body);
    if (isDocument(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new AcmeError(`answered ${quoted(body)}, which is no JSON object`);
}

export function directoryOf(document: Document): Directory {
  return {
    newNonce: textOf(document, "newNonce"),
    newAccount: textOf(document, "newAccount"),
    newOrder: textOf(document, "newOrder"),
  };
}

export function orderOf(document: Document): Order {
  const { authorizations, certificate } = document;
  const isList = Array.isArray(authorizations) && authorizations.every((url) => typeof url === "string");
  if (!isList) throw missing("authorizations");
  return {
    status: textOf(document, "status"),
    authorizations,
    finalize: textOf(document, "finalize"),
    certificate: typeof certificate === "string" ? certificate : undefined,
    error: problemOf(document["error"]),
  };
}

export function authorizationOf(document: Document): Authorization {
  const { identifier, challenges } = document;
  if (!isDocument(identifier)) throw missing("identifier");
  if (!Array.isArray(challenges)) throw missing("challenges");
  return {
    status: textOf(document, "status"),
    domain: textOf(identifier, "value"),
    challenges: challenges.filter(isDocument).map(challengeOf),
  };
}

/** `undefined` where it is none. */
export function problemOf(value: unknown): Problem | undefined {
  if (!isDocument(value)) return undefined;
  const { type, detail } = value;
  return typeof type === "string" ? { type, detail: typeof detail === "string" ? detail : type } : undefined;
}

export function textOf(document: Document, name: string): string {
  const value = document[name];
  if (typeof value !== "string") throw missing(name);
  return value;
}

/** What the authority sent, where it is shown to people. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text);
}

const shownCharacters = 300;

/** A challenge of a kind that nobody here knows need not have a token. */
function challengeOf(document: Document): Challenge {
  const { token, error } = document;
  return {
    type: textOf(document, "type"),
    url: textOf(document, "url"),
    token: typeof token === "string" ? token : "",
    error: problemOf(error),
  };
}

function isDocument(value: unknown): value is Document {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function missing(name: string): AcmeError {
  return new AcmeError(`did not say ${JSON.stringify(name)} where it had to`);
}

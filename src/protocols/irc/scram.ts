import { decodeUtf8 } from "../utf8.ts";
import { decodeBase64 } from "./base64.ts";

/** `server-error-value` of RFC 5802, section 7, as far as this server has reason for them. */
export type ScramError =
  | "invalid-encoding"
  | "extensions-not-supported"
  | "invalid-proof"
  | "channel-bindings-dont-match"
  | "channel-binding-not-supported"
  | "invalid-username-encoding"
  | "other-error";

/** The hash function of the mechanism, SHA-256 for SCRAM-SHA-256 (RFC 7677), handed in. */
export interface ScramHash {
  hash(bytes: Buffer): Buffer;
  hmac(key: Buffer, bytes: Buffer): Buffer;
}

/** What a server keeps of a password: RFC 5802, section 3. For somebody who is unknown, some that were made up. */
export interface ScramCredentials {
  readonly salt: Buffer;
  readonly iterations: number;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

/** The client's first message, taken apart. */
export interface ScramClientFirst {
  /** `n,,` or the like: what the client says of channel binding, and whom it wants to act as. */
  readonly header: string;
  readonly authorization: string;
  readonly username: string;
  readonly nonce: string;
  /** All but the header. */
  readonly bare: string;
}

export type ScramResult =
  | { readonly ok: true; readonly serverFinal: Buffer }
  /** `serverFinal` names the error to the client; a server may as well end the exchange without it. */
  | { readonly ok: false; readonly error: ScramError; readonly serverFinal: Buffer };

/** RFC 5802's `printable`: all of ASCII that is visible but the comma. */
const printable = /^[!-+\--~]+$/;

/**
 * Reads the first message of a client. Without channel binding, which this mechanism has none of: `p` is refused, and
 * with `y` a client that could have bound has been told of no mechanism that does.
 */
export function parseScramFirst(message: Buffer): ScramClientFirst | ScramError {
  const text = decodeUtf8(message);
  if (text === undefined) return "invalid-encoding";
  const [flag = "", authorization, ...rest] = text.split(",");
  if (flag.startsWith("p=")) return "channel-binding-not-supported";
  if ((flag !== "n" && flag !== "y") || authorization === undefined) return "other-error";
  if (authorization !== "" && !authorization.startsWith("a=")) return "other-error";
  const [user = "", nonce = ""] = rest;
  if (user.startsWith("m=")) return "extensions-not-supported";
  if (!user.startsWith("n=") || !nonce.startsWith("r=") || !printable.test(nonce.slice(2)))
    return "other-error";
  const username = parseSaslname(user.slice(2));
  const actingAs = authorization === "" ? "" : parseSaslname(authorization.slice(2));
  if (username === undefined || actingAs === undefined) return "invalid-username-encoding";
  return {
    header: `${flag},${authorization},`,
    authorization: actingAs,
    username,
    nonce: nonce.slice(2),
    bare: rest.join(","),
  };
}

/**
 * The rest of an exchange, once what is kept of the password is known. The server's nonce is handed in, and has to be
 * another one each time: `printable`, of as much chance as a key.
 */
export class ScramExchange {
  readonly #first: ScramClientFirst;
  readonly #credentials: ScramCredentials;
  readonly #hash: ScramHash;
  readonly #nonce: string;
  readonly #serverFirst: string;

  constructor(
    first: ScramClientFirst,
    server: { readonly nonce: string; readonly credentials: ScramCredentials },
    hash: ScramHash,
  ) {
    const { salt, iterations } = server.credentials;
    this.#first = first;
    this.#credentials = server.credentials;
    this.#hash = hash;
    this.#nonce = first.nonce + server.nonce;
    this.#serverFirst = `r=${this.#nonce},s=${salt.toString("base64")},i=${iterations}`;
  }

  get serverFirst(): Buffer {
    return Buffer.from(this.#serverFirst);
  }

  /** Takes the client's last message, which proves that it knows the password: RFC 5802, sections 3 and 5. */
  finish(message: Buffer): ScramResult {
    const text = decodeUtf8(message);
    if (text === undefined) return failed("invalid-encoding");
    const [binding = "", nonce = "", ...rest] = text.split(",");
    const proof = rest.at(-1) ?? "";
    if (binding !== `c=${Buffer.from(this.#first.header).toString("base64")}`) {
      return failed(binding.startsWith("c=") ? "channel-bindings-dont-match" : "other-error");
    }
    if (nonce !== `r=${this.#nonce}` || !proof.startsWith("p=")) return failed("other-error");
    const clientProof = decodeBase64(proof.slice(2));
    if (clientProof === undefined) return failed("invalid-encoding");
    return this.#verify(clientProof, text.slice(0, -(proof.length + 1)));
  }

  #verify(proof: Buffer, withoutProof: string): ScramResult {
    const { storedKey, serverKey } = this.#credentials;
    const said = Buffer.from(`${this.#first.bare},${this.#serverFirst},${withoutProof}`);
    const clientSignature = this.#hash.hmac(storedKey, said);
    if (proof.length !== clientSignature.length) return failed("invalid-proof");
    const clientKey = Buffer.from(proof.map((byte, index) => byte ^ clientSignature[index]!));
    if (!areEqual(this.#hash.hash(clientKey), storedKey)) return failed("invalid-proof");
    const serverSignature = this.#hash.hmac(serverKey, said);
    return { ok: true, serverFinal: Buffer.from(`v=${serverSignature.toString("base64")}`) };
  }
}

function failed(error: ScramError): ScramResult {
  return { ok: false, error, serverFinal: Buffer.from(`e=${error}`) };
}

/** A name in which `=2C` stands for a comma, `=3D` for `=`, and `=` for nothing else: RFC 5802, section 5.1. */
function parseSaslname(text: string): string | undefined {
  if (text === "" || /=(?!2C|3D)/.test(text) || text.includes("\0")) return undefined;
  return text.replace(/=2C|=3D/g, (escape) => (escape === "=2C" ? "," : "="));
}

/** Takes as long whatever is in them, so that nobody learns by it how much was right. */
function areEqual(one: Buffer, other: Buffer): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let at = 0; at < one.length; at += 1) difference |= one[at]! ^ other[at]!;
  return difference === 0;
}

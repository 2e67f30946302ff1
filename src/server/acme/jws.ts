import { createHash, createPublicKey, type KeyObject, sign } from "node:crypto";
import { textOf } from "./document.ts";

/** An EC key on P-256 as JSON has it, its members in the order that a thumbprint is made of. */
interface Jwk {
  readonly crv: string;
  readonly kty: string;
  readonly x: string;
  readonly y: string;
}

/** Who signs: a key that the authority is told with each request, until it has an account for it. */
export type Signer = { readonly jwk: Jwk } | { readonly kid: string };

/** The public half of an account's key, which is on P-256. */
export function jwkOf(key: KeyObject): Jwk {
  const jwk = { ...createPublicKey(key).export({ format: "jwk" }) };
  return { crv: textOf(jwk, "crv"), kty: textOf(jwk, "kty"), x: textOf(jwk, "x"), y: textOf(jwk, "y") };
}

/** What answers a challenge. https://www.rfc-editor.org/rfc/rfc8555#section-8.1 */
export function keyAuthorization(token: string, key: KeyObject): string {
  // https://www.rfc-editor.org/rfc/rfc7638#section-3
  const thumbprint = createHash("sha256")
    .update(JSON.stringify(jwkOf(key)))
    .digest("base64url");
  return `${token}.${thumbprint}`;
}

/**
 * A request's body, signed with ES256. Without a `payload` it asks for what is at the URL (POST-as-GET).
 * https://www.rfc-editor.org/rfc/rfc8555#section-6.2
 */
export function signedBody(
  key: KeyObject,
  request: { readonly url: string; readonly nonce: string; readonly signer: Signer },
  payload: object | undefined,
): string {
  const { url, nonce, signer } = request;
  const header = encoded({ alg: "ES256", nonce, url, ...signer });
  const body = payload === undefined ? "" : encoded(payload);
  const signature = sign("sha256", Buffer.from(`${header}.${body}`), { key, dsaEncoding: "ieee-p1363" });
  return JSON.stringify({ protected: header, payload: body, signature: signature.toString("base64url") });
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

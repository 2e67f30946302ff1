import assert from "node:assert/strict";
import { createHash, createPublicKey, type JsonWebKey, type KeyObject, verify } from "node:crypto";

/** A signed request, as an authority reads it (RFC 8555, section 6). */
export interface SignedRequest {
  readonly url: string;
  readonly nonce: string;
  /** The public key that it was sent with, and no account. */
  readonly jwk: JsonWebKey | undefined;
  /** The account's URL. */
  readonly kid: string | undefined;
  /** `undefined`: it asks for what is there (POST-as-GET). */
  readonly payload: Readonly<Record<string, unknown>> | undefined;
  /** Whether this key signed it. */
  isSignedBy(key: KeyObject): boolean;
}

/** Throws where it is not made as it has to be. */
export function readSigned(body: string): SignedRequest {
  const { protected: header, payload, signature, ...rest } = JSON.parse(body) as Record<string, string>;
  assert.ok(header !== undefined && payload !== undefined && signature !== undefined);
  assert.deepEqual(rest, {});
  const { alg, url, nonce, jwk, kid, ...others } = decoded(header);
  assert.deepEqual(others, {});
  assert.equal(alg, "ES256");
  assert.ok((jwk === undefined) !== (kid === undefined), "either a key or an account");
  return {
    url: url as string,
    nonce: nonce as string,
    jwk: jwk as JsonWebKey | undefined,
    kid: kid as string | undefined,
    payload: payload === "" ? undefined : decoded(payload),
    isSignedBy: (key) =>
      verify(
        "sha256",
        Buffer.from(`${header}.${payload}`),
        { key, dsaEncoding: "ieee-p1363" },
        Buffer.from(signature, "base64url"),
      ),
  };
}

export function publicKeyOf(jwk: JsonWebKey): KeyObject {
  return createPublicKey({ key: jwk, format: "jwk" });
}

/** RFC 7638, of a key on P-256. */
export function thumbprintOf({ crv, kty, x, y }: JsonWebKey): string {
  return createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
}

function decoded(text: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as Record<string, unknown>;
}

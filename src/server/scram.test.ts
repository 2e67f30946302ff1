import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import test from "node:test";
import type { Password } from "../chat/password.ts";
import { deriveScram, deriveScramWith, NobodysScram, type ScramCredentials } from "./scram.ts";

// The conversation of RFC 7677, section 3: user "user", password "pencil".
const authMessage = [
  "n=user,r=rOprNGfwEbeRWgbNEkqO",
  "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
  "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
].join(",");
const proof = Buffer.from("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "base64");
const serverSignature = "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";
const salt = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");

function hmac(key: string, text: string): Buffer {
  return createHmac("sha256", Buffer.from(key, "base64")).update(text).digest();
}

/** Whether the proof of RFC 7677 is of the password that `credentials` are for (RFC 5802, section 3). */
function fits(credentials: ScramCredentials): boolean {
  const signature = hmac(credentials.storedKey, authMessage);
  const clientKey = proof.map((byte, at) => byte ^ signature[at]!);
  return createHash("sha256").update(clientKey).digest("base64") === credentials.storedKey;
}

test("the credentials verify the client of RFC 7677, and sign as its server does", async () => {
  const credentials = await deriveScramWith("pencil" as Password, salt, 4096);
  assert.equal(credentials.salt, "W22ZaJ0SNY7soEsUEjb6gQ==");
  assert.equal(credentials.iterations, 4096);
  assert.ok(fits(credentials));
  assert.equal(hmac(credentials.serverKey, authMessage).toString("base64"), serverSignature);
  assert.ok(!fits(await deriveScramWith("Pencil" as Password, salt, 4096)));
});

test("each derivation has a salt of its own, and as many iterations as clients take", async () => {
  const [one, other] = await Promise.all([
    deriveScram("pencil" as Password),
    deriveScram("pencil" as Password),
  ]);
  assert.equal(Buffer.from(one.salt, "base64").length, 16);
  assert.notEqual(one.salt, other.salt);
  assert.notEqual(one.storedKey, other.storedKey);
  assert.ok(one.iterations >= 4096 && one.iterations <= 65_536);
});

test("nobody's credentials look like an account's, stay the same for a name and a secret, and differ otherwise", async () => {
  const secret = "00112233445566778899aabbccddeeff";
  const zed = new NobodysScram(secret).credentials("zed");
  assert.deepEqual(new NobodysScram(secret).credentials("zed"), zed);
  const real = await deriveScram("pencil" as Password);
  const lengths = (of: ScramCredentials) =>
    [of.salt, of.storedKey, of.serverKey].map((text) => Buffer.from(text, "base64").length);
  assert.deepEqual(lengths(zed), lengths(real));
  assert.equal(zed.iterations, real.iterations);
  const all = [
    zed,
    new NobodysScram(secret).credentials("zoe"),
    new NobodysScram(`ff${secret}`).credentials("zed"),
  ];
  const parts = all.flatMap((of) => [of.salt, of.storedKey, of.serverKey]);
  assert.equal(new Set(parts).size, parts.length);
});

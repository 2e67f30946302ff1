import assert from "node:assert/strict";
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { test } from "node:test";
import {
  parseScramFirst,
  type ScramClientFirst,
  type ScramCredentials,
  ScramExchange,
  type ScramHash,
} from "./scram.ts";

const sha256: ScramHash = {
  hash: (bytes) => createHash("sha256").update(bytes).digest(),
  hmac: (key, bytes) => createHmac("sha256", key).update(bytes).digest(),
};

/** What a server keeps of a password: RFC 5802, section 3. */
function keep(password: string, salt: Buffer, iterations: number): ScramCredentials {
  const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
  const storedKey = sha256.hash(sha256.hmac(salted, Buffer.from("Client Key")));
  return { salt, iterations, storedKey, serverKey: sha256.hmac(salted, Buffer.from("Server Key")) };
}

/** The example of RFC 7677, section 3. */
const example = {
  clientFirst: "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
  serverNonce: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
  serverFirst: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
  clientFinal:
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
  serverFinal: "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
  credentials: keep("pencil", Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64"), 4096),
};

function first(text: string): ScramClientFirst {
  const parsed = parseScramFirst(Buffer.from(text));
  if (typeof parsed === "string") assert.fail(parsed);
  return parsed;
}

function exchange(text = example.clientFirst, credentials = example.credentials): ScramExchange {
  return new ScramExchange(first(text), { nonce: example.serverNonce, credentials }, sha256);
}

test("the example of RFC 7677", () => {
  assert.deepEqual(first(example.clientFirst), {
    header: "n,,",
    authorization: "",
    username: "user",
    nonce: "rOprNGfwEbeRWgbNEkqO",
    bare: "n=user,r=rOprNGfwEbeRWgbNEkqO",
  });
  const server = exchange();
  assert.equal(server.serverFirst.toString(), example.serverFirst);
  assert.deepEqual(server.finish(Buffer.from(example.clientFinal)), {
    ok: true,
    serverFinal: Buffer.from(example.serverFinal),
  });
});

test("names and whom to act as are unescaped", () => {
  const { username, authorization, header } = first("y,a=a=2Cb,n==3D=2C=3D,r=x");
  assert.equal(username, "=,=");
  assert.equal(authorization, "a,b");
  assert.equal(header, "y,a=a=2Cb,");
});

test("extensions after the nonce are passed over, and kept for the proof", () => {
  assert.equal(first("n,,n=user,r=x,e=1,f").bare, "n=user,r=x,e=1,f");
});

const refused: readonly (readonly [string, string])[] = [
  ["p=tls-unique,,n=user,r=x", "channel-binding-not-supported"],
  ["n,,m=1,n=user,r=x", "extensions-not-supported"],
  ["n,,n=us=er,r=x", "invalid-username-encoding"],
  ["n,,n=us=2cer,r=x", "invalid-username-encoding"],
  ["n,,n=,r=x", "invalid-username-encoding"],
  ["n,,n=user\0,r=x", "invalid-username-encoding"],
  ["n,a=,n=user,r=x", "invalid-username-encoding"],
  ["n,b=x,n=user,r=x", "other-error"],
  ["n,,n=user,r=", "other-error"],
  ["n,,n=user,r=a b", "other-error"],
  ["n,,n=user,r=ä", "other-error"],
  ["n,,n=user", "other-error"],
  ["n,,r=x,n=user", "other-error"],
  ["n,,x=user,r=x", "other-error"],
  ["n,,", "other-error"],
  ["n", "other-error"],
  ["", "other-error"],
  ["x,,n=user,r=x", "other-error"],
  ["n=user,r=x", "other-error"],
];

for (const [text, error] of refused) {
  test(`the first message ${JSON.stringify(text)} fails with ${error}`, () => {
    assert.equal(parseScramFirst(Buffer.from(text)), error);
  });
}

test("what is not UTF-8 fails with invalid-encoding", () => {
  const bytes = Buffer.from("n,,n=\xff,r=x", "latin1");
  assert.equal(parseScramFirst(bytes), "invalid-encoding");
  const result = exchange().finish(Buffer.from("c=biws,r=\xff,p=YQ==", "latin1"));
  assert.equal(result.ok ? undefined : result.error, "invalid-encoding");
});

const { clientFinal } = example;
const nonce = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";

const failing: readonly (readonly [string, string])[] = [
  [clientFinal.replace("p=dH", "p=eH"), "invalid-proof"],
  [clientFinal.replace(/p=.*/, "p=YQ=="), "invalid-proof"],
  [clientFinal.replace(/p=.*/, "p="), "invalid-proof"],
  [clientFinal.replace(",p=", ",x=1,p="), "invalid-proof"],
  [clientFinal.replace(/p=.*/, "p=Y Q="), "invalid-encoding"],
  [clientFinal.replace("c=biws", "c=eSws"), "channel-bindings-dont-match"],
  [clientFinal.replace("c=biws", "c=biws===="), "channel-bindings-dont-match"],
  [clientFinal.replace("c=biws", "d=biws"), "other-error"],
  [clientFinal.replace("r=rOp", "r=sOp"), "other-error"],
  [`c=biws,r=${nonce}`, "other-error"],
  [`c=biws,r=${nonce},v=YQ==`, "other-error"],
  ["", "other-error"],
];

for (const [text, error] of failing) {
  test(`the last message ${JSON.stringify(text)} fails with ${error}`, () => {
    assert.deepEqual(exchange().finish(Buffer.from(text)), {
      ok: false,
      error,
      serverFinal: Buffer.from(`e=${error}`),
    });
  });
}

test("another password fails", () => {
  const other = keep("pencils", example.credentials.salt, 4096);
  const result = exchange(example.clientFirst, other).finish(Buffer.from(clientFinal));
  assert.equal(result.ok ? undefined : result.error, "invalid-proof");
});

test("nobody is let in where no key is kept", () => {
  const nothing = { ...example.credentials, storedKey: Buffer.alloc(0) };
  const result = exchange(example.clientFirst, nothing).finish(Buffer.from(clientFinal));
  assert.equal(result.ok ? undefined : result.error, "invalid-proof");
});

test("a proof that was seen is worth nothing with another nonce", () => {
  const server = new ScramExchange(
    first(example.clientFirst),
    { nonce: "another", credentials: example.credentials },
    sha256,
  );
  const replayed = clientFinal.replace(nonce, "rOprNGfwEbeRWgbNEkqOanother");
  const result = server.finish(Buffer.from(replayed));
  assert.equal(result.ok ? undefined : result.error, "invalid-proof");
});

test("a client that does its part is let in, whatever its name and extensions", () => {
  const clientFirst = "y,a=ad=2Cmin,n=b=3D=2Cb,r=abc,x=1";
  const credentials = keep("päss", Buffer.from("salt"), 10);
  const server = exchange(clientFirst, credentials);
  const header = Buffer.from("y,a=ad=2Cmin,").toString("base64");
  const withoutProof = `c=${header},r=abc${example.serverNonce},y=2`;
  const said = Buffer.from(`n=b=3D=2Cb,r=abc,x=1,${server.serverFirst.toString()},${withoutProof}`);
  const salted = pbkdf2Sync("päss", credentials.salt, 10, 32, "sha256");
  const clientKey = sha256.hmac(salted, Buffer.from("Client Key"));
  const signature = sha256.hmac(credentials.storedKey, said);
  const proof = Buffer.from(clientKey.map((byte, index) => byte ^ signature[index]!)).toString("base64");
  const result = server.finish(Buffer.from(`${withoutProof},p=${proof}`));
  assert.equal(
    result.serverFinal.toString(),
    `v=${sha256.hmac(credentials.serverKey, said).toString("base64")}`,
  );
});

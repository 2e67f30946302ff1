import assert from "node:assert/strict";
import test from "node:test";
import type { Password } from "../chat/password.ts";
import { hashPassword, needsRehash, nobodysHash, verifyPassword } from "./password-hash.ts";

const sesame = "sesame" as Password;
const form = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/;

test("a hash is a PHC string with a salt of its own, which the password fits and another one does not", async () => {
  const [hash, other] = await Promise.all([hashPassword(sesame), hashPassword(sesame)]);
  assert.match(hash, form);
  assert.notEqual(hash.split("$")[4], other.split("$")[4]);
  for (const stored of [hash, other]) {
    assert.equal(await verifyPassword(sesame, stored), true);
    for (const wrong of ["Sesame", "sesame ", "sesam", "s"]) {
      assert.equal(await verifyPassword(wrong as Password, stored), false);
    }
  }
});

test("a password beyond ASCII is hashed as its UTF-8, whole", async () => {
  const hash = await hashPassword("密码👍" as Password);
  assert.equal(await verifyPassword("密码👍" as Password, hash), true);
  assert.equal(await verifyPassword("密码👎" as Password, hash), false);
});

// From the tests of the reference implementation, https://github.com/P-H-C/phc-winner-argon2.
const foreign = [
  "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
  "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
  "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc",
];

test("hashes that other programs made with another cost are verified with that, and need a new one", async () => {
  for (const stored of foreign) {
    assert.equal(await verifyPassword("password" as Password, stored), true, stored);
    assert.equal(await verifyPassword("Password" as Password, stored), false, stored);
    assert.equal(needsRehash(stored), true);
  }
  assert.equal(needsRehash(await hashPassword(sesame)), false);
});

test("nobody's hash costs what a hash costs, and no password fits it", async () => {
  const stored = nobodysHash();
  assert.match(stored, form);
  assert.notEqual(stored, nobodysHash());
  assert.equal(await verifyPassword(sesame, stored), false);
});

test("a stored string that costs too much, or is no hash, is an error and not a wrong password", async () => {
  const salt = "c29tZXNhbHQ";
  const hash = "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
  const wrong = [
    `$argon2id$v=19$m=65537,t=2,p=1$${salt}$${hash}`,
    `$argon2id$v=19$m=999999999999,t=2,p=1$${salt}$${hash}`,
    `$argon2id$v=19$m=256,t=9,p=1$${salt}$${hash}`,
    `$argon2id$v=19$m=256,t=0,p=1$${salt}$${hash}`,
    `$argon2id$v=19$m=256,t=2,p=5$${salt}$${hash}`,
    `$argon2id$v=19$m=256,t=2,p=0$${salt}$${hash}`,
    `$argon2id$v=19$m=15,t=2,p=2$${salt}$${hash}`,
    `$argon2id$v=16$m=256,t=2,p=1$${salt}$${hash}`,
    `$argon2i$v=19$m=256,t=2,p=1$${salt}$${hash}`,
    `$argon2id$v=19$m=256,t=2,p=1$${salt}$`,
    `$argon2id$v=19$m=256,t=2,p=1$$${hash}`,
    `$argon2id$v=19$m=256,t=2,p=1$${salt}$${hash}${hash}${hash}`,
    `$argon2id$v=19$m=256,t=2,p=1$${salt}$${hash}\n`,
    "sesame",
    "",
  ];
  for (const stored of wrong) {
    await assert.rejects(verifyPassword(sesame, stored), /^Error: Cannot verify a password: /, stored);
  }
  await assert.rejects(verifyPassword(sesame, wrong[0]!), {
    message:
      'Cannot verify a password: the stored hash begins "$argon2id$v=19$m=65537,t=2,p=1" and is no argon2id of at most m=65536,t=8,p=4',
  });
});

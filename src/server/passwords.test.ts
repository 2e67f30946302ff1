import assert from "node:assert/strict";
import test from "node:test";
import type { Password } from "../chat/password.ts";
import { Passwords, type StoredPassword } from "./passwords.ts";

const sesame = "sesame" as Password;
const wrong = "Sesame" as Password;

async function prepared(passwords: Passwords, password: Password): Promise<StoredPassword> {
  const stored = await passwords.prepare(password);
  assert.ok(!("reason" in stored));
  return stored;
}

test("a prepared password is plain data, and is right for that password only", async () => {
  const passwords = new Passwords({ atOnce: 2, waiting: 8 });
  const stored = structuredClone(await prepared(passwords, sesame));
  assert.deepEqual(await passwords.check(sesame, stored), { kind: "right", outdated: false });
  assert.deepEqual(await passwords.check(wrong, stored), { kind: "wrong" });
});

test("where there is no account every password is wrong", async () => {
  const passwords = new Passwords({ atOnce: 2, waiting: 8 });
  assert.deepEqual(await passwords.check(sesame, undefined), { kind: "wrong" });
});

test("a password that was stored with another cost is right and outdated", async () => {
  const passwords = new Passwords({ atOnce: 2, waiting: 8 });
  const { hash, scram } = await prepared(passwords, "password" as Password);
  const light = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
  for (const stored of [
    { hash: light, scram },
    { hash, scram: { ...scram, iterations: 4096 } },
  ]) {
    const right = await passwords.check("password" as Password, stored);
    assert.deepEqual(right, { kind: "right", outdated: true });
    assert.deepEqual(await passwords.check(wrong, stored), { kind: "wrong" });
  }
});

test("one more than may wait is refused as overloaded, account or not, and the others are answered", async () => {
  const passwords = new Passwords({ atOnce: 1, waiting: 2 });
  const stored = await prepared(passwords, sesame);
  const overloaded = { reason: "overloaded" };
  const answered = [
    passwords.check(sesame, stored),
    passwords.check(sesame, undefined),
    passwords.prepare(sesame),
  ];
  assert.deepEqual(await passwords.check(sesame, stored), { kind: "refused", refusal: overloaded });
  assert.deepEqual(await passwords.check(sesame, undefined), { kind: "refused", refusal: overloaded });
  assert.deepEqual(await passwords.prepare(sesame), overloaded);
  const [right, unknown, fresh] = await Promise.all(answered);
  assert.deepEqual([right, unknown], [{ kind: "right", outdated: false }, { kind: "wrong" }]);
  assert.ok(fresh !== undefined && "hash" in fresh);
  assert.deepEqual(await passwords.check(sesame, stored), { kind: "right", outdated: false });
});

test("a stored hash that cannot be verified is an error, and the next password has its place", async () => {
  const passwords = new Passwords({ atOnce: 1, waiting: 0 });
  const stored = await prepared(passwords, sesame);
  await assert.rejects(passwords.check(sesame, { ...stored, hash: "broken" }), /Cannot verify a password/);
  assert.deepEqual(await passwords.check(sesame, stored), { kind: "right", outdated: false });
});

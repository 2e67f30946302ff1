import assert from "node:assert/strict";
import test from "node:test";
import type { CleanText, PersonId } from "../chat/event.ts";
import {
  type Device,
  devicesOf,
  issueDeviceToken,
  parseDeviceToken,
  useDeviceToken,
} from "./device-tokens.ts";
import { Ids, ResumeTokens } from "./ids.ts";

const ids = new Ids();
const alice = ids.person();
const bob = ids.person();

function issue(person: PersonId, now = 1000) {
  const device = { id: ids.device(), person, name: "roomful on laptop" as CleanText };
  return { given: device, ...issueDeviceToken(device, now) };
}

function use(text: string, device: Device | undefined, now = 2000): Device | undefined {
  const token = parseDeviceToken(text);
  assert.ok(token, text);
  return useDeviceToken(token, device, now);
}

test("a token names its device and proves it, and the device is then marked as used", () => {
  const { device, token, given } = issue(alice);
  assert.deepEqual(
    { ...device, secretDigest: "" },
    {
      ...given,
      createdAt: 1000,
      lastUsedAt: 1000,
      secretDigest: "",
    },
  );
  assert.equal(parseDeviceToken(token)?.device, device.id);
  assert.deepEqual(use(token, device), { ...device, lastUsedAt: 2000 });
  // The time of day may jump back.
  assert.deepEqual(use(token, device, 500), device);
});

test("what is kept of a device does not hold the token's secret, and no two secrets are the same", () => {
  const { device, token } = issue(alice);
  const secret = token.split(".")[1] ?? "";
  assert.equal(Buffer.from(secret, "base64url").length, 32);
  const bytes = Buffer.from(secret, "base64url").toString("hex");
  for (const value of Object.values(device)) assert.ok(value !== secret && value !== bytes);
  assert.notEqual(issue(alice).token.split(".")[1], secret);
});

test("a token proves no other device, none that is gone, and nothing with another secret", () => {
  const { device, token } = issue(alice);
  const other = issue(alice);
  const changed = `${token.slice(0, 30)}${token[30] === "A" ? "B" : "A"}${token.slice(31)}`;
  assert.equal(use(token, undefined), undefined);
  assert.equal(use(token, other.device), undefined);
  assert.equal(use(changed, device), undefined);
  assert.equal(use(`${other.device.id}.${token.split(".")[1]}`, device), undefined);
  assert.equal(use(`${device.id}.${other.token.split(".")[1]}`, device), undefined);
});

test("what has not a device token's form is none, a guest's resume token among it", () => {
  const { token } = issue(alice);
  const resume = new ResumeTokens("00".repeat(32)).issue({ person: alice, device: ids.device() });
  const wrong = [resume, "", ".", "sesame", `${token}A`, token.slice(1), ` ${token}`, `${token}\n`];
  for (const text of [...wrong, token.toUpperCase(), token.replace(".", "_")]) {
    assert.equal(parseDeviceToken(text), undefined, text);
  }
});

test("a person's devices are listed by when they were used last, and nobody else's", () => {
  const [first, second, third] = [issue(alice, 1), issue(bob, 2), issue(alice, 3)];
  const devices = [first.device, second.device, third.device];
  assert.deepEqual(devicesOf(devices, alice), [third.device, first.device]);
  const used = use(first.token, first.device, 4)!;
  assert.deepEqual(devicesOf([used, second.device, third.device], alice), [used, third.device]);
  assert.deepEqual(devicesOf(devices, ids.person()), []);
});

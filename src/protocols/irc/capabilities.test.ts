import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Capability,
  type CapabilitySet,
  capabilities,
  capabilitiesOf,
  capabilitySet,
  hasCapability,
  inEffect,
  isCapability,
  noCapabilities,
  requestCapabilities,
  withCapability,
  withoutCapability,
} from "./capabilities.ts";

const all = capabilitySet(capabilities);

test("each has a bit of its own, and all together are a small integer", () => {
  const sets = capabilities.map((capability) => capabilitySet([capability]));
  assert.equal(new Set(sets).size, capabilities.length);
  assert.ok(all > 0 && all < 2 ** 30);
  assert.deepEqual(capabilitiesOf(all), capabilities);
});

test("equal sets are equal, however they came about", () => {
  const one = capabilitySet(["batch", "sasl"]);
  const other = withoutCapability(withCapability(capabilitySet(["sasl", "chghost"]), "batch"), "chghost");
  assert.equal(one, other);
  assert.ok(hasCapability(one, "batch"));
  assert.ok(!hasCapability(one, "chghost"));
  assert.deepEqual(capabilitiesOf(noCapabilities), []);
});

test("what lacks something that it needs is not in effect", () => {
  const effect = (...names: Capability[]) => capabilitiesOf(inEffect(capabilitySet(names)));
  assert.deepEqual(effect("labeled-response", "setname"), ["setname"]);
  assert.deepEqual(effect("labeled-response", "batch"), ["batch", "labeled-response"]);
  assert.deepEqual(effect("draft/multiline", "draft/event-playback", "draft/message-redaction"), []);
  assert.equal(inEffect(all), all);
});

test("names are told apart by case, and what objects have is none", () => {
  assert.ok(isCapability("sasl"));
  for (const name of ["SASL", "", "constructor", "__proto__", "-sasl"]) assert.ok(!isCapability(name));
});

const offered = withoutCapability(all, "sasl");
const held = capabilitySet(["batch", "cap-notify"]);

const requests: readonly (readonly [string, readonly Capability[] | undefined])[] = [
  ["", ["cap-notify", "batch"]],
  ["  ", ["cap-notify", "batch"]],
  ["server-time", ["cap-notify", "server-time", "batch"]],
  [" server-time  setname ", ["cap-notify", "server-time", "batch", "setname"]],
  ["batch", ["cap-notify", "batch"]],
  ["-batch", ["cap-notify"]],
  ["-setname", ["cap-notify", "batch"]],
  ["-batch batch", ["cap-notify", "batch"]],
  ["batch -batch", ["cap-notify"]],
  ["server-time nothing", undefined],
  ["server-time sasl", undefined],
  ["server-time -nothing", undefined],
  ["Server-Time", undefined],
  ["batch=1", undefined],
  ["--batch", undefined],
  ["-", undefined],
  ["cap-notify", ["cap-notify", "batch"]],
];

for (const [list, expected] of requests) {
  test(`CAP REQ :${list}`, () => {
    const set = requestCapabilities(list, offered, { held, implied: false });
    assert.deepEqual(set === undefined ? undefined : capabilitiesOf(set), expected);
  });
}

test("who asked for version 302 keeps cap-notify", () => {
  const ask = (implied: boolean): CapabilitySet | undefined =>
    requestCapabilities("-cap-notify", offered, { held, implied });
  assert.equal(ask(true), undefined);
  assert.equal(ask(false), capabilitySet(["batch"]));
});

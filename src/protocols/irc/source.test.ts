import assert from "node:assert/strict";
import { test } from "node:test";
import { formatSource, hostOf } from "./source.ts";

test("who a message is from", () => {
  assert.equal(formatSource({ nick: "dan", user: "~d", host: "example.com" }), "dan!~d@example.com");
});

test("no host begins with a colon", () => {
  assert.equal(hostOf("::1"), "0::1");
  assert.equal(hostOf("2001:db8::1"), "2001:db8::1");
  assert.equal(hostOf("192.0.2.1"), "192.0.2.1");
});

import assert from "node:assert/strict";
import test from "node:test";
import { AddressList, isLoopback, parseAddresses } from "./address-list.ts";

test("a list has its addresses and those of its ranges, however an IPv4 address comes in", () => {
  const list = new AddressList(parseAddresses("10.1.0.0/16,192.0.2.7,2001:db8::/32,::1") ?? []);
  const inside = ["10.1.2.3", "::ffff:10.1.2.3", "192.0.2.7", "2001:db8:1::2", "::1", "2001:db8::1%eth0"];
  const outside = ["10.2.0.1", "192.0.2.8", "::ffff:192.0.2.8", "2001:db9::1", "::2", "", "nonsense"];
  for (const address of inside) assert.ok(list.has(address), address);
  for (const address of outside) assert.ok(!list.has(address), address);
});

test("all is every address, and an empty list none", () => {
  const all = new AddressList(parseAddresses("all") ?? []);
  const none = new AddressList(parseAddresses("") ?? []);
  for (const address of ["192.0.2.7", "::ffff:192.0.2.7", "2001:db8::1", "127.0.0.1"]) {
    assert.ok(all.has(address), address);
    assert.ok(!none.has(address), address);
  }
});

test("what is no address or range makes a list none", () => {
  const wrong = ["10.0.0.0/33", "::/129", "10.0.0", "host", "10.0.0.0/", "10.0.0.0/x", "/8", "10.0.0.1, ::1"];
  for (const text of wrong) assert.equal(parseAddresses(text), undefined, text);
});

test("the loopback is this machine's own", () => {
  for (const own of ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"]) assert.ok(isLoopback(own), own);
  for (const other of ["128.0.0.1", "0.0.0.0", "::", "::2", "::ffff:10.0.0.1"]) assert.ok(!isLoopback(other));
});

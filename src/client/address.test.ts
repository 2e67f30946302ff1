import assert from "node:assert/strict";
import { test } from "node:test";
import { parseServerAddress, showServerAddress } from "./address.ts";

test("name and port are optional", () => {
  assert.deepEqual(parseServerAddress("Alice@chat.example:6000"), {
    name: "Alice",
    host: "chat.example",
    port: 6000,
  });
  assert.deepEqual(parseServerAddress("192.168.1.100"), {
    name: undefined,
    host: "192.168.1.100",
    port: 5173,
  });
});

test("an IPv6 address goes in brackets", () => {
  assert.deepEqual(parseServerAddress("Zoë@[2001:db8::1]:99"), {
    name: "Zoë",
    host: "2001:db8::1",
    port: 99,
  });
  assert.deepEqual(parseServerAddress("[::1]"), { name: undefined, host: "::1", port: 5173 });
  assert.throws(() => parseServerAddress("::1"), /an IPv6 address goes in brackets/);
});

test("a name may hold an @, a host may not", () => {
  assert.equal(parseServerAddress("a@b@host").name, "a@b");
});

test("what is wrong is quoted, with what is wanted", () => {
  const message = (text: string): string => {
    try {
      parseServerAddress(text);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.equal(message("host:70000"), 'Cannot join "host:70000": "70000" is not a port (1 to 65535)');
  assert.equal(message("host:"), 'Cannot join "host:": "" is not a port (1 to 65535)');
  assert.equal(message("host:0x10"), 'Cannot join "host:0x10": "0x10" is not a port (1 to 65535)');
  assert.equal(message(""), 'Cannot join "": there is no host in it ([NAME@]HOST[:PORT])');
  assert.equal(message("@host"), 'Cannot join "@host": there is no name before the @ ([NAME@]HOST[:PORT])');
  assert.equal(message("http://host"), 'Cannot join "http://host": "//host" is not a port (1 to 65535)');
});

test("an address is shown as it is typed", () => {
  assert.equal(showServerAddress({ host: "::1", port: 5173 }), "[::1]:5173");
  assert.equal(showServerAddress({ host: "localhost", port: 5173 }), "localhost:5173");
});

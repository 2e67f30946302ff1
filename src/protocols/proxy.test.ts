import assert from "node:assert/strict";
import test from "node:test";
import { readProxyHeader } from "./proxy.ts";

const signature = "0d0a0d0a000d0a515549540a";

/** The header of these parts in hex: version and command, family and transport, addresses, additions. */
function header(command: string, family: string, ...rest: readonly string[]): Buffer {
  const following = Buffer.from(rest.join(""), "hex");
  const length = Buffer.alloc(2);
  length.writeUInt16BE(following.length);
  return Buffer.concat([Buffer.from(signature + command + family, "hex"), length, following]);
}

const ipv4 = ["c0a80165", "0a000001", "d431", "1435"];
const ipv6 = ["20010db8000000000000000000000007", "00000000000000000000000000000001", "d431", "1435"];
const mapped = ["00000000000000000000ffffc0a80165", "00000000000000000000ffff0a000001", "d431", "1435"];
const unix = ["00".repeat(216)];
const ssl = "20000501ffffffff";
const sslWithCipher = "20001501ffffffff210007544c5376312e33230003424242";
const notSsl = "20000500ffffffff";
const authority = "020003616263";

const whole: readonly (readonly [
  what: string,
  bytes: Buffer,
  source: string | undefined,
  isSecure: boolean,
])[] = [
  ["TCP over IPv4", header("21", "11", ...ipv4), "192.168.1.101 54321", false],
  ["TCP over IPv6", header("21", "21", ...ipv6), "2001:db8::7 54321", false],
  ["an IPv4 address in IPv6", header("21", "21", ...mapped), "192.168.1.101 54321", false],
  ["the client was under TLS", header("21", "11", ...ipv4, authority, ssl), "192.168.1.101 54321", true],
  ["TLS, with its cipher", header("21", "11", ...ipv4, sslWithCipher), "192.168.1.101 54321", true],
  ["the client was not under TLS", header("21", "21", ...ipv6, notSsl), "2001:db8::7 54321", false],
  ["an empty addition of TLS", header("21", "11", ...ipv4, "200000"), "192.168.1.101 54321", false],
  ["over a socket of Unix", header("21", "31", ...unix, ssl), undefined, true],
  ["UDP", header("21", "12", ...ipv4), undefined, false],
  ["not said how", header("21", "00", "cafe"), undefined, false],
  [
    "a line, IPv4",
    Buffer.from("PROXY TCP4 192.168.1.101 10.0.0.1 54321 5173\r\n"),
    "192.168.1.101 54321",
    false,
  ],
  ["a line, IPv6", Buffer.from("PROXY TCP6 2001:DB8:0:0::7 ::1 54321 5173\r\n"), "2001:db8::7 54321", false],
  ["a line that names nobody", Buffer.from("PROXY UNKNOWN\r\n"), undefined, false],
  ["a line that names nobody, and more", Buffer.from("PROXY UNKNOWN ffff::1 x\r\n"), undefined, false],
  ["the proxy itself", header("20", "00"), undefined, false],
  ["the proxy itself, with what is not looked at", header("20", "ff", ...ipv4, ssl), undefined, false],
];

const malformed: readonly (readonly [bytes: Buffer, problem: string])[] = [
  [Buffer.from("Alice\n"), "was expected and did not come"],
  [Buffer.from("PROXIES\n"), "was expected and did not come"],
  [Buffer.from("PROXY TCP4 192.168.0.256 192.168.0.11 56324 443\r\n"), "that cannot be read"],
  [Buffer.from("PROXY TCP4 1.2 192.168.0.11 56324 443\r\n"), "that cannot be read"],
  [Buffer.from("PROXY TCP4 192.168.0.1 192.168.0.11 65536 443\r\n"), "that cannot be read"],
  [Buffer.from("PROXY TCP6 2001:db8::7::1 ::1 56324 443\r\n"), "that cannot be read"],
  [Buffer.from("PROXY TCP6 192.168.0.1 ::1 56324 443\r\n"), "that cannot be read"],
  [Buffer.from("PROXY TCP4 192.168.0.1\r\n"), "that cannot be read"],
  [Buffer.from("PROXY UDP4 192.168.0.1 192.168.0.11 56324 443\r\n"), "that cannot be read"],
  [Buffer.from(`PROXY UNKNOWN ${"x".repeat(100)}\r\n`), "whose line has no end within 107 bytes"],
  [Buffer.from("\r\n\r\nAlice\n"), "was expected and did not come"],
  [header("11", "11", ...ipv4), "of an unknown version and command (0x11)"],
  [header("22", "11", ...ipv4), "of an unknown version and command (0x22)"],
  [header("21", "41", ...ipv4), "of an unknown family and transport (0x41)"],
  [header("21", "13", ...ipv4), "of an unknown family and transport (0x13)"],
  [header("21", "11", "c0a80165"), "that is too short for its addresses"],
  [header("21", "21", ...ipv4), "that is too short for its addresses"],
  [header("21", "11", ...ipv4, "2000"), "with additions that are cut short"],
  [header("21", "11", ...ipv4, "20000501"), "with additions that are cut short"],
  [Buffer.from(`${signature}21111001`, "hex"), "of 4097 bytes (at most 4096)"],
];

for (const [what, bytes, source, isSecure] of whole) {
  test(`a header is read however it is cut: ${what}`, () => {
    for (let cut = 0; cut < bytes.length; cut += 1) {
      assert.deepEqual(readProxyHeader(bytes.subarray(0, cut)), { kind: "incomplete" }, `the first ${cut}`);
    }
    const [host, port] = source?.split(" ") ?? [];
    const expected = {
      kind: "whole",
      bytes: bytes.length,
      source: host === undefined ? undefined : { host, port: Number(port) },
      isSecure,
    };
    assert.deepEqual(readProxyHeader(bytes), expected);
    assert.deepEqual(readProxyHeader(Buffer.concat([bytes, Buffer.from("Alice\n")])), expected);
  });
}

for (const [bytes, problem] of malformed) {
  test(`a header ${problem} is refused, and stays so: ${JSON.stringify(bytes.toString("latin1"))}`, () => {
    const results = Array.from({ length: bytes.length + 1 }, (_, cut) =>
      readProxyHeader(bytes.subarray(0, cut)),
    );
    assert.deepEqual(results.at(-1), { kind: "malformed", problem });
    const first = results.findIndex(({ kind }) => kind === "malformed");
    for (const [cut, { kind }] of results.entries()) {
      assert.equal(kind, cut < first ? "incomplete" : "malformed", `the first ${cut}`);
    }
  });
}

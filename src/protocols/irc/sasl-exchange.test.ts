import assert from "node:assert/strict";
import { test } from "node:test";
import { type SaslInput, SaslResponses, saslChunks } from "./sasl-exchange.ts";

function all(params: readonly string[], maxLength = 2000): readonly string[] {
  const responses = new SaslResponses(maxLength);
  return params.map((param) => shown(responses.push(param)));
}

function shown(input: SaslInput): string {
  return input.kind === "response" ? `<${input.bytes.toString("latin1")}>` : input.kind;
}

const full = "QUFB".repeat(100);
const decoded = `<${"A".repeat(300)}>`;

const exchanges: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["a response", ["amlsbGVz"], ["<jilles>"]],
  ["padding", ["YQ==", "YWI="], ["<a>", "<ab>"]],
  ["an empty response", ["+"], ["<>"]],
  ["a full chunk is followed by another", [full, "YQ=="], ["more", `<${"A".repeat(300)}a>`]],
  ["a response that ends with a full chunk", [full, "+"], ["more", decoded]],
  ["several full chunks", [full, full, "+"], ["more", "more", `<${"A".repeat(600)}>`]],
  ["an abort", ["*", "YQ=="], ["aborted", "<a>"]],
  ["an abort within a response", [full, "*", "YQ=="], ["more", "aborted", "<a>"]],
  ["a chunk too long", [`${full}A`, "YQ=="], ["too-long", "<a>"]],
  ["no Base64", ["a b", "YQ", "YQ=", "YQ==YQ==", "=", "YQ-_", "ä"], Array(7).fill("malformed")],
];

for (const [behaviour, params, expected] of exchanges) {
  test(`AUTHENTICATE: ${behaviour}`, () => {
    assert.deepEqual(all(params), expected);
  });
}

test("a response is as long as it may be, and no longer", () => {
  assert.deepEqual(all([full, "QUFB"], 404), ["more", `<${"A".repeat(303)}>`]);
  assert.deepEqual(all([full, "QUFBQUFB", "YQ=="], 404), ["more", "too-long", "<a>"]);
  assert.deepEqual(all([full, full], 500), ["more", "too-long"]);
});

test("a challenge is sent in chunks", () => {
  assert.deepEqual(saslChunks(Buffer.alloc(0)), ["+"]);
  assert.deepEqual(saslChunks(Buffer.from("a")), ["YQ=="]);
  assert.deepEqual(saslChunks(Buffer.from("A".repeat(300))), [full, "+"]);
  assert.deepEqual(saslChunks(Buffer.from("A".repeat(303))), [full, "QUFB"]);
});

test("what is sent in chunks is put together again", () => {
  for (const length of [0, 1, 2, 299, 300, 301, 899, 900, 901]) {
    const challenge = Buffer.alloc(length, "xyz");
    assert.equal(all(saslChunks(challenge)).at(-1), `<${challenge.toString("latin1")}>`);
  }
});

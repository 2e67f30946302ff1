import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeBase64 } from "./base64.ts";

test("Base64 with its padding is decoded", () => {
  for (const bytes of ["", "a", "ab", "abc", "\xfb\xff\xfe", "abcdefg"]) {
    const encoded = Buffer.from(bytes, "latin1").toString("base64");
    assert.equal(decodeBase64(encoded)?.toString("latin1"), bytes);
  }
});

test("everything else is not", () => {
  for (const text of [
    "a",
    "YQ",
    "YQ=",
    "YQ===",
    "YQ==YQ==",
    "=",
    "Y Q=",
    "YQ==\n",
    "-_8=",
    "ä===",
    "YWJj\0",
  ]) {
    assert.equal(decodeBase64(text), undefined, JSON.stringify(text));
  }
});

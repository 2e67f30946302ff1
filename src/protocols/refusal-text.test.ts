import assert from "node:assert/strict";
import { test } from "node:test";
import { everyRefusal } from "../../test/support/refusals.ts";
import type { Refusal } from "../chat/refusal.ts";
import { closingText, refusalText } from "./refusal-text.ts";

const hostile = "\x1b[2J\r\n[SYSTEM] x\u202e";

/** What each reason must say; the rest of the wording is free. */
const sentences: readonly (readonly [Refusal, RegExp])[] = [
  [{ reason: "name-empty" }, /cannot be empty/],
  [{ reason: "name-white-space", name: "Al ice" }, /'Al ice'.*white space/],
  [{ reason: "name-slash", name: "/quit" }, /'\/quit'.*'\/'/],
  [{ reason: "name-invisible", name: "A\u200bl" }, /invisible/],
  [{ reason: "name-unsafe", name: "A!b", character: "!" }, /'A!b'.*'!'/],
  [{ reason: "name-too-long", name: "A".repeat(40), maxCharacters: 32 }, /at most 32 characters/],
  [{ reason: "name-reserved", name: "System" }, /'System' is reserved/],
  [{ reason: "name-in-use", name: "Alice" }, /'Alice' is already in use/],
  [{ reason: "name-look-alike", name: "A1ice", holder: "Alice" }, /'A1ice' looks like 'Alice'/],
  [{ reason: "password-empty" }, /cannot be empty/],
  [{ reason: "password-unreadable" }, /control character/],
  [{ reason: "password-too-short", minCharacters: 4 }, /at least 4 characters/],
  [{ reason: "password-too-long", maxBytes: 512 }, /at most 512 bytes/],
  [{ reason: "too-many-guesses", retryAfterMs: 1001 }, /wrong passwords\. Try again in 2 s$/],
  [{ reason: "not-online", name: "Zed" }, /^User 'Zed' is not online$/],
  [{ reason: "to-oneself" }, /yourself/],
  [{ reason: "accounts-only", name: "Ann" }, /'Ann' takes private messages only from people with an account/],
  [{ reason: "real-name-unusable", maxBytes: 390 }, /1 to 390 bytes/],
  [{ reason: "operator-needed" }, /Only operators/],
  [{ reason: "no-such-target", target: "$a" }, /'\$a'/],
  [{ reason: "metadata-forbidden" }, /cannot change/],
  [{ reason: "metadata-not-set", key: "url" }, /'url'/],
  [{ reason: "metadata-full", max: 20 }, /20 keys/],
  [{ reason: "metadata-too-long", maxBytes: 300 }, /300 bytes/],
  [{ reason: "no-such-stream", stream: "#other" }, /'#other'/],
  [{ reason: "text-empty" }, /nothing in/],
  [{ reason: "text-too-long", maxBytes: 2048 }, /at most 2048 bytes/],
  [{ reason: "too-fast", retryAfterMs: 1000 }, /^You are sending too fast\. Try again in 1 s$/],
  [{ reason: "too-fast", retryAfterMs: 1001 }, /in 2 s$/],
  [{ reason: "too-fast", retryAfterMs: 0 }, /in 1 s$/],
  [{ reason: "retry-mismatch" }, /not stored again/],
  [{ reason: "overloaded" }, /Nothing was stored.*try again/],
  [{ reason: "search-empty" }, /nothing to search for/],
  [{ reason: "search-unended", phrase: '"two words' }, /"two words .*quotation mark/],
  [{ reason: "search-incomplete", key: "from" }, /'from:'.*from:Alice/],
  [{ reason: "search-twice", key: "after" }, /'after:' only once/],
  [{ reason: "search-date", key: "before", given: "noon" }, /'noon'.*'before:'.*before:2026-11-24T14:30/],
  [{ reason: "search-too-long", maxWords: 32 }, /at most 32 words/],
  [{ reason: "search-busy" }, /Try again/],
  [{ reason: "storage-full" }, /no space.*Nothing was stored/],
  [{ reason: "storage-busy" }, /Nothing was stored.*try again/],
  [{ reason: "storage-failing" }, /failing.*Nothing was stored/],
  [{ reason: "storage-unknown" }, /cannot tell whether/],
];

test("every refusal is a sentence that names what was asked for", () => {
  for (const [refusal, expected] of sentences) {
    const text = refusalText(refusal);
    assert.match(text, expected);
    assert.doesNotMatch(text, /\.$/);
  }
  for (const refusal of Object.values<Refusal>(everyRefusal)) {
    assert.match(refusalText(refusal), /^[A-Z'].{10,}[^.]$/, refusal.reason);
  }
});

test("what was asked for is quoted without its control characters, and not at any length", () => {
  for (const refusal of Object.values<Refusal>(everyRefusal)) {
    const asked = Object.entries(refusal).map(([key, value]) => [
      key,
      key !== "reason" && key !== "key" && key !== "role" && typeof value === "string"
        ? hostile + "x".repeat(5000)
        : value,
    ]);
    const text = refusalText(Object.fromEntries(asked) as Refusal);
    assert.doesNotMatch(text, /[\0-\x1f\x7f-\x9f\u2028\u2029\u202e]/);
    assert.ok(text.length < 300, text);
  }
});

test("a closing is a sentence, and after it come the operator's words", () => {
  assert.equal(closingText("shutdown"), "Server is shutting down");
  assert.equal(closingText("kicked"), "You were removed from the chat");
  assert.equal(closingText("kicked", ""), "You were removed from the chat");
  assert.equal(closingText("kicked", "be\nkind"), "You were removed from the chat: be\ufffdkind");
  assert.match(closingText("wrong-version"), /version 1 /);
});

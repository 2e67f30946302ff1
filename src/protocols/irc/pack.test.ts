import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { packWords, roomFor } from "./pack.ts";

test("words go on as few lines as they fit on, in order", () => {
  const pack = (words: readonly string[]) => packWords(words, { separator: " ", maxBytes: 7 });
  assert.deepEqual(pack([]), []);
  assert.deepEqual(pack(["abc", "def"]), [["abc", "def"]]);
  assert.deepEqual(pack(["abcd", "def"]), [["abcd"], ["def"]]);
  assert.deepEqual(pack(["a", "b", "c", "d", "e"]), [["a", "b", "c", "d"], ["e"]]);
});

test("bytes are counted, not characters", () => {
  assert.deepEqual(packWords(["ää", "bb"], { separator: ",", maxBytes: 7 }), [["ää", "bb"]]);
  assert.deepEqual(packWords(["ää", "bbb"], { separator: ",", maxBytes: 7 }), [["ää"], ["bbb"]]);
});

test("no line has more words than it may have", () => {
  const limits = { separator: " ", maxBytes: 100, maxWords: 2 } as const;
  assert.deepEqual(packWords(["a", "b", "c", "d", "e"], limits), [["a", "b"], ["c", "d"], ["e"]]);
});

test("a word longer than a line has one of its own", () => {
  assert.deepEqual(packWords(["a", "longer", "b"], { separator: " ", maxBytes: 3 }), [
    ["a"],
    ["longer"],
    ["b"],
  ]);
});

test("nothing is lost, and no line is longer than it may be", () => {
  const words = fc.array(fc.string({ unit: fc.constantFrom("a", "ä", "🙂"), minLength: 1, maxLength: 5 }));
  fc.assert(
    fc.property(words, fc.integer({ min: 20, max: 40 }), (all, maxBytes) => {
      const lines = packWords(all, { separator: " ", maxBytes });
      assert.deepEqual(lines.flat(), all);
      for (const line of lines) assert.ok(Buffer.byteLength(line.join(" ")) <= maxBytes);
    }),
  );
});

test("what is written leaves the rest of 512 bytes", () => {
  assert.equal(roomFor(":irc.example.com 366 ä #a :\r\n"), 512 - 30);
});

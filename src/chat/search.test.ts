import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Refusal } from "./refusal.ts";
import { fitOf, maxSearchWords, parseSearch, type SearchQuery } from "./search.ts";
import { searchable } from "./searchable.ts";

const utc = (time: Parameters<Parameters<typeof parseSearch>[1]>[0]): number =>
  Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second);

const nothing: SearchQuery = {
  words: [],
  phrases: [],
  from: undefined,
  after: undefined,
  before: undefined,
};

const queries: readonly (readonly [string, Partial<SearchQuery>])[] = [
  ["lunch", { words: ["lunch"] }],
  ["  Lunch   TODAY ", { words: ["lunch", "today"] }],
  ['"the way" home', { phrases: ["the way"], words: ["home"] }],
  ["“the way”", { phrases: ["the way"] }],
  ["don't", { phrases: ["don t"] }],
  ["café", { words: ["cafe"] }],
  ["東京", { words: ["東京"] }],
  ["lunch!?", { words: ["lunch"] }],
  ["from:Bob", { from: "bob" }],
  ["FROM:@BOB lunch", { from: "bob", words: ["lunch"] }],
  ['from:"Bob"', { from: "bob" }],
  ["from:[x-y]", { from: "[x-y]" }],
  ["after:2026-11-24", { after: Date.UTC(2026, 10, 24) }],
  ["before:2024-2-29", { before: Date.UTC(2024, 1, 29) }],
  ["before:2026-11-24T14:30", { before: Date.UTC(2026, 10, 24, 14, 30) }],
  ['after:"2026-11-24 14:30:15"', { after: Date.UTC(2026, 10, 24, 14, 30, 15) }],
  ["foo:bar", { phrases: ["foo bar"] }],
  ["refrom:bob", { phrases: ["refrom bob"] }],
  ['"" lunch "?"', { words: ["lunch"] }],
];

for (const [text, expected] of queries) {
  test(`${text} looks for ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(parseSearch(text, utc), { ...nothing, ...expected });
  });
}

const refused: readonly (readonly [string, Refusal])[] = [
  ["", { reason: "search-empty" }],
  ['  ?! ""', { reason: "search-empty" }],
  ['lunch "at one', { reason: "search-unended", phrase: '"at one' }],
  ["from:", { reason: "search-incomplete", key: "from" }],
  ["from: bob", { reason: "search-incomplete", key: "from" }],
  ["from:a From:b", { reason: "search-twice", key: "from" }],
  ["before:yesterday", { reason: "search-date", key: "before", given: "yesterday" }],
  ["after:2026-02-29", { reason: "search-date", key: "after", given: "2026-02-29" }],
  ["after:2026-13-01", { reason: "search-date", key: "after", given: "2026-13-01" }],
  ["after:2026-11-24T24:00", { reason: "search-date", key: "after", given: "2026-11-24T24:00" }],
  ["a ".repeat(maxSearchWords + 1), { reason: "search-too-long", maxWords: maxSearchWords }],
];

for (const [text, refusal] of refused) {
  test(`${JSON.stringify(text.slice(0, 40))} is refused as ${refusal.reason}`, () => {
    assert.deepEqual(parseSearch(text, utc), refusal);
  });
}

function fit(query: string, text: string): number | undefined {
  const parsed = parseSearch(query, utc);
  assert.ok(!("reason" in parsed), query);
  return fitOf(parsed, searchable(text));
}

const finds: readonly (readonly [string, string])[] = [
  ["lunch", "Who has LUNCH?"],
  ["lunch", "lunches are served"],
  ["ok", "that is ok."],
  ["cafe", "im Café"],
  ["CAFÉ", "in the cafe"],
  ['"at one"', "lunch, at one!"],
  ["don't", "I don't know"],
  ["dont't you", "dont t you"],
  ["京", "東京都に行く"],
  ["京都", "東京都に行く"],
  ["東京都に", "東京都に行く"],
  ['"東京 lunch"', "東京lunch"],
  ["ラーメン", "昼はラーメンだ"],
  ["ﾗｰﾒﾝ", "昼はラーメンだ"],
  ["吃饭", "我们吃饭吧"],
  ["점심", "오늘점심은"],
  ["🎉", "hurray 🎉🎉"],
  ["❤️", "I ❤ it"],
  ["привет", "Привет, мир"],
  ["2026", "in 2026"],
];

for (const [query, text] of finds) {
  test(`${query} finds ${JSON.stringify(text)}`, () => assert.notEqual(fit(query, text), undefined));
}

const misses: readonly (readonly [string, string])[] = [
  ["lunch", "brunchlunch"],
  ["ok", "okay"],
  ["lunch dinner", "lunch only"],
  ['"one at"', "lunch at one"],
  ['"at on"', "lunch at one"],
  ["京東", "東京都"],
  ['"京都 lunch"', "京都 and lunch"],
];

for (const [query, text] of misses) {
  test(`${query} does not find ${JSON.stringify(text)}`, () => assert.equal(fit(query, text), undefined));
}

test("whole words, words side by side and messages that say little else fit better", () => {
  const better: readonly (readonly [string, string, string])[] = [
    ["lunch", "the lunch was good", "the lunches were good"],
    ["lunch today", "is lunch today or not", "is today or not lunch"],
    ["lunch", "lunch?", "I have not decided yet whether I am going to have lunch with you"],
  ];
  for (const [query, one, other] of better) {
    assert.ok((fit(query, one) ?? 0) > (fit(query, other) ?? 0), query);
  }
});

test("any text finds itself, and any search is understood or refused", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const phrase = parseSearch(`"${text.replaceAll(/["“”„]/g, " ")}"`, utc);
      if (!("reason" in phrase)) assert.notEqual(fitOf(phrase, searchable(text)), undefined);
      parseSearch(text, utc);
    }),
  );
});

import assert from "node:assert/strict";
import test from "node:test";
import { parseSearch } from "../../chat/search.ts";
import { foundParts } from "./found-text.ts";

const cases: readonly (readonly [query: string, text: string, shown: string])[] = [
  ["lunch", "Lunch? No lunches, and no brunch.", "[Lunch]? No [lunches], and no brunch."],
  ["ok", "ok, okay", "[ok], okay"],
  ["cafe", "au Café", "au [Café]"],
  ['"at one" lunch', "lunch at one", "[lunch] [at] [one]"],
  ["東京", "昨日東京から東京都へ", "昨日[東京]から[東京]都へ"],
  ["京 都", "東京都", "東[京都]"],
  ["🎉", "so 🎉🎉 nice", "so [🎉🎉] nice"],
  ["from:bob", "bob", "bob"],
];

for (const [query, text, shown] of cases) {
  test(`${query} is highlighted in ${JSON.stringify(text)}`, () => {
    const wanted = parseSearch(query, () => 0);
    assert.ok(!("reason" in wanted));
    let marked = "";
    let at = 0;
    for (const [from, to] of foundParts(text, wanted)) {
      marked += `${text.slice(at, from)}[${text.slice(from, to)}]`;
      at = to;
    }
    assert.equal(marked + text.slice(at), shown);
  });
}

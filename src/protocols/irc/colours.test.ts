import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { black, contrast, legible, type Rgb, rgbOf, white } from "./colours.ts";

test("each of the 99 colours is one, and a colour in hexadecimal digits is itself", () => {
  const all = Array.from({ length: 99 }, (_, index) => rgbOf({ kind: "palette", index }));
  assert.equal(all.flat().filter((part) => !(part >= 0 && part <= 255)).length, 0);
  assert.deepEqual([all[0], all[1], all[4], all[98]], [white, black, [255, 0, 0], white]);
  assert.deepEqual(rgbOf({ kind: "rgb", hex: "FF8001" }), [255, 128, 1]);
});

test("contrast is that of WCAG", () => {
  assert.equal(contrast(black, white), 21);
  assert.equal(contrast(white, white), 1);
  assert.equal(contrast([119, 119, 119], white).toFixed(2), "4.48");
});

test("a colour that can be read stays, and one that cannot is moved only as far as it must be", () => {
  assert.deepEqual(legible([255, 0, 0], white), [255, 0, 0]);
  assert.deepEqual(legible(black, black).length, 3);
  const [red, green, blue] = legible([0, 0, 127], black);
  assert.ok(blue > red && red === green, "still blue");
});

test("whatever the colours, the text can be read", () => {
  const part = fc.integer({ min: 0, max: 255 });
  const colour = fc.tuple(part, part, part) as fc.Arbitrary<Rgb>;
  fc.assert(
    fc.property(colour, colour, (text, ground) => {
      assert.ok(contrast(legible(text, ground), ground) >= 3);
    }),
  );
});

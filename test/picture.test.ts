import assert from "node:assert/strict";
import { test } from "node:test";
import xterm from "@xterm/headless";
import { pictureOf } from "../scripts/terminal-picture.ts";
import { wideEmoji } from "./client/wide-emoji.ts";

async function drawn(written: string): Promise<string> {
  const terminal = new xterm.Terminal({ cols: 20, rows: 2, allowProposedApi: true });
  terminal.unicode.register(wideEmoji);
  terminal.unicode.activeVersion = wideEmoji.version;
  await new Promise<void>((resolve) => terminal.write(written, resolve));
  return pictureOf([{ title: "<one> & two", terminal }]);
}

/** Each text with where it stands, without the title. */
function texts(picture: string): readonly (readonly [x: number, text: string])[] {
  return Array.from(
    picture.matchAll(/<text x="([\d.]+)"[^>]*>([^<]*)<\/text>/g),
    ([, x, text]) => [Number(x), text ?? ""] as const,
  ).slice(1);
}

test("a picture of a terminal is well-formed whatever it shows", async () => {
  const picture = await drawn('<b>&amp; "\u001b[1;31mx\u001b[0m');
  const open: string[] = [];
  const rest = picture.replace(
    /<(\/?)(\w+)((?: [\w-]+="[^"<]*")*)(\/?)>/g,
    (_, end, name, _attributes, alone) => {
      if (end === "/") assert.equal(open.pop(), name);
      else if (alone === "") open.push(String(name));
      return "";
    },
  );
  assert.deepEqual(open, []);
  assert.doesNotMatch(rest, /[<>]|&(?!amp;|lt;|gt;)/);
  assert.match(picture, /&lt;b&gt;&amp;amp; "/);
});

test("each piece of a row stands at its column, and a wide character in the middle of its two", async () => {
  const [first, second, ...others] = texts(await drawn("ab 漢🎒 cd  \u001b[2Ge"));
  const width = (second?.[0] ?? 0) - (first?.[0] ?? 0);
  assert.deepEqual([first?.[1], second?.[1]], ["ae", "漢"]);
  const column = width / 4;
  const columnOf = (x: number): number => Math.round(((x - (first?.[0] ?? 0)) / column) * 10) / 10;
  assert.deepEqual(
    others.map(([x, text]) => [columnOf(x), text]),
    [
      [6, "🎒"],
      [8, "cd"],
    ],
  );
});

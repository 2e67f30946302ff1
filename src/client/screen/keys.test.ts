import assert from "node:assert/strict";
import test from "node:test";
import { type Key, KeyParser } from "./keys.ts";

function parse(...chunks: readonly string[]): readonly string[] {
  const parser = new KeyParser();
  return [...chunks.flatMap((chunk) => parser.push(chunk)), ...parser.flush()].map(shown);
}

function shown(key: Key): string {
  switch (key.kind) {
    case "text":
      return `"${key.text}"`;
    case "key":
      return key.name;
    case "paste":
      return `paste ${JSON.stringify(key.text)}`;
    case "wheel":
      return `wheel ${key.direction}`;
    case "focus":
      return key.here ? "here" : "away";
    case "background":
      return `background ${key.red} ${key.green} ${key.blue}`;
  }
}

const everything: readonly (readonly [string, readonly string[]])[] = [
  ["héllo 漢😀", ['"héllo 漢😀"']],
  ["\r\t\x7F\x01\x17", ["enter", "tab", "backspace", "ctrl-a", "ctrl-w"]],
  ["\x1B[A\x1BOB\x1B[1;5C\x1B[1;3D", ["up", "down", "ctrl-right", "alt-left"]],
  ["\x1B[5~\x1B[6~\x1B[3~\x1B[H\x1B[F\x1B[Z", ["page-up", "page-down", "delete", "home", "end", "shift-tab"]],
  ["\x1Bb\x1B\r\x1B\x7F\x1B\x1B[A", ["alt-b", "alt-enter", "alt-backspace", "alt-up"]],
  ["\x1B[<64;10;5M\x1B[<65;10;5M\x1B[<0;1;1M\x1B[<0;1;1m", ["wheel up", "wheel down"]],
  ["\x1B[I\x1B[O", ["here", "away"]],
  ["\x1B[200~one\r\ntwo\x1B[Athree\x1B[201~x", ['paste "one\\ntwo\\u001b[Athree"', '"x"']],
  ["\x1B]11;rgb:ffff/0000/8080\x1B\\k", ["background 1 0 0.5019607843137255", '"k"']],
  ["\x1B[?62;22c\x1B[999~y", ['"y"']],
];

for (const [bytes, keys] of everything) {
  test(`keys of ${JSON.stringify(bytes)}`, () => {
    assert.deepEqual(parse(bytes), keys);
  });
}

test("where the chunks are cut changes nothing", () => {
  const bytes = everything.map(([part]) => part).join("");
  const join = (keys: readonly string[]): string => keys.join(" ").replaceAll('" "', "");
  const whole = join(parse(bytes));
  for (let at = 1; at < bytes.length; at += 1) {
    // Node hands over whole characters.
    if (/[\uDC00-\uDFFF]/.test(bytes[at] ?? "")) continue;
    assert.equal(join(parse(bytes.slice(0, at), bytes.slice(at))), whole, `cut at ${at}`);
  }
});

test("an Escape waits for what may follow, until it is said that nothing does", () => {
  const parser = new KeyParser();
  assert.deepEqual(parser.push("\x1B"), []);
  assert.ok(parser.waiting);
  assert.deepEqual(parser.flush().map(shown), ["escape"]);
  assert.ok(!parser.waiting);
});

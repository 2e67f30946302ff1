import assert from "node:assert/strict";
import { test } from "node:test";
import {
  formatModes,
  type ModeChange,
  type ModeRequest,
  parseChannelModes,
  parseUserModes,
} from "./mode-changes.ts";

/** `+o bob`, `b?` for a list, `z!` for an unknown letter, `k…` for one that lacks what it needs. */
function shown(requests: readonly ModeRequest<string>[]): readonly string[] {
  return requests.map((request) => {
    switch (request.kind) {
      case "change":
        return signed(request);
      case "list":
        return `${request.mode}?`;
      case "unknown":
        return `${request.letter}!`;
      case "incomplete":
        return `${request.mode}…`;
    }
  });
}

function signed({ adding, mode, param }: ModeChange<string>): string {
  return `${adding ? "+" : "-"}${mode}${param === undefined ? "" : ` ${param}`}`;
}

const channelRequests: readonly (readonly [string, readonly string[]])[] = [
  ["", []],
  ["+", []],
  ["+i", ["+i"]],
  ["i", ["+i"]],
  ["+i-t+mn", ["+i", "-t", "+m", "+n"]],
  ["+-+-i", ["-i"]],
  ["+ov-v bob carl dan", ["+o bob", "+v carl", "-v dan"]],
  ["+tol-n bob 10", ["+t", "+o bob", "+l 10", "-n"]],
  ["-l 10", ["-l"]],
  ["-lo bob", ["-l", "-o bob"]],
  ["+k key", ["+k key"]],
  ["-k key", ["-k key"]],
  ["-k", ["-k"]],
  ["+k", ["k…"]],
  ["+l", ["l…"]],
  ["+o", ["o…"]],
  ["-o", ["o…"]],
  ["b", ["b?"]],
  ["+b", ["b?"]],
  ["-b", ["b?"]],
  ["+beI *!*@host", ["+b *!*@host", "e?", "I?"]],
  ["+zt-ü", ["z!", "+t", "ü!"]],
  ["+zo bob", ["z!", "+o bob"]],
  ["+i more params", ["+i"]],
];

for (const [words, expected] of channelRequests) {
  test(`MODE #a ${words}`, () => {
    assert.deepEqual(shown(parseChannelModes(words.split(" "))), expected);
  });
}

test("an empty parameter is none", () => {
  assert.deepEqual(shown(parseChannelModes(["+kb", "", ""])), ["k…", "b?"]);
});

test("user modes take nothing", () => {
  assert.deepEqual(shown(parseUserModes("+iB-w")), ["+i", "+B", "-w"]);
  assert.deepEqual(shown(parseUserModes("Rx")), ["+R", "x!"]);
  assert.deepEqual(shown(parseUserModes("")), []);
});

const roomy = { maxParams: 4, maxBytes: 400 };
const change = (text: string): ModeChange<string> => {
  const [letters = "", param] = text.split(" ");
  return { mode: letters.slice(1), adding: letters.startsWith("+"), param };
};

test("changes are written in their order, a sign where it turns", () => {
  const changes = ["+o a", "+v b", "-b c", "-t", "+n"].map(change);
  assert.deepEqual(formatModes(changes, roomy), [["+ov-bt+n", "a", "b", "c"]]);
  assert.deepEqual(formatModes([], roomy), []);
});

test("no line has more parameters than it may have", () => {
  const changes = ["+o 1", "+o 2", "+i", "+o 3", "+o 4", "-m", "+o 5", "-v 6"].map(change);
  assert.deepEqual(formatModes(changes, roomy), [
    ["+ooioo-m", "1", "2", "3", "4"],
    ["+o-v", "5", "6"],
  ]);
});

test("no line is longer than it may be", () => {
  const changes = ["+b ää", "+b bb", "+b cc"].map(change);
  assert.deepEqual(formatModes(changes, { maxParams: 4, maxBytes: 11 }), [
    ["+bb", "ää", "bb"],
    ["+b", "cc"],
  ]);
  assert.deepEqual(formatModes(changes, { maxParams: 4, maxBytes: 10 }), [
    ["+b", "ää"],
    ["+bb", "bb", "cc"],
  ]);
});

test("what was written is read as it was meant", () => {
  const changes = ["+k key", "+l 3", "-l", "+b a!*@*", "-o bob", "+t"].map(change);
  const [line = []] = formatModes(changes, roomy);
  assert.deepEqual(shown(parseChannelModes(line)), changes.map(signed));
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { plain, type Style } from "../protocols/irc/formatting.ts";
import { coloursOf, formattedLine, type Looks, sgrOf } from "./sgr.ts";

const dark: Looks = { colours: "256", background: "dark" };
const red: Style = { ...plain, foreground: { kind: "palette", index: 4 } };

test("attributes are shown as they are", () => {
  const style = { ...plain, bold: true, italic: true, underline: true, strikethrough: true, reverse: true };
  assert.equal(sgrOf(style, dark), "1;3;4;7;9");
  assert.equal(sgrOf({ ...plain, monospace: true }, dark), "");
});

test("a colour becomes the nearest one that the terminal has", () => {
  const orange: Style = { ...plain, foreground: { kind: "rgb", hex: "FF8001" } };
  const grey: Style = { ...plain, foreground: { kind: "rgb", hex: "808080" } };
  const codes = (style: Style): string[] =>
    (["none", "16", "256", "16m"] as const).map((colours) => sgrOf(style, { ...dark, colours }));
  assert.deepEqual(codes(red), ["", "91", "38;5;196", "38;2;255;0;0"]);
  assert.deepEqual(codes(orange), ["", "33", "38;5;208", "38;2;255;128;1"]);
  assert.deepEqual(codes(grey), ["", "90", "38;5;244", "38;2;128;128;128"]);
  const onYellow: Style = { ...red, background: { kind: "palette", index: 8 } };
  assert.deepEqual(codes(onYellow).slice(2), ["38;5;196;48;5;226", "38;2;255;0;0;48;2;255;255;0"]);
});

test("text in the colour of what is behind it can be read, whether that was said or is the terminal's own", () => {
  const index = (foreground: number, background?: number): Style => ({
    ...plain,
    foreground: { kind: "palette", index: foreground },
    background: background === undefined ? undefined : { kind: "palette", index: background },
  });
  for (const colours of ["16", "256", "16m"] as const) {
    for (const hidden of [0, 1, 4, 8, 12, 14, 88, 98]) {
      const code = sgrOf(index(hidden, hidden), { colours, background: "dark" });
      const [text, behind] = code.split(colours === "16" ? ";" : ";48;");
      const same = colours === "16" ? String(Number(behind) - 10) : `38;${behind}`;
      assert.notEqual(text, same, `${colours} ${hidden}: ${code}`);
    }
  }
  assert.equal(sgrOf(index(1), { colours: "256", background: "light" }), "38;5;16");
  assert.notEqual(sgrOf(index(1), dark), "38;5;16");
  assert.notEqual(sgrOf(index(0), { colours: "256", background: "light" }), "38;5;231");
  // On a background of its own, text in the reader's own colour could be as dark as that.
  const blackBehind: Style = { ...plain, background: { kind: "palette", index: 1 } };
  assert.notEqual(sgrOf(blackBehind, { colours: "256", background: "light" }), "38;5;16;48;5;16");
});

test("a line has its looks, ends without them, and holds nothing else that moves a cursor", () => {
  assert.equal(formattedLine("a\x02b\x02c", dark), "a\x1B[1mb\x1B[0mc");
  assert.equal(formattedLine("\x0304x", dark), "\x1B[38;5;196mx\x1B[0m");
  assert.equal(formattedLine("\x02\x1B[2J\u202E", dark), "\x1B[1m\uFFFD[2J\uFFFD\x1B[0m");
  assert.equal(formattedLine("plain \x1B[2J", dark), "plain \uFFFD[2J");
});

test("how many colours there are is said by the environment", () => {
  assert.equal(coloursOf({ COLORTERM: "truecolor", TERM: "xterm-256color" }), "16m");
  assert.equal(coloursOf({ TERM: "xterm-direct" }), "16m");
  assert.equal(coloursOf({ COLORTERM: "yes", TERM: "xterm" }), "256");
  assert.equal(coloursOf({ TERM: "vt220" }), "16");
  assert.equal(coloursOf({ NO_COLOR: "1", COLORTERM: "truecolor" }), "none");
});

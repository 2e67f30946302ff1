import assert from "node:assert/strict";
import test from "node:test";
import { coloursOf } from "../sgr.ts";
import { makeTheme, parseStyle } from "./theme.ts";

test("a person has one colour, whatever the case of the name", () => {
  const theme = makeTheme({ colours: "256", background: "dark", own: {} });
  assert.equal(theme.person("Alice", "x"), theme.person("ALICE", "x"));
  const used = new Set(["Alice", "Bob", "Carl", "Dan", "Eve", "Fay"].map((name) => theme.person(name, "x")));
  assert.ok(used.size >= 4, "most have colours of their own");
});

test("NO_COLOR leaves attributes and no colour", () => {
  const colours = coloursOf({ NO_COLOR: "1", COLORTERM: "truecolor", TERM: "xterm-256color" });
  const theme = makeTheme({ colours, background: "dark", own: { mention: "31" } });
  for (const painted of [theme.person("Bob", "x"), theme.paint("mention", "x"), theme.paint("status", "x")]) {
    assert.doesNotMatch(painted, /\u001b\[(?:[\d;]*;)?[34]\d/);
  }
  assert.equal(coloursOf({ NO_COLOR: "", TERM: "xterm-256color" }), "256");
  assert.equal(coloursOf({ TERM: "linux" }), "16");
});

test("styles of a theme file", () => {
  assert.equal(parseStyle("bold yellow on 236"), "1;33;48;5;236");
  assert.equal(parseStyle("#ff8000"), "38;2;255;128;0");
  assert.equal(parseStyle("bright-red on black"), "91;40");
  assert.equal(parseStyle(""), "");
  assert.equal(parseStyle("pretty"), undefined);
  assert.equal(parseStyle("256"), undefined);
});

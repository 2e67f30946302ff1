import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { defaultSettings, parseSettings } from "./settings.ts";
import { roles } from "./theme.ts";

test("an empty file is the defaults", () => {
  assert.deepEqual(parseSettings("", "client.toml"), defaultSettings);
});

test("settings, theme and servers", () => {
  const settings = parseSettings(
    `bell = true
background = "light"
people-width = 0
[theme]
mention = "bold #ff8000"
[[server]]
address = "Alice@chat.example"
label = "home"
[[server]]
address = "[::1]:5000"
`,
    "client.toml",
  );
  assert.deepEqual(settings, {
    ...defaultSettings,
    bell: true,
    background: "light",
    peopleWidth: 0,
    theme: { mention: "1;38;2;255;128;0" },
    servers: [
      { address: "Alice@chat.example", label: "home" },
      { address: "[::1]:5000", label: undefined },
    ],
  });
});

for (const [toml, message] of [
  ["bell = 1", "Cannot read c.toml: bell is not true or false"],
  ["name-width = 99", "Cannot read c.toml: name-width is not a number of columns (4 to 32)"],
  [
    "[theme]\nmention = 'pretty'",
    'Cannot read c.toml: theme.mention is not a style (as in "bold yellow on 236")',
  ],
  ["[[server]]\nlabel = 'x'", "Cannot read c.toml: a [[server]] has no address"],
  ["bell = ", /^Cannot read c\.toml: line 1: /],
  ["bells = true", /"bells" is no setting/],
] as const) {
  test(`what is wrong with ${JSON.stringify(toml)}`, () => {
    assert.throws(() => parseSettings(toml, "c.toml"), { name: "AddressError", message });
  });
}

test("docs/using.md shows every setting with its default, and every part of the theme", () => {
  const page = readFileSync(new URL("../../../docs/using.md", import.meta.url), "utf8");
  const toml = /```toml\n([^]*?)```/.exec(page)?.[1] ?? "";
  const settings = parseSettings(toml, "docs/using.md");
  assert.deepEqual({ ...settings, theme: {}, servers: [] }, defaultSettings);
  const [shown = ""] = toml.split("[theme]");
  const names = Object.keys(defaultSettings).filter((name) => name !== "theme" && name !== "servers");
  for (const name of names) {
    const key = name.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`);
    assert.match(shown, new RegExp(`^${key} = `, "m"));
  }
  for (const role of roles) assert.match(toml, new RegExp(`\\b${role}\\b`), role);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { commandDetails } from "./command-details.ts";
import { commandTable } from "./commands.ts";
import { helpText } from "./help.ts";

const shown = { consoleShowsPrivate: true };
const hidden = { consoleShowsPrivate: false };

test("help has every command on a line of its own", () => {
  const lines = helpText(undefined, shown).split("\n");
  for (const { usage, summary } of commandTable) {
    const matching = lines.filter((line) => line.trimStart().startsWith(usage) && line.endsWith(summary));
    assert.equal(matching.length, 1, usage);
  }
  assert.match(helpText(undefined, shown), /type '\/\/'/);
});

test("help on a command has its usage, its summary, the rest and its other names", () => {
  for (const { name, usage, summary, aliases } of commandTable) {
    const details = commandDetails[name];
    const lines = helpText(name, hidden).split("\n");
    assert.deepEqual(lines.slice(0, 2 + details.length), [`Usage: ${usage}`, summary, ...details]);
    for (const alias of aliases) assert.ok(lines.at(-2)?.includes(`/${alias}`), alias);
  }
});

test("help says that the operator can see private messages, unless the console hides them", () => {
  const warning = /operator .* can see private messages/;
  assert.match(helpText(undefined, shown), warning);
  assert.match(helpText("pm", shown), warning);
  assert.doesNotMatch(helpText("quit", shown), warning);
  assert.doesNotMatch(helpText(undefined, hidden), warning);
  assert.doesNotMatch(helpText("pm", hidden), warning);
});

test("help fits a terminal of 80 columns and ends its last line", () => {
  for (const topic of [undefined, ...commandTable.map((entry) => entry.name)]) {
    const text = helpText(topic, shown);
    assert.ok(text.endsWith("\n"));
    for (const line of text.split("\n")) assert.ok(line.length <= 80, line);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { type ChannelName, type ChannelNameFault, parseChannelName } from "./channel-name.ts";

const names: readonly (readonly [string, ChannelName | ChannelNameFault])[] = [
  ["#lobby", { shown: "#lobby", fold: "#lobby" }],
  ["#Lo!@+-[X]", { shown: "#Lo!@+-[X]", fold: "#lo!@+-[x]" }],
  ["##c++", { shown: "##c++", fold: "##c++" }],
  ["#a\u0308", { shown: "#ä", fold: "#ä" }],
  ["#ÄRGER", { shown: "#ÄRGER", fold: "#ärger" }],
  [`#${"🙂".repeat(9)}`, { shown: `#${"🙂".repeat(9)}`, fold: `#${"🙂".repeat(9)}` }],
  ["#1", { shown: "#1", fold: "#1" }],
  ["", "no-channel"],
  ["#", "no-channel"],
  ["lobby", "no-channel"],
  ["&local", "no-channel"],
  ["0", "no-channel"],
  ["#a b", "forbidden-character"],
  ["#a\u00a0b", "forbidden-character"],
  ["#a,#b", "forbidden-character"],
  ["#a:b", "forbidden-character"],
  ["#a*", "forbidden-character"],
  ["#a?", "forbidden-character"],
  ["#a\x07", "forbidden-character"],
  ["#a\0", "forbidden-character"],
  ["#\x02bold", "forbidden-character"],
  ["#a\u200b", "forbidden-character"],
  ["#a\u202e", "forbidden-character"],
  ["#\ud800", "forbidden-character"],
  ["#\u0301a", "forbidden-character"],
  ["#12345678910", "too-long"],
  [`#${"🙂".repeat(10)}`, "too-long"],
  [`#${"a".repeat(100_000)}`, "too-long"],
];

for (const [text, expected] of names) {
  test(`${JSON.stringify(text.slice(0, 20))} of at most 10 characters`, () => {
    assert.deepEqual(parseChannelName(text, 10), expected);
  });
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { fitMessage } from "./fit.ts";
import type { OutgoingMessage } from "./message.ts";

const from = { source: "roomful.local" };

test("a line that is short and harmless is as it was made", () => {
  const message = { ...from, command: "PRIVMSG", params: ["#a"], text: "\x02bold\x0f \x01x\x01\té" };
  assert.equal(fitMessage(message), ":roomful.local PRIVMSG #a :\x02bold\x0f \x01x\x01\té\r\n");
});

test("what could do harm is replaced in its place, in tags, parameters and text", () => {
  const tags = new Map([["+a\x1b", "b\u202ec\nd"]]);
  assert.equal(
    fitMessage({ ...from, tags, command: "421", params: ["Ann", "\x1b[2J\x9b"], text: "\u2028x\x07" }),
    "@+a\uFFFD=b\uFFFDc\\nd :roomful.local 421 Ann \uFFFD[2J\uFFFD :\uFFFDx\uFFFD\r\n",
  );
});

const long = (character: string, count: number): string => character.repeat(count);
const cases: Readonly<Record<string, readonly [OutgoingMessage, RegExp]>> = {
  "a text": [{ command: "TOPIC", params: ["#a"], text: long("é", 600) }, / TOPIC #a :é{235,}…\r\n$/],
  "a parameter": [
    { command: "421", params: ["Ann", long("x", 500)], text: "Unknown command" },
    / 421 Ann x{450,}… :Unknown command\r\n$/,
  ],
  "a parameter without a text": [
    { command: "324", params: ["Ann", long("x", 600)] },
    / 324 Ann x{450,}…\r\n$/,
  ],
  "a parameter and a text": [
    { command: "432", params: ["Ann", long("x", 500)], text: long("y", 500) },
    / 432 Ann x{350,}… :y{40,}…\r\n$/,
  ],
  "what grows when it is made harmless": [
    { command: "PONG", params: ["a"], text: long("\x1b", 500) },
    / PONG a :\uFFFD{150,}…\r\n$/,
  ],
};

for (const [what, [message, expected]] of Object.entries(cases)) {
  test(`${what} that is too long is cut off, so that the line is not`, () => {
    const tags = new Map([["+tag", long("t", 3000)]]);
    for (const given of [message, { ...message, tags }]) {
      const line = fitMessage({ ...from, ...given });
      assert.match(line, expected);
      const bytes = Buffer.byteLength(line.replace(/^@\S+ /, ""));
      assert.ok(bytes <= 512 && bytes > 480, `${bytes}`);
    }
  });
}

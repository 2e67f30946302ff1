import assert from "node:assert/strict";
import test from "node:test";
import { commandNames } from "../../src/server/irc/commands.ts";
import { type DoorName, doors } from "./doors.ts";
import { fuzz } from "./fuzz.ts";
import { ircCommands } from "./irc-commands.ts";
import { shrink } from "./shrink.ts";

const inputs: Readonly<Record<DoorName, number>> = {
  line: 1500,
  websocket: 700,
  http: 1000,
  irc: 1500,
  tls: 1000,
};
/** The same each time, and another each time. */
const seeds = [1, 2 + Math.floor(Math.random() * 0xffff_fff0)];

for (const door of Object.keys(doors) as DoorName[]) {
  test(`whatever comes in by the ${door} door does no harm`, async (t) => {
    t.diagnostic(`--door ${door} --inputs ${inputs[door]} --seed ${seeds.join(" and --seed ")}`);
    t.diagnostic(JSON.stringify(await fuzz(t, { door, inputs: inputs[door], seeds })));
  });
}

test("every command of the IRC door is among the inputs", () => {
  assert.deepEqual(Object.keys(ircCommands).toSorted(), commandNames.toSorted());
});

test("of what fails only what it takes is left", async () => {
  const numbers = Array.from({ length: 100 }, (_, index) => index);
  const maxMs = 60_000;
  const fails = async (part: readonly number[]): Promise<boolean> => part.includes(17) && part.includes(80);
  assert.deepEqual(await shrink(numbers, { fails, maxTries: 1000, maxMs }), [17, 80]);
  assert.deepEqual(await shrink(numbers, { fails: async () => false, maxTries: 1000, maxMs }), numbers);
  const few = await shrink(numbers, { fails, maxTries: 6, maxMs });
  assert.ok(few.length < numbers.length && (await fails(few)));
});

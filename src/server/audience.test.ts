import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { StreamId } from "../chat/event.ts";
import { Audience } from "./audience.ts";
import { type Dialect, packText } from "./dialect.ts";
import type { Reader } from "./fan-out.ts";

function dialect(): Dialect {
  return { showsOwn: true, room: () => "", personal: () => [], pack: packText };
}

test("whoever comes and goes, the live ones of a room are those who are", () => {
  const turn = fc.record({ reader: fc.nat({ max: 4 }), rooms: fc.subarray([0, 1, 2]), other: fc.boolean() });
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 40 }), (turns) => {
      const audiences = [0, 1, 2].map((index) => new Audience(`room:${index}` as StreamId, `#${index}`));
      const dialects = [dialect(), dialect()];
      const readers = Array.from({ length: 5 }, () => ({
        dialect: dialects[0]!,
        live: false,
        rooms: [] as Audience[],
        place: -1,
        places: undefined as number[] | undefined,
        exceptions: undefined,
        mix: undefined,
        write: () => undefined,
      })) satisfies Reader[];
      for (const { reader, rooms, other } of turns) {
        // Who is in other rooms from now on, or is worded for otherwise, is not live meanwhile.
        const one = readers[reader]!;
        for (const room of one.rooms) room.remove(one);
        one.rooms = rooms.map((index) => audiences[index]!);
        one.dialect = dialects[other ? 1 : 0]!;
        for (const room of one.rooms) room.add(one);
        for (const audience of audiences) {
          for (const words of dialects) {
            const wanted = readers.filter((each) => each.dialect === words && each.rooms.includes(audience));
            const live = audience.live.get(words) ?? [];
            assert.deepEqual(new Set(live), new Set(wanted));
            assert.equal(live.length, wanted.length);
            assert.equal(audience.live.has(words), wanted.length > 0, "a dialect of nobody is not kept");
          }
          const all = readers.filter((each) => each.rooms.includes(audience));
          assert.equal(audience.liveCount, all.length);
        }
      }
    }),
    { numRuns: 500 },
  );
});

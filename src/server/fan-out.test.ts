import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { StreamId } from "../chat/event.ts";
import { Audience } from "./audience.ts";
import { type Dialect, packText } from "./dialect.ts";
import { Batch, type Reader } from "./fan-out.ts";
import type { RoomTell } from "./link.ts";

const roomCount = 3;
const readerCount = 6;

/** A dialect that words a piece as its number, with a letter of its own, and has no words for every fifth. */
function dialect(letter: string): Dialect {
  return {
    showsOwn: true,
    room: (tell) => (numberOf(tell) % 5 === 4 ? "" : `${letter}${numberOf(tell)} `),
    personal: () => [],
    pack: packText,
  };
}

/** What a room is told, by a number. */
function piece(number: number): RoomTell {
  return { kind: "room-head", at: 0, room: "" as StreamId, head: number };
}

function numberOf(tell: RoomTell): number {
  return tell.kind === "room-head" ? tell.head : Number.NaN;
}

class TestReader implements Reader {
  readonly dialect: Dialect;
  readonly live: boolean;
  readonly rooms: readonly Audience[];
  place = -1;
  places: number[] | undefined;
  exceptions: Reader["exceptions"];
  mix: Reader["mix"];
  readonly written: string[] = [];

  constructor(how: {
    readonly dialect: Dialect;
    readonly live: boolean;
    readonly rooms: readonly Audience[];
  }) {
    this.dialect = how.dialect;
    this.live = how.live;
    this.rooms = how.rooms;
    if (this.live) for (const room of this.rooms) room.add(this);
  }

  write(bytes: Buffer): void {
    this.written.push(bytes.toString());
  }
}

/** One reader as he would be served alone: told by told. */
class Alone {
  readonly reader: TestReader;
  live: boolean;
  readonly rooms: Set<Audience>;
  shown = "";

  constructor(reader: TestReader) {
    this.reader = reader;
    this.live = reader.live;
    this.rooms = new Set(reader.rooms);
  }

  told(tell: RoomTell, rooms: readonly Audience[]): void {
    if (this.live && rooms.some((room) => this.rooms.has(room))) {
      this.shown += String(this.reader.dialect.room(tell));
    }
  }
}

const reader = fc.nat({ max: readerCount - 1 });
const room = fc.nat({ max: roomCount - 1 });
const rooms = fc.uniqueArray(room, { minLength: 1, maxLength: roomCount });
const step = fc.oneof(
  {
    arbitrary: fc.record({
      kind: fc.constant("rooms" as const),
      rooms,
      except: fc.uniqueArray(reader, { maxLength: 2 }),
      instead: fc.uniqueArray(reader, { maxLength: 2 }),
    }),
    weight: 4,
  },
  {
    arbitrary: fc.record({
      kind: fc.constant("one" as const),
      reader,
      pieces: fc.array(fc.constantFrom("", "own "), { maxLength: 2 }),
    }),
    weight: 1,
  },
  { arbitrary: fc.record({ kind: fc.constantFrom("start", "stop"), reader }), weight: 1 },
  { arbitrary: fc.record({ kind: fc.constantFrom("enter", "exit"), reader, room }), weight: 1 },
);
const person = fc.record({
  dialect: fc.nat({ max: 1 }),
  live: fc.boolean(),
  rooms: fc.uniqueArray(room, { maxLength: roomCount }),
});

test("each reader is written once what he would be told alone, whatever happens within a batch", () => {
  fc.assert(
    fc.property(
      fc.array(person, { minLength: readerCount, maxLength: readerCount }),
      fc.array(step, { maxLength: 20 }),
      (people, steps) => {
        const dialects = [dialect("a"), dialect("b")];
        const audiences = Array.from(
          { length: roomCount },
          (_, index) => new Audience(`room:${index}` as StreamId, `#${index}`),
        );
        const readers = people.map(
          (one) =>
            new TestReader({
              dialect: dialects[one.dialect]!,
              live: one.live,
              rooms: one.rooms.map((index) => audiences[index]!),
            }),
        );
        const alone = readers.map((one) => new Alone(one));
        const batch = new Batch<TestReader>();
        for (const [index, one] of steps.entries()) {
          if (one.kind === "rooms") {
            const where = one.rooms.map((at) => audiences[at]!);
            const otherwise = one.instead.filter((at) => !one.except.includes(at));
            batch.toRooms(piece(index), where, {
              except: one.except.map((at) => readers[at]!),
              instead: { readers: otherwise.map((at) => readers[at]!), tell: piece(100 + index) },
            });
            for (const [at, each] of alone.entries()) {
              if (otherwise.includes(at)) each.told(piece(100 + index), where);
              else if (!one.except.includes(at)) each.told(piece(index), where);
            }
          } else if ("pieces" in one) {
            batch.toOne(readers[one.reader]!, one.pieces);
            alone[one.reader]!.shown += one.pieces.join("");
          } else if ("room" in one) {
            const audience = audiences[one.room]!;
            if (one.kind === "enter") {
              batch.enter(readers[one.reader]!, audience);
              alone[one.reader]!.rooms.add(audience);
            } else {
              batch.exit(readers[one.reader]!, audience);
              alone[one.reader]!.rooms.delete(audience);
            }
          } else {
            if (one.kind === "start") batch.start(readers[one.reader]!);
            else batch.stop(readers[one.reader]!);
            alone[one.reader]!.live = one.kind === "start";
          }
        }
        batch.write();
        for (const { reader: one, shown } of alone) {
          assert.deepEqual(one.written, shown === "" ? [] : [shown]);
          assert.deepEqual([one.exceptions, one.mix], [undefined, undefined]);
        }
      },
    ),
    { numRuns: 3000 },
  );
});

test("readers who are in the same of the rooms are written the same bytes, which are put together once", () => {
  const [one, two, three] = [0, 1, 2].map((index) => new Audience(`room:${index}` as StreamId, `#${index}`));
  const written: Buffer[] = [];
  const words = dialect("a");
  const readers = Array.from({ length: 4 }, (_, index) => {
    const made = new TestReader({
      dialect: words,
      live: true,
      rooms: index < 2 ? [one!, two!] : index === 2 ? [two!] : [three!],
    });
    made.write = (bytes) => void written.push(bytes);
    return made;
  });
  const batch = new Batch<TestReader>();
  batch.toRooms(piece(0), [one!], { except: [] });
  batch.toRooms(piece(1), [two!], { except: [] });
  batch.write();
  assert.equal(readers.length, 4);
  assert.deepEqual(written.map(String), ["a0 a1 ", "a0 a1 ", "a1 "]);
  assert.equal(written[0], written[1], "one buffer");
});

test("dialects that word a batch the same are packed once, and written the same bytes", () => {
  const plain = dialect("a");
  const others = [1, 2].map((): Dialect => ({ ...dialect("b"), sameFor: () => plain }));
  const here = new Audience("room:x" as StreamId, "#x");
  const readers = [...others, plain].map(
    (own) => new TestReader({ dialect: own, live: true, rooms: here.only }),
  );
  const buffers = new Set<Buffer>();
  for (const one of readers) one.write = (bytes) => void buffers.add(bytes);
  const batch = new Batch<TestReader>();
  batch.toRooms(piece(1), [here], { except: [] });
  batch.write();
  assert.equal(buffers.size, 1);
  assert.equal([...buffers][0]?.toString(), "a1 ");
});

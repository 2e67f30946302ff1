import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import type { WireEvent } from "../../protocols/websocket/messages.ts";
import { Backlog } from "./backlog.ts";

function said(stream: string, number: number, at: number): WireEvent {
  const from = { id: "p2", name: "Bob" };
  return { stream, number, id: `${stream}-${number}`, at, kind: "text", from, text: `text ${number}` };
}

/** Answers what a backlog wants from these streams, `limit` at a time, and takes until nothing is left. */
function readAll(
  backlog: Backlog,
  streams: ReadonlyMap<string, readonly WireEvent[]>,
  limit: number,
): string[] {
  const shown: WireEvent[] = [];
  while (!backlog.complete) {
    const wanted = backlog.wanted();
    assert.ok(wanted !== undefined, "something is left, and nothing is wanted");
    const before = streams.get(wanted.stream)?.filter(({ number }) => number < wanted.before) ?? [];
    backlog.page(wanted, { events: before.slice(-limit), floor: 0 });
    shown.unshift(...backlog.take());
  }
  return shown.map(({ id }) => id);
}

test("whatever the streams and pages are, all is taken once, each stream in order, and by time", () => {
  const times = fc.array(fc.nat({ max: 30 }), { maxLength: 12 });
  fc.assert(
    fc.property(
      fc.array(times, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 5 }),
      (all, limit) => {
        const streams = new Map(
          all.map((each, index) => {
            const ascending = each.toSorted((one, other) => one - other);
            return [`s${index}`, ascending.map((at, before) => said(`s${index}`, before + 1, at))] as const;
          }),
        );
        const backlog = new Backlog();
        backlog.begin(Object.fromEntries([...streams].map(([id, events]) => [id, events.length])), []);
        const shown = readAll(backlog, streams, limit);
        const at = new Map([...streams.values()].flat().map((event) => [event.id, event.at]));
        const wanted = [...at.keys()].toSorted();
        assert.deepEqual(shown.toSorted(), wanted);
        for (const [index, id] of shown.slice(1).entries()) {
          assert.ok((at.get(shown[index] ?? "") ?? 0) <= (at.get(id) ?? 0), shown.join(" "));
        }
        for (const [stream, events] of streams) {
          assert.deepEqual(
            shown.filter((id) => id.startsWith(`${stream}-`)),
            events.map(({ id }) => id),
          );
        }
      },
    ),
  );
});

test("what is shown already is not read again, and what is put back is", () => {
  const room = [1, 2, 3, 4].map((number) => said("#lobby", number, number));
  const streams = new Map([["#lobby", room]]);
  const backlog = new Backlog();
  backlog.begin({ "#lobby": 4 }, room.slice(2));
  assert.ok(!backlog.hasPrivate);
  assert.deepEqual(readAll(backlog, streams, 10), ["#lobby-1", "#lobby-2"]);
  backlog.putBack([...room.slice(0, 3), said("", 0, 9)]);
  assert.deepEqual(backlog.wanted(), { stream: "#lobby", before: 4 });
  assert.deepEqual(readAll(backlog, streams, 2), ["#lobby-1", "#lobby-2", "#lobby-3"]);
});

test("a page that is not wanted any more is left, and so are streams that may not be read", () => {
  const backlog = new Backlog();
  backlog.begin({ "#lobby": 4, "dm:a:b": 2 }, []);
  assert.ok(backlog.hasPrivate);
  backlog.page({ stream: "#lobby", before: 3 }, { events: [said("#lobby", 2, 2)], floor: 0 });
  backlog.page({ stream: "#other", before: 3 }, { events: [said("#other", 2, 2)], floor: 0 });
  assert.deepEqual([backlog.wanted(), backlog.take()], [{ stream: "#lobby", before: 5 }, []]);
  backlog.keepOnly({ "#lobby": 4 });
  assert.ok(!backlog.hasPrivate);
  backlog.page({ stream: "#lobby", before: 5 }, { events: [said("#lobby", 4, 4)], floor: 3 });
  assert.deepEqual(
    backlog.take().map(({ number }) => number),
    [4],
  );
  assert.ok(backlog.complete, "what is older no longer exists");
});

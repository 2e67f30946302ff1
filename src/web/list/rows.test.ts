import assert from "node:assert/strict";
import test from "node:test";
import type { Item } from "../../client/state/conversation.ts";
import type { WireEvent } from "../../protocols/websocket/messages.ts";
import { rowAt } from "./rows.ts";

const noon = new Date(2026, 10, 25, 12).getTime();
const minute = 60_000;

/** What somebody says so many minutes after noon. */
function said(by: string, minutes: number, more: Partial<WireEvent> = {}): WireEvent {
  const from = { id: `id of ${by}`, name: by };
  return {
    stream: "#lobby",
    number: 1,
    id: "m",
    at: noon + minutes * minute,
    kind: "text",
    from,
    text: "x",
    ...more,
  };
}

function items(...events: readonly WireEvent[]): readonly Item[] {
  return events.map((event, serial) => ({
    kind: "message",
    serial,
    event,
    own: undefined,
  }));
}

/** Which rows begin a group. */
function firsts(all: readonly Item[], markAbove?: number): readonly boolean[] {
  return all.map((_item, index) => rowAt(all, index, markAbove)?.isFirst === true);
}

test("what one says within five minutes is a group", () => {
  assert.deepEqual(
    firsts(items(said("Ann", 0), said("Ann", 4), said("Ann", 10), said("Bob", 11), said("Ann", 11))),
    [true, false, true, true, true],
  );
});

test("an answer, an action, news and another name each begin one", () => {
  const renamed = { from: { id: "id of Ann", name: "Anna" } };
  assert.deepEqual(
    firsts(
      items(
        said("Ann", 0),
        said("Ann", 0, { replyTo: "m0" }),
        said("Ann", 0),
        said("Ann", 0, { kind: "action" }),
        said("Ann", 0),
        said("Ann", 0, { kind: "topic" }),
        said("Ann", 0),
        said("Ann", 0, renamed),
      ),
    ),
    [true, true, false, true, true, true, true, true],
  );
});

test("a day begins with its first row, and a group with the mark", () => {
  const all = items(said("Ann", 0), said("Ann", 1), said("Ann", 12 * 60), said("Ann", 12 * 60 + 1));
  assert.deepEqual(
    all.map((_item, index) => rowAt(all, index, undefined)?.beginsDay),
    [true, false, true, false],
  );
  assert.deepEqual(firsts(all, 1), [true, true, true, false]);
  assert.equal(rowAt(all, 1, 1)?.isMarked, true);
  assert.equal(rowAt(all, 4, undefined), undefined);
});

import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { said } from "../../../test/client/bench.ts";
import { Conversation } from "../state/conversation.ts";
import { Layout, type LayoutOptions } from "./layout.ts";
import { makeTheme } from "./theme.ts";
import { type Anchor, scrolled, viewOf } from "./viewport.ts";

function optionsOf(conversation: Conversation, changes: Partial<LayoutOptions> = {}): LayoutOptions {
  return {
    width: 60,
    nameWidth: 12,
    theme: makeTheme({ colours: "none", background: "dark", own: {} }),
    me: { id: "p1", name: "Alice" },
    live: true,
    needle: "",
    markAbove: undefined,
    chosen: undefined,
    find: (id) => conversation.find(id),
    ...changes,
  };
}

/** Messages of one to five rows each. */
function talk(count: number): { conversation: Conversation; layout: Layout } {
  const conversation = new Conversation();
  for (let number = 1; number <= count; number += 1) {
    conversation.event(said(number, `<${number}>${" word".repeat((number * 7) % 40)}`));
  }
  return { conversation, layout: new Layout(optionsOf(conversation)) };
}

test("the view is full as long as there is enough, and shows what was scrolled by, no more and no less", () => {
  const { conversation, layout } = talk(30);
  const all = viewOf(conversation, layout, { anchor: undefined, height: 10_000 }).rows;
  const moves = fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 12 });
  fc.assert(
    fc.property(moves, fc.integer({ min: 1, max: 20 }), (steps, height) => {
      let anchor: Anchor;
      let end = all.length;
      for (const by of steps) {
        anchor = scrolled(conversation, layout, { anchor, height, by });
        end = Math.max(height, Math.min(all.length, end + by));
        const view = viewOf(conversation, layout, { anchor, height });
        assert.deepEqual(view.rows, all.slice(end - height, end));
        assert.equal(anchor === undefined, end === all.length);
      }
    }),
  );
});

test("a change of width keeps what stands at the bottom, and so do messages that come", () => {
  const { conversation, layout } = talk(30);
  const anchor = scrolled(conversation, layout, { anchor: undefined, height: 10, by: -20 });
  const before = viewOf(conversation, layout, { anchor, height: 10 });
  conversation.event(said(31));
  conversation.older([said(0)], "p1");
  const later = viewOf(conversation, layout, { anchor, height: 10 });
  assert.deepEqual([later.rows, later.below], [before.rows, before.below + 1]);
  for (const width of [30, 100, 60]) {
    layout.adopt(optionsOf(conversation, { width }));
    assert.equal(viewOf(conversation, layout, { anchor, height: 10 }).bottom, before.bottom);
  }
});

test("less than a screen of messages is shown whole and cannot be scrolled", () => {
  const { conversation, layout } = talk(1);
  assert.equal(scrolled(conversation, layout, { anchor: undefined, height: 10, by: -5 }), undefined);
  assert.ok(viewOf(conversation, layout, { anchor: undefined, height: 10 }).atTop);
  assert.deepEqual(viewOf(new Conversation(), layout, { anchor: undefined, height: 10 }).rows, []);
});

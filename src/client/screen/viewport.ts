import type { Conversation, Item } from "../state/conversation.ts";
import type { Layout } from "./layout.ts";

/** The row that stands at the bottom of the view: of an item, the row with this index. `undefined`: the newest. */
export type Anchor = { readonly serial: number; readonly row: number } | undefined;

export interface View {
  /** From top to bottom, at most as many as asked for. */
  readonly rows: readonly string[];
  /** The serials of the items on it. */
  readonly top: number | undefined;
  readonly bottom: number | undefined;
  /** How many items are below it. */
  readonly below: number;
  /** Whether the first of all is on it. */
  readonly atTop: boolean;
}

/** What is seen of a conversation through so many rows. */
export function viewOf(
  conversation: Conversation,
  layout: Layout,
  place: { anchor: Anchor; height: number },
): View {
  const { items } = conversation;
  const { anchor, height } = place;
  const last =
    anchor === undefined ? items.length - 1 : Math.min(conversation.indexOf(anchor.serial), items.length - 1);
  const parts: (readonly string[])[] = [];
  let room = height;
  let index = last;
  for (; index >= 0 && room > 0; index -= 1) {
    const rows = rowsAt(items, index, layout);
    const end =
      index === last && anchor !== undefined && items[index]?.serial === anchor.serial
        ? anchor.row + 1
        : rows.length;
    const shown = rows.slice(Math.max(0, Math.min(end, rows.length) - room), end);
    parts.push(shown);
    room -= shown.length;
  }
  return {
    rows: parts.reverse().flat(),
    top: items[index + 1]?.serial,
    bottom: items[last]?.serial,
    below: Math.max(0, items.length - 1 - last),
    atTop: index < 0,
  };
}

/** The anchor so many rows further down, or up where `by` is negative, and never beyond either end. */
export function scrolled(
  conversation: Conversation,
  layout: Layout,
  move: { readonly anchor: Anchor; readonly height: number; readonly by: number },
): Anchor {
  const { items } = conversation;
  if (items.length === 0) return undefined;
  const start =
    move.anchor === undefined
      ? items.length - 1
      : Math.min(conversation.indexOf(move.anchor.serial), items.length - 1);
  const startRows = rowsAt(items, start, layout).length;
  let index = start;
  let row = Math.min(move.anchor?.row ?? startRows - 1, startRows - 1) + move.by;
  while (row < 0 && index > 0) {
    index -= 1;
    row += rowsAt(items, index, layout).length;
  }
  let rows = rowsAt(items, index, layout).length;
  while (row >= rows && index < items.length - 1) {
    row -= rows;
    index += 1;
    rows = rowsAt(items, index, layout).length;
  }
  if (index >= items.length - 1 && row >= rows - 1) return undefined;
  return lowest(items, layout, { index, row: Math.max(0, row), height: move.height });
}

/** The first rows of all are shown at the top of a full view: the anchor is not above its last row. */
function lowest(
  items: readonly Item[],
  layout: Layout,
  place: { readonly index: number; readonly row: number; readonly height: number },
): Anchor {
  let above = place.row + 1;
  for (let index = place.index - 1; index >= 0 && above < place.height; index -= 1) {
    above += rowsAt(items, index, layout).length;
  }
  let missing = place.height - above;
  let { index, row } = place;
  while (missing > 0) {
    const left = rowsAt(items, index, layout).length - 1 - row;
    if (missing <= left) {
      row += missing;
      break;
    }
    if (index === items.length - 1) return undefined;
    missing -= left + 1;
    index += 1;
    row = 0;
  }
  const item = items[index];
  const isEnd = index === items.length - 1 && row >= rowsAt(items, index, layout).length - 1;
  return item === undefined || isEnd ? undefined : { serial: item.serial, row };
}

function rowsAt(items: readonly Item[], index: number, layout: Layout): readonly string[] {
  const item = items[index];
  return item === undefined ? [] : layout.rows(item, items[index - 1]);
}

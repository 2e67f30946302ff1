import { printable } from "../../chat/text.ts";
import { linesOf } from "../../protocols/irc/formatting.ts";
import { columnsOf, cut, cutInside, fit, isRightToLeft } from "./cells.ts";
import type { ScreenPlace } from "./screen-place.ts";
import type { ScreenState } from "./state.ts";
import type { Role, Theme } from "./theme.ts";
import { cutSpans } from "./wrap.ts";

const standings: Readonly<Record<ScreenPlace["standing"], string>> = { in: "", asked: " …", out: " (out)" };
/** The narrowest part of the title that a topic is worth. */
const minTopicColumns = 12;

/** The rooms below each other, in rows of `width` columns, the last two of them a bar and a blank. */
export function roomColumn(
  state: ScreenState,
  size: { readonly width: number; readonly rows: number },
  theme: Theme,
): readonly string[] {
  const { width, rows } = size;
  const columns = width - 3;
  const cells = cellsOf(state, { columns, rows }, theme);
  // Put at its column, whatever the terminal made of the name.
  return Array.from(
    { length: rows },
    (_, index) => `${cells[index] ?? ""}\x1B[${width - 1}G\x1B[K${theme.paint("bar", "│")} `,
  );
}

/** The rooms; where they are more than rows, those around the one that is looked at, and how many there are besides. */
function cellsOf(
  state: ScreenState,
  { columns, rows }: { readonly columns: number; readonly rows: number },
  theme: Theme,
): readonly string[] {
  const { places, current } = state;
  const at = places.indexOf(current);
  const hasAll = places.length <= rows;
  const isAtTop = hasAll || at < rows - 1;
  const isAtEnd = hasAll || at > places.length - rows;
  const count = rows - (isAtTop ? 0 : 1) - (isAtEnd ? 0 : 1);
  const first = isAtTop ? 0 : isAtEnd ? places.length - count : at - Math.floor(count / 2);
  const shown = places.slice(first, first + count);
  return [
    ...(isAtTop ? [] : [moreCell("↑", places.slice(0, first), { columns, theme })]),
    ...shown.map((place, index) => roomCell(place, { state, columns, key: first + index + 1 }, theme)),
    ...(isAtEnd ? [] : [moreCell("↓", places.slice(first + count), { columns, theme })]),
  ];
}

/** Rooms that there is no row for. */
function moreCell(
  arrow: string,
  rooms: readonly ScreenPlace[],
  { columns, theme }: { readonly columns: number; readonly theme: Theme },
): string {
  const unread = rooms.reduce((sum, place) => sum + place.unread, 0);
  const mentions = rooms.reduce((sum, place) => sum + place.mentions, 0);
  const count = countOf({ unread, mentions });
  const text = fit(`${arrow} ${rooms.length} more`, Math.max(1, columns - columnsOf(count)));
  return theme.paint(mentions > 0 ? "mention" : unread > 0 ? "title" : "dim", text + count);
}

function roomCell(
  place: ScreenPlace,
  how: { readonly state: ScreenState; readonly columns: number; readonly key: number },
  theme: Theme,
): string {
  const count = countOf(place);
  const room = Math.max(1, how.columns - (count === "" ? 0 : columnsOf(count) + 1));
  const name = fit(labelOf(place, how.key, room), room);
  const text = count === "" ? name : `${closed(name)} ${count}`;
  return theme.paint(roleOf(place, how.state), closed(text));
}

/** The room that is looked at and what it is about, in a row of so many columns; with `tabs` the other rooms as well. */
export function titleRow(
  state: ScreenState,
  { columns, hasTabs }: { readonly columns: number; readonly hasTabs: boolean },
  theme: Theme,
): string {
  const { places, current } = state;
  const shown = hasTabs ? tabsOf(places, current, columns) : [current];
  const tabs = shown.map((place) => {
    // Where the rooms are at the side, how much is new stands there.
    const text = hasTabs ? tabText(place, places.indexOf(place) + 1) : labelOf(place);
    return { place, text: cut(text, columns) };
  });
  const taken = tabs.reduce((sum, { text }) => sum + columnsOf(text) + 1, 0) - 1;
  const painted = tabs.map(({ place, text }) => theme.paint(roleOf(place, state), closed(text)));
  const left = columns - taken - 3;
  if (left < minTopicColumns || current.topic === "") return painted.join(" ");
  const [line = []] = linesOf(current.topic);
  const topic = cutSpans(line, left).map(({ text, style }) => theme.formatted(style, closed(text), "dim"));
  return `${painted.join(" ")}${theme.paint("dim", " · ")}${topic.join("")}`;
}

/** As many rooms beside each other as fit, with the one that is looked at among them. */
function tabsOf(
  places: readonly ScreenPlace[],
  current: ScreenPlace,
  columns: number,
): readonly ScreenPlace[] {
  const widths = places.map((place, index) => columnsOf(tabText(place, index + 1)) + 1);
  let first = places.indexOf(current);
  let last = first;
  let room = columns - (widths[first] ?? 0);
  for (;;) {
    if (last + 1 < places.length && (widths[last + 1] ?? 0) <= room) room -= widths[(last += 1)] ?? 0;
    else if (first > 0 && (widths[first - 1] ?? 0) <= room) room -= widths[(first -= 1)] ?? 0;
    else break;
  }
  return places.slice(first, last + 1);
}

function tabText(place: ScreenPlace, key: number): string {
  const count = countOf(place);
  return `${labelOf(place, key)}${count === "" ? "" : ` ${count}`}`;
}

/** Only the first nine have a key. Names that differ at their ends do so where they are cut, too. */
function labelOf({ name, standing }: ScreenPlace, key?: number, columns = Number.POSITIVE_INFINITY): string {
  const number = key === undefined ? "" : key <= 9 ? `${key} ` : "  ";
  const after = standings[standing];
  return `${number}${cutInside(printable(name), columns - number.length - columnsOf(after))}${after}`;
}

/** How much is new there, and with `!` that one was mentioned. */
function countOf({ unread, mentions }: Pick<ScreenPlace, "unread" | "mentions">): string {
  if (mentions > 0) return `${Math.max(unread, mentions)}!`;
  return unread === 0 ? "" : String(unread);
}

function roleOf(place: ScreenPlace, { current }: ScreenState): Role {
  if (place === current) return "chosen";
  if (place.mentions > 0) return "mention";
  return place.unread > 0 ? "title" : "dim";
}

/** What is written from right to left must not carry along what follows it. */
function closed(text: string): string {
  return isRightToLeft(text) ? `${text}\u200E` : text;
}

import type { Item } from "../../client/state/conversation.ts";
import { isNews } from "../../client/state/room-news.ts";

/** How an item stands in the list. */
export interface Row {
  readonly item: Item;
  /** Whether it begins a group, with its speaker's name. */
  readonly isFirst: boolean;
  /** Whether a day begins with it. */
  readonly beginsDay: boolean;
  /** Whether the line of what is new stands above it. */
  readonly isMarked: boolean;
}

/** A group is what one says within so long. */
const groupMs = 5 * 60_000;

/** The row of an item, which depends on the one before it alone. */
export function rowAt(items: readonly Item[], index: number, markAbove: number | undefined): Row | undefined {
  const item = items[index];
  if (item === undefined) return undefined;
  const before = items[index - 1];
  const beginsDay = before === undefined || dayNumber(timeOf(item)) !== dayNumber(timeOf(before));
  const isMarked = item.serial === markAbove;
  return { item, beginsDay, isMarked, isFirst: beginsDay || isMarked || !goesOn(before, item) };
}

export function timeOf(item: Item): number {
  return item.kind === "message" ? item.event.at : item.at;
}

function goesOn(before: Item | undefined, item: Item): boolean {
  if (before?.kind !== "message" || item.kind !== "message") return false;
  const [one, other] = [before.event, item.event];
  return (
    isPlain(before) &&
    isPlain(item) &&
    one.from.id === other.from.id &&
    one.from.name === other.from.name &&
    other.replyTo === undefined &&
    other.at - one.at < groupMs
  );
}

/** What is said, without anything that has to stand beside its speaker's name. */
function isPlain({ event }: Item & { kind: "message" }): boolean {
  return !isNews(event) && event.kind !== "announcement" && event.kind !== "action";
}

function dayNumber(at: number): number {
  const date = new Date(at);
  return date.getFullYear() * 400 + date.getMonth() * 32 + date.getDate();
}

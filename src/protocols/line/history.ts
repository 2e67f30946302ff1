import { type Instant, isShown } from "../../chat/event.ts";
import { dayOf, eventLine, mark, type Show, type ShownEvent } from "./render.ts";

/** A part of a room, in number order; numbers up to `floor` no longer exist, `head` is the last given. */
export interface ShownPage {
  readonly events: readonly ShownEvent[];
  readonly floor: number;
  readonly head: number;
}

/** The last messages, between a line that says so and one that ends them; dated where the day changes. */
export function historyBlock(events: readonly ShownEvent[], now: Instant, show?: Show): string {
  const shown = events.filter(isShown);
  const last = events.at(-1);
  if (last === undefined || shown.length === 0) return mark("no messages to show");
  const title = shown.length === 1 ? "the last message" : `the last ${shown.length} messages`;
  const line = (event: ShownEvent): string => eventLine(event, { show });
  return mark(title) + dated(shown, { now, line }) + mark(`end of history, up to #${last.number}`);
}

/** The messages after a number, each with its own; what is gone of them, and where to go on if there are more. */
export function sinceBlock(
  page: ShownPage,
  asked: { readonly after: number; readonly now: Instant; readonly show?: Show },
): string {
  const { events, floor, head } = page;
  const { after, now, show } = asked;
  if (head <= after)
    return mark(head === 0 ? "no messages to show" : `no messages after #${after}; the last is #${head}`);
  const last = events.at(-1)?.number ?? Math.max(after, floor);
  const gone = floor > after ? goneLine({ from: after + 1, to: floor }) : "";
  const shown = dated(events, { now, line: (event) => numbered(event, show) });
  const end = last < head ? `there are more: /since ${last}` : "end of history";
  return mark(`messages after #${after}`) + gone + shown + mark(end);
}

function numbered(event: ShownEvent, show: Show | undefined): string {
  const line = eventLine(event, { show });
  return line === "" ? "" : `#${event.number} ${line}`;
}

/** What was said to somebody alone while he was not here. */
export function waitedBlock(events: readonly ShownEvent[], now: Instant): string {
  const shown = events.filter(isShown);
  if (shown.length === 0) return "";
  const title = shown.length === 1 ? "a message was" : `${shown.length} messages were`;
  return (
    mark(`${title} kept for you`) + dated(shown, { now, line: eventLine }) + mark("end of what was kept")
  );
}

/** Numbers, both ends included, that were asked for or missed and no longer exist. */
export function goneLine(gone: { readonly from: number; readonly to: number }): string {
  if (gone.from === gone.to) return mark(`#${gone.from} is no longer kept`);
  return mark(`#${gone.from} to #${gone.to} are no longer kept`);
}

/** The day stands before the first event of each, today included where an earlier day came before. */
function dated(
  events: readonly ShownEvent[],
  how: { readonly now: Instant; readonly line: (event: ShownEvent) => string },
): string {
  const today = dayOf(how.now);
  let day = today;
  let text = "";
  for (const event of events) {
    const next = dayOf(event.at);
    if (next !== day) text += mark(next);
    day = next;
    text += how.line(event);
  }
  return day === today ? text : text + mark(today);
}

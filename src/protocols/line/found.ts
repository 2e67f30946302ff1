import { lobby } from "../../chat/event.ts";
import { quoted } from "../../chat/text.ts";
import { datedLine, eventLine, mark, type ShownEvent } from "./render.ts";

/** A message that was found, and its neighbours; a `SearchHit` and a `WireHit` are both. */
export interface ShownHit {
  readonly event: ShownEvent & { readonly stream: string };
  readonly before?: ShownEvent | undefined;
  readonly after?: ShownEvent | undefined;
}

/** What a search found, the best first. */
export interface ShownResult {
  readonly hits: readonly ShownHit[];
  /** How many there are, of those that were looked at. */
  readonly found: number;
  readonly isComplete: boolean;
}

/**
 * What was found, between a line that says how much and one that says how to go there: each message with its number,
 * or with the other one of a private conversation, and indented what stands before and after it.
 */
export function foundBlock(
  result: ShownResult,
  asked: { readonly query: string; readonly reader: string },
): string {
  const { hits } = result;
  const { reader } = asked;
  const title = mark(foundTitle(result, asked.query));
  if (hits.length === 0) return title;
  const blocks = hits.map(
    ({ event, before, after }) =>
      beside(before, reader) + datedLine(placeOf(event, reader), event, reader) + beside(after, reader),
  );
  const number = hits.find(({ event }) => event.stream === lobby)?.event.number;
  const goThere = number === undefined ? "" : `; /since ${number - 1} goes to #${number}`;
  return title + blocks.join("   …\n") + mark(`end of the search${goThere}`);
}

/** How much was found, and of what. */
export function foundTitle({ hits, found, isComplete }: ShownResult, query: string): string {
  const what = `for '${quoted(query)}'`;
  const rest = isComplete ? "" : "; older ones were not looked at";
  if (found === 0) return isComplete ? `no message ${what}` : `no message ${what} among the newest${rest}`;
  if (found === 1) return `1 message ${what}${rest}`;
  const which =
    found > hits.length
      ? `the best ${hits.length} of ${found} messages ${what}`
      : `${found} messages ${what}, the best first`;
  return which + rest;
}

/** Where a message stands: its number, or whom its private conversation is with. */
export function placeOf(event: ShownHit["event"], reader: string): string {
  if (event.to !== undefined) return `@${event.from.id === reader ? event.to.name : event.from.name}`;
  return event.stream === lobby ? `#${event.number}` : `${event.stream} #${event.number}`;
}

function beside(event: ShownEvent | undefined, reader: string): string {
  return event === undefined ? "" : eventLine(event, { reader }).replace(/^(?=.)/gm, "   ");
}

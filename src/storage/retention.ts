import type { Instant } from "../chat/event.ts";
import type { StreamHead } from "./store.ts";

/** How much of each stream is kept: what is beyond either goes. `Infinity` for no limit. */
export interface RetentionPolicy {
  readonly keepMessages: number;
  readonly keepMs: number;
}

/**
 * The floor that a stream is to have at `now`, never below the one it has. `timeAfter` says when the first event
 * above a number was said, `undefined` where there is none. Within a stream time never runs backwards, so few are
 * asked for: one where nothing is too old.
 */
export async function wantedFloor(
  { floor, head }: Pick<StreamHead, "floor" | "head">,
  { keepMessages, keepMs, now }: RetentionPolicy & { readonly now: Instant },
  timeAfter: (number: number) => Promise<Instant | undefined>,
): Promise<number> {
  const isTooOld = async (number: number): Promise<boolean> => {
    const at = await timeAfter(number - 1);
    return at !== undefined && at < now - keepMs;
  };
  let low = Math.max(floor, head - keepMessages);
  if (low === head || keepMs === Number.POSITIVE_INFINITY || !(await isTooOld(low + 1))) return low;
  let high = head;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (await isTooOld(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

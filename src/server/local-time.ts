import type { Instant } from "../chat/event.ts";
import type { LocalTime } from "../chat/search.ts";

/** The moment at which the clocks of this machine's time zone show that. */
export function instantOf({ year, month, day, hour, minute, second }: LocalTime): Instant {
  return new Date(year, month - 1, day, hour, minute, second).getTime();
}

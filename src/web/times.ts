const clock = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const exact = new Intl.DateTimeFormat([], { dateStyle: "full", timeStyle: "medium" });
const day = new Intl.DateTimeFormat("en", {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
});

/** `14:29`, as at the other doors. */
export function clockOf(at: number): string {
  return clock.format(at);
}

/** The day and the time to the second. */
export function exactTime(at: number): string {
  return exact.format(at);
}

/** `Today`, `Yesterday`, or the day in full. */
export function dayOf(at: number, now: number): string {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  if (at >= midnight && at < midnight + 86_400_000) return "Today";
  const yesterday = new Date(midnight);
  yesterday.setDate(yesterday.getDate() - 1);
  return at < midnight && at >= yesterday.getTime() ? "Yesterday" : day.format(at);
}

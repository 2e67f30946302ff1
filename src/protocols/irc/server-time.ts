import type { Instant } from "../../chat/event.ts";

const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const parameter = "timestamp=";

/** `2011-10-19T16:40:51.620Z`, the value of the tag `time`: IRCv3 server-time. */
export function formatTime(at: Instant): string {
  if (at !== lastInstant) {
    lastTime = new Date(at).toISOString();
    lastInstant = at;
  }
  return lastTime;
}

/** What is said within a millisecond, and what is worded for one kind of reader after the other. */
let lastInstant: Instant | undefined;
let lastTime = "";

/** The instant of a text in exactly that form, or `undefined`; a day or an hour that there is not, has none. */
export function parseTime(text: string): Instant | undefined {
  if (!form.test(text)) return undefined;
  const at = Date.parse(text);
  // `Date` takes 24:00 for the next day, and some days that a month has not.
  return !Number.isNaN(at) && formatTime(at) === text ? at : undefined;
}

/** `timestamp=2011-10-19T16:40:51.620Z`, as CHATHISTORY and MARKREAD name an instant. */
export function formatTimeParam(at: Instant): string {
  return parameter + formatTime(at);
}

export function parseTimeParam(param: string): Instant | undefined {
  return param.startsWith(parameter) ? parseTime(param.slice(parameter.length)) : undefined;
}

import { utf8Length } from "../../chat/text.ts";
import { formatMessage, type OutgoingMessage } from "./message.ts";
import { maxMessageBytes } from "./pack.ts";
import { splitText } from "./split.ts";
import type { Tags } from "./tags.ts";

/** What no client is given: controls but TAB and the codes of IRC's own, and what turns the direction of writing. */
const hostile = /[\x05-\x08\x0B\x0C\x0E\x10\x12-\x15\x17-\x1C\x7F-\x9F\u2028-\u202E\u2066-\u2069\uFEFF]/;
const everyHostile = new RegExp(hostile, "g");

/** So much is left of a text that stands behind something long. */
const leastTextBytes = 64;

const ellipsis = "…";

/**
 * The message as a line that is not too long, whatever is in it: U+FFFD in the place of what could do harm, and a text
 * that other doors let be longer, or somebody's own word that is said back to him, cut off with `…`.
 */
export function fitMessage(message: OutgoingMessage): string {
  const line = formatMessage(message);
  const isHostile = hostile.test(line);
  const start = line.startsWith("@") ? line.indexOf(" ") + 1 : 0;
  // Nothing is longer in UTF-8 than three times what it is in UTF-16.
  if (!isHostile && 3 * (line.length - start) <= maxMessageBytes) return line;
  const harmless = isHostile ? withoutHostile(message) : message;
  const over = excess(harmless);
  if (over <= 0) return isHostile ? formatMessage(harmless) : line;
  return formatMessage(cut(harmless, over));
}

function withoutHostile({ tags, params, text, ...rest }: OutgoingMessage): OutgoingMessage {
  return {
    ...rest,
    tags: tags && harmlessTags(tags),
    params: params?.map(replaced),
    ...(text === undefined ? {} : { text: replaced(text) }),
  };
}

/** Keys and values without what could do harm to who shows them; ends of lines stay in values, where they are escaped. */
export function harmlessTags(tags: Tags): Tags {
  return new Map(Array.from(tags, ([key, value]) => [replaced(key), replaced(value)]));
}

function replaced(text: string): string {
  return text.replace(everyHostile, "\uFFFD");
}

function cut(message: OutgoingMessage, over: number): OutgoingMessage {
  const { params = [], text } = message;
  const spare = text === undefined ? 0 : Math.max(0, utf8Length(text) - leastTextBytes);
  if (over <= spare) return { ...message, text: shortened(text!, over) };
  const longest = params.reduce((best, param, index) => {
    return utf8Length(param) > utf8Length(params[best]!) ? index : best;
  }, 0);
  const shorter = {
    ...message,
    params: params.map((param, index) => (index === longest ? shortened(param, over - spare) : param)),
  };
  const rest = excess(shorter);
  return rest <= 0 || text === undefined ? shorter : { ...shorter, text: shortened(text, rest) };
}

/** At least so many bytes shorter. */
function shortened(text: string, bytes: number): string {
  const left = utf8Length(text) - bytes - utf8Length(ellipsis);
  return left < 4 ? ellipsis : `${splitText(text, left)[0] ?? ""}${ellipsis}`;
}

/** How many bytes there are too many, tags left out. */
function excess(message: OutgoingMessage): number {
  return utf8Length(formatMessage({ ...message, tags: undefined })) - maxMessageBytes;
}

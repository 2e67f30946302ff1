import { isRoom, type StoredEvent } from "../../chat/event.ts";
import { hasCapability } from "../../protocols/irc/capabilities.ts";
import { formatCtcp } from "../../protocols/irc/ctcp.ts";
import { closeBatch, openBatch } from "../../protocols/irc/labels.ts";
import type { OutgoingMessage } from "../../protocols/irc/message.ts";
import { concatTag, type MultilineLine, multilineType } from "../../protocols/irc/multiline.ts";
import { roomFor } from "../../protocols/irc/pack.ts";
import { splitText } from "../../protocols/irc/split.ts";
import { cutsOf } from "./kept-tags.ts";
import { sourceOf, tagsOf, type Wants } from "./words.ts";

/**
 * What somebody said: one message, or where its text is longer than one may be or has several lines, as many as it
 * needs, as one batch for who understands that. Of those that are no batch all but the first have ids made of the
 * event's, unless they were lines of one batch when they came: then they have none.
 */
export function speechMessages(event: StoredEvent, wants: Wants): readonly OutgoingMessage[] {
  const { at, from, id, kind, text, to, replyTo, clientTags } = event;
  const source = kind === "announcement" ? wants.server : sourceOf(from);
  const target = isRoom(event.stream) ? wants.nameOf(event.stream) : (to?.name ?? "*");
  const command = kind === "text" || kind === "action" ? "PRIVMSG" : "NOTICE";
  const isAction = kind === "action";
  const room = roomFor(`:${source} ${command} ${target} :${isAction ? "\x01ACTION \x01" : ""}\r\n`);
  const cuts = cutsOf(clientTags);
  const lines = linesOf(text, cuts, room);
  const tags = tagsOf(wants, { at, id, from, replyTo, clientTags });
  const make = (line: string): OutgoingMessage => ({
    source,
    command,
    params: [target],
    text: isAction ? formatCtcp({ command: "ACTION", params: line }) : line,
  });
  /** Nobody does nothing, and an empty line is one of a text alone. */
  const isSaid = (line: MultilineLine): boolean => !isAction || line.text !== "";
  if (lines.length === 1) return [{ tags, ...make(text) }];
  if (hasCapability(wants.capabilities, "draft/multiline")) {
    return [
      { tags, source, ...openBatch(id, multilineType, target) },
      ...lines.filter(isSaid).map((line) => ({ tags: lineTags(id, line), ...make(line.text) })),
      closeBatch(id),
    ];
  }
  const cameAsLines = cuts.length > 0 || text.includes("\n");
  return lines
    .filter((line) => line.text !== "")
    .map((line, index) => {
      if (index === 0) return { tags, ...make(line.text) };
      const laterId = cameAsLines ? undefined : `${id}.${index}`;
      return { tags: tagsOf(wants, { at, id: laterId, from }), ...make(line.text) };
    });
}

function lineTags(batch: string, { concat }: MultilineLine): ReadonlyMap<string, string> {
  return new Map(
    concat
      ? [
          ["batch", batch],
          [concatTag, ""],
        ]
      : [["batch", batch]],
  );
}

function isWithinPair(text: string, place: number): boolean {
  return /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(place - 1, place + 1));
}

/** A text in lines of at most so many bytes; cut where it was when it came, as far as that is short enough. */
function linesOf(text: string, cuts: readonly number[], maxBytes: number): readonly MultilineLine[] {
  // Nothing is longer in UTF-8 than three times what it is in UTF-16.
  if (text.length * 3 <= maxBytes && cuts.length === 0 && !text.includes("\n"))
    return [{ text, concat: false }];
  const lines: MultilineLine[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    const end = start + line.length;
    const places = [
      start,
      ...cuts.filter((cut) => cut > start && cut < end && !isWithinPair(text, cut)),
      end,
    ];
    const pieces = places.slice(1).flatMap((place, index) => {
      return splitText(text.slice(places[index], place), maxBytes);
    });
    for (const [index, piece] of pieces.entries()) lines.push({ text: piece, concat: index > 0 });
    start = end + 1;
  }
  return lines;
}

import { harmlessTags } from "../../protocols/irc/fit.ts";
import type { MultilineLine } from "../../protocols/irc/multiline.ts";
import { clientTags, formatTags, noTags, parseTags, type Tags } from "../../protocols/irc/tags.ts";

/** Not a client's tag, so that none can be taken for it, and never passed on. */
const cutsTag = "cuts";

/**
 * What is kept with a message for IRC clients, as tags stand in a line: those that are passed on, and where lines
 * that belong together were cut. `undefined` where there is nothing to keep.
 */
export function keptTags(tags: Tags, lines: readonly MultilineLine[] = []): string | undefined {
  const kept = new Map(harmlessTags(clientTags(tags)));
  const cuts: number[] = [];
  let length = 0;
  for (const [index, { text, concat }] of lines.entries()) {
    if (concat) cuts.push(length);
    else if (index > 0) length += 1;
    length += text.length;
  }
  if (cuts.length > 0) kept.set(cutsTag, cuts.join(","));
  return kept.size === 0 ? undefined : formatTags(kept).slice(1, -1);
}

/** The tags that are passed on. */
export function passedTags(kept: string | undefined): Tags {
  return kept === undefined || kept === "" ? noTags : clientTags(parseTags(kept));
}

/** What is kept, for a text that is not the one that was cut. */
export function withoutCuts(kept: string | undefined): string | undefined {
  const passed = passedTags(kept);
  return passed.size === 0 ? undefined : formatTags(passed).slice(1, -1);
}

/** Where a text was cut, in UTF-16 units from its beginning. */
export function cutsOf(kept: string | undefined): readonly number[] {
  if (kept === undefined) return [];
  const cuts = parseTags(kept).get(cutsTag);
  return cuts === undefined ? [] : cuts.split(",").map(Number);
}

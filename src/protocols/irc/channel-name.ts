import { foldName, hidesSomething } from "../../chat/name.ts";

/** A name that every IRC client takes for a channel's. */
export interface ChannelName {
  /** In NFC: what everybody is shown. */
  readonly shown: string;
  /** Two names with one fold are the same channel. */
  readonly fold: string;
}

/** Why a text names no channel. */
export type ChannelNameFault = "no-channel" | "forbidden-character" | "too-long";

/** The value of `CHANTYPES`. */
export const channelTypes = "#";

// BEL and the comma, which RFC 2812, section 1.3, forbids beside white space, the colon of its grammar, and the
// two characters of masks. Controls are invisible.
const forbidden = /[,:*?]/;

/**
 * The channel that `text` names: a `#` and at least one character more, all of them visible, with none that IRC's
 * lists and masks need for themselves: https://modern.ircdocs.horse/#channels
 *
 * @param maxCharacters how long it may be with its `#`, in code points
 */
export function parseChannelName(text: string, maxCharacters: number): ChannelName | ChannelNameFault {
  if (text.length < 2 || !channelTypes.includes(text[0]!)) return "no-channel";
  // A code point is at most two units, and NFC makes one of at most four.
  if (text.length > 8 * maxCharacters) return "too-long";
  const shown = text.normalize("NFC");
  if (forbidden.test(shown) || hidesSomething(shown.slice(1))) return "forbidden-character";
  if (Array.from(shown).length > maxCharacters) return "too-long";
  return { shown, fold: foldName(shown) };
}

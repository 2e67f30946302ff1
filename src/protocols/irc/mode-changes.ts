import { utf8Length } from "../../chat/text.ts";
import { type ChannelMode, channelModeType, isChannelMode, isUserMode, type UserMode } from "./modes.ts";

/** A mode that is set or taken away. */
export interface ModeChange<Mode extends string> {
  readonly mode: Mode;
  readonly adding: boolean;
  /** A mask, a key, a limit or a member's nick. */
  readonly param: string | undefined;
}

/** What one letter of a mode string asks for. */
export type ModeRequest<Mode extends string> =
  | ({ readonly kind: "change" } & ModeChange<Mode>)
  /** To be shown a list: the letter came without a mask. */
  | { readonly kind: "list"; readonly mode: Mode }
  /** To be answered by numeric 472 (501 for user modes). */
  | { readonly kind: "unknown"; readonly letter: string }
  /** What it needs was not given; it does nothing. */
  | { readonly kind: "incomplete"; readonly mode: Mode };

/**
 * What `MODE #channel <modestring> <params>` asks for, a letter at a time: https://modern.ircdocs.horse/#channel-mode.
 * Without a sign before it a letter adds. A key may be taken away without naming it.
 */
export function parseChannelModes(params: readonly string[]): readonly ModeRequest<ChannelMode>[] {
  const [letters = "", ...rest] = params;
  let next = 0;
  return signedLetters(letters).map(({ letter, adding }): ModeRequest<ChannelMode> => {
    if (!isChannelMode(letter)) return { kind: "unknown", letter };
    const type = channelModeType(letter);
    const takesParam = type === "setting-when-set" ? adding : type !== "flag";
    const param = takesParam ? rest[next] : undefined;
    if (!takesParam) return { kind: "change", mode: letter, adding, param };
    next += 1;
    if (param !== undefined && param !== "") return { kind: "change", mode: letter, adding, param };
    if (type === "list") return { kind: "list", mode: letter };
    if (type === "setting" && !adding) return { kind: "change", mode: letter, adding, param: undefined };
    return { kind: "incomplete", mode: letter };
  });
}

/** What `MODE nick <modestring>` asks for; none of these modes takes anything. */
export function parseUserModes(letters: string): readonly ModeRequest<UserMode>[] {
  return signedLetters(letters).map(({ letter, adding }): ModeRequest<UserMode> => {
    if (!isUserMode(letter)) return { kind: "unknown", letter };
    return { kind: "change", mode: letter, adding, param: undefined };
  });
}

/**
 * Changes in their order as the parameters of `MODE` after its target, `["+ov-b", "a", "b", "c"]`, on as many lines
 * as they need. The present modes of a channel are so many changes that add.
 *
 * @param limits `maxBytes` is what the parameters and the spaces between them may have; see `roomFor`
 */
export function formatModes(
  changes: readonly ModeChange<string>[],
  limits: { readonly maxParams: number; readonly maxBytes: number },
): readonly (readonly string[])[] {
  const lines: (readonly string[])[] = [];
  let line: ModeChange<string>[] = [];
  for (const change of changes) {
    const longer = formatLine([...line, change]);
    const fits = longer.length - 1 <= limits.maxParams && utf8Length(longer.join(" ")) <= limits.maxBytes;
    if (!fits && line.length > 0) {
      lines.push(formatLine(line));
      line = [];
    }
    line.push(change);
  }
  return line.length === 0 ? lines : [...lines, formatLine(line)];
}

function formatLine(changes: readonly ModeChange<string>[]): readonly string[] {
  let letters = "";
  let sign = "";
  const params: string[] = [];
  for (const { mode, adding, param } of changes) {
    const wanted = adding ? "+" : "-";
    letters += wanted === sign ? mode : wanted + mode;
    sign = wanted;
    if (param !== undefined) params.push(param);
  }
  return [letters, ...params];
}

function signedLetters(text: string): readonly { readonly letter: string; readonly adding: boolean }[] {
  const letters: { letter: string; adding: boolean }[] = [];
  let adding = true;
  for (const letter of text) {
    if (letter === "+" || letter === "-") adding = letter === "+";
    else letters.push({ letter, adding });
  }
  return letters;
}

import { foldName } from "../../chat/name.ts";

/** A mask made ready for matching: pieces of text in their fold, and what stands between them. */
export type Mask = readonly MaskPart[];
export type MaskPart =
  | { readonly kind: "one" }
  | { readonly kind: "many" }
  | { readonly kind: "text"; readonly fold: string };

/**
 * The mask in the form `nick!user@host` in which lists hold it: what is missing or empty is `*`, `**` says no more
 * than `*`, and a lone word is a nick.
 */
export function normalMask(text: string): string {
  const bang = text.indexOf("!");
  const at = text.indexOf("@", bang + 1);
  const name = at === -1 ? text : text.slice(0, at);
  const host = at === -1 ? "" : text.slice(at + 1);
  if (bang !== -1) return `${orAny(name.slice(0, bang))}!${orAny(name.slice(bang + 1))}@${orAny(host)}`;
  return at === -1 ? `${orAny(name)}!*@*` : `*!${orAny(name)}@${orAny(host)}`;
}

/**
 * Reads a mask: `*` stands for any number of characters, `?` for one, a `\` before either of them makes it a
 * character like others, and any other `\` is one: https://modern.ircdocs.horse/#wildcard-expressions
 */
export function parseMask(text: string): Mask {
  const parts: MaskPart[] = [];
  let piece = "";
  const endPiece = (): void => {
    if (piece !== "") parts.push({ kind: "text", fold: foldName(piece) });
    piece = "";
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    const next = text[at + 1];
    if (character === "*") {
      endPiece();
      if (parts.at(-1)?.kind !== "many") parts.push({ kind: "many" });
    } else if (character === "?") {
      endPiece();
      parts.push({ kind: "one" });
    } else if (character === "\\" && (next === "*" || next === "?")) {
      piece += next;
      at += 1;
    } else piece += character;
  }
  endPiece();
  return parts;
}

/**
 * Whether the whole of `subject` is as the mask has it, whatever the case. Where it is not, only the last `*` is
 * tried with more: what stands before it has matched as early as it can. So it takes at most as many steps as the
 * lengths of both make when multiplied, and never more, whatever they are.
 */
export function matchesMask(mask: Mask, subject: string): boolean {
  const text = foldName(subject);
  let at = 0;
  let index = 0;
  let afterMany: number | undefined;
  let retryAt = 0;
  for (;;) {
    const part = mask[index];
    if (part?.kind === "many") {
      index += 1;
      if (index === mask.length) return true;
      afterMany = index;
      retryAt = at;
      continue;
    }
    const end = part === undefined ? undefined : endOf(part, text, at);
    if (end !== undefined) {
      at = end;
      index += 1;
    } else if (part === undefined && at === text.length) return true;
    else if (afterMany === undefined || retryAt === text.length) return false;
    else {
      retryAt = afterCharacter(text, retryAt);
      at = retryAt;
      index = afterMany;
    }
  }
}

/** Where a part that begins at `at` ends, or `undefined` where it is not there. */
function endOf(part: Exclude<MaskPart, { kind: "many" }>, text: string, at: number): number | undefined {
  if (part.kind === "text") return text.startsWith(part.fold, at) ? at + part.fold.length : undefined;
  return at < text.length ? afterCharacter(text, at) : undefined;
}

function afterCharacter(text: string, at: number): number {
  return at + (text.codePointAt(at)! > 0xffff ? 2 : 1);
}

function orAny(part: string): string {
  return part === "" ? "*" : part.replace(/\*+/g, "*");
}

import { foldName } from "../chat/name.ts";

/** So many colours are told apart; the style sheet has a class for each. */
const hues = 12;

/** The class of the colour that somebody has, by whatever door he and whoever sees him comes. */
export function hueClass(name: string): string {
  let hash = 0;
  for (const character of foldName(name)) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0;
  return `hue-${((hash % hues) + hues) % hues}`;
}

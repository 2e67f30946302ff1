import { foldName } from "../../chat/name.ts";
import { withoutFormatting } from "../../protocols/irc/formatting.ts";

/** Whether a text names somebody, as a word of its own and in whatever case; its formatting is none of it. */
export function mentions(said: string, name: string): boolean {
  const folded = foldName(name);
  if (folded === "" || said.length < name.length) return false;
  const text = withoutFormatting(said);
  // Longer texts than names are not folded by `foldName`.
  const words = /^[ -~]*$/.test(text) ? text.toLowerCase() : text.normalize("NFKC").toLowerCase();
  for (let at = words.indexOf(folded); at !== -1; at = words.indexOf(folded, at + 1)) {
    const apart = /[\p{L}\p{N}\p{M}_]/u;
    const [before = ""] = words.slice(0, at).match(/.$/u) ?? [];
    const [after = ""] = words.slice(at + folded.length).match(/^./u) ?? [];
    if (!apart.test(before) && !apart.test(after)) return true;
  }
  return false;
}

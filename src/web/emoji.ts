let names: Promise<Readonly<Record<string, string>>> | undefined;

/** Emoji by their names, in a piece of script of its own that is fetched when they are first wanted. */
export function emojiNames(): Promise<Readonly<Record<string, string>>> {
  names ??= import("gemoji").then(({ nameToEmoji }) => nameToEmoji);
  return names;
}

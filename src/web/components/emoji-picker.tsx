import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { emojiNames } from "../emoji.ts";

/** So many are shown. */
const maxShown = 96;

/** Emoji to choose from, by a word of their names. */
export function EmojiPicker({
  pick,
  close,
}: {
  readonly pick: (emoji: string) => void;
  readonly close: () => void;
}): JSX.Element {
  const [names, setNames] = useState<Readonly<Record<string, string>> | undefined>(undefined);
  const [wanted, setWanted] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    void emojiNames().then(setNames);
    field.current?.focus();
  }, []);
  const word = wanted.trim().toLowerCase().replaceAll(" ", "_");
  const found = new Map<string, string>();
  // Names that are numbers come first in any object.
  const all = Object.entries(names ?? {}).sort(([one], [other]) => +/^\d/.test(one) - +/^\d/.test(other));
  for (const [name, emoji] of all) {
    if (found.size === maxShown) break;
    if (name.includes(word) && !found.has(emoji)) found.set(emoji, name);
  }
  return (
    <div
      class="picker"
      role="dialog"
      aria-label="Emoji"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        close();
      }}
    >
      <input
        ref={field}
        type="search"
        aria-label="Search emoji"
        placeholder="Search emoji"
        value={wanted}
        onInput={({ currentTarget }) => setWanted(currentTarget.value)}
        onKeyDown={(event) => {
          const [first] = found.keys();
          if (event.key !== "Enter" || first === undefined) return;
          event.preventDefault();
          pick(first);
        }}
      />
      <div class="grid" aria-busy={names === undefined}>
        {[...found].map(([emoji, name]) => (
          <button
            key={emoji}
            type="button"
            title={name.replaceAll("_", " ")}
            aria-label={name.replaceAll("_", " ")}
            onClick={() => pick(emoji)}
          >
            {emoji}
          </button>
        ))}
      </div>
      {names !== undefined && found.size === 0 && <p>There is none of that name.</p>}
    </div>
  );
}

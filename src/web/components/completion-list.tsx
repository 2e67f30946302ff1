import type { JSX } from "preact";
import type { Completion } from "../../client/state/completion.ts";
import { findCommand } from "../../protocols/line/commands.ts";

/** So many are shown. */
const maxShown = 8;

/** What can stand in place of the word that is typed. The focus stays in the message box. */
export function CompletionList({
  id,
  completion: { choices, chosen },
  emoji,
  choose,
}: {
  readonly id: string;
  readonly completion: Completion;
  /** By their names. */
  readonly emoji: Readonly<Record<string, string>>;
  readonly choose: (index: number) => void;
}): JSX.Element {
  const first = Math.max(0, Math.min(chosen - maxShown + 1, choices.length - maxShown));
  return (
    <ul id={id} class="completions" role="listbox" aria-label="Completions">
      {choices.slice(first, first + maxShown).map((choice, offset) => {
        const index = first + offset;
        const about = choice.startsWith("/")
          ? findCommand(choice.slice(1).trim())?.summary
          : Object.keys(emoji).find((name) => emoji[name] === choice);
        return (
          <li
            key={choice}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === chosen}
            onMouseDown={(event) => {
              event.preventDefault();
              choose(index);
            }}
          >
            <bdi>{choice.trimEnd()}</bdi>
            {about !== undefined && <span class="about">{about}</span>}
          </li>
        );
      })}
    </ul>
  );
}

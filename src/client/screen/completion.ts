import type { Completion } from "../state/completion.ts";
import { type Editor, replace } from "./editor.ts";

/** The editor with the next choice (or the one before), and where that stands. */
export function choose(editor: Editor, completion: Completion, by: 1 | -1): readonly [Editor, Completion] {
  const { choices, from, to } = completion;
  const start = completion.chosen === -1 && by === -1 ? 0 : completion.chosen;
  const chosen = (start + by + choices.length) % choices.length;
  const text = choices[chosen] ?? "";
  return [replace(editor, from, to, text), { ...completion, chosen, to: from + text.length }];
}

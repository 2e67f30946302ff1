import { segments } from "./cells.ts";
import type { Key } from "./keys.ts";

/** A text that is being typed. A value: every change makes a new one. */
export interface Editor {
  readonly text: string;
  /** In UTF-16 units; always between two glyphs. */
  readonly cursor: number;
  /** What was killed, the newest last. */
  readonly killed: readonly string[];
  /** What was entered before, the newest last. */
  readonly history: readonly string[];
  /** Where in the history we are, and what was typed before going there. */
  readonly recalled: { readonly at: number; readonly draft: string } | undefined;
  /** What was there before, the newest last. */
  readonly past: readonly { readonly text: string; readonly cursor: number }[];
  /** What the last key did, where the next one of its kind goes on with it. */
  readonly last: "kill" | "type" | { readonly yankedFrom: number; readonly kill: number } | undefined;
}

const maxKilled = 30;
const maxHistory = 500;
const maxPast = 100;

export const emptyEditor: Editor = {
  text: "",
  cursor: 0,
  killed: [],
  history: [],
  recalled: undefined,
  past: [],
  last: undefined,
};

/** The editor after a key, or `undefined` where it means nothing to it. */
export function edit(editor: Editor, key: Key): Editor | undefined {
  if (key.kind === "text" || key.kind === "paste") return insert(editor, key.text, key.kind === "text");
  if (key.kind !== "key") return undefined;
  return actions[key.name]?.(editor);
}

/** With this text at the cursor. `typed`: it is undone together with what was typed before it. */
export function insert(editor: Editor, text: string, typed = false): Editor {
  const joins = typed && editor.last === "type";
  const next = replace(editor, editor.cursor, editor.cursor, text);
  return { ...next, past: joins ? editor.past : next.past, last: typed ? "type" : undefined };
}

/** With `text` in place of what stands from `from` to `to`, and the cursor behind it. */
export function replace(editor: Editor, from: number, to: number, text: string): Editor {
  return {
    ...editor,
    text: editor.text.slice(0, from) + text + editor.text.slice(to),
    cursor: from + text.length,
    past: [...editor.past, { text: editor.text, cursor: editor.cursor }].slice(-maxPast),
    last: undefined,
  };
}

/** Empty, and what stood there remembered, unless it is to be forgotten. */
export function entered(
  editor: Editor,
  { forgets }: { readonly forgets: boolean } = { forgets: false },
): Editor {
  const { text, history, killed } = editor;
  const isNew = text !== "" && history.at(-1) !== text && !forgets;
  return {
    ...emptyEditor,
    history: isNew ? [...history, text].slice(-maxHistory) : history,
    killed: forgets ? [] : killed,
  };
}

/** With this text in place of all. */
export function withText(editor: Editor, text: string): Editor {
  return replace(editor, 0, editor.text.length, text);
}

type Action = (editor: Editor) => Editor;

const actions: Readonly<Record<string, Action>> = {
  left: (editor) => moved(editor, before(editor)),
  right: (editor) => moved(editor, after(editor)),
  "ctrl-b": (editor) => moved(editor, before(editor)),
  "ctrl-f": (editor) => moved(editor, after(editor)),
  "alt-b": (editor) => moved(editor, wordBefore(editor)),
  "alt-f": (editor) => moved(editor, wordAfter(editor)),
  "ctrl-left": (editor) => moved(editor, wordBefore(editor)),
  "ctrl-right": (editor) => moved(editor, wordAfter(editor)),
  "alt-left": (editor) => moved(editor, wordBefore(editor)),
  "alt-right": (editor) => moved(editor, wordAfter(editor)),
  home: (editor) => moved(editor, lineStart(editor)),
  end: (editor) => moved(editor, lineEnd(editor)),
  "ctrl-a": (editor) => moved(editor, lineStart(editor)),
  "ctrl-e": (editor) => moved(editor, lineEnd(editor)),
  up: (editor) => vertical(editor, -1),
  down: (editor) => vertical(editor, 1),
  "ctrl-p": (editor) => recall(editor, -1),
  "ctrl-n": (editor) => recall(editor, 1),
  backspace: (editor) => erase(editor, before(editor), editor.cursor),
  delete: (editor) => erase(editor, editor.cursor, after(editor)),
  "ctrl-d": (editor) => erase(editor, editor.cursor, after(editor)),
  "ctrl-w": (editor) => kill(editor, blankBefore(editor), editor.cursor),
  "alt-backspace": (editor) => kill(editor, wordBefore(editor), editor.cursor),
  "alt-d": (editor) => kill(editor, editor.cursor, wordAfter(editor)),
  "ctrl-u": (editor) => kill(editor, lineStart(editor), editor.cursor),
  "ctrl-k": (editor) =>
    kill(editor, editor.cursor, Math.max(lineEnd(editor), after(editor) * endsHere(editor))),
  "ctrl-y": yank,
  "alt-y": yankOlder,
  "ctrl-t": transpose,
  "ctrl-_": undo,
  "alt-enter": (editor) => insert(editor, "\n"),
  "ctrl-j": (editor) => insert(editor, "\n"),
};

function moved(editor: Editor, cursor: number): Editor {
  return { ...editor, cursor, last: undefined };
}

function erase(editor: Editor, from: number, to: number): Editor {
  return from === to ? editor : { ...replace(editor, from, to, ""), cursor: from };
}

/** Kills that follow each other are one. */
function kill(editor: Editor, from: number, to: number): Editor {
  if (from === to) return editor;
  const piece = editor.text.slice(from, to);
  const newest = editor.killed.at(-1);
  const killed =
    editor.last === "kill" && newest !== undefined
      ? [...editor.killed.slice(0, -1), to === editor.cursor ? piece + newest : newest + piece]
      : [...editor.killed, piece].slice(-maxKilled);
  return { ...erase(editor, from, to), killed, last: "kill" };
}

function yank(editor: Editor): Editor {
  const at = editor.killed.length - 1;
  const piece = editor.killed[at];
  if (piece === undefined) return editor;
  return { ...insert(editor, piece), last: { yankedFrom: editor.cursor, kill: at } };
}

function yankOlder(editor: Editor): Editor {
  const { last, killed } = editor;
  if (typeof last !== "object") return editor;
  const at = (last.kill - 1 + killed.length) % killed.length;
  const next = replace(editor, last.yankedFrom, editor.cursor, killed[at] ?? "");
  return { ...next, last: { yankedFrom: last.yankedFrom, kill: at } };
}

function transpose(editor: Editor): Editor {
  const end = editor.cursor === editor.text.length ? editor.cursor : after(editor);
  const middle = before({ ...editor, cursor: end });
  const start = before({ ...editor, cursor: middle });
  if (start === middle) return editor;
  const { text } = editor;
  return replace(editor, start, end, text.slice(middle, end) + text.slice(start, middle));
}

function undo(editor: Editor): Editor {
  const earlier = editor.past.at(-1);
  if (earlier === undefined) return editor;
  return { ...editor, ...earlier, past: editor.past.slice(0, -1), last: undefined };
}

/** To the line above or below, or, where there is none, through what was entered before. */
function vertical(editor: Editor, by: -1 | 1): Editor {
  const start = lineStart(editor);
  const column = editor.cursor - start;
  if (by === -1) {
    if (start === 0) return recall(editor, -1);
    const above = lineStart({ ...editor, cursor: start - 1 });
    return onto(editor, above, Math.min(above + column, start - 1));
  }
  const end = lineEnd(editor);
  if (end === editor.text.length) return recall(editor, 1);
  return onto(editor, end + 1, Math.min(end + 1 + column, lineEnd({ ...editor, cursor: end + 1 })));
}

/** At `wanted`, or before the glyph that it is in the middle of. */
function onto(editor: Editor, start: number, wanted: number): Editor {
  let cursor = start;
  for (const { length } of segments(editor.text.slice(start, wanted + 32))) {
    if (cursor + length > wanted) break;
    cursor += length;
  }
  return moved(editor, cursor);
}

function recall(editor: Editor, by: -1 | 1): Editor {
  const { history, recalled, text } = editor;
  const at = (recalled?.at ?? history.length) + by;
  if (at < 0 || at > history.length) return editor;
  const draft = recalled?.draft ?? text;
  const shown = at === history.length ? draft : (history[at] ?? "");
  return {
    ...withText(editor, shown),
    recalled: at === history.length ? undefined : { at, draft },
  };
}

function lineStart({ text, cursor }: Editor): number {
  return cursor === 0 ? 0 : text.lastIndexOf("\n", cursor - 1) + 1;
}

function lineEnd({ text, cursor }: Editor): number {
  const end = text.indexOf("\n", cursor);
  return end === -1 ? text.length : end;
}

/** 1 where the cursor is at the end of its line: then it is the line's end that is killed. */
function endsHere(editor: Editor): 0 | 1 {
  return lineEnd(editor) === editor.cursor ? 1 : 0;
}

function before({ text, cursor }: Editor): number {
  const start = lineStart({ ...emptyEditor, text, cursor });
  if (start === cursor) return Math.max(0, cursor - 1);
  return cursor - (segments(text.slice(start, cursor)).at(-1)?.length ?? 0);
}

function after({ text, cursor }: Editor): number {
  const end = lineEnd({ ...emptyEditor, text, cursor });
  if (end === cursor) return Math.min(text.length, cursor + 1);
  return cursor + (segments(text.slice(cursor, end))[0]?.length ?? 0);
}

function wordBefore({ text, cursor }: Editor): number {
  return text.slice(0, cursor).search(/[\p{L}\p{N}\p{M}_]*[^\p{L}\p{N}\p{M}_]*$/u);
}

function wordAfter({ text, cursor }: Editor): number {
  const [skipped = ""] = /^[^\p{L}\p{N}\p{M}_]*[\p{L}\p{N}\p{M}_]*/u.exec(text.slice(cursor)) ?? [];
  return cursor + skipped.length;
}

function blankBefore({ text, cursor }: Editor): number {
  return text.slice(0, cursor).search(/\S*\s*$/);
}

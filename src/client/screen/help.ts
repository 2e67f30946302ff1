import { wrap } from "./wrap.ts";

/** Every key, as the help lists them. */
const keys: readonly (readonly [string, string])[] = [
  ["Enter", "send; several lines are one message"],
  ["Alt-Enter, Ctrl-J", "a new line"],
  ["Tab, Shift-Tab", "complete a command, a name, an emoji (:smi)"],
  ["Up, Down", "between lines, and what was sent before"],
  ["Ctrl-Left/Right, Alt-B/F", "by words"],
  ["Home/End, Ctrl-A/E", "to the line's ends"],
  ["Ctrl-W, Alt-D", "kill the word before, after"],
  ["Ctrl-U, Ctrl-K", "kill to the beginning, to the end"],
  ["Ctrl-Y, Alt-Y", "yank what was killed, something older"],
  ["Ctrl-T, Ctrl-_", "exchange two characters, undo"],
  ["PageUp, PageDown, wheel", "scroll, further back than what is here"],
  ["Ctrl-Home, Ctrl-End", "the oldest that is here, the newest"],
  ["Ctrl-R, Ctrl-S", "search older, newer"],
  ["/search words", "find in all history; Up, Down, Enter goes there"],
  ["Alt-1 … Alt-9", "to the room with that number"],
  ["Alt-J, Alt-K", "to the next room, the one before"],
  ["Alt-A", "to a room with something new, mentions first"],
  ["Alt-I", "into the room that one was invited to"],
  ["Alt-Up, Alt-Down", "choose a message; Enter replies to it"],
  ["Alt-E", "edit the last message that was refused"],
  ["Alt-N", "to the mark of what is new"],
  ["Alt-P", "show or hide who is here"],
  ["Escape", "leave this, back to the newest"],
  ["Ctrl-L", "draw the screen anew"],
  ["Ctrl-Z", "suspend"],
  ["Ctrl-C, Ctrl-D", "clear the input; in an empty one: leave"],
  ["/help", "the commands"],
];

/** The help in rows of no more than so many columns. */
export function helpRows(columns: number): readonly string[] {
  const wide = columns >= 70;
  const left = Math.max(...keys.map(([key]) => key.length));
  const rows = keys.flatMap(([key, what]) =>
    wide ? [`  ${key.padEnd(left)}  ${what}`] : [key, `  ${what}`],
  );
  return ["Keys (Up and Down scroll, any other key closes)", "", ...rows].flatMap((row) =>
    wrap(row, columns),
  );
}

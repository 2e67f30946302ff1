import { printable } from "../../chat/text.ts";
import { type Glyph, glyph, segments } from "./cells.ts";
import type { Editor } from "./editor.ts";

export interface InputRows {
  readonly rows: readonly string[];
  readonly cursor: { readonly row: number; readonly column: number };
  /** How many rows there are above and below those. */
  readonly hidden: { readonly above: number; readonly below: number };
}

/** What is being typed, in rows of at most `columns` columns: at most `maxRows` of them, around the cursor. */
export function inputRows(editor: Editor, columns: number, maxRows: number): InputRows {
  const rows = [""];
  let taken = 0;
  let at = 0;
  let cursor = { row: 0, column: 0 };
  for (const segment of segments(editor.text)) {
    const shown = shownGlyph(segment);
    const breaks = segment === "\n";
    // The cursor has a column of its own behind the last glyph.
    if (!breaks && taken + shown.columns > columns - 1) {
      rows.push("");
      taken = 0;
    }
    if (at === editor.cursor) cursor = { row: rows.length - 1, column: taken };
    at += segment.length;
    if (breaks) {
      rows.push("");
      taken = 0;
    } else {
      rows[rows.length - 1] += shown.text;
      taken += shown.columns;
    }
  }
  if (editor.cursor >= at) cursor = { row: rows.length - 1, column: taken };
  const first = Math.max(0, Math.min(cursor.row - maxRows + 1, rows.length - maxRows));
  const shown = rows.slice(first, first + maxRows);
  return {
    rows: shown,
    cursor: { row: cursor.row - first, column: cursor.column },
    hidden: { above: first, below: rows.length - first - shown.length },
  };
}

function shownGlyph(segment: string): Glyph {
  if (segment === "\n" || segment === "\t") return { text: " ", columns: 1 };
  return printable(segment) === segment ? glyph(segment) : { text: "\uFFFD", columns: 1 };
}

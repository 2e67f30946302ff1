import type { Completion } from "../state/completion.ts";
import { Place } from "../state/place.ts";
import { type Editor, emptyEditor, withText } from "./editor.ts";
import type { Anchor } from "./viewport.ts";

/** A room on the screen. */
export class ScreenPlace extends Place {
  editor: Editor = emptyEditor;
  completion: Completion | undefined;
  anchor: Anchor;

  get draft(): string {
    return this.editor.text;
  }

  set draft(text: string) {
    this.editor = withText(this.editor, text);
  }
}

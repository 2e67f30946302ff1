import type { ReadStream, WriteStream } from "node:tty";
import { printable } from "../../chat/text.ts";
import type { Frame, Size } from "./frame.ts";
import { type Key, KeyParser } from "./keys.ts";

export interface TerminalEvents {
  key(key: Key): void;
  /** All keys of a chunk were told. */
  keysEnd(): void;
  resized(): void;
  /** The terminal is gone. */
  lost(): void;
}

/** A key that is a part of a sequence comes within it of the part before. */
const escapeMs = 40;

const keepTitle = "\x1B[22;0t";
// Alternate screen, no wrapping at the margin, bracketed paste, focus.
const enter = "\x1B[?1049h\x1B[?7l\x1B[?2004h\x1B[?1004h\x1B[2J";
const leave =
  "\x1B[?2026l\x1B[?1006l\x1B[?1000l\x1B[?1004l\x1B[?2004l\x1B[?7h\x1B[0m\x1B[?25h\x1B[?1049l\x1B[23;0t";
const mouseOn = "\x1B[?1000h\x1B[?1006h";
const askBackground = "\x1B]11;?\x1B\\";

/**
 * Owns the terminal while it is open: it is put into a state for a full screen, drawn on, and put back as it was.
 * `close` and `open` may be called at any time and in any order; both have done their work when they return.
 */
export class ScreenTerminal {
  readonly #input: ReadStream;
  readonly #output: WriteStream;
  readonly #events: TerminalEvents;
  readonly #mouse: boolean;
  readonly #parser = new KeyParser();
  #open = false;
  #shown: readonly string[] = [];
  #cursor = "";
  #escape: NodeJS.Timeout | undefined;
  #title = "";

  constructor(
    streams: { readonly input: ReadStream; readonly output: WriteStream; readonly mouse: boolean },
    events: TerminalEvents,
  ) {
    this.#input = streams.input;
    this.#output = streams.output;
    this.#mouse = streams.mouse;
    this.#events = events;
    this.#input.setEncoding("utf8");
    this.#input.on("data", (chunk: string) => this.#read(chunk));
    this.#input.on("end", () => events.lost());
    this.#input.on("error", () => events.lost());
    this.#output.on("error", () => events.lost());
    this.#output.on("resize", () => {
      this.redraw();
      events.resized();
    });
  }

  get size(): Size {
    return { columns: Math.max(10, this.#output.columns || 80), rows: Math.max(3, this.#output.rows || 24) };
  }

  open(): void {
    this.#input.setRawMode(true);
    this.#input.resume();
    // Who was stopped without warning is still here, and has put the title aside already.
    if (!this.#open) this.#output.write(keepTitle);
    this.#output.write(enter + (this.#mouse ? mouseOn : "") + askBackground);
    this.#open = true;
    this.redraw();
    this.#title = "";
  }

  /** Puts the terminal back. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    clearTimeout(this.#escape);
    this.#output.write(leave);
    try {
      this.#input.setRawMode(false);
    } catch {
      // The terminal is gone.
    }
    this.#input.pause();
  }

  /** What is on the screen is not known any more: the next frame is drawn as a whole. */
  redraw(): void {
    this.#shown = [];
    this.#cursor = "";
  }

  /** Makes the screen show this: only rows that changed are written, in one piece. */
  draw(frame: Frame): void {
    if (!this.#open) return;
    let changes = this.#shown.length === 0 ? "\x1B[2J" : "";
    for (const [index, row] of frame.rows.entries()) {
      if (this.#shown[index] === row && this.#shown.length > 0) continue;
      changes += `\x1B[${index + 1};1H\x1B[K${row}`;
    }
    const cursor = `\x1B[${frame.cursor.row + 1};${frame.cursor.column + 1}H`;
    if (changes === "" && cursor === this.#cursor) return;
    this.#shown = frame.rows;
    this.#cursor = cursor;
    this.#output.write(
      changes === "" ? cursor : `\x1B[?2026h\x1B[?25l${changes}${cursor}\x1B[?25h\x1B[?2026l`,
    );
  }

  title(text: string): void {
    if (!this.#open || this.#title === text) return;
    this.#title = text;
    this.#output.write(`\x1B]2;${printable(text)}\x07`);
  }

  /** A notification of the terminal (OSC 9). */
  notify(text: string): void {
    if (this.#open) this.#output.write(`\x1B]9;${printable(text)}\x07`);
  }

  bell(): void {
    if (this.#open) this.#output.write("\x07");
  }

  #read(chunk: string): void {
    clearTimeout(this.#escape);
    this.#hand(this.#parser.push(chunk));
    if (this.#parser.waiting) this.#escape = setTimeout(() => this.#hand(this.#parser.flush()), escapeMs);
  }

  #hand(keys: readonly Key[]): void {
    if (!this.#open || keys.length === 0) return;
    for (const key of keys) this.#events.key(key);
    this.#events.keysEnd();
  }
}

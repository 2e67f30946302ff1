import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from "node:readline";
import type { ReadStream, WriteStream } from "node:tty";
import { holdsPassword } from "../protocols/line/commands.ts";
import type { LineScreen, TypedLines } from "./typed-lines.ts";

/** Readline keeps how many rows above the cursor its line began when it last drew it, and goes up so far to redraw. */
interface MeasuredInterface extends Interface {
  prevRows?: number;
}

/**
 * A terminal with a line at the bottom that is being typed while others arrive above it. Lines are edited, and
 * remembered, as `node:readline` does it.
 */
export class TerminalScreen implements LineScreen {
  readonly #output: WriteStream;
  readonly #typed: TypedLines;
  readonly #readline: MeasuredInterface;
  readonly #resized = (): void => this.#resize();
  #prompt = "";
  #open = true;

  constructor(streams: { readonly input: ReadStream; readonly output: WriteStream }, typed: TypedLines) {
    this.#output = streams.output;
    this.#typed = typed;
    // Before readline's own listener, which redraws and has to know where the line begins.
    this.#output.on("resize", this.#resized);
    this.#output.on("error", () => this.#typed.lost());
    const { input, output } = streams;
    this.#readline = createInterface({ input, output, terminal: true, prompt: "" });
    this.#readline.on("history", forgetPasswords);
    this.#readline.on("line", (text) => this.#entered(text));
    this.#readline.on("SIGINT", () => this.#typed.interrupt());
    this.#readline.on("close", () => {
      if (!this.#open) return;
      this.close();
      this.#typed.end();
    });
  }

  print(lines: string): void {
    if (!this.#open) {
      this.#output.write(lines);
      return;
    }
    this.#erase();
    this.#output.write(lines);
    this.#draw();
  }

  question(text: string): void {
    this.prompt(text);
  }

  prompt(text: string): void {
    if (!this.#open) return;
    this.#erase();
    this.#prompt = text;
    this.#readline.setPrompt(this.#prompt);
    this.#draw();
  }

  close(): void {
    if (!this.#open) return;
    this.#erase();
    this.#open = false;
    this.#output.off("resize", this.#resized);
    this.#readline.close();
  }

  #entered(text: string): void {
    void this.#typed.line(text);
    this.#draw();
  }

  /** Takes the line that is being typed off the screen, and leaves the cursor where it began. */
  #erase(): void {
    if (!this.#shown) return;
    const { rows } = this.#readline.getCursorPos();
    if (rows > 0) moveCursor(this.#output, 0, -rows);
    cursorTo(this.#output, 0);
    clearScreenDown(this.#output);
    this.#startsHere(0);
  }

  /** Puts the line that is being typed, and the cursor in it, below what was printed. */
  #draw(): void {
    if (this.#shown) this.#readline.prompt(true);
  }

  get #shown(): boolean {
    return this.#open && (this.#prompt !== "" || this.#readline.line !== "");
  }

  /**
   * Some terminals wrap anew what is on the screen, others do not, and none tells. Readline moves up to where the
   * line begins before it redraws: going up too little leaves a piece of the line standing, too much would take
   * away what others said. So it goes the shorter of the two ways.
   */
  #resize(): void {
    this.#startsHere(Math.min(this.#readline.prevRows ?? 0, this.#readline.getCursorPos().rows));
  }

  /** Tells readline that the line that is typed begins so many rows above the cursor. */
  #startsHere(rowsAbove: number): void {
    this.#readline.prevRows = rowsAbove;
  }
}

/** Readline's list, the newest first, which it lets be changed. */
function forgetPasswords(history: string[]): void {
  if (holdsPassword(history[0] ?? "")) history.shift();
}

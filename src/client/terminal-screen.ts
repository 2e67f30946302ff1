import { clearScreenDown, createInterface, cursorTo, type Interface, moveCursor } from "node:readline";
import { Writable } from "node:stream";
import type { ReadStream, WriteStream } from "node:tty";
import { holdsPassword } from "../protocols/line/commands.ts";
import type { LineScreen, TypedLines } from "./typed-lines.ts";

/** Readline keeps how many rows above the cursor its line began when it last drew it, and goes up so far to redraw. */
interface MeasuredInterface extends Interface {
  prevRows?: number;
}

/** A terminal as readline sees it, which can be made not to show what is typed. */
class Echo extends Writable {
  isMuted = false;
  readonly #output: WriteStream;

  constructor(output: WriteStream) {
    super();
    this.#output = output;
    output.on("resize", () => this.emit("resize"));
  }

  get columns(): number {
    return this.#output.columns;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    if (!this.isMuted) this.#output.write(chunk);
    done();
  }
}

/**
 * A terminal with a line at the bottom that is being typed while others arrive above it. Lines are edited, and
 * remembered, as `node:readline` does it.
 */
export class TerminalScreen implements LineScreen {
  readonly #output: WriteStream;
  readonly #typed: TypedLines;
  readonly #readline: MeasuredInterface;
  readonly #echo: Echo;
  readonly #resized = (): void => this.#resize();
  #prompt = "";
  /** What asks for the secret that is being typed. */
  #secret = "";
  #open = true;

  constructor(streams: { readonly input: ReadStream; readonly output: WriteStream }, typed: TypedLines) {
    this.#output = streams.output;
    this.#typed = typed;
    // Before readline's own listener, which redraws and has to know where the line begins.
    this.#output.on("resize", this.#resized);
    this.#output.on("error", () => this.#typed.lost());
    const { input, output } = streams;
    this.#echo = new Echo(output);
    this.#readline = createInterface({ input, output: this.#echo, terminal: true, prompt: "" });
    this.#readline.on("history", (history) => {
      if (this.#echo.isMuted || holdsPassword(history[0] ?? "")) history.shift();
    });
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

  question(text: string, { isSecret = false } = {}): void {
    this.prompt(isSecret ? "" : text);
    if (!isSecret || !this.#open) return;
    this.#secret = text;
    this.#echo.isMuted = true;
    this.#output.write(text);
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
    if (this.#echo.isMuted) {
      this.#echo.isMuted = false;
      this.#secret = "";
      this.#output.write("\n");
    }
    void this.#typed.line(text);
    this.#draw();
  }

  /** Takes the line that is being typed off the screen, and leaves the cursor where it began. */
  #erase(): void {
    if (this.#echo.isMuted) {
      cursorTo(this.#output, 0);
      clearScreenDown(this.#output);
      return;
    }
    if (!this.#shown) return;
    const { rows } = this.#readline.getCursorPos();
    if (rows > 0) moveCursor(this.#output, 0, -rows);
    cursorTo(this.#output, 0);
    clearScreenDown(this.#output);
    this.#startsHere(0);
  }

  /** Puts the line that is being typed, and the cursor in it, below what was printed. */
  #draw(): void {
    if (this.#echo.isMuted) this.#output.write(this.#secret);
    else if (this.#shown) this.#readline.prompt(true);
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

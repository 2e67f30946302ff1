import type { TestContext } from "node:test";
import { type IPty, spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";
import { wideEmoji } from "./wide-emoji.ts";

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
}

type Cell = NonNullable<
  ReturnType<NonNullable<ReturnType<xterm.Terminal["buffer"]["active"]["getLine"]>>["getCell"]>
>;

/** In words, with colours by their numbers of the 256, or as six hexadecimal digits. */
function looksOfCell(cell: Cell): string {
  const colour = (isRgb: boolean, value: number): string =>
    isRgb ? `#${value.toString(16).padStart(6, "0")}` : String(value);
  return [
    ...(cell.isBold() ? ["bold"] : []),
    ...(cell.isItalic() ? ["italic"] : []),
    ...(cell.isUnderline() ? ["underline"] : []),
    ...(cell.isStrikethrough() ? ["strikethrough"] : []),
    ...(cell.isInverse() ? ["reverse"] : []),
    ...(cell.isFgDefault() ? [] : [colour(cell.isFgRGB(), cell.getFgColor())]),
    ...(cell.isBgDefault() ? [] : [`on ${colour(cell.isBgRGB(), cell.getBgColor())}`]),
  ].join(" ");
}

/** A program in a real pseudo-terminal, and what its screen shows. */
export class Terminal {
  readonly exit: Promise<number>;
  /** Every byte that the program wrote. */
  raw = "";
  readonly #pty: IPty;
  readonly #screen: InstanceType<typeof xterm.Terminal>;
  #waiting: (() => void)[] = [];
  #exited = false;

  constructor(context: TestContext, command: readonly string[], options: TerminalOptions = {}) {
    const { columns: cols = 80, rows = 24, env = {} } = options;
    const [file = "", ...args] = command;
    this.#screen = new xterm.Terminal({ cols, rows, scrollback: 1000, allowProposedApi: true });
    this.#screen.unicode.register(wideEmoji);
    this.#screen.unicode.activeVersion = wideEmoji.version;
    this.#pty = spawn(file, args, {
      cols,
      rows,
      env: { ...process.env, TERM: "xterm-256color", ...env },
    });
    this.#pty.onData((data) => {
      this.raw += data;
      this.#screen.write(data, () => this.#changed());
    });
    this.exit = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode }) => {
        this.#exited = true;
        this.#screen.write("", () => {
          this.#changed();
          resolve(exitCode);
        });
      });
    });
    context.after(() => {
      if (!this.#exited) this.#pty.kill("SIGKILL");
    });
  }

  type(keys: string): void {
    this.#pty.write(keys);
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** Goes away, as a window that is closed. */
  hangUp(): void {
    // Not in the type, but what its own documentation tells to call.
    (this.#pty as IPty & { destroy(): void }).destroy();
  }

  resize(columns: number, rows: number): void {
    this.#screen.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  /** The rows from the first to the last that holds something, scrolled-off ones included; wrapped rows are apart. */
  get rows(): string[] {
    const { active } = this.#screen.buffer;
    const rows = Array.from(
      { length: active.length },
      (_, index) => active.getLine(index)?.translateToString(true).trimEnd() ?? "",
    );
    while (rows.at(-1) === "") rows.pop();
    return rows;
  }

  /** How the first place on the screen that shows this text looks, character by character. */
  looksOf(text: string): readonly string[] {
    const row = this.rows.findIndex((each) => each.includes(text));
    const line = this.#screen.buffer.active.getLine(row);
    if (line === undefined) return [];
    const start = this.rows[row]?.indexOf(text) ?? 0;
    const looks: string[] = [];
    let at = 0;
    for (let column = 0; at < start + text.length && column < line.length; column += 1) {
      const cell = line.getCell(column);
      // What is wide takes two columns, and stands in the first.
      if (cell === undefined || cell.getWidth() === 0) continue;
      if (at >= start) looks.push(looksOfCell(cell));
      at += cell.getChars().length || 1;
    }
    return looks;
  }

  /** Where the cursor is: the row as an index of `rows`, and the column from 0. */
  get cursor(): { readonly row: number; readonly column: number } {
    const { active } = this.#screen.buffer;
    return { row: active.baseY + active.cursorY, column: active.cursorX };
  }

  /**
   * Resolves when the screen is as `condition` says, which is asked between whole frames only. A client that comes
   * back may wait for half a minute.
   */
  async until(condition: (terminal: Terminal) => boolean, limitMs = 60_000): Promise<void> {
    const limit = AbortSignal.timeout(limitMs);
    while (this.#isHalfDrawn || !condition(this)) {
      if (limit.aborted) throw new Error(`The screen did not become so. It shows:\n${this.rows.join("\n")}`);
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
        limit.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  }

  async shows(text: string): Promise<void> {
    await this.until((terminal) => terminal.rows.some((row) => row.includes(text)));
  }

  /** A frame that is drawn in one piece may come in several. */
  get #isHalfDrawn(): boolean {
    return this.#screen.modes.synchronizedOutputMode && !this.#exited;
  }

  #changed(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

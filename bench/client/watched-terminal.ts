import { type IPty, spawn } from "@lydell/node-pty";
import xterm from "@xterm/headless";

interface Chunk {
  readonly at: number;
  readonly data: string;
}

const size = { cols: 100, rows: 30 } as const;
const limitMs = 30_000;
const politeMs = 3000;
const running = new Set<IPty>();

process.on("exit", () => {
  for (const program of running) program.kill("SIGKILL");
});

/**
 * A program in a pseudo-terminal of 100 by 30. What it writes is only noted, with its time; it becomes a screen when
 * somebody looks, so that a measurement is not disturbed by that.
 */
export class WatchedTerminal {
  readonly startedAt: number;
  /** How much the program has written. */
  written = 0;
  readonly #pty: IPty;
  readonly #screen = new xterm.Terminal({ ...size, allowProposedApi: true });
  readonly #exited: Promise<void>;
  #pending: Chunk[] = [];
  /** When what the screen shows was written. */
  #shownAt = 0;
  #wake = (): void => undefined;

  constructor(command: readonly string[], environment: Readonly<Record<string, string | undefined>>) {
    const [file = "", ...args] = command;
    this.startedAt = performance.now();
    this.#pty = spawn(file, args, { ...size, env: { ...environment, TERM: "xterm-256color" } });
    running.add(this.#pty);
    this.#pty.onData((data) => {
      this.written += data.length;
      this.#pending.push({ at: performance.now(), data });
      this.#wake();
    });
    this.#exited = new Promise((resolve) =>
      this.#pty.onExit(() => {
        running.delete(this.#pty);
        resolve();
      }),
    );
  }

  get pid(): number {
    return this.#pty.pid;
  }

  type(keys: string): void {
    this.#pty.write(keys);
  }

  /** When the program had written what made a row of the screen hold this text. */
  async showed(text: string): Promise<number> {
    const giveUpAt = performance.now() + limitMs;
    while (!this.#rows.some((row) => row.includes(text))) {
      const chunk = this.#pending.shift();
      if (chunk === undefined) {
        await this.#more(giveUpAt, `"${text}"`);
        continue;
      }
      await new Promise<void>((resolve) => this.#screen.write(chunk.data, resolve));
      this.#shownAt = chunk.at;
    }
    return this.#shownAt;
  }

  /** Milliseconds from pressing a key until it is written, where nothing else that is written holds it. */
  async echo(key: string): Promise<number> {
    const from = this.#pending.length;
    const pressedAt = performance.now();
    const giveUpAt = pressedAt + limitMs;
    this.#pty.write(key);
    for (let index = from; ; index += 1) {
      while (index >= this.#pending.length) await this.#more(giveUpAt, `the key ${key}`);
      const { at, data } = this.#pending[index]!;
      if (data.includes(key)) return at - pressedAt;
    }
  }

  /** Has the program end by these keys, and, where it does not, without asking. */
  async end(keys: string): Promise<void> {
    this.#pty.write(keys);
    const timer = setTimeout(() => this.#pty.kill("SIGKILL"), politeMs);
    await this.#exited;
    clearTimeout(timer);
    this.#screen.dispose();
  }

  async #more(giveUpAt: number, what: string): Promise<void> {
    const leftMs = giveUpAt - performance.now();
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve, reject) => {
      this.#wake = resolve;
      timer = setTimeout(() => {
        reject(new Error(`${what} did not appear. The screen:\n${this.#rows.join("\n")}`));
      }, leftMs);
    });
    clearTimeout(timer);
  }

  get #rows(): readonly string[] {
    const { active } = this.#screen.buffer;
    return Array.from(
      { length: size.rows },
      (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? "",
    );
  }
}

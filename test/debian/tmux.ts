import { spawnSync } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import type { Undoing } from "../support/cleanup.ts";

const patienceMs = 30_000;
const size = { columns: 180, rows: 60 };

/** A tmux of its own, without anybody's settings; each program is in a window as large as the screen. */
export class Tmux {
  readonly #socket = `roomful-${process.pid}`;

  constructor(undoing: Undoing) {
    undoing.after(() => this.run("kill-server"));
  }

  /** The output of a command of tmux; empty where it fails. */
  run(...args: readonly string[]): string {
    return spawnSync("tmux", ["-f", "/dev/null", "-L", this.#socket, ...args], { encoding: "utf8" }).stdout;
  }

  open(name: string, command: readonly string[], env: Readonly<Record<string, string>>): Screen {
    const { columns, rows } = size;
    const variables = Object.entries({ TERM: "screen-256color", LC_ALL: "C.UTF-8", TZ: "UTC", ...env });
    const quoted = ["env", ...variables.map(([key, value]) => `${key}=${value}`), ...command].map(
      (word) => `'${word.replaceAll("'", "'\\''")}'`,
    );
    const place = ["-s", name, "-x", String(columns), "-y", String(rows)];
    this.run("new-session", "-d", ...place, `${quoted.join(" ")}; exec sleep 600`);
    return new Screen(this, name);
  }
}

/** What one program shows. */
export class Screen {
  readonly #tmux: Tmux;
  readonly #target: string;

  constructor(tmux: Tmux, name: string) {
    this.#tmux = tmux;
    this.#target = `=${name}:`;
  }

  type(...lines: readonly string[]): void {
    for (const line of lines) {
      this.#tmux.run("send-keys", "-t", this.#target, "-l", "--", line);
      this.#tmux.run("send-keys", "-t", this.#target, "Enter");
    }
  }

  get text(): string {
    return this.#tmux.run("capture-pane", "-p", "-t", this.#target).trimEnd();
  }

  /** What stands below the last place where this is shown; all, where it is not. */
  below(mark: string): string {
    const { text } = this;
    return mark === "" ? text : text.slice(Math.max(0, text.lastIndexOf(mark)));
  }

  /** Whether it is shown within the time that one would wait. */
  async shows(expected: RegExp, mark = "", limitMs = patienceMs): Promise<boolean> {
    const limit = performance.now() + limitMs;
    while (!expected.test(this.below(mark))) {
      if (performance.now() > limit) return false;
      await setTimeout(50);
    }
    return true;
  }

  async mustShow(expected: RegExp): Promise<void> {
    if (!(await this.shows(expected)))
      throw new Error(`Waited in vain for ${String(expected)} in\n${this.text}`);
  }
}

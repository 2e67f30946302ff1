import assert from "node:assert/strict";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { LineClient } from "../support/line-client.ts";
import { repository } from "../support/server-process.ts";
import { assertScreenRestored, assertSettingsRestored, belowShell } from "./restored.ts";
import { messageRows, screenEnvironment } from "./screen-people.ts";
import { Terminal } from "./terminal.ts";

/** Somebody who lives in the room, by whichever door. */
export interface Resident {
  readonly name: string;
  /** What was shown of the conversation since the last time of coming in, in order, each as `Alice: hello`. */
  readonly shown: readonly string[];
  /** Whether that includes what was said by this one, in its place among the others. */
  readonly showsOwn: boolean;
  says(line: string): void;
  /** Resolves when such a line has been shown. */
  sees(line: string): Promise<void>;
}

/** All that is said in a life fits on one such screen, step by step. */
export const size = { columns: 110, rows: 50 };

/** Somebody at a terminal, in which a shell shows what our client leaves behind. */
abstract class AtTerminal implements Resident {
  readonly name: string;
  readonly #context: TestContext;
  readonly #env: Readonly<Record<string, string>>;
  #terminal: Terminal | undefined;

  constructor(context: TestContext, name: string) {
    this.name = name;
    this.#context = context;
    this.#env = screenEnvironment(context);
  }

  abstract readonly showsOwn: boolean;
  abstract get shown(): readonly string[];
  protected abstract readonly args: readonly string[];
  protected abstract readonly isIn: (terminal: Terminal) => boolean;
  protected abstract assertRestored(terminal: Terminal): void;

  get terminal(): Terminal {
    if (this.#terminal === undefined) throw new Error(`${this.name} has not come in yet`);
    return this.#terminal;
  }

  async comeIn(port: number): Promise<void> {
    const address = `${this.name}@127.0.0.1:${port}`;
    const program = [process.execPath, join(repository, "bin/roomful.js"), "join", ...this.args, address];
    this.#terminal = new Terminal(this.#context, belowShell(program), { ...size, env: this.#env });
    await this.terminal.until(this.isIn);
  }

  says(line: string): void {
    this.terminal.type(`${line}\r`);
  }

  async sees(line: string): Promise<void> {
    await this.terminal.until(() => this.shown.includes(line));
  }

  /** Leaves by a key, with nothing left unsaid. */
  async leave(key: "\u0003" | "\u0004"): Promise<void> {
    this.terminal.type(key);
    await this.terminal.exit;
    this.assertRestored(this.terminal);
  }
}

export class AtFullScreen extends AtTerminal {
  readonly showsOwn = true;
  protected readonly args = [];

  protected readonly isIn = ({ rows }: Terminal): boolean =>
    rows.some((row) => row.startsWith(" ● connected"));

  /** Of what fits on the screen, with who said it only where that is on it too. */
  get shown(): readonly string[] {
    let speaker = "";
    return messageRows(this.terminal).flatMap((row) => {
      const [, name = "", text] = /^(?:\d\d:\d\d| {5}) (.{12}) .[│┃] (.*)$/.exec(row) ?? [];
      if (text === undefined) return [];
      speaker = name.trim() === "" ? speaker : name.trim();
      // Behind what is written from right to left a mark ends that.
      return [`${speaker}: ${text.replace(/\u200e$/, "")}`];
    });
  }

  protected assertRestored(terminal: Terminal): void {
    assertScreenRestored(terminal, 0);
  }
}

export class AtPlainTerminal extends AtTerminal {
  readonly showsOwn = false;
  protected readonly args = ["--plain"];

  protected readonly isIn = ({ rows }: Terminal): boolean => rows.at(-1) === "You:";

  get shown(): readonly string[] {
    return saidIn(this.terminal.rows);
  }

  protected assertRestored(terminal: Terminal): void {
    assertSettingsRestored(terminal, 0);
  }
}

/** Somebody at netcat, or at what is as plain as that. */
export class AtNetcat implements Resident {
  readonly name: string;
  readonly showsOwn = false;
  #client: LineClient | undefined;

  constructor(context: TestContext, name: string) {
    this.name = name;
    context.after(() => this.#client?.close());
  }

  get client(): LineClient {
    if (this.#client === undefined) throw new Error(`${this.name} has not come in yet`);
    return this.#client;
  }

  get shown(): readonly string[] {
    return saidIn(this.client.received.split("\n"));
  }

  /** Resolves to the number of the last message that is shown to who comes in. */
  async comeIn(port: number): Promise<number> {
    this.#client = await LineClient.enter(port, this.name);
    const received = await this.client.settled();
    return Number(/--- end of history, up to #(\d+) ---/.exec(received)?.[1] ?? 0);
  }

  says(...lines: readonly string[]): void {
    this.client.send(...lines);
  }

  async sees(line: string): Promise<void> {
    await this.client.until(`] ${line}\n`);
  }

  /** All that was said after a number, which has to be numbered without holes. */
  async since(number: number): Promise<readonly string[]> {
    const { client } = this;
    client.send(`/since ${number}`);
    const block = new RegExp(`--- messages after #${number} ---\n([^]*?)--- end of history ---\n`);
    await client.until(block);
    const lines = (block.exec(client.received)?.[1] ?? "").trimEnd().split("\n");
    client.received = client.received.replace(block, "");
    return lines.map((line, index) => {
      const [, found, said = ""] = /^#(\d+) \[[\d:]+\] (.*)$/.exec(line) ?? [];
      assert.equal(Number(found), number + 1 + index, line);
      return said;
    });
  }
}

/** The messages of the room among the lines of the line door. */
function saidIn(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => /^\[\d\d:\d\d:\d\d\] (\w+: .*)$/.exec(line)?.[1] ?? []);
}

import { join } from "node:path";
import type { TestContext } from "node:test";
import { Terminal } from "../client/terminal.ts";
import { LineClient, timeless } from "./line-client.ts";
import { noConfigFolder } from "./server-process.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const program = join(import.meta.dirname, "../..", "bin/roomful.js");

/** The operator of a server that runs at his terminal. */
export class Operator {
  readonly terminal: Terminal;
  readonly port: number;

  private constructor(terminal: Terminal, port: number) {
    this.terminal = terminal;
    this.port = port;
  }

  static async start(context: TestContext): Promise<Operator> {
    const data = join(temporaryFolder(context), "data");
    const options = ["--host", "127.0.0.1", "--port", "0", "--data", data];
    const command = [process.execPath, program, "serve", ...options];
    const terminal = new Terminal(context, command, {
      columns: 120,
      env: { XDG_CONFIG_HOME: noConfigFolder },
    });
    await terminal.shows("TLS is spoken");
    const port = terminal.rows.find((row) => row.startsWith("Port: "))?.slice("Port: ".length);
    return new Operator(terminal, Number(port));
  }

  /** Somebody comes in, and the terminal shows it. */
  async admits(name: string): Promise<LineClient> {
    const person = await LineClient.enter(this.port, name);
    // The cursor below both lines: the end of a line may come after the line.
    await this.terminal.until(({ rows, cursor }) => {
      const joined = rows.findLastIndex((row) => row.includes(`[JOIN] ${name} joined`));
      return joined !== -1 && cursor.row > joined + 1;
    });
    return person;
  }

  /** Types a line; resolves when a row below it is `answer`. */
  async types(line: string, answer: string): Promise<void> {
    const { row } = this.terminal.cursor;
    this.terminal.type(`${line}\r`);
    await this.terminal.until(() => this.#shown(row + 1).includes(answer));
  }

  /** Types a line; resolves to the row below it, when there is one. */
  async asks(line: string): Promise<string | undefined> {
    const { row } = this.terminal.cursor;
    this.terminal.type(`${line}\r`);
    await this.terminal.until(({ cursor }) => cursor.row > row + 1);
    return this.#shown(row + 1)[0];
  }

  /** The whole terminal, with `PORT`, `ADDRESS` and `UNTIL` for what differs from time to time. */
  get screen(): readonly string[] {
    return this.#shown(0);
  }

  #shown(from: number): readonly string[] {
    return this.terminal.rows.slice(from).map((row) =>
      timeless(row)
        .replaceAll(/from 127\.0\.0\.1:\d+/g, "from ADDRESS")
        .replaceAll(/Rejected 127\.0\.0\.1:\d+/g, "Rejected ADDRESS")
        .replaceAll(/^ {2}(?:[\dA-F]{2}:?){16}$/g, "  FINGERPRINT")
        .replaceAll(/until \d{4}-\d\d-\d\dT[\d:.]+Z/g, "until UNTIL")
        .replaceAll(String(this.port), "PORT"),
    );
  }
}

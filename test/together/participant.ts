import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { screenEnvironment, statusRow } from "../client/screen-people.ts";
import { Terminal } from "../client/terminal.ts";
import { plain } from "../irc/client.ts";
import { LineClient, timeless } from "../support/line-client.ts";
import { repository } from "../support/server-process.ts";
import { connectTls } from "../support/tls-socket.ts";
import { type Deed, ircLineOf, lineOf } from "./deed.ts";
import { FrameworkClient } from "./framework-client.ts";

export type Door = "netcat" | "plain" | "full" | "irc" | "framework";

/** The room that all are in, beside the lobby. */
export const garden = "#garden";

/** Whoever says when all has been done that was asked before. */
export const clock = "Clock";

/** Somebody in the room, by whichever door. */
export interface Participant {
  /** What he is called at the moment. */
  name: string;
  readonly door: Door;
  /** Into the lobby. */
  comeIn(port: number): Promise<void>;
  do(deed: Deed): void;
  quit(): void;
  /** Resolves to what was shown between a fence and the next, each in one form; from the beginning where that first is not there. */
  between(fence: number): Promise<readonly string[]>;
}

/** So wide that nothing is ever wrapped, so that each line is one row. */
const size = { columns: 2000, rows: 50 };

/** What somebody comes in over. Our client does by TLS, where it can. */
export type Transport = "clear" | "TLS";

/** In clear as `nc`, under TLS as `openssl s_client -quiet`. */
export class AtNetcat implements Participant {
  readonly door = "netcat";
  name: string;
  readonly #transport: Transport;
  #client: LineClient | undefined;

  constructor(context: TestContext, name: string, transport: Transport) {
    this.name = name;
    this.#transport = transport;
    context.after(() => this.#client?.close());
  }

  async comeIn(port: number): Promise<void> {
    const client =
      this.#transport === "TLS" ? LineClient.over(await connectTls(port)) : await LineClient.connect(port);
    this.#client = await client.comeIn(this.name);
  }

  do(deed: Deed): void {
    this.#client?.send(lineOf(deed));
  }

  quit(): void {
    this.#client?.send("/quit");
  }

  async between(fence: number): Promise<readonly string[]> {
    const received = (await this.#client?.until(`fence ${fence}\n`)) ?? "";
    return cut(timeless(received).split("\n"), fence);
  }
}

/** Somebody at a terminal, in our client. */
abstract class AtTerminal implements Participant {
  abstract readonly door: Door;
  name: string;
  readonly #context: TestContext;
  protected terminal!: Terminal;

  constructor(context: TestContext, name: string) {
    this.name = name;
    this.#context = context;
  }

  protected abstract readonly args: readonly string[];
  protected abstract isIn(rows: readonly string[]): boolean;
  abstract between(fence: number): Promise<readonly string[]>;

  async comeIn(port: number): Promise<void> {
    const env = screenEnvironment(this.#context);
    const folder = join(env["XDG_CONFIG_HOME"] ?? "", "roomful");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "client.toml"), "people-width = 0\nrooms-width = 0\n");
    const address = `${this.name}@127.0.0.1:${port}`;
    const program = [process.execPath, join(repository, "bin/roomful.js"), "join", ...this.args, address];
    this.terminal = new Terminal(this.#context, program, { ...size, env });
    await this.terminal.until(({ rows }) => this.isIn(rows));
  }

  do(deed: Deed): void {
    this.terminal.type(`${lineOf(deed)}\r`);
  }

  quit(): void {
    this.terminal.type("/quit\r");
  }
}

export class AtPlain extends AtTerminal {
  readonly door = "plain";
  protected readonly args = ["--plain"];

  protected isIn(rows: readonly string[]): boolean {
    return rows.at(-1) === "You:";
  }

  async between(fence: number): Promise<readonly string[]> {
    await this.terminal.shows(`fence ${fence}`);
    return cut(timeless(this.terminal.rows.join("\n")).split("\n"), fence).filter(
      (row) => !row.startsWith("You: /"),
    );
  }
}

export class AtFullScreen extends AtTerminal {
  readonly door = "full";
  protected readonly args = [];

  protected isIn(rows: readonly string[]): boolean {
    return rows.some((row) => row.startsWith(" ● connected"));
  }

  async between(fence: number): Promise<readonly string[]> {
    await this.terminal.shows(`fence ${fence}`);
    return cut(this.#shown, fence);
  }

  /** Each message as `Alice: hello`, one's own that is stored as `Alice ✓: hello`. */
  get #shown(): string[] {
    let speaker = "";
    return this.terminal.rows.slice(0, statusRow(this.terminal)).flatMap((row) => {
      const [, name = "", mark = "", text] = /^(?:\d\d:\d\d| {5}) (.{12}) (.)[│┃](.*)$/.exec(row) ?? [];
      if (text === undefined) return [];
      speaker = name.trim() === "" ? speaker : name.trim();
      return [`${`${speaker} ${mark}`.trim()}: ${text.trim()}`];
    });
  }
}

/** An IRC client that knows no capabilities. */
export class AtIrc implements Participant {
  readonly door = "irc";
  name: string;
  #client: LineClient | undefined;

  constructor(context: TestContext, name: string) {
    this.name = name;
    context.after(() => this.#client?.close());
  }

  async comeIn(port: number): Promise<void> {
    this.#client = await LineClient.connect(port);
    this.#client.send(`NICK ${this.name}`, `USER ${this.name} 0 * :${this.name} himself`, "JOIN #lobby");
    await this.#client.until(" 366 ");
  }

  do(deed: Deed): void {
    this.#client?.send(ircLineOf(deed));
  }

  quit(): void {
    this.#client?.send("QUIT :so long");
  }

  async between(fence: number): Promise<readonly string[]> {
    const received = (await this.#client?.until(`fence ${fence}\r\n`)) ?? "";
    return cut(plain(received.split("\r\n")), fence);
  }
}

export class AtFramework implements Participant {
  readonly door = "framework";
  name: string;
  readonly #transport: Transport;
  #client: FrameworkClient | undefined;

  constructor(context: TestContext, name: string, transport: Transport) {
    this.name = name;
    this.#transport = transport;
    context.after(() => this.#client?.close());
  }

  async comeIn(port: number): Promise<void> {
    this.#client = await FrameworkClient.enter(port, this.name, this.#transport);
  }

  do(deed: Deed): void {
    this.#client?.do(deed);
  }

  quit(): void {
    this.#client?.quit("so long");
  }

  async between(fence: number): Promise<readonly string[]> {
    const client = this.#client;
    if (client === undefined) return [];
    await client.until(`fence ${fence}`);
    return cut(client.shown, fence);
  }
}

/** The lines between a fence and the one before it, without what is said to whoever sets them. */
function cut(lines: readonly string[], fence: number): readonly string[] {
  const isFence = (line: string, number: number): boolean =>
    line.includes(clock) && line.endsWith(`fence ${number}`);
  const start = lines.findLastIndex((line) => isFence(line, fence - 1)) + 1;
  const end = lines.findLastIndex((line) => isFence(line, fence));
  return lines.slice(start, end).filter((line) => !/ done \d+$/.test(line));
}

import { once } from "node:events";
import { connect, type Socket } from "node:net";

const patienceMs = 30_000;

/** Somebody's IRC client at a raw socket: what was received, a line at a time, and waiting for what is expected. */
export class IrcClient {
  readonly socket: Socket;
  /** Lines that came and nobody has taken yet, without their ends. */
  lines: string[] = [];
  ended = false;
  #rest = "";
  #markers = 0;
  /** It was greeted. */
  #isIn = false;
  #watchers: (() => void)[] = [];

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    const decoder = new TextDecoder();
    socket.on("data", (chunk) => {
      const lines = (this.#rest + decoder.decode(chunk, { stream: true })).split("\r\n");
      this.#rest = lines.pop() ?? "";
      this.lines.push(...lines);
      this.#isIn ||= lines.some((line) => commandOf(line) === "001");
      this.#notify();
    });
    for (const event of ["end", "close"]) {
      socket.on(event, () => {
        this.ended = true;
        this.#notify();
      });
    }
    socket.on("error", () => undefined);
  }

  /** On a connection that is there. */
  static over(socket: Socket): IrcClient {
    return new IrcClient(socket);
  }

  static async connect(port: number, host = "127.0.0.1"): Promise<IrcClient> {
    const socket = connect({ port, host });
    await once(socket, "connect");
    return new IrcClient(socket);
  }

  /** Comes in with these capabilities, and takes the greeting. */
  static async enter(port: number, nick: string, ...capabilities: readonly string[]): Promise<IrcClient> {
    return (await IrcClient.connect(port)).comeIn(nick, ...capabilities);
  }

  /** As `enter`, on this connection. */
  async comeIn(nick: string, ...capabilities: readonly string[]): Promise<this> {
    this.send("CAP LS 302", `NICK ${nick}`, `USER ${nick} 0 * :${nick} himself`);
    if (capabilities.length > 0) this.send(`CAP REQ :${capabilities.join(" ")}`);
    this.send("CAP END");
    await this.until("422");
    return this;
  }

  send(...lines: readonly string[]): void {
    this.socket.write(lines.map((line) => `${line}\r\n`).join(""));
  }

  /** Takes everything up to the first line with this command, or as it is described, and resolves to that line. */
  async until(wanted: string | RegExp | ((line: string) => boolean)): Promise<string> {
    const fits = fitting(wanted);
    await this.#waitFor(
      () => this.lines.some(fits),
      () => String(wanted),
    );
    const index = this.lines.findIndex(fits);
    return this.lines.splice(0, index + 1).at(-1) ?? "";
  }

  /**
   * Sends lines and takes all that has come when they are answered, and everything that was sent before as well. Who
   * has come in asks last for something of which only the hub knows: by then it has told what anybody did before.
   */
  async ask(...lines: readonly string[]): Promise<readonly string[]> {
    this.#markers += 1;
    const marker = `settled-${this.#markers}`;
    const [question, answer] = this.#isIn ? ["WHOWAS", "369"] : ["PING", "PONG"];
    this.send(...lines, `${question} ${marker}`);
    const isLast = (line: string): boolean => commandOf(line) === answer && line.includes(marker);
    await this.#waitFor(
      () => this.lines.some(isLast),
      () => `the answers to ${lines.join(" / ")}`,
    );
    const answers = this.lines.splice(0, this.lines.findIndex(isLast) + 1);
    return answers.filter((line) => !line.includes(` ${marker} :`) && !line.endsWith(`:${marker}`));
  }

  /** Resolves to all that was left when the server has closed its side. */
  async untilEnd(): Promise<readonly string[]> {
    await this.#waitFor(
      () => this.ended,
      () => "the end",
    );
    return this.lines.splice(0);
  }

  close(): void {
    this.socket.destroy();
  }

  async #waitFor(condition: () => boolean, describe: () => string): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.#watchers = this.#watchers.filter((other) => other !== watcher);
        if (condition()) resolve();
        else reject(new Error(`Waited in vain for ${describe()} in ${this.lines.join("\n")}`));
      };
      const timer = setTimeout(settle, patienceMs);
      const watcher = (): void => {
        if (condition() || this.ended) settle();
      };
      this.#watchers.push(watcher);
      watcher();
    });
  }

  #notify(): void {
    for (const watcher of this.#watchers.slice()) watcher();
  }
}

function fitting(wanted: string | RegExp | ((line: string) => boolean)): (line: string) => boolean {
  if (typeof wanted === "function") return wanted;
  return typeof wanted === "string" ? (line) => commandOf(line) === wanted : (line) => wanted.test(line);
}

/** The command of a line, a numeric or a word. */
export function commandOf(line: string): string {
  return /^(?:@\S+ )?(?::\S+ )?(\S+)/.exec(line)?.[1] ?? "";
}

/** Lines with what differs from run to run in one form: the hosts of people as `host`, times as `T`. */
export function plain(lines: readonly string[]): readonly string[] {
  return lines.map((line) =>
    line
      .replace(/^:roomful\.local (\d{3}) \S+ /, "$1 ")
      .replace(/^:([^!\s]+)!\S+ /, ":$1 ")
      .replaceAll(/\b\d{10}\b/g, "T"),
  );
}

import { once } from "node:events";
import { connect, type Socket } from "node:net";

const patienceMs = 30_000;

/** Somebody at a raw socket, as netcat is: what was received, and waiting for what is expected. */
export class LineClient {
  readonly socket: Socket;
  received = "";
  ended = false;
  closed = false;
  #watchers: (() => void)[] = [];

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    const decoder = new TextDecoder();
    socket.on("data", (chunk) => {
      this.received += decoder.decode(chunk, { stream: true });
      this.#notify();
    });
    socket.on("end", () => {
      this.ended = true;
      this.#notify();
    });
    socket.on("close", () => {
      this.closed = true;
      this.#notify();
    });
    socket.on("error", () => undefined);
  }

  /** On a connection that is there. */
  static over(socket: Socket): LineClient {
    return new LineClient(socket);
  }

  static async connect(port: number, host = "127.0.0.1"): Promise<LineClient> {
    const socket = connect({ port, host, allowHalfOpen: true });
    await once(socket, "connect");
    return new LineClient(socket);
  }

  /** Comes in under a name, and waits for the end of the greeting. */
  static async enter(port: number, name: string): Promise<LineClient> {
    return (await LineClient.connect(port)).comeIn(name);
  }

  /** As `enter`, on this connection. */
  async comeIn(name: string): Promise<this> {
    this.send(name);
    await this.until(/Online Users \(\d+\): [^\n]*\n={50}\n/);
    return this;
  }

  send(...lines: readonly string[]): void {
    this.socket.write(lines.map((line) => `${line}\n`).join(""));
  }

  /** Resolves to all that was received as soon as it matches. */
  async until(expected: string | RegExp): Promise<string> {
    const matches = (): boolean =>
      typeof expected === "string" ? this.received.includes(expected) : expected.test(this.received);
    await this.#waitFor(
      matches,
      () => `${String(expected)} in ${JSON.stringify(this.received.slice(-2000))}`,
    );
    return this.received;
  }

  /** Resolves to all that was received when the server has closed its side. */
  async untilEnd(): Promise<string> {
    await this.#waitFor(
      () => this.ended || this.closed,
      () => `the end after ${JSON.stringify(this.received.slice(-2000))}`,
    );
    return this.received;
  }

  /**
   * Everything that was sent to this client before now has arrived: asks for something with a unique answer
   * and waits for it, then takes the answer out of what was received.
   */
  async settled(): Promise<string> {
    const marker = `/settled-${Math.random().toString(36).slice(2)}`;
    this.send(marker);
    const answer = new RegExp(
      `\\[\\d\\d:\\d\\d:\\d\\d\\] \\[ERROR\\] Unknown command: ${marker}\\. [^\n]*\n`,
    );
    await this.until(answer);
    this.received = this.received.replace(answer, "");
    return this.received;
  }

  /** Forgets what was received so far. */
  clear(): void {
    this.received = "";
  }

  close(): void {
    this.socket.destroy();
  }

  async #waitFor(condition: () => boolean, describe: () => string): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`Waited in vain for ${describe()}`)), patienceMs);
      const watcher = (): void => {
        if (!condition()) return;
        clearTimeout(timer);
        this.#watchers = this.#watchers.filter((other) => other !== watcher);
        resolve();
      };
      this.#watchers.push(watcher);
    });
  }

  #notify(): void {
    for (const watcher of this.#watchers.slice()) watcher();
  }
}

/** The text with every time of day as `T`. */
export function timeless(text: string): string {
  return text.replaceAll(/\[\d\d:\d\d:\d\d\]/g, "T");
}

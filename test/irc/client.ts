import { once } from "node:events";
import { connect, type Socket } from "node:net";

const patienceMs = 30_000;

/** Somebody with an IRC client: the lines that came and were not looked at yet, and waiting for what is expected. */
export class IrcClient {
  readonly socket: Socket;
  readonly #lines: string[] = [];
  #begun = "";
  #ended = false;
  #markers = 0;
  #notify: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    const decoder = new TextDecoder();
    socket.on("data", (chunk) => {
      const lines = (this.#begun + decoder.decode(chunk, { stream: true })).split("\r\n");
      this.#begun = lines.pop() ?? "";
      this.#lines.push(...lines.map(withoutCloak));
      this.#notify();
    });
    for (const end of ["end", "close"] as const) {
      socket.on(end, () => {
        this.#ended = true;
        this.#notify();
      });
    }
    socket.on("error", () => undefined);
  }

  static async connect(port: number): Promise<IrcClient> {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    await once(socket, "connect");
    return new IrcClient(socket);
  }

  /** Comes in, with these capabilities, and forgets how it was welcomed. */
  static async enter(port: number, nick: string, ...capabilities: readonly string[]): Promise<IrcClient> {
    const client = await IrcClient.connect(port);
    if (capabilities.length > 0) client.send("CAP LS 302", `CAP REQ :${capabilities.join(" ")}`);
    client.send(`NICK ${nick}`, `USER ${nick.toLowerCase()} 0 * :${nick} of Roomful`);
    if (capabilities.length > 0) client.send("CAP END");
    await client.line(/ (376|422) /);
    await client.collect();
    return client;
  }

  send(...lines: readonly string[]): void {
    this.socket.write(lines.map((line) => `${line}\r\n`).join(""));
  }

  /** Resolves to the next line that is so; those before it are forgotten. */
  async line(expected: string | RegExp): Promise<string> {
    const matches = (line: string): boolean =>
      typeof expected === "string" ? line.includes(expected) : expected.test(line);
    const passed: string[] = [];
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const line = this.#lines.shift();
      if (line !== undefined) {
        if (matches(line)) return line;
        passed.push(line);
      } else if (this.#ended) {
        throw new Error(`The end came before ${String(expected)}: ${JSON.stringify(passed)}`);
      } else {
        await this.#more(deadline, () => `${String(expected)} after ${JSON.stringify(passed)}`);
      }
    }
  }

  /** Sends something and resolves to all that came until it was answered, in order. */
  async ask(...lines: readonly string[]): Promise<readonly string[]> {
    this.send(...lines);
    return this.collect();
  }

  /** Resolves to all that came until everything that was sent is answered. */
  async collect(): Promise<readonly string[]> {
    this.#markers += 1;
    const marker = `marker-${this.#markers}`;
    this.send(`PING ${marker}`);
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const index = this.#lines.findIndex((line) => line.endsWith(` :${marker}`) && line.includes(" PONG "));
      if (index !== -1) return this.#lines.splice(0, index + 1).slice(0, -1);
      if (this.#ended) throw new Error(`The end came before ${marker}: ${JSON.stringify(this.#lines)}`);
      await this.#more(deadline, () => `${marker} after ${JSON.stringify(this.#lines)}`);
    }
  }

  /** Resolves to all that was not looked at when the server has closed its side, and closes this one. */
  async untilEnd(): Promise<readonly string[]> {
    const deadline = Date.now() + patienceMs;
    while (!this.#ended) await this.#more(deadline, () => `the end after ${JSON.stringify(this.#lines)}`);
    this.socket.destroy();
    return this.#lines.splice(0);
  }

  close(): void {
    this.socket.destroy();
  }

  async #more(deadline: number, describe: () => string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`Waited in vain for ${describe()}`)),
        deadline - Date.now(),
      );
      this.#notify = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** What stands for an address is another one in each data folder. */
function withoutCloak(line: string): string {
  return line.replaceAll(/[0-9a-f]{12}\.hidden/g, "host");
}

import { once } from "node:events";
import { connect, type Socket } from "node:net";

const patienceMs = 30_000;

/** A socket that sends any bytes and keeps those that come. */
export class RawClient {
  readonly socket: Socket;
  #chunks: Buffer[] = [];
  #ended = false;
  #watchers: (() => void)[] = [];

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (chunk) => {
      this.#chunks.push(chunk);
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

  /** On a connection that is there. */
  static over(socket: Socket): RawClient {
    return new RawClient(socket);
  }

  static async connect(port: number, host = "127.0.0.1"): Promise<RawClient> {
    const socket = connect({ port, host, allowHalfOpen: true });
    await once(socket, "connect");
    return new RawClient(socket);
  }

  /** Sends one thing and resolves to all that is answered, when the server has closed. */
  static async exchange(port: number, bytes: string | Buffer): Promise<string> {
    const client = await RawClient.connect(port);
    client.socket.write(bytes);
    return (await client.untilEnd()).toString();
  }

  get received(): Buffer {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0] ?? Buffer.alloc(0);
  }

  get text(): string {
    return this.received.toString("latin1");
  }

  /** Hands the bytes to the system; resolves when it has them. */
  async write(bytes: string | Buffer): Promise<void> {
    await new Promise<void>((resolve) => this.socket.write(bytes, () => resolve()));
  }

  /** Resolves as soon as what was received, as Latin-1, matches. */
  async until(expected: string | RegExp): Promise<string> {
    const matches = (): boolean =>
      typeof expected === "string" ? this.text.includes(expected) : expected.test(this.text);
    await this.#wait(matches, String(expected));
    return this.text;
  }

  /** Resolves to all that was received when the server has closed its side, and closes this one. */
  async untilEnd(): Promise<Buffer> {
    await this.#wait(() => this.#ended, "the end");
    this.socket.destroy();
    return this.received;
  }

  async #wait(condition: () => boolean, what: string): Promise<void> {
    const deadline = Date.now() + patienceMs;
    while (!condition()) {
      if (this.#ended)
        throw new Error(`The end came before ${what}: ${JSON.stringify(this.text.slice(-2000))}`);
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => {
          reject(new Error(`Waited in vain for ${what} after ${JSON.stringify(this.text.slice(-2000))}`));
        }, deadline - Date.now());
        this.#watchers.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  #notify(): void {
    for (const watcher of this.#watchers.splice(0)) watcher();
  }
}

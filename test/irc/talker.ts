import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { type IrcMessage, parseMessage } from "../../src/protocols/irc/message.ts";

const patienceMs = 30_000;

/** Somebody with an IRC client. */
export class IrcClient {
  readonly socket: Socket;
  readonly nick: string;
  /** What came and was not taken yet. */
  #received: IrcMessage[] = [];
  #rest = "";
  #ended = false;
  #markers = 0;
  /** It was greeted. */
  #isIn = false;
  #watchers: (() => void)[] = [];

  private constructor(socket: Socket, nick: string) {
    this.socket = socket;
    this.nick = nick;
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => {
      const lines = (this.#rest + text).split("\r\n");
      this.#rest = lines.pop() ?? "";
      for (const line of lines) {
        const message = parseMessage(line);
        if (typeof message === "string") throw new Error(`The server wrote ${JSON.stringify(line)}`);
        this.#received.push(message);
        this.#isIn ||= message.command === "001";
      }
      this.#notify();
    });
    socket.on("close", () => {
      this.#ended = true;
      this.#notify();
    });
    socket.on("error", () => undefined);
  }

  static async connect(port: number, nick = ""): Promise<IrcClient> {
    const socket = connect({ port, host: "127.0.0.1" });
    await once(socket, "connect");
    return new IrcClient(socket, nick);
  }

  /** Comes in under a nick with these capabilities. What the welcome says is taken. */
  static async register(port: number, nick: string, caps: readonly string[] = []): Promise<IrcClient> {
    const client = await IrcClient.connect(port, nick);
    if (caps.length > 0) client.send(`CAP REQ :${caps.join(" ")}`);
    client.send(`NICK ${nick}`, `USER ${nick} 0 * :${nick}`);
    if (caps.length > 0) client.send("CAP END");
    await client.until("001");
    await client.settled();
    return client;
  }

  send(...lines: readonly string[]): void {
    this.socket.write(lines.map((line) => `${line}\r\n`).join(""));
  }

  /** The first message that comes with this command, or is so; those before it are dropped. */
  async until(wanted: string | ((message: IrcMessage) => boolean)): Promise<IrcMessage> {
    const isWanted = typeof wanted === "string" ? ({ command }: IrcMessage) => command === wanted : wanted;
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const index = this.#received.findIndex(isWanted);
      const found = this.#received[index];
      if (found !== undefined) {
        this.#received = this.#received.slice(index + 1);
        return found;
      }
      const seen = JSON.stringify(this.#received.map(shown).slice(-30));
      if (this.#ended) throw new Error(`The end came before ${String(wanted)}: ${seen}`);
      await this.#change(deadline, `${String(wanted)} in ${seen}`);
    }
  }

  /**
   * All that came up to the answer to a question, in order. Who has come in asks what only the hub knows: by then it
   * has told what anybody did before.
   */
  async settled(): Promise<readonly IrcMessage[]> {
    this.#markers += 1;
    const token = `settled-${this.#markers}`;
    const [question, answer] = this.#isIn ? ["WHOWAS", "369"] : ["PING", "PONG"];
    this.send(`${question} ${token}`);
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const index = this.#received.findIndex(
        ({ command, params }) => command === answer && params.includes(token),
      );
      if (index !== -1) {
        const all = this.#received.slice(0, index).filter(({ params }) => !params.includes(token));
        this.#received = this.#received.slice(index + 1);
        return all;
      }
      if (this.#ended) throw new Error("The end came before the answer");
      await this.#change(deadline, `${answer} ${token}`);
    }
  }

  /** Sends, and resolves to all that was answered. */
  async ask(...lines: readonly string[]): Promise<readonly IrcMessage[]> {
    this.send(...lines);
    return this.settled();
  }

  close(): void {
    this.socket.destroy();
  }

  async #change(deadline: number, what: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`Waited in vain for ${what}`)), deadline - Date.now());
      this.#watchers.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #notify(): void {
    for (const watcher of this.#watchers.splice(0)) watcher();
  }
}

/** A message without its source and tags, for comparing: `PRIVMSG #tea hello`. */
export function shown({ command, params }: IrcMessage): string {
  return [command, ...params].join(" ");
}

import { type IrcMessage, parseMessage } from "../../src/protocols/irc/message.ts";
import { IrcClient } from "./client.ts";

/** Somebody with an IRC client who reads messages where `IrcClient` reads lines: their tags and parameters. */
export class IrcTalker {
  readonly nick: string;
  readonly #client: IrcClient;

  private constructor(client: IrcClient, nick: string) {
    this.#client = client;
    this.nick = nick;
  }

  static async connect(port: number, nick = ""): Promise<IrcTalker> {
    return new IrcTalker(await IrcClient.connect(port), nick);
  }

  /** Comes in under a nick with these capabilities. What the welcome says is taken. */
  static async register(port: number, nick: string, caps: readonly string[] = []): Promise<IrcTalker> {
    const client = await IrcClient.enter(port, nick, ...caps);
    const talker = new IrcTalker(client, nick);
    await talker.settled();
    return talker;
  }

  get socket(): IrcClient["socket"] {
    return this.#client.socket;
  }

  send(...lines: readonly string[]): void {
    this.#client.send(...lines);
  }

  /** The first message that comes with this command, or is so; those before it are dropped. */
  async until(wanted: string | ((message: IrcMessage) => boolean)): Promise<IrcMessage> {
    const line = await this.#client.until(
      typeof wanted === "string" ? wanted : (each) => wanted(messageOf(each)),
    );
    return messageOf(line);
  }

  /** All that came up to the answer to a question, in order. */
  settled(): Promise<readonly IrcMessage[]> {
    return this.ask();
  }

  /** Sends, and resolves to all that was answered, and to what came of anything before. */
  async ask(...lines: readonly string[]): Promise<readonly IrcMessage[]> {
    return (await this.#client.ask(...lines)).map(messageOf);
  }

  close(): void {
    this.#client.close();
  }
}

function messageOf(line: string): IrcMessage {
  const message = parseMessage(line);
  if (typeof message === "string") throw new Error(`The server wrote ${JSON.stringify(line)}`);
  return message;
}

/** A message without its source and tags, for comparing: `PRIVMSG #tea hello`. */
export function shown({ command, params }: IrcMessage): string {
  return [command, ...params].join(" ");
}

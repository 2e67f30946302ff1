import library from "irc-framework";
import type { Deed } from "./deed.ts";
import type { Transport } from "./participant.ts";

const patienceMs = 30_000;

/** A client made with irc-framework, with the capabilities that it asks for by itself, and what it would show. */
export class FrameworkClient {
  readonly shown: string[] = [];
  readonly #client = new library.Client();
  #watchers: (() => void)[] = [];

  private constructor() {
    const client = this.#client;
    const show = (line: string): void => {
      this.shown.push(line);
      for (const watcher of this.#watchers.splice(0)) watcher();
    };
    client.on("privmsg", ({ nick, target, message }) => show(`${target} <${nick}> ${message}`));
    client.on("action", ({ nick, target, message }) => show(`${target} * ${nick} ${message}`));
    client.on("notice", ({ nick, target, message }) => show(`${target} -${nick}- ${message}`));
    client.on("join", ({ nick, channel }) => show(`${nick} joins ${channel}`));
    client.on("part", ({ nick, channel, message }) => show(`${nick} leaves ${channel} (${message})`));
    client.on("quit", ({ nick, message }) => show(`${nick} quits (${message})`));
    client.on("kick", ({ nick, channel, kicked, message }) =>
      show(`${nick} kicks ${kicked} from ${channel} (${message})`),
    );
    client.on("nick", ({ nick, new_nick: to }) => show(`${nick} is now ${to}`));
    client.on("topic", ({ nick, channel, topic }) =>
      show(
        nick === undefined
          ? `${channel} is about: ${topic}`
          : `${nick} sets the topic of ${channel}: ${topic}`,
      ),
    );
    client.on("mode", ({ nick, target, raw_modes: modes, raw_params: params = [] }) =>
      show(`${nick} sets ${target} ${[modes, ...params].join(" ")}`),
    );
    client.on("invite", ({ nick, invited, channel }) => show(`${nick} invites ${invited} to ${channel}`));
    client.on("invited", ({ nick, channel }) => show(`invited ${nick} to ${channel}`));
    client.on("away", ({ nick, message }) => show(`${nick} is away (${message})`));
    client.on("back", ({ nick }) => show(`${nick} is back`));
  }

  /** Into the lobby. */
  static async enter(port: number, nick: string, transport: Transport): Promise<FrameworkClient> {
    const framework = new FrameworkClient();
    const client = framework.#client;
    const greeted = new Promise<void>((resolve) => {
      client.once("registered", resolve);
    });
    const about = { username: nick, gecos: `${nick} himself`, auto_reconnect: false };
    const tls = { tls: transport === "TLS", rejectUnauthorized: false };
    client.connect({ host: "127.0.0.1", port, nick, ...about, ...tls });
    await greeted;
    client.join("#lobby");
    await framework.until(`${nick} joins #lobby`);
    return framework;
  }

  do(deed: Deed): void {
    const client = this.#client;
    switch (deed.kind) {
      case "say":
        client.say(deed.room, deed.text);
        return;
      case "act":
        client.action(deed.room, deed.text);
        return;
      case "tell":
        client.say(deed.to, deed.text);
        return;
      case "topic":
        client.setTopic(deed.room, deed.text);
        return;
      case "kick":
        client.raw("KICK", deed.room, deed.who, deed.text);
        return;
      case "invite":
        client.invite(deed.room, deed.who);
        return;
      case "join":
        client.join(deed.room);
        return;
      case "leave":
        client.part(deed.room, deed.text);
        return;
      case "rename":
        client.changeNick(deed.to);
        return;
      case "away":
        client.raw("AWAY", deed.text);
        return;
      case "back":
        client.raw("AWAY");
        return;
    }
  }

  quit(reason: string): void {
    this.#client.quit(reason);
  }

  close(): void {
    this.#client.connection.end();
  }

  /** Resolves when a line that ends so is shown. */
  async until(end: string): Promise<void> {
    const limit = AbortSignal.timeout(patienceMs);
    while (!this.shown.some((line) => line.endsWith(end))) {
      if (limit.aborted) throw new Error(`Waited in vain for ${end} in ${this.shown.join("\n")}`);
      await new Promise<void>((resolve) => {
        this.#watchers.push(resolve);
        limit.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  }
}

/** What the tests use of a library that has no types of its own. */
declare module "irc-framework" {
  interface Happening {
    readonly nick?: string;
    readonly new_nick?: string;
    readonly target?: string;
    readonly channel?: string;
    readonly invited?: string;
    readonly kicked?: string;
    readonly message?: string;
    readonly topic?: string;
    readonly raw_modes?: string;
    readonly raw_params?: readonly string[];
  }

  class Client {
    connect(options: {
      readonly host: string;
      readonly port: number;
      readonly nick: string;
      readonly username: string;
      readonly gecos: string;
      readonly auto_reconnect: boolean;
      readonly tls: boolean;
      readonly rejectUnauthorized: boolean;
    }): void;
    on(name: string, listener: (happening: Happening) => void): void;
    once(name: string, listener: () => void): void;
    say(target: string, text: string): void;
    action(target: string, text: string): void;
    join(channel: string): void;
    part(channel: string, reason: string): void;
    invite(channel: string, nick: string): void;
    setTopic(channel: string, topic: string): void;
    changeNick(nick: string): void;
    raw(...words: readonly string[]): void;
    quit(reason: string): void;
    readonly connection: { end(): void };
  }

  const library: { readonly Client: typeof Client };
  export default library;
}

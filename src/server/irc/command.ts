import type { IrcMessage } from "../../protocols/irc/message.ts";
import type { IrcSession } from "./session.ts";

/** What the door does with a command. */
export interface IrcCommand {
  /** So many parameters it needs, or it is answered by 461. */
  readonly params: number;
  /** Whether it may be given before one has come in; where not, it is answered by 451 until then. */
  readonly early?: boolean;
  readonly act: (session: IrcSession, message: IrcMessage) => void;
}

export type IrcCommands = Readonly<Record<string, IrcCommand>>;

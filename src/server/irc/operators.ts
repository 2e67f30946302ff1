import type { Refusal } from "../../chat/refusal.ts";
import type { IrcMessage, OutgoingMessage } from "../../protocols/irc/message.ts";
import { refusalText } from "../../protocols/refusal-text.ts";
import type { Operation } from "../link.ts";
import type { IrcCommands } from "./command.ts";
import { refusalMessages } from "./refusals.ts";
import { isThisServer } from "./server-info.ts";
import type { IrcSession } from "./session.ts";
import { traitMessages } from "./user-modes.ts";

/** For who runs the server: https://modern.ircdocs.horse/#operator-messages */
export const operatorCommands: IrcCommands = {
  OPER: { params: 2, act: oper },
  KILL: { params: 1, act: kill },
  WALLOPS: { params: 1, act: wallops },
  REHASH: { params: 0, act: rehash },
  CONNECT: { params: 1, act: elsewhere },
  SQUIT: { params: 1, act: elsewhere },
  DIE: { params: 0, act: notFromHere },
  RESTART: { params: 0, act: notFromHere },
};

function oper(session: IrcSession, { params }: IrcMessage): void {
  const [name = "", password = ""] = params;
  const operation = { kind: "oper", name, password } as const;
  session.ask(
    (tag) => ({ kind: "operate", session: session.id, tag, operation }),
    (tell) => {
      if (tell.kind === "refused") return operRefused(session, tell.refusal);
      if (tell.kind !== "done" || tell.done.kind !== "traits") return [];
      return [session.numeric("RPL_YOUREOPER", []), ...traitMessages(session, tell.done.changes, tell.at)];
    },
  );
}

/** OPER has numerics of its own, older than the replies to wrong passwords elsewhere. */
function operRefused(session: IrcSession, refusal: Refusal): readonly OutgoingMessage[] {
  if (refusal.reason === "wrong-password") return [session.numeric("ERR_PASSWDMISMATCH", [])];
  if (refusal.reason === "clear-password") {
    return [session.numeric("ERR_NOOPERHOST", [], refusalText(refusal))];
  }
  return refusalMessages(session, refusal, { command: "OPER" });
}

function kill(session: IrcSession, { command, params }: IrcMessage): void {
  const [name = "", text = ""] = params;
  if (name.includes(".") && isThisServer(session, name)) {
    operate(session, { command, operation: { kind: "nothing" } }, () =>
      session.numeric("ERR_CANTKILLSERVER", []),
    );
    return;
  }
  operate(session, { command, operation: { kind: "kill", name, text } });
}

function wallops(session: IrcSession, { command, params }: IrcMessage): void {
  operate(session, { command, operation: { kind: "wallops", text: params.join(" ") } });
}

function rehash(session: IrcSession, { command }: IrcMessage): void {
  operate(session, { command, operation: { kind: "rehash" } }, () =>
    session.numeric("RPL_REHASHING", ["config.toml"]),
  );
}

/** There is no other server. */
function elsewhere(session: IrcSession, { command, params }: IrcMessage): void {
  operate(session, { command, operation: { kind: "nothing" } }, () =>
    session.numeric("ERR_NOSUCHSERVER", [params[0] ?? "*"]),
  );
}

/** Whoever runs the machine stops the server there. */
function notFromHere(session: IrcSession, { command }: IrcMessage): void {
  operate(session, { command, operation: { kind: "nothing" } }, () =>
    session.numeric("ERR_NOPRIVS", [command.toLowerCase()]),
  );
}

/** `done`: the answer to who is an operator, where there is one. */
function operate(
  session: IrcSession,
  { command, operation }: { readonly command: string; readonly operation: Operation },
  done?: () => OutgoingMessage,
): void {
  session.ask(
    (tag) => ({ kind: "operate", session: session.id, tag, operation }),
    (tell) => {
      if (tell.kind === "refused") return refusalMessages(session, tell.refusal, { command });
      return done === undefined ? [] : [done()];
    },
  );
}

import type { IrcMessage } from "../../protocols/irc/message.ts";
import type { Operation } from "../link.ts";
import type { IrcCommands } from "./command.ts";
import { refusalMessages } from "./refusals.ts";
import type { IrcSession, Wording } from "./session.ts";
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
  operate(session, "OPER", { kind: "oper", name, password }, (tell) => {
    if (tell.kind === "refused" && tell.refusal.reason === "wrong-password") {
      return [session.numeric("ERR_PASSWDMISMATCH", [])];
    }
    if (tell.kind === "refused" && tell.refusal.reason === "clear-password") {
      return [session.numeric("ERR_NOOPERHOST", [], refusedHost)];
    }
    if (tell.kind !== "done") return [];
    const changes = tell.done.kind === "traits" ? tell.done.changes : [];
    return [session.numeric("RPL_YOUREOPER", []), ...traitMessages(session, changes, tell.at)];
  });
}

const refusedHost = "Passwords are not taken over an unprotected connection from another machine";

function kill(session: IrcSession, { params }: IrcMessage): void {
  const [name = "", text = ""] = params;
  operate(session, "KILL", { kind: "kill", name, text }, () => []);
}

function wallops(session: IrcSession, { params }: IrcMessage): void {
  operate(session, "WALLOPS", { kind: "wallops", text: params.join(" ") }, () => []);
}

function rehash(session: IrcSession): void {
  operate(session, "REHASH", { kind: "rehash" }, (tell) =>
    tell.kind === "done" ? [session.numeric("RPL_REHASHING", ["config.toml"])] : [],
  );
}

/** There is no other server. */
function elsewhere(session: IrcSession, { command, params }: IrcMessage): void {
  operate(session, command, { kind: "nothing" }, () => [
    session.numeric("ERR_NOSUCHSERVER", [params[0] ?? "*"]),
  ]);
}

/** Whoever runs the machine stops the server there. */
function notFromHere(session: IrcSession, { command }: IrcMessage): void {
  operate(session, command, { kind: "nothing" }, () => [
    session.numeric("ERR_NOPRIVS", [command.toLowerCase()]),
  ]);
}

/** `word`: of what is not refused, and of what is where it has words for that. */
function operate(session: IrcSession, command: string, operation: Operation, word: Wording): void {
  session.ask(
    (tag) => ({ kind: "operate", session: session.id, tag, operation }),
    (tell) => {
      if (tell.kind !== "refused") return word(tell);
      const target = operation.kind === "kill" ? operation.name : undefined;
      const words = command === "OPER" ? word(tell) : [];
      return words.length > 0 ? words : refusalMessages(session, tell.refusal, { command, target });
    },
  );
}

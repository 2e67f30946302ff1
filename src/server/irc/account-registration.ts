import type { IrcMessage, OutgoingMessage } from "../../protocols/irc/message.ts";
import type { Settings } from "../settings.ts";
import type { IrcCommands } from "./command.ts";
import { refusalMessages } from "./refusals.ts";
import { loggedIn } from "./sasl.ts";
import type { IrcSession } from "./session.ts";

/** To have an account: IRCv3 account-registration. */
export const accountRegistrationCommands: IrcCommands = {
  REGISTER: { params: 3, early: true, act: register },
  VERIFY: { params: 2, early: true, act: verify },
};

/** What stands after the capability's name in `CAP LS 302`. */
export function registrationValue(settings: Settings): string {
  return [
    ...(isEarly(settings) ? ["before-connect"] : []),
    ...(settings.requiresEmail ? ["email-required"] : []),
  ].join(",");
}

/** Who must give a password to come in at all shows it before he is given an account. */
function isEarly({ registersBeforeConnect, connectionPassword }: Settings): boolean {
  return registersBeforeConnect && connectionPassword === undefined;
}

function register(session: IrcSession, { params }: IrcMessage): void {
  const [wanted = "", email = "", password = ""] = params;
  if (isRefused(session, "REGISTER")) return;
  const { nick } = session;
  if (nick === undefined) {
    session.reply(
      session.fail("REGISTER", "NEED_NICK", ["*"], "Say first with NICK what you want to be called"),
    );
    return;
  }
  if (wanted !== "*" && !session.isSame(wanted, nick)) {
    const text = "An account has the name that you have";
    session.reply(session.fail("REGISTER", "ACCOUNT_NAME_MUST_BE_NICK", [wanted], text));
    return;
  }
  session.askAlone(
    (tag) => ({
      kind: "register",
      session: session.id,
      tag,
      name: session.stage === "here" ? undefined : nick,
      password,
      email: email === "*" ? undefined : email,
    }),
    (tell): readonly OutgoingMessage[] => {
      if (tell.kind === "refused") {
        return refusalMessages(session, tell.refusal, { command: "REGISTER", target: nick });
      }
      if (tell.kind !== "signed-in") return [];
      const { account } = tell;
      const text = `The name ${account} is yours from now on`;
      return [{ command: "REGISTER", params: ["SUCCESS", account], text }, loggedIn(session, account)];
    },
  );
}

/** Nobody is ever sent a code. */
function verify(session: IrcSession, { params }: IrcMessage): void {
  const [account = ""] = params;
  if (isRefused(session, "VERIFY")) return;
  session.reply(session.fail("VERIFY", "INVALID_CODE", [account], "No account waits to be verified"));
}

function isRefused(session: IrcSession, command: string): boolean {
  const { account, settings, stage } = session;
  if (account !== undefined) {
    const text = `You are signed in as ${account} already`;
    session.reply(session.fail(command, "ALREADY_AUTHENTICATED", [account], text));
  } else if (stage !== "here" && !isEarly(settings)) {
    const text = "Come in first, with NICK and USER";
    session.reply(session.fail(command, "COMPLETE_CONNECTION_REQUIRED", [], text));
  } else return false;
  return true;
}

import type { SpeechKind } from "../../chat/event.ts";
import { parseCtcp } from "../../protocols/irc/ctcp.ts";
import type { IrcMessage } from "../../protocols/irc/message.ts";
import type { IrcCommands } from "./command.ts";
import { personalMessages } from "./personal.ts";
import { refusalMessages } from "./refusals.ts";
import type { IrcSession } from "./session.ts";

/** One message goes to at most so many: `TARGMAX`. */
const maxTargets = 4;

/** What is said: https://modern.ircdocs.horse/#sending-messages */
export const messageCommands: IrcCommands = {
  PRIVMSG: { params: 0, act: speak },
  NOTICE: { params: 0, act: speak },
};

function speak(session: IrcSession, message: IrcMessage): void {
  const { command, params } = message;
  const [list = "", text = ""] = params;
  if (list === "") {
    session.reply(session.numeric("ERR_NORECIPIENT", [], `No recipient given (${command})`));
    return;
  }
  if (text === "") {
    session.reply(session.numeric("ERR_NOTEXTTOSEND", []));
    return;
  }
  const targets = list.split(",").filter((target) => target !== "");
  for (const target of targets.slice(0, maxTargets)) say(session, message, { target, text });
  for (const target of targets.slice(maxTargets)) {
    session.reply(session.numeric("ERR_TOOMANYTARGETS", [target]));
  }
}

function say(
  session: IrcSession,
  { command, tags }: IrcMessage,
  { target, text }: { readonly target: string; readonly text: string },
): void {
  const ctcp = parseCtcp(text);
  const isAction = ctcp?.command === "ACTION";
  const speech: SpeechKind = command === "NOTICE" ? "notice" : isAction ? "action" : "text";
  const to = target.startsWith("#") ? target : `@${target}`;
  const replyTo = tags.get("+draft/reply") ?? tags.get("+reply");
  session.ask(
    (tag) => ({
      kind: "send",
      session: session.id,
      tag,
      to,
      speech,
      text: isAction ? ctcp.params : text,
      replyTo: session.messageId(replyTo),
      threadRoot: undefined,
      counter: undefined,
    }),
    (tell) => {
      if (tell.kind !== "refused") return personalMessages(session, tell);
      // Nobody may answer a notice, and a program could.
      if (command === "NOTICE") return [];
      return refusalMessages(session, tell.refusal, { command, target, room: target });
    },
  );
}

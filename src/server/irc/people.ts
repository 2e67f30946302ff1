import { listReplies } from "../../protocols/irc/list-replies.ts";
import type { IrcMessage, OutgoingMessage } from "../../protocols/irc/message.ts";
import type { PersonalTell, PersonView } from "../link.ts";
import type { IrcCommands } from "./command.ts";
import { wantsOf } from "./personal.ts";
import { refusalMessages } from "./refusals.ts";
import type { IrcSession } from "./session.ts";
import { tagsOf } from "./words.ts";

/** What one says of oneself, and whether others are here. */
export const peopleCommands: IrcCommands = {
  AWAY: { params: 0, early: true, act: away },
  SETNAME: { params: 1, act: setName },
  USERHOST: { params: 1, act: userHost },
  ISON: { params: 1, act: isOn },
};

/** `USERHOST` looks at no more than so many nicks: RFC 2812, section 4.8. */
const maxUserHosts = 5;

/** https://modern.ircdocs.horse/#away-message and IRCv3 pre-away. */
function away(session: IrcSession, { params }: IrcMessage): void {
  const text = params[0] === "" ? undefined : params[0];
  if (session.stage === "here") {
    session.ask(
      (tag) => ({ kind: "do", session: session.id, tag, deed: { kind: "away", text } }),
      (tell) => (tell.kind === "done" ? [awayReply(session, text)] : refused(session, tell, "AWAY")),
    );
  } else if (session.has("draft/pre-away")) {
    session.away = text;
    session.reply(awayReply(session, text));
  } else {
    session.reply(session.numeric("ERR_NOTREGISTERED", []));
  }
}

function awayReply(session: IrcSession, text: string | undefined): OutgoingMessage {
  return text === undefined ? session.numeric("RPL_UNAWAY", []) : session.numeric("RPL_NOWAWAY", []);
}

/** IRCv3 setname. */
function setName(session: IrcSession, { params }: IrcMessage): void {
  const deed = { kind: "describe", realName: params.join(" ") } as const;
  session.ask(
    (tag) => ({ kind: "do", session: session.id, tag, deed }),
    (tell) => {
      if (tell.kind !== "done" || tell.done.kind !== "real-name") return refused(session, tell, "SETNAME");
      if (!session.has("setname")) return [];
      const tags = tagsOf(wantsOf(session), { at: tell.at, from: session.self });
      return [{ tags, source: session.source, command: "SETNAME", text: tell.done.text }];
    },
  );
}

function userHost(session: IrcSession, { params }: IrcMessage): void {
  const names = params.slice(0, maxUserHosts);
  session.ask(
    (tag) => ({ kind: "look", session: session.id, tag, query: { kind: "named", names } }),
    (tell) => {
      const words = namedIn(tell).map(({ author, isOperator, away: why }) => {
        const { name, user, host } = author;
        return `${name}${isOperator ? "*" : ""}=${why === undefined ? "+" : "-"}${user}@${host}`;
      });
      return listOf(session, words, (piece) => session.numeric("RPL_USERHOST", [], piece));
    },
  );
}

function isOn(session: IrcSession, { params }: IrcMessage): void {
  const names = params.flatMap((param) => param.split(" ")).filter((name) => name !== "");
  session.ask(
    (tag) => ({ kind: "look", session: session.id, tag, query: { kind: "named", names } }),
    (tell) => {
      const words = namedIn(tell).map(({ author }) => author.name);
      return listOf(session, words, (piece) => session.numeric("RPL_ISON", [], piece));
    },
  );
}

/** One line at least, also where there is nobody to list. */
function listOf(
  session: IrcSession,
  words: readonly string[],
  make: (piece: string) => OutgoingMessage,
): readonly OutgoingMessage[] {
  return words.length === 0
    ? [make("")]
    : listReplies(words, { separator: " ", server: session.server }, make);
}

function namedIn(tell: PersonalTell): readonly PersonView[] {
  if (tell.kind !== "answer" || tell.answer.kind !== "named") return [];
  return tell.answer.people.filter((person) => person !== undefined);
}

function refused(session: IrcSession, tell: PersonalTell, command: string): readonly OutgoingMessage[] {
  return tell.kind === "refused" ? refusalMessages(session, tell.refusal, { command }) : [];
}

import type { Deed } from "../../chat/command.ts";
import type { IrcMessage, OutgoingMessage } from "../../protocols/irc/message.ts";
import type { IrcCommands } from "./command.ts";
import { namesReplies, personalMessages, topicReplies } from "./personal.ts";
import { refusalMessages } from "./refusals.ts";
import type { IrcSession } from "./session.ts";
import { userMode } from "./user-modes.ts";

/** Rooms: https://modern.ircdocs.horse/#channel-operations */
export const channelCommands: IrcCommands = {
  JOIN: { params: 1, act: join },
  PART: { params: 1, act: part },
  TOPIC: { params: 1, act: topic },
  NAMES: { params: 0, act: names },
  MODE: { params: 1, act: mode },
};

function join(session: IrcSession, { params }: IrcMessage): void {
  const [list = "", keys = ""] = params;
  if (list === "0") {
    for (const room of [...session.connection.rooms]) if (room.stream !== "") leave(session, room.name, "");
    return;
  }
  const keyOf = keys.split(",");
  for (const [index, name] of list.split(",").entries()) {
    if (name === "") continue;
    const channel = session.channelName(name);
    if (channel === undefined) {
      session.reply(session.numeric("ERR_NOSUCHCHANNEL", [name]));
      continue;
    }
    const key = keyOf[index];
    deed(session, { kind: "join", room: channel, key: key === "" ? undefined : key }, "JOIN");
  }
}

function part(session: IrcSession, { params }: IrcMessage): void {
  const [list = "", text = ""] = params;
  for (const name of list.split(",")) if (name !== "") leave(session, name, text);
}

function leave(session: IrcSession, room: string, text: string): void {
  deed(session, { kind: "part", room, text }, "PART");
}

function topic(session: IrcSession, { params }: IrcMessage): void {
  const [room = "", text] = params;
  if (text !== undefined) {
    deed(session, { kind: "topic", room, text }, "TOPIC");
    return;
  }
  session.ask(
    (tag) => ({ kind: "look", session: session.id, tag, query: { kind: "room", room } }),
    (tell) => {
      if (tell.kind === "refused") return refusalMessages(session, tell.refusal, { command: "TOPIC", room });
      if (tell.kind !== "answer" || tell.answer.kind !== "room") return [];
      const { name, topic: words } = tell.answer.room;
      return words === undefined
        ? [session.numeric("RPL_NOTOPIC", [name])]
        : topicReplies(session, name, words);
    },
  );
}

function names(session: IrcSession, { params }: IrcMessage): void {
  const [list] = params;
  if (list === undefined) {
    session.reply(session.numeric("RPL_ENDOFNAMES", ["*"]));
    return;
  }
  for (const room of list.split(",")) {
    if (room === "") continue;
    session.ask(
      (tag) => ({ kind: "look", session: session.id, tag, query: { kind: "members", room } }),
      (tell): readonly OutgoingMessage[] => {
        if (tell.kind !== "answer" || tell.answer.kind !== "members") {
          return [session.numeric("RPL_ENDOFNAMES", [room])];
        }
        const { room: found, members, isHidden } = tell.answer;
        return namesReplies(session, { room: found.name, members, isHidden });
      },
    );
  }
}

function mode(session: IrcSession, message: IrcMessage): void {
  if (message.params[0]?.startsWith("#") !== true) userMode(session, message);
}

/** Asks for a deed in a room, and words what may not be by its numeric. */
export function deed(
  session: IrcSession,
  what: Extract<Deed, { readonly room: string }>,
  command: string,
): void {
  const { room } = what;
  session.ask(
    (tag) => ({ kind: "do", session: session.id, tag, deed: what }),
    (tell) => {
      const others = "others" in tell ? (tell.others ?? []) : [];
      const refusals = tell.kind === "refused" ? [tell.refusal, ...others] : others;
      const told = tell.kind === "refused" ? [] : personalMessages(session, tell);
      return [
        ...told,
        ...refusals.flatMap((refusal) => refusalMessages(session, refusal, { command, room, target: room })),
      ];
    },
  );
}

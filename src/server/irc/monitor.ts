import { listReplies } from "../../protocols/irc/list-replies.ts";
import type { IrcMessage, OutgoingMessage } from "../../protocols/irc/message.ts";
import { type MonitorRequest, parseMonitor } from "../../protocols/irc/monitor.ts";
import type { WatchChange, Watched } from "../link.ts";
import type { IrcCommands } from "./command.ts";
import type { IrcSession } from "./session.ts";
import { sourceOf } from "./words.ts";

/** To be told when somebody comes or goes: IRCv3 monitor. */
export const monitorCommands: IrcCommands = {
  MONITOR: { params: 1, act: monitor },
};

function monitor(session: IrcSession, { params }: IrcMessage): void {
  const request = parseMonitor(params);
  if (request === undefined) {
    session.reply(session.numeric("ERR_NEEDMOREPARAMS", ["MONITOR"]));
    return;
  }
  session.ask(
    (tag) => ({ kind: "watch", session: session.id, tag, change: changeOf(request) }),
    (tell) => {
      if (tell.kind !== "answer" || tell.answer.kind !== "watched") return [];
      const { watched, refused } = tell.answer;
      if (request.kind === "list") return listed(session, watched);
      const limit = String(session.settings.maxMonitored);
      const full =
        refused.length === 0 ? [] : [session.numeric("ERR_MONLISTFULL", [limit, refused.join(",")])];
      return [...statusReplies(session, watched), ...full];
    },
  );
}

/** Who of these is here, and who is not. */
function statusReplies(session: IrcSession, watched: readonly Watched[]): readonly OutgoingMessage[] {
  const here = watched.flatMap(({ person }) => (person === undefined ? [] : [sourceOf(person)]));
  const gone = watched.flatMap(({ name, person }) => (person === undefined ? [name] : []));
  return [
    ...inLines(session, here, (piece) => session.numeric("RPL_MONONLINE", [], piece)),
    ...inLines(session, gone, (piece) => session.numeric("RPL_MONOFFLINE", [], piece)),
  ];
}

function listed(session: IrcSession, watched: readonly Watched[]): readonly OutgoingMessage[] {
  const names = watched.map(({ name }) => name);
  return [
    ...inLines(session, names, (piece) => session.numeric("RPL_MONLIST", [], piece)),
    session.numeric("RPL_ENDOFMONLIST", []),
  ];
}

function inLines(
  session: IrcSession,
  words: readonly string[],
  make: (piece: string) => OutgoingMessage,
): readonly OutgoingMessage[] {
  return listReplies(words, { separator: ",", server: session.server }, make);
}

function changeOf(request: MonitorRequest): WatchChange {
  switch (request.kind) {
    case "add":
    case "remove":
      return { kind: request.kind, names: request.targets };
    case "clear":
      return request;
    case "list":
    case "status":
      return { kind: "nothing" };
  }
}

import { cutText } from "../../chat/text.ts";
import type { IrcMessage, OutgoingMessage } from "../../protocols/irc/message.ts";
import { channelMode } from "./channel-modes.ts";
import type { IrcCommands } from "./command.ts";
import { namesReplies, topicReplies, wantsOf } from "./personal.ts";
import { deed, lookAtRoom } from "./room-asks.ts";
import type { IrcSession } from "./session.ts";
import { userMode } from "./user-modes.ts";
import { joinMessages, tagsOf } from "./words.ts";

/** The longest topic, in bytes: `TOPICLEN`. */
export const maxTopicBytes = 390;

/** Rooms: https://modern.ircdocs.horse/#channel-operations */
export const channelCommands: IrcCommands = {
  JOIN: { params: 1, act: join },
  PART: { params: 1, act: part },
  TOPIC: { params: 1, act: topic },
  NAMES: { params: 0, act: names },
  MODE: { params: 1, act: mode },
  RENAME: { params: 2, act: rename },
};

function join(session: IrcSession, { params }: IrcMessage): void {
  const [list = "", keys = ""] = params;
  if (isNothing(session, "JOIN", list)) return;
  if (list === "0") {
    for (const room of session.connection.rooms) if (room.stream !== "") leave(session, room.name, "");
    return;
  }
  const keyOf = keys.split(",");
  for (const [index, name] of list.split(",").entries()) {
    if (name === "") continue;
    const key = keyOf[index];
    deed(session, { kind: "join", room: name, key: key === "" ? undefined : key }, "JOIN");
  }
}

function part(session: IrcSession, { params }: IrcMessage): void {
  const [list = "", text = ""] = params;
  if (isNothing(session, "PART", list)) return;
  for (const name of list.split(",")) if (name !== "") leave(session, name, text);
}

/** An empty list is no list, and so it is answered. */
function isNothing(session: IrcSession, command: string, list: string): boolean {
  if (/[^,]/.test(list)) return false;
  session.reply(session.numeric("ERR_NEEDMOREPARAMS", [command]));
  return true;
}

function leave(session: IrcSession, room: string, text: string): void {
  deed(session, { kind: "part", room, text }, "PART");
}

function topic(session: IrcSession, { params }: IrcMessage): void {
  const [room = "", text] = params;
  if (text !== undefined) {
    deed(session, { kind: "topic", room, text: cutText(text, maxTopicBytes) }, "TOPIC");
    return;
  }
  lookAtRoom(session, { kind: "room", room }, "TOPIC", ({ room: { name, topic: words } }) =>
    words === undefined ? [session.numeric("RPL_NOTOPIC", [name])] : topicReplies(session, name, words),
  );
}

function names(session: IrcSession, { params }: IrcMessage): void {
  const [list = ""] = params;
  if (!/[^,]/.test(list)) {
    session.reply(session.numeric("RPL_ENDOFNAMES", ["*"]));
    return;
  }
  for (const room of list.split(",")) {
    if (room === "") continue;
    if (session.channelName(room) === undefined) {
      session.reply(session.numeric("RPL_ENDOFNAMES", [room]));
      continue;
    }
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
  if (message.params[0]?.startsWith("#") === true) channelMode(session, message);
  else userMode(session, message);
}

/** IRCv3 channel-rename. */
function rename(session: IrcSession, { params }: IrcMessage): void {
  const [room = "", name = "", text] = params;
  if (session.channelName(name) === undefined) {
    session.reply(session.fail("RENAME", "CANNOT_RENAME", [room, name], "A channel's name begins with #"));
    return;
  }
  deed(session, { kind: "rename-room", room, name, text }, "RENAME", name);
}

/** For clients that know nothing of renaming: one leaves the old name and comes into the new one. */
export function channelRenamed(
  session: IrcSession,
  room: string,
  { was, why }: { readonly was: string; readonly why: string },
): void {
  if (session.has("draft/channel-rename") || session.isSame(was, room)) return;
  const at = session.context.clock.now();
  const wants = wantsOf(session);
  const tags = tagsOf(wants, { at, from: session.self });
  session.write(
    { tags, source: session.source, command: "PART", params: [was], text: why },
    ...joinMessages(session.self, { room, at }, wants),
  );
  session.carryOut(undefined, () => {
    lookAtRoom(session, { kind: "room", room }, "RENAME", ({ room: { topic: words } }) =>
      words === undefined ? [] : topicReplies(session, room, words),
    );
    lookAtRoom(session, { kind: "members", room }, "RENAME", (answer) =>
      namesReplies(session, { room, members: answer.members, isHidden: answer.isHidden }),
    );
  });
}

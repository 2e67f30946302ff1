import { cutText } from "../../chat/text.ts";
import type { IrcMessage, OutgoingMessage } from "../../protocols/irc/message.ts";
import type { IrcCommands } from "./command.ts";
import { refusalMessages } from "./refusals.ts";
import { deed } from "./room-asks.ts";
import type { IrcSession } from "./session.ts";

/** The longest reason for putting somebody out, in bytes: `KICKLEN`. */
export const maxKickBytes = 390;

/** Who is brought into a channel, and who is put out of it: https://modern.ircdocs.horse/#channel-operations */
export const channelPeopleCommands: IrcCommands = {
  KICK: { params: 2, act: kick },
  INVITE: { params: 0, act: invite },
};

/** Several are removed from one channel, or each from the channel in its place. */
function kick(session: IrcSession, { command, params }: IrcMessage): void {
  const [rooms = "", names = "", text = ""] = params;
  const channels = words(rooms);
  const targets = words(names);
  const [first] = channels;
  if (
    first === undefined ||
    targets.length === 0 ||
    (channels.length > 1 && channels.length !== targets.length)
  ) {
    session.reply(session.numeric("ERR_NEEDMOREPARAMS", [command]));
    return;
  }
  const why = cutText(text, maxKickBytes);
  for (const [index, name] of targets.entries()) {
    deed(session, { kind: "kick", room: channels[index] ?? first, name, text: why }, "KICK");
  }
}

function invite(session: IrcSession, { command, params }: IrcMessage): void {
  const [name, room] = params;
  if (name === undefined) {
    listInvitations(session);
    return;
  }
  if (name === "" || room === undefined || room === "") {
    session.reply(session.numeric("ERR_NEEDMOREPARAMS", [command]));
    return;
  }
  if (session.channelName(room) === undefined) {
    session.reply(session.numeric("ERR_NOSUCHCHANNEL", [room]));
    return;
  }
  session.ask(
    (tag) => ({ kind: "do", session: session.id, tag, deed: { kind: "invite", room, name } }),
    (tell): readonly OutgoingMessage[] => {
      if (tell.kind === "refused") {
        return refusalMessages(session, tell.refusal, { command, target: name, room });
      }
      if (tell.kind !== "done" || tell.done.kind !== "invited") return [];
      const { room: to, name: invited, away } = tell.done;
      return [
        session.numeric("RPL_INVITING", [invited, to.name]),
        ...(away === undefined ? [] : [session.numeric("RPL_AWAY", [invited], away)]),
      ];
    },
  );
}

function listInvitations(session: IrcSession): void {
  session.ask(
    (tag) => ({ kind: "look", session: session.id, tag, query: { kind: "invitations" } }),
    (tell) => {
      const rooms = tell.kind === "answer" && tell.answer.kind === "invitations" ? tell.answer.rooms : [];
      return [
        ...rooms.map(({ name }) => session.numeric("RPL_INVITELIST", [name])),
        session.numeric("RPL_ENDOFINVITELIST", []),
      ];
    },
  );
}

function words(list: string): readonly string[] {
  return list.split(",").filter((word) => word !== "");
}

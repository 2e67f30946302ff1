import type { IrcMessage, OutgoingMessage } from "../../protocols/irc/message.ts";
import { hostOf } from "../../protocols/irc/source.ts";
import { parseWho, type WhoRequest, whoFlags, whoxReply } from "../../protocols/irc/who.ts";
import type { Found } from "../link.ts";
import type { IrcCommands } from "./command.ts";
import { isThisServer } from "./server-info.ts";
import type { IrcSession } from "./session.ts";
import { prefixOf, realNameOf } from "./words.ts";

export const whoCommands: IrcCommands = {
  WHO: { params: 0, act: who },
};

/** Where an address is not disclosed: IRCv3 WHOX. */
const noAddress = "255.255.255.255";

/** https://modern.ircdocs.horse/#who-message and IRCv3 WHOX. */
function who(session: IrcSession, { params }: IrcMessage): void {
  const request = parseWho(params);
  // RFC 1459, section 4.5.1: everybody.
  const mask = request.mask === "0" ? "*" : request.mask;
  // Every server has a dot in its name, so that what is not meant for one finds people by their own names alone.
  const isOfServer = mask.includes(".") && isThisServer(session, mask);
  const query = { kind: "who", mask, isOperator: request.operatorsOnly, isOfServer } as const;
  session.ask(
    (tag) => ({ kind: "look", session: session.id, tag, query }),
    (tell) => {
      const found = tell.kind === "answer" && tell.answer.kind === "who" ? tell.answer.people : [];
      return [
        ...found.map((person) => whoReply(session, request, person)),
        session.numeric("RPL_ENDOFWHO", [request.mask]),
      ];
    },
  );
}

function whoReply(session: IrcSession, { whox }: WhoRequest, person: Found): OutgoingMessage {
  const { author, away, isOperator, room, address, lastSpoke } = person;
  const { name: nick, user, host, account, isBot } = author;
  const realName = realNameOf({ ...person, name: nick });
  const flags = whoFlags({
    away: away !== undefined,
    operator: isOperator,
    prefixes: room === undefined ? "" : prefixOf(room.roles, { all: session.has("multi-prefix") }),
    bot: isBot,
  });
  const channel = room?.name ?? "*";
  const { server } = session;
  if (whox === undefined) {
    const fields = [channel, user, host, server, nick, flags] as const;
    return session.numeric("RPL_WHOREPLY", fields, `0 ${realName}`);
  }
  return whoxReply(session.client, whox, {
    channel,
    user,
    ip: address === undefined ? noAddress : hostOf(address),
    host,
    server,
    nick,
    flags,
    idleSeconds: session.secondsSince(lastSpoke),
    account,
    realname: realName,
  });
}

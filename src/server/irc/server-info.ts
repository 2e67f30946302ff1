import { matchesMask } from "../../chat/mask.ts";
import { foldName } from "../../chat/name.ts";
import type { IrcMessage, OutgoingMessage } from "../../protocols/irc/message.ts";
import type { Counts } from "../link.ts";
import type { IrcCommands } from "./command.ts";
import type { IrcSession } from "./session.ts";
import { isupport, motd, startedAt, versionName } from "./welcome.ts";

type Replies = (session: IrcSession) => readonly OutgoingMessage[];

/** What the server says of itself: https://modern.ircdocs.horse/#server-queries-and-commands */
export const serverInfoCommands: IrcCommands = {
  MOTD: { params: 0, act: about(motd) },
  VERSION: { params: 0, act: about((session) => [version(session), ...isupport(session)]) },
  ADMIN: { params: 0, act: about(admin) },
  TIME: { params: 0, act: about((session) => [time(session)]) },
  INFO: { params: 0, act: about(info) },
  LUSERS: { params: 0, act: lusers },
  LINKS: { params: 0, act: links },
  // RFC 2812, sections 4.5 and 4.6: who does not do it says so.
  SUMMON: { params: 1, act: (session) => session.reply(session.numeric("ERR_SUMMONDISABLED", [])) },
  USERS: { params: 0, act: (session) => session.reply(session.numeric("ERR_USERSDISABLED", [])) },
  STATS: { params: 1, act: stats },
  ISUPPORT: { params: 0, early: true, act: isupportCommand },
};

/** Whether a server is meant by this that is this one; its name may be a mask. */
export function isThisServer(session: IrcSession, target: string): boolean {
  return matchesMask(foldName(target), foldName(session.server));
}

/** How many there are of what: https://modern.ircdocs.horse/#lusers-message */
export function lusersReplies(session: IrcSession, counts: Counts): readonly OutgoingMessage[] {
  const { people, invisible, operators, unknown, rooms, most } = counts;
  const [all, peak] = [String(people), String(most)];
  const servers = `There are ${people - invisible} users and ${invisible} invisible on 1 servers`;
  return [
    session.numeric("RPL_LUSERCLIENT", [], servers),
    session.numeric("RPL_LUSEROP", [String(operators)]),
    session.numeric("RPL_LUSERUNKNOWN", [String(unknown)]),
    session.numeric("RPL_LUSERCHANNELS", [String(rooms)]),
    session.numeric("RPL_LUSERME", [], `I have ${people} clients and 0 servers`),
    session.numeric("RPL_LOCALUSERS", [all, peak], `Current local users ${all}, max ${peak}`),
    session.numeric("RPL_GLOBALUSERS", [all, peak], `Current global users ${all}, max ${peak}`),
  ];
}

/** A command that may name a server, or somebody who is connected to one: as there is only this one, it must be that. */
function about(replies: Replies): (session: IrcSession, message: IrcMessage) => void {
  return (session, { params }) => onThisServer(session, params[0], replies);
}

function onThisServer(session: IrcSession, target: string | undefined, replies: Replies): void {
  if (target === undefined || target === "" || isThisServer(session, target)) {
    session.reply(...replies(session));
    return;
  }
  const names = [target];
  session.ask(
    (tag) => ({ kind: "look", session: session.id, tag, query: { kind: "named", names } }),
    (tell) => {
      const isConnected =
        tell.kind === "answer" && tell.answer.kind === "named" && tell.answer.people[0] !== undefined;
      return isConnected ? replies(session) : [session.numeric("ERR_NOSUCHSERVER", [target])];
    },
  );
}

function version(session: IrcSession): OutgoingMessage {
  return session.numeric("RPL_VERSION", [versionName, session.server], session.settings.networkName);
}

function admin(session: IrcSession): readonly OutgoingMessage[] {
  const { networkName, adminContact } = session.settings;
  return [
    session.numeric("RPL_ADMINME", [session.server]),
    session.numeric("RPL_ADMINLOC1", [], networkName),
    session.numeric("RPL_ADMINLOC2", [], versionName),
    session.numeric("RPL_ADMINEMAIL", [], adminContact ?? "Nothing is said of who runs this server"),
  ];
}

function time(session: IrcSession): OutgoingMessage {
  const now = new Date(session.context.clock.now());
  const seconds = String(Math.floor(now.getTime() / 1000));
  return session.numeric("RPL_TIME", [session.server, seconds, "0"], now.toUTCString());
}

function info(session: IrcSession): readonly OutgoingMessage[] {
  return [
    session.numeric(
      "RPL_INFO",
      [],
      `${versionName}: one server, and everyone comes in by the door they like`,
    ),
    session.numeric("RPL_INFO", [], `It runs since ${startedAt.toUTCString()}`),
    session.numeric("RPL_ENDOFINFO", []),
  ];
}

/** `LUSERS [<mask> [<server>]]`: RFC 2812, section 3.4.2. */
function lusers(session: IrcSession, { params }: IrcMessage): void {
  const [, target = ""] = params;
  if (target !== "" && !isThisServer(session, target)) {
    session.reply(session.numeric("ERR_NOSUCHSERVER", [target]));
    return;
  }
  session.ask(
    (tag) => ({ kind: "look", session: session.id, tag, query: { kind: "counts" } }),
    (tell) =>
      tell.kind === "answer" && tell.answer.kind === "counts"
        ? lusersReplies(session, tell.answer.counts)
        : [],
  );
}

/** `LINKS [[<server>] <mask>]`: RFC 2812, section 3.4.5. */
function links(session: IrcSession, { params }: IrcMessage): void {
  const { server, settings } = session;
  const [mask = "*"] = params.slice(0, 2).reverse();
  const target = params.length > 1 ? params[0] : undefined;
  onThisServer(session, target, () => [
    ...(isThisServer(session, mask)
      ? [session.numeric("RPL_LINKS", ["*", server], `0 ${settings.networkName}`)]
      : []),
    session.numeric("RPL_ENDOFLINKS", [mask]),
  ]);
}

/** Only how long it runs is for everybody to know. */
function stats(session: IrcSession, { params }: IrcMessage): void {
  const [letter = "", target] = params;
  onThisServer(session, target, () => [
    ...(letter === "u" ? [session.numeric("RPL_STATSUPTIME", [], `Server Up ${uptime(session)}`)] : []),
    session.numeric("RPL_ENDOFSTATS", [letter]),
  ]);
}

function uptime(session: IrcSession): string {
  const seconds = session.secondsSince(startedAt.getTime());
  const clock = [seconds / 3600, seconds / 60, seconds].map((value, index) =>
    String(Math.floor(value) % (index === 0 ? 24 : 60)).padStart(2, "0"),
  );
  return `${Math.floor(seconds / 86_400)} days ${clock.join(":")}`;
}

/** IRCv3 extended-isupport; before one has come in for who has negotiated it. */
function isupportCommand(session: IrcSession): void {
  if (session.stage === "here" || session.has("draft/extended-isupport")) session.reply(...isupport(session));
  else session.reply(session.numeric("ERR_NOTREGISTERED", []));
}
